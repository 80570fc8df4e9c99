/**
 * Baked light: sky and sun through the window, the reading lamp, and two bounces between the surfaces. Values are
 * irradiance / pi in linear rgb, so that radiance = albedo x value.
 */
import type { Vec3 } from './linear.ts'
import { add, cross, normalize, scale } from './linear.ts'
import { LAMP } from './furniture.ts'
import { randomFor } from './random.ts'
import type { RayTree } from './ray-tree.ts'
import { WINDOW } from './room.ts'
import type { Surface } from './surface.ts'
import { readGrid } from './surface.ts'
import type { Texture } from './textures.ts'
import { sampleTexture } from './textures.ts'

const SUN_DIRECTION = normalize([-0.3, 0.6, -0.74])
const SUN: Vec3 = [4.9, 4.25, 3.4]
const SKY: Vec3 = [5.6, 6.1, 6.6]
const GARDEN: Vec3 = [3.1, 3.3, 2.3]
const BULB: Vec3 = [2.0, 1.3, 0.66]
const SHADE: Vec3 = [1.15, 0.72, 0.36]

const SKY_SIDE = 6
const SUN_RAYS = 20
const BULB_RAYS = 20
const SHADE_RAYS = 10
const BOUNCE_RAYS = 48

export interface LightPair {
  readonly daylight: Vec3
  readonly lamp: Vec3
}

type Rng = ReturnType<typeof randomFor>

/** Light that reaches p with normal n straight from the sources. */
function direct(tree: RayTree, p: Vec3, n: Vec3, r: Rng): LightPair {
  const daylight: [number, number, number] = [0, 0, 0]
  const lamp: [number, number, number] = [0, 0, 0]
  const { x0, x1, y0, y1, depth } = WINDOW
  const area = (x1 - x0) * (y1 - y0)
  for (let i = 0; i < SKY_SIDE; i++) {
    for (let j = 0; j < SKY_SIDE; j++) {
      const t = (j + r.next()) / SKY_SIDE
      const dx = x0 + ((i + r.next()) / SKY_SIDE) * (x1 - x0) - p[0]
      const dy = y0 + t * (y1 - y0) - p[1]
      const dz = -depth - p[2]
      if (dz > -1e-3) continue
      const d2 = dx * dx + dy * dy + dz * dz
      const d = Math.sqrt(d2)
      const cosine = (dx * n[0] + dy * n[1] + dz * n[2]) / d
      if (cosine <= 0 || tree.blocked(p[0], p[1], p[2], dx / d, dy / d, dz / d, d)) continue
      const up = dy / d
      const k = (cosine * (-dz / d) * area) / (Math.max(d2, 0.02) * Math.PI * SKY_SIDE * SKY_SIDE)
      const mixUp = Math.min(1, Math.max(0, up * 4 + 0.35))
      for (let c = 0; c < 3; c++) daylight[c] += k * (GARDEN[c] * (1 - mixUp) + SKY[c] * mixUp)
    }
  }
  for (let i = 0; i < SUN_RAYS; i++) {
    const s = normalize(add(SUN_DIRECTION, scale([r.normal(), r.normal(), r.normal()], 0.011)))
    const cosine = s[0] * n[0] + s[1] * n[1] + s[2] * n[2]
    if (cosine <= 0) continue
    if (!tree.blocked(p[0], p[1], p[2], s[0], s[1], s[2], 12)) {
      for (let c = 0; c < 3; c++) daylight[c] += (SUN[c] * cosine) / SUN_RAYS
    }
  }
  const toward = (q: Vec3, colour: Vec3, weight: (d2: number, dx: number, dy: number, dz: number) => number): void => {
    const dx = q[0] - p[0]
    const dy = q[1] - p[1]
    const dz = q[2] - p[2]
    const d2 = Math.max(dx * dx + dy * dy + dz * dz, 0.01)
    const d = Math.sqrt(d2)
    const cosine = (dx * n[0] + dy * n[1] + dz * n[2]) / d
    if (cosine <= 0) return
    const w = weight(d2, dx / d, dy / d, dz / d)
    if (w <= 0 || tree.blocked(p[0], p[1], p[2], dx / d, dy / d, dz / d, d - 0.012)) return
    for (let c = 0; c < 3; c++) lamp[c] += (colour[c] * cosine * w) / (d2 * Math.PI)
  }
  for (let i = 0; i < BULB_RAYS; i++) {
    const q = add(LAMP, scale(normalize([r.normal(), r.normal(), r.normal()]), 0.05))
    toward(q, BULB, () => 1 / BULB_RAYS)
  }
  const shadeArea = 2 * Math.PI * 0.18 * 0.29
  for (let i = 0; i < SHADE_RAYS; i++) {
    const a = ((i + r.next()) / SHADE_RAYS) * 2 * Math.PI
    const q: Vec3 = [LAMP[0] + Math.cos(a) * 0.2, LAMP[1] - 0.12 + 0.27 * r.next(), LAMP[2] + Math.sin(a) * 0.2]
    toward(
      q,
      SHADE,
      (_d2, dx, _dy, dz) => (Math.max(0, -(dx * Math.cos(a) + dz * Math.sin(a))) * shadeArea) / SHADE_RAYS,
    )
  }
  return { daylight, lamp }
}

