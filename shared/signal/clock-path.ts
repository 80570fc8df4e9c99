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
/** Within a group of minutes a clock that wanders walks by more than a peak is wide: how is told by so many groups to either side … */
const NEIGHBOURS = 2
/** … so often, since each time the peaks are told better. */
const STRAIGHTENINGS = 3

interface Group {
  /** Votes of its windows at every lag, in deviations of a sum of noise. */
  readonly sums: Float32Array
  readonly first: number
  readonly last: number
  readonly from: number
  readonly to: number
  readonly middle: number
}

/** @param line What the lags are counted from; within a fraction of a millisecond of the map of the correlograms. */
export function clockPath(data: Correlograms, line: LineMap, perGroup: number): PathPoint[] {
  const { middles, lagSamples, sampleRateHz } = data
  const groups: Group[] = []
  for (let first = 0; first < middles.length; first += perGroup) {
    const last = Math.min(middles.length, first + perGroup)
    const [from, to] = [middles[first], middles[last - 1]]
    const place = { first, last, from, to, middle: (from + to) / 2 }
    groups.push({ ...place, sums: groupSums(data, place, 0) })
  }
  if (groups.length === 0) return []
  const lags = bestPath(groups, sampleRateHz)
  const jumps = groups.map(
    ({ middle }, index) =>
      index > 0 && Math.abs(lags[index] - lags[index - 1]) > stepFor(middle - groups[index - 1].middle, sampleRateHz),
  )
  let peaks = groups.map((group, index) => parabola(group.sums, lags[index]))
  for (let turn = 0; turn < STRAIGHTENINGS; turn++) {
    const before = peaks
    peaks = groups.map((group, index) => {
      const slope = slopeBeside(groups, before, jumps, index)
      const smear = Math.ceil((Math.abs(slope) * (group.to - group.from)) / 2)
      if (smear < 1) return before[index]
      const sums = groupSums(data, group, slope)
      return parabola(sums, highestNear(sums, Math.round(before[index].lag), smear + 1))
    })
  }
  return groups.map((group, index) => ({
    fromSeconds: group.from,
    toSeconds: group.to,
    middleSeconds: group.middle,
    lagSeconds: (peaks[index].lag - lagSamples) / sampleRateHz + onA(data.map, group.middle) - onA(line, group.middle),
    sigmaSeconds: peaks[index].sigma / sampleRateHz,
    score: Math.abs(group.sums[lags[index]]),
    jumped: jumps[index],
  }))
}

/** @param slope Samples a second that the lag walks within the group; read where it has been at the group's middle. */
function groupSums(data: Correlograms, { first, last, middle }: Omit<Group, 'sums'>, slope: number): Float32Array {
  const width = data.lagSamples * 2 + 1
  const sums = new Float32Array(width)
  for (let index = first; index < last; index++) {
    const shift = Math.round(slope * (data.middles[index] - middle))
    const end = Math.min(width, width - shift)
    for (let lag = Math.max(0, -shift); lag < end; lag++) {
      const value = data.rows[index * width + lag + shift]
      const size = Math.abs(value)
      sums[lag] += size <= VOTE ? value : Math.sign(value) * VOTE * (1 + Math.log(size / VOTE))
    }
  }
  const unit = 1 / Math.sqrt(1.2 * (last - first))
  for (let lag = 0; lag < width; lag++) sums[lag] *= unit
  return sums
}

/** How the lag walks (samples a second) through the groups around one that no jump parts from it: a least-squares line. */
function slopeBeside(
  groups: readonly Group[],
  peaks: readonly { readonly lag: number }[],
  jumps: readonly boolean[],
  index: number,
): number {
  let first = index
  let last = index
  while (first > 0 && index - first < NEIGHBOURS && !jumps[first]) first--
  while (last + 1 < groups.length && last - index < NEIGHBOURS && !jumps[last + 1]) last++
  const count = last - first + 1
  let [time, lag, product, square] = [0, 0, 0, 0]
  for (let at = first; at <= last; at++) {
    time += groups[at].middle / count
    lag += peaks[at].lag / count
  }
  for (let at = first; at <= last; at++) {
    const beside = groups[at].middle - time
    product += beside * (peaks[at].lag - lag)
    square += beside * beside
  }
  // Two groups alone tell no slope from the scatter of their peaks.
  return count > 2 && square > 0 ? product / square : 0
}

function highestNear(sums: Float32Array, lag: number, reach: number): number {
  let best = Math.max(0, Math.min(sums.length - 1, lag))
  for (let at = Math.max(0, lag - reach); at <= Math.min(sums.length - 1, lag + reach); at++)
    if (Math.abs(sums[at]) > Math.abs(sums[best])) best = at
  return best
}

function stepFor(seconds: number, sampleRateHz: number): number {
  return Math.max(2, Math.round(WANDER_PPM * 1e-6 * seconds * sampleRateHz))
}

function bestPath(groups: readonly Group[], sampleRateHz: number): Int32Array {
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
