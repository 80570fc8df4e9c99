import { expect, test } from 'vitest'
import { hasPlace, hasSurface, loadPath, loadWay } from '../../../electron/engine/assets/surface.ts'
import { timedSource } from '../../../electron/engine/assets/timed-source.ts'
import type { Importer, ImportSource } from '../../../electron/engine/import/importer.ts'

const TRACK = { sensor: 'pose', rotationUnknown: true, sampleCount: 3, startSeconds: 0, durationSeconds: 2 } as const
const TURNED = { ...TRACK, rotationUnknown: undefined }
const DEPTH = { ...TURNED, sensor: 'depth' } as const

const source = { path: '/flight/a.gpx', name: 'a.gpx', isDirectory: false } as ImportSource
const importer = { loadPoses: async (_: ImportSource, index: number) => ({ index }) } as unknown as Importer
const context = { tools: { ffmpeg: null, ffprobe: null }, signal: new AbortController().signal }
const clock = { source: 'utc', epochUtcNanoseconds: '0', timecode: null } as const

test('whoever needs to know how a device was turned does not take the path of a satellite receiver', async () => {
  const both = { streams: [TRACK, TURNED, DEPTH] }
  expect(await loadPath(importer, source, both, context)).toEqual({ index: 1 })
  expect(await loadWay(importer, source, both, context)).toEqual({ index: 1 })
  const alone = { streams: [TRACK, DEPTH] }
  expect(await loadPath(importer, source, alone, context), 'for depth and devices that move together').toBeNull()
  expect(await loadWay(importer, source, alone, context), 'for where it went').toEqual({ index: 0 })
  expect([hasSurface(both), hasSurface(alone)]).toEqual([true, false])
  expect([hasPlace({ streams: [TURNED] }), hasPlace({ streams: [TRACK] })]).toEqual([true, false])
})

test('its turning is not compared with that of sensors', () => {
  const onClock = (streams: readonly (typeof TRACK | typeof TURNED)[]) =>
    timedSource(
      importer,
      source,
      { clockId: 'c', title: 'c', clock, durationSeconds: 2, streams, isOnClock: () => true },
      { tools: { ffmpeg: null, ffprobe: null } },
    )
  expect(onClock([TRACK])?.loadPaths).toBeUndefined()
  expect(onClock([TRACK, TURNED])?.loadPaths).toHaveLength(1)
})
