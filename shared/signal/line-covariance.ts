/** How sure a line is: the covariance of its windows' votes, and what a prior on the rate adds to it. */
import type { LineMap } from './window-correlator.ts'

/** Clocks of devices sit within this of one another: a prior where the sound says nothing of the rate. */
const PRIOR_RATE_PPM = 300
/**
 * What the two parts of the covariance had to be multiplied by so that the truth lies within two sigma as often as it
 * should, over voices, rooms and noises of the tuning seeds of tests/bench/time.bench.ts.
 */
const CHANCE_FACTOR = 1.6
const SHARED_FACTOR = 0.45
/**
 * What no number of windows takes away: what a microphone's own filters delay, each a little otherwise (a slope at 5 kHz
 * is 20 us late). One standard deviation of one microphone (s). Set on the tuning seeds, whose microphones cut at 20 to
 * 200 Hz and at 4 to 7.8 kHz.
 */
export const MICROPHONE_SECONDS = 8.5e-6

/** Offset and rate with their covariance at B's zero, and at the place where the offset is known best. */
export interface LineEstimate extends LineMap {
  /** Of (offset in s, rate in ppm) at B's zero: [var offset, covariance, var rate]. */
  readonly covariance: readonly [number, number, number]
  /** Where on B's clock the offset is known best, and how well (s). */
  readonly centreSeconds: number
  readonly sigmaAtCentreSeconds: number
}

/** Covariance of the sum of gradients when neighbours are correlated. */
export function neweyWest(gradients: readonly [number, number][], reach: number): [number, number, number] {
  const out: [number, number, number] = [0, 0, 0]
  for (let index = 0; index < gradients.length; index++) {
    for (let other = Math.max(0, index - reach); other <= Math.min(gradients.length - 1, index + reach); other++) {
      const weight = 1 - Math.abs(other - index) / (reach + 1)
      out[0] += weight * gradients[index][0] * gradients[other][0]
      out[1] += weight * gradients[index][0] * gradients[other][1]
      out[2] += weight * gradients[index][1] * gradients[other][1]
    }
  }
  out[0] = Math.max(out[0], 1e-300)
  out[2] = Math.max(out[2], 1e-300)
  return out
}

/**
 * The estimate from a line and the covariance of (lag at `centre` in s, lag at one end of the windows in s, relative).
 * @param half Half the span of the windows (s).
 * @param shared What all windows have in common adds to the offset alone (s).
 * @param filters What steep filters may add to it (s).
 */
export function estimateOf(
  map: LineMap,
  centre: number,
  half: number,
  local: readonly [number, number, number],
  shared: number,
  filters: number,
): LineEstimate {
  // local is of (lag at the centre, lag at one end): the slope is per half span.
  const perPpm = 1e6 / half
  const varCentre =
    CHANCE_FACTOR * local[0] + SHARED_FACTOR * shared * shared + 2 * MICROPHONE_SECONDS ** 2 + filters ** 2
  const varRate = CHANCE_FACTOR * local[2] * perPpm * perPpm
  const cross = CHANCE_FACTOR * local[1] * perPpm
  // The prior: an independent measurement of the rate as 0 ppm, worth something only where the sound gives no rate.
  const gain = varRate / (varRate + PRIOR_RATE_PPM ** 2)
  const ratePpm = map.ratePpm - gain * map.ratePpm
  const atCentre =
    map.offsetSeconds + (1 + map.ratePpm * 1e-6) * centre - (cross / (varRate + PRIOR_RATE_PPM ** 2)) * map.ratePpm
  const vRate = varRate * (1 - gain)
  const vCross = cross * (1 - gain)
  const vCentre = varCentre - (cross * cross) / (varRate + PRIOR_RATE_PPM ** 2)
  const arm = centre * 1e-6
  return {
    offsetSeconds: atCentre - (1 + ratePpm * 1e-6) * centre,
    ratePpm,
    covariance: [vCentre - 2 * arm * vCross + arm * arm * vRate, vCross - arm * vRate, vRate],
    centreSeconds: centre,
    sigmaAtCentreSeconds: Math.sqrt(vCentre),
  }
}
