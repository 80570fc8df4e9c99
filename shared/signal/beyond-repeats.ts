/**
 * Do two recordings have more in common than what repeats in each of them?
 *
 * Two songs played with one drum kit hold the same samples at the same distances: every turn of the pattern fits, and in
 * a short recording chance makes one turn fit better than the others. So what repeats is taken out of both recordings, each
 * less itself one period later, and the rest is put to the vote. The same sound heard twice agrees in the rest as well (a
 * voice over the loop, the notes of the song); two songs with one kit have nothing left in common.
 */
import type { FftPlans } from './fft.ts'
import { readSoundBetween, sincKernel, spanSamples } from './interpolate.ts'
import { agreementAlong } from './line-agreement.ts'
import { refineLine } from './line-refine.ts'
import { LEAST_CONTRAST, type TestedLine, testLine, type Track } from './match-search.ts'
import { onsetEnvelope } from './onset-envelope.ts'
import type { SoundSamples } from './sound-samples.ts'
import type { LineMap } from './window-correlator.ts'
import { overlapOnB, planWindows, type WindowPlan } from './window-plan.ts'

/** Of a pattern whose beats are alike only some multiples are true repeats: a snare comes at every other kick. */
const MOST_MULTIPLES = 16
/** A period must leave this share of what both hold. */
const LONGEST_PERIOD = 0.4
const LOOKED_AT_WINDOWS = 24
const WINDOW_SECONDS = 0.5
/** Where each agrees with itself so much better than with the other (or nearly so), repeats may explain all they share. */
const REPEATS_EXPLAIN = 0.8
/** The rate is known already: only the clocks' difference over a short recording is in doubt. */
const RATE_TOLERANCE_PPM = 20
/** What happens once stands twice in the rest, so that what agrees by chance agrees twice as well. */
const LEAST_CONTRAST_OF_REST = Math.SQRT2 * LEAST_CONTRAST
/** Of the recording's own loudness: well above what reading between samples leaves of repeats. */
const FLOOR = 0.03
/** Cancels up to the highest bands that are compared. */
const KERNEL = sincKernel(1, 32)

/**
 * False where all that the two have in common along a line may be what repeats in each.
 *
 * @param periodSeconds distance of two places that both hold: the repeats come at it or at a multiple of it
 */
export function agreeBeyondRepeats(
  plans: FftPlans,
  a: Track,
  b: Track,
  line: TestedLine,
  periodSeconds: number,
  signal?: AbortSignal,
): boolean {
  const span = overlapOnB(line, a.durationSeconds, b.durationSeconds)
  const onA = overlapOnB(inverse(line), b.durationSeconds, a.durationSeconds)
  const repeats = strongestRepeat(plans, a, b, onA, span, periodSeconds, signal)
  if (!repeats) return true
  const plan = planWindows(a.envelope, b.envelope, line, span, WINDOW_SECONDS, LOOKED_AT_WINDOWS)
  const polarity = Math.sign(line.score)
  const both = agreement(plans, a, b, line, plan, polarity, signal)
  if (repeats.agreement < REPEATS_EXPLAIN * both) return true
  const [restA, restB] = [
    withoutRepeats(plans, a, onA, repeats.periodSeconds, FLOOR, signal),
    withoutRepeats(plans, b, span, repeats.periodSeconds, 0, signal),
  ]
  if (!restA || !restB) return true
  const known = { ...line, rateTolerancePpm: RATE_TOLERANCE_PPM, score: 0 }
  const rest = testLine(plans, restA, restB, known, undefined, signal)
  return rest !== undefined && Math.sign(rest.score) === polarity && rest.contrast >= LEAST_CONTRAST_OF_REST
}

const inverse = ({ offsetSeconds, ratePpm }: LineMap): LineMap => {
  const scale = 1 / (1 + ratePpm * 1e-6)
  return { offsetSeconds: -offsetSeconds * scale, ratePpm: (scale - 1) * 1e6 }
}

interface Span {
  readonly from: number
  readonly to: number
}

