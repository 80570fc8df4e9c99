import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeMono } from '../../electron/engine/media/decode-audio.ts'
import type { DecodedAudio } from '../../electron/engine/media/decode-audio.ts'
import { grayPicturesAt } from '../../electron/engine/media/gray-pictures.ts'
import { computePeaks } from '../../electron/engine/media/peaks.ts'
import { probeMedia } from '../../electron/engine/media/probe.ts'
import type { MediaProbe } from '../../electron/engine/media/probe.ts'
import { makeProxy, needsProxy, proxyReasons, PROXY_FILE } from '../../electron/engine/media/proxy.ts'
import { makeThumbnails } from '../../electron/engine/media/thumbnails.ts'
import { resolveMediaTools } from '../../electron/engine/media/tools.ts'
import { H264, makeClip, makeClips, noise, picture, withMediaFolder } from '../fixtures/media/clips.ts'

const signal = new AbortController().signal
const RATE = 16_000

async function probe(path: string): Promise<MediaProbe> {
  return probeMedia(path, await resolveMediaTools(), signal)
}

async function decode(
  path: string,
  part: { startSeconds?: number; durationSeconds?: number } = {},
): Promise<DecodedAudio> {
  return decodeMono(await resolveMediaTools(), path, { sampleRateHz: RATE, signal, ...part })
}

/** By how many seconds `sound` lies later on its clock than `reference` on its own, looking at 0.4 s from `atSeconds`. */
function lagSeconds(reference: DecodedAudio, sound: DecodedAudio, atSeconds: number, largest = 0.06): number {
  const first = Math.round((atSeconds - reference.startSeconds) * RATE)
  const pattern = reference.samples.subarray(first, first + 0.4 * RATE)
  const origin = Math.round((atSeconds - sound.startSeconds) * RATE)
  let best = Number.NEGATIVE_INFINITY
  let bestLag = Number.NaN
  for (let lag = -0.04 * RATE; lag <= largest * RATE; lag++) {
    let sum = 0
    for (let index = 0; index < pattern.length; index++)
      sum += pattern[index] * (sound.samples[origin + lag + index] ?? 0)
    if (sum > best) [best, bestLag] = [sum, lag]
  }
  const exactOrigin = (origin + bestLag) / RATE + sound.startSeconds
  return exactOrigin - (first / RATE + reference.startSeconds)
}

