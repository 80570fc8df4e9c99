/** Where a device was at a time between the samples of its path. */
import type { PosePath } from './data.ts'
import { rotationFromQuaternion, slerp } from './rotation.ts'

/** Between poses that lie further apart than this the device may have been anywhere, seconds. */
const LONGEST_GAP_SECONDS = 0.5

/** The pose at a time, between its neighbours; undefined outside the path or in a gap of it. */
export function poseAt(
  poses: PosePath,
  timeNanoseconds: bigint,
): { readonly position: [number, number, number]; readonly rotation: number[] } | undefined {
  const { timesNanoseconds: times, positions: p, rotations: q, count } = poses
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle] <= timeNanoseconds) low = middle + 1
    else high = middle
  }
  const after = low
  const before = low - 1
  const exact = before >= 0 && times[before] === timeNanoseconds
  const [i, j] = exact ? [before, before] : [before, after]
  if (i < 0 || j >= count) return undefined
  const gap = Number(times[j] - times[i]) * 1e-9
  if (gap > LONGEST_GAP_SECONDS) return undefined
  const f = gap > 0 ? (Number(timeNanoseconds - times[i]) * 1e-9) / gap : 0
  const position: [number, number, number] = [0, 0, 0]
  for (let k = 0; k < 3; k++) position[k] = p[i * 3 + k] * (1 - f) + p[j * 3 + k] * f
  return {
    position,
    rotation: rotationFromQuaternion(slerp(q.subarray(i * 4, i * 4 + 4), q.subarray(j * 4, j * 4 + 4), f)),
  }
}
