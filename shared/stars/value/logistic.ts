/**
 * Multinomial logistic regression with a quadratic penalty on the weights (not on the intercepts), trained by L-BFGS
 * (Nocedal and Wright, Numerical Optimization, 7.2) with a backtracking line search. It is the model that the worlds of the
 * valuation experiment retrain for their truth.
 */
import type { Matrix } from '../algebra/dense.ts'
import { dot, zeros } from '../algebra/dense.ts'

export interface LogisticOptions {
  /** Half the penalty on the squared weights, against the summed log-loss. */
  readonly penalty: number
  readonly maximumIterations: number
  /** Stops when the largest gradient entry, divided by the sample count, is below it. */
  readonly tolerance: number
}

/** Weights, classes x (inputs + 1); the last column holds the intercepts. */
export type LogisticWeights = Matrix

const MEMORY = 8

/** Rows that are taken through the weights together: each weight is then loaded once for all of them. */
const BLOCK = 4

/** Class scores of BLOCK rows from `row` on (the last row again beyond the end), `into[k * classes + c]`. */
function scoresOfBlock(weights: LogisticWeights, x: Matrix, row: number, into: Float64Array): void {
  const p = weights.columns
  const d = p - 1
  const classes = weights.rows
  const w = weights.data
  const rows = x.data
  const last = x.rows - 1
  const a = row * d
  const b = Math.min(last, row + 1) * d
  const e = Math.min(last, row + 2) * d
  const f = Math.min(last, row + 3) * d
  for (let c = 0; c < classes; c++) {
    const at = c * p
    let s0 = w[at + d]
    let s1 = s0
    let s2 = s0
    let s3 = s0
    for (let j = 0; j < d; j++) {
      const weight = w[at + j]
      s0 += weight * rows[a + j]
      s1 += weight * rows[b + j]
      s2 += weight * rows[e + j]
      s3 += weight * rows[f + j]
    }
    into[c] = s0
    into[classes + c] = s1
    into[2 * classes + c] = s2
    into[3 * classes + c] = s3
  }
}

/** Adds residual times row of BLOCK rows to the gradient; residuals beyond the end are zero. */
function addBlockGradient(
  residuals: Float64Array,
  x: Matrix,
  row: number,
  classes: number,
  gradient: Float64Array,
): void {
  const d = x.columns
  const p = d + 1
  const rows = x.data
  const last = x.rows - 1
  const a = row * d
  const b = Math.min(last, row + 1) * d
  const e = Math.min(last, row + 2) * d
  const f = Math.min(last, row + 3) * d
  for (let c = 0; c < classes; c++) {
    const at = c * p
    const r0 = residuals[c]
    const r1 = residuals[classes + c]
    const r2 = residuals[2 * classes + c]
    const r3 = residuals[3 * classes + c]
    for (let j = 0; j < d; j++) {
      gradient[at + j] += r0 * rows[a + j] + r1 * rows[b + j] + r2 * rows[e + j] + r3 * rows[f + j]
    }
    gradient[at + d] += r0 + r1 + r2 + r3
  }
}

/** Turns the scores from `at` on into probabilities in place and returns the log of their normaliser. */
function softmaxInPlace(scores: Float64Array, at: number, classes: number): number {
  let top = -Infinity
  for (let c = at; c < at + classes; c++) if (scores[c] > top) top = scores[c]
  let total = 0
  for (let c = at; c < at + classes; c++) {
    scores[c] = Math.exp(scores[c] - top)
    total += scores[c]
  }
  for (let c = at; c < at + classes; c++) scores[c] /= total
  return top + Math.log(total)
}

/** Loss and gradient of the penalised log-loss. */
function lossAndGradient(
  weights: LogisticWeights,
  x: Matrix,
  y: Int32Array,
  penalty: number,
  gradient: Float64Array,
): number {
  const p = weights.columns
  const d = p - 1
  const classes = weights.rows
  const scores = new Float64Array(BLOCK * classes)
  let loss = 0
  gradient.fill(0)
  for (let n = 0; n < x.rows; n += BLOCK) {
    scoresOfBlock(weights, x, n, scores)
    for (let k = 0; k < BLOCK; k++) {
      const at = k * classes
      if (n + k >= x.rows) {
        scores.fill(0, at, at + classes)
        continue
      }
      const own = at + y[n + k]
      const score = scores[own]
      loss += softmaxInPlace(scores, at, classes) - score
      scores[own] -= 1
    }
    addBlockGradient(scores, x, n, classes, gradient)
  }
  for (let c = 0; c < weights.rows; c++) {
    for (let j = 0; j < d; j++) {
      const value = weights.data[c * p + j]
      loss += (penalty / 2) * value * value
      gradient[c * p + j] += penalty * value
    }
  }
  return loss
}

