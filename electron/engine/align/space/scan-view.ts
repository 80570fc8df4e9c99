/** What a scan looks like from a camera: a small picture of distances, and the lines in it that an eye would see too. */
import type { Intrinsics, Scan } from '../../../../shared/geometry/data.ts'
import { sampleSurface } from '../../../../shared/geometry/surface-sampling.ts'
import { thinToCells } from '../../../../shared/geometry/voxel-grid.ts'

/** Points with how far apart they lie, so that they can be drawn as a closed surface. */
export interface ViewedSurface {
  readonly positions: Float32Array
  readonly spacingMetres: number
}

export interface CameraPose {
  /** `scan_from_camera`; the camera looks along its -Z with +Y up. */
  readonly position: readonly number[]
  /** 9 numbers, column-major. */
  readonly rotation: readonly number[]
}

/** How strongly lines cross each pixel: those that one meets going sideways, and those going up. */
export interface Lines {
  readonly across: Float32Array
  readonly along: Float32Array
}

const MOST_POINTS = 400_000
/** A step of depth by this share is an edge of a thing. */
const STEP_SHARE = 0.08
/** A crease bends the inverse depth, which is straight over a plane, by this share over this many pixels either way. */
const CREASE_SHARE = 0.035
const CREASE_PIXELS = 4
const NEAREST_METRES = 0.15

/** Positions are relative to the scan's origin. */
export function viewedSurface(scan: Scan): ViewedSurface {
  if (scan.kind === 'mesh') {
    const { positions, count } = sampleSurface(scan.mesh, MOST_POINTS)
    return { positions, spacingMetres: Math.sqrt(areaOf(scan.mesh.positions, scan.mesh.indices) / Math.max(1, count)) }
  }
  let cell = 0.015
  let thinned = thinToCells(scan.points.positions, cell)
  while (thinned.positions.length > 3 * MOST_POINTS) {
    cell *= 1.5
    thinned = thinToCells(scan.points.positions, cell)
  }
  return { positions: thinned.positions, spacingMetres: 1.6 * cell }
}

function areaOf(p: Float32Array, indices: Uint32Array): number {
  let area = 0
  for (let t = 0; t + 2 < indices.length; t += 3) {
    const [a, b, c] = [3 * indices[t]!, 3 * indices[t + 1]!, 3 * indices[t + 2]!]
    const u = [0, 1, 2].map((k) => p[b + k]! - p[a + k]!)
    const v = [0, 1, 2].map((k) => p[c + k]! - p[a + k]!)
    const twice = Math.hypot(
      u[1]! * v[2]! - u[2]! * v[1]!,
      u[2]! * v[0]! - u[0]! * v[2]!,
      u[0]! * v[1]! - u[1]! * v[0]!,
    )
    if (Number.isFinite(twice)) area += twice / 2
  }
  return area
}

/** Metres along the view axis to the nearest surface, row by row from the top left; 0 where there is none. */
export function depthView(surface: ViewedSurface, pose: CameraPose, camera: Intrinsics): Float32Array {
  const { width, height, fx, fy, cx, cy } = camera
  const { positions: p, spacingMetres } = surface
  const [px, py, pz] = pose.position as [number, number, number]
  const r = pose.rotation
  const depth = new Float32Array(width * height)
  for (let i = 0; i < p.length; i += 3) {
    const [dx, dy, dz] = [p[i]! - px, p[i + 1]! - py, p[i + 2]! - pz]
    const z = -(r[6]! * dx + r[7]! * dy + r[8]! * dz)
    if (!(z > NEAREST_METRES)) continue
    const u = cx + (fx * (r[0]! * dx + r[1]! * dy + r[2]! * dz)) / z
    const v = cy - (fy * (r[3]! * dx + r[4]! * dy + r[5]! * dz)) / z
    const radius = Math.min(8, (0.5 * spacingMetres * fx) / z)
    const [u0, u1] = [Math.max(0, Math.round(u - radius - 0.5)), Math.min(width - 1, Math.round(u + radius - 0.5))]
    const [v0, v1] = [Math.max(0, Math.round(v - radius - 0.5)), Math.min(height - 1, Math.round(v + radius - 0.5))]
    for (let y = v0; y <= v1; y++) {
      for (let x = u0; x <= u1; x++) {
        const at = y * width + x
        if (depth[at] === 0 || z < depth[at]!) depth[at] = z
      }
    }
  }
  return depth
}

