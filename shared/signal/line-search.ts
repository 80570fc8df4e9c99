/**
 * Does a supposed line hold in the waveform? The correlograms of many short windows are added along every nearby line;
 * what is common to the recordings adds up in one place, everything else like noise.
 */
import type { Correlograms } from './correlograms.ts'
import { contrastOf } from './line-contrast.ts'
import type { LineMap } from './window-correlator.ts'

/**
 * No window may count for more than so many standard deviations: one clap that happens to meet another clap is not a
 * match, a dozen moments that agree are.
 */
function largestVote(windowCount: number): number {
  return Math.max(6, Math.min(10, 6 * Math.sqrt(48 / windowCount)))
}

export interface FoundLine extends LineMap {
  /** Sum of the votes along the line in standard deviations of a sum of noise; negative if one side is inverted. */
  readonly score: number
  /** The same with every window's vote in deviations of what lies within milliseconds: low for a common beat grid. */
  readonly contrast: number
  /** Height of the peak in standard deviations of all lags: low for hum and tones. */
  readonly sharpness: number
  /** Height of the best peak more than 12 ms away, as a share of the best. */
  readonly runnerUp: number
  readonly windowCount: number
  /** The sums at the best rate, for drawing: unit deviation, lags -lagSamples … lagSamples. */
  readonly profile: Float32Array
}

/** The strongest line within `rateTolerancePpm` of the map the correlograms were made along. */
export function searchLine(data: Correlograms, rateTolerancePpm: number): FoundLine | undefined {
  const { middles, rows, lagSamples, sampleRateHz, map } = data
  const count = middles.length
  if (count < 4) return undefined
  const width = lagSamples * 2 + 1
  const vote = largestVote(count)
  // Beyond the vote a window grows only logarithmically: enough to tell the direct sound from its echoes.
  const soft = new Float32Array(rows.length)
  for (let index = 0; index < rows.length; index++) {
    const size = Math.abs(rows[index])
    soft[index] = size <= vote ? rows[index] : Math.sign(rows[index]) * vote * (1 + Math.log(size / vote))
  }
  const groups = slantedSums(soft, middles, width, sampleRateHz, rateTolerancePpm)
  const centre = (middles[0] + middles[count - 1]) / 2
  const spanSamples = (middles[count - 1] - middles[0]) * sampleRateHz
  const half = Math.min(1500, Math.ceil(rateTolerancePpm * 1e-6 * spanSamples))
  const stepPpm = half === 0 ? 0 : rateTolerancePpm / half
  const sums = new Float32Array(width)
  let strongest = sums
  let best = { value: 0, lag: 0, rate: 0 }
  for (let rateIndex = -half; rateIndex <= half; rateIndex++) {
    const rate = rateIndex * stepPpm
    sums.fill(0)
    for (const group of groups) {
      const slant =
        group.slants[
          Math.round(
            ((rate / Math.max(1e-9, rateTolerancePpm)) * (group.slants.length - 1) + group.slants.length - 1) / 2,
          )
        ]
      const shift = Math.round(rate * 1e-6 * (group.middle - centre) * sampleRateHz)
      const last = Math.min(width, width - shift)
      for (let lag = Math.max(0, -shift); lag < last; lag++) sums[lag] += slant[lag + shift]
    }
    let here = false
    for (let lag = 0; lag < width; lag++) {
      if (Math.abs(sums[lag]) <= Math.abs(best.value)) continue
      best = { value: sums[lag], lag, rate }
      here = true
    }
    if (here) strongest = sums.slice()
  }
  const profile = clippedProfile(data, best.rate, centre, vote)
  let score = 0
  for (let lag = Math.max(0, best.lag - 2); lag <= Math.min(width - 1, best.lag + 2); lag++) {
    // Clipped votes of strong pairs are as high beside the peak as on it: the sign is that of the unclipped sum.
    if (profile[lag] * Math.sign(best.value) > Math.abs(score)) score = profile[lag]
  }
  const apart = Math.round(0.012 * sampleRateHz)
  let runnerUp = 0
  for (let lag = 0; lag < width; lag++) {
    if (Math.abs(lag - best.lag) > apart) runnerUp = Math.max(runnerUp, Math.abs(strongest[lag]))
  }
  const sizes = Float32Array.from(strongest, Math.abs).sort()
  const rateScale = 1 + map.ratePpm * 1e-6
  const ratePpm = map.ratePpm + best.rate
  const atCentre = map.offsetSeconds + rateScale * centre + (best.lag - lagSamples) / sampleRateHz
  return {
    offsetSeconds: atCentre - (1 + ratePpm * 1e-6) * centre,
    ratePpm,
    score,
    contrast: contrastOf(data, best.rate, centre, best.lag),
    sharpness: (Math.abs(best.value) / Math.max(1e-9, sizes[width >> 1])) * 0.6745,
    runnerUp: runnerUp / Math.max(1e-9, Math.abs(best.value)),
    windowCount: count,
    profile,
  }
}

interface SlantedGroup {
  readonly middle: number
  /** Sums of the group's rows along slants from -rateTolerance to +rateTolerance, evenly spaced. */
  readonly slants: readonly Float32Array[]
}

/** Neighbouring windows added along every slant first, so that whole lines cost a square root less. */
function slantedSums(
  rows: Float32Array,
  middles: Float64Array,
  width: number,
  sampleRateHz: number,
  rateTolerancePpm: number,
): SlantedGroup[] {
  const perGroup = Math.ceil(Math.sqrt(middles.length))
  const groups: SlantedGroup[] = []
  for (let first = 0; first < middles.length; first += perGroup) {
    const last = Math.min(middles.length, first + perGroup)
    const middle = (middles[first] + middles[last - 1]) / 2
    const span = (middles[last - 1] - middles[first]) * sampleRateHz
    const half = Math.min(200, Math.ceil(rateTolerancePpm * 1e-6 * span))
    const slants: Float32Array[] = []
    for (let slant = -half; slant <= half; slant++) {
      const rate = half === 0 ? 0 : (slant / half) * rateTolerancePpm
      const sums = new Float32Array(width)
      for (let index = first; index < last; index++) {
        const shift = Math.round(rate * 1e-6 * (middles[index] - middle) * sampleRateHz)
        const row = index * width + shift
        const end = Math.min(width, width - shift)
        for (let lag = Math.max(0, -shift); lag < end; lag++) sums[lag] += rows[row + lag]
      }
      slants.push(sums)
    }
    groups.push({ middle, slants })
  }
  return groups
}

/**
 * Sums of clipped votes along one rate. Half-overlapping windows share a sixth of their noise, so the sum of n of them
 * deviates by sqrt(1.2 n); that is the unit.
 */
function clippedProfile(data: Correlograms, rate: number, centre: number, vote: number): Float32Array {
  const { middles, rows, lagSamples, sampleRateHz } = data
  const width = lagSamples * 2 + 1
  const sums = new Float32Array(width)
  for (let index = 0; index < middles.length; index++) {
    const shift = Math.round(rate * 1e-6 * (middles[index] - centre) * sampleRateHz)
    const end = Math.min(width, width - shift)
    const row = index * width + shift
    for (let lag = Math.max(0, -shift); lag < end; lag++) {
      sums[lag] += Math.max(-vote, Math.min(vote, rows[row + lag]))
    }
  }
  const unit = 1 / Math.sqrt(1.2 * middles.length)
  for (let lag = 0; lag < width; lag++) sums[lag] *= unit
  return sums
}
