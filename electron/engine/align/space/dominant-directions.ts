/**
 * The directions in which a scan's flat surfaces face: floor and ceiling, walls, table tops, the sides of a box. They
 * are found, not assumed; which of them is up is not asked.
 */
import { seededRandom } from '../../../../shared/geometry/random.ts'
import { symmetricEigen } from '../../../../shared/geometry/symmetric.ts'

export interface Direction {
  /** Unit; the sign means nothing. */
  readonly axis: readonly [number, number, number]
  /** Share of all points whose normal is within 8 degrees of it. */
  readonly share: number
}

const COS_NEAR = Math.cos((8 * Math.PI) / 180)
const COS_APART = Math.cos((18 * Math.PI) / 180)
const MAXIMUM_DIRECTIONS = 5
const MINIMUM_SHARE = 0.04

/** Strongest first. `flat` says which points lie on something flat. */
export function dominantDirections(normals: Float32Array, flat: Uint8Array): Direction[] {
  const count = flat.length
  const random = seededRandom(11)
  const free = Uint8Array.from(flat)
  const found: Direction[] = []
  const sampled: number[] = []
  for (let i = 0; i < 2000; i++) sampled.push(random.integer(count))
  while (found.length < MAXIMUM_DIRECTIONS) {
    let best: number[] | undefined
    let bestVotes = 0
    let tried = 0
    for (const candidate of sampled) {
      if (!free[candidate]) continue
      if (++tried > 160) break
      const axis = [normals[candidate * 3], normals[candidate * 3 + 1], normals[candidate * 3 + 2]]
      let votes = 0
      for (const other of sampled) if (free[other] && agreement(normals, other, axis) > COS_NEAR) votes++
      if (votes > bestVotes) {
        bestVotes = votes
        best = axis
      }
    }
    if (!best) break
    let axis = best
    let share = 0
    for (let pass = 0; pass < 4; pass++) {
      const limit = pass < 2 ? COS_NEAR : Math.cos((5 * Math.PI) / 180)
      const sum = Array.from<number>({ length: 9 }).fill(0)
      let votes = 0
      for (let i = 0; i < count; i++) {
        if (!free[i] || agreement(normals, i, axis) < limit) continue
        if (pass < 2) votes++
        for (let a = 0; a < 3; a++)
          for (let b = 0; b < 3; b++) sum[a * 3 + b] += normals[i * 3 + a] * normals[i * 3 + b]
      }
      if (pass === 1) share = votes / count
      axis = symmetricEigen(sum, 3).vectors[2]
    }
    if (share < MINIMUM_SHARE) break
    found.push({ axis: [axis[0], axis[1], axis[2]], share })
    for (let i = 0; i < count; i++) if (free[i] && agreement(normals, i, axis) > COS_APART) free[i] = 0
  }
  return found
}

function agreement(normals: Float32Array, i: number, axis: readonly number[]): number {
  return Math.abs(normals[i * 3] * axis[0] + normals[i * 3 + 1] * axis[1] + normals[i * 3 + 2] * axis[2])
}
