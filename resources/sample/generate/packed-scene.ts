/** The scene as flat arrays for the page, and what a frame needs. */
import type { Limb } from './person.ts'
import type { Scene } from './scene.ts'
import type { Surface } from './surface.ts'

export interface PackedGroup {
  readonly texture: string
  readonly size: number
}

export interface PackedScene {
  readonly atlas: { readonly width: number; readonly height: number }
  readonly groups: readonly PackedGroup[]
}

type Triple = readonly [number, number, number]

export interface FrameRequest {
  readonly width: number
  readonly height: number
  /** Vertical, radians. */
  readonly fieldOfView: number
  readonly position: Triple
  readonly rotation: readonly [number, number, number, number]
  readonly lampLevel: number
  readonly limbs: readonly Limb[]
  /** Light on the person from +x -x +y -y +z -z. */
  readonly ambientCube: readonly Triple[]
  /** x, y, z, radius of round things that darken what is near. */
  readonly occluders: readonly (readonly [number, number, number, number])[]
}

const ATLAS = 1024

/** Packs the light grids of all surfaces in shelves; a grid is sampled from node centre to node centre. */
function packAtlas(surfaces: readonly Surface[]): { places: [number, number][]; height: number } {
  const order = surfaces.map((_, i) => i).sort((a, b) => surfaces[b].lightRows - surfaces[a].lightRows || a - b)
  const places: [number, number][] = surfaces.map(() => [0, 0])
  let x = 0
  let y = 0
  let shelf = 0
  for (const i of order) {
    const w = surfaces[i].lightColumns + 1
    const h = surfaces[i].lightRows + 1
    if (x + w > ATLAS) {
      x = 0
      y += shelf
      shelf = 0
    }
    places[i] = [x, y]
    x += w
    shelf = Math.max(shelf, h)
  }
  return { places, height: y + shelf }
}

const floatView = new Float32Array(1)
const bitsView = new Uint32Array(floatView.buffer)

function half(value: number): number {
  floatView[0] = Math.min(60_000, value)
  const bits = bitsView[0]
  const exponent = ((bits >> 23) & 255) - 112
  if (exponent <= 0) return 0
  return (exponent << 10) | ((bits >> 13) & 1023)
}

/** Every array by the name the page asks for. */
export function packScene(scene: Scene): { description: PackedScene; arrays: ReadonlyMap<string, Uint8Array> } {
  const { surfaces, textures } = scene
  const { places, height } = packAtlas(surfaces)
  const arrays = new Map<string, Uint8Array>()
  const raw = (name: string, a: Float32Array | Uint32Array | Uint16Array | Uint8Array): void => {
    arrays.set(name, new Uint8Array(a.buffer, a.byteOffset, a.byteLength))
  }
  for (const channel of ['daylight', 'lamp'] as const) {
    const texels = new Uint16Array(ATLAS * height * 4)
    surfaces.forEach((s, id) => {
      const [x0, y0] = places[id]
      const w = s.lightColumns + 1
      for (let j = 0; j <= s.lightRows; j++) {
        for (let i = 0; i < w; i++) {
          for (let c = 0; c < 3; c++) {
            texels[((y0 + j) * ATLAS + x0 + i) * 4 + c] = half(s.light?.[channel][(j * w + i) * 3 + c] ?? 0)
          }
        }
      }
    })
    raw(channel, texels)
  }
  const groups: PackedGroup[] = []
  for (const [texture, painted] of textures) {
    const position: number[] = []
    const normal: number[] = []
    const uv: number[] = []
    const lightUv: number[] = []
    const paint: number[] = []
    const glow: number[] = []
    const index: number[] = []
    surfaces.forEach((s, id) => {
      if (s.paint.texture !== texture) return
      const base = position.length / 3
      const w = s.columns + 1
      const { tint = [1, 1, 1], gloss = 0, repeat = [1, 1], glow: own = 0, lampGlow = 0 } = s.paint
      for (let j = 0; j <= s.rows; j++) {
        for (let i = 0; i < w; i++) {
          const k = (j * w + i) * 3
          position.push(s.positions[k], s.positions[k + 1], s.positions[k + 2])
          normal.push(s.normals[k], s.normals[k + 1], s.normals[k + 2])
          const u = i / s.columns
          const v = j / s.rows
          uv.push(u * repeat[0], v * repeat[1])
          lightUv.push(
            (places[id][0] + 0.5 + u * s.lightColumns) / ATLAS,
            (places[id][1] + 0.5 + v * s.lightRows) / height,
          )
          paint.push(tint[0], tint[1], tint[2], gloss)
          glow.push(own, lampGlow)
        }
      }
      for (let j = 0; j < s.rows; j++) {
        for (let i = 0; i < s.columns; i++) {
          const a = base + j * w + i
          index.push(a, a + 1, a + w + 1, a, a + w + 1, a + w)
        }
      }
    })
    if (index.length === 0) continue
    groups.push({ texture, size: painted.size })
    raw(`${texture}.position`, Float32Array.from(position))
    raw(`${texture}.normal`, Float32Array.from(normal))
    raw(`${texture}.uv`, Float32Array.from(uv))
    raw(`${texture}.lightUv`, Float32Array.from(lightUv))
    raw(`${texture}.paint`, Float32Array.from(paint))
    raw(`${texture}.glow`, Float32Array.from(glow))
    raw(`${texture}.index`, Uint32Array.from(index))
    raw(`${texture}.pixels`, painted.pixels)
  }
  return { description: { atlas: { width: ATLAS, height }, groups }, arrays }
}
