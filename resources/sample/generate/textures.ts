/** Painted surfaces, made of noise and geometry. Every texture is square, a power of two, sRGB, row 0 at v = 0. */
import type { Vec3 } from './linear.ts'
import { mix, smoothstep } from './linear.ts'
import { randomFor, valueNoise } from './random.ts'

export interface Texture {
  readonly size: number
  /** rgba, 0..255. */
  readonly pixels: Uint8Array
}

type Painter = (u: number, v: number) => Vec3

const hex = (code: number): Vec3 => [((code >> 16) & 255) / 255, ((code >> 8) & 255) / 255, (code & 255) / 255]
const shade = (c: Vec3, k: number): Vec3 => [c[0] * k, c[1] * k, c[2] * k]

function fractal(u: number, v: number, cells: number, salt: number): number {
  let sum = 0
  let weight = 0.5
  for (let octave = 0, c = cells; octave < 4; octave++, c *= 2, weight /= 2) {
    sum += weight * valueNoise(u * c, v * c, salt + octave, c)
  }
  return sum / 0.9375
}

/** Oak planks, running along v; the texture covers 2 m. */
const floor: Painter = (u, v) => {
  const planks = 14
  const row = Math.floor(u * planks)
  const shift = valueNoise(row * 1.7 + 0.5, 0.5, 5)
  const along = v * 2 + shift * 2
  const piece = Math.floor(along)
  const tone = valueNoise(row + 0.5, (piece % 2) * 7.3 + row * 0.37, 6)
  const grain = fractal(u * 3.1 + tone * 3, v * 0.18 + tone, 24, 20)
  const fine = valueNoise(u * 420, v * 26 + tone * 9, 31)
  const base = mix(hex(0xa97c50), hex(0xcda676), tone * 0.75 + 0.1)
  const edge = Math.min((u * planks) % 1, 1 - ((u * planks) % 1))
  const end = Math.min(along % 1, 1 - (along % 1))
  const gap = Math.min(smoothstep(0, 0.035, edge), smoothstep(0, 0.004, end))
  return shade(base, (0.8 + 0.28 * grain + 0.07 * fine) * (0.55 + 0.45 * gap))
}

const wood: Painter = (u, v) => {
  const bend = fractal(u, v, 3, 41) * 0.35
  const ring = 0.5 + 0.5 * Math.sin((u * 5 + bend * 3) * Math.PI * 2)
  const fine = valueNoise(u * 210, v * 9, 44)
  return shade(mix(hex(0x8f6238), hex(0xb98850), ring * 0.55 + 0.2), 0.9 + 0.14 * fine)
}

const fabric: Painter = (u, v) => {
  const weave = 0.5 + 0.25 * (Math.sin(u * Math.PI * 128) + Math.sin(v * Math.PI * 128))
  const worn = fractal(u, v, 6, 51)
  const k = 0.9 + 0.06 * weave + 0.1 * (worn - 0.5)
  return [k, k, k]
}

const plaster: Painter = (u, v) => {
  const k = 0.97 + 0.025 * (fractal(u, v, 8, 61) - 0.5)
  return [k, k, k]
}

const plain: Painter = () => [1, 1, 1]

const leaf: Painter = (u, v) => {
  const rib = smoothstep(0.0, 0.04, Math.abs(v - 0.5))
  const side = 0.5 + 0.5 * Math.sin((u * 14 - Math.abs(v - 0.5) * 9) * Math.PI)
  return shade(mix(hex(0xa9bd72), mix(hex(0x3f7443), hex(0x5b9350), side * 0.6), rib), 0.95)
}

