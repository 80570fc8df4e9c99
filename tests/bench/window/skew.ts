/** Sound against picture while the window plays forwards: what came to the sound device at the moments at which pictures were presented. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import type { Engine } from '../../../electron/engine/engine.ts'
import { requireTool, resolveMediaTools } from '../../../electron/engine/media/tools.ts'
import { H264, makeClip, noise, picture } from '../../fixtures/media/clips.ts'
import { allMade, importAlone } from './import-alone.ts'
import { median, quantile } from './statistics.ts'

type Print = (line: string) => void

const RATE_HZ = 48_000
const FILM_SECONDS = 14
const PLAYED_SECONDS = 10
/** Of this much sound it is found where in the recording it is, as often. */
const BLOCK_SECONDS = 0.04
const BLOCKS_APART_SECONDS = 0.1
/** How far from where the picture is it is looked for. */
const WITHIN_SECONDS = 0.3
/** What is less like the recording than this is a gap, or the stretching of a catching up. */
const LEAST_LIKENESS = 0.5
/** Starting takes its time, which is no skew of what plays. */
const START_SECONDS = 2
const BLOCK_FRAMES = 4096
const ROUNDS = 3

export async function skewFigures(print: Print, page: Page, engine: Engine, origin: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'asterism-bench-skew-'))
  try {
    const sound = [...noise(FILM_SECONDS), '-af', 'lowpass=f=6000', '-ac', '1', '-c:a', 'aac', '-b:a', '192k']
    const film = await makeClip(folder, 'film.mp4', ...picture('640x360', '30', FILM_SECONDS), ...sound, ...H264)
    const recorded = await samplesOf(film)
    await importAlone(page, engine, origin, film, 'Sound and picture')
    await page.locator('.stage video[data-state="shown"]').waitFor({ timeout: 60_000 })
    await allMade(page, engine)
    for (let round = 0; round < ROUNDS; round++) {
      const own = figuresOf(skewsOf(await play(page, 'stage'), recorded))
      const plain = figuresOf(skewsOf(await play(page, 'plain'), recorded))
      print(
        `window: sound against the picture presented, forwards: on the stage ${wordsOf(own)} (held to 20); in the browser's own player ${wordsOf(plain)} (reference): ${ms(Math.abs(own.middle - plain.middle))} ms apart`,
      )
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Figures {
  readonly count: number
  /** Above 0 where the sound was further than the picture, seconds. */
  readonly middle: number
  /** How far from the middle one in twenty is at least, seconds. */
  readonly spread: number
}

/** Once playing has settled. */
function figuresOf(skews: readonly Skew[]): Figures {
  const settled = skews.filter(({ atSeconds }) => atSeconds > START_SECONDS).map(({ skew }) => skew)
  const middle = median(settled)
  const apart = settled.map((skew) => Math.abs(skew - middle))
  return { count: settled.length, middle, spread: quantile(apart, 0.95) }
}

const ms = (seconds: number): string => (seconds * 1000).toFixed(1)
const wordsOf = ({ count, middle, spread }: Figures): string =>
  `${ms(middle)} ms median, 95 of 100 within ${ms(spread)} of that, ${count} pictures`

async function samplesOf(path: string): Promise<Float32Array> {
  const ffmpeg = requireTool(await resolveMediaTools(), 'ffmpeg')
  const args = ['-v', 'error', '-nostdin', '-i', path, '-ac', '1', '-ar', String(RATE_HZ), '-f', 'f32le', '-']
  const { stdout } = await promisify(execFile)(ffmpeg.path, args, { encoding: 'buffer', maxBuffer: 1 << 26 })
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength))
}

interface Played {
  readonly samples: Float32Array
  /** When the first sample came out of the device, on the clock of the window. */
  readonly zeroSeconds: number
  /** From when sound is taken from a player until it comes out of the device. A player knows it of a device, and not of the graph that it is heard through here. */
  readonly graphSeconds: number
  readonly pictures: readonly { readonly shownSeconds: number; readonly mediaSeconds: number }[]
}

