/**
 * The models of a world whose targets are vectors: ridge regression from inputs to targets, judged by the mean cosine between
 * what it says and what the probe's pairs say. Once on the inputs themselves, once on random Fourier features (Rahimi and
 * Recht, NIPS 2007), which see what is not linear.
 */
import type { Matrix } from '../algebra/dense.ts'
import { multiply, pickRows, rowOf, stackRows, zeros } from '../algebra/dense.ts'
import { randomStream } from '../algebra/random.ts'
import type { RidgeStatistics } from '../value/ridge.ts'
import { ridgeWeights, statisticsOf } from '../value/ridge.ts'
import { withIntercept } from './judging-set.ts'
import type { PairedSet, PairedWorld } from './parse-world.ts'
import { prepareWorld, principalAxes } from './prepare-world.ts'

const FOURIER_FEATURES = 160
const FOURIER_SEED = 77
const LONGEST_TARGET = 48
const LAMBDAS = [0.1, 0.3, 1, 3, 10, 30]

/** How inputs are looked at before the ridge. */
export interface PairedModel {
  readonly lambda: number
  features(x: Matrix): Matrix
}

/** Rows of unit length; rows of zeros stay. */
function unitRows(matrix: Matrix): Matrix {
  const data = Float64Array.from(matrix.data)
  for (let n = 0; n < matrix.rows; n++) {
    const row = data.subarray(n * matrix.columns, (n + 1) * matrix.columns)
    let square = 0
    for (const value of row) square += value * value
    if (square > 0) for (let j = 0; j < row.length; j++) row[j] /= Math.sqrt(square)
  }
  return { ...matrix, data }
}

/** Inputs in valuation coordinates, targets of unit length on their leading axes, which keep their cosines. */
export function preparePairedWorld(world: PairedWorld): PairedWorld {
  const prepared = prepareWorld(world)
  const turn = (map: (y: Matrix) => Matrix): PairedWorld => {
    const set = <S extends PairedSet>(own: S): S => ({ ...own, y: map(own.y) })
    return {
      ...prepared,
      reference: set(prepared.reference),
      probe: set(prepared.probe),
      bundles: prepared.bundles.map(set),
    }
  }
  if (world.targetDimension <= LONGEST_TARGET) return turn(unitRows)
  const axes = principalAxes(
    [unitRows(world.reference.y), unitRows(world.probe.y)],
    world.targetDimension,
    LONGEST_TARGET,
  )
  return { ...turn((y) => multiply(unitRows(y), axes)), targetDimension: LONGEST_TARGET }
}

/** The cosine of what a model says with what is meant, row by row. */
export function cosines(weights: Matrix, phi: Matrix, y: Matrix): Float64Array {
  const said = multiply(phi, weights)
  return Float64Array.from({ length: y.rows }, (_, n) => {
    const a = rowOf(said, n)
    const b = rowOf(y, n)
    let ab = 0
    let aa = 0
    let bb = 0
    for (let j = 0; j < a.length; j++) {
      ab += a[j] * b[j]
      aa += a[j] * a[j]
      bb += b[j] * b[j]
    }
    return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0
  })
}

/** The mean of values. */
export function meanOfValues(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

function typicalSquare(x: Matrix): number {
  let sum = 0
  for (const value of x.data) sum += value * value
  return x.rows > 0 && sum > 0 ? (2 * sum) / x.rows : 1
}

function fourierMap(world: PairedWorld): (x: Matrix) => Matrix {
  const random = randomStream(FOURIER_SEED)
  const width = Math.sqrt(typicalSquare(world.probe.x))
  const directions = zeros(world.dimension, FOURIER_FEATURES)
  for (let i = 0; i < directions.data.length; i++) directions.data[i] = random.normal() / width
  const phases = Float64Array.from({ length: FOURIER_FEATURES }, () => 2 * Math.PI * random.next())
  const scale = Math.sqrt(2 / FOURIER_FEATURES)
  return (x) => {
    const waves = multiply(x, directions)
    return withIntercept({
      ...waves,
      data: waves.data.map((value, i) => scale * Math.cos(value + phases[i % FOURIER_FEATURES])),
    })
  }
}

/** The penalty that serves a model of the reference best on the probe. */
function bestLambda(world: PairedWorld, features: (x: Matrix) => Matrix): number {
  const { reference, probe } = world
  const statistics = statisticsOf(features(reference.x), reference.y)
  const phi = features(probe.x)
  let best = { lambda: 1, worth: -Infinity }
  for (const lambda of LAMBDAS) {
    const worth = meanOfValues(cosines(ridgeWeights(statistics, lambda), phi, probe.y))
    if (worth > best.worth) best = { lambda, worth }
  }
  return best.lambda
}

/** The two models of a prepared world. */
export function pairedModels(world: PairedWorld): { readonly linear: PairedModel; readonly fourier: PairedModel } {
  const fourier = fourierMap(world)
  return {
    linear: { lambda: bestLambda(world, withIntercept), features: withIntercept },
    fourier: { lambda: bestLambda(world, fourier), features: fourier },
  }
}

/** Sufficient statistics of a set under a model. */
export function pairedStatistics(model: PairedModel, set: PairedSet): RidgeStatistics {
  return statisticsOf(model.features(set.x), set.y)
}

/** Some rows of a set. */
export function pickPairs(set: PairedSet, rows: readonly number[]): PairedSet {
  return { x: pickRows(set.x, rows), y: pickRows(set.y, rows) }
}

/** Sets below one another. */
export function joinPairs(sets: readonly PairedSet[], dimension: number, targetDimension: number): PairedSet {
  return {
    x: stackRows(
      sets.map((set) => set.x),
      dimension,
    ),
    y: stackRows(
      sets.map((set) => set.y),
      targetDimension,
    ),
  }
}