/** A wool rug: cream ground, ink blue and brick diamonds, a striped border. The texture covers all of it. */
const rug: Painter = (u, v) => {
  const edge = Math.min(u, 1 - u, (v < 0.5 ? v : 1 - v) * 1.4)
  const cream = hex(0xe9dfca)
  const ink = hex(0x2f4d63)
  const brick = hex(0xb4573d)
  const gold = hex(0xd3a24c)
  let c = cream
  if (edge < 0.035) c = ink
  else if (edge < 0.05) c = cream
  else if (edge < 0.065) c = brick
  else if (edge > 0.1) {
    const x = Math.abs(((u * 5) % 1) - 0.5)
    const y = Math.abs(((v * 3.5) % 1) - 0.5)
    const d = x + y
    const odd = (Math.floor(u * 5) + Math.floor(v * 3.5)) % 2 === 0
    if (d < 0.1) c = gold
    else if (d < 0.22) c = odd ? ink : brick
    else if (d < 0.27) c = cream
    else if (d > 0.44 && d < 0.48) c = odd ? brick : ink
  }
  const tuft = 0.9 + 0.1 * valueNoise(u * 400, v * 280, 71) + 0.08 * (fractal(u, v, 10, 74) - 0.5)
  return shade(c, tuft)
}

/** What lies outside: a bright sky over soft garden green, out of focus. */
const view: Painter = (u, v) => {
  const hedge = 0.34 + 0.13 * fractal(u, 0.3, 5, 81) + 0.05 * fractal(u, 0.7, 14, 83)
  const sky = mix(hex(0xf3f1e6), hex(0xbfdcf0), smoothstep(0.4, 1, v))
  const green = mix(hex(0x86a35f), hex(0xb9cd86), fractal(u, v, 9, 85))
  const lawn = mix(hex(0xa9c07a), hex(0xc5d596), v * 3)
  const tree = Math.hypot((u - 0.565) * 2.2, v - 0.52) - 0.14 - 0.06 * fractal(u * 2, v, 8, 88)
  let c = mix(lawn, green, smoothstep(0.14, 0.2, v))
  c = mix(c, sky, smoothstep(hedge - 0.02, hedge + 0.03, v))
  return mix(mix(hex(0x8fae68), hex(0xb5c987), fractal(u, v, 12, 90)), c, smoothstep(-0.02, 0.03, tree))
}

/** Paintings: a headland, a sun over water, leaves; flat shapes with a little brush. */
const brush = (u: number, v: number, salt: number): number => 0.95 + 0.1 * (fractal(u * 1.5, v * 0.4, 20, salt) - 0.5)
const paper = hex(0xf1ebdd)
const mat =
  (inside: Painter): Painter =>
  (u, v) =>
    Math.min(u, v, 1 - u, 1 - v) < 0.11 ? paper : inside(u, v)

const paintingSea = mat((u, v) => {
  const hill = 0.55 + 0.14 * Math.sin(u * 4.2 + 0.6) + 0.03 * Math.sin(u * 17)
  const near = 0.3 + 0.1 * Math.sin(u * 3.1 + 2.4)
  let c = mix(hex(0xf0c9a0), hex(0x9cc3c9), v)
  if (v < hill) c = hex(0x5d8a94)
  if (v < 0.4) c = mix(hex(0x1f5062), hex(0x3f7f8c), valueNoise(u * 6, v * 60, 101))
  if (v < near) c = hex(0x27404a)
  return shade(c, brush(u, v, 103))
})

const paintingSun = mat((u, v) => {
  const sun = Math.hypot(u - 0.56, v - 0.62)
  let c = mix(hex(0xe7b98a), hex(0xf3ddb6), v)
  if (sun < 0.19) c = hex(0xd9583a)
  if (v < 0.42) c = mix(hex(0x2d5a68), hex(0x6fa3a2), 0.5 + 0.5 * Math.sin(v * 110 + Math.sin(u * 9)))
  return shade(c, brush(u, v, 111))
})

const paintingLeaves = mat((u, v) => {
  let c = hex(0xe6dcc2)
  const stems = [0.3, 0.5, 0.7]
  stems.forEach((x, i) => {
    const bent = x + 0.05 * Math.sin(v * 4 + i * 2)
    if (Math.abs(u - bent) < 0.008) c = hex(0x3b5a3f)
    const rowAt = (v * 9 + i * 0.4) % 1
    const side = Math.abs(u - bent) - 0.01
    if (side > 0 && side < 0.085 && Math.abs(rowAt - 0.5 + side * 2) < 0.26 * Math.sin((side / 0.085) * Math.PI)) {
      c = i === 1 ? hex(0xb4573d) : hex(0x4d7a55)
    }
  })
  return shade(c, brush(u, v, 121))
})

