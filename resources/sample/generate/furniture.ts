/** The larger furniture: sofa with chaise, coffee table and rug, armchair, shelf, sideboard, lamps. */
import type { Vec3 } from './linear.ts'
import type { Paint, Surface } from './surface.ts'
import { box, ellipsoid, lathe, quad, rod, upright } from './surface.ts'

const SOFA: Paint = { texture: 'fabric', tint: [0.36, 0.375, 0.4], repeat: [3, 3] }
const OAK: Paint = { texture: 'wood', tint: [1, 1, 1], gloss: 0.35 }
const WALNUT: Paint = { texture: 'wood', tint: [0.55, 0.47, 0.42], gloss: 0.4 }
const BLACK: Paint = { texture: 'plain', tint: [0.03, 0.03, 0.032], gloss: 0.4 }
const BRASS: Paint = { texture: 'plain', tint: [0.55, 0.39, 0.16], gloss: 0.7 }

export const TABLE = { x: 2.45, z: 2.35, top: 0.43, width: 0.72, length: 1.15 }
export const LAMP: Vec3 = [5.12, 1.56, 0.52]

const fabric = (r: number, g: number, b: number, repeat = 3): Paint => ({
  texture: 'fabric',
  tint: [r, g, b],
  repeat: [repeat, repeat],
})

/** Along the west wall, its chaise at the north end, so that the room has no symmetry to fall for. */
function sofa(): Surface[] {
  const out: Surface[] = []
  const soft = { round: 0.05, cell: 0.07 }
  out.push(...box(SOFA, upright(0.49, 0.24, 2.35), [0.86, 0.22, 2.2], soft))
  out.push(...box(SOFA, upright(0.17, 0.5, 2.35), [0.2, 0.62, 2.2], { round: 0.07, cell: 0.07 }))
  out.push(...box(SOFA, upright(0.47, 0.37, 3.54), [0.84, 0.5, 0.2], { round: 0.07, cell: 0.07 }))
  out.push(...box(SOFA, upright(0.47, 0.37, 1.17), [0.84, 0.5, 0.2], { round: 0.07, cell: 0.07 }))
  out.push(...box(SOFA, upright(1.16, 0.235, 1.62), [0.56, 0.21, 0.7], soft))
  const seats: readonly (readonly [number, number, number])[] = [
    [1.62, 0.7, 1.22],
    [2.36, 0.72, 0.72],
    [3.09, 0.7, 0.72],
  ]
  for (const [z, width, depth] of seats) {
    out.push(
      ...box(SOFA, upright(0.24 + depth / 2, 0.415, z), [depth, 0.15, width], {
        round: 0.055,
        puff: 0.022,
        cell: 0.06,
      }),
    )
    out.push(...box(SOFA, upright(0.33, 0.63, z), [0.2, 0.4, width - 0.03], { round: 0.07, puff: 0.03, cell: 0.06 }))
  }
  for (const [x, z] of [
    [0.14, 1.14],
    [0.14, 3.56],
    [0.84, 3.56],
    [1.36, 1.34],
    [1.36, 1.9],
  ]) {
    out.push(rod(OAK, [x, 0, z], [x, 0.14, z], 0.016, 0.026))
  }
  const cushion = (
    paint: Paint,
    x: number,
    y: number,
    z: number,
    yaw: number,
    lean: number,
    size: number,
  ): Surface[] => {
    const turn: [number, number, number, number] = [
      0,
      Math.sin(yaw / 2) * Math.cos(lean / 2),
      Math.cos(yaw / 2) * Math.sin(lean / 2),
      Math.cos(yaw / 2) * Math.cos(lean / 2),
    ]
    return box(paint, { position: [x, y, z], rotation: turn }, [0.09, size, size], {
      round: 0.045,
      puff: 0.05,
      cell: 0.05,
    })
  }
  out.push(...cushion(fabric(0.62, 0.2, 0.1), 0.53, 0.68, 3.18, 0.25, 0.3, 0.4))
  out.push(...cushion(fabric(0.74, 0.66, 0.52), 0.56, 0.65, 2.86, -0.1, 0.38, 0.34))
  out.push(...cushion(fabric(0.08, 0.19, 0.26), 0.52, 0.68, 1.5, -0.3, 0.28, 0.42))
  return out
}

