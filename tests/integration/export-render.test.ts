/** Rendered films measured: which frame stands where, where a sound lies, what cancelling leaves, what is refused. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inEnglish } from '../../shared/sayings/saying.ts'
import { setSound } from '../../shared/document/clip-sound.ts'
import type { DocumentRecord, Track } from '../../shared/document/records.ts'
import { ticksFromSeconds } from '../../shared/units.ts'
import { decodeMono } from '../../electron/engine/media/decode-audio.ts'
import { probeMedia } from '../../electron/engine/media/probe.ts'
import { resolveMediaTools, type MediaTools } from '../../electron/engine/media/tools.ts'
import type { ExportInput } from '../../electron/engine/publish/export/exporter.ts'
import { exporter } from '../../electron/engine/publish/export/index.ts'
import { H264, makeClip } from '../fixtures/media/clips.ts'
import {
  assetRecord,
  clockRecord,
  projectRecord,
  streamRecord,
  timeMapRecord,
  trackRecord,
} from '../fixtures/publish/project.ts'

const run = promisify(execFile)
const never = new AbortController().signal

/** Pictures whose grey says which they are, of 29: far enough apart to survive encoding, none of them black. */
const GREYS = 29
const numbered = (size: string, rate: string, seconds: number): string[] => {
  const grey = `geq=lum='24+7*mod(N,${GREYS})':cb=128:cr=128`
  return ['-f', 'lavfi', '-i', `color=black:size=${size}:rate=${rate}:duration=${seconds},${grey}`]
}

let folder: string
let tools: MediaTools
const paths = new Map<string, string>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asterism-render-'))
  tools = await resolveMediaTools()
  paths.set('cam', await makeClip(folder, 'cam.mp4', ...numbered('162x90', '30', 3.5), ...H264, '-qp', '4'))
  paths.set('low', await makeClip(folder, 'low.mkv', ...numbered('60x80', '25', 4), ...H264, '-qp', '4'))
  // A click at 1 s and one at 2 s.
  const click = "aevalsrc='if(between(t,1,1.002)+between(t,2,2.002),0.8,0)':s=48000:d=3"
  paths.set('mic', await makeClip(folder, 'mic.wav', '-f', 'lavfi', '-i', click))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Take {
  readonly records: DocumentRecord[]
  readonly input: ExportInput
}

/** A camera on top from 0.5 s to 2.5 s with a hole of 0.5 s, a lower one from 0 to 4 s, a clicking microphone. */
async function take(change: (tracks: Record<'cam' | 'low' | 'mic', Track>) => void = () => {}): Promise<Take> {
  const rate = (numerator: number) => ({ numerator, denominator: 1 })
  const cam = streamRecord('cam', {
    sensor: 'video',
    frameRate: rate(30),
    durationSeconds: 3.5,
    width: 162,
    height: 90,
  })
  const low = streamRecord('low', { sensor: 'video', frameRate: rate(25), durationSeconds: 4, width: 60, height: 80 })
  const mic = streamRecord('mic', { sensor: 'audio', sampleRateHz: 48_000, durationSeconds: 3 })
  const tracks = { cam: trackRecord(cam, 0, 0), low: trackRecord(low, 1, 0), mic: trackRecord(mic, 2, 0) }
  const [clip] = tracks.cam.clips
  const part = (id: string, start: number, length: number, source: number) => ({
    ...clip!,
    id,
    startTicks: ticksFromSeconds(start),
    durationTicks: ticksFromSeconds(length),
    sourceStartTicks: ticksFromSeconds(source),
  })
  tracks.cam.clips = [part('one', 0.5, 1, 0.5), part('two', 2, 0.5, 3)]
  // The microphone's clock is 0.25 s behind and runs 1 % slow, so that its second click lies at 2.27 s.
  tracks.mic.clips = [{ ...tracks.mic.clips[0]!, startTicks: ticksFromSeconds(0.25) }]
  change(tracks)
  const records = [
    projectRecord({ title: 'Measured' }),
    ...(await Promise.all(['cam', 'low', 'mic'].map((id) => assetRecord(id, paths.get(id)!)))),
    cam,
    low,
    mic,
    ...['cam', 'low', 'mic'].map(clockRecord),
    timeMapRecord('mic', 0.25, { ratePpm: 10_000 }),
    ...Object.values(tracks),
  ]
  return { records, input: { records, assetPath: (id) => paths.get(id) ?? null, tools } }
}

/** The number of the picture at each frame, by the grey of its middle; null for black. */
async function numbers(path: string): Promise<(number | null)[]> {
  const args = ['-v', 'error', '-i', path, '-vf', 'crop=8:8,scale=1:1:flags=area,format=gray', '-f', 'rawvideo', '-']
  const { stdout } = await run(tools.ffmpeg!.path, args, { encoding: 'buffer' })
  // Grey out of limited range is stretched to full.
  return [...stdout].map((value) => (value < 5 ? null : Math.abs(Math.round(((value * 219) / 255 - 8) / 7))))
}

