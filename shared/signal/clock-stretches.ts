/** Where the main line does not hold: stretches of B on lines of their own, as lost blocks leave them. */
import { throwIfCancelled } from '../errors.ts'
import type { FftPlans } from './fft.ts'
import { voteFor } from './join-pieces.ts'
import { holds, searchMatches, type Track } from './match-search.ts'
import { median } from './median.ts'
import { strengthsAlong } from './rivals.ts'
import { type LineMap, onA } from './window-correlator.ts'

/** Seconds of B that bear a line out hold a line of their own from this on. */
const SHORTEST_STRETCH_SECONDS = 3
/** A moment bears a line out if the windows around it vote for it with this share of the usual. */
const USUAL_SHARE = 0.35
/** How often what a line leaves of a gap is looked at again. */
export const MOST_SPLITS = 3
/** From one window to the next where it is asked which of them bear a line out. */
const VOTE_STEP_SECONDS = 0.25

/** A part of B, seconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A part of B on a line of its own. */
export interface Stretch extends Span {
  readonly map: LineMap
}

/**
 * Lines of their own in a gap that the main line does not explain: the best one where its windows bear it out, and again
 * in what it leaves, since blocks are often lost more than once.
 */
export function stretchesIn(
  plans: FftPlans,
  a: Track,
  b: Track,
  gap: Span,
  line: LineMap,
  maxRatePpm: number,
  splits: number,
  signal: AbortSignal | undefined,
): Stretch[] {
  if (gap.to - gap.from < SHORTEST_STRETCH_SECONDS) return []
  throwIfCancelled(signal)
  const { lines } = searchMatches(plans, a, b, {
    maxRatePpm,
    limit: 3,
    span: { ...gap, ratePpm: line.ratePpm },
    signal,
  })
  const best = lines[0]
  if (!best || !holds(best)) return []
  // It is the same clock: what runs at quite another rate is another sound.
  if (Math.abs(best.ratePpm - line.ratePpm) > 60 + 2e3 / (gap.to - gap.from)) return []
  // Dropped samples keep the order of things and are short against the take.
  const step = onA(best, (gap.from + gap.to) / 2) - onA(line, (gap.from + gap.to) / 2)
  if (Math.abs(step) > 120) return []
  const whole = { map: best, ...gap }
  if (splits === 0) return [whole]
  const rests = unborne(plans, a, b, whole, signal)
  const others = rests.flatMap((rest) => stretchesIn(plans, a, b, rest, line, maxRatePpm, splits - 1, signal))
  others.sort((first, second) => first.from - second.from)
  const kept: Stretch[] = []
  let { from } = gap
  for (const end of [...rests.flatMap((rest) => nobodys(rest, gap, others)), { from: gap.to, to: gap.to }]) {
    if (end.from - from >= SHORTEST_STRETCH_SECONDS / 2) kept.push({ map: best, from, to: end.from })
    from = Math.max(from, end.to)
  }
  return [...kept, ...others].sort((first, second) => first.from - second.from)
}

/**
 * Where the line that holds in a gap ends in what it does not bear out: at another line that was found there, and behind
 * it, since no block that is lost leads back. What nothing bears out at either end is nobody's: something else was put in.
 */
export function nobodys(rest: Span, gap: Span, others: readonly Span[]): Span[] {
  const inside = others.filter((other) => other.to > rest.from && other.from < rest.to)
  const isHead = rest.from < gap.from + VOTE_STEP_SECONDS
  if (inside.length > 0)
    return [isHead ? { from: rest.from, to: inside.at(-1)!.to } : { from: inside[0].from, to: rest.to }]
  return isHead || rest.to > gap.to - VOTE_STEP_SECONDS ? [rest] : []
}

/** Where the windows of a stretch do not bear its line out, for long enough to hold a line of their own. */
function unborne(
  plans: FftPlans,
  a: Track,
  b: Track,
  { map, from, to }: Stretch,
  signal: AbortSignal | undefined,
): Span[] {
  const step = VOTE_STEP_SECONDS
  const middles = Float64Array.from(
    { length: Math.floor((to - from) / step) },
    (_, index) => from + (index + 0.5) * step,
  )
  const strengths = strengthsAlong(plans, a, b, map, middles, 2 * step, signal)
  const votes = strengths.map(voteFor)
  // Words are seconds apart: what counts is the mean around a moment.
  const reach = Math.round(1.5 / step)
  const means = votes.map((_, index) => mean(votes.subarray(Math.max(0, index - reach), index + reach + 1)))
  const usual = median([...means].filter((value) => value > 0.5))
  const rests: { from: number; to: number }[] = []
  let open: number | undefined
  for (let index = 0; index <= means.length; index++) {
    const isBorne = index === means.length || means[index] >= USUAL_SHARE * usual
    if (!isBorne) open ??= index
    else if (open !== undefined) {
      rests.push({ from: from + open * step, to: from + index * step })
      open = undefined
    }
  }
  return rests.filter((rest) => rest.to - rest.from >= SHORTEST_STRETCH_SECONDS)
}

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
