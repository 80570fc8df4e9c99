/**
 * Windows that are items of a lab's probe: what is judged by itself would look better than it is, so that they teach nothing. A
 * copy lies within a fiftieth of the usual distance from one item of the probe to the next; where the probe's own items lie as
 * near to one another, that is usual and says nothing.
 */
import type { PackTask } from './pack-task.ts'

const COPY = 0.02
/** Of the items of the probe that are looked at, the share that may have such a neighbour. */
const USUAL = 0.02
const LOOKED_AT = 64

type Detector = (vector: readonly number[]) => boolean

/** The smallest squared distance from numbers to a row of the probe, whose last column is an intercept; `but` is left out. */
function nearestSquare({ rows, columns, data }: PackTask['probe'], of: ArrayLike<number>, but = -1): number {
  let least = Infinity
  for (let n = 0; n < rows; n++) {
    if (n === but) continue
    let sum = 0
    for (let j = 0; j < columns - 1 && sum < least; j++) sum += (of[j] - data[n * columns + j]) ** 2
    if (sum < least) least = sum
  }
  return least
}

function detectorOf({ probe }: PackTask): Detector {
  const step = Math.max(1, Math.ceil(probe.rows / LOOKED_AT))
  const looked = Array.from({ length: Math.ceil(probe.rows / step) }, (_, at) => at * step)
  const squares = looked.map((n) => {
    const row = probe.data.subarray(n * probe.columns, (n + 1) * probe.columns - 1)
    return nearestSquare(probe, row, n)
  })
  const middle = [...squares].sort((a, b) => a - b)[squares.length >> 1]
  const reach = COPY ** 2 * middle
  if (!Number.isFinite(reach) || squares.filter((square) => square <= reach).length > USUAL * squares.length)
    return () => false
  const known = new WeakMap<readonly number[], boolean>()
  return (vector) => {
    const copy = known.get(vector) ?? nearestSquare(probe, vector) <= reach
    known.set(vector, copy)
    return copy
  }
}

const detectors = new WeakMap<PackTask, Detector>()

/** Says of vectors of windows whether they are items of the probe. */
export function probeWindowDetector(task: PackTask): Detector {
  const detector = detectors.get(task) ?? detectorOf(task)
  detectors.set(task, detector)
  return detector
}