/** Plays from the start, and keeps what came to the sound device and which pictures were presented when. */
async function play(page: Page, who: 'stage' | 'plain'): Promise<Played> {
  await page.reload()
  await page.locator('.stage video[data-state="shown"]').waitFor()
  await page.locator('canvas.timeline__canvas').focus()
  await page.keyboard.press('Home')
  // The page lets no script in but its own, so none on the thread of the sound: blocks are dropped where the window is busy, and lie where their time says.
  await page.evaluate(`(async () => {
    const context = new AudioContext({ sampleRate: ${RATE_HZ} })
    const recorder = context.createScriptProcessor(${BLOCK_FRAMES}, 1, 1)
    const blocks = [], leads = [], delays = [], pictures = []
    recorder.onaudioprocess = ({ inputBuffer, playbackTime }) =>
      void blocks.push({ samples: inputBuffer.getChannelData(0).slice(), atSeconds: playbackTime })
    recorder.connect(context.destination)
    // A click at a known time tells how much earlier than its time a block was heard.
    const click = new AudioBufferSourceNode(context, { buffer: new AudioBuffer({ length: 1, sampleRate: ${RATE_HZ} }) })
    click.buffer.getChannelData(0)[0] = 1
    click.connect(recorder)
    await context.resume()
    const clickSeconds = context.currentTime + 0.3
    click.start(clickSeconds)
    await new Promise((done) => setTimeout(done, 800))
    const staged = document.querySelector('.stage video')
    const plain = ${who === 'plain'} ? document.createElement('video') : null
    if (plain) {
      plain.src = staged.currentSrc
      document.body.append(plain)
      await new Promise((done) => plain.addEventListener('canplaythrough', done, { once: true }))
    }
    const sound = context.createMediaElementSource(plain ?? document.querySelector('.stage audio'))
    sound.connect(recorder)
    sound.connect(context.destination)
    const video = plain ?? staged
    const see = (now, { expectedDisplayTime, mediaTime }) => {
      pictures.push({ shownSeconds: expectedDisplayTime / 1000, mediaSeconds: mediaTime })
      video.requestVideoFrameCallback(see)
    }
    video.requestVideoFrameCallback(see)
    setInterval(() => {
      const { contextTime, performanceTime } = context.getOutputTimestamp()
      if (!performanceTime) return
      leads.push(contextTime - performanceTime / 1000)
      delays.push(context.currentTime - contextTime - (performance.now() - performanceTime) / 1000)
    }, 50)
    globalThis.skewPlay = { context, blocks, leads, delays, pictures, clickSeconds, plain }
  })()`)
  if (who === 'stage') await page.keyboard.press('l')
  else await page.evaluate('void globalThis.skewPlay.plain.play()')
  await page.waitForTimeout(PLAYED_SECONDS * 1000)
  const { base64, ...played } = await page.evaluate<Omit<Played, 'samples'> & { base64: string }>(`(async () => {
    const { context, blocks, leads, delays, pictures, clickSeconds } = globalThis.skewPlay
    await context.close()
    globalThis.skewPlay.plain?.remove()
    const first = blocks[0].atSeconds
    const all = new Float32Array(Math.round((blocks.at(-1).atSeconds - first) * ${RATE_HZ}) + ${BLOCK_FRAMES})
    for (const { samples, atSeconds } of blocks) all.set(samples, Math.round((atSeconds - first) * ${RATE_HZ}))
    const clicked = all.findIndex((sample) => sample > 0.9)
    const bytes = new Uint8Array(all.buffer)
    let text = ''
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192))
    const middleOf = (values) => values.sort((a, b) => a - b)[values.length >> 1]
    const zeroSeconds = clickSeconds - clicked / ${RATE_HZ} - middleOf(leads)
    return { base64: btoa(text), zeroSeconds, graphSeconds: middleOf(delays), pictures }
  })()`)
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
  return { samples: new Float32Array(bytes.buffer), ...played }
}

interface Skew {
  /** Since playing began. */
  readonly atSeconds: number
  /** How much further the sound was than the picture, seconds of the recording. */
  readonly skew: number
}

/** Of each picture, where the sound would be heard when it was presented, were it not for the graph. */
function skewsOf({ samples, zeroSeconds, graphSeconds, pictures }: Played, recorded: Float32Array): Skew[] {
  const started = pictures[0]?.shownSeconds ?? 0
  let next = -Infinity
  return pictures.flatMap(({ shownSeconds, mediaSeconds }) => {
    if (shownSeconds < next) return []
    next = shownSeconds + BLOCKS_APART_SECONDS
    const heard = placeOf(samples, Math.round((shownSeconds - zeroSeconds) * RATE_HZ), recorded, mediaSeconds)
    return heard === null ? [] : { atSeconds: shownSeconds - started, skew: heard + graphSeconds - mediaSeconds }
  })
}

/** Where in the recording, seconds, the sound is that was heard around a sample; null where it is like no place. */
function placeOf(samples: Float32Array, at: number, recorded: Float32Array, aboutSeconds: number): number | null {
  const half = Math.round((BLOCK_SECONDS * RATE_HZ) / 2)
  if (at - half < 0 || at + half > samples.length) return null
  let [best, place] = [LEAST_LIKENESS, null as number | null]
  const about = Math.round(aboutSeconds * RATE_HZ)
  const within = WITHIN_SECONDS * RATE_HZ
  for (let middle = about - within; middle <= about + within; middle += 2) {
    let [ab, aa, bb] = [0, 1e-12, 1e-12]
    for (let n = -half; n < half; n += 3) {
      const heard = samples[at + n]!
      const original = recorded[middle + n] ?? 0
      ab += heard * original
      aa += heard * heard
      bb += original * original
    }
    const like = ab / Math.sqrt(aa * bb)
    if (like > best) [best, place] = [like, middle]
  }
  return place === null ? null : place / RATE_HZ
}
