/**
 * Surfaces: everything that stands still in the room is a set of parametric grids. A grid carries its shape, its
 * paint and, once the light is baked, one light value a node, so that a lookup by (u, v) gives what the renderer,
 * the scanner and the depth sensor all see.
 */
import type { Quat, Vec3 } from './linear.ts'
import { add, cross, length, normalize, rotate, scale, sub, turnUpTo } from './linear.ts'

export type Layer = 'shell' | 'furniture' | 'outside'

export interface Paint {
  /** Name of a texture in textures.ts. */
  readonly texture: string
  /** Linear multiplier of the texture. */
  readonly tint?: Vec3
  /** 0 dull to 1 polished. */
  readonly gloss?: number
  /** Texture repeats over (u, v); 1 puts it on once. */
  readonly repeat?: readonly [number, number]
  /** Light that it gives off of itself: always, or while the lamp is on. */
  readonly glow?: number
  readonly lampGlow?: number
}

export interface Surface {
  readonly paint: Paint
  readonly layer: Layer
  /** Grid of (columns + 1) x (rows + 1) nodes. */
  readonly columns: number
  readonly rows: number
  readonly positions: Float64Array
  readonly normals: Float64Array
  /** Nodes of light, the same grid for curved things, a finer one for flat ones. */
  readonly lightColumns: number
  readonly lightRows: number
  /** Linear rgb irradiance / pi a node: window and sky, then lamp; filled by the baker. */
  light?: { daylight: Float32Array; lamp: Float32Array }
}

export interface Placement {
  readonly position: Vec3
  readonly rotation: Quat
}

export const upright = (x: number, y: number, z: number, yaw = 0): Placement => ({
  position: [x, y, z],
  rotation: [0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)],
})

/** A grid from a function of (u, v) in [0, 1]; normals come from its derivatives and point along d/du x d/dv. */
export function gridSurface(
  paint: Paint,
  columns: number,
  rows: number,
  place: Placement,
  shape: (u: number, v: number) => Vec3,
  options: { layer?: Layer; normal?: (u: number, v: number) => Vec3; light?: readonly [number, number] } = {},
): Surface {
  const count = (columns + 1) * (rows + 1)
  const positions = new Float64Array(count * 3)
  const normals = new Float64Array(count * 3)
  const e = 1e-4
  const slope = (u: number, v: number): Vec3 => {
    const du = sub(shape(Math.min(1, u + e), v), shape(Math.max(0, u - e), v))
    const dv = sub(shape(u, Math.min(1, v + e)), shape(u, Math.max(0, v - e)))
    return normalize(cross(du, dv))
  }
  for (let j = 0; j <= rows; j++) {
    for (let i = 0; i <= columns; i++) {
      const u = i / columns
      const v = j / rows
      const k = (j * (columns + 1) + i) * 3
      positions.set(add(place.position, rotate(place.rotation, shape(u, v))), k)
      normals.set(rotate(place.rotation, options.normal ? options.normal(u, v) : slope(u, v)), k)
    }
  }
  const [lightColumns, lightRows] = options.light ?? [columns, rows]
  return { paint, layer: options.layer ?? 'furniture', columns, rows, positions, normals, lightColumns, lightRows }
}

/** A flat parallelogram, seen from the side that u x v points to. */
export function quad(paint: Paint, origin: Vec3, u: Vec3, v: Vec3, layer: Layer = 'furniture', cell = 0.04): Surface {
  const n = normalize(cross(u, v))
  const cells = (d: Vec3): number => Math.max(1, Math.min(256, Math.round(length(d) / cell)))
  return gridSurface(
    paint,
    1,
    1,
    { position: origin, rotation: [0, 0, 0, 1] },
    (a, b) => add(scale(u, a), scale(v, b)),
    { layer, normal: () => n, light: [cells(u), cells(v)] },
  )
}

