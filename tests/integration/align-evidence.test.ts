import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import type { Importer, ImportSource } from '../../electron/engine/import/importer.ts'
import { resolveMediaTools } from '../../electron/engine/media/tools.ts'
import { writeFloatWave } from '../../electron/engine/media/wave-file.ts'
import { timedSource } from '../../electron/engine/assets/timed-source.ts'
import type { SyncFilesAnswer } from '../../shared/contract/answers.ts'
import { runJob } from '../../shared/contract/client.ts'
import { goproRecording } from '../fixtures/import/gopro-fixtures.ts'
import { H264, makeClip, picture } from '../fixtures/media/clips.ts'
import { ltcSignal } from '../fixtures/time/ltc.ts'
import { SeededRandom } from '../fixtures/time/random.ts'
import { noise, speechLike } from '../fixtures/time/sources.ts'

const RATE = 48_000

/** Files as people have them, through the same door as the command line. */
describe('evidence beside what was heard in both', () => {
  let home: string
  let engine: Engine

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'asterism-evidence-'))
    engine = await createEngine({ home, resumeJobs: false, host: {} })
  })
  afterAll(async () => {
    await engine.close()
    rmSync(home, { recursive: true, force: true })
  })

  const sync = async (a: string, b: string, method: 'auto' | 'timecode' | 'event'): Promise<SyncFilesAnswer> =>
    await runJob(engine.client, 'syncFiles', { a: engine.grantFile(a), b: engine.grantFile(b), method })

  async function wave(name: string, ...channels: readonly Float32Array[]): Promise<string> {
    const path = join(home, name)
    const frames = Math.max(...channels.map((channel) => channel.length))
    const out = new Float32Array(frames * channels.length)
    for (const [which, channel] of channels.entries()) {
      for (let index = 0; index < channel.length; index++) out[index * channels.length + which] = channel[index]!
    }
    await writeFloatWave(path, { sampleRateHz: RATE, channels: channels.length }, (write) => write(out))
    return path
  }

  const timecode = (start: [number, number, number, number], frameCount: number): Float32Array =>
    ltcSignal({ sampleRateHz: RATE, nominalRate: 25, frameSeconds: 1 / 25, start, frameCount, snrDb: 30 }).samples

  test('timecode on a channel places one recorder on the other, and does not drown the voice on the other channel', async () => {
    const voice = speechLike(16, RATE, 4)
    const part = (from: number, to: number): Float32Array =>
      voice.slice(from * RATE, to * RATE).map((value) => value * 0.05)
    const a = await wave('a.wav', part(0, 12), timecode([9, 59, 58, 0], 300))
    const b = await wave('b.wav', part(3.2, 15.2), timecode([10, 0, 1, 5], 300))
    const told = await sync(a, b, 'timecode')
    if ('unsynced' in told) throw new Error(told.unsynced.reason)
    expect(Math.abs(told.offset_s - 3.2)).toBeLessThan(2e-4)
    expect(told.method).toBe('timecode')
    const silent = await wave('silent.wav', new Float32Array(12 * RATE), timecode([10, 0, 1, 5], 300))
    const other = await sync(silent, await wave('voice.wav', part(0, 12)), 'auto')
    expect(other).toHaveProperty('unsynced')
    const heard = await sync(a, await wave('mono.wav', part(3.2, 15.2)), 'auto')
    if ('unsynced' in heard) throw new Error(heard.unsynced.reason)
    expect(heard.method).toBe('audio')
    expect(Math.abs(heard.offset_s - 3.2)).toBeLessThan(1e-3)
  })

  test('claps that a recorder heard place a silent camera that saw a light', async () => {
    const at = [2.31, 3.02, 6.58, 8.81, 11.4]
    const flashes = at.map((seconds) => `between(t,${seconds + 1.5},${seconds + 1.6})`).join('+')
    const light = `drawbox=x=200:y=20:w=100:h=80:color=white:t=fill:enable='${flashes}'`
    const camera = await makeClip(home, 'camera.mp4', ...picture('320x180', '30', 15), '-vf', light, ...H264)
    const sound = noise(15 * RATE, 3, 0.7).map((value) => value * 0.005)
    const random = new SeededRandom(2)
    for (const seconds of at) {
      const first = Math.round(seconds * RATE)
      for (let index = 0; index < 0.1 * RATE; index++) {
        sound[first + index]! += 0.5 * random.normal() * Math.exp(-index / (0.015 * RATE))
      }
    }
    const recorder = await wave('claps.wav', sound)
    const answer = await sync(recorder, camera, 'event')
    if ('unsynced' in answer) throw new Error(answer.unsynced.reason)
    expect(Math.abs(answer.offset_s + 1.5)).toBeLessThan(1 / 30)
    expect(Math.abs(answer.offset_s + 1.5)).toBeLessThan(3 * answer.sigma_offset_s)
    // Another camera saw hands that closed at those moments and opened slowly.
    const hands = at.map((seconds) => {
      const end = seconds - 0.7
      const closing = `between(t,${end - 0.2},${end})*500*(${end}-t)`
      return `${closing}+between(t,${end - 0.6},${end - 0.2})*250*(t-${end - 0.6})`
    })
    const apart = `50+${hands.join('+')}`
    const hand = 'color=white:size=24x60:rate=30:duration=14'
    const overlays = `[0][1]overlay=x='160-24-(${apart})+50':y=60[l];[l][1]overlay=x='160+(${apart})-50':y=60`
    const inputs = ['-f', 'lavfi', '-i', 'color=gray:size=320x180:rate=30:duration=14', '-f', 'lavfi', '-i', hand]
    const seeing = await makeClip(home, 'hands.mp4', ...inputs, '-filter_complex', overlays, ...H264)
    const clapped = await sync(recorder, seeing, 'event')
    if ('unsynced' in clapped) throw new Error(clapped.unsynced.reason)
    expect(Math.abs(clapped.offset_s - 0.7)).toBeLessThan(1 / 30)
    expect(Math.abs(clapped.offset_s - 0.7)).toBeLessThan(3 * clapped.sigma_offset_s)
    const unrelated = await wave(
      'steady.wav',
      noise(10 * RATE, 9, 0.7).map((value) => value * 0.1),
    )
    expect(await sync(unrelated, camera, 'event')).toHaveProperty('unsynced.reason')
  })

  test('files are placed by what they say of the time, and refused where it cannot be so', async () => {
    const clip = async (name: string, ...said: string[]): Promise<string> =>
      await makeClip(home, name, ...picture('64x48', '30000/1001', 4), ...said, ...H264)
    const code = async (name: string, start: string, utc: string): Promise<string> =>
      await clip(name, '-timecode', start, '-metadata', `creation_time=${utc}`)
    const evening = await code('evening.mov', '23:59:59;00', '2025-06-14T23:59:58Z')
    const over = await sync(evening, await code('over.mov', '00:00:01;02', '2025-06-15T01:00:00Z'), 'timecode')
    if ('unsynced' in over) throw new Error(over.unsynced.reason)
    expect(over.offset_s).toBeCloseTo((62 * 1001) / 30_000, 5)
    expect(over.sigma_offset_s).toBeLessThan(0.03)
    const other = await code('other-day.mov', '00:00:01;02', '2025-06-17T00:00:00Z')
    expect(await sync(evening, other, 'timecode')).toHaveProperty('unsynced.reason')
    // A camera of 50 pictures a second that counts every other one, as its timecode track says.
    const count = await makeClip(home, 'count.mov', ...picture('64x48', '25', 2), '-timecode', '10:00:05:12', ...H264)
    const fast = await makeClip(home, 'fast.mov', ...picture('64x48', '50', 2), ...H264)
    const half = await makeClip(home, 'half.mov', '-i', fast, '-i', count, '-map', '0:v', '-map', '1:d', '-c', 'copy')
    const slow = await makeClip(home, 'slow.mov', ...picture('64x48', '25', 8), '-timecode', '10:00:00:00', ...H264)
    const counted = await sync(slow, half, 'timecode')
    if ('unsynced' in counted) throw new Error(counted.unsynced.reason)
    expect(counted.offset_s).toBeCloseTo(5 + 12 / 25, 5)
    expect(counted.sigma_offset_s).toBeLessThan(0.03)
    const phone = await clip('phone.mp4', '-metadata', 'creation_time=2025-06-14T12:00:06Z')
    // Its satellites say 12:00:03.25, whatever its tag says.
    const camera = await goproRecording.write(home, await resolveMediaTools())
    const dated = await sync(camera, phone, 'timecode')
    if ('unsynced' in dated) throw new Error(dated.unsynced.reason)
    expect(dated.offset_s).toBeCloseTo(2.75, 3)
    expect(dated.confidence).toBeLessThan(0.8)
    const unset = await clip('unset.mp4', '-metadata', 'creation_time=1970-01-01T00:00:05Z')
    expect(await sync(phone, unset, 'timecode')).toHaveProperty('unsynced.reason')
  })

  test('a film inside a capture folder counts from its beginning, its device does not', async () => {
    const path = await wave('film.wav', speechLike(3, RATE, 8), timecode([10, 0, 0, 0], 75))
    const audio = { sensor: 'audio' as const, index: 0, startSeconds: 5012.25, durationSeconds: 3 }
    const source = { path, isDirectory: false, name: 'film.wav' } as unknown as ImportSource
    const importer = { mediaPart: () => ({ path }) } as unknown as Importer
    const clock = { source: 'device' as const, epochUtcNanoseconds: null, timecode: null }
    const lies = { streams: [audio], durationSeconds: 3, isOnClock: () => true }
    const recording = { clockId: 'device', title: 'device', clock, ...lies }
    const timed = timedSource(importer, source, recording, { tools: await resolveMediaTools() })
    const { signal } = new AbortController()
    expect((await timed?.loadSound?.(signal))?.startSeconds).toBeCloseTo(5012.25, 4)
    expect((await timed?.loadLinearTimecode?.(signal))?.fromSeconds).toBeGreaterThan(5012)
  })
})
