/**
 * How the lag walks beside a line: neighbouring windows are added into groups, and the best path through the groups'
 * correlograms is found by dynamic programming (Viterbi). A wandering clock moves little from group to group; dropped
 * samples are one large step.
 */
import type { Correlograms } from './correlograms.ts'
import { type LineMap, onA } from './window-correlator.ts'

export interface PathPoint {
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly middleSeconds: number
  /** Delay of A against the line. */
  readonly lagSeconds: number
  readonly sigmaSeconds: number
  /** Votes on the path, in deviations of a sum of noise. */
  readonly score: number
  /** True if the path stepped further than a clock can wander since the point before. */
  readonly jumped: boolean
}

/** A clock wanders from its own line by no more than this. */
const WANDER_PPM = 25
const JUMP_COST = 14
const VOTE = 8

/** @param line What the lags are counted from; within a fraction of a millisecond of the map of the correlograms. */
export function clockPath(data: Correlograms, line: LineMap, perGroup: number): PathPoint[] {
  const { middles, lagSamples, sampleRateHz } = data
  const width = lagSamples * 2 + 1
  const groups: { sums: Float32Array; from: number; to: number; count: number }[] = []
  for (let first = 0; first < middles.length; first += perGroup) {
    const last = Math.min(middles.length, first + perGroup)
    const sums = new Float32Array(width)
    for (let index = first; index < last; index++) {
      for (let lag = 0; lag < width; lag++) {
        const value = data.rows[index * width + lag]
        const size = Math.abs(value)
        sums[lag] += size <= VOTE ? value : Math.sign(value) * VOTE * (1 + Math.log(size / VOTE))
      }
    }
    const unit = 1 / Math.sqrt(1.2 * (last - first))
    for (let lag = 0; lag < width; lag++) sums[lag] *= unit
    groups.push({ sums, from: middles[first], to: middles[last - 1], count: last - first })
  }
  if (groups.length === 0) return []
  const lags = bestPath(
    groups.map((group) => ({ sums: group.sums, middle: (group.from + group.to) / 2 })),
    sampleRateHz,
  )
  return groups.map((group, index) => {
    const middle = (group.from + group.to) / 2
    const { lag, sigma } = parabola(group.sums, lags[index])
    const before = index > 0 ? (groups[index - 1].from + groups[index - 1].to) / 2 : middle
    return {
      fromSeconds: group.from,
      toSeconds: group.to,
      middleSeconds: middle,
      lagSeconds: (lag - lagSamples) / sampleRateHz + onA(data.map, middle) - onA(line, middle),
      sigmaSeconds: sigma / sampleRateHz,
      score: Math.abs(group.sums[lags[index]]),
      jumped: index > 0 && Math.abs(lags[index] - lags[index - 1]) > stepFor(middle - before, sampleRateHz),
    }
  })
}

function stepFor(seconds: number, sampleRateHz: number): number {
  return Math.max(2, Math.round(WANDER_PPM * 1e-6 * seconds * sampleRateHz))
}

function bestPath(groups: readonly { sums: Float32Array; middle: number }[], sampleRateHz: number): Int32Array {
  const width = groups[0].sums.length
  let totals = Float64Array.from(groups[0].sums, Math.abs)
  const from: Int32Array[] = []
  for (let index = 1; index < groups.length; index++) {
    const step = Math.min(width, stepFor(groups[index].middle - groups[index - 1].middle, sampleRateHz))
    let anywhere = 0
    for (let lag = 1; lag < width; lag++) if (totals[lag] > totals[anywhere]) anywhere = lag
    const next = new Float64Array(width)
    const origin = new Int32Array(width)
    for (let lag = 0; lag < width; lag++) {
      let best = anywhere
      let value = totals[anywhere] - JUMP_COST
      for (let near = Math.max(0, lag - step); near <= Math.min(width - 1, lag + step); near++) {
        // Standing still is a little cheaper than walking.
        const total = totals[near] - (0.3 * Math.abs(near - lag)) / step
        if (total > value) {
          value = total
          best = near
        }
      }
      next[lag] = value + Math.abs(groups[index].sums[lag])
      origin[lag] = best
    }
    from.push(origin)
    totals = next
  }
  const path = new Int32Array(groups.length)
  let at = 0
  for (let lag = 1; lag < width; lag++) if (totals[lag] > totals[at]) at = lag
  for (let index = groups.length - 1; index >= 0; index--) {
    path[index] = at
    if (index > 0) at = from[index - 1][at]
  }
  return path
}

/** Place between samples of a peak, and its deviation for noise of unit variance. */
function parabola(sums: Float32Array, lag: number): { lag: number; sigma: number } {
  if (lag <= 0 || lag >= sums.length - 1) return { lag, sigma: 1 }
  const sign = Math.sign(sums[lag]) || 1
  const before = sums[lag - 1] * sign
  const here = sums[lag] * sign
  const after = sums[lag + 1] * sign
  const bend = 2 * here - before - after
  if (!(bend > 0)) return { lag, sigma: 1 }
  const shift = Math.max(-0.5, Math.min(0.5, (after - before) / (2 * bend)))
  return { lag: lag + shift, sigma: Math.min(1, 0.05 + Math.SQRT1_2 / bend) }
}
