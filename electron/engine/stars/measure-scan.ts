/** Size, extent and evenness of a scan. */
import type { Scan } from '../../../shared/geometry/data.ts'
import { buildKdTree } from '../../../shared/geometry/kd-tree.ts'
import { zeros } from '../../../shared/stars/algebra/dense.ts'
import { randomStream } from '../../../shared/stars/algebra/random.ts'
import { symmetricEigen } from '../../../shared/stars/algebra/symmetric-eigen.ts'
import type { ScanMeasurement } from './measurements.ts'
import { rounded } from './measurements.ts'

const MOST_POINTS = 40_000
const LOOKS = 300
const NEIGHBOURS = 40
const SEED = 3

function thinned(positions: Float32Array): Float32Array {
  const count = positions.length / 3
  const step = Math.max(1, Math.ceil(count / MOST_POINTS))
  const kept = new Float32Array(Math.ceil(count / step) * 3)
  let at = 0
  for (let i = 0; i < count; i += step) {
    const [x, y, z] = [positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]]
    if (!Number.isFinite(x + y + z)) continue
    kept.set([x, y, z], at)
    at += 3
  }
  return kept.subarray(0, at)
}

function extentOf(positions: Float32Array): number {
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  positions.forEach((value, i) => {
    low[i % 3] = Math.min(low[i % 3], value)
    high[i % 3] = Math.max(high[i % 3], value)
  })
  return positions.length === 0 ? 0 : Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2])
}

/** How flat small neighbourhoods are: 1 on clean surfaces, 0 in fog. Noise fills neighbourhoods. */
function evenness(positions: Float32Array, extent: number): number {
  const count = positions.length / 3
  if (count < NEIGHBOURS || extent === 0) return 0
  const tree = buildKdTree(positions)
  const random = randomStream(SEED)
  const places = new Int32Array(NEIGHBOURS)
  const radius = extent * Math.min(0.2, 3 / Math.sqrt(count))
  let sum = 0
  let looks = 0
  for (let look = 0; look < LOOKS; look++) {
    const at = random.below(count) * 3
    const found = tree.within(positions[at], positions[at + 1], positions[at + 2], radius, places)
    if (found < 6) continue
    const covariance = zeros(3, 3)
    const mean = [0, 0, 0]
    for (let n = 0; n < found; n++) for (let k = 0; k < 3; k++) mean[k] += tree.points[3 * places[n] + k] / found
    for (let n = 0; n < found; n++) {
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) {
          const product = (tree.points[3 * places[n] + i] - mean[i]) * (tree.points[3 * places[n] + j] - mean[j])
          covariance.data[3 * i + j] += product / found
        }
      }
    }
    const { values } = symmetricEigen(covariance)
    looks++
    sum += values[0] > 0 ? 1 - Math.sqrt(Math.max(0, values[2]) / values[0]) : 0
  }
  return looks === 0 ? 0 : sum / looks
}

/** Measures a scan. */
export function measureScan(scan: Scan): ScanMeasurement {
  const positions = thinned(scan.kind === 'mesh' ? scan.mesh.positions : scan.points.positions)
  const extentMetres = extentOf(positions)
  const colors = scan.kind === 'mesh' ? scan.mesh.colors : scan.points.colors
  const [extent, quality] = rounded([extentMetres, evenness(positions, extentMetres)])
  return {
    kind: 'scan',
    elements: scan.kind === 'mesh' ? scan.mesh.triangleCount : scan.points.count,
    extentMetres: extent,
    hasColor: colors !== undefined,
    quality,
  }
}