describe('a still', () => {
  it.each(['png', 'jpg'])('%s: is the picture on screen, in full size', async (kind) => {
    const { input } = await take()
    // On a picture's own moment, just before the next, behind the hole, on the lower track, rounded to just before.
    const moments = [
      [20 / 30, 20],
      [20.9 / 30, 20],
      [60 / 30, 90],
      [45.5 / 25, 45],
      [30 / 30 - 1e-6, 30],
    ] as const
    for (const [atSeconds, frame] of kind === 'png' ? moments : moments.slice(0, 1)) {
      const out = join(folder, `still-${frame}.${kind}`)
      const [file] = await exporter('still').write(input, out, { atSeconds })
      expect(file?.path).toBe(out)
      expect(await numbers(out), `${atSeconds} s`).toEqual([frame % GREYS])
      const [video] = (await probeMedia(out, tools, never)).streams
      const size = frame === 45 ? { width: 60, height: 80 } : { width: 162, height: 90 }
      expect(video).toMatchObject({ codec: kind === 'png' ? 'png' : 'mjpeg', ...size })
    }
  })

  it('is refused where nothing is shown, and leaves nothing', async () => {
    const { input } = await take()
    for (const atSeconds of [-1, 4.5, Number.NaN, undefined]) {
      const out = join(folder, 'none.png')
      await expect(exporter('still').write(input, out, { atSeconds })).rejects.toMatchObject({ code: 'bad_input' })
    }
    expect(await readdir(folder)).not.toContain('none.png')
  })
})

