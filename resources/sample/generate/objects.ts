/** The smaller things: books, pictures, plants, bowls; what the commentary talks about. */
import type { Quat, Vec3 } from './linear.ts'
import { add, axisAngle, multiplyQuat, rotate } from './linear.ts'
import type { Random } from './random.ts'
import { randomFor } from './random.ts'
import { TABLE } from './furniture.ts'
import type { Paint, Surface } from './surface.ts'
import { box, ellipsoid, gridSurface, lathe, quad, rod, upright } from './surface.ts'

const OAK: Paint = { texture: 'wood', gloss: 0.3 }
const CLAY: Paint = { texture: 'plain', tint: [0.6, 0.27, 0.16], gloss: 0.1 }
const CREAM: Paint = { texture: 'plain', tint: [0.78, 0.73, 0.63], gloss: 0.45 }
const PAPER: Paint = { texture: 'plain', tint: [0.8, 0.77, 0.69] }
const COVERS: readonly Vec3[] = [
  [0.07, 0.16, 0.24],
  [0.45, 0.12, 0.07],
  [0.62, 0.42, 0.12],
  [0.13, 0.26, 0.22],
  [0.7, 0.65, 0.55],
  [0.2, 0.33, 0.4],
  [0.1, 0.1, 0.12],
  [0.52, 0.25, 0.2],
  [0.35, 0.45, 0.36],
]

const cover = (r: Random): Vec3 => COVERS[Math.floor(r.next() * COVERS.length)]

/** A picture on a wall; `facing` is the yaw of its front, 0 looks south (+z). */
function picture(
  texture: string,
  x: number,
  y: number,
  z: number,
  width: number,
  height: number,
  facing: number,
  frame: Paint,
): Surface[] {
  const place = upright(x, y, z, facing)
  const at = (v: Vec3): Vec3 => add(place.position, rotate(place.rotation, v))
  const out: Surface[] = [
    quad(
      { texture, gloss: 0.2 },
      at([-width / 2, -height / 2, 0.014]),
      rotate(place.rotation, [width, 0, 0]),
      rotate(place.rotation, [0, height, 0]),
    ),
  ]
  const bar = (dx: number, dy: number, w: number, h: number): void => {
    const p = at([dx, dy, 0.014])
    out.push(...box(frame, upright(p[0], p[1], p[2], facing), [w, h, 0.03], { cell: 0.08 }))
  }
  bar(0, height / 2 + 0.012, width + 0.048, 0.024)
  bar(0, -height / 2 - 0.012, width + 0.048, 0.024)
  bar(width / 2 + 0.012, 0, 0.024, height)
  bar(-width / 2 - 0.012, 0, 0.024, height)
  return out
}

function pictures(): Surface[] {
  const black: Paint = { texture: 'plain', tint: [0.035, 0.035, 0.035], gloss: 0.3 }
  return [
    ...picture('paintingSea', 0.008, 1.66, 3.12, 0.62, 0.48, Math.PI / 2, OAK),
    ...picture('paintingSun', 0.008, 1.7, 2.3, 0.5, 0.66, Math.PI / 2, black),
    ...picture('paintingLeaves', 0.008, 1.62, 1.56, 0.44, 0.56, Math.PI / 2, OAK),
    ...picture('paintingGrid', 3.5, 1.55, 4.592, 0.7, 0.7, Math.PI, black),
  ]
}

