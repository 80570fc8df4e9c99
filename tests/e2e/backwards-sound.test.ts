/** Backwards the window plays what was recorded, turned round, on the playhead: what it gives the sound device is read. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { build, type Rollup } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requireTool, resolveMediaTools } from '../../electron/engine/media/tools.ts'
import { ticksFromSeconds } from '../../shared/units.ts'
import { browser, closeBrowser } from '../fixtures/electron/browser.ts'
import { makeClip, noise, withMediaFolder } from '../fixtures/media/clips.ts'

const RATE = 48_000
const ORIGIN = 'https://backwards.test'
const SOURCES = fileURLToPath(new URL('../../renderer/src/', import.meta.url))
const MODULES = ['stage/backwards-player', 'stage/reversed-sound', 'state/transport']
const SKEW_SECONDS = 0.02
/** Two pieces of one recording the wrong way round, one behind the other: at 3 s there is a cut. */
const CLIPS = [
  { startSeconds: 0, sourceSeconds: 5 },
  { startSeconds: 3, sourceSeconds: 0 },
]
const clips = CLIPS.map(({ startSeconds, sourceSeconds }) => ({
  streamId: 's',
  startTicks: ticksFromSeconds(startSeconds),
  durationTicks: ticksFromSeconds(3),
  sourceStartTicks: ticksFromSeconds(sourceSeconds),
}))
const sourceSecondsAt = (at: number): number => (at < 3 ? at + 5 : at - 3)

let page: Page
let recorded: Float32Array

