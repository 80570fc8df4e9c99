import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMON_ARGUMENTS, runTool } from '../../electron/engine/media/run-tool.ts'
import type { MediaTools } from '../../electron/engine/media/tools.ts'
import { requireTool, resolveMediaTools } from '../../electron/engine/media/tools.ts'
import { Encoders } from '../../electron/engine/models/encoders.ts'
import { builtInPack } from '../../electron/engine/stars/built-in-pack.ts'
import { estimateStarsInWorker } from '../../electron/engine/stars/compute.ts'
import type { StarsProjectView } from '../../electron/engine/stars/gather-stars-input.ts'
import { gatherStarsInput } from '../../electron/engine/stars/gather-stars-input.ts'
import { estimateStars, starsOf } from '../../shared/stars/estimate/estimate-stars.ts'
import type { StarsInput } from '../../shared/stars/estimate/stars-input.ts'
import { ticksFromSeconds } from '../../shared/units.ts'
import { memoryCache, timeMap, viewOfFiles } from '../fixtures/stars/project-view.ts'

let folder = ''
let tools: MediaTools = { ffmpeg: null, ffprobe: null }
const cache = memoryCache()
const { signal } = new AbortController()

const file = (name: string): string => join(folder, name)

async function ffmpeg(...args: string[]): Promise<void> {
  const result = await runTool(requireTool(tools, 'ffmpeg'), [...COMMON_ARGUMENTS, '-y', '-v', 'error', ...args], {
    signal,
    timeoutMilliseconds: 60_000,
  })
  if (result.exitCode !== 0) throw new Error(result.stderrTail)
}

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', '-pix_fmt', 'yuv420p']
const AAC = ['-c:a', 'aac', '-b:a', '128k']

/** Four scenes that move, and a sound of notes with pauses that never repeats: apart, and together as a take. */
async function makeTake(): Promise<void> {
  const size = 's=320x180:r=10'
  const scenes = [`testsrc2=${size}`, `mandelbrot=${size}`, `smptehdbars=${size}`, `testsrc=${size}`]
  // Notes of a length that grows: no two stretches of it are alike.
  const notes = '0.4*sin(2*PI*(220+60*floor(mod(t*t*1.7,9)))*t)*gt(mod(t*(1.3+0.05*t),1),0.35)'
  await ffmpeg(
    ...scenes.flatMap((scene) => ['-f', 'lavfi', '-t', '2', '-i', scene]),
    '-f',
    'lavfi',
    '-i',
    `aevalsrc='${notes}':s=44100:d=8`,
    '-filter_complex',
    '[0:v]format=yuv420p[a];[1:v]format=yuv420p[b];[2:v]format=yuv420p,hue=h=20*t[c];[3:v]format=yuv420p,rotate=0.2*t,hue=h=90[d];[a][b][c][d]concat=n=4:v=1:a=0[v]',
    '-map',
    '[v]',
    '-map',
    '4:a',
    ...H264,
    ...AAC,
    '-t',
    '8',
    file('take.mp4'),
  )
  await makeWorse()
}

/** Names of the files that are worse than the take's picture or its sound, by what was done to them. */
const WORSE_PICTURES: Record<string, string> = {
  'blurring it a little': 'gblur=sigma=1.5',
  'blurring it much': 'gblur=sigma=6',
  'a little grain': 'noise=alls=15:allf=t',
  'much grain': 'noise=alls=60:allf=t',
  'blurred grain': 'noise=alls=60:allf=t,gblur=sigma=3',
  darkness: 'lutyuv=y=val*0.1',
  'a frozen picture': 'loop=loop=-1:size=1:start=15,trim=end=8',
}
const WORSE_SOUNDS: Record<string, string> = {
  hiss: 'aeval=val(0)+0.05*(random(0)-0.5),aformat=channel_layouts=mono',
  'loud hiss': 'aeval=val(0)+0.6*(random(0)-0.5),aformat=channel_layouts=mono',
  clipping: 'volume=30dB',
}

/** Everything that is made of the take, in one run: starting the tool costs more than these seconds do. */
async function makeWorse(): Promise<void> {
  const made = (stream: string, how: readonly string[], name: string): string[] => ['-map', stream, ...how, file(name)]
  await ffmpeg(
    '-i',
    file('take.mp4'),
    ...made('0:v', ['-c', 'copy'], 'picture.mp4'),
    ...made('0:a', ['-c', 'copy'], 'sound.m4a'),
    ...Object.entries(WORSE_PICTURES).flatMap(([name, filter]) => made('0:v', ['-vf', filter, ...H264], `${name}.mp4`)),
    ...Object.entries(WORSE_SOUNDS).flatMap(([name, filter]) => made('0:a', ['-af', filter, ...AAC], `${name}.m4a`)),
  )
}

