/** A phone that drifted on its way through five rooms and back: imported, aligned with itself, taken back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openAsset } from '../../electron/engine/assets/asset-location.ts'
import { loadPath } from '../../electron/engine/assets/surface.ts'
import { runJob } from '../../shared/contract/client.ts'
import { recordsOf, streamsOf } from '../../shared/document/document.ts'
import type { PosePath } from '../../shared/geometry/data.ts'
import { TRANSPORTS, type Connection } from '../fixtures/contract/transports.ts'
import { driftingWalk, trajectoryError } from '../fixtures/space/drifting-walk.ts'
import { writeStrayWalk } from '../fixtures/space/stray-walk.ts'

describe('a drifting capture that is alone in its project', () => {
  let connection: Connection
  const walk = driftingWalk({ seed: 102 })
  let assetId = ''
  const pathAsUsed = async (): Promise<PosePath> => {
    const { session } = connection.engine
    const { importer, source } = await openAsset(session, assetId)
    const context = { tools: await session.tools(), signal: new AbortController().signal }
    const path = await loadPath(importer, source, { streams: streamsOf(session.document, assetId) }, context)
    if (!path) throw new Error('it has no path')
    return path
  }

  beforeAll(async () => {
    connection = await TRANSPORTS['direct call']!()
    const { client, engine, home } = connection
    await client.projects.create({ title: 'loops' })
    const files = [engine.grantFile(await writeStrayWalk(home, walk))]
    assetId = (await runJob(client, 'import', { files })).assets[0]!.id
  })
  afterAll(async () => await connection.close())

  test('is the world; its path is bent until half of what it was out is gone; undo takes it back', async () => {
    const { client, engine } = connection
    const before = trajectoryError(await pathAsUsed(), walk.truth)
    expect(before).toBeGreaterThan(0.1)
    const answer = await runJob(client, 'register', { referenceAssetId: null })
    expect(answer).toMatchObject({
      world: assetId,
      assets: [{ asset: assetId, method: 'reference' }],
      unregistered: [],
    })
    expect(answer.loop_closures?.[0]?.loops.filter((loop) => loop.accepted).length).toBeGreaterThanOrEqual(1)
    const corrections = recordsOf(engine.session.document, 'pathCorrection')
    expect(corrections).toHaveLength(1)
    const after = trajectoryError(await pathAsUsed(), walk.truth)
    expect(after).toBeLessThan(before / 2)
    await client.document.undo()
    expect(recordsOf(engine.session.document, 'pathCorrection')).toEqual([])
    expect(trajectoryError(await pathAsUsed(), walk.truth)).toBeCloseTo(before, 9)
  })
})
