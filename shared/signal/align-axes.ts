/**
 * The lag between what two devices, or a picture and a sensor, say of one turning, axis by axis. How they sit against
 * each other, their scales, senses and biases are unknown, so under every lag the best linear map with a constant from
 * one's axes to the other's is fitted, and the lag that explains most of its motion wins. (The magnitudes alone would
 * say less: a bias bends them wherever one turns the same way again, as walking does, by the same time at each step.)
 * Near things that pass by a moving camera look like turning and are what is left. How sure the lag is comes from how
 * much its parts disagree about it: the spread of their slopes over the bend of all (a sandwich estimate, White 1982).
 */
import { evenly, type TimedValues, usualStep } from './rotation-rate.ts'

export interface PieceLag {
  /** Middle of the piece on the clock of what is explained. */
  readonly middleSeconds: number
  /** The sensor's time less that one's there, seconds. */
  readonly lagSeconds: number
  readonly sigmaSeconds: number
  /** Share of the motion that is explained. */
  readonly explained: number
}

const STEP = 0.01
const REACH_SECONDS = 0.3
const LONGEST_PIECE_SECONDS = 45
/** A picture says little of a few seconds. */
const PIECE_SECONDS_OF_SENSORS = 8
const MOST_PIECES = 40
/** A gyroscope's own noise ends where hands do. */
const LEAST_BLUR_SECONDS = 0.01
const BLOCKS = 10
/** Three axes of the sensor and a constant; three of the picture. */
const INPUTS = 4
const OUTPUTS = 3
const BLOCK_SIZE = INPUTS * INPUTS + INPUTS * OUTPUTS + 2 * OUTPUTS + 1

/** Rates about three axes, evenly; NaN in holes. */
interface EvenAxes {
  readonly from: number
  readonly axes: readonly Float64Array[]
}

/**
 * @param picture what is explained: a picture where there is one
 * @param nearSeconds about the sensor's time less that of what is explained
 */
export function lagsByAxes(picture: TimedValues, sensor: TimedValues, nearSeconds: number): PieceLag[] {
  // Both are seen through the slower one's eyes.
  const blur = Math.max(LEAST_BLUR_SECONDS, 0.5 * Math.max(usualStep(picture), usualStep(sensor)))
  const seen = evenAxes(picture, blur)
  const felt = evenAxes(sensor, blur)
  const count = seen.axes[0]!.length
  const start = Math.max(seen.from, felt.from - nearSeconds + REACH_SECONDS)
  const end = Math.min(seen.from + count * STEP, felt.from + felt.axes[0]!.length * STEP - nearSeconds - REACH_SECONDS)
  const pieceSeconds = picture.isFromPicture ? LONGEST_PIECE_SECONDS : PIECE_SECONDS_OF_SENSORS
  const pieces = Math.max(1, Math.min(MOST_PIECES, Math.floor((end - start) / pieceSeconds)))
  const out: PieceLag[] = []
  for (let piece = 0; piece < pieces; piece++) {
    const middle = start + ((end - start) * (piece + 0.5)) / pieces
    const half = Math.min(LONGEST_PIECE_SECONDS, (end - start) / pieces) / 2
    const lag = lagOfPiece(seen, felt, middle - half, middle + half, nearSeconds)
    if (lag) out.push(lag)
  }
  return out
}

function evenAxes(series: TimedValues, blurSeconds: number): EvenAxes {
  const { seconds, axes } = series
  const hole = Math.max(0.25, 4 * usualStep(series))
  let from = 0
  const out = [0, 1, 2].map((axis) => {
    const values = Float64Array.from(seconds, (_, index) => axes![index * 3 + axis]!)
    const even = evenly({ seconds, values }, STEP, hole)
    from = even.from
    return smooth(even.values, blurSeconds / STEP)
  })
  return { from, axes: out }
}

