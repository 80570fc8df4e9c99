/** Cuts without encoding, measured: the pictures are those of the recording, sound and sensors stay beside them. */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inEnglish } from '../../shared/sayings/saying.ts'
import type { ClipSound } from '../../shared/document/clip-sound.ts'
import type { Stream, Track } from '../../shared/document/records.ts'
import { ticksFromSeconds } from '../../shared/units.ts'
import { describe as describeFile } from '../../electron/engine/import/describe.ts'
import { gpmfSatelliteTime } from '../../electron/engine/import/motion/gpmf.ts'
import { readRange } from '../../electron/engine/import/reading/byte-stream.ts'
import { decodeMono } from '../../electron/engine/media/decode-audio.ts'
import { resolveMediaTools, type MediaTools } from '../../electron/engine/media/tools.ts'
import { readMovie } from '../../electron/engine/publish/lossless/movie.ts'
import { exporter } from '../../electron/engine/publish/export/index.ts'
import { makeClip, picture } from '../fixtures/media/clips.ts'
import { importContext } from '../fixtures/import/context.ts'
import { GOPRO, goproRate, goproRecording } from '../fixtures/import/gopro-fixtures.ts'
import { writeMp4 } from '../fixtures/import/mp4-writer.ts'
import { assetRecord, clockRecord, projectRecord, streamRecord, trackRecord } from '../fixtures/publish/project.ts'

const run = promisify(execFile)
const never = new AbortController().signal

let folder: string
let tools: MediaTools
let camera: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asterism-lossless-'))
  tools = await resolveMediaTools()
  // A click every half second, and pictures that lean on both sides; a key picture a second.
  const clicks = "aevalsrc='if(lt(mod(t,0.5),0.002),0.8,0)':s=48000:d=6"
  const sound = ['-f', 'lavfi', '-i', clicks, '-c:a', 'aac', '-shortest']
  const steady = ['-g', '30', '-sc_threshold', '0', '-b_strategy', '0']
  const groups = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', ...steady]
  camera = await makeClip(
    folder,
    'camera.mp4',
    ...picture('160x90', '30', 6),
    ...sound,
    ...groups,
    '-pix_fmt',
    'yuv420p',
    '-metadata',
    'creation_time=2026-03-01T10:00:00Z',
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** `[start, end]` of the recording, one behind the other on the timeline. */
async function cut(
  path: string,
  spans: readonly (readonly [number, number])[],
  streams: (Stream & { readonly loudness?: ClipSound })[],
  out: string,
  preset = 'lossless',
) {
  const tracks = streams.map(({ loudness, ...stream }, order): Track => {
    const track = trackRecord(stream, order, 0)
    let at = 0
    track.clips = spans.map(([from, to], n) => {
      const clip = {
        ...track.clips[0]!,
        ...loudness,
        id: `${stream.id}-${n}`,
        startTicks: ticksFromSeconds(at),
        durationTicks: ticksFromSeconds(to - from),
        sourceStartTicks: ticksFromSeconds(from),
      }
      at += to - from
      return clip
    })
    return track
  })
  const records = [projectRecord(), await assetRecord('cam', path), clockRecord('cam'), ...streams, ...tracks]
  const notes: string[] = []
  await exporter('mp4').write({ records, assetPath: () => path, tools }, join(folder, out), {
    preset,
    onNote: (note) => notes.push(inEnglish(note)),
  })
  return { path: join(folder, out), notes }
}

const rate = (numerator: number) => ({ numerator, denominator: 1 })
const seen = (length: number, perSecond: number): Stream =>
  streamRecord('cam', { sensor: 'video', frameRate: rate(perSecond), durationSeconds: length, width: 160, height: 90 })
const heard = (length: number): Stream =>
  streamRecord('cam', { index: 1, sensor: 'audio', sampleRateHz: 48_000, durationSeconds: length })

/** What a player decodes, one digest a picture. */
async function pictures(path: string): Promise<string[]> {
  const { stdout } = await run(tools.ffmpeg!.path, ['-v', 'error', '-i', path, '-map', '0:v', '-f', 'framemd5', '-'])
  return stdout
    .split('\n')
    .flatMap((line) => (line === '' || line.startsWith('#') ? [] : line.split(',').at(-1)!.trim()))
}

async function packets(path: string, stream: string): Promise<{ seconds: number; hash: string }[]> {
  const wanted = ['-show_data_hash', 'md5', '-show_entries', 'packet=pts_time,data_hash']
  const args = ['-v', 'error', '-of', 'csv=p=0', '-select_streams', stream, ...wanted, path]
  const { stdout } = await run(tools.ffprobe!.path, args)
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(','))
    .map(([time, hash]) => ({ seconds: Number(time), hash: hash! }))
}