/** The shelf on the east wall, 2.05 m high, books standing, leaning and lying. */
function shelf(): Surface[] {
  const r = randomFor('shelf')
  const x = 5.44
  const z0 = 1.95
  const z1 = 3.45
  const depth = 0.3
  const out: Surface[] = []
  const board = (y: number): void => {
    out.push(...box(OAK, upright(x, y, (z0 + z1) / 2), [depth, 0.026, z1 - z0], { cell: 0.05, repeatPerMetre: 0.8 }))
  }
  const levels = [0.07, 0.47, 0.84, 1.2, 1.55, 1.92]
  levels.forEach(board)
  for (const z of [z0, (z0 + z1) / 2 + 0.12, z1]) {
    out.push(...box(OAK, upright(x, 0.99, z), [depth, 1.89, 0.026], { cell: 0.06, repeatPerMetre: 0.8 }))
  }
  out.push(
    quad(
      { texture: 'plaster', tint: [0.5, 0.47, 0.42] },
      [5.585, 0.06, z0],
      [0, 0, z1 - z0],
      [0, 1.86, 0],
      'furniture',
      0.05,
    ),
  )
  for (let level = 0; level < levels.length - 1; level++) {
    const room = levels[level + 1] - levels[level] - 0.03
    for (const [from, to] of [
      [z0 + 0.015, 2.8],
      [2.835, z1 - 0.015],
    ]) {
      const fill = 0.5 + 0.45 * r.next()
      let z = from + 0.005
      while (z < from + (to - from) * fill - 0.05) {
        const thick = 0.018 + 0.028 * r.next()
        const tall = Math.min(room - 0.02, 0.19 + 0.1 * r.next())
        const deep = 0.15 + 0.07 * r.next()
        const paint: Paint = { texture: 'spine', tint: cover(r), gloss: 0.2 }
        const y = levels[level] + 0.013 + tall / 2
        const front = 5.31 + 0.012 * r.next()
        out.push(
          ...box(paint, upright(front + deep / 2, y, z + thick / 2), [deep, tall, thick], {
            cell: 0.09,
            without: [0, 3],
          }),
        )
        z += thick + 0.002
      }
      const space = to - z
      if (space > 0.26) {
        let y = levels[level] + 0.013
        for (let i = 0; i < 2 + Math.floor(r.next() * 2); i++) {
          const thick = 0.022 + 0.02 * r.next()
          const place = upright(5.42, y + thick / 2, z + space / 2 + 0.03, (r.next() - 0.5) * 0.3)
          out.push(
            ...box({ texture: 'plain', tint: cover(r), gloss: 0.2 }, place, [0.17, thick, 0.23], {
              cell: 0.09,
              without: [3],
            }),
          )
          y += thick
        }
      }
    }
  }
  const vase = (z: number, y: number, paint: Paint, k: number): void => {
    out.push(
      lathe(
        paint,
        upright(5.42, y, z),
        [
          [0, 0],
          [0.045 * k, 0],
          [0.075 * k, 0.06 * k],
          [0.06 * k, 0.13 * k],
          [0.025 * k, 0.18 * k],
          [0.032 * k, 0.21 * k],
        ],
        20,
      ),
    )
  }
  vase(3.1, 1.933, CLAY, 1.3)
  vase(2.3, 1.933, { ...CREAM, tint: [0.16, 0.3, 0.3] }, 1)
  return out
}

/** One leaf on a stalk: a bowed blade. */
function leaf(out: Surface[], base: Vec3, yaw: number, rise: number, size: number, bow: number): void {
  const turn: Quat = multiplyQuat(axisAngle([0, 1, 0], yaw), axisAngle([0, 0, 1], rise))
  const blade = (side: number): Surface =>
    gridSurface({ texture: 'leaf', gloss: 0.35 }, 8, 4, { position: base, rotation: turn }, (u, v) => {
      const width = size * 0.3 * Math.sin(Math.PI * Math.min(1, 0.03 + u * 0.97) ** 0.75)
      const w = (v - 0.5) * 2 * side
      const droop = -bow * size * u * u
      return [size * u, droop + Math.abs(w) * width * 0.3, -w * width]
    })
  out.push(blade(1), blade(-1))
}

function plants(): Surface[] {
  const r = randomFor('plants')
  const out: Surface[] = []
  const pot = upright(0.62, 0, 0.56)
  out.push(
    lathe(
      CREAM,
      pot,
      [
        [0, 0],
        [0.15, 0],
        [0.2, 0.2],
        [0.215, 0.36],
        [0.2, 0.36],
        [0.19, 0.31],
        [0, 0.31],
      ],
      28,
    ),
  )
  const stem: Paint = { texture: 'wood', tint: [0.5, 0.5, 0.4] }
  const trunks: readonly (readonly [Vec3, Vec3])[] = [
    [
      [0.62, 0.3, 0.56],
      [0.6, 1.75, 0.6],
    ],
    [
      [0.65, 0.3, 0.54],
      [0.86, 1.25, 0.5],
    ],
    [
      [0.58, 0.3, 0.58],
      [0.42, 1.35, 0.78],
    ],
  ]
  trunks.forEach(([a, b], t) => {
    out.push(rod(stem, a, b, 0.016, 0.008))
    const count = t === 0 ? 15 : 10
    for (let i = 0; i < count; i++) {
      const k = 0.35 + (0.65 * (i + 0.5)) / count
      const at: Vec3 = [a[0] + (b[0] - a[0]) * k, a[1] + (b[1] - a[1]) * k, a[2] + (b[2] - a[2]) * k]
      leaf(
        out,
        at,
        i * 2.4 + t * 1.1 + r.next() * 0.5,
        0.75 - 0.6 * r.next(),
        0.26 + 0.13 * r.next(),
        0.35 + 0.35 * r.next(),
      )
    }
  })
  out.push(
    lathe(
      CLAY,
      upright(3.9, 0.68, 4.38),
      [
        [0, 0],
        [0.06, 0],
        [0.085, 0.13],
        [0.075, 0.13],
        [0, 0.11],
      ],
      20,
    ),
  )
  for (let i = 0; i < 14; i++) leaf(out, [3.9, 0.8, 4.38], i * 2.4, 1.15 - i * 0.06, 0.16 + 0.05 * r.next(), 0.9)
  return out
}

