/**
 * Where one transcript lies on another's clock: three words in a row that both hold, and seldom, are the same moment.
 * Times of words are rough (a tenth of a second), but many of them are not.
 */
import { because } from '../sayings/saying.ts'
import { lineThrough, type MatchedEvents, type UnmatchedEvents } from './match-events.ts'

export interface TimedWord {
  readonly text: string
  /** When it begins. */
  readonly seconds: number
}

const RUN = 3
/** A run that comes more often in a transcript says little of where it is. */
const MOST_REPEATS = 3
const WORD_SIGMA_SECONDS = 0.12
const WIDTH_SECONDS = 1
const LEAST_RUNS = 4
const LARGEST_RUNNER_UP = 0.5

export function matchWords(a: readonly TimedWord[], b: readonly TimedWord[]): MatchedEvents | UnmatchedEvents {
  const runsA = runsOf(a)
  const runsB = runsOf(b)
  const votes: { secondsA: number; secondsB: number; offset: number }[] = []
  for (const [run, timesB] of runsB) {
    const timesA = runsA.get(run) ?? []
    if (timesA.length > MOST_REPEATS || timesB.length > MOST_REPEATS) continue
    for (const secondsA of timesA) {
      for (const secondsB of timesB) votes.push({ secondsA, secondsB, offset: secondsA - secondsB })
    }
  }
  votes.sort((one, two) => one.offset - two.offset)
  const best = densest(votes)
  if (!best || best.length < LEAST_RUNS) {
    return { matched: false, ...because('time.fewWords') }
  }
  const others = votes.filter((vote) => Math.abs(vote.offset - best[0]!.offset) > 2 * WIDTH_SECONDS)
  const runnerUp = densest(others)?.length ?? 0
  if (runnerUp > LARGEST_RUNNER_UP * best.length) {
    return { matched: false, ...because('time.wordsRepeat') }
  }
  const event = (seconds: number) => ({ seconds, sigmaSeconds: WORD_SIGMA_SECONDS / Math.SQRT2, strength: 1 })
  // Runs of three overlap: a third of them is independent.
  const line = lineThrough(best.map((vote) => [event(vote.secondsA), event(vote.secondsB)] as const))
  const [oo, or, rr] = line.covariance
  return {
    ...line,
    matched: true,
    covariance: [oo * RUN, or * RUN, rr * RUN],
    confidence: Math.min(0.97, 1 - 0.5 ** (best.length - 1)) * (1 - runnerUp / best.length),
    pairs: best.map((vote) => [vote.secondsA, vote.secondsB] as const),
  }
}

/** Times of every run of words, without marks and capitals. */
function runsOf(words: readonly TimedWord[]): Map<string, number[]> {
  const plain = words
    .map(({ text, seconds }) => ({ text: text.toLocaleLowerCase().replace(/[^\p{L}\p{N}]/gu, ''), seconds }))
    .filter(({ text }) => text !== '')
  const runs = new Map<string, number[]>()
  for (let index = 0; index + RUN <= plain.length; index++) {
    const run = plain
      .slice(index, index + RUN)
      .map(({ text }) => text)
      .join(' ')
    runs.set(run, [...(runs.get(run) ?? []), plain[index]!.seconds])
  }
  return runs
}

/** The most votes whose offsets lie within a second. */
function densest<T extends { readonly offset: number }>(sorted: readonly T[]): readonly T[] | null {
  let best: readonly [number, number] = [0, 0]
  for (let low = 0, high = 0; low < sorted.length; low++) {
    while (high < sorted.length && sorted[high]!.offset - sorted[low]!.offset <= WIDTH_SECONDS) high++
    if (high - low > best[1] - best[0]) best = [low, high]
  }
  return best[1] > best[0] ? sorted.slice(...best) : null
}