/** A knitted throw over the end of the chaise. */
function throwBlanket(): Surface[] {
  const paint: Paint = { texture: 'fabric', tint: [0.75, 0.5, 0.16], repeat: [6, 6] }
  return box(paint, upright(1.2, 0.505, 1.68), [0.44, 0.02, 0.5], { round: 0.01, puff: 0.012, cell: 0.05 }).concat(
    box(paint, upright(1.455, 0.35, 1.68), [0.02, 0.32, 0.5], { round: 0.01, cell: 0.06 }),
  )
}

function coffeeTable(): Surface[] {
  const { x, z, top, width, length } = TABLE
  const out = box(OAK, upright(x, top - 0.02, z), [width, 0.04, length], { round: 0.012, cell: 0.05 })
  out.push(...box(OAK, upright(x, 0.16, z), [width - 0.14, 0.02, length - 0.16], { cell: 0.06 }))
  for (const i of [-1, 1]) {
    for (const j of [-1, 1]) {
      const a: Vec3 = [x + i * (width / 2 - 0.03), 0, z + j * (length / 2 - 0.05)]
      out.push(rod(OAK, a, [a[0] - i * 0.05, top - 0.03, a[2] - j * 0.06], 0.017, 0.027))
    }
  }
  return out
}

/** Reading corner: a mustard armchair in the north-east, turned to the room, and the lamp behind it. */
function readingCorner(): Surface[] {
  const paint = fabric(0.66, 0.4, 0.08)
  const yaw = 0.75 * Math.PI + 0.12
  const c = Math.cos(yaw)
  const s = Math.sin(yaw)
  const at = (x: number, y: number, z: number): ReturnType<typeof upright> =>
    upright(4.55 + x * c + z * s, y, 0.98 - x * s + z * c, yaw)
  const out: Surface[] = []
  out.push(...box(paint, at(0, 0.3, 0), [0.6, 0.2, 0.62], { round: 0.06, cell: 0.06 }))
  out.push(...box(paint, at(0, 0.425, -0.03), [0.56, 0.13, 0.58], { round: 0.055, puff: 0.025, cell: 0.06 }))
  out.push(...box(paint, at(0, 0.66, 0.27), [0.7, 0.66, 0.15], { round: 0.07, puff: 0.015, cell: 0.06 }))
  for (const i of [-1, 1]) {
    out.push(...box(paint, at(i * 0.36, 0.43, 0.02), [0.12, 0.34, 0.64], { round: 0.055, cell: 0.06 }))
    for (const j of [-1, 1]) {
      const foot = at(i * 0.3, 0, j * 0.26).position
      out.push(rod(WALNUT, foot, [foot[0], 0.22, foot[2]], 0.014, 0.024))
    }
  }
  out.push(
    ...box(fabric(0.82, 0.77, 0.66), { ...at(0.03, 0.6, 0.13), rotation: at(0, 0, 0).rotation }, [0.36, 0.3, 0.1], {
      round: 0.05,
      puff: 0.045,
      cell: 0.05,
    }),
  )
  const [lx, ly, lz] = LAMP
  out.push(
    lathe(
      BLACK,
      upright(lx, 0, lz),
      [
        [0, 0],
        [0.15, 0],
        [0.15, 0.018],
        [0.02, 0.03],
        [0, 0.03],
      ],
      28,
    ),
  )
  out.push(rod(BRASS, [lx, 0.02, lz], [lx, ly + 0.1, lz], 0.011))
  const shade: Paint = { texture: 'fabric', tint: [0.85, 0.79, 0.66], repeat: [8, 3], lampGlow: 1.55 }
  out.push(
    lathe(
      shade,
      upright(lx, ly - 0.13, lz),
      [
        [0.21, 0],
        [0.15, 0.29],
      ],
      32,
    ),
  )
  out.push(
    lathe(
      { ...shade, lampGlow: 3 },
      upright(lx, ly - 0.13, lz),
      [
        [0.147, 0.288],
        [0.206, 0.002],
      ],
      32,
    ),
  )
  const table = upright(5.2, 0, 1.15)
  out.push(
    lathe(
      WALNUT,
      table,
      [
        [0, 0.5],
        [0.2, 0.5],
        [0.205, 0.51],
        [0.2, 0.525],
        [0, 0.525],
      ],
      32,
    ),
  )
  out.push(
    rod(BLACK, [5.2, 0.02, 1.15], [5.2, 0.5, 1.15], 0.014),
    lathe(
      BLACK,
      table,
      [
        [0, 0],
        [0.14, 0],
        [0.14, 0.012],
        [0, 0.02],
      ],
      24,
    ),
  )
  return out
}