const FACES: readonly (readonly [Vec3, Vec3, Vec3])[] = [
  [
    [1, 0, 0],
    [0, 0, -1],
    [0, 1, 0],
  ],
  [
    [-1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
  ],
  [
    [0, 1, 0],
    [1, 0, 0],
    [0, 0, -1],
  ],
  [
    [0, -1, 0],
    [1, 0, 0],
    [0, 0, 1],
  ],
  [
    [0, 0, 1],
    [1, 0, 0],
    [0, 1, 0],
  ],
  [
    [0, 0, -1],
    [-1, 0, 0],
    [0, 1, 0],
  ],
]

export interface BoxOptions {
  /** Radius of the edges, metres. */
  readonly round?: number
  /** How far the faces swell in the middle, metres. */
  readonly puff?: number
  /** Size of a cell, metres. */
  readonly cell?: number
  /** Faces left out: +x -x +y -y +z -z as 0..5. */
  readonly without?: readonly number[]
  /** Texture repeats a metre; without it the texture is put on each face once. */
  readonly repeatPerMetre?: number
  readonly layer?: Layer
}

/** A box with its centre at the placement: sharp, or with rounded edges and swelling faces as cushions have. */
export function box(paint: Paint, place: Placement, size: Vec3, options: BoxOptions = {}): Surface[] {
  const { round = 0, puff = 0, cell = 0.05, without = [], repeatPerMetre } = options
  const half = scale(size, 0.5)
  const out: Surface[] = []
  FACES.forEach(([n, u, v], face) => {
    if (without.includes(face)) return
    const along = (d: Vec3): number => Math.abs(d[0] * half[0] + d[1] * half[1] + d[2] * half[2])
    const hu = along(u)
    const hv = along(v)
    const hn = along(n)
    const r = Math.min(round, hu, hv, hn)
    const paintHere: Paint = repeatPerMetre
      ? { ...paint, repeat: [2 * hu * repeatPerMetre, 2 * hv * repeatPerMetre] }
      : paint
    if (r === 0 && puff === 0) {
      const origin = add(scale(n, hn), add(scale(u, -hu), scale(v, -hv)))
      const turn = (d: Vec3): Vec3 => rotate(place.rotation, d)
      const at = add(place.position, turn(origin))
      out.push(quad(paintHere, at, turn(scale(u, 2 * hu)), turn(scale(v, 2 * hv)), options.layer, cell))
      return
    }
    const stops = (h: number): number[] => {
      const bevel = r > 0.012 ? 3 : 1
      const flat = Math.max(1, Math.min(14, Math.round((2 * (h - r)) / cell)))
      const list: number[] = []
      for (let i = 0; i < bevel; i++)
        list.push(-h + (r * (1 - Math.cos(((i / bevel) * Math.PI) / 4))) / (1 - Math.SQRT1_2))
      for (let i = 0; i <= flat; i++) list.push(-(h - r) + (2 * (h - r) * i) / flat)
      for (let i = bevel - 1; i >= 0; i--) list.push(-list[i])
      return list
    }
    const us = stops(hu)
    const vs = stops(hv)
    const read = (list: number[], t: number): number => {
      const x = Math.min(t, 1) * (list.length - 1)
      const i = Math.min(list.length - 2, Math.floor(x))
      return list[i] + (list[i + 1] - list[i]) * (x - i)
    }
    const inner: Vec3 = [half[0] - r, half[1] - r, half[2] - r]
    const cubeAt = (a: number, b: number): Vec3 => add(scale(n, hn), add(scale(u, read(us, a)), scale(v, read(vs, b))))
    const core = (p: Vec3): Vec3 => p.map((c, i) => Math.max(-inner[i], Math.min(inner[i], c))) as unknown as Vec3
    const swell = (a: number, b: number): number => {
      const x = read(us, a) / hu
      const y = read(vs, b) / hv
      return puff * (1 - x * x) * (1 - y * y)
    }
    const shape = (a: number, b: number): Vec3 => {
      const p = cubeAt(a, b)
      const c = core(p)
      return add(add(c, scale(normalize(sub(p, c)), r)), scale(n, swell(a, b)))
    }
    const normalAt = (a: number, b: number): Vec3 => {
      const p = cubeAt(a, b)
      const bent = normalize(sub(p, core(p)))
      if (puff === 0) return bent
      const x = read(us, a) / hu
      const y = read(vs, b) / hv
      const tilt = add(scale(u, ((2 * x) / hu) * (1 - y * y) * puff), scale(v, ((2 * y) / hv) * (1 - x * x) * puff))
      return normalize(add(bent, tilt))
    }
    out.push(
      gridSurface(paintHere, us.length - 1, vs.length - 1, place, shape, { normal: normalAt, layer: options.layer }),
    )
  })
  return out
}

/** A body of revolution about the placement's +Y: `profile` lists [radius, height] from the bottom up. */
export function lathe(
  paint: Paint,
  place: Placement,
  profile: readonly (readonly [number, number])[],
  segments = 20,
): Surface {
  return gridSurface(paint, segments, profile.length - 1, place, (u, v) => {
    const x = Math.min(1, v) * (profile.length - 1)
    const i = Math.min(profile.length - 2, Math.floor(x))
    const [r0, y0] = profile[i]
    const [r1, y1] = profile[i + 1]
    const r = Math.max(1e-5, r0 + (r1 - r0) * (x - i))
    const angle = -u * 2 * Math.PI
    return [r * Math.cos(angle), y0 + (y1 - y0) * (x - i), r * Math.sin(angle)]
  })
}

/** A round rod from a to b. */
export function rod(paint: Paint, a: Vec3, b: Vec3, radius: number, endRadius = radius, segments = 10): Surface {
  const d = sub(b, a)
  return lathe(
    paint,
    { position: a, rotation: turnUpTo(d) },
    [
      [0, 0],
      [radius, 0],
      [endRadius, length(d)],
      [0, length(d)],
    ],
    segments,
  )
}

export function ellipsoid(paint: Paint, place: Placement, radii: Vec3, segments = 16): Surface {
  return gridSurface(paint, segments, Math.round(segments * 0.6), place, (u, v) => {
    const a = -u * 2 * Math.PI
    const b = (0.001 + v * 0.998 - 0.5) * Math.PI
    return [radii[0] * Math.cos(b) * Math.cos(a), radii[1] * Math.sin(b), radii[2] * Math.cos(b) * Math.sin(a)]
  })
}

/** Bilinear reading of a grid of `channels` numbers a node at (u, v). */
export function readGrid(
  grid: ArrayLike<number>,
  columns: number,
  rows: number,
  u: number,
  v: number,
): [number, number, number] {
  const x = Math.min(1, Math.max(0, u)) * columns
  const y = Math.min(1, Math.max(0, v)) * rows
  const i = Math.min(columns - 1, Math.floor(x))
  const j = Math.min(rows - 1, Math.floor(y))
  const fx = x - i
  const fy = y - j
  const k = (j * (columns + 1) + i) * 3
  const l = k + (columns + 1) * 3
  const at = (c: number): number =>
    (grid[k + c] * (1 - fx) + grid[k + 3 + c] * fx) * (1 - fy) + (grid[l + c] * (1 - fx) + grid[l + 3 + c] * fx) * fy
  return [at(0), at(1), at(2)]
}
