/**
 * The models of a world whose targets are vectors: ridge regression from inputs to targets, judged by the mean cosine between
 * what it says and what the probe's pairs say. Once on the inputs themselves, once on random Fourier features (Rahimi and
 * Recht, NIPS 2007), which see what is not linear.
 */
import type { Matrix } from '../algebra/dense.ts'
import { multiply, pickRows, rowOf, stackRows, zeros } from '../algebra/dense.ts'
import { randomStream } from '../algebra/random.ts'
import type { RidgeStatistics } from '../value/ridge.ts'
import { combineStatistics, noStatistics, ridgeWeights, statisticsOf } from '../value/ridge.ts'
import { withIntercept } from './judging-set.ts'
import type { PairedSet, PairedWorld } from './parse-world.ts'
import { prepareWorld, principalAxes } from './prepare-world.ts'

const FOURIER_FEATURES = 120
/** With the constant. */
export const FOURIER_COLUMNS = FOURIER_FEATURES + 1
const FOURIER_SEED = 77
const FOURIER_LAMBDA = 1
const LONGEST_TARGET = 48

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

function meanSquare(x: Matrix): number {
  let sum = 0
  for (const value of x.data) sum += value * value
  return x.rows > 0 && sum > 0 ? sum / x.rows : 1
}

/** Inputs themselves, rows of the probe about one long, so that penalties mean the same in every world. */
function scaledInputs(world: PairedWorld): (x: Matrix) => Matrix {
  const scale = 1 / Math.sqrt(meanSquare(world.probe.x))
  return (x) => withIntercept({ ...x, data: x.data.map((value) => value * scale) })
}

/** Penalties of the linear model that are tried, and what is taken beside the best: less, as smaller coalitions need. */
const LAMBDAS = [0.3, 1, 3, 10, 30]
const LOWER = 0.3

/**
 * The linear model under two penalties: the one that lets reference and bundles together say most of the probe, and a lower
 * one. Nobody knows the penalty of a lab's model; what both find counts.
 */
export function linearModels(world: PairedWorld): readonly PairedModel[] {
  const { reference, probe, bundles } = world
  const features = scaledInputs(world)
  const all = [reference, ...bundles].reduce(
    (sum, set) => combineStatistics(sum, statisticsOf(features(set.x), set.y)),
    noStatistics(world.dimension + 1, world.targetDimension),
  )
  const phi = features(probe.x)
  let best = { lambda: LAMBDAS[0], worth: -Infinity }
  for (const lambda of LAMBDAS) {
    const worth = meanOfValues(cosines(ridgeWeights(all, lambda), phi, probe.y))
    if (worth > best.worth) best = { lambda, worth }
  }
  return [
    { lambda: best.lambda, features },
    { lambda: LOWER * best.lambda, features },
  ]
}

/**
 * One random look at what is not linear. Models of this kind differ more from draw to draw than bundles do from one
 * another, so that values are meaned over many draws.
 */
export function fourierModel(world: PairedWorld, draw: number): PairedModel {
  const random = randomStream(FOURIER_SEED + draw)
  const width = Math.sqrt(2 * meanSquare(world.probe.x))
  const directions = zeros(world.dimension, FOURIER_FEATURES)
  for (let i = 0; i < directions.data.length; i++) directions.data[i] = random.normal() / width
  const phases = Float64Array.from({ length: FOURIER_FEATURES }, () => 2 * Math.PI * random.next())
  const scale = Math.sqrt(2 / FOURIER_FEATURES)
  return {
    lambda: FOURIER_LAMBDA,
    features: (x) => {
      const waves = multiply(x, directions)
      return withIntercept({
        ...waves,
        data: waves.data.map((value, i) => scale * Math.cos(value + phases[i % FOURIER_FEATURES])),
      })
    },
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