/** Steps and creases of a picture of distances. */
export function linesOfDepth(depth: Float32Array, width: number, height: number): Lines {
  return {
    across: thinned(depth, width, height, 1, width),
    along: thinned(depth, width, height, width, 1),
  }
}

/** @param step From a pixel to the next one in the direction gone. */
function thinned(depth: Float32Array, width: number, height: number, step: number, other: number): Float32Array {
  const raw = new Float32Array(depth.length)
  const length = step === 1 ? width : height
  const rows = step === 1 ? height : width
  const n = CREASE_PIXELS
  for (let row = 0; row < rows; row++) {
    for (let i = n; i < length - n; i++) {
      const at = row * other + i * step
      const [here, next] = [depth[at]!, depth[at + step]!]
      const [before, after] = [depth[at - n * step]!, depth[at + n * step]!]
      if (here === 0 || next === 0 || before === 0 || after === 0) continue
      const jump = Math.abs(here - next) / Math.min(here, next)
      const bend = Math.abs(here / before + here / after - 2)
      raw[at] =
        jump > STEP_SHARE
          ? 1
          : bend > CREASE_SHARE && jump < STEP_SHARE / 2
            ? Math.min(1, bend / (3 * CREASE_SHARE))
            : 0
    }
  }
  // Only the strongest within reach stays, so that a line is one pixel wide.
  const out = new Float32Array(depth.length)
  for (let row = 0; row < rows; row++) {
    for (let i = n; i < length - n; i++) {
      const at = row * other + i * step
      const value = raw[at]!
      if (value === 0) continue
      let isPeak = true
      for (let k = 1; k <= 3 && isPeak; k++) {
        if ((raw[at - k * step] ?? 0) >= value || (raw[at + k * step] ?? 0) > value) isPeak = false
      }
      if (isPeak) out[at] = value
    }
  }
  return out
}

/** Lines of a grey picture: slopes of brightness against what is usual around them, 0 to about 3. */
export function linesOfPicture(gray: Uint8Array, width: number, height: number): Lines {
  const soft = blurred(gray, width, height)
  const across = new Float32Array(gray.length)
  const along = new Float32Array(gray.length)
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      across[at] = Math.abs(soft[at + 1]! - soft[at - 1]!)
      along[at] = Math.abs(soft[at + width]! - soft[at - width]!)
    }
  }
  return { across: againstUsual(across, width, height), along: againstUsual(along, width, height) }
}

function blurred(gray: Uint8Array, width: number, height: number): Float32Array {
  const once = new Float32Array(gray.length)
  const twice = new Float32Array(gray.length)
  for (let i = 0; i < gray.length; i++)
    once[i] = (gray[Math.max(0, i - 1)]! + 2 * gray[i]! + gray[Math.min(gray.length - 1, i + 1)]!) / 4
  for (let i = 0; i < gray.length; i++) {
    const [up, down] = [i >= width ? i - width : i, i < width * (height - 1) ? i + width : i]
    twice[i] = (once[up]! + 2 * once[i]! + once[down]!) / 4
  }
  return twice
}

/** Square root of a slope over the usual one of its surroundings, so that one bright lamp does not outweigh a room. */
function againstUsual(slopes: Float32Array, width: number, height: number): Float32Array {
  const reach = 12
  const sums = new Float64Array((width + 1) * (height + 1))
  for (let y = 0; y < height; y++) {
    let row = 0
    for (let x = 0; x < width; x++) {
      row += slopes[y * width + x]!
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row
    }
  }
  const out = new Float32Array(slopes.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [x0, x1] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)]
      const [y0, y1] = [Math.max(0, y - reach), Math.min(height, y + reach + 1)]
      const at = (yy: number, xx: number) => sums[yy * (width + 1) + xx]!
      const usual = (at(y1, x1) - at(y0, x1) - at(y1, x0) + at(y0, x0)) / ((x1 - x0) * (y1 - y0))
      out[y * width + x] = Math.sqrt(Math.min(9, slopes[y * width + x]! / (usual + 1.5)))
    }
  }
  return out
}