describe('sound on its clock', () => {
  /** From a.aac on most say nothing of what their encoder put first: it is heard. */
  const CODINGS = [
    ['a.flac', []],
    // Without noise that each decoder draws for itself: a part is held against the whole.
    ['a.m4a', ['-aac_pns', '0']],
    ['a.mp3', []],
    ['a.ogg', ['-c:a', 'libvorbis']],
    ['a.opus', []],
    ['a.webm', ['-c:a', 'libopus']],
    ['a.mkv', ['-c:a', 'pcm_s16le']],
    ['a.avi', ['-c:a', 'pcm_s16le']],
    ['a.aac', []],
    ['a.mka', ['-c:a', 'aac']],
    ['a.ts', ['-c:a', 'mp2']],
    ['mp3.avi', ['-c:a', 'libmp3lame']],
    ['ac3.ts', ['-c:a', 'ac3']],
    ['opus.ts', ['-c:a', 'libopus']],
    ['a.dts', ['-c:a', 'dca', '-strict', '-2']],
    ['dts.mkv', ['-c:a', 'dca', '-strict', '-2']],
    ['a.voc', ['-c:a', 'pcm_s16le']],
    ['fragments.mp4', ['-c:a', 'aac', '-movflags', 'empty_moov+frag_keyframe', '-use_editlist', '0']],
  ] as const
  let folder: string
  let original: string
  let reference: DecodedAudio
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'asterism-derived-'))
    original = join(folder, 'original.wav')
    await makeClips(folder, noise(4), [['original.wav', []], ...CODINGS])
    reference = await decode(original)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test.each([2, 6])('%i channels that say the same are as loud as one of them', async (channels) => {
    const all = Array.from({ length: channels }, () => '0.9*sin(880*PI*t)').join('|')
    const name = `${channels}.wav`
    const path = await makeClip(folder, name, '-f', 'lavfi', '-i', `aevalsrc=${all}:s=${RATE}:d=1`)
    const { samples } = await decode(path)
    expect(samples.reduce((most, sample) => Math.max(most, sample), 0)).toBeCloseTo(0.9, 2)
  })

  test.each(CODINGS)('%s lies where the original lies', async (name) => {
    const sound = await decode(join(folder, name))
    for (const at of [0.3, 1.7, 3.3]) expect(Math.abs(lagSeconds(reference, sound, at))).toBeLessThan(0.0012)
  })

  test.each([
    ['late.mkv', ['-c:a', 'aac'], 0.5],
    ['late.mp4', ['-c:a', 'aac'], 0.5],
    ['late.ts', ['-c:a', 'mp2'], 0.5],
  ])('%s that starts late lies late', async (name, codec, expected) => {
    const late = ['-itsoffset', '0.5', '-i', original, '-map', '0:v', '-map', '1:a', ...H264, ...codec]
    const sound = await decode(await makeClip(folder, name, ...picture('64x64', '25', 4), ...late))
    for (const at of [1, 3]) expect(Math.abs(lagSeconds(reference, sound, at, 0.55) - expected)).toBeLessThan(0.0015)
  })

  test('late by its encoder beside pictures that nothing stamps is unsure by that', async () => {
    const beside = ['-i', original, '-map', '0:v', '-map', '1:a']
    for (const [name, ...codec] of [
      ['beside.avi', '-c:v', 'mjpeg', '-c:a', 'libmp3lame'],
      ['beside.mp4', ...H264, '-c:a', 'aac', '-movflags', 'empty_moov+frag_keyframe', '-use_editlist', '0'],
    ] as const) {
      const { streams } = await probe(await makeClip(folder, name, ...picture('64x64', '25', 4), ...beside, ...codec))
      const { startSeconds, startSigmaSeconds } = streams.find(({ kind }) => kind === 'audio')!
      expect(startSeconds, name).toBeGreaterThan(0.02)
      expect(startSigmaSeconds, name).toBeCloseTo(startSeconds / Math.SQRT2, 3)
    }
  })

  test('behind lost packets stays at its time', async () => {
    // Three packets of 21 ms each, less than ffmpeg itself would fill.
    const drop = ['-c', 'copy', '-bsf:a', String.raw`noise=drop=between(n\,100\,102)`]
    const coded = join(folder, 'a.m4a')
    const lossy = await decode(await makeClip(folder, 'lossy.mkv', '-i', coded, ...drop))
    const whole = await decode(coded)
    const [before, after] = [lagSeconds(whole, lossy, 1), lagSeconds(whole, lossy, 3.2)]
    expect(Math.abs(after - before)).toBeLessThan(0.002)
  })

  test.each(['original.wav', 'a.m4a', 'a.opus', 'a.aac'])('a part of %s is as in the whole', async (name) => {
    const path = join(folder, name)
    const whole = await decode(path)
    const part = await decode(path, { startSeconds: 2.25, durationSeconds: 1.5 })
    expect(part.samples.length).toBe(1.5 * RATE)
    expect(part.startSeconds).toBeCloseTo(2.25, 4)
    const first = Math.round((part.startSeconds - whole.startSeconds) * RATE)
    // Decoders draw their own noise where the encoder asked for noise: equal means equal in all but that.
    let difference = 0
    let power = 0
    for (let index = 200; index < part.samples.length - 200; index++) {
      difference += (part.samples[index] - whole.samples[first + index]) ** 2
      power += whole.samples[first + index] ** 2
    }
    expect(Math.sqrt(difference / power)).toBeLessThan(0.05)
  })

  test('not-a-number and infinity in a file of floats become silence', async () => {
    await withMediaFolder(async (folder) => {
      const path = await makeClip(folder, 'a.wav', ...noise(1, RATE), '-c:a', 'pcm_f32le')
      const bytes = await readFile(path)
      const data = bytes.indexOf('data') + 8
      for (let index = 1_000; index < 1_100; index++)
        bytes.writeFloatLE(index % 2 ? Number.NaN : Infinity, data + index * 4)
      await writeFile(path, bytes)
      const sound = await decode(path)
      expect(sound.samples.every(Number.isFinite)).toBe(true)
      expect(sound.warnings).toHaveLength(1)
    })
  })

  test('what has no sound, and what is asked for beyond the end, is refused', async () => {
    await withMediaFolder(async (folder) => {
      const silent = await makeClip(folder, 'a.mp4', ...picture('64x64', '25', 1), ...H264)
      await expect(decode(silent)).rejects.toMatchObject({ code: 'bad_input' })
      await expect(decode(original, { startSeconds: 5 })).rejects.toMatchObject({ code: 'bad_input' })
    })
  })
})