beforeAll(async () => {
  const file = await withMediaFolder(async (folder) => {
    // Without the highest notes a place between two samples is the same however it is read.
    const low = ['-af', 'lowpass=f=3000,lowpass=f=3000']
    const path = await makeClip(folder, 'noise.mp4', ...noise(10), ...low, '-ac', '1', '-c:a', 'aac', '-b:a', '192k')
    const ffmpeg = requireTool(await resolveMediaTools(), 'ffmpeg')
    const args = ['-v', 'error', '-nostdin', '-i', path, '-ac', '1', '-ar', String(RATE), '-f', 'f32le', '-']
    const { stdout } = await promisify(execFile)(ffmpeg.path, args, { encoding: 'buffer', maxBuffer: 1 << 26 })
    recorded = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength))
    return readFileSync(path)
  })
  const files = new Map<string, Buffer>([...(await bundle()), ['/', Buffer.from('<p>here</p>')], ['/noise.mp4', file]])
  page = await (await browser()).newPage()
  await page.route(`${ORIGIN}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname
    const body = files.get(name)
    const range = /bytes=(\d+)-(\d*)/.exec(route.request().headers()['range'] ?? '')
    if (!body) return await route.fulfill({ status: 404 })
    if (!range) return await route.fulfill({ body, contentType: name.endsWith('js') ? 'text/javascript' : 'text/html' })
    const [first, last] = [Number(range[1]), Math.min(Number(range[2] || body.length), body.length - 1)]
    const headers = { 'Content-Range': `bytes ${first}-${last}/${body.length}`, 'Accept-Ranges': 'bytes' }
    await route.fulfill({ status: 206, headers, body: body.subarray(first, last + 1), contentType: 'video/mp4' })
  })
  await page.goto(`${ORIGIN}/`)
}, 60_000)

afterAll(closeBrowser)

/** The modules as the window has them, by their address. */
async function bundle(): Promise<[address: string, code: Buffer][]> {
  const entry = Object.fromEntries(MODULES.map((name) => [name.split('/')[1]!, `${SOURCES}${name}.ts`]))
  const made = (await build({
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, minify: false, lib: { entry, formats: ['es'] } },
  })) as Rollup.RollupOutput[]
  return made[0]!.output.flatMap((each) =>
    each.type === 'chunk' ? [[`/${each.fileName}`, Buffer.from(each.code)] as const] : [],
  ) as [string, Buffer][]
}

interface Heard {
  readonly samples: Float32Array
  /** Where the playhead is when a sample is heard, project seconds. */
  readonly atSeconds: (sample: number) => number
  /** How far the clocks of device and machine ran apart meanwhile, as they do where the machine is busy, seconds. */
  readonly apartSeconds: number
  /** The loudest that came to the sound device while it played, and once it stood. */
  readonly peak: number
  readonly peakAfter: number
}

/** Plays backwards for a while, and renders again what the sound device was given, at the times at which it was. */
async function playBackwards(fromSeconds: number, speed: number, seconds: number): Promise<Heard> {
  await page.mouse.click(5, 5)
  const { base64, zero, apart, peak, peakAfter } = await page.evaluate<{
    base64: string
    zero: number
    apart: number
    peak: number
    peakAfter: number
  }>(`(async () => {
    const { BackwardsPlayer } = await import('/backwards-player.js')
    const { ReversedSound } = await import('/reversed-sound.js')
    const { seek, setRate, setTransportBounds, useTransport } = await import('/transport.js')
    const started = []
    const { start, stop } = AudioBufferSourceNode.prototype
    const { connect } = AudioNode.prototype
    let analyser = null
    AudioBufferSourceNode.prototype.start = function (when, offset) {
      started.push({ node: this, at: Math.max(when, this.context.currentTime), offset, end: Infinity })
      return start.call(this, when, offset)
    }
    AudioBufferSourceNode.prototype.stop = function (when) {
      started.find(({ node }) => node === this).end = when
      return stop.call(this, when)
    }
    AudioNode.prototype.connect = function (target) {
      if (target === this.context.destination) connect.call(this, (analyser = new AnalyserNode(this.context)))
      return connect.call(this, target)
    }
    const samples = new Float32Array(2048)
    const peakNow = () => {
      analyser?.getFloatTimeDomainData(samples)
      return analyser ? samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0) : 0
    }
    const player = new BackwardsPlayer(() => ReversedSound.open(location.origin + '/noise.mp4'))
    const played = { track: { clips: ${JSON.stringify(clips)} }, streamId: 's', moments: { offsetSeconds: 0, ratePpm: 0 } }
    setTransportBounds(0, 6)
    seek(${fromSeconds})
    setRate(-${speed})
    const { anchorSeconds, anchorMilliseconds } = useTransport.getState()
    let peak = 0
    const leads = []
    const follow = async (seconds) => {
      for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
        await new Promise((done) => requestAnimationFrame(done))
        player.follow(played, 1)
        peak = Math.max(peak, peakNow())
        const stamp = started[0]?.node.context.getOutputTimestamp()
        if (stamp?.performanceTime) leads.push(stamp.contextTime - stamp.performanceTime / 1000)
      }
    }
    for (let tries = 0; started.length === 0 && tries < 400; tries++) await follow(0.02)
    await follow(${seconds})
    const device = started[0].node.context
    setRate(0)
    player.follow(played, 1)
    const [first, last] = [started[0].at, device.currentTime]
    await new Promise((done) => setTimeout(done, 300))
    const peakAfter = peakNow()
    player.dispose()
    AudioBufferSourceNode.prototype.start = start
    AudioBufferSourceNode.prototype.stop = stop
    AudioNode.prototype.connect = connect
    const again = new OfflineAudioContext(1, Math.ceil((last - first) * ${RATE}), ${RATE})
    for (const { node, at, offset } of started) {
      const copy = new AudioBufferSourceNode(again, { buffer: node.buffer, playbackRate: node.playbackRate.value })
      copy.connect(again.destination)
      copy.start(at - first, offset)
    }
    const bytes = new Uint8Array((await again.startRendering()).getChannelData(0).buffer)
    let text = ''
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
    // Where the playhead was when the first sample came out of the device: by the usual stamp, since one alone may be far off.
    leads.sort((a, b) => a - b)
    const firstMilliseconds = (first - leads[leads.length >> 1]) * 1000
    const zero = anchorSeconds - (${speed} * (firstMilliseconds - anchorMilliseconds)) / 1000
    return { base64: btoa(text), zero, apart: leads.at(-1) - leads[0], peak, peakAfter }
  })()`)
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
  return {
    samples: new Float32Array(bytes.buffer),
    atSeconds: (sample) => zero - (speed * sample) / RATE,
    apartSeconds: apart,
    peak,
    peakAfter,
  }
}

/** How alike what was heard is to another sound, -1 to 1: what a busy machine left out is not held against it. */
function likeness(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 1e-12, 1e-12]
  for (const [n, x] of a.entries()) {
    if (x === 0) continue
    ab += x * b[n]!
    aa += x * x
    bb += b[n]! * b[n]!
  }
  return ab / Math.sqrt(aa * bb)
}

/** What should be heard of some samples if the device were so much late, seconds of the clock. */
function expectedOf({ samples, atSeconds }: Heard, lateSamples: number, direction: 1 | -1 = 1): Float32Array {
  const middle = atSeconds(samples.length / 2)
  return samples.map((_, n) => {
    const at = atSeconds(n - lateSamples)
    const source = sourceSecondsAt(direction === 1 ? at : 2 * middle - at) * RATE
    const [below, share] = [Math.floor(source), source - Math.floor(source)]
    return (recorded[below] ?? 0) * (1 - share) + (recorded[below + 1] ?? 0) * share
  })
}

/** Tenths of a second of what was heard; those that a busy machine left out are none. */
function blocksOf(heard: Heard): Heard[] {
  const length = RATE / 10
  return Array.from({ length: Math.floor(heard.samples.length / length) }, (_, n) => ({
    ...heard,
    samples: heard.samples.subarray(n * length, (n + 1) * length),
    atSeconds: (sample: number) => heard.atSeconds(n * length + sample),
  })).filter(({ samples }) => samples.every((sample, at) => sample !== 0 || at === 0))
}

/** How late, samples, a sound is most like what it should be. */
function bestShift(heard: Heard, around: number, within: number, step: number): number {
  let [best, found] = [-1, 0]
  for (let shift = around - within; shift <= around + within; shift += step) {
    const like = likeness(heard.samples, expectedOf(heard, shift))
    if (like > best) [best, found] = [like, shift]
  }
  return found
}

test.each([1, 2])(
  'at speed %i what is heard is the recording turned round, on the playhead, across a cut',
  async (speed) => {
    const heard = await playBackwards(3 + 0.8 * speed, speed, 1.6)
    expect(heard.samples.length).toBeGreaterThan(1.2 * RATE)
    expect(heard.atSeconds(heard.samples.length)).toBeLessThan(2.9)
    // Block by block, with its seams and the cut: at its own place, which is the playhead's.
    const reach = Math.ceil(((SKEW_SECONDS + heard.apartSeconds) * RATE) / 8) * 8
    const blocks = blocksOf(heard).map((block) => {
      const rough = bestShift(block, 0, reach, 8)
      const late = bestShift(block, rough, 8, 1)
      const like = (direction: 1 | -1): number => likeness(block.samples, expectedOf(block, late, direction))
      return { late, turned: like(1), straight: like(-1) }
    })
    expect(blocks.length).toBeGreaterThan(5)
    const alike = blocks.filter(({ turned }) => turned > 0.9)
    expect(alike.length).toBeGreaterThan(0.7 * blocks.length)
    expect(blocks.filter(({ straight }) => straight > 0.8)).toEqual([])
    for (const { late } of alike) expect(Math.abs(late / RATE)).toBeLessThan(SKEW_SECONDS + heard.apartSeconds)
    expect(heard.peak).toBeGreaterThan(0.02)
    expect(heard.peakAfter).toBe(0)
  },
)
