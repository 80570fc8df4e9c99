/** Several places hold: which one is it? Where a loop repeats, all its turns are asked, not only those that stood out. */
import type { FftPlans } from './fft.ts'
import { agreeBeyondRepeats } from './beyond-repeats.ts'
import { agreementAlong } from './line-agreement.ts'
import { refineLine } from './line-refine.ts'
import { holds, type TestedLine, testLine, type Track } from './match-search.ts'
import { advantageOf, compareLines } from './rivals.ts'
import { type LineMap, onA } from './window-correlator.ts'
import { overlapOnB, planWindows, windowSecondsFor } from './window-plan.ts'

/** Lines that are weaker than this share of the strongest are no rivals. */
const NEARLY_AS_STRONG = 0.5
const MOST_RIVALS = 6
const SHORTEST_PERIOD_SECONDS = 0.2
const MOST_TURNS = 48
const LEAST_OVERLAP_SECONDS = 4
/** Deviations by which the best of all turns must stand out before it is put to the vote itself. */
const WORTH_A_LOOK = 4
/** How far a turn may run from the others, ppm: it is the same pair of clocks. */
const SAME_CLOCKS_PPM = 5

export interface SettledRivals {
  readonly best: TestedLine
  /** A place that fits as well: nobody can tell. */
  readonly equal: TestedLine | undefined
}

/** @param likely Lines that hold or may be rivals of one that does, strongest first; at least one. */
export function settleRivals(
  plans: FftPlans,
  a: Track,
  b: Track,
  likely: readonly TestedLine[],
  signal?: AbortSignal,
): SettledRivals {
  const near = likely
    .slice(0, MOST_RIVALS)
    .filter((line) => Math.abs(line.score) >= NEARLY_AS_STRONG * Math.abs(likely[0].score))
  if (near.length < 2) return { best: near[0], equal: undefined }
  // Lines are compared where they really run: half a sample beside it a line is half as strong.
  const sharp = near.map((line) => sharpened(plans, a, b, line, signal))
  const turned = sharp.slice(1).flatMap((other) => turnedOnto(plans, a, b, sharp[0], other, signal))
  const rivals = [...sharp, ...turned]
  const settled = settledAmong(plans, a, b, rivals, signal)
  if (settled.equal) return settled
  const { best } = settled
  const period = periodOf(best, rivals, b.durationSeconds / 2)
  if (period === undefined || agreeBeyondRepeats(plans, a, b, best, period, signal)) return settled
  return { best, equal: rivals.find((line) => line !== best) }
}

/**
 * Two lines at which A holds the same sound may run through different peaks of it, a period of a bass or an echo apart, and
 * the one on the lesser peak loses to the other, whichever is true. So each is also moved by exactly what lies between the
 * two repeats in A: what only repeats agrees as well there.
 */
function turnedOnto(
  plans: FftPlans,
  a: Track,
  b: Track,
  one: TestedLine,
  other: TestedLine,
  signal: AbortSignal | undefined,
): TestedLine[] {
  const [inOne, inOther] = [one, other].map((line) => overlapOnB(line, a.durationSeconds, b.durationSeconds))
  const span = { from: Math.max(inOne.from, inOther.from), to: Math.min(inOne.to, inOther.to) }
  if (span.to - span.from < LEAST_OVERLAP_SECONDS) return []
  const middle = (span.from + span.to) / 2
  const sign = Math.sign(onA(other, middle) - onA(one, middle))
  const early = sign > 0 ? one : other
  const apart = Math.abs(onA(other, middle) - onA(one, middle))
  const onEarly = { from: Math.max(0, onA(early, span.from)), to: onA(early, span.to) }
  const known = { offsetSeconds: apart, ratePpm: 0, rateTolerancePpm: SAME_CLOCKS_PPM, score: 0 }
  const found = testLine(plans, a, a, known, onEarly, signal)
  if (!found || !holds(found)) return []
  const plan = planWindows(
    a.envelope,
    a.envelope,
    found,
    onEarly,
    Math.min(1, windowSecondsFor(span.to - span.from)),
    48,
  )
  const exact = refineLine(plans, a.samples, a.samples, a.sampleRateHz, plan, found, 1, signal)
  if (!exact) return []
  const between = exact.offsetSeconds + exact.ratePpm * 1e-6 * onA(early, middle)
  return [
    { ...one, offsetSeconds: one.offsetSeconds + sign * between },
    { ...other, offsetSeconds: other.offsetSeconds - sign * between },
  ]
}