const paintingGrid = mat((u, v) => {
  const colours = [0x2f4d63, 0xd3a24c, 0xb4573d, 0xe6dcc2, 0x7fa39a, 0x27404a].map(hex)
  const column = u < 0.42 ? 0 : u < 0.7 ? 1 : 2
  const row = v < 0.35 + column * 0.07 ? 0 : v < 0.66 - column * 0.05 ? 1 : 2
  return shade(colours[(column * 2 + row * 3) % 6], brush(u, v, 131))
})

/** A book's back: two bands and a few letters' worth of gold. */
const spine: Painter = (u, v) => {
  const letters = v > 0.42 && v < 0.8 && u > 0.36 && u < 0.64 && valueNoise(3.5, v * 34, 141) > 0.42
  if (letters) return [1.6, 1.45, 1.0]
  const band = Math.abs(v - 0.14) < 0.018 || Math.abs(v - 0.9) < 0.012
  const k = (band ? 1.45 : 0.96) * (0.72 + 0.28 * Math.sin(u * Math.PI))
  return [k, k, k]
}

const door: Painter = (u, v) => {
  const panels = [
    [0.16, 0.84, 0.08, 0.4],
    [0.16, 0.84, 0.48, 0.93],
  ]
  let k = 0.97
  for (const [u0, u1, v0, v1] of panels) {
    const d = Math.min(u - u0, u1 - u, (v - v0) * 2.2, (v1 - v) * 2.2)
    if (d > 0 && d < 0.05) k = u - u0 === d || (v1 - v) * 2.2 === d ? 0.82 : 1.05
  }
  return [k, k, k]
}

const PAINTERS: Readonly<Record<string, readonly [Painter, number]>> = {
  floor: [floor, 1024],
  wood: [wood, 512],
  fabric: [fabric, 256],
  plaster: [plaster, 256],
  plain: [plain, 4],
  leaf: [leaf, 128],
  rug: [rug, 1024],
  view: [view, 512],
  paintingSea: [paintingSea, 256],
  paintingSun: [paintingSun, 256],
  paintingLeaves: [paintingLeaves, 256],
  paintingGrid: [paintingGrid, 256],
  spine: [spine, 128],
  door: [door, 256],
}

/** All textures, ready for the renderer and the scanner alike. */
export function paintTextures(): ReadonlyMap<string, Texture> {
  const grain = randomFor('textures')
  const out = new Map<string, Texture>()
  for (const [name, [painter, size]] of Object.entries(PAINTERS)) {
    const pixels = new Uint8Array(size * size * 4)
    for (let j = 0; j < size; j++) {
      for (let i = 0; i < size; i++) {
        const c = painter((i + 0.5) / size, (j + 0.5) / size)
        const k = (j * size + i) * 4
        for (let n = 0; n < 3; n++) pixels[k + n] = Math.max(0, Math.min(255, c[n] * 255 + grain.next() - 0.5))
        pixels[k + 3] = 255
      }
    }
    out.set(name, { size, pixels })
  }
  return out
}

const LINEAR = Float32Array.from({ length: 256 }, (_, i) => {
  const c = i / 255
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
})

/** The linear colour of a texture at (u, v), repeated beyond [0, 1]. */
export function sampleTexture(texture: Texture, u: number, v: number): Vec3 {
  const { size, pixels } = texture
  const wrap = (x: number): number => Math.min(size - 1, Math.floor((x - Math.floor(x)) * size))
  const k = (wrap(v) * size + wrap(u)) * 4
  return [LINEAR[pixels[k]], LINEAR[pixels[k + 1]], LINEAR[pixels[k + 2]]]
}

/** The camera's response: linear light to sRGB 0..1. The same curve is in the renderer's shader. */
export function expose(c: number): number {
  const x = Math.max(0, c) * 1.3
  const y = (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14)
  const z = Math.min(1, Math.max(0, y))
  return z <= 0.0031308 ? 12.92 * z : 1.055 * z ** (1 / 2.4) - 0.055
}