/** What a player decodes, as grey bytes, one buffer a picture. */
async function greys(path: string): Promise<Buffer[]> {
  const args = ['-v', 'error', '-i', path, '-map', '0:v', '-pix_fmt', 'gray', '-f', 'rawvideo', '-']
  const { stdout } = await run(tools.ffmpeg!.path, args, { encoding: 'buffer', maxBuffer: 1 << 28 })
  return Array.from({ length: stdout.length / (160 * 90) }, (_, n) => stdout.subarray(n * 160 * 90, (n + 1) * 160 * 90))
}

/** Mean difference of two pictures, of 255. */
function difference(a: Buffer, b: Buffer): number {
  return a.reduce((sum, grey, i) => sum + Math.abs(grey - b[i]!), 0) / a.length
}

describe('a cut to the picture', () => {
  it('copies what it can, encodes what lies around the cuts, and shows exactly what was asked for', async () => {
    // Head, body and tail; then a range without a key picture; then one that begins at a key picture.
    const spans = [
      [0.5, 2.5],
      [4.2, 4.5],
      [3, 3.5],
    ] as const
    const { path, notes } = await cut(camera, spans, [seen(6, 30), heard(6)], 'exact-two.mp4', 'exact')
    const whole = await greys(camera)
    const expected = [...whole.slice(15, 75), ...whole.slice(126, 135), ...whole.slice(90, 105)]
    const shown = await greys(path)
    expect(shown).toHaveLength(expected.length)
    // The head up to the key picture at 1 s; the last two of 2.5 s, which lean on a third; the range without a key; the
    // last two of 3.5 s.
    const encoded = [...Array(15).keys(), 58, 59, ...[...Array(9).keys()].map((n) => 60 + n), 82, 83]
    const differences = shown.map((grey, n) => difference(grey, expected[n]!))
    expect(differences.flatMap((each, n) => (each === 0 ? [] : [n]))).toEqual(encoded)
    expect(Math.max(...differences)).toBeLessThan(1.5)
    expect(notes.join(' ')).toContain(
      '0.500 to 2.500 s, 4.200 to 4.500 s, 3.000 to 3.500 s; 28 pictures around the cuts',
    )
    const times = (await packets(path, 'v:0')).map((packet) => packet.seconds).sort((a, b) => a - b)
    times.forEach((seconds, n) => expect(seconds).toBeCloseTo(n / 30, 3))
    // What is copied is the recording's, byte for byte.
    const before = new Set((await packets(camera, 'v:0')).map((packet) => packet.hash))
    expect((await packets(path, 'v:0')).filter((packet) => before.has(packet.hash))).toHaveLength(84 - 28)
  })

  it('cuts HEVC between pictures that lean on both sides of its key pictures', async () => {
    const groups = 'log-level=none:keyint=30:min-keyint=30:scenecut=0:open-gop=1:bframes=3'
    const coding = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', groups, '-tag:v', 'hvc1']
    const phone = await makeClip(folder, 'phone.mp4', ...picture('160x90', '30', 5), ...coding, '-pix_fmt', 'yuv420p')
    const whole = await greys(phone)
    const spans = [
      [2.5, 4.2],
      [0.2, 1.4],
    ] as const
    const exact = await cut(phone, spans, [seen(5, 30)], 'phone-exact.mp4', 'exact')
    const expected = [...whole.slice(75, 126), ...whole.slice(6, 42)]
    const shown = await greys(exact.path)
    const differences = shown.map((grey, n) => difference(grey, expected[n]!))
    expect(differences).toHaveLength(expected.length)
    expect(Math.max(...differences)).toBeLessThan(2)
    // From the key pictures at 3 s and 1 s on nothing is encoded until the last place at which the film parts.
    expect(differences.slice(15, 45)).toEqual(Array(30).fill(0))
    expect(differences.slice(75, 80)).toEqual(Array(5).fill(0))
    const times = (await packets(exact.path, 'v:0')).map((packet) => packet.seconds).sort((a, b) => a - b)
    times.forEach((seconds, n) => expect(seconds).toBeCloseTo(n / 30, 3))

    const copied = await cut(phone, spans, [seen(5, 30)], 'phone-copied.mp4')
    const [from, to] = [...copied.notes.join(' ').matchAll(/(\d\.\d+) to (\d\.\d+) s/g)].map(([, ...span]) =>
      span.map((seconds) => Math.round(30 * Number(seconds))),
    )
    expect(from![0]).toBe(60) // the key picture before what is wanted, not the film's beginning
    expect(await greys(copied.path)).toEqual([...whole.slice(...from!), ...whole.slice(...to!)])
  })

  it('is refused with the reason where the edges could not be encoded to fit', async () => {
    const deep = await makeClip(folder, 'deep.mp4', ...picture('160x90', '30', 2), '-c:v', 'mpeg4', '-g', '30')
    await expect(cut(deep, [[0.5, 1.5]], [seen(2, 30)], 'no-edges.mp4', 'exact')).rejects.toMatchObject({
      code: 'unsupported_format',
      message: expect.stringContaining('mpeg4'),
      fix: expect.stringContaining('lossless'),
    })
  })
})