function tableThings(): Surface[] {
  const { x, z, top } = TABLE
  const out: Surface[] = []
  const stack = (
    px: number,
    pz: number,
    y: number,
    sizes: readonly (readonly [number, number, number, number, number])[],
  ): void => {
    for (const [w, d, h, colour, yaw] of sizes) {
      out.push(
        ...box({ texture: 'plain', tint: COVERS[colour], gloss: 0.3 }, upright(px, y + h / 2, pz, yaw), [w, h, d], {
          round: 0.003,
          cell: 0.06,
          without: [3],
        }),
      )
      y += h
    }
  }
  stack(x + 0.12, z - 0.33, top, [
    [0.23, 0.3, 0.028, 0, 0.1],
    [0.2, 0.27, 0.022, 4, -0.12],
    [0.16, 0.22, 0.03, 1, 0.25],
  ])
  out.push(
    lathe(
      { texture: 'plain', tint: [0.13, 0.27, 0.29], gloss: 0.6 },
      upright(x + 0.1, top, z + 0.36),
      [
        [0, 0],
        [0.06, 0],
        [0.13, 0.035],
        [0.165, 0.085],
        [0.157, 0.085],
        [0.12, 0.04],
        [0, 0.018],
      ],
      28,
    ),
  )
  const fruit: readonly (readonly [number, number, number])[] = [
    [0.06, 0.08, 0.0],
    [-0.05, 0.08, 0.05],
    [0.0, 0.085, -0.065],
    [0.005, 0.15, 0.0],
  ]
  fruit.forEach(([dx, dy, dz], i) => {
    const tint: Vec3 = i === 3 ? [0.62, 0.52, 0.08] : [0.85, 0.33, 0.03]
    out.push(
      ellipsoid(
        { texture: 'plain', tint, gloss: 0.25 },
        upright(x + 0.1 + dx, top + dy, z + 0.36 + dz),
        [0.042, 0.039, 0.042],
        14,
      ),
    )
  })
  out.push(
    lathe(
      CREAM,
      upright(x - 0.2, top, z - 0.42),
      [
        [0, 0],
        [0.035, 0],
        [0.04, 0.09],
        [0.036, 0.09],
        [0, 0.086],
      ],
      18,
    ),
  )
  out.push(
    lathe(
      OAK,
      upright(5.18, 0.525, 1.1),
      [
        [0, 0],
        [0.05, 0],
        [0.055, 0.03],
        [0.04, 0.05],
        [0, 0.05],
      ],
      18,
    ),
  )
  stack(5.22, 1.22, 0.525, [[0.14, 0.2, 0.025, 3, 0.5]])
  stack(2.86, 4.36, 0.68, [
    [0.26, 0.3, 0.03, 6, 0.05],
    [0.24, 0.28, 0.02, 2, -0.06],
  ])
  out.push(
    lathe(
      { texture: 'plain', tint: [0.62, 0.6, 0.56], gloss: 0.5 },
      upright(3.25, 0.68, 4.4),
      [
        [0, 0],
        [0.07, 0],
        [0.11, 0.1],
        [0.1, 0.2],
        [0.04, 0.27],
        [0.035, 0.33],
        [0.05, 0.36],
      ],
      24,
    ),
  )
  out.push(...box(PAPER, upright(2.55, 0.8, 0.06), [0.16, 0.012, 0.1], { cell: 0.06 }))
  out.push(
    lathe(
      CLAY,
      upright(3.3, 0.797, -0.06),
      [
        [0, 0],
        [0.045, 0],
        [0.06, 0.09],
        [0.052, 0.09],
        [0, 0.075],
      ],
      18,
    ),
  )
  for (let i = 0; i < 9; i++) leaf(out, [3.3, 0.87, -0.06], i * 2.4, 1.2 - i * 0.07, 0.11, 0.5)
  return out
}

export function buildObjects(): Surface[] {
  return [...pictures(), ...shelf(), ...plants(), ...tableThings()]
}
