/**
 * Rooms of Apple's RoomPlan as apps write them with JSONEncoder: a CapturedRoom, or the rooms of a CapturedStructure.
 * Walls, doors, windows, openings and floors are rectangles in their own XY plane or polygons with corners of their own,
 * furniture is boxes; each has `dimensions` (m) about its middle and a `transform` into ARKit's world (+Y up). No document
 * of its maker describes the JSON; several public readers agree on it.
 */
import { z } from 'zod'
import type { Matrix4 } from '../../../../shared/geometry/matrix4.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { readJsonFile } from '../reading/json-file.ts'
import type { PointCollector } from '../scans/point-sink.ts'
import { emptyFile, warning } from '../refusals.ts'
import { RoomMesh } from './room-mesh.ts'
import { scanImporter, type ScanContent } from '../scans/scan-importer.ts'
import { asciiText } from '../reading/text-lines.ts'

const SURFACES = ['walls', 'doors', 'windows', 'openings', 'floors'] as const
const MAX_PARTS = 20_000
/** Of one surface; cutting it up takes their number cubed. */
const MAX_CORNERS = 200

const partSchema = z.object({
  /** Column by column, in one list or in four. */
  transform: z.union([z.array(z.number()).length(16), z.array(z.array(z.number()).length(4)).length(4)]).optional(),
  dimensions: z.array(z.number()).length(3).optional(),
  polygonCorners: z.array(z.array(z.number()).length(3)).max(MAX_CORNERS).optional(),
  /** `"table"`, or an enumeration of Swift as an object of one key. */
  category: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
})
const parts = z.array(partSchema).max(MAX_PARTS).default([])
const roomSchema = z.object({
  walls: parts,
  doors: parts,
  windows: parts,
  openings: parts,
  floors: parts,
  objects: parts,
})
const fileSchema = z.union([z.object({ rooms: z.array(roomSchema).min(1).max(1000) }), roomSchema])

type Part = z.infer<typeof partSchema>

const SQUARE = [
  [-0.5, -0.5],
  [0.5, -0.5],
  [0.5, 0.5],
  [-0.5, 0.5],
] as const

/** A rigid motion with a place that makes sense; a room that was scanned is no further away. */
function placeOf({ transform }: Part): Matrix4 | undefined {
  const m = transform?.flat()
  if (!m || !m.every((value) => Math.abs(value) < 1e5)) return undefined
  const lengths = [0, 4, 8].map((column) => Math.hypot(m[column], m[column + 1], m[column + 2]))
  return lengths.every((length) => Math.abs(length - 1) < 0.01) && Math.abs(m[15] - 1) < 1e-6 ? m : undefined
}

const isSize = (value: number): boolean => value >= 0 && value < 1000

/** @returns Whether it has a place and a size. */
function addSurface(room: RoomMesh, part: Part): boolean {
  const m = placeOf(part)
  const { dimensions, polygonCorners = [] } = part
  if (!m) return false
  if (polygonCorners.length >= 3 && polygonCorners.flat().every((value) => isSize(Math.abs(value)))) {
    room.addFace(
      m,
      polygonCorners.map(([x, y, z]) => [x, y, z]),
    )
    return true
  }
  if (!dimensions?.every(isSize)) return false
  room.addFace(
    m,
    SQUARE.map(([x, y]) => [x * dimensions[0], y * dimensions[1], 0]),
  )
  return true
}

function addObject(room: RoomMesh, part: Part): boolean {
  const m = placeOf(part)
  const { dimensions } = part
  if (!m || !dimensions?.every(isSize)) return false
  const [width, height, depth] = dimensions
  room.addBox(m, [-width / 2, -height / 2, -depth / 2], [width, height, depth])
  return true
}

function labelOf({ category }: Part, list: string): string {
  const own = typeof category === 'string' ? category : Object.keys(category ?? {})[0]
  return own ?? list.replace(/s$/, '')
}

async function scan(source: ImportSource, _collector: PointCollector, { signal }: ImportContext): Promise<ScanContent> {
  const file = await readJsonFile(source.path, fileSchema, signal)
  const rooms = 'rooms' in file ? file.rooms : [file]
  const mesh = new RoomMesh(source.path)
  const labels = new Set<string>()
  let [count, unplaced] = [0, 0]
  for (const room of rooms) {
    for (const list of [...SURFACES, 'objects'] as const) {
      for (const part of room[list]) {
        count++
        const added = list === 'objects' ? addObject(mesh, part) : addSurface(mesh, part)
        if (added) labels.add(labelOf(part, list))
        else unplaced++
      }
    }
  }
  if (mesh.isEmpty) throw emptyFile(source.path, say('capture.roomWithoutWalls'))
  const warnings =
    unplaced > 0 ? [warning('entities_skipped', say('import.wallsUnplaced', { bad: unplaced, total: count }))] : []
  const metadata = {
    axes: '+Y up',
    roomCount: rooms.length,
    entityCount: count,
    labels: [...labels].join(' ').slice(0, 1000),
  }
  return { kind: 'mesh', built: mesh.finish(), warnings, metadata }
}

export const roomPlanImporter: Importer = scanImporter({
  id: 'room-plan',
  title: say('readable.roomPlan'),
  extensions: ['json'],
  supports({ head, isDirectory }) {
    if (isDirectory || !/^\s*\{/.test(asciiText(head, 0, 64))) return 0
    // Keys come in any order and may lie behind the first bytes; no other format has two of these.
    const text = asciiText(head)
    const hints = [
      '"walls"',
      '"objects"',
      '"openings"',
      '"polygonCorners"',
      '"completedEdges"',
      '"coreModel"',
      '"sections"',
    ]
    const found = hints.filter((hint) => text.includes(hint)).length
    return found >= 2 && text.includes('"transform"') ? 0.9 : found >= 3 ? 0.6 : 0
  },
  scan,
})