export class Lighting {
  readonly surfaces: readonly Surface[]
  readonly tree: RayTree
  private readonly textures: ReadonlyMap<string, Texture>

  constructor(surfaces: readonly Surface[], tree: RayTree, textures: ReadonlyMap<string, Texture>) {
    this.surfaces = surfaces
    this.tree = tree
    this.textures = textures
  }

  /** Linear reflectance of a surface at (u, v). */
  albedo(surface: Surface, u: number, v: number): Vec3 {
    const { texture, tint = [1, 1, 1], repeat = [1, 1] } = surface.paint
    const painted = this.textures.get(texture)
    if (!painted) throw new Error(`no texture is called ${texture}`)
    const c = sampleTexture(painted, u * repeat[0], v * repeat[1])
    return [Math.min(0.92, c[0] * tint[0]), Math.min(0.92, c[1] * tint[1]), Math.min(0.92, c[2] * tint[2])]
  }

  lightAt(surface: Surface, u: number, v: number): LightPair {
    if (!surface.light) return { daylight: [1, 1, 1], lamp: [0, 0, 0] }
    const read = (g: Float32Array): Vec3 => readGrid(g, surface.lightColumns, surface.lightRows, u, v)
    return { daylight: read(surface.light.daylight), lamp: read(surface.light.lamp) }
  }

  /** Linear radiance that leaves a surface at (u, v) with the lamp at `lampLevel`. */
  radiance(surface: Surface, u: number, v: number, lampLevel: number): Vec3 {
    const { glow = 0, lampGlow = 0 } = surface.paint
    const a = this.albedo(surface, u, v)
    const l = this.lightAt(surface, u, v)
    const at = (c: number): number => a[c] * (l.daylight[c] + l.lamp[c] * lampLevel + glow + lampGlow * lampLevel)
    return [at(0), at(1), at(2)]
  }

  /** Light from the other surfaces, over the cosine hemisphere. */
  private bounced(p: Vec3, n: Vec3, r: Rng, rays: number): LightPair {
    const t = normalize(Math.abs(n[1]) < 0.9 ? cross([0, 1, 0], n) : cross([1, 0, 0], n))
    const b = cross(n, t)
    const daylight: [number, number, number] = [0, 0, 0]
    const lamp: [number, number, number] = [0, 0, 0]
    const turn = r.next()
    const lift = r.next()
    for (let i = 0; i < rays; i++) {
      const a = 2 * Math.PI * ((i * 0.618033988749895 + turn) % 1)
      const s2 = (i + lift) / rays
      const s = Math.sqrt(s2)
      const c = Math.sqrt(1 - s2)
      const x = s * Math.cos(a)
      const y = s * Math.sin(a)
      const hit = this.tree.nearest(
        p[0],
        p[1],
        p[2],
        t[0] * x + b[0] * y + n[0] * c,
        t[1] * x + b[1] * y + n[1] * c,
        t[2] * x + b[2] * y + n[2] * c,
      )
      if (!hit) continue
      const surface = this.surfaces[hit.surface]
      const l = this.lightAt(surface, hit.u, hit.v)
      const albedo = this.albedo(surface, hit.u, hit.v)
      for (let k = 0; k < 3; k++) {
        daylight[k] += (albedo[k] * l.daylight[k]) / rays
        lamp[k] += (albedo[k] * l.lamp[k]) / rays
      }
    }
    return { daylight, lamp }
  }

  /** All light at a point in the air, for what moves through the room. */
  probe(p: Vec3, n: Vec3, r: Rng): LightPair {
    const d = direct(this.tree, p, n, r)
    const i = this.bounced(p, n, r, BOUNCE_RAYS * 2)
    return { daylight: add(d.daylight, i.daylight), lamp: add(d.lamp, i.lamp) }
  }