/** The L-BFGS direction -H g from the remembered steps and gradient changes. */
function descentDirection(gradient: Float64Array, steps: Float64Array[], changes: Float64Array[]): Float64Array {
  const direction = gradient.map((value) => -value)
  const alphas: number[] = []
  for (let i = steps.length - 1; i >= 0; i--) {
    const alpha = dot(steps[i], direction) / dot(steps[i], changes[i])
    alphas[i] = alpha
    for (let j = 0; j < direction.length; j++) direction[j] -= alpha * changes[i][j]
  }
  const last = steps.length - 1
  if (last >= 0) {
    const scale = dot(steps[last], changes[last]) / dot(changes[last], changes[last])
    for (let j = 0; j < direction.length; j++) direction[j] *= scale
  }
  for (let i = 0; i <= last; i++) {
    const beta = dot(changes[i], direction) / dot(steps[i], changes[i])
    for (let j = 0; j < direction.length; j++) direction[j] += (alphas[i] - beta) * steps[i][j]
  }
  return direction
}

/**
 * Trains on x (n x d) with labels y in 0 .. classes - 1, from `start` where one is given (a warm start changes the path,
 * not the optimum: the loss is convex).
 */
export function trainLogistic(
  x: Matrix,
  y: Int32Array,
  classes: number,
  options: LogisticOptions,
  start?: LogisticWeights,
): LogisticWeights {
  const weights = zeros(classes, x.columns + 1)
  if (start) weights.data.set(start.data)
  const size = weights.data.length
  let gradient = new Float64Array(size)
  let loss = lossAndGradient(weights, x, y, options.penalty, gradient)
  const steps: Float64Array[] = []
  const changes: Float64Array[] = []
  for (let iteration = 0; iteration < options.maximumIterations; iteration++) {
    let largest = 0
    for (const value of gradient) largest = Math.max(largest, Math.abs(value))
    if (largest <= options.tolerance * Math.max(1, x.rows)) break
    const direction = descentDirection(gradient, steps, changes)
    const slope = dot(direction, gradient)
    let step = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1
    const trial = { ...weights, data: new Float64Array(size) }
    const trialGradient = new Float64Array(size)
    let trialLoss = Infinity
    for (let halving = 0; halving < 30; halving++) {
      for (let j = 0; j < size; j++) trial.data[j] = weights.data[j] + step * direction[j]
      trialLoss = lossAndGradient(trial, x, y, options.penalty, trialGradient)
      if (trialLoss <= loss + 1e-4 * step * slope) break
      step /= 2
    }
    if (!(trialLoss < loss)) break
    const moved = new Float64Array(size)
    const change = new Float64Array(size)
    for (let j = 0; j < size; j++) {
      moved[j] = trial.data[j] - weights.data[j]
      change[j] = trialGradient[j] - gradient[j]
    }
    if (dot(moved, change) > 1e-12) {
      steps.push(moved)
      changes.push(change)
      if (steps.length > MEMORY) {
        steps.shift()
        changes.shift()
      }
    }
    weights.data.set(trial.data)
    gradient = trialGradient
    loss = trialLoss
  }
  return weights
}

/** Class probabilities, n x classes. */
export function predictLogistic(weights: LogisticWeights, x: Matrix): Matrix {
  const classes = weights.rows
  const result = zeros(x.rows, classes)
  const scores = new Float64Array(BLOCK * classes)
  for (let n = 0; n < x.rows; n += BLOCK) {
    scoresOfBlock(weights, x, n, scores)
    for (let k = 0; k < Math.min(BLOCK, x.rows - n); k++) {
      softmaxInPlace(scores, k * classes, classes)
      for (let c = 0; c < classes; c++) result.data[(n + k) * classes + c] = scores[k * classes + c]
    }
  }
  return result
}

/** The share of rows whose likeliest class is right. */
export function logisticAccuracy(weights: LogisticWeights, x: Matrix, y: Int32Array): number {
  const { data, columns: classes } = predictLogistic(weights, x)
  let right = 0
  for (let n = 0; n < x.rows; n++) {
    let best = 0
    for (let c = 1; c < classes; c++) if (data[n * classes + c] > data[n * classes + best]) best = c
    if (best === y[n]) right++
  }
  return x.rows === 0 ? 0 : right / x.rows
}
