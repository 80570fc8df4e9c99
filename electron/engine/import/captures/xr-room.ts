/**
 * Rooms as headsets know them: the JSON of a Quest's Space Setup as in the captures of @iwer/sem. Entities have a pose
 * (+Y up, metres) and a mesh, a rectangle in their XZ plane, or a box. The scene mesh is used where there is one,
 * otherwise the rectangles and boxes.
 */
import { z } from 'zod'
import { similarity, type Matrix4 } from '../../../../shared/geometry/matrix4.ts'
import { rotationFromQuaternion } from '../../../../shared/geometry/rotation.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { readJsonFile } from '../reading/json-file.ts'
import type { PointCollector } from '../scans/point-sink.ts'
import { corruptFile, emptyFile, warning } from '../refusals.ts'
import { RoomMesh } from './room-mesh.ts'
import { scanImporter, type ScanContent } from '../scans/scan-importer.ts'
import { asciiText } from '../reading/text-lines.ts'

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

function base64Array(source: ImportSource, text: string): ArrayBuffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length % 12 !== 0) throw corruptFile(source.path, say('capture.meshCutOff'))
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
}

function addBounds(room: RoomMesh, entity: Entity, m: Matrix4): void {
  const flat = entity.bounded2D_META
  if (flat) {
    const [x, y] = [flat.offset.x, flat.offset.y]
    const { width, height } = flat.extent
    room.addFace(m, [
      [x, 0, y],
      [x + width, 0, y],
      [x + width, 0, y + height],
      [x, 0, y + height],
    ])
  }
  const box = entity.bounded3D_META
  if (!box) return
  const { offset, extent } = box
  room.addBox(m, [offset.x, offset.y, offset.z], [extent.width, extent.height, extent.depth])
}

async function scan(source: ImportSource, _collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const { spatialEntities } = await readJsonFile(source.path, roomSchema, signal)
  const room = new RoomMesh(source.path)
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
  if (room.isEmpty) throw emptyFile(source.path, say('capture.roomWithoutMeshes'))
  const warnings = unplaced > 0 ? [warning('entities_skipped', say('import.entitiesUnplaced', { unplaced }))] : []
  const labels = [...new Set(spatialEntities.flatMap(({ semanticLabel_META }) => semanticLabel_META ?? []))]
  const metadata = { axes: '+Y up', entityCount: spatialEntities.length, labels: labels.join(' ').slice(0, 1000) }
  return { kind: 'mesh', built: room.finish(), warnings, metadata }
}

export const xrRoomImporter: Importer = scanImporter({
  id: 'xr-room',
  title: say('readable.xrRoom'),
  extensions: ['json'],
  supports: ({ head, isDirectory }) =>
    !isDirectory && /^\s*\{/.test(asciiText(head, 0, 64)) && asciiText(head).includes('"spatialEntities"') ? 1 : 0,
  scan,
})
