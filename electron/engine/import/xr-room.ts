/**
 * Rooms as headsets know them: the JSON of a Quest's Space Setup as in the captures of @iwer/sem. Entities have a pose
 * (+Y up, metres) and a mesh, a rectangle in their XZ plane, or a box. The scene mesh is used where there is one,
 * otherwise the rectangles and boxes.
 */
import { z } from 'zod'
import { transformPoint, similarity, type Matrix4 } from '../../../shared/geometry/matrix4.ts'
import { rotationFromQuaternion } from '../../../shared/geometry/rotation.ts'
import type { ImportContext, Importer, ImportSource } from './importer.ts'
import { readJsonFile } from './json-file.ts'
import { MeshBuilder } from './mesh-builder.ts'
import { BATCH_POINTS, type PointCollector } from './point-sink.ts'
import { corruptFile, emptyFile, warning } from './refusals.ts'
import { scanImporter, type ScanContent } from './scan-importer.ts'
import { asciiText } from './text-lines.ts'

const vector = z.object({ x: z.number(), y: z.number(), z: z.number().default(0) })
const entitySchema = z.object({
  semanticLabel_META: z.string().optional(),
  locatable_META: z
    .object({ position: vector, orientation: z.object({ x: z.number(), y: z.number(), z: z.number(), w: z.number() }) })
    .optional(),
  bounded2D_META: z.object({ offset: vector, extent: z.object({ width: z.number(), height: z.number() }) }).optional(),
  bounded3D_META: z
    .object({ offset: vector, extent: z.object({ width: z.number(), height: z.number(), depth: z.number() }) })
    .optional(),
  triangleMesh_META: z.object({ vertices: z.string(), indices: z.string() }).optional(),
})
const roomSchema = z.object({ spatialEntities: z.array(entitySchema).max(100_000) })

type Entity = z.infer<typeof entitySchema>

function worldFromEntity(entity: Entity): Matrix4 | undefined {
  if (!entity.locatable_META) return undefined
  const { position, orientation } = entity.locatable_META
  const q = [orientation.x, orientation.y, orientation.z, orientation.w]
  const length = Math.hypot(...q)
  if (!(length > 1e-6 && length < 1e6)) return undefined
  const rotation = rotationFromQuaternion(q.map((value) => value / length))
  return similarity(rotation, [position.x, position.y, position.z])
}

/** Gathers the entities into one mesh. */
class Room {
  readonly mesh: MeshBuilder
  #filled = 0

  constructor(path: string) {
    this.mesh = new MeshBuilder(path)
    this.mesh.begin({ expectedCount: 0, hasColors: false, hasNormals: false })
  }

  #vertex(point: readonly [number, number, number]): void {
    this.mesh.positions.set(point, 3 * this.#filled)
    if (++this.#filled === BATCH_POINTS) this.flush()
  }

  flush(): void {
    this.mesh.flush(this.#filled)
    this.#filled = 0
  }

  #next(): number {
    return this.mesh.vertexCount + this.#filled
  }

  addMesh(m: Matrix4, vertices: Float32Array, indices: Uint32Array): void {
    const first = this.#next()
    const count = vertices.length / 3
    for (let i = 0; i < count; i++) this.#vertex(transformPoint(m, vertices.subarray(3 * i, 3 * i + 3)))
    for (let i = 0; i + 2 < indices.length; i += 3) {
      const corners = [indices[i], indices[i + 1], indices[i + 2]]
      const [a, b, c] = corners.map((corner) => (corner < count ? first + corner : -1))
      this.mesh.addTriangle(a, b, c)
    }
  }

  /** Corners in order around a face. */
  addQuad(m: Matrix4, corners: readonly (readonly [number, number, number])[]): void {
    const first = this.#next()
    for (const corner of corners) this.#vertex(transformPoint(m, corner))
    this.mesh.addTriangle(first, first + 2, first + 1)
    this.mesh.addTriangle(first, first + 3, first + 2)
  }
}

function base64Array(source: ImportSource, text: string): ArrayBuffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length % 12 !== 0) throw corruptFile(source.path, 'One of its meshes is cut off.')
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
}

function addBounds(room: Room, entity: Entity, m: Matrix4): void {
  const flat = entity.bounded2D_META
  if (flat) {
    const [x, y] = [flat.offset.x, flat.offset.y]
    const { width, height } = flat.extent
    room.addQuad(m, [
      [x, 0, y],
      [x + width, 0, y],
      [x + width, 0, y + height],
      [x, 0, y + height],
    ])
  }
  const box = entity.bounded3D_META
  if (!box) return
  const low = [box.offset.x, box.offset.y, box.offset.z]
  const size = [box.extent.width, box.extent.height, box.extent.depth]
  const at = (bits: readonly [number, number, number]): [number, number, number] => {
    return [low[0] + bits[0] * size[0], low[1] + bits[1] * size[1], low[2] + bits[2] * size[2]]
  }
  for (let axis = 0; axis < 3; axis++) {
    for (const side of [0, 1]) {
      const corner = (u: number, v: number) => {
        const bits: [number, number, number] = [0, 0, 0]
        bits[axis] = side
        bits[(axis + 1) % 3] = side === 1 ? v : u
        bits[(axis + 2) % 3] = side === 1 ? u : v
        return at(bits)
      }
      room.addQuad(m, [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)])
    }
  }
}

async function scan(source: ImportSource, _collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const { spatialEntities } = await readJsonFile(source.path, roomSchema, signal)
  const room = new Room(source.path)
  const meshes = spatialEntities.filter(({ triangleMesh_META }) => triangleMesh_META)
  let unplaced = 0
  for (const entity of meshes.length > 0 ? meshes : spatialEntities) {
    const m = worldFromEntity(entity)
    if (!m) {
      unplaced++
      continue
    }
    if (!entity.triangleMesh_META) addBounds(room, entity, m)
    else {
      const { vertices, indices } = entity.triangleMesh_META
      room.addMesh(m, new Float32Array(base64Array(source, vertices)), new Uint32Array(base64Array(source, indices)))
    }
  }
  room.flush()
  if (room.mesh.vertexCount === 0)
    throw emptyFile(source.path, 'Its room holds no mesh, rectangle or box with a place.')
  const warnings =
    unplaced > 0 ? [warning('entities_skipped', `${unplaced} entities have no place and were left out.`)] : []
  const labels = [...new Set(spatialEntities.flatMap(({ semanticLabel_META }) => semanticLabel_META ?? []))]
  const metadata = { axes: '+Y up', entityCount: spatialEntities.length, labels: labels.join(' ').slice(0, 1000) }
  return { kind: 'mesh', built: room.mesh.finish(), warnings, metadata }
}

export const xrRoomImporter: Importer = scanImporter({
  id: 'xr-room',
  title: 'room of a headset (JSON)',
  extensions: ['json'],
  supports: ({ head, isDirectory }) =>
    !isDirectory && /^\s*\{/.test(asciiText(head, 0, 64)) && asciiText(head).includes('"spatialEntities"') ? 1 : 0,
  scan,
})
