/**
 * Windows that are items of a lab's probe: what is judged by itself would look better than it is, so that they teach nothing. A
 * copy, encoded anew, lies within half of what parts even the nearest fiftieth of the probe's items from the next (as in worlds,
 * `world/probe-copies.ts`); where items coincide, coinciding is usual and says nothing.
 */
import type { PackTask } from './pack-task.ts'

/** Items nearer than this share of the usual distance coincide. */
const COINCIDING = 0.02
/** A copy lies within this share of what parts near items. */
const SHARE = 0.5
/** Near are as many of the items that are looked at; and as many may coincide. */
const FEW = 0.02
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
  const sorted = squares.sort((a, b) => a - b)
  const few = Math.floor(FEW * sorted.length)
  const coinciding = COINCIDING ** 2 * sorted[sorted.length >> 1]
  const reach = SHARE ** 2 * sorted[few]
  if (!Number.isFinite(reach) || sorted[few] <= coinciding) return () => false
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
