import { describe as suite, expect, test } from 'vitest'
import { chooseImporter, describe } from '../../electron/engine/import/describe.ts'
import { importers } from '../../electron/engine/import/index.ts'
import { hashSource } from '../../electron/engine/import/content-hash.ts'
import { openSource } from '../../electron/engine/import/source.ts'
import { checkAsset, loadEverything } from '../fixtures/import/check-asset.ts'
import { importContext, withFolder } from '../fixtures/import/context.ts'
import { fixtures } from '../fixtures/import/index.ts'

suite('the registry of importers', () => {
  test('has fixtures for every importer, and no fixtures without one', () => {
    expect(Object.keys(fixtures).toSorted()).toEqual(importers.map(({ id }) => id).toSorted())
    for (const [id, list] of Object.entries(fixtures)) expect(list.length, id).toBeGreaterThan(0)
  })

  test('uses ids and extensions in lower case', () => {
    for (const { id, extensions } of importers) {
      expect(id).toMatch(/^[a-z0-9-]+$/)
      for (const extension of extensions) expect(extension).toMatch(/^[a-z0-9]+$/)
    }
  })
})

suite.each(importers.map((importer) => [importer.id, importer] as const))('importer %s', (id, importer) => {
  test.each((fixtures[id] ?? []).map((fixture) => [fixture.id, fixture] as const))('reads %s', async (_, fixture) => {
    await withFolder(async (folder) => {
      const context = await importContext({ withTools: true })
      const path = await fixture.write(folder, context.tools)
      const source = await openSource(path)
      expect(chooseImporter(source).id).toBe(id)
      const { asset } = await describe(path, context)
      checkAsset(asset)
      if (fixture.expected.format) expect(asset.format).toBe(fixture.expected.format)
      if (fixture.expected.kind) expect(asset.kind).toBe(fixture.expected.kind)
      expect(asset.streams.map(({ sensor }) => sensor)).toEqual(fixture.expected.sensors)
      await loadEverything(importer, source, asset, context)
      expect(await hashSource(source, context.signal)).toMatch(/^[0-9a-f]{64}$/)
    })
  })

  test('stops when it is cancelled', async () => {
    await withFolder(async (folder) => {
      const context = await importContext({ withTools: true })
      const path = await fixtures[id][0].write(folder, context.tools)
      const cancelled = describe(path, { ...context, signal: AbortSignal.abort() })
      await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    })
  })
})