function smooth(values: Float64Array, sigmaSteps: number): Float64Array {
  const reach = Math.ceil(3 * sigmaSteps)
  if (reach === 0) return values
  const weights = Float64Array.from({ length: reach * 2 + 1 }, (_, tap) =>
    Math.exp(-0.5 * ((tap - reach) / sigmaSteps) ** 2),
  )
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const out = new Float64Array(values.length).fill(Number.NaN)
  for (let index = reach; index + reach < values.length; index++) {
    let sum = 0
    for (let tap = -reach; tap <= reach; tap++) sum += weights[tap + reach]! * values[index + tap]!
    out[index] = sum / total
  }
  return out
}

function lagOfPiece(seen: EvenAxes, felt: EvenAxes, from: number, to: number, near: number): PieceLag | undefined {
  const reach = Math.round(REACH_SECONDS / STEP)
  const lags = 2 * reach + 1
  const first = Math.max(0, Math.ceil((from - seen.from) / STEP))
  const last = Math.min(seen.axes[0]!.length, Math.floor((to - seen.from) / STEP))
  if (last - first < 5 / STEP) return undefined
  const shift = Math.round((seen.from + near - felt.from) / STEP)
  // What rounding to the grid moved.
  const rest = felt.from + shift * STEP - (seen.from + near)
  const sums = Array.from({ length: lags }, () => Array.from({ length: BLOCKS }, () => new Float64Array(BLOCK_SIZE)))
  for (let lag = 0; lag < lags; lag++) {
    for (let index = first; index < last; index++) {
      const block = Math.min(BLOCKS - 1, Math.floor(((index - first) * BLOCKS) / (last - first)))
      add(sums[lag]![block]!, seen, index, felt, index + shift + lag - reach)
    }
  }
  const whole = bestLag(sums)
  if (!whole) return undefined
  return {
    middleSeconds: (from + to) / 2,
    lagSeconds: near + rest + (whole.lag - reach) * STEP,
    sigmaSeconds: whole.sigma * STEP,
    explained: whole.explained,
  }
}

/** Adds one moment to the sums of products. */
function add(sums: Float64Array, seen: EvenAxes, at: number, felt: EvenAxes, there: number): void {
  const x = [felt.axes[0]![there]!, felt.axes[1]![there]!, felt.axes[2]![there]!, 1]
  const y = [seen.axes[0]![at]!, seen.axes[1]![at]!, seen.axes[2]![at]!]
  if (!Number.isFinite(x[0]! + x[1]! + x[2]! + y[0]! + y[1]! + y[2]!)) return
  let slot = 0
  for (let i = 0; i < INPUTS; i++) for (let j = 0; j < INPUTS; j++) sums[slot++]! += x[i]! * x[j]!
  for (let i = 0; i < INPUTS; i++) for (let k = 0; k < OUTPUTS; k++) sums[slot++]! += x[i]! * y[k]!
  for (let k = 0; k < OUTPUTS; k++) {
    sums[slot++]! += y[k]! * y[k]!
    sums[slot++]! += y[k]!
  }
  sums[slot]! += 1
}

/** The lag, between grid points, that explains most, and its deviation, in steps. */
function bestLag(
  sums: readonly (readonly Float64Array[])[],
): { lag: number; sigma: number; explained: number } | undefined {
  const fits = sums.map((blocks) => fit(total(blocks)))
  let best = 0
  for (let lag = 1; lag < fits.length; lag++) if (fits[lag]!.explained > fits[best]!.explained) best = lag
  if (best === 0 || best === fits.length - 1) return undefined
  const [before, at, after] = [fits[best - 1]!, fits[best]!, fits[best + 1]!]
  const bend = before.explained - 2 * at.explained + after.explained
  if (!(bend < 0)) return undefined
  const beside = (before.explained - after.explained) / (2 * bend)
  // What each block alone would rather have right there, with the map that all of them chose.
  const slopes = sums[best]!.map((sum, block) => {
    const [earlier, later] = [errorOf(sums[best - 1]![block]!, at.map), errorOf(sums[best + 1]![block]!, at.map)]
    return (later - earlier) / 2 + beside * (later - 2 * errorOf(sum, at.map) + earlier)
  })
  const mean = slopes.reduce((sum, slope) => sum + slope, 0) / slopes.length
  // Pieces weigh by one over this, whose mean is right with three fewer than there are blocks.
  const spread = slopes.reduce((sum, slope) => sum + (slope - mean) ** 2, 0) * (BLOCKS / (BLOCKS - 3))
  return {
    lag: best + beside,
    sigma: Math.sqrt(spread) / (-bend * at.variance),
    explained: at.explained,
  }
}

