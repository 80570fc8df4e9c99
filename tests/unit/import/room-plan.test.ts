/** Rooms of RoomPlan: rectangles about their middle, dented floors, furniture as boxes, names of Swift's enumerations. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'

/** A quarter turn about +Y, then to (2, 1.25, -3). */
const TURNED = [0, 0, -1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 2, 1.25, -3, 1]
const IN_PLACE = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
/** An L of three square metres. */
const DENTED = [
  [0, 0, 0],
  [2, 0, 0],
  [2, 1, 0],
  [1, 1, 0],
  [1, 2, 0],
  [0, 2, 0],
]

async function meshOf(room: object) {
  return await withFolder(async (folder) => {
    const context = await importContext({ withTools: false })
    const path = join(folder, 'room.json')
    await writeFile(path, JSON.stringify(room))
    const { importer, source, asset } = await describe(path, context)
    const scan = await importer.loadScan!(source, 0, context)
    if (scan.kind !== 'mesh') throw new Error('a mesh expected')
    const corner = (n: number) => [...scan.mesh.positions.subarray(3 * n, 3 * n + 3)]
    const area = Array.from({ length: scan.mesh.triangleCount }, (_, t) => {
      const [a, b, c] = [0, 1, 2].map((k) => corner(scan.mesh.indices[3 * t + k]!))
      const [u, v] = [b!.map((value, k) => value - a![k]!), c!.map((value, k) => value - a![k]!)]
      const cross = [0, 1, 2].map((k) => u[(k + 1) % 3]! * v[(k + 2) % 3]! - u[(k + 2) % 3]! * v[(k + 1) % 3]!)
      return Math.hypot(...cross) / 2
    })
    return { asset, mesh: scan.mesh, bounds: asset.streams[0]!.boundsMetres!, area: area.reduce((a, b) => a + b, 0) }
  })
}

const room = (parts: object) => ({ walls: [], doors: [], windows: [], openings: [], objects: [], ...parts })

test('a wall stands about its middle, as its transform turns it', async () => {
  const wall = { category: { wall: {} }, dimensions: [4, 2.5, 0], transform: TURNED }
  const { bounds, area, asset } = await meshOf(room({ walls: [wall] }))
  expect(asset.format).toBe('room-plan')
  expect(area).toBeCloseTo(10, 6)
  bounds.min.forEach((value, axis) => expect(value).toBeCloseTo([2, 0, -5][axis]!, 6))
  bounds.max.forEach((value, axis) => expect(value).toBeCloseTo([2, 2.5, -1][axis]!, 6))
})

test('a floor with a dent is not filled up, and furniture has six sides', async () => {
  const floor = { category: 'floor', dimensions: [2, 2, 0], transform: IN_PLACE, polygonCorners: DENTED }
  expect((await meshOf(room({ floors: [floor] }))).area).toBeCloseTo(3, 6)
  const columns = [0, 4, 8, 12].map((at) => IN_PLACE.slice(at, at + 4))
  const table = { category: { table: {} }, dimensions: [1, 2, 3], transform: columns }
  const { mesh, area } = await meshOf(room({ objects: [table] }))
  expect(mesh.triangleCount).toBe(12)
  expect(area).toBeCloseTo(22, 6)
})

test('all rooms of a structure, the names of what is in them, and what has no place', async () => {
  const table = { category: { table: {} }, dimensions: [1, 1, 1], transform: IN_PLACE }
  const door = { category: { door: { isOpen: true } }, dimensions: [1, 2, 0], transform: TURNED }
  const lost = { category: { sofa: {} }, dimensions: [1, 1, 1], transform: IN_PLACE.map(() => 0) }
  const { asset } = await meshOf({ rooms: [room({ objects: [table] }), room({ doors: [door], objects: [lost] })] })
  expect(asset.metadata).toMatchObject({ roomCount: 2, entityCount: 3, labels: 'table door' })
  expect(asset.warnings).toMatchObject([{ code: 'entities_skipped', message: expect.stringContaining('1 of 3') }])
})
