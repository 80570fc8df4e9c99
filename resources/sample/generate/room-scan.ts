/** The room scan: points on what can be seen from a walk through the room, with the scanner's noise, as binary PLY. */
import { WORLD_FROM_DESIGN } from './frames.ts'
import type { Pose, Vec3 } from './linear.ts'
import { add, cross, dot, length, normalize, scale, sub, transform } from './linear.ts'
import { bodyAt } from './motion.ts'
import { randomFor } from './random.ts'
import type { Scene } from './scene.ts'
import { readGrid } from './surface.ts'
import type { Surface } from './surface.ts'
import { expose } from './textures.ts'

const POINTS = 72_000
export const SCAN_NOISE_METRES = 0.004

/** Points lie at least this far apart, as a scanner that thins its cloud leaves them: walls wider, things closer. */
const SPACING_METRES = { shell: 0.036, furniture: 0.017 }

/** Places that the scanner passed, a little more than the walk itself. */
const VIEWPOINTS: readonly Vec3[] = [
  ...[0, 4, 7, 9.5, 12, 14.5, 17, 20, 22, 25].map((t): Vec3 => {
    const p = bodyAt(t).position
    return [p[0], 1.5, p[2]]
  }),
  [2.9, 1.2, 3.9],
  [4.9, 1.9, 4.1],
  [3.0, 0.75, 1.4],
  [1.3, 2.1, 1.0],
]

function cellArea(s: Surface, i: number, j: number): number {
  const at = (a: number, b: number): Vec3 => {
    const k = ((j + b) * (s.columns + 1) + i + a) * 3
    return [s.positions[k], s.positions[k + 1], s.positions[k + 2]]
  }
  return length(cross(sub(at(1, 0), at(0, 0)), sub(at(0, 1), at(0, 0))))
}

export interface ScanPoint {
  readonly position: Vec3
  readonly color: Vec3
}

function seen(scene: Scene, p: Vec3, n: Vec3): boolean {
  return VIEWPOINTS.some((view) => {
    const d = sub(view, p)
    const far = length(d)
    const u = scale(d, 1 / far)
    return dot(u, n) > 0.08 && far < 5.5 && !scene.tree.blocked(p[0], p[1], p[2], u[0], u[1], u[2], far)
  })
}

/** Remembers points in a grid and says whether a place is far enough from all of them. */
class Thinning {
  private readonly cells = new Map<number, Vec3[]>()

  private key(p: Vec3, dx: number, dy: number, dz: number): number {
    const at = (c: number, d: number): number => Math.floor(p[c] / 0.04) + 200 + d
    return (at(0, dx) * 1024 + at(1, dy)) * 1024 + at(2, dz)
  }

  free(p: Vec3, spacing: number): boolean {
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (let dz = -1; dz <= 1; dz++) {
          if (this.cells.get(this.key(p, dx, dy, dz))?.some((q) => length(sub(p, q)) < spacing)) return false
        }
      }
    }
    return true
  }

  take(p: Vec3): void {
    const k = this.key(p, 0, 0, 0)
    const list = this.cells.get(k)
    if (list) list.push(p)
    else this.cells.set(k, [p])
  }
}

/** Points in the design frame, their colours as the camera would show them (sRGB 0..255). */
function scanRoom(scene: Scene, count = POINTS): ScanPoint[] {
  const r = randomFor('room scan')
  const cells: { surface: Surface; i: number; j: number; upTo: number }[] = []
  let total = 0
  for (const surface of scene.surfaces) {
    if (surface.layer === 'outside') continue
    const weight = surface.layer === 'shell' ? 0.5 : 1.4
    for (let j = 0; j < surface.rows; j++) {
      for (let i = 0; i < surface.columns; i++) {
        total += weight * cellArea(surface, i, j)
        cells.push({ surface, i, j, upTo: total })
      }
    }
  }
  const out: ScanPoint[] = []
  const thinned = new Thinning()
  for (let tries = 0; out.length < count && tries < count * 40; tries++) {
    const want = r.next() * total
    let lo = 0
    let hi = cells.length - 1
    while (lo < hi) {
      const mid = (lo + hi) >> 1
      if (cells[mid].upTo < want) lo = mid + 1
      else hi = mid
    }
    const { surface, i, j } = cells[lo]
    const u = (i + r.next()) / surface.columns
    const v = (j + r.next()) / surface.rows
    const n = normalize(readGrid(surface.normals, surface.columns, surface.rows, u, v))
    const p = readGrid(surface.positions, surface.columns, surface.rows, u, v)
    const spacing = surface.layer === 'shell' ? SPACING_METRES.shell : SPACING_METRES.furniture
    if (!thinned.free(p, spacing) || !seen(scene, add(p, scale(n, 0.002)), n)) continue
    thinned.take(p)
    const c = scene.lighting.radiance(surface, u, v, 0.25).map((x) => Math.round(255 * expose(x * 1.1)))
    const noisy = add(p, scale(n, SCAN_NOISE_METRES * r.normal()))
    out.push({ position: noisy, color: [c[0], c[1], c[2]] })
  }
  return out
}

/** Binary little-endian PLY with float positions and uchar colours. */
function plyFile(points: readonly ScanPoint[], frameFromDesign: Pose): Buffer {
  const header = [
    'ply',
    'format binary_little_endian 1.0',
    'comment Asterism sample take, room scan. Metres, +Y up. CC0.',
    `element vertex ${points.length}`,
    ...['x', 'y', 'z'].map((c) => `property float ${c}`),
    ...['red', 'green', 'blue'].map((c) => `property uchar ${c}`),
    'end_header',
    '',
  ].join('\n')
  const out = Buffer.alloc(header.length + points.length * 15)
  out.write(header, 'latin1')
  points.forEach((p, i) => {
    const q = transform(frameFromDesign, p.position)
    const at = header.length + i * 15
    for (let c = 0; c < 3; c++) {
      out.writeFloatLE(q[c], at + c * 4)
      out[at + 12 + c] = p.color[c]
    }
  })
  return out
}

export const roomScanFile = (scene: Scene): Buffer => plyFile(scanRoom(scene), WORLD_FROM_DESIGN)