function total(blocks: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(BLOCK_SIZE)
  for (const block of blocks) for (let slot = 0; slot < BLOCK_SIZE; slot++) sum[slot]! += block[slot]!
  return sum
}

interface Fit {
  /** Share of the outputs' variance that the inputs explain. */
  readonly explained: number
  /** Of the outputs, summed over all moments. */
  readonly variance: number
  /** Least squares: one row an input, one column an output. */
  readonly map: readonly (readonly number[])[]
}

const SQUARE = INPUTS * INPUTS
const outputSlot = (output: number): number => SQUARE + INPUTS * OUTPUTS + 2 * output

function fit(sum: Float64Array): Fit {
  const count = sum[BLOCK_SIZE - 1]!
  if (count < 100) return { explained: 0, variance: 0, map: [] }
  const xx = Array.from({ length: INPUTS }, (_, i) => Array.from(sum.subarray(i * INPUTS, (i + 1) * INPUTS)))
  const xy = Array.from({ length: INPUTS }, (_, i) =>
    Array.from(sum.subarray(SQUARE + i * OUTPUTS, SQUARE + (i + 1) * OUTPUTS)),
  )
  const ridge = 1e-9 * (xx[0]![0]! + xx[1]![1]! + xx[2]![2]!) + 1e-12
  const factors = xx.map((row, i) => [...row.map((value, j) => value + (i === j ? ridge : 0)), ...xy[i]!])
  eliminate(factors)
  const map = factors.map((row) => row.slice(INPUTS))
  let whole = 0
  let explained = 0
  for (let k = 0; k < OUTPUTS; k++) {
    const slot = outputSlot(k)
    const variance = sum[slot]! - sum[slot + 1]! ** 2 / count
    let fitted = -(sum[slot + 1]! ** 2) / count
    for (let i = 0; i < INPUTS; i++) fitted += map[i]![k]! * xy[i]![k]!
    whole += variance
    explained += Math.min(variance, Math.max(0, fitted))
  }
  return { explained: whole > 0 ? explained / whole : 0, variance: whole, map }
}

/** The sum of squares that a linear map leaves of the outputs. */
function errorOf(sum: Float64Array, map: Fit['map']): number {
  let error = 0
  for (let k = 0; k < OUTPUTS; k++) {
    error += sum[outputSlot(k)]!
    for (let i = 0; i < INPUTS; i++) {
      error -= 2 * map[i]![k]! * sum[SQUARE + i * OUTPUTS + k]!
      for (let j = 0; j < INPUTS; j++) error += map[i]![k]! * map[j]![k]! * sum[i * INPUTS + j]!
    }
  }
  return error
}

/** Gauss-Jordan in place; the right-hand sides become the solutions. */
function eliminate(rows: number[][]): void {
  for (let column = 0; column < rows.length; column++) {
    let pivot = column
    for (let row = column + 1; row < rows.length; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row
    }
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    const head = rows[column]!
    const by = head[column]! || 1e-300
    for (let at = 0; at < head.length; at++) head[at]! /= by
    for (const [row, values] of rows.entries()) {
      if (row === column) continue
      const share = values[column]!
      for (let at = 0; at < values.length; at++) values[at]! -= share * head[at]!
    }
  }
}