function settledAmong(
  plans: FftPlans,
  a: Track,
  b: Track,
  rivals: readonly TestedLine[],
  signal: AbortSignal | undefined,
): SettledRivals {
  const settled = among(plans, a, b, rivals, signal)
  if (!settled.equal) return settled
  const turn = standingOut(plans, a, b, settled.best, rivals, signal)
  return turn ? among(plans, a, b, [turn, settled.best, settled.equal], signal) : settled
}

function among(
  plans: FftPlans,
  a: Track,
  b: Track,
  rivals: readonly TestedLine[],
  signal: AbortSignal | undefined,
): SettledRivals {
  let best = rivals[0]
  let equal: TestedLine | undefined
  for (const other of rivals.slice(1)) {
    const comparison = compareLines(plans, a, b, best, other, signal)
    if (comparison === 'second') {
      best = other
      equal = undefined
    } else if (comparison === 'nobody can tell') equal = other
  }
  return { best, equal }
}

/** The line, refined on a few windows. */
function sharpened(plans: FftPlans, a: Track, b: Track, line: TestedLine, signal?: AbortSignal): TestedLine {
  const span = overlapOnB(line, a.durationSeconds, b.durationSeconds)
  const plan = planWindows(a.envelope, b.envelope, line, span, Math.min(1, windowSecondsFor(span.to - span.from)), 48)
  const refined = refineLine(plans, a.samples, b.samples, a.sampleRateHz, plan, line, Math.sign(line.score), signal)
  return refined ? { ...line, offsetSeconds: refined.offsetSeconds, ratePpm: refined.ratePpm } : line
}

/** Of all turns of the loop that the rivals are turns of, the one in which more agrees than in the others. */
function standingOut(
  plans: FftPlans,
  a: Track,
  b: Track,
  best: TestedLine,
  rivals: readonly TestedLine[],
  signal: AbortSignal | undefined,
): TestedLine | undefined {
  const period = periodOf(best, rivals, b.durationSeconds / 2)
  if (period === undefined) return undefined
  const own = overlapOnB(best, a.durationSeconds, b.durationSeconds)
  const plan = planWindows(a.envelope, b.envelope, best, own, Math.min(1, windowSecondsFor(own.to - own.from)), 64)
  const agreement = (map: LineMap): Float64Array =>
    agreementAlong(plans, a, b, map, plan.middles, plan.windowSeconds, Math.sign(best.score), signal)
  const here = agreement(best)
  let found: { map: LineMap; certainty: number } | undefined
  for (let turn = -MOST_TURNS; turn <= MOST_TURNS; turn++) {
    const map = { offsetSeconds: best.offsetSeconds + turn * period, ratePpm: best.ratePpm }
    const span = overlapOnB(map, a.durationSeconds, b.durationSeconds)
    if (turn === 0 || span.to - span.from < LEAST_OVERLAP_SECONDS) continue
    const { certainty } = advantageOf(agreement(map), here)
    if (certainty > (found?.certainty ?? WORTH_A_LOOK)) found = { map, certainty }
  }
  if (!found) return undefined
  const line = testLine(plans, a, b, { ...found.map, rateTolerancePpm: SAME_CLOCKS_PPM, score: 0 }, undefined, signal)
  if (!line || !holds(line)) return undefined
  return sharpened(plans, a, b, { ...line, coarseScore: best.coarseScore }, signal)
}

/** The time after which the sound repeats: the least distance between rivals, made exact by the farthest of them. */
function periodOf(best: TestedLine, rivals: readonly TestedLine[], middle: number): number | undefined {
  const places = rivals.map((line) => onA(line, middle)).sort((one, two) => one - two)
  const steps = places.slice(1).map((place, index) => place - places[index])
  const least = Math.min(...steps.filter((step) => step > SHORTEST_PERIOD_SECONDS))
  if (!Number.isFinite(least)) return undefined
  const farthest = places.reduce((most, place) => {
    const distance = Math.abs(place - onA(best, middle))
    return distance > most ? distance : most
  }, 0)
  const turns = Math.round(farthest / least)
  // Rivals at uneven distances are not turns of one loop.
  return turns >= 1 && Math.abs(farthest / least - turns) < 0.02 ? farthest / turns : least
}
