/** The shell: a living room of 5.6 m by 4.6 m, 2.6 m high. x is east, y up, z south; the north wall has the window. */
import type { Vec3 } from './linear.ts'
import type { Paint, Surface } from './surface.ts'
import { box, gridSurface, quad, rod, upright } from './surface.ts'

const ROOM: { readonly size: Vec3 } = { size: [5.6, 2.6, 4.6] }
export const WINDOW = { x0: 1.75, x1: 3.75, y0: 0.78, y1: 2.2, depth: 0.22 }

const WALL: Paint = { texture: 'plaster', tint: [0.8, 0.76, 0.68], repeat: [2, 1] }
const ACCENT: Paint = { texture: 'plaster', tint: [0.3, 0.4, 0.385], repeat: [2, 1] }
const WHITE: Paint = { texture: 'plain', tint: [0.84, 0.83, 0.79], gloss: 0.25 }
const BRASS: Paint = { texture: 'plain', tint: [0.55, 0.39, 0.16], gloss: 0.7 }

function walls(): Surface[] {
  const [sx, sy, sz] = ROOM.size
  const { x0, x1, y0, y1, depth } = WINDOW
  const cell = 0.045
  const north = (a: number, b: number, low: number, high: number): Surface =>
    quad(
      { ...WALL, repeat: [(b - a) / 2.5, (high - low) / 2.5] },
      [a, low, 0],
      [b - a, 0, 0],
      [0, high - low, 0],
      'shell',
      cell,
    )
  return [
    quad(
      { texture: 'floor', gloss: 0.55, repeat: [sx / 2, sz / 2] },
      [0, 0, sz],
      [sx, 0, 0],
      [0, 0, -sz],
      'shell',
      0.024,
    ),
    quad(
      { texture: 'plaster', tint: [0.87, 0.86, 0.83], repeat: [2, 2] },
      [0, sy, 0],
      [sx, 0, 0],
      [0, 0, sz],
      'shell',
      0.07,
    ),
    quad(ACCENT, [0, 0, sz], [0, 0, -sz], [0, sy, 0], 'shell', cell),
    quad(WALL, [sx, 0, 0], [0, 0, sz], [0, sy, 0], 'shell', cell),
    quad(WALL, [sx, 0, sz], [-sx, 0, 0], [0, sy, 0], 'shell', cell),
    north(0, x0, 0, sy),
    north(x1, sx, 0, sy),
    north(x0, x1, 0, y0),
    north(x0, x1, y1, sy),
    quad(WHITE, [x0, y0, 0], [x1 - x0, 0, 0], [0, 0, -depth], 'shell'),
    quad(WHITE, [x1, y1, 0], [x0 - x1, 0, 0], [0, 0, -depth], 'shell'),
    quad(WHITE, [x0, y0, 0], [0, 0, -depth], [0, y1 - y0, 0], 'shell'),
    quad(WHITE, [x1, y0, -depth], [0, 0, depth], [0, y1 - y0, 0], 'shell'),
  ]
}

function windowFrame(): Surface[] {
  const { x0, x1, y0, y1, depth } = WINDOW
  const z = -depth + 0.05
  const width = x1 - x0
  const bar = (x: number, y: number, w: number, h: number): Surface[] =>
    box(WHITE, upright(x, y, z), [w, h, 0.05], { cell: 0.08 })
  const middleX = (x0 + x1) / 2
  const middleY = (y0 + y1) / 2
  return [
    ...bar(middleX, y0 + 0.03, width, 0.06),
    ...bar(middleX, y1 - 0.03, width, 0.06),
    ...bar(x0 + 0.03, middleY, 0.06, y1 - y0 - 0.12),
    ...bar(x1 - 0.03, middleY, 0.06, y1 - y0 - 0.12),
    ...bar(middleX, middleY, 0.07, y1 - y0 - 0.12),
    ...bar(middleX, y1 - 0.44, width - 0.12, 0.03),
    ...box(WHITE, upright(middleX, y0 - 0.012, 0.04), [width + 0.24, 0.035, 0.2], { round: 0.008 }),
    quad({ texture: 'view', glow: 1.15 }, [x0 - 8, -2.2, -4.2], [width + 16, 0, 0], [0, 8.4, 0], 'outside', 9),
  ]
}

function curtain(x: number, width: number, phase: number): Surface {
  const paint: Paint = { texture: 'fabric', tint: [0.68, 0.6, 0.47], repeat: [6, 12] }
  return gridSurface(paint, 44, 12, upright(x, 0.05, 0.13), (u, v) => {
    const fold = Math.sin(u * Math.PI * 2 * 6 + phase) * (0.05 - 0.018 * v) + Math.sin(u * 31 + phase * 2) * 0.008
    const gather = 1 - 0.1 * Math.sin(v * Math.PI) ** 2
    return [(u - 0.5) * width * gather, v * 2.32, fold]
  })
}

function trim(): Surface[] {
  const [sx, , sz] = ROOM.size
  const board = (x: number, z: number, w: number, d: number): Surface[] =>
    box(WHITE, upright(x, 0.045, z), [w, 0.09, d], { cell: 0.12, without: [3] })
  const doorPaint: Paint = { texture: 'door', tint: [0.78, 0.77, 0.72], gloss: 0.3 }
  const frame = (x: number, y: number, w: number, h: number): Surface[] =>
    box(WHITE, upright(x, y, sz - 0.015), [w, h, 0.05], { cell: 0.1 })
  return [
    ...board(0.008, sz / 2, 0.016, sz),
    ...board(sx - 0.008, sz / 2, 0.016, sz),
    ...board(sx / 2, 0.008, sx, 0.016),
    ...board((1.62 + sx) / 2, sz - 0.008, sx - 1.62, 0.016),
    ...board(0.21, sz - 0.008, 0.42, 0.016),
    quad(doorPaint, [1.48, 0, sz - 0.012], [-0.9, 0, 0], [0, 2.06, 0], 'furniture', 0.05),
    ...frame(0.53, 1.03, 0.1, 2.06),
    ...frame(1.53, 1.03, 0.1, 2.06),
    ...frame(1.03, 2.11, 1.1, 0.1),
    rod(BRASS, [0.68, 1.02, sz - 0.012], [0.68, 1.02, sz - 0.07], 0.012),
    rod(BRASS, [0.67, 1.02, sz - 0.065], [0.8, 1.02, sz - 0.065], 0.01),
    rod(BRASS, [1.25, 2.4, 0.13], [4.25, 2.4, 0.13], 0.013),
    curtain(1.52, 0.52, 0.4),
    curtain(3.98, 0.52, 2.1),
  ]
}

export function buildShell(): Surface[] {
  return [...walls(), ...windowFrame(), ...trim()]
}