describe('a cut without encoding', () => {
  it('holds the very pictures from key picture to key picture, and the sound beside them', async () => {
    const spans = [
      [1.2, 2.5],
      [4.1, 4.6],
    ] as const
    const { path, notes } = await cut(camera, spans, [seen(6, 30), heard(6)], 'two.mp4')
    const whole = await pictures(camera)
    // Each begins at a key picture and ends where no picture leans on a later one.
    expect(await pictures(path)).toEqual([...whole.slice(30, 76), ...whole.slice(120, 139)])
    expect(notes.join(' ')).toContain('1.000 to 2.533 s, 4.000 to 4.633 s; 0.367 s more than the timeline shows')
    const shown = (await packets(path, 'v:0')).map((packet) => packet.seconds).sort((a, b) => a - b)
    shown.forEach((seconds, n) => expect(seconds).toBeCloseTo(n / 30, 3))
    const { samples, startSeconds } = await decodeMono(tools, path, { sampleRateHz: 48_000, signal: never })
    // Clicks lie at 0, 0.5, … of the recording: behind the joint at most half a packet of 1024 off.
    for (const [at, tolerance] of [
      [0.5, 0.001],
      [1, 0.001],
      [2.033, 0.0117],
    ] as const) {
      const first = Math.round((at - 0.1 - startSeconds) * 48_000)
      const click = samples.subarray(first, first + 9600).findIndex((sample) => Math.abs(sample) > 0.3)
      expect(Math.abs(click / 48_000 - 0.1), `click at ${at} s`).toBeLessThan(tolerance)
    }
  })

  it('asks for nothing more where the timeline cuts at key pictures', async () => {
    const { path, notes } = await cut(camera, [[2, 4]], [seen(6, 30), heard(6)], 'exact.mp4')
    expect(notes.join(' ')).toContain('exactly what the timeline shows')
    expect(await pictures(path)).toEqual((await pictures(camera)).slice(60, 120))
    // It began two seconds after the recording did.
    const wanted = ['-v', 'error', '-of', 'csv=p=0', '-show_entries', 'format_tags=creation_time']
    const { stdout } = await run(tools.ffprobe!.path, [...wanted, path])
    expect(new Date(stdout.trim()).toISOString()).toBe('2026-03-01T10:00:02.000Z')
  })

  it('takes the sensors of the recording along, in their times', async () => {
    const samples = Array.from({ length: 60 }, (_, n) => Buffer.from(`reading ${n}`))
    const sensors = { format: 'camm', samples, timescale: 1000, sampleTicks: 100 }
    const action = await writeMp4(folder, tools, {
      fileName: 'action.mp4',
      seconds: 6,
      tracks: [sensors],
      keyframeEvery: 25,
    })
    const { path } = await cut(action, [[2.1, 3.9]], [seen(6, 25)], 'sensors.mp4')
    const before = await packets(action, 'd:0')
    const after = (await packets(path, 'd:0')).filter((packet) => packet.seconds > -0.001)
    expect(after.map((packet) => packet.hash)).toEqual(before.slice(20, 40).map((packet) => packet.hash))
    after.forEach((packet, n) => expect(packet.seconds).toBeCloseTo(n / 10, 3))
  })

  it('keeps what a GoPro measured where it stood against the pictures, also across a joint', async () => {
    const action = await goproRecording.write(folder, tools)
    // Both sides of the joint lie within payloads, which last a second each.
    const { path } = await cut(
      action,
      [
        [0, 1.4],
        [2.32, 4],
      ],
      [seen(4, 25)],
      'gopro-exact.mp4',
      'exact',
    )
    const context = await importContext({ withTools: true })
    const { importer, source, asset } = await describeFile(path, context)
    const index = asset.streams.findIndex(({ sensor }) => sensor === 'imu')
    const { count, timesNanoseconds, rotationRates } = (await importer.loadImu!(source, index, context))!
    expect(count).toBe(140 + 168)
    const strayed = Array.from({ length: count }, (_, n) => {
      const seconds = Number(timesNanoseconds[n]) / 1e9
      const due = Math.round((seconds < 1.4 - 1e-6 ? seconds : seconds + 0.92) * 100)
      // Within one sample of where it was; values come again after sixteen.
      const near = [due - 1, due, due + 1].map((each) => goproRate(each)[0])
      return near.includes(rotationRates![3 * n]!) ? [] : [seconds]
    })
    expect(strayed.flat()).toEqual([])
    // What is left of a payload says itself when it begins.
    const { table, files, decodeTicks } = (await readMovie(path)).tracks.find(({ format }) => format === 'gpmd')!
    const behind = decodeTicks.findIndex((ticks) => ticks / table.timescale > 1.39)
    const bytes = await readRange(files[0]!, table.offsets[behind]!, table.byteLengths[behind]!)
    const told = gpmfSatelliteTime(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    expect(told).toBeCloseTo(GOPRO.utcSeconds + 2.32, 3)
  })

  it('is refused with the reason where it cannot be, and leaves nothing behind', async () => {
    const other = await makeClip(folder, 'other.mkv', '-i', camera, '-c', 'copy')
    await expect(cut(other, [[1, 2]], [seen(6, 30)], 'no.mp4')).rejects.toMatchObject({
      code: 'unsupported_format',
      message: expect.stringContaining('only MP4 and QuickTime'),
    })
    const fragments = await makeClip(folder, 'live.mp4', '-i', camera, '-c', 'copy', '-movflags', '+frag_keyframe')
    await expect(cut(fragments, [[1, 2]], [seen(6, 30)], 'no.mp4')).rejects.toThrow('fragments')
    const louder = { ...heard(6), loudness: { gainDb: 3 } }
    await expect(cut(camera, [[1, 2]], [seen(6, 30), louder], 'no.mp4')).rejects.toThrow('louder, quieter or faded')
    const files = (await readdir(folder)).filter((name) => name.startsWith(basename('no.mp4')))
    expect(files).toEqual([])
  })
})
