/** The chance that a line which holds is the right one. */
import type { TestedLine } from './match-search.ts'

/**
 * A logistic in the votes and in how far the peak stands out, with the share of the overlap that it explains. Its
 * constants come from tests/bench/time.bench.ts on seeds apart from those it is judged on: of a
 * hundred unrelated pairs of voices two reach a score of 9.5, where true pairs that are hopelessly noisy begin; so at 10 a line is
 * hardly likelier right than wrong.
 */
export function audioConfidence(line: TestedLine, supportedShare: number, guessedSampleRate: boolean): number {
  const votes = Math.min(Math.abs(line.score) - 8, 12) + Math.min(line.sharpness - 5, 4) * 0.8
  const chance = 1 / (1 + Math.exp(-(-2.6 + 0.75 * votes)))
  const explained = Math.min(1, 0.55 + supportedShare)
  return Math.min(0.999, chance * explained * (guessedSampleRate ? 0.97 : 1))
}
