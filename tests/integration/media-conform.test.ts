import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { conformAudio } from '../../electron/engine/media/conform.ts'
import { probeMedia } from '../../electron/engine/media/probe.ts'
import { retimeFilters } from '../../electron/engine/media/retime.ts'
import { requireTool, resolveMediaTools } from '../../electron/engine/media/tools.ts'
import { writeFloatWave } from '../../electron/engine/media/wave-file.ts'
import { applyTimeMap, type ClockMap, invertTimeMap } from '../../shared/signal/time-map.ts'
import { H264, makeClip, withMediaFolder } from '../fixtures/media/clips.ts'
import { nearestFrames } from '../fixtures/media/nearest-frames.ts'

const signal = new AbortController().signal
const RATE = 48_000

/** A tone whose phase says where one is: 997 Hz on the left, 313 Hz on the right. */
const TONES = [997, 313] as const
const tonesFile = (folder: string, seconds: number, rate: number): Promise<string> =>
  makeClip(
    folder,
    `tones-${rate}.wav`,
    '-f',
    'lavfi',
    '-i',
    `aevalsrc=exprs='0.4*sin(2*PI*${TONES[0]}*t)|0.4*sin(2*PI*${TONES[1]}*t)':s=${rate}:d=${seconds}`,
    '-c:a',
    'pcm_f32le',
  )

async function conformed(path: string, options: Omit<Parameters<typeof conformAudio>[2], 'signal'>) {
  const tools = await resolveMediaTools()
  const blocks: Float32Array[] = []
  const answer = await conformAudio(tools, await probeMedia(path, tools, signal), { ...options, signal }, (block) => {
    blocks.push(block)
  })
  const samples = Float32Array.from(blocks.flatMap((block) => [...block]))
  return { answer, samples }
}

const map = (offsetSeconds: number, ratePpm: number, knots?: ClockMap['knots']): ClockMap => ({
  offsetSeconds,
  ratePpm,
  covariance: [0, 0, 0],
  ...(knots ? { knots } : {}),
})

/** Largest difference to the tones as the map says they lie, away from the ends by `inset` samples. */
function worstDifference(samples: Float32Array, of: ClockMap, fromSeconds: number, inset: number): number {
  const back = invertTimeMap(of)
  let worst = 0
  for (let frame = inset; frame < samples.length / 2 - inset; frame++) {
    const at = applyTimeMap(back, fromSeconds + frame / RATE)
    for (const channel of [0, 1] as const) {
      const expected = 0.4 * Math.sin(2 * Math.PI * TONES[channel] * at)
      worst = Math.max(worst, Math.abs(samples[frame * 2 + channel]! - expected))
    }
  }
  return worst
}

describe('sound on the project clock', () => {
  test.each([
    ['a fraction of a sample and 137 ppm', 48_000, map(3.700_011_3, 137)],
    ['from 44.1 kHz, slower', 44_100, map(-0.5, -200)],
    ['a rate that was declared wrong', 48_000, map(1, (48 / 44.1 - 1) * 1e6)],
  ])('every sample is where the map says: %s', async (_, rate, of) => {
    await withMediaFolder(async (folder) => {
      const path = await tonesFile(folder, 7, rate)
      const fromSeconds = of.offsetSeconds + 1.234_567
      const { samples, answer } = await conformed(path, {
        map: of,
        fromSeconds,
        toSeconds: fromSeconds + 4,
        sampleRateHz: RATE,
      })
      expect(answer).toMatchObject({ channels: 2, samples: 4 * RATE, missingSamples: 0 })
      expect(samples.length).toBe(8 * RATE)
      // 1e-3 of 0.4 at 997 Hz is 0.4 microseconds, a fiftieth of a sample.
      expect(worstDifference(samples, of, fromSeconds, 100)).toBeLessThan(1e-3)
    })
  })

  test('a wandering clock is followed, lost samples are silence and what comes after stays in its place', async () => {
    await withMediaFolder(async (folder) => {
      const path = await tonesFile(folder, 12, RATE)
      const at = (clockSeconds: number, projectSeconds: number) => ({
        clockSeconds,
        projectSeconds,
        sigmaSeconds: 1e-5,
      })
      const of = map(10, 0, [at(0, 10), at(3, 13.000_3), at(6, 16.000_2), at(6.000_001, 16.7), at(12, 22.7)])
      const { samples, answer } = await conformed(path, { map: of, fromSeconds: 9, toSeconds: 23 })
      const frame = (seconds: number): number => Math.round((seconds - 9) * RATE)
      const part = (from: number, to: number): Float32Array => samples.subarray(frame(from) * 2, frame(to) * 2)
      expect(worstDifference(part(10.1, 15.9), of, 9 + frame(10.1) / RATE, 0)).toBeLessThan(1e-3)
      expect(worstDifference(part(16.8, 22.5), of, 9 + frame(16.8) / RATE, 0)).toBeLessThan(1e-3)
      expect(part(16.001, 16.699).every((sample) => sample === 0)).toBe(true)
      expect(part(9, 9.99).every((sample) => Math.abs(sample) < 1e-6)).toBe(true)
      // One second before, 0.6998 s lost, 0.3 s after.
      expect(answer.missingSamples / RATE).toBeCloseTo(1 + 0.6998 + 0.3, 2)
    })
  })

  test('a span beside the recording is silence, and a file is whole or not there', async () => {
    await withMediaFolder(async (folder) => {
      const tools = await resolveMediaTools()
      const path = await tonesFile(folder, 2, RATE)
      const probe = await probeMedia(path, tools, signal)
      const out = join(folder, 'out.wav')
      const options = { map: map(100, 0), fromSeconds: 0, toSeconds: 1, layout: 'mono' as const, signal }
      const shape = { sampleRateHz: RATE, channels: 1 }
      const silence = await writeFloatWave(out, shape, (write) => conformAudio(tools, probe, options, write))
      expect(silence).toMatchObject({ ...shape, missingSamples: RATE })
      expect((await probeMedia(out, tools, signal)).durationSeconds).toBeCloseTo(1, 6)
      // One channel that goes to two stays as loud as it is.
      const single = await makeClip(folder, 'one.wav', '-f', 'lavfi', '-i', 'aevalsrc=0.5:s=48000:d=1')
      let loudest = 0
      await conformAudio(
        tools,
        await probeMedia(single, tools, signal),
        { ...options, map: map(0, 0), layout: 'stereo' },
        (block) => void (loudest = block.reduce((most, value) => Math.max(most, value), loudest)),
      )
      expect(loudest).toBeCloseTo(0.5, 3)
      const stopped = AbortSignal.abort()
      const within = { ...options, map: map(0, 0), signal: stopped }
      const cancelled = writeFloatWave(join(folder, 'none.wav'), shape, (write) =>
        conformAudio(tools, probe, within, write),
      )
      await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
      expect((await readdir(folder)).sort()).toEqual(['one.wav', 'out.wav', 'tones-48000.wav'])
      expect((await readFile(out)).subarray(0, 4).toString()).toBe('RIFF')
    })
  })
})