async function inputOf(view: StarsProjectView): Promise<StarsInput> {
  const { input, skipped } = await gatherStarsInput(view, { tools, signal, cache, encoders })
  expect(skipped).toEqual([])
  return input
}

async function starsOfFile(name: string): Promise<number> {
  return starsOf(await inputOf(await viewOfFiles([file(name)], tools)))
}

/** A picture and a sound of their own files, in time with each other: what is not changed is measured once. */
async function starsTogether(...names: string[]): Promise<number> {
  const view = await viewOfFiles(names.map(file), tools)
  return starsOf(await inputOf({ ...view, timeMaps: names.map((_name, at) => timeMap(`asset-${at}-clock-0`, 0)) }))
}

const encoders = new Encoders(signal)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stars-'))
  tools = await resolveMediaTools()
  await makeTake()
})
afterAll(async () => {
  await encoders.close()
  await rm(folder, { recursive: true, force: true })
})

describe('stars of real files', () => {
  it('measures every window and answers with terms that add up', async () => {
    const input = await inputOf(await viewOfFiles([file('take.mp4')], tools))
    expect(input.windowSeconds).toBe(2)
    expect(input.units).toHaveLength(4)
    for (const { picture, sound } of input.units) {
      expect(picture?.clarity).toBeGreaterThan(0)
      expect(sound?.clearness).toBeGreaterThan(0.1)
    }
    const report = estimateStars(input, builtInPack())
    expect(report.stars).toBeGreaterThan(0.3)
    expect(report.segments.map((segment) => segment.start_s)).toEqual([0, 2, 4, 6])
    const sum = report.signals.reduce((total, term) => total + Math.round(1000 * term.contribution_stars), 0)
    expect(sum / 1000).toBe(report.stars)
    expect(await estimateStarsInWorker(input, builtInPack(), { signal })).toEqual(report)
  })

  it('measures nothing twice', async () => {
    const before = cache.kept.size
    expect(before).toBeGreaterThan(0)
    const none = { ffmpeg: null, ffprobe: null }
    const view = await viewOfFiles([file('take.mp4')], tools)
    const again = await gatherStarsInput(view, { tools: none, signal, cache, encoders })
    expect(again.input.units).toHaveLength(4)
    expect(cache.kept.size).toBe(before)
  })

  it.each(Object.keys(WORSE_PICTURES))('is lowered by %s', async (name) => {
    const before = await starsTogether('picture.mp4', 'sound.m4a')
    expect(await starsTogether(`${name}.mp4`, 'sound.m4a')).toBeLessThan(before)
  })

  it.each(Object.keys(WORSE_SOUNDS))('is lowered by %s', async (name) => {
    const before = await starsTogether('picture.mp4', 'sound.m4a')
    expect(await starsTogether('picture.mp4', `${name}.m4a`)).toBeLessThan(before)
  })

  it('is lowered by taking the sound or the picture away', async () => {
    const whole = await starsTogether('picture.mp4', 'sound.m4a')
    expect(await starsTogether('picture.mp4')).toBeLessThan(whole)
    expect(await starsTogether('sound.m4a')).toBeLessThan(whole)
  })

  it('is not raised by the same scenes again', async () => {
    await writeFile(file('list.txt'), `file '${file('take.mp4')}'\nfile '${file('take.mp4')}'\n`)
    await ffmpeg('-f', 'concat', '-safe', '0', '-i', file('list.txt'), '-c', 'copy', file('twice.mp4'))
    const view = await viewOfFiles([file('twice.mp4')], tools)
    const report = estimateStars(await inputOf(view), builtInPack())
    expect(report.stars).toBeLessThan(await starsOfFile('take.mp4'))
    expect(report.originality.status).toBe('repeats')
    const both = await viewOfFiles([file('take.mp4'), file('take.mp4')], tools)
    expect(starsOf(await inputOf(both))).toBeLessThan(await starsOfFile('take.mp4'))
  })

  it('hears that a device lies 200 ms off, and stars fall', async () => {
    await ffmpeg('-i', file('take.mp4'), '-ss', '0.7', '-vn', '-af', 'volume=-6dB,highpass=f=150', file('second.wav'))
    const view = await viewOfFiles([file('take.mp4'), file('second.wav')], tools)
    const placed = async (offset: number): Promise<StarsInput> =>
      inputOf({ ...view, timeMaps: [timeMap('asset-1-clock-0', offset)], referenceClockId: 'asset-0-clock-0' })
    const [right, off, lost] = [await placed(0.7), await placed(0.9), await inputOf(view)]
    expect(Math.abs(right.clocks[1].residualSeconds ?? 1)).toBeLessThan(0.03)
    expect(Math.abs(off.clocks[1].residualSeconds ?? 0)).toBeCloseTo(0.2, 1)
    expect(starsOf(off)).toBeLessThan(starsOf(right))
    expect(starsOf(lost)).toBeLessThan(starsOf(right))
  })

  it('is raised by words and lowered again when they go', async () => {
    const view = await viewOfFiles([file('take.mp4')], tools)
    const texts = [
      'a counter and moving colours',
      'we fall into the mandelbrot set',
      'bars that change their hue',
      'a clock face that turns',
    ]
    const captions = texts.map((text, at) => ({
      kind: 'caption' as const,
      id: `caption-${at}`,
      assetId: null,
      startTicks: ticksFromSeconds(2 * at),
      endTicks: ticksFromSeconds(2 * at + 1.7),
      text,
      source: 'typed' as const,
    }))
    const spoken = starsOf(await inputOf({ ...view, captions }))
    const half = starsOf(await inputOf({ ...view, captions: captions.slice(0, 2) }))
    const mute = starsOf(await inputOf(view))
    expect(spoken).toBeGreaterThan(half)
    expect(half).toBeGreaterThan(mute)
  })

  it('says of words without a recording that they are alone', async () => {
    const view = await viewOfFiles([file('take.mp4')], tools)
    const over = { kind: 'caption', id: 'word', assetId: null, startTicks: 0, endTicks: ticksFromSeconds(2) } as const
    const word = { ...over, text: 'a dog', source: 'typed' } as const
    const { input } = await gatherStarsInput(
      { ...view, assets: [], captions: [word] },
      { tools, signal, cache, encoders },
    )
    expect(() => estimateStars(input, builtInPack())).toThrow('no recording that they say anything of')
  })

  it('skips what cannot be read, with the reason, and stops when cancelled', async () => {
    const view = await viewOfFiles([file('take.mp4'), file('second.wav')], tools)
    const missing = {
      ...view,
      assets: [
        view.assets[0],
        { ...view.assets[1], asset: { ...view.assets[1].asset, sha256: 'f'.repeat(64) }, path: null },
      ],
    }
    const { input, skipped } = await gatherStarsInput(missing, { tools, signal, cache, encoders })
    expect(skipped).toEqual([
      {
        asset: 'asset-1',
        stream: 'asset-1-stream-0',
        reason: '"second.wav" is not where it was.',
        said: { code: 'media.moved', slots: { title: 'second.wav' } },
      },
    ])
    expect(input.units.length).toBe(4)
    const abort = new AbortController()
    abort.abort()
    await expect(gatherStarsInput(view, { tools, signal: abort.signal, cache, encoders })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  it('answers for a single grey picture and for a clip of one frame', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'color=gray:s=32x32', '-frames:v', '1', file('grey.png'))
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=10', '-frames:v', '1', ...H264, file('one.mp4'))
    const grey = await starsOfFile('grey.png')
    const one = await starsOfFile('one.mp4')
    expect(grey).toBeGreaterThanOrEqual(0)
    expect(one).toBeGreaterThan(grey)
    expect(one).toBeLessThan(await starsOfFile('take.mp4'))
  })

  it('looks at a long film 1,200 times, at its key pictures alone, says how far it is, and how it looked', async () => {
    // 40 minutes, a picture a second, a key picture every 200 s: twelve that differ.
    const film = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=1:d=2400', ...H264, '-g', '200', '-sc_threshold', '0']
    await ffmpeg(...film, file('long.mp4'))
    const fractions: number[] = []
    const onProgress = (fraction: number): void => void fractions.push(fraction)
    const view = await viewOfFiles([file('long.mp4')], tools)
    const { input } = await gatherStarsInput(view, { tools, signal, cache, encoders, onProgress })
    expect(input.sampling).toEqual({ pictureEverySeconds: 2 })
    expect(fractions.length).toBeGreaterThan(1200)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    const looks = input.units.flatMap(({ picture }) => picture?.looks ?? [])
    expect(looks).toHaveLength(1200)
    expect(new Set(looks).size).toBe(12)
    const [picture] = estimateStars(input, builtInPack()).signals.filter(({ id }) => id === 'picture')
    expect(picture?.why).toMatch(/It is long: it was looked at every 2 s\.$/)
  })
})
