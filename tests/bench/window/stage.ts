/** The stage and what is drawn of recordings: scrubbing, the waveform of an hour, the world while it is turned. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import type { Engine } from '../../../electron/engine/engine.ts'
import { runJob } from '../../../shared/contract/client.ts'
import { pointsToDraw, POINTS_PER_CHUNK, type SeenChunk } from '../../../shared/geometry/point-chunks.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'
import { H264, makeClip, picture } from '../../fixtures/media/clips.ts'
import type { Part } from '../window.bench.ts'
import { allMade, importAlone } from './import-alone.ts'
import { median, quantile } from './statistics.ts'

type Print = (line: string) => void

const FILM_SECONDS = 12
const SEEKS = 24
/** How long the film stands on stage before it is looked through for the first time; and at once. */
const STANDS_MILLISECONDS = [0, 4000] as const
const LOOKED_AT_MILLISECONDS = 300
const REMEMBERED_WITHIN_MILLISECONDS = 2000
const FRAMES = 90
/** Decoded by no browser: it is watched through its proxy. */
const NEEDS_PROXY = ['-c:v', 'mpeg4', '-q:v', '5']
/** As cameras write films: a key picture every second. */
const CAMERA = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '30', '-pix_fmt', 'yuv420p']
/** As most programs write films: two of three pictures lie between others, and key pictures are up to 250 apart. */
const BETWEEN = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p']
/** No way points are laid in it: decoded from its key pictures. */
const VP9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-row-mt', '1', '-b:v', '4M']
const DERIVED_WITHIN_MILLISECONDS = 60_000