describe('pictures on the project clock', () => {
  /** The number of each frame is its brightness. */
  const numbered = (folder: string): Promise<string> =>
    makeClip(
      folder,
      'numbered.mp4',
      '-f',
      'lavfi',
      '-i',
      "color=black:size=64x64:rate=30:duration=6,geq=lum='16+N':cb=128:cr=128",
      ...H264,
      '-qp',
      '0',
    )

  async function shown(path: string, filters: string): Promise<number[]> {
    const ffmpeg = requireTool(await resolveMediaTools(), 'ffmpeg')
    const output = '-fps_mode passthrough -f rawvideo pipe:1'.split(' ')
    const args = ['-v', 'error', '-copyts', '-i', path, '-vf', `${filters},format=gray`, ...output]
    const child = spawn(ffmpeg.path, args)
    const bytes: Buffer[] = []
    for await (const chunk of child.stdout) bytes.push(chunk as Buffer)
    const all = Buffer.concat(bytes)
    // gray is full range: 16 + N became (N) * 255 / 219.
    return Array.from({ length: all.length / 4096 }, (_, frame) => Math.round((all[frame * 4096]! * 219) / 255))
  }

  test.each([
    ['drift', map(2, 150), { numerator: 30, denominator: 1 }, 2.5, 6.5],
    ['another frame rate', map(-1, -80), { numerator: 24_000, denominator: 1_001 }, -0.5, 4.2],
    [
      'a jump',
      map(0, 0, [
        { clockSeconds: 0, projectSeconds: 0, sigmaSeconds: 0 },
        { clockSeconds: 3, projectSeconds: 3, sigmaSeconds: 0 },
        { clockSeconds: 3.000_001, projectSeconds: 3.5, sigmaSeconds: 0 },
        { clockSeconds: 6, projectSeconds: 6.5, sigmaSeconds: 0 },
      ]),
      { numerator: 25, denominator: 1 },
      1.01,
      6.2,
    ],
  ])('ffmpeg shows the nearest frames: %s', async (_, of, rate, from, to) => {
    await withMediaFolder(async (folder) => {
      const path = await numbered(folder)
      const times = Array.from({ length: 180 }, (__, frame) => frame / 30)
      const count = Math.round(((to - from) * rate.numerator) / rate.denominator)
      const nearest = nearestFrames(times, of, from, count, rate)
      expect(await shown(path, retimeFilters(of, from, to, rate, 0))).toEqual([...nearest.frames])
      // Nearest: half a frame of the slower of the two, but for the held frame of a jump.
      expect(nearest.worstErrorSeconds).toBeLessThan(
        of.knots ? 0.5 : Math.max(1 / 60, rate.denominator / rate.numerator / 2) + 1e-6,
      )
    })
  })
})