test('a waveform has the extremes of the decoded samples', async () => {
  await withMediaFolder(async (folder) => {
    const path = await makeClip(folder, 'a.wav', ...noise(3, RATE), '-ac', '1')
    const bytes = await readFile(path)
    const data = bytes.indexOf('data') + 8
    const samples = Array.from({ length: (bytes.length - data) / 2 }, (_, index) => bytes.readInt16LE(data + index * 2))
    const progress: number[] = []
    const peaks = await computePeaks(await resolveMediaTools(), await probe(path), {
      audioStreamIndex: 0,
      signal,
      onProgress: (fraction) => progress.push(fraction),
    })
    expect(peaks).toMatchObject({ sampleRateHz: RATE, startSeconds: 0, samplesPerBucket: 256 })
    expect(peaks.levels[0].length / 2).toBe(Math.ceil(samples.length / 256))
    peaks.levels[0].forEach((value, index) => {
      const bucket = samples.slice((index >> 1) * 256, ((index >> 1) + 1) * 256)
      expect(value).toBe(index % 2 === 0 ? Math.min(...bucket) : Math.max(...bucket))
    })
    expect(progress.at(-1)).toBe(1)
  })
})

describe('thumbnails', () => {
  /** Grey that brightens by 8 a second: a tile's brightness says which time it shows. */
  const ramp = (seconds: number): string[] => [
    '-f',
    'lavfi',
    '-i',
    `nullsrc=s=320x180:r=10:d=${seconds},format=gray,geq=lum=16+T*8`,
  ]

  test.each([
    ['all frames', ['-g', '1000'], false],
    ['key frames', ['-g', '2', '-keyint_min', '2'], true],
  ])('each tile shows its own time, from %s', async (_, gop, isFromKeyFrames) => {
    await withMediaFolder(async (folder) => {
      const path = await makeClip(
        folder,
        '100% real.mp4',
        ...ramp(10),
        '-c:v',
        'libx264',
        '-qp',
        '1',
        '-pix_fmt',
        'yuv420p',
        ...gop,
        '-sc_threshold',
        '0',
      )
      const tools = await resolveMediaTools()
      const out = join(folder, '50%d')
      await mkdir(out)
      const index = await makeThumbnails(tools, await probe(path), out, { videoStreamIndex: 0, signal })
      expect(index).toMatchObject({ tileWidth: 160, tileHeight: 90, count: 20, intervalSeconds: 0.5, isFromKeyFrames })
      expect((await readdir(out)).toSorted()).toEqual(['sheet-001.jpg', 'thumbnails.json'])
      expect(JSON.parse(await readFile(join(out, 'thumbnails.json'), 'utf8'))).toEqual(index)
      const raw = await makeClip(
        folder,
        'sheet.raw',
        '-f',
        'jpeg_pipe',
        '-i',
        join(out, 'sheet-001.jpg'),
        '-pix_fmt',
        'gray',
        '-f',
        'rawvideo',
      )
      const pixels = await readFile(raw)
      const grey = (tile: number): number => {
        const x = (tile % index.columns) * index.tileWidth + 80
        const y = Math.floor(tile / index.columns) * index.tileHeight + 45
        return pixels[y * index.columns * index.tileWidth + x]
      }
      const perSecond = (grey(19) - grey(1)) / 9
      // One frame and one step of grey; and where only key frames count, the way between two of them.
      const tolerance = 0.3 + (isFromKeyFrames ? 0.2 : 0)
      for (let tile = 0; tile < index.count; tile++) {
        expect(Math.abs((grey(tile) - grey(0)) / perSecond - tile * 0.5)).toBeLessThan(tolerance)
      }

      // Single pictures, in any order and more than are decoded at once of pictures as large as these are said to be.
      const film = await probe(path)
      const large = { ...film.streams[0]!, width: 8_000, height: 2_000 }
      const moments = [8, 2, 30, 5.02, 9.9]
      const pictures = await grayPicturesAt(tools, film, large, moments, { width: 32, height: 18 }, signal)
      const [late, early, none, middle, last] = pictures.map((pixels) => pixels && pixels[9 * 32 + 16]!)
      expect(none).toBeNull()
      const steps = [middle! - early!, late! - middle!, last! - late!].map((step) => step / ((late! - early!) / 6))
      for (const [at, seconds] of [3.1, 2.9, 1.9].entries()) expect(Math.abs(steps[at]! - seconds)).toBeLessThan(0.3)
    })
  })
})