  /** Fills `light` of every surface. */
  bake(report: (line: string) => void): void {
    const r = randomFor('light')
    const parts = this.surfaces.map((s): { sources: Float32Array[]; bounce: Float32Array[] } => {
      const size = (s.lightColumns + 1) * (s.lightRows + 1) * 3
      return {
        sources: [new Float32Array(size), new Float32Array(size)],
        bounce: [new Float32Array(size), new Float32Array(size)],
      }
    })
    const each = (visit: (p: Vec3, n: Vec3) => LightPair, which: 'sources' | 'bounce'): void => {
      this.surfaces.forEach((s, id) => {
        if (s.layer === 'outside') return
        const columns = s.lightColumns
        for (let j = 0; j <= s.lightRows; j++) {
          for (let i = 0; i <= columns; i++) {
            // A node on an edge looks from just inside it, so that it never starts within its neighbour.
            const u = Math.min(1 - 0.2 / columns, Math.max(0.2 / columns, i / columns))
            const v = Math.min(1 - 0.2 / s.lightRows, Math.max(0.2 / s.lightRows, j / s.lightRows))
            const n = normalize(readGrid(s.normals, s.columns, s.rows, u, v))
            const at = add(readGrid(s.positions, s.columns, s.rows, u, v), scale(n, 0.003))
            const l = visit(at, n)
            const k = (j * (columns + 1) + i) * 3
            parts[id][which][0].set(l.daylight, k)
            parts[id][which][1].set(l.lamp, k)
          }
        }
      })
    }
    each((p, n) => direct(this.tree, p, n, r), 'sources')
    this.surfaces.forEach((s, id) => {
      if (s.lightColumns * s.lightRows < 400) return
      const { sources } = parts[id]
      sources.forEach((g, c) => (sources[c] = smooth(g, s.lightColumns, s.lightRows, 1)))
    })
    report('light: sources done')
    for (let pass = 0; pass < 2; pass++) {
      this.surfaces.forEach((s, id) => {
        const { sources, bounce } = parts[id]
        const soft = bounce.map((g) => soften(g, s.lightColumns, s.lightRows))
        const sum = (c: number): Float32Array => sources[c].map((x, k) => x + soft[c][k])
        s.light = { daylight: sum(0), lamp: sum(1) }
      })
      each((p, n) => this.bounced(p, n, r, BOUNCE_RAYS), 'bounce')
      report(`light: bounce ${pass + 1} done`)
    }
    this.surfaces.forEach((s, id) => {
      const { sources, bounce } = parts[id]
      const soft = bounce.map((g) => soften(g, s.lightColumns, s.lightRows))
      const sum = (c: number): Float32Array => sources[c].map((x, k) => x + 1.2 * soft[c][k])
      s.light = { daylight: sum(0), lamp: sum(1) }
    })
  }
}

/**
 * A blur over a grid: bounced light has no edges, only the sampling's noise. Wide on large flat grids, a node on small
 * ones.
 */
function soften(grid: Float32Array, columns: number, rows: number): Float32Array {
  const reach = Math.min(5, Math.floor(Math.min(columns, rows) / 8))
  const passes = reach > 1 ? 3 : 2
  let out: Float32Array = grid
  for (let pass = 0; pass < passes; pass++) out = smooth(out, columns, rows, Math.max(1, reach))
  return out
}

function smooth(grid: Float32Array, columns: number, rows: number, reach: number): Float32Array {
  return blurAlong(blurAlong(grid, columns + 1, rows + 1, 1, reach), rows + 1, columns + 1, columns + 1, reach)
}

/** A running mean along one axis: `count` nodes `stride` apart, on each of `lines` lines. */
function blurAlong(grid: Float32Array, count: number, lines: number, stride: number, reach: number): Float32Array {
  const out = new Float32Array(grid.length)
  const lineStride = stride === 1 ? count : 1
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < count; i++) {
      const from = Math.max(0, i - reach)
      const to = Math.min(count - 1, i + reach)
      for (let c = 0; c < 3; c++) {
        let sum = 0
        for (let k = from; k <= to; k++) sum += grid[(line * lineStride + k * stride) * 3 + c]
        out[(line * lineStride + i * stride) * 3 + c] = sum / (to - from + 1)
      }
    }
  }
  return out
}
