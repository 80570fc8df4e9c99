/**
 * Where two recordings of one event lie if echoes outweigh the direct sound.
 *
 * Far from the speaker, in a room that rings for half a second and more, what two microphones have in common is spread over
 * the whole ringing: within the 45 ms in which windows vote every lag is high, and no peak stands out of them. The envelopes
 * know the place all the same, and among lags of 0.2 s the ringing is a hill with a top. Which of its peaks is the direct
 * sound stays open, so all that are nearly as high are in sigma.
 */
import { correlograms, type Correlograms } from './correlograms.ts'
import type { FftPlans } from './fft.ts'
import { type FoundLine, searchLine } from './line-search.ts'
import { holds, type MatchSearch, type TestedLine, type Track, VERIFYING_WINDOWS } from './match-search.ts'
import { overlapOnB, planWindows, windowSecondsFor } from './window-plan.ts'

/** Envelopes of one event in a ringing room stand out by 20 deviations and more, of anything else by 7 or less. */
const LEAST_COARSE_SCORE = 12
/** A second place that stands out like that is another turn of something that repeats. */
const LARGEST_RIVAL = 0.5
const LAG_SECONDS = 0.2
const RATE_TOLERANCE_PPM = 60
/** A peak of half the best one's height is the direct sound in one of 256 rooms. */
const HEIGHT_POWER = 8
/** A place that is known no better than this is of no use to pictures either. */
const MOST_BLUR_SECONDS = 0.03
/** The sound is common to each third of the overlap: a jingle is not. */
const PARTS = 3
const LEAST_SCORE_OF_PART = 3.5
const LARGEST_VOTE = 6
/** Two clocks differ by so much, ppm; beside it what a blurred line says of its rate is weighed. */
const USUAL_RATE_PPM = 100

export interface BlurredLine {
  readonly line: TestedLine
  readonly offsetSeconds: number
  readonly ratePpm: number
  /** Of offset (s) and rate (ppm): variances and, in the middle, what they share. */
  readonly covariance: readonly [number, number, number]
}

/** The one place at which the envelopes agree, if the waveform bears it out through its echoes; else undefined. */
export function blurredLine(
  plans: FftPlans,
  a: Track,
  b: Track,
  { lines }: MatchSearch,
  signal?: AbortSignal,
): BlurredLine | undefined {
  const [place, rival] = [...lines].sort((one, other) => other.coarseScore - one.coarseScore)
  if (!place || place.coarseScore < LEAST_COARSE_SCORE) return undefined
  if (rival && rival.coarseScore > LARGEST_RIVAL * place.coarseScore) return undefined
  const span = overlapOnB(place, a.durationSeconds, b.durationSeconds)
  const seconds = span.to - span.from
  const windowSeconds = Math.min(1, windowSecondsFor(seconds))
  const plan = planWindows(a.envelope, b.envelope, place, span, windowSeconds, VERIFYING_WINDOWS)
  const data = correlograms(plans, a.samples, b.samples, b.sampleRateHz, plan, place, LAG_SECONDS, signal)
  const found = searchLine(data, RATE_TOLERANCE_PPM)
  if (!found || !holds(found) || !holdsInEveryPart(data, found)) return undefined
  const blurSeconds = blurOf(found, b.sampleRateHz)
  if (blurSeconds > MOST_BLUR_SECONDS) return undefined
  // The slope of a line through even noise of that size.
  const measured = (blurSeconds * Math.sqrt(12) * 1e6) / seconds
  const weight = USUAL_RATE_PPM ** 2 / (USUAL_RATE_PPM ** 2 + measured ** 2)
  const rateVariance = weight * measured ** 2
  const middle = (span.from + span.to) / 2
  const ratePpm = weight * found.ratePpm
  return {
    line: { ...found, coarseScore: place.coarseScore, overlapSeconds: seconds },
    offsetSeconds: found.offsetSeconds + (found.ratePpm - ratePpm) * 1e-6 * middle,
    ratePpm,
    covariance: [blurSeconds ** 2 + rateVariance * (middle * 1e-6) ** 2, -middle * 1e-6 * rateVariance, rateVariance],
  }
}

/** How far (root mean square, s) the peaks that are nearly as high lie from the highest. */
function blurOf({ profile }: FoundLine, sampleRateHz: number): number {
  const heights = Float64Array.from(profile, Math.abs)
  const top = heights.indexOf(Math.max(...heights))
  let sum = 0
  let squares = 0
  for (const [lag, height] of heights.entries()) {
    const weight = (height / heights[top]) ** HEIGHT_POWER
    sum += weight
    squares += weight * ((lag - top) / sampleRateHz) ** 2
  }
  return Math.sqrt(squares / sum)
}

function holdsInEveryPart({ map, middles, rows, lagSamples, sampleRateHz }: Correlograms, found: FoundLine): boolean {
  const width = lagSamples * 2 + 1
  const lagAt = (middle: number): number =>
    found.offsetSeconds - map.offsetSeconds + (found.ratePpm - map.ratePpm) * 1e-6 * middle
  return Array.from({ length: PARTS }, (_, part) => {
    const from = Math.floor((part * middles.length) / PARTS)
    const to = Math.floor(((part + 1) * middles.length) / PARTS)
    let most = 0
    for (let beside = -2; beside <= 2; beside++) {
      let sum = 0
      for (let index = from; index < to; index++) {
        const lag = lagSamples + Math.round(lagAt(middles[index]) * sampleRateHz) + beside
        const vote = lag >= 0 && lag < width ? rows[index * width + lag] * Math.sign(found.score) : 0
        sum += Math.max(-LARGEST_VOTE, Math.min(LARGEST_VOTE, vote))
      }
      most = Math.max(most, sum)
    }
    return to > from && most / Math.sqrt(to - from) >= LEAST_SCORE_OF_PART
  }).every(Boolean)
}
