/** The chance that a line which holds is the right one. */
import type { TestedLine } from './match-search.ts'

/** Where a line is as likely wrong as right, in deviations of its contrast … */
const EVEN_CONTRAST = 7
/** … and by how much the odds grow with every deviation more. */
const NATS_A_DEVIATION = 1.6

/**
 * A logistic in how far the line stands out of what lies beside it, with the share of the overlap that it explains.
 *
 * Over tuning seeds (tests/bench/time.bench.ts judges on others) unrelated voices reach a contrast of 5.5 and pieces of
 * one tempo 6.5; common sound begins at 6.5 at -14 dB, and lies above 9.5 from -5 dB on.
 *
 * @param passageNats by which all that is common is likelier one passage that both play
 */
export function audioConfidence(
  line: TestedLine,
  supportedShare: number,
  guessedSampleRate: boolean,
  passageNats = -Infinity,
): number {
  const chance = 1 / (1 + Math.exp(-NATS_A_DEVIATION * (line.contrast - EVEN_CONTRAST)))
  const explained = Math.min(1, 0.55 + supportedShare)
  const event = 1 / (1 + Math.exp(passageNats))
  return Math.min(0.999, chance * explained * event * (guessedSampleRate ? 0.97 : 1))
}
