/**
 * A scan as registration sees it: finite points without strays, about a centre of their own so that float32 keeps
 * its precision far from the asset's origin. What cannot be registered at all is refused here, with the reason.
 */
import { because, type Reason } from '../../../../shared/sayings/saying.ts'
import { everyNth } from '../../../../shared/geometry/icp.ts'
import type { Scan } from '../../../../shared/geometry/data.ts'
import { singlePrecisionStep } from '../../../../shared/geometry/single-precision.ts'
import { sampleSurface } from '../../../../shared/geometry/surface-sampling.ts'
import { symmetricEigen } from '../../../../shared/geometry/symmetric.ts'
import { withoutStrays } from './strays.ts'

export interface ScanCloud {
  /** Metres, relative to `centre`; length 3 * count. */
  readonly positions: Float32Array
  readonly count: number
  /** In the asset's frame, metres. */
  readonly centre: readonly [number, number, number]
  /** Twice the distance from the centre within which 95 % of the points lie, metres. */
  readonly extentMetres: number
}

/** Enough for millimetres on a room; more only costs time. */
export const MAXIMUM_POINTS = 250_000
const MESH_SAMPLES = 80_000
const MINIMUM_POINTS = 60
/** Numbers looked at to see whether coordinates were rounded. */
const ROUNDING_SAMPLE = 3 * 4096
/** Rounded to fewer steps across, a scan is a lattice, and its shape is gone. */
const COARSEST_STEPS_ACROSS = 64

/** The cloud, or why there is none. */
export function cloudFromScan(scan: Scan): ScanCloud | Reason {
  const raw = scan.kind === 'mesh' ? sampleSurface(scan.mesh, MESH_SAMPLES, 7).positions : scan.points.positions
  const { origin } = scan.kind === 'mesh' ? scan.mesh : scan.points
  if (raw.length === 0) return because(scan.kind === 'mesh' ? 'space.meshEmpty' : 'space.scanEmpty')
  const usable = finitePoints(everyNth(raw, MAXIMUM_POINTS))
  if (usable.length === 0) return because('space.notFinite')
  const finite = withoutStrays(usable)
  const found = finite.length / 3
  const middle = [0, 1, 2].map((axis) => median(finite, axis))
  const distances = new Float64Array(found)
  for (let i = 0; i < found; i++) {
    distances[i] = Math.hypot(finite[i * 3] - middle[0], finite[i * 3 + 1] - middle[1], finite[i * 3 + 2] - middle[2])
  }
  const reach = Float64Array.from(distances).sort()[Math.min(found - 1, Math.floor(found * 0.95))]
  if (!(reach > 0)) return because('space.coincide')
  const vertices = scan.kind === 'mesh' ? scan.mesh.positions : raw
  const stepMetres = singlePrecisionStep(vertices.subarray(0, ROUNDING_SAMPLE), origin)
  if (stepMetres > (2 * reach) / COARSEST_STEPS_ACROSS) {
    return because('space.rounded', { centimetres: Number((stepMetres * 100).toPrecision(2)) })
  }
  // Strays, as splats and reflections leave them, would blow up every grid.
  const positions = new Float32Array(found * 3)
  let count = 0
  for (let i = 0; i < found; i++) {
    if (distances[i] > reach * 2.5) continue
    for (let k = 0; k < 3; k++) positions[count * 3 + k] = finite[i * 3 + k] - middle[k]
    count++
  }
  if (count < MINIMUM_POINTS) return because('space.fewPoints', { count, least: MINIMUM_POINTS })
  const cloud: ScanCloud = {
    positions: positions.slice(0, count * 3),
    count,
    centre: [0, 1, 2].map((k) => middle[k] + (origin?.[k] ?? 0)) as [number, number, number],
    extentMetres: reach * 2,
  }
  return flatness(cloud.positions) ?? cloud
}

function finitePoints(positions: Float32Array): Float32Array {
  const out = new Float32Array(positions.length)
  let kept = 0
  for (let i = 0; i + 2 < positions.length; i += 3) {
    const x = positions[i]
    const y = positions[i + 1]
    const z = positions[i + 2]
    // Beyond this, squares leave float32 and no scan is meant.
    if (!(Math.abs(x) < 1e12 && Math.abs(y) < 1e12 && Math.abs(z) < 1e12)) continue
    out[kept] = x
    out[kept + 1] = y
    out[kept + 2] = z
    kept += 3
  }
  return out.subarray(0, kept)
}

function median(positions: Float32Array, axis: number): number {
  const step = Math.max(1, Math.floor(positions.length / 3 / 20_000)) * 3
  const values = new Float32Array(Math.floor((positions.length - 1) / step) + 1)
  for (let i = 0; i < values.length; i++) values[i] = positions[i * step + axis]
  values.sort()
  return values[values.length >> 1]
}

/** Why not, when the points lie on a line or a plane, which leaves motions free. */
function flatness(positions: Float32Array): Reason | undefined {
  const count = positions.length / 3
  const mean = [0, 0, 0]
  for (let i = 0; i < positions.length; i++) mean[i % 3] += positions[i] / count
  const spread = Array.from<number>({ length: 9 }).fill(0)
  for (let i = 0; i < count; i++) {
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        spread[a * 3 + b] += (positions[i * 3 + a] - mean[a]) * (positions[i * 3 + b] - mean[b])
      }
    }
  }
  const [low, middle, high] = symmetricEigen(spread, 3).values.map((value) => Math.sqrt(Math.max(0, value)))
  if (middle < high * 0.01) return because('space.line')
  if (low < high * 0.008) return because('space.plane')
  return undefined
}
