import { join } from 'node:path'
import { beforeAll, describe as suite, expect, test } from 'vitest'
import { describe } from '../../electron/engine/import/describe.ts'
import type { ImportedAsset } from '../../electron/engine/import/importer.ts'
import { decodeMono } from '../../electron/engine/media/decode-audio.ts'
import { resolveMediaTools } from '../../electron/engine/media/tools.ts'
import { debianSamples } from '../fixtures/media/debian-samples.ts'
import type { DebianSamples } from '../fixtures/media/debian-samples.ts'

const signal = new AbortController().signal
let samples: DebianSamples

beforeAll(async () => {
  samples = await debianSamples()
}, 400_000)

async function read(file: string): Promise<ImportedAsset> {
  expect(samples.files).toContain(file)
  return (await describe(join(samples.directory, file), { tools: await resolveMediaTools(), signal })).asset
}

suite('a talk in four encodings', () => {
  test.each([
    ['mp4', 'mp4', ['h264', 'aac'], [1280, 720]],
    ['avi', 'avi', ['h264', 'aac'], [1024, 576]],
    ['mpeg', 'mpeg', ['mpeg2video', 'mp2'], [640, 480]],
    ['ogg', 'ogg', ['theora', 'vorbis'], [720, 480]],
  ])('%s', async (extension, format, codecs, [width, height]) => {
    const asset = await read(`movie2/movie-hello.${extension}`)
    expect(asset).toMatchObject({ format, kind: 'recording' })
    expect(asset.streams.map(({ codec }) => codec)).toEqual(codecs)
    expect(asset.streams[0]).toMatchObject({ width, height, rotationDegrees: 0 })
    expect(asset.durationSeconds).toBeGreaterThan(8.2)
    expect(asset.durationSeconds).toBeLessThan(8.5)
    // The same eight seconds of speech, whatever the encoding: Vorbis here counts its pages wrongly and plays well.
    const sound = await decodeMono(
      await resolveMediaTools(),
      join(samples.directory, `movie2/movie-hello.${extension}`),
      {
        sampleRateHz: 8_000,
        signal,
      },
    )
    expect(sound.samples.length / 8_000).toBeGreaterThan(8.1)
    expect(sound.samples.length / 8_000).toBeLessThan(8.4)
    expect(sound.samples.some((sample) => Math.abs(sample) > 0.05)).toBe(true)
  })
})

suite('a phone', () => {
  test('video: variable rate, time of recording, a place', async () => {
    const asset = await read('movie1/VID_20191220_170832.mp4')
    expect(asset.streams[0]).toMatchObject({ width: 1920, height: 1080, sampleCount: 41 })
    expect(asset.warnings.map(({ code }) => code)).toEqual(['variable-frame-rate'])
    // Written at 20:08:34 UTC when it was closed; the name says that it began at 17:08:32 in Brazil.
    expect(Number(asset.clocks[0].epochUtcNanoseconds) / 1e9).toBeCloseTo(1_576_872_512.3, 0)
    expect(asset.metadata['hasLocation']).toBe(true)
  })

  test('photograph: the zone out of the satellites, the moment out of the camera', async () => {
    const asset = await read('pic2/IMG_20200608_111614.jpg')
    expect(asset).toMatchObject({ format: 'jpeg', kind: 'image', metadata: { make: 'Xiaomi', hasLocation: true } })
    expect(asset.streams[0]).toMatchObject({ width: 4000, height: 3000 })
    const seconds = Number(asset.clocks[0].epochUtcNanoseconds) / 1e9
    expect(new Date(seconds * 1000).toISOString().slice(0, 19)).toBe('2020-06-08T14:16:13')
  })

  test('photograph without a place', async () => {
    expect((await read('pic1/IMG_1054.JPG')).metadata).toMatchObject({ make: 'Canon', hasLocation: false })
  })
})

test('speech in three encodings is equally long', async () => {
  const assets = await Promise.all(['wav', 'mp3', 'ogg'].map((extension) => read(`audio1/debian.${extension}`)))
  for (const asset of assets) expect(asset.durationSeconds).toBeCloseTo(5.407, 2)
})
