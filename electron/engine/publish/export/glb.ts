import { Document, NodeIO, Primitive, type Accessor, type Buffer as GltfBuffer } from '@gltf-transform/core'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { PosePath, Scan } from '../../../../shared/geometry/data.ts'
import type { Exporter, ExportInput, ExportOptions } from './exporter.ts'
import { writeWhole } from './whole-file.ts'
import { worldPaths, worldScans } from './world.ts'
import { say } from '../../../../shared/sayings/saying.ts'

type Matrix16 = Parameters<ReturnType<Document['createNode']>['setMatrix']>[0]

class WorldDocument {
  readonly document = new Document()
  readonly #buffer: GltfBuffer = this.document.createBuffer()
  readonly #scene = this.document.createScene('world')

  #accessor(type: 'SCALAR' | 'VEC3', array: Float32Array | Uint32Array | Uint8Array, normalized = false): Accessor {
    return this.document
      .createAccessor()
      .setType(type)
      .setArray(array as never)
      .setNormalized(normalized)
      .setBuffer(this.#buffer)
  }

  #add(name: string, primitive: Primitive, matrix: readonly number[]): void {
    const mesh = this.document.createMesh(name).addPrimitive(primitive)
    const node = this.document
      .createNode(name)
      .setMesh(mesh)
      .setMatrix([...matrix] as unknown as Matrix16)
    this.#scene.addChild(node)
  }

  addScan(name: string, scan: Scan, matrix: readonly number[]): void {
    const data = scan.kind === 'mesh' ? scan.mesh : scan.points
    const material = this.document
      .createMaterial(`${name} material`)
      .setDoubleSided(true)
      .setMetallicFactor(0)
      .setRoughnessFactor(1)
    const primitive = this.document
      .createPrimitive()
      .setMaterial(material)
      .setAttribute('POSITION', this.#accessor('VEC3', data.positions))
    if (data.normals) primitive.setAttribute('NORMAL', this.#accessor('VEC3', data.normals))
    if (data.colors) primitive.setAttribute('COLOR_0', this.#accessor('VEC3', linearColors(data.colors)))
    if (scan.kind === 'mesh') primitive.setIndices(this.#accessor('SCALAR', scan.mesh.indices))
    else primitive.setMode(Primitive.Mode.POINTS)
    this.#add(name, primitive, matrix)
  }

  addPath(name: string, path: PosePath, matrix: readonly number[]): void {
    const primitive = this.document
      .createPrimitive()
      .setMode(Primitive.Mode.LINE_STRIP)
      .setAttribute('POSITION', this.#accessor('VEC3', Float32Array.from(path.positions)))
    this.#add(name, primitive, matrix)
  }
}

/** sRGB bytes to the linear floats that glTF takes vertex colours to be. */
function linearColors(colors: Uint8Array): Float32Array {
  const table = Float32Array.from({ length: 256 }, (_, value) => {
    const c = value / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return Float32Array.from(colors, (value) => table[value]!)
}

async function worldDocument(input: ExportInput, options: ExportOptions): Promise<Document> {
  const world = new WorldDocument()
  for await (const { scan, place, worldFromScan } of worldScans(input, options)) {
    world.addScan(place.asset.title, scan, worldFromScan)
    if (scan.kind === 'splats') options.onNote?.(say('note.splats', { title: place.asset.title }))
  }
  for await (const { path, place } of worldPaths(input, options))
    world.addPath(`${place.asset.title} path`, path, place.worldFromAsset)
  world.document.getRoot().getAsset().generator = 'Asterism'
  return world.document
}

/** Every registered scan and camera path in one world: metres, +Y up, a node a recording. */
export const glbExporter: Exporter = {
  id: 'glb',
  title: 'glTF of the world',
  extension: '.glb',
  purpose: 'world',
  async write(input, outPath, options = {}) {
    // The name is looked at before the world is read, which takes longer.
    const file = await writeWhole(resolve(outPath), options.signal, async (part) => {
      const world = await worldDocument(input, options)
      options.onProgress?.(0.9, say('work.writing'))
      await writeFile(part, await new NodeIO().writeBinary(world))
    })
    return [file]
  },
}