describe('a rendered film', () => {
  it.each([
    ['mp4', 'h264', 'aac'],
    ['webm', 'vp9', 'opus'],
  ])('%s: has every frame and every sample at its place', async (format, videoCodec, audioCodec) => {
    const { input } = await take()
    const out = join(folder, `placed.${format}`)
    const notes: string[] = []
    const [file] = await exporter(format).write(input, out, { onNote: (note) => notes.push(inEnglish(note)) })
    expect(file?.path).toBe(out)
    expect(notes).toEqual([])
    const probe = await probeMedia(out, tools, never)
    const [video, audio] = probe.streams
    expect(video).toMatchObject({ codec: videoCodec, width: 162, height: 90, startSeconds: 0 })
    expect(audio).toMatchObject({ codec: audioCodec, sampleRateHz: 48_000, channels: 2 })
    const shown = await numbers(out)
    expect(shown).toHaveLength(120)
    // Camera on top: frame 15 of the project is its frame 15; behind the hole frame 60 is its frame 90.
    for (let n = 15; n < 45; n++) expect(shown[n], `frame ${n}`).toBe(n % GREYS)
    for (let n = 60; n < 75; n++) expect(shown[n], `frame ${n}`).toBe((n + 30) % GREYS)
    // The lower one, 25 a second: the nearest of its pictures, either of two that are as near.
    for (const n of [0, 1, 7, 14, 45, 50, 59, 75, 100, 118]) {
      const true25 = (n * 25) / 30
      expect([Math.ceil(true25 - 0.501) % GREYS, Math.floor(true25 + 0.501) % GREYS], `frame ${n}`).toContain(shown[n])
    }
    const { samples, startSeconds } = await decodeMono(tools, out, { sampleRateHz: 48_000, signal: never })
    const at = (from: number, to: number): number => {
      const first = Math.round((from - startSeconds) * 48_000)
      const loudest = samples
        .subarray(first, Math.round((to - startSeconds) * 48_000))
        .findIndex((x) => Math.abs(x) > 0.4)
      return loudest < 0 ? Number.NaN : startSeconds + (first + loudest) / 48_000
    }
    // 0.25 + 1.01 * t, to half a millisecond through a lossy codec.
    expect(Math.abs(at(1, 1.5) - 1.26)).toBeLessThan(5e-4)
    expect(Math.abs(at(2, 2.5) - 2.27)).toBeLessThan(5e-4)
  })

  it('is black where nothing is, hides muted tracks, and the sound lies to the sample', async () => {
    const { input } = await take((tracks) => {
      tracks.low.muted = true
    })
    await exporter('mp4').write(input, join(folder, 'gaps.mp4'), { preset: 'small' })
    const shown = await numbers(join(folder, 'gaps.mp4'))
    // The microphone is the last to end: 0.25 + 1.01 * 3 s.
    expect(shown.length).toBe(Math.ceil(3.25 * 30))
    expect(shown.slice(0, 15).every((value) => value === null)).toBe(true)
    expect(shown.slice(46, 60).every((value) => value === null)).toBe(true)
    expect(shown[15]).toBe(15)
    await exporter('wav').write(input, join(folder, 'gaps.wav'), { preset: 'float' })
    const { samples } = await decodeMono(tools, join(folder, 'gaps.wav'), { sampleRateHz: 48_000, signal: never })
    const first = samples.findIndex((x) => Math.abs(x) > 0.4)
    expect(Math.abs(first - 1.26 * 48_000)).toBeLessThanOrEqual(1)
    const second = samples.findIndex((x, n) => n > 2 * 48_000 && Math.abs(x) > 0.4)
    expect(Math.abs(second - 2.27 * 48_000)).toBeLessThanOrEqual(1)
  })

  it('is as loud as its clips say, with their fades', async () => {
    // A copy of the microphone half as loud that rises for two seconds, so that its first click comes at 0.7 of that.
    const { input } = await take(({ mic }) => {
      setSound(mic.clips[0]!, { gainDb: -6, fadeInTicks: ticksFromSeconds(2.02) })
    })
    await exporter('wav').write(input, join(folder, 'quiet.wav'), { preset: 'float' })
    const { samples } = await decodeMono(tools, join(folder, 'quiet.wav'), {
      sampleRateHz: 48_000,
      channels: [0],
      signal: never,
    })
    const loudest = (from: number, to: number): number =>
      samples.subarray(from * 48_000, to * 48_000).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
    const half = 10 ** (-6 / 20)
    // A click rings a little over what it was when its rate is changed.
    expect(Math.abs(loudest(2.2, 2.3) - 0.8 * half)).toBeLessThan(0.01)
    expect(loudest(1.2, 1.3) / loudest(2.2, 2.3)).toBeCloseTo(Math.SQRT1_2, 2)
  })

  it('goes on where it was broken off, and comes out the same', async () => {
    const clip = await makeClip(folder, 'long.mp4', ...numbered('64x48', '24', 45), ...H264, '-g', '50')
    const stream = streamRecord('long', {
      sensor: 'video',
      frameRate: { numerator: 24, denominator: 1 },
      durationSeconds: 45,
      width: 64,
      height: 48,
    })
    const records = [
      projectRecord(),
      await assetRecord('long', clip),
      stream,
      clockRecord('long'),
      trackRecord(stream, 0, 0),
    ]
    const input = { records, assetPath: () => clip, tools }
    const whole = await exporter('mp4').write(input, join(folder, 'whole.mp4'))
    const out = join(folder, 'out', 'broken.mp4')
    const workFolder = join(folder, 'work')
    const stop = new AbortController()
    const broken = exporter('mp4').write(input, out, {
      signal: stop.signal,
      workFolder,
      onProgress: (fraction) => (fraction > 0.6 ? stop.abort() : undefined),
    })
    await expect(broken).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(join(folder, 'out'))).toEqual([])
    const [kept] = await readdir(workFolder)
    const stretches = (await readdir(join(workFolder, kept!))).filter((name) => name.endsWith('.mp4'))
    expect(stretches.length).toBeGreaterThan(0)
    const fractions: number[] = []
    const resumed = await exporter('mp4').write(input, out, { workFolder, onProgress: (each) => fractions.push(each) })
    expect(resumed[0]?.sha256).toBe(whole[0]?.sha256)
    // It began behind the first stretch: 480 of 1080 frames.
    expect(fractions.find((each) => each > 0.1)).toBeGreaterThan(0.4)
    expect(await readdir(workFolder)).toEqual([])
    expect(await numbers(out)).toEqual(Array.from({ length: 1080 }, (_, n) => n % GREYS))
  })

  it('refuses what it cannot do, and leaves nothing', async () => {
    const target = join(folder, 'refused')
    await mkdir(target)
    const { records, input } = await take()
    const out = join(target, 'x.mp4')
    const write = (changed: Partial<ExportInput>, preset?: string) =>
      exporter('mp4').write({ ...input, ...changed }, out, { preset })
    await expect(write({ assetPath: () => null })).rejects.toMatchObject({ code: 'not_found' })
    await expect(write({}, 'imax')).rejects.toMatchObject({
      code: 'bad_input',
      fix: expect.stringContaining('standard'),
    })
    const silent = records.map((record) => (record.kind === 'track' ? { ...record, muted: true } : record))
    await expect(write({ records: silent })).rejects.toMatchObject({ code: 'bad_input' })
    await expect(write({ records: [projectRecord()] })).rejects.toMatchObject({ code: 'bad_input' })
    const garbage = join(folder, 'garbage.mp4')
    await writeFile(garbage, (await readFile(paths.get('cam')!)).subarray(0, 900))
    await expect(write({ assetPath: () => garbage })).rejects.toMatchObject({
      code: expect.stringMatching(/corrupt|unsupported/),
    })
    expect((await readdir(target)).map((name) => basename(name))).toEqual([])
  })

  it('tells what a buyer will not take', async () => {
    const { input } = await take()
    const notes: string[] = []
    const out = join(folder, 'buyer.mp4')
    await exporter('mp4').write(input, out, {
      preset: 'egocentric-baseline',
      onNote: (note) => notes.push(inEnglish(note)),
    })
    expect(notes.join(' ')).toMatch(/4\.0 s long.*pixels/)
    const { stdout } = await run(tools.ffprobe!.path, [
      '-v',
      'error',
      '-show_entries',
      'stream=has_b_frames,pix_fmt:packet=flags',
      '-select_streams',
      'v',
      '-of',
      'csv=p=0',
      out,
    ])
    const lines = stdout.trim().split('\n')
    expect(lines).toContain('0,yuv420p')
    const keys = lines.flatMap((line, n) => (line.startsWith('K') ? [n] : []))
    expect(Math.max(...keys.map((at, n) => at - (keys[n - 1] ?? 0)))).toBeLessThanOrEqual(30)
  })
})
