import { expect, test } from 'vitest'
import type { Importer, ImportSource } from '../../../electron/engine/import/importer.ts'
import { locateMedia } from '../../../electron/engine/import/media/location.ts'

const source = { path: '/take' } as ImportSource
const context = { tools: { ffmpeg: null, ffprobe: null }, signal: new AbortController().signal }
const streams = [
  { index: 0, sensor: 'video' },
  { index: 1, sensor: 'audio' },
  { index: 2, sensor: 'pose' },
  { index: 3, sensor: 'video' },
  { index: 4, sensor: 'audio' },
  { index: 5, sensor: 'audio' },
]

test('a stream is counted among those of its own file, not of the whole capture folder', async () => {
  const twoFilms = {
    mediaPart: (_: ImportSource, index: number) => ({ path: index < 2 ? '/take/left.mp4' : '/take/right.mp4' }),
  } as unknown as Importer
  const opened = { importer: twoFilms, source }
  const found = streams.map(async (stream) => await locateMedia(opened, stream, streams, context))
  expect(await Promise.all(found)).toEqual([
    { path: '/take/left.mp4', rank: 0 },
    { path: '/take/left.mp4', rank: 0 },
    { path: '/take/right.mp4', rank: 0 },
    { path: '/take/right.mp4', rank: 0 },
    { path: '/take/right.mp4', rank: 0 },
    { path: '/take/right.mp4', rank: 1 },
  ])
})

test('a file holds all its streams itself', async () => {
  const opened = { importer: {} as Importer, source }
  expect(await locateMedia(opened, streams[5]!, streams, context)).toEqual({ path: '/take', rank: 2 })
})