/** A low sideboard on the south wall with a record player's worth of things on it (objects.ts). */
function sideboard(): Surface[] {
  const out = box(WALNUT, upright(3.3, 0.43, 4.37), [1.5, 0.5, 0.42], { round: 0.008, cell: 0.06, repeatPerMetre: 0.7 })
  for (const i of [-1, 0, 1]) {
    out.push(
      ...box({ ...WALNUT, tint: [0.6, 0.52, 0.46] }, upright(3.3 + i * 0.49, 0.43, 4.155), [0.46, 0.42, 0.016], {
        cell: 0.06,
      }),
    )
    out.push(rod(BRASS, [3.3 + i * 0.49 + 0.17, 0.5, 4.15], [3.3 + i * 0.49 + 0.17, 0.5, 4.12], 0.011))
  }
  for (const i of [-1, 1]) {
    for (const z of [4.22, 4.52]) out.push(rod(BLACK, [3.3 + i * 0.66, 0, z], [3.3 + i * 0.64, 0.19, z], 0.012, 0.018))
  }
  return out
}

function pendant(): Surface[] {
  const dark: Paint = { texture: 'plain', tint: [0.1, 0.17, 0.17], gloss: 0.5 }
  return [
    rod(BLACK, [2.45, 2.05, 2.35], [2.45, 2.6, 2.35], 0.004),
    lathe(
      dark,
      upright(2.45, 1.82, 2.35),
      [
        [0.2, 0],
        [0.185, 0.06],
        [0.13, 0.14],
        [0.05, 0.2],
        [0.02, 0.24],
        [0, 0.245],
      ],
      32,
    ),
    lathe(
      { texture: 'plain', tint: [0.75, 0.68, 0.5] },
      upright(2.45, 1.82, 2.35),
      [
        [0.02, 0.22],
        [0.12, 0.135],
        [0.18, 0.058],
        [0.195, 0.001],
      ],
      32,
    ),
    ellipsoid({ texture: 'plain', tint: [0.9, 0.88, 0.8] }, upright(2.45, 1.9, 2.35), [0.045, 0.055, 0.045]),
  ]
}

function rug(): Surface[] {
  const top = quad(
    { texture: 'rug', repeat: [1, 1] },
    [1.42, 0.012, 3.5],
    [2.15, 0, 0],
    [0, 0, -2.35],
    'furniture',
    0.025,
  )
  const edge = box({ texture: 'plain', tint: [0.25, 0.27, 0.28] }, upright(2.495, 0.006, 2.325), [2.15, 0.012, 2.35], {
    without: [2, 3],
    cell: 0.1,
  })
  return [top, ...edge]
}

export function buildFurniture(): Surface[] {
  return [...rug(), ...sofa(), ...throwBlanket(), ...coffeeTable(), ...readingCorner(), ...sideboard(), ...pendant()]
}