/** The multiple of a period after which both repeat themselves best, and how well the lesser of them does. */
function strongestRepeat(
  plans: FftPlans,
  a: Track,
  b: Track,
  onA: Span,
  onB: Span,
  least: number,
  signal?: AbortSignal,
): { periodSeconds: number; agreement: number } | undefined {
  let best: { periodSeconds: number; agreement: number } | undefined
  for (let multiple = 1; multiple <= MOST_MULTIPLES; multiple++) {
    const periodSeconds = multiple * least
    if (periodSeconds > LONGEST_PERIOD * (onB.to - onB.from)) break
    const own = [ownAgreement(plans, a, onA, periodSeconds, signal), ownAgreement(plans, b, onB, periodSeconds, signal)]
    const lesser = Math.min(...own)
    if (lesser > (best?.agreement ?? 0)) best = { periodSeconds, agreement: lesser }
  }
  return best
}

/** How well a recording agrees with itself a period later. */
function ownAgreement(plans: FftPlans, track: Track, span: Span, periodSeconds: number, signal?: AbortSignal): number {
  const map = { offsetSeconds: periodSeconds, ratePpm: 0 }
  return agreement(plans, track, track, map, ownPlan(track, span, periodSeconds), 1, signal)
}

function ownPlan({ envelope }: Track, { from, to }: Span, periodSeconds: number): WindowPlan {
  const map = { offsetSeconds: periodSeconds, ratePpm: 0 }
  return planWindows(envelope, envelope, map, { from, to: to - periodSeconds }, WINDOW_SECONDS, LOOKED_AT_WINDOWS)
}

function agreement(
  plans: FftPlans,
  a: Track,
  b: Track,
  map: LineMap,
  { middles, windowSeconds }: WindowPlan,
  polarity: number,
  signal?: AbortSignal,
): number {
  const each = agreementAlong(plans, a, b, map, middles, windowSeconds, polarity, signal).filter(Number.isFinite)
  return each.length === 0 ? 0 : each.reduce((sum, value) => sum + value, 0) / each.length
}

/** A recording less itself a period later, which is found to a fraction of a sample; undefined where it cannot be. */
function withoutRepeats(
  plans: FftPlans,
  track: Track,
  span: Span,
  periodSeconds: number,
  floor: number,
  signal?: AbortSignal,
): Track | undefined {
  const { samples, sampleRateHz } = track
  const plan = ownPlan(track, span, periodSeconds)
  const start = { offsetSeconds: periodSeconds, ratePpm: 0 }
  const exact = refineLine(plans, samples, samples, sampleRateHz, plan, start, 1, signal)
  if (!exact) return undefined
  // One clock has no drift against itself: what is found of it is chance, and none of it in the middle.
  const later = exact.offsetSeconds + exact.ratePpm * 1e-6 * ((span.from + span.to - periodSeconds) / 2)
  const rest = lessItselfLater(samples, later * sampleRateHz, floor)
  return {
    samples: rest,
    sampleRateHz,
    envelope: onsetEnvelope(plans, rest, sampleRateHz, signal),
    durationSeconds: rest.length / sampleRateHz,
  }
}

/**
 * A signal less itself later, over a floor. Nothing cancels wholly, and where there is nothing else what is left of the
 * repeats would be heard as common: so under one of the two the recording itself lies backwards, which agrees with nothing.
 */
function lessItselfLater(samples: SoundSamples, later: number, floor: number): SoundSamples {
  const length = Math.max(0, Math.floor(samples.length - later))
  let room = new Float32Array(0)
  let span = new Float32Array(0)
  return {
    length,
    byteLength: room.byteLength + span.byteLength,
    read(start, out) {
      if (room.length !== out.length) {
        room = new Float32Array(out.length)
        span = new Float32Array(spanSamples(out.length, 1, KERNEL))
      }
      samples.read(start, out)
      readSoundBetween(samples, start + later, 1, KERNEL, room, span)
      for (let index = 0; index < out.length; index++) out[index]! -= room[index]!
      if (floor === 0) return
      samples.read(samples.length - start - out.length, room)
      for (let index = 0; index < out.length; index++) out[index]! += floor * room[out.length - 1 - index]!
    },
  }
}
