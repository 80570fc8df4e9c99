/**
 * The coordinates in which a world is valued: centred on the lab's own data, axes that are far wider than the
 * others brought to size, scaled to one fixed spread and, where rows are
 * long, turned to their leading principal axes. Stars then do not depend on the units of an encoder, nor on its rotation
 * unless an axis was brought to size.
 */
import type { Matrix } from '../algebra/dense.ts'
import { addCrossProduct, multiply, zeros } from '../algebra/dense.ts'
import { randomStream } from '../algebra/random.ts'
import { symmetricEigen } from '../algebra/symmetric-eigen.ts'

/** Of a row in valuation coordinates. */
export const LONGEST_ROW = 64
const LONGEST_COVARIANCE = 384
/** Mean squared distance of a probe row from the centre, per axis, after scaling. */
const SPREAD = 1 / 3
/**
 * An axis this many times as wide as the widest of the other nine tenths is brought down to that: a few numbers of an encoder
 * that run wild would hide all others. None of the worlds of digits has such an axis (1.48 at most), nor any of twelve
 * made-up ones.
 */
const WIDEST_AXIS = 2
const ORDINARY_AXES = 0.9
const PROJECTION_SEED = 20_260_101
const MOST_DOUBLINGS = 1000
/** A row this many times farther out than reference and probe says no more by going farther; its square stays a number. */
const FARTHEST = 1e9

function within(value: number): number {
  return Math.max(-FARTHEST, Math.min(FARTHEST, value))
}

interface Coordinates {
  readonly x: Matrix
}

/** What turning the rows of a world asks of it, whatever its targets are. */
interface Turnable {
  readonly dimension: number
  readonly reference: Coordinates
  readonly probe: Coordinates
  readonly bundles: readonly Coordinates[]
}

/** The mean row of some sets. */
export function meanOf(sets: readonly Matrix[], dimension: number): Float64Array {
  const mean = new Float64Array(dimension)
  const count = sets.reduce((sum, set) => sum + set.rows, 0)
  for (const set of sets) {
    for (let i = 0; i < set.data.length; i++) mean[i % dimension] += set.data[i] / count
  }
  return mean
}

/** What each number of centred rows is multiplied by; null where no axis is too wide. */
function narrowing(sets: readonly Matrix[], dimension: number): Float64Array | null {
  const square = new Float64Array(dimension)
  for (const { data } of sets) for (let i = 0; i < data.length; i++) square[i % dimension] += data[i] ** 2
  const wide = square.filter((value) => value > 0).sort()
  // One axis at least is not ordinary, so that the widest of a few can be told from the next.
  const ordinary = wide[Math.max(0, Math.min(wide.length - 2, Math.floor(ORDINARY_AXES * wide.length) - 1))]
  const most = WIDEST_AXIS ** 2 * ordinary
  return square.some((value) => value > most) ? square.map((value) => Math.min(1, Math.sqrt(most / value))) : null
}

/** A fixed Gaussian projection (Johnson and Lindenstrauss), which keeps distances of very long rows well enough. */
function randomProjection(from: number, to: number): Matrix {
  const random = randomStream(PROJECTION_SEED)
  const projection = zeros(from, to)
  for (let i = 0; i < projection.data.length; i++) projection.data[i] = random.normal() / Math.sqrt(to)
  return projection
}

/** The leading principal axes of rows, as columns. */
export function principalAxes(sets: readonly Matrix[], dimension: number, keep: number): Matrix {
  const covariance = zeros(dimension, dimension)
  for (const set of sets) addCrossProduct(covariance, set, set)
  const { vectors } = symmetricEigen(covariance)
  const axes = zeros(dimension, keep)
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < keep; j++) axes.data[i * keep + j] = vectors.data[i * dimension + j]
  }
  return axes
}

/** The power of two, which changes no digit, that brings the largest number of some sets near one; 1 where all are zero. */
export function towardsOne(sets: readonly Matrix[]): number {
  let largest = 0
  for (const { data } of sets) for (const value of data) largest = Math.max(largest, Math.abs(value))
  return largest > 0 ? 2 ** Math.min(MOST_DOUBLINGS, -Math.floor(Math.log2(largest))) : 1
}

type Turn = (x: Matrix) => Matrix

/** Each number by what is said of its axis. */
function scaled(by: (value: number, axis: number) => number): Turn {
  return (x) => ({ ...x, data: x.data.map((value, i) => by(value, i % x.columns)) })
}

/** So many rows are turned at a time: a bundle may hold most of a world, which does not fit into memory several times. */
const ROWS_OF_BLOCK = 4096

function turnedInBlocks(x: Matrix, turns: readonly Turn[], columns: number): Matrix {
  const turned = zeros(x.rows, columns)
  for (let first = 0; first < x.rows; first += ROWS_OF_BLOCK) {
    const rows = Math.min(ROWS_OF_BLOCK, x.rows - first)
    const block = { ...x, rows, data: x.data.subarray(first * x.columns, (first + rows) * x.columns) }
    turned.data.set(turns.reduce((part, next) => next(part), block).data, first * columns)
  }
  return turned
}

/**
 * The world in valuation coordinates. Rows that are all equal stay as they are. Every turn is settled by reference and probe
 * alone, so that bundles are turned one after another.
 */
export function prepareWorld<W extends Turnable>(world: W): W {
  const turns: Turn[] = []
  let reference = world.reference.x
  let probe = world.probe.x
  const turn = (next: Turn): void => {
    turns.push(next)
    reference = next(reference)
    probe = next(probe)
  }
  const mean = meanOf([reference, probe], world.dimension)
  turn(scaled((value, axis) => value - mean[axis]))
  // Before anything is squared: the squares of tiny numbers are nothing.
  const factor = towardsOne([reference, probe])
  turn(scaled((value) => within(value * factor)))
  const narrow = narrowing([reference, probe], world.dimension)
  if (narrow) turn(scaled((value, axis) => value * narrow[axis]))
  if (reference.columns > LONGEST_ROW) {
    const { columns } = reference
    const projection = columns > LONGEST_COVARIANCE ? randomProjection(columns, LONGEST_COVARIANCE) : null
    const looked = [reference, probe].map((x) => (projection ? multiply(x, projection) : x))
    const axes = principalAxes(looked, looked[0].columns, LONGEST_ROW)
    // One product instead of two: bundles may hold a hundred thousand rows.
    const map = projection ? multiply(projection, axes) : axes
    turn((x) => multiply(x, map))
  }
  let square = 0
  for (const value of probe.data) square += value * value
  const scale = square > 0 ? Math.sqrt((SPREAD * probe.data.length) / square) : 1
  turn(scaled((value) => value * scale))
  return {
    ...world,
    dimension: reference.columns,
    reference: { ...world.reference, x: reference },
    probe: { ...world.probe, x: probe },
    bundles: world.bundles.map((bundle) => ({ ...bundle, x: turnedInBlocks(bundle.x, turns, reference.columns) })),
  }
}