export async function stageFigures(
  print: Print,
  page: Page,
  engine: Engine,
  origin: string,
  runs: (part: Part) => boolean,
): Promise<void> {
  if (runs('world')) printPointPick(print)
  const folder = await mkdtemp(join(tmpdir(), 'asterism-bench-stage-'))
  try {
    if (runs('scrub')) {
      const watched = await makeClip(folder, 'watched.mp4', ...picture('1280x720', '30', FILM_SECONDS), ...NEEDS_PROXY)
      const original = await makeClip(folder, 'original.mp4', ...picture('1920x1080', '30', FILM_SECONDS), ...H264)
      await scrubFigures(print, page, engine, origin, watched, 'the proxy at 720p', 'held to 50 median, 100 p95')
      await scrubFigures(print, page, engine, origin, original, 'the original at 1080p', 'held to 200 p95')
      const camera = await makeClip(folder, 'camera.mp4', ...picture('1920x1080', '30', FILM_SECONDS), ...CAMERA)
      await scrubFigures(print, page, engine, origin, camera, 'an original as cameras write it', 'held to 200 p95')
      const between = await makeClip(folder, 'between.mp4', ...picture('1920x1080', '30', FILM_SECONDS), ...BETWEEN)
      const what = 'an original with pictures between pictures'
      await scrubFigures(print, page, engine, origin, between, what, 'held to 200 p95')
      const other = await makeClip(folder, 'other.webm', ...picture('1920x1080', '30', FILM_SECONDS), ...VP9)
      await scrubFigures(print, page, engine, origin, other, 'an original in VP9 at 1080p', 'held to 200 p95')
    }
    if (runs('waveform')) {
      const hour = await makeClip(
        folder,
        'hour.wav',
        '-f',
        'lavfi',
        '-i',
        'sine=frequency=220:sample_rate=48000:duration=3600',
        '-c:a',
        'pcm_s16le',
      )
      await waveformFigures(print, page, engine, origin, hour)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  if (runs('world')) await worldFigures(print, page, engine, origin)
}

/** What the level of detail costs a frame with ten million points in view. */
function printPointPick(print: Print): void {
  const random = seededRandom(7)
  const seen: SeenChunk[] = Array.from({ length: Math.ceil(10_000_000 / POINTS_PER_CHUNK) }, () => ({
    count: POINTS_PER_CHUNK,
    size: random.next() < 0.3 ? 0 : random.next(),
  }))
  const taken: number[] = []
  let drawn = 0
  for (let n = 0; n < 200; n++) {
    const began = performance.now()
    drawn = pointsToDraw(seen, 2_000_000).reduce((sum, count) => sum + count, 0)
    taken.push(performance.now() - began)
  }
  print(
    `window: picking ${drawn} of 10 million points ${median(taken).toFixed(3)} ms median, ${quantile(taken, 0.95).toFixed(3)} p95 (held to 4)`,
  )
}

/** From the press on the ruler to the presented frame that shows the moment; beside it the browser's own seek of the same film. */
async function scrubFigures(
  print: Print,
  page: Page,
  engine: Engine,
  origin: string,
  path: string,
  what: string,
  held: string,
): Promise<void> {
  await importAlone(page, engine, origin, path, what)
  await page.locator('.stage video[data-state="shown"]').waitFor({ timeout: DERIVED_WITHIN_MILLISECONDS })
  // The pictures that stand in for exact ones are made in the background.
  await allMade(page, engine)
  const rounds: string[] = []
  for (const stands of STANDS_MILLISECONDS) {
    await page.reload()
    await page.locator('.stage video[data-state="shown"]').waitFor()
    await page.waitForTimeout(stands)
    const looks = await lookThrough(page)
    const [seen, exact] = (['seen', 'exact'] as const).map((what) => looks.map((each) => each[what]))
    rounds.push(
      `${stands === 0 ? 'at once' : `${stands / 1000} s after it came on stage`} the exact one ${median(exact!).toFixed(0)} ms median, ${quantile(exact!, 0.95).toFixed(0)} p95, one of the moment ${median(seen!).toFixed(0)} and ${quantile(seen!, 0.95).toFixed(0)}`,
    )
  }
  const browser = await page.evaluate<number[]>(browserSeeks(FILM_SECONDS, SEEKS))
  const bunny = await mediabunnySeeks(page, origin)
  print(
    `window: scrub on ${what}, the first way through, from the press to a picture: ${rounds.join('; ')} (${held}); the browser's own seek of it ${median(browser).toFixed(0)} and ${quantile(browser, 0.95).toFixed(0)} ms (reference), mediabunny's ${bunny} (reference)`,
  )
}

/** Of one press: milliseconds until a picture of that moment is seen, and until it is exactly the one. */
interface Look {
  readonly seen: number
  readonly exact: number
}

/** Presses on the ruler all over the film, each as soon as the picture of the one before has come. */
async function lookThrough(page: Page): Promise<Look[]> {
  const canvas = (await page.locator('canvas.timeline__canvas').boundingBox())!
  await page.keyboard.press('0')
  const looks: Look[] = []
  for (let n = 0; n < SEEKS; n++) {
    await page.evaluate(WAIT_FOR_FRAME)
    await page.mouse.click(
      canvas.x + canvas.width * (0.1 + (0.75 * ((n * 7) % SEEKS)) / SEEKS) + canvas.width * 0.06,
      canvas.y + 8,
    )
    looks.push(await page.evaluate<Look>('globalThis.framePresented'))
    // A person looks at what was found before looking on.
    await page.waitForTimeout(LOOKED_AT_MILLISECONDS)
  }
  // The window remembers where it was: begun anew there, the last place would be no place to go to.
  await page.keyboard.press('Home')
  await page.waitForTimeout(REMEMBERED_WITHIN_MILLISECONDS)
  return looks
}

const MEDIABUNNY = fileURLToPath(
  new URL('../../../node_modules/mediabunny/dist/bundles/mediabunny.min.mjs', import.meta.url),
)

/** The same moments, each decoded exactly by mediabunny and drawn: median and 95th percentile, or why it could not. */
async function mediabunnySeeks(page: Page, origin: string): Promise<string> {
  await page.route(`${origin}/mediabunny.mjs`, (route) =>
    route.fulfill({ path: MEDIABUNNY, contentType: 'text/javascript' }),
  )
  const taken = await page.evaluate<number[] | string>(exactSeeks(FILM_SECONDS, SEEKS))
  return typeof taken === 'string'
    ? `not there: ${taken}`
    : `${median(taken).toFixed(0)} and ${quantile(taken, 0.95).toFixed(0)} ms`
}

/** Resolves when the film has presented the frame that the next press sent it to. */
const WAIT_FOR_FRAME = `void (globalThis.framePresented = new Promise((resolve) => {
  addEventListener('pointerdown', (event) => {
    const video = document.querySelector('.stage video')
    const before = video.currentTime
    const still = document.querySelector('.picture__still')
    let seen = 0
    const taken = () => performance.now() - event.timeStamp
    const see = () => (seen ||= taken())
    const done = () => { see(); resolve({ seen, exact: taken() }) }
    // Over a film that is slow to seek, its exact picture is drawn first; before that, another of about that moment.
    new MutationObserver((_, observer) => {
      if (still.dataset.near) requestAnimationFrame(see)
      if (!still.dataset.seconds) return
      observer.disconnect()
      requestAnimationFrame(done)
    }).observe(still, { attributeFilter: ['data-seconds', 'data-near'] })
    const look = () => video.requestVideoFrameCallback((now, { mediaTime }) => {
      const isThere = video.currentTime !== before && mediaTime <= video.currentTime + 0.002 && mediaTime > video.currentTime - 0.036
      if (isThere) done()
      else look()
    })
    look()
    // A moment within the frame that is shown presents nothing anew.
    setTimeout(done, 3000)
  }, { capture: true, once: true })
}))`

const browserSeeks = (seconds: number, count: number): string => `(async () => {
  const video = document.createElement('video')
  video.muted = true
  video.src = document.querySelector('.stage video').src
  await new Promise((resolve) => video.addEventListener('canplay', resolve, { once: true }))
  const taken = []
  for (let n = 0; n < ${count}; n++) {
    const began = performance.now()
    const shown = new Promise((resolve) => video.requestVideoFrameCallback(resolve))
    video.currentTime = ${seconds} * (0.05 + 0.9 * ((n * 7) % ${count}) / ${count})
    await shown
    taken.push(performance.now() - began)
  }
  video.src = ''
  return taken
})()`

const exactSeeks = (seconds: number, count: number): string => `(async () => {
  const { ALL_FORMATS, CanvasSink, Input, UrlSource } = await import('/mediabunny.mjs')
  const input = new Input({ formats: ALL_FORMATS, source: new UrlSource(document.querySelector('.stage video').src) })
  const track = await input.getPrimaryVideoTrack()
  if (!track || !(await track.canDecode())) return 'this browser decodes no such film through WebCodecs'
  const sink = new CanvasSink(track, { poolSize: 1 })
  const taken = []
  for (let n = 0; n < ${count}; n++) {
    const began = performance.now()
    await sink.getCanvas(${seconds} * (0.05 + 0.9 * ((n * 7) % ${count}) / ${count}))
    taken.push(performance.now() - began)
  }
  return taken
})().catch((error) => String(error.message ?? error))`

/** From the end of the import to the waveform, and once more after the window was loaded anew. */
async function waveformFigures(print: Print, page: Page, engine: Engine, origin: string, path: string): Promise<void> {
  await importAlone(page, engine, origin, path, 'An hour')
  const began = performance.now()
  const isThere = (response: { url(): string; status(): number }): boolean =>
    response.url().includes('/peaks') && response.status() === 200
  await page.waitForResponse(isThere, { timeout: DERIVED_WITHIN_MILLISECONDS })
  const first = performance.now() - began
  const again = page.waitForResponse(isThere)
  await page.reload()
  const cached = await again
  // Until all of it has come its end is not known.
  await cached.finished()
  const timing = cached.request().timing()
  print(
    `window: waveform of one hour ${(first / 1000).toFixed(1)} s after the import (held to 10), ${timing.responseEnd.toFixed(0)} ms from the cache (held to 100)`,
  )
}

/** What a frame costs while the world is turned, and what of it goes to the graphics card again. */
async function worldFigures(print: Print, page: Page, engine: Engine, origin: string): Promise<void> {
  await page.addInitScript(COUNT_UPLOADS)
  await engine.client.projects.close()
  await engine.client.projects.create({ title: 'World' })
  await page.goto(origin)
  await page.waitForSelector('.studio')
  await runJob(engine.client, 'import', { files: await engine.client.files.sample() })
  const world = page.getByRole('group', { name: 'World' }).locator('canvas[data-engine]')
  await world.waitFor({ timeout: DERIVED_WITHIN_MILLISECONDS })
  // The content security policy lets no text be run as a condition to wait for.
  const drawn = async (): Promise<number> => Number((await world.getAttribute('data-points')) ?? 0)
  for (
    const end = performance.now() + DERIVED_WITHIN_MILLISECONDS;
    performance.now() < end && (await drawn()) < 50_000;
  )
    await page.waitForTimeout(200)
  await page.waitForTimeout(3000)
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  const script = async (): Promise<number> =>
    (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0
  const before = { script: await script(), bytes: await page.evaluate<number>('globalThis.uploadedBytes') }
  await page.evaluate(TURN)
  const uploaded = (await page.evaluate<number>('globalThis.uploadedBytes')) - before.bytes
  const perFrame = (((await script()) - before.script) * 1000) / FRAMES
  const { device, points } = await page.evaluate<{ device: string; points: string }>(DEVICE)
  await devtools.detach()
  print(
    `window: turning the world of the sample take, ${points} points on ${device}: ${perFrame.toFixed(2)} ms of script a frame (held to 4), ${uploaded} bytes uploaded again (held to 0)`,
  )
}

/** Geometry and textures; what a frame says anew of its camera are uniforms. A film that plays is uploaded with every picture, and none does. */
const COUNT_UPLOADS = `
  globalThis.uploadedBytes = 0
  for (const name of ['bufferData', 'bufferSubData', 'texImage2D', 'texSubImage2D', 'texImage3D', 'texSubImage3D']) {
    const upload = WebGL2RenderingContext.prototype[name]
    WebGL2RenderingContext.prototype[name] = function (...values) {
      for (const value of values) if (ArrayBuffer.isView(value)) globalThis.uploadedBytes += value.byteLength
      return upload.apply(this, values)
    }
  }`

const TURN = `new Promise((resolve) => {
  const canvas = document.querySelector('.world canvas')
  canvas.setPointerCapture = () => undefined
  canvas.releasePointerCapture = () => undefined
  const box = canvas.getBoundingClientRect()
  const press = (type, by) => canvas.dispatchEvent(new PointerEvent(type, {
    bubbles: true, cancelable: true, pointerId: 1, pointerType: 'mouse', button: 0, buttons: 1,
    clientX: box.left + box.width / 2 + by, clientY: box.top + box.height / 2 }))
  let n = 0
  press('pointerdown', 0)
  const step = () => {
    press('pointermove', n * 2)
    n += 1
    if (n < ${FRAMES}) requestAnimationFrame(step)
    else { press('pointerup', n * 2); resolve() }
  }
  requestAnimationFrame(step)
})`

const DEVICE = `(() => {
  const gl = document.createElement('canvas').getContext('webgl2')
  const facts = gl.getExtension('WEBGL_debug_renderer_info')
  return {
    device: String(gl.getParameter(facts ? facts.UNMASKED_RENDERER_WEBGL : gl.RENDERER)).slice(0, 60),
    points: document.querySelector('.world canvas').dataset.points,
  }
})()`
