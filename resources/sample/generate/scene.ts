/** The room as everything else needs it: surfaces with baked light, a ray tree, textures. Kept between runs in `cache`. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildFurniture } from './furniture.ts'
import { Lighting } from './light.ts'
import { buildObjects } from './objects.ts'
import { RayTree } from './ray-tree.ts'
import { buildShell } from './room.ts'
import type { Surface } from './surface.ts'
import type { Texture } from './textures.ts'
import { paintTextures } from './textures.ts'

export interface Scene {
  readonly surfaces: readonly Surface[]
  readonly tree: RayTree
  readonly textures: ReadonlyMap<string, Texture>
  readonly lighting: Lighting
}

const LIGHT_FILES = ['surface.ts', 'room.ts', 'furniture.ts', 'objects.ts', 'light.ts', 'textures.ts', 'random.ts']

const contentKey = (names: readonly string[]): string => {
  const hash = createHash('sha256')
  for (const name of names) hash.update(readFileSync(join(import.meta.dirname, name)))
  return hash.digest('hex').slice(0, 16)
}

/** Change whenever a file does that shapes the light of the still room, or the frames drawn in it. */
const LIGHT_KEY = contentKey(LIGHT_FILES)
export const FRAME_KEY = contentKey([
  ...LIGHT_FILES,
  'motion.ts',
  'person.ts',
  'page.ts',
  'render.ts',
  'packed-scene.ts',
  'clocks.ts',
])

export function buildScene(cache: string, report: (line: string) => void): Scene {
  const surfaces = [...buildShell(), ...buildFurniture(), ...buildObjects()]
  const textures = paintTextures()
  const tree = new RayTree(surfaces)
  const lighting = new Lighting(surfaces, tree, textures)
  const nodes = surfaces.reduce((n, s) => n + (s.lightColumns + 1) * (s.lightRows + 1), 0)
  report(`scene: ${surfaces.length} surfaces, ${tree.triangleCount} triangles, ${nodes} light nodes`)
  const file = join(cache, `light-${LIGHT_KEY}.bin`)
  if (existsSync(file)) {
    const bytes = readFileSync(file)
    const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
    let at = 0
    for (const s of surfaces) {
      const n = (s.lightColumns + 1) * (s.lightRows + 1) * 3
      s.light = { daylight: all.slice(at, at + n), lamp: all.slice(at + n, at + 2 * n) }
      at += 2 * n
    }
  } else {
    lighting.bake(report)
    const chunks = surfaces.flatMap((s) => (s.light ? [s.light.daylight, s.light.lamp] : []))
    writeFileSync(file, Buffer.concat(chunks.map((c) => Buffer.from(c.buffer, c.byteOffset, c.byteLength))))
  }
  return { surfaces, tree, textures, lighting }
}