describe('proxies', () => {
  test('are made only where they are needed', async () => {
    await withMediaFolder(async (folder) => {
      const plays = await makeClip(folder, 'a.mp4', ...picture('160x120', '25', 1), ...noise(1), ...H264, '-c:a', 'aac')
      const large = await makeClip(folder, 'large.mp4', ...picture('2560x1440', '5', 0.4), ...H264)
      const deep = await makeClip(
        folder,
        'deep.mp4',
        ...picture('160x120', '25', 1),
        '-c:v',
        'libx264',
        '-pix_fmt',
        'yuv422p10le',
      )
      const other = await makeClip(folder, 'other.mov', ...picture('160x120', '25', 1), '-c:v', 'prores_ks')
      const sound = await makeClip(folder, 'a.wav', ...noise(1))
      expect([await probe(plays), await probe(sound)].map(needsProxy)).toEqual([false, false])
      const needing = [await probe(large), await probe(deep), await probe(other)]
      expect(needing.map(needsProxy)).toEqual([true, true, true])
      expect(proxyReasons(needing[0])).toEqual(['Its picture of 2560 x 1440 is larger than 1080p.'])
    })
  })

  test('keep the clock and the frame times of the original, and play', async () => {
    await withMediaFolder(async (folder) => {
      const late = ['-itsoffset', '0.4', ...noise(3), '-map', '0:v', '-map', '1:a']
      const uneven = ['-vf', `select='not(between(n,20,40))'`, '-vsync', 'passthrough']
      const path = await makeClip(
        folder,
        'a.mkv',
        ...picture('320x240', '25', 3),
        ...late,
        ...uneven,
        '-c:v',
        'mpeg4',
        '-c:a',
        'pcm_s16le',
      )
      const original = await probe(path)
      const progress: number[] = []
      await makeProxy(await resolveMediaTools(), original, folder, {
        signal,
        onProgress: (fraction) => progress.push(fraction),
      })
      const proxy = await probe(join(folder, PROXY_FILE))
      expect(needsProxy(proxy)).toBe(false)
      const [video, audio] = proxy.streams
      expect(video).toMatchObject({ codec: 'h264', width: 320, height: 240, frameCount: 54, isVariableRate: true })
      expect(video.startSeconds).toBeCloseTo(original.streams[0].startSeconds, 2)
      expect(video.keyframeIntervalSeconds).toBeLessThanOrEqual(1.5)
      const [before, after] = [await decode(path), await decode(join(folder, PROXY_FILE))]
      expect(Math.abs(lagSeconds(before, after, 1.5))).toBeLessThan(0.0015)
      expect(audio.codec).toBe('aac')
      expect(progress.at(-1)).toBe(1)
    })
  })

  test('cancelling leaves no process and throws', async () => {
    await withMediaFolder(async (folder) => {
      const path = await makeClip(folder, 'a.mkv', ...picture('640x480', '25', 20), '-c:v', 'mpeg4')
      const controller = new AbortController()
      const making = makeProxy(await resolveMediaTools(), await probe(path), folder, {
        signal: controller.signal,
        onProgress: () => controller.abort(),
      })
      await expect(making).rejects.toMatchObject({ code: 'cancelled' })
    })
  })
})
