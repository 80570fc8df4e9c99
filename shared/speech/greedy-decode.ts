/**
 * Whisper's way through its tokens: what may follow what, and when phrases begin and end. Of the paper's rules those that
 * keep times in order: they come in pairs, never go back, and one comes first. (Radford et al. 2022, 4.5.)
 */
import type { TimedPhrase } from './token-text.ts'

export interface SpecialTokens {
  readonly end: number
  /** `<|0.00|>`; the following tokens are 20 ms later each. */
  readonly firstTime: number
  readonly never: ReadonlySet<number>
  /** Not as the first one of all. */
  readonly notFirst: ReadonlySet<number>
}

const TIME_STEP_SECONDS = 0.02
/** The first word begins within this. */
const FIRST_WITHIN_STEPS = 50

/** The likeliest token that may come next, after those that came since the prompt. */
export function nextToken(logits: Float32Array, came: readonly number[], special: SpecialTokens): number {
  const { end, firstTime } = special
  const isTime = (token: number | undefined): boolean => token !== undefined && token >= firstTime
  const last = came.at(-1)
  const afterTime = isTime(last)
  const inPair = afterTime && (came.length < 2 || isTime(came.at(-2)))
  const times = came.filter(isTime)
  const least = times.length > 0 ? times.at(-1)! + (afterTime && !inPair ? 0 : 1) : firstTime
  const mayCome = (token: number): boolean => {
    if (special.never.has(token) || (came.length === 0 && special.notFirst.has(token))) return false
    if (came.length === 0) return token >= firstTime && token <= firstTime + FIRST_WITHIN_STEPS
    // After a phrase has ended the next begins with a time, or nothing comes any more; after it has begun, words come.
    if (afterTime && !inPair) return token >= least || token === end
    if (inPair && isTime(token)) return false
    if (isTime(token)) return token >= least
    // Whatever is neither word, time nor end belongs to the prompt.
    return token <= end
  }
  let best = end
  let bestLogit = -Infinity
  let timeSum = 0
  let bestTime = -1
  let bestWord = -Infinity
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  for (let token = 0; token < logits.length; token++) {
    if (!mayCome(token)) continue
    const logit = logits[token]!
    if (logit > bestLogit) [best, bestLogit] = [token, logit]
    if (isTime(token)) {
      timeSum += Math.exp(logit - most)
      if (bestTime < 0 || logit > logits[bestTime]!) bestTime = token
    } else bestWord = Math.max(bestWord, logit)
  }
  // All times together may be likelier than any word: then a time comes.
  return bestTime >= 0 && timeSum > Math.exp(bestWord - most) ? bestTime : best
}

/** What came, as phrases with their times; words without an end go on until the end of the window. */
export function phrasesOf(came: readonly number[], special: SpecialTokens, windowSeconds: number): TimedPhrase[] {
  const phrases: TimedPhrase[] = []
  let startSeconds = 0
  let tokens: number[] = []
  const close = (endSeconds: number): void => {
    if (tokens.length > 0) phrases.push({ tokens, startSeconds, endSeconds: Math.max(startSeconds, endSeconds) })
    tokens = []
  }
  for (const token of came) {
    if (token >= special.firstTime) {
      const seconds = (token - special.firstTime) * TIME_STEP_SECONDS
      close(Math.min(seconds, windowSeconds))
      startSeconds = seconds
    } else if (token < special.end) tokens.push(token)
  }
  close(windowSeconds)
  return phrases
}
