/**
 * What one sample more would do to a task's score, to first order (Koh and Liang, ICML 2017, for a ridge): adding the sample
 * (phi, t) with a small weight moves the weights W by (G + lambda I)^-1 phi (t - W' phi)', and the score by phi' M (t - W' phi), where
 * M = (G + lambda I)^-1 dS/dW does not know the sample. A pack carries M. Ranks of single samples are those of exact refits (0.99 on a
 * base of 120, 0.89 on one of 24); sums over many are not their gain together, which `taskGain` refits.
 */
import type { Matrix } from '../algebra/dense.ts'
import { addCrossProduct, dot, multiply, rowOf, zeros } from '../algebra/dense.ts'
import { ridgeWeights } from '../value/ridge.ts'
import { MARGIN } from '../world/base-features.ts'
import type { PackTask } from './pack-task.ts'

/** How the score of classes changes with what is said of each row of the probe. */
function slopesOfClasses(said: Matrix, labels: Int32Array): Matrix {
  const slopes = zeros(said.rows, said.columns)
  for (let n = 0; n < said.rows; n++) {
    const scores = rowOf(said, n)
    let rival = -1
    scores.forEach((score, c) => {
      if (c !== labels[n] && (rival < 0 || score > scores[rival])) rival = c
    })
    const worth = 1 / (1 + Math.exp(-(scores[labels[n]] - scores[rival]) / MARGIN))
    const slope = (worth * (1 - worth)) / MARGIN / said.rows
    slopes.data[n * said.columns + labels[n]] += slope
    slopes.data[n * said.columns + rival] -= slope
  }
  return slopes
}

/** The same of captions: of the mean cosine. */
function slopesOfCaptions(said: Matrix, meant: Matrix): Matrix {
  const slopes = zeros(said.rows, said.columns)
  for (let n = 0; n < said.rows; n++) {
    const [own, wanted] = [rowOf(said, n), rowOf(meant, n)]
    const [length, wantedLength] = [Math.sqrt(dot(own, own)), Math.sqrt(dot(wanted, wanted))]
    if (length === 0 || wantedLength === 0) continue
    const cosine = dot(own, wanted) / length / wantedLength
    own.forEach((value, j) => {
      slopes.data[n * said.columns + j] = (wanted[j] / wantedLength - (cosine * value) / length) / length / said.rows
    })
  }
  return slopes
}

/** M of a task, p x outputs. */
export function taskInfluence(task: PackTask): Matrix {
  const said = multiply(task.probe, weightsOf(task))
  const slopes =
    task.kind === 'classes' ? slopesOfClasses(said, task.probeLabels) : slopesOfCaptions(said, task.probeCaptions)
  const moment = zeros(task.probe.columns, said.columns)
  addCrossProduct(moment, task.probe, slopes)
  return ridgeWeights({ ...task.statistics, moment }, task.lambda)
}

const known = new WeakMap<PackTask, Matrix>()

/** The weights of the task's model as it is. */
function weightsOf(task: PackTask): Matrix {
  const weights = known.get(task) ?? ridgeWeights(task.statistics, task.lambda)
  known.set(task, weights)
  return weights
}

/** What a sample more adds to the score on the probe, to first order; null where the pack does not carry M. */
export function influenceOfSample(task: PackTask, vector: readonly number[], target: ArrayLike<number>): number | null {
  if (task.influence === null) return null
  const phi = { rows: 1, columns: vector.length + 1, data: Float64Array.from([...vector, 1]) }
  const missed = multiply(phi, weightsOf(task)).data.map((value, c) => target[c] - value)
  return dot(multiply(phi, task.influence).data, missed)
}
