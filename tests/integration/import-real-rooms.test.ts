import { readFile, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { z } from 'zod'
import { describe } from '../../electron/engine/import/describe.ts'
import { checkAsset, checkScan } from '../fixtures/import/check-asset.ts'
import { importContext } from '../fixtures/import/context.ts'

const folder = join(dirname(createRequire(import.meta.url).resolve('@iwer/sem/package.json')), 'captures')

/** The heights of the rectangles that the headset itself labelled, to judge the mesh by. */
async function labelledHeights(path: string, label: string): Promise<number[]> {
  const shape = z.object({
    spatialEntities: z.array(
      z.object({
        semanticLabel_META: z.string().optional(),
        locatable_META: z.object({ position: z.object({ y: z.number() }) }),
      }),
    ),
  })
  const { spatialEntities } = shape.parse(JSON.parse(await readFile(path, 'utf8')))
  return spatialEntities
    .filter((entity) => entity.semanticLabel_META === label)
    .map((entity) => entity.locatable_META.position.y)
}

suite('real rooms of a headset', async () => {
  const rooms = (await readdir(folder)).filter((name) => name.endsWith('.json'))

  test.each(rooms)('%s: the mesh ends at the floor and the ceiling that the headset labelled', async (name) => {
    const path = join(folder, name)
    const context = await importContext({ withTools: false })
    const { importer, source, asset } = await describe(path, context)
    checkAsset(asset)
    expect(asset).toMatchObject({ format: 'xr-room', kind: 'scan', warnings: [] })
    const scan = await importer.loadScan?.(source, 0, context)
    if (scan?.kind !== 'mesh') throw new Error('a mesh expected')
    checkScan(scan)
    expect(scan.mesh.vertexCount).toBeGreaterThan(1000)
    const heights = Array.from({ length: scan.mesh.vertexCount }, (_, v) => scan.mesh.positions[3 * v + 1]).toSorted(
      (a, b) => a - b,
    )
    const at = (share: number) => heights[Math.floor(share * (heights.length - 1))]
    const [floor] = await labelledHeights(path, 'FLOOR')
    const [ceiling] = await labelledHeights(path, 'CEILING')
    expect(Math.abs(at(0.02) - floor)).toBeLessThan(0.15)
    expect(Math.abs(at(0.98) - ceiling)).toBeLessThan(0.15)
  })
})
