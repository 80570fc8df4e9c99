/** The window in Debian's Chromium: first paint, a large timeline, and how long an edit takes to be seen. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { ConfirmServer } from '../../electron/hosts/web/confirm-server.ts'
import { builtRenderer } from '../../electron/hosts/web/renderer-build.ts'
import { startWebHost } from '../../electron/hosts/web/server.ts'
import type { DocumentRecord, Track } from '../../shared/document/records.ts'
import { TICKS_PER_SECOND } from '../../shared/units.ts'
import { browser, closeBrowser } from '../fixtures/electron/browser.ts'

const ROUNDS = 5
const TRACKS = 20
const CLIPS_A_TRACK = 500
const PLAY_MILLISECONDS = 3000
const EDITS = 15
const FRAMES = 240

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

export async function run(print: (line: string) => void): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'asterism-bench-window-'))
  const engine = await createEngine({ home, rendererFolder: await builtRenderer(print), resumeJobs: false, host: {} })
  const confirm = new ConfirmServer()
  await confirm.listen()
  const host = await startWebHost(engine, confirm, 0)
  try {
    const context = await (await browser()).newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    await page.goto(host.link())
    await page.waitForSelector('h1')

    const empty = await firstPaint(page, 'data:text/html,<p>empty</p>')
    const welcome = await firstPaint(page, host.origin)
    print(`window: first paint of an empty page (reference) ${empty.toFixed(0)} ms`)
    print(
      `window: first paint of the welcome ${welcome.toFixed(0)} ms, ${(welcome / empty).toFixed(1)} of an empty page`,
    )

    await engine.client.projects.create({ title: 'Nothing in it' })
    const bare = await firstPaint(page, host.origin, 'canvas')
    const bareFrame = await scriptOfFrame(page)
    await engine.client.projects.close()
    await makeLargeProject(engine)
    const full = await firstPaint(page, host.origin, 'canvas')
    print(
      `window: timeline of ${TRACKS * CLIPS_A_TRACK} clips on screen after ${full.toFixed(0)} ms, ${(full / bare).toFixed(1)} of an empty project (${bare.toFixed(0)} ms, reference)`,
    )
    const frame = await scriptOfFrame(page)
    print(
      `window: script of a frame while playing ${frame.toFixed(2)} ms with ${TRACKS * CLIPS_A_TRACK} clips, ${(frame / bareFrame).toFixed(1)} of an empty project (${bareFrame.toFixed(2)} ms, reference)`,
    )
    for (const [what, gesture] of Object.entries(GESTURES)) {
      const { p95, median: middle } = await frameCost(page, gesture)
      print(
        `window: main thread of a timeline frame while ${what}, ${TRACKS * CLIPS_A_TRACK} clips: ${middle.toFixed(2)} ms median, ${p95.toFixed(2)} ms p95 (held to 8 ms)`,
      )
    }
    const { edit, twoFrames } = await editToPaint(page)
    print(
      `window: split of a clip to its paint ${edit.toFixed(1)} ms, on disk by then; ${(edit / twoFrames).toFixed(1)} of two idle frames (${twoFrames.toFixed(1)} ms, reference)`,
    )
    await context.close()
  } finally {
    await closeBrowser()
    await host.close()
    await confirm.close()
    await engine.close()
    await rm(home, { recursive: true, force: true })
  }
}

/** Median time from navigation to the first paint with something in it, or to an element, milliseconds. */
async function firstPaint(page: Page, url: string, selector?: string): Promise<number> {
  const taken: number[] = []
  for (let n = 0; n < ROUNDS; n++) {
    await page.goto(url)
    if (selector) {
      await page.waitForSelector(selector)
      taken.push(await page.evaluate<number>(afterPaint('performance.now()')))
    } else {
      taken.push(
        await page.evaluate<number>(
          `new Promise((resolve) => new PerformanceObserver((list) => {
            const entry = list.getEntriesByName('first-contentful-paint')[0]
            if (entry) resolve(entry.startTime)
          }).observe({ type: 'paint', buffered: true }))`,
        ),
      )
    }
  }
  return median(taken)
}

const afterPaint = (expression: string): string =>
  `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(${expression}))))`

async function scriptSeconds(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return metrics.find((metric) => metric.name === 'ScriptDuration')?.value ?? 0
}

/** Script on the main thread per frame while the playhead runs, milliseconds. */
async function scriptOfFrame(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  await page.locator('canvas').first().focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Space')
  const before = await scriptSeconds(devtools)
  const frames = await page.evaluate<number>(
    `new Promise((resolve) => {
      let frames = 0
      const end = performance.now() + ${PLAY_MILLISECONDS}
      const tick = () => { frames += 1; performance.now() < end ? requestAnimationFrame(tick) : resolve(frames) }
      requestAnimationFrame(tick)
    })`,
  )
  const script = (await scriptSeconds(devtools)) - before
  await page.keyboard.press('k')
  await devtools.detach()
  return (script * 1000) / frames
}

/** What a person does with the canvas, one step a frame, from the middle of it. */
const GESTURES: Readonly<Record<string, string>> = {
  scrolling: `canvas.dispatchEvent(new WheelEvent('wheel', { deltaX: 40, ...at }))`,
  zooming: `canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: n % 80 < 40 ? -60 : 60, ctrlKey: true, ...at }))`,
  dragging: `(n === 0 ? press('pointerdown', 0) : press('pointermove', (n % 60) * 2))`,
}

/**
 * The script, style, layout and recording of paint of each frame: from the first callback of the frame to the message
 * that the browser handles after it, milliseconds.
 */
async function frameCost(page: Page, gesture: string): Promise<{ median: number; p95: number }> {
  await page.keyboard.press('0')
  const costs = await page.evaluate<number[]>(
    `new Promise((resolve) => {
      const canvas = document.querySelector('.timeline__canvas')
      const box = canvas.getBoundingClientRect()
      const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2, bubbles: true, cancelable: true }
      canvas.setPointerCapture = () => undefined
      const press = (type, by) => canvas.dispatchEvent(
        new PointerEvent(type, { ...at, clientX: at.clientX + by, button: 0, pointerId: 1 }))
      const costs = []
      const channel = new MessageChannel()
      let began = 0
      let n = 0
      channel.port1.onmessage = () => {
        costs.push(performance.now() - began)
        if (n < ${FRAMES}) requestAnimationFrame(step)
        else { press('pointercancel', 0); resolve(costs) }
      }
      const step = () => {
        began = performance.now();
        ${gesture}
        n += 1
        // The canvas draws in the callback of its own, which was asked for before this frame.
        channel.port2.postMessage(null)
      }
      requestAnimationFrame(step)
    })`,
  )
  const sorted = costs.toSorted((a, b) => a - b)
  return { median: median(costs), p95: sorted[Math.floor(sorted.length * 0.95)]! }
}

/** From the key to the paint that shows the edit as done; the window shows nothing as done that is not on disk. */
async function editToPaint(page: Page): Promise<{ edit: number; twoFrames: number }> {
  // What the drag took hold of would be all that is split.
  await page.keyboard.press('Escape')
  const edits: number[] = []
  const idle: number[] = []
  for (let n = 0; n < EDITS; n++) {
    await page.keyboard.press('Home')
    for (let step = 0; step <= n; step++) await page.keyboard.press('ArrowRight')
    idle.push(
      await page.evaluate<number>(
        `(() => { const start = performance.now(); return ${afterPaint('performance.now() - start')} })()`,
      ),
    )
    const measured = page.evaluate<number>(
      `new Promise((resolve) => {
        let pressed = 0
        addEventListener('keydown', () => { pressed = performance.now() }, { capture: true, once: true })
        new MutationObserver((_, observer) => {
          if (!pressed) return
          observer.disconnect()
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - pressed)))
        }).observe(document.querySelector('[aria-label="Clips"]'), { subtree: true, childList: true, characterData: true })
      })`,
    )
    await page.keyboard.press('s')
    edits.push(await measured)
  }
  return { edit: median(edits), twoFrames: median(idle) }
}

async function makeLargeProject(engine: Engine): Promise<void> {
  await engine.client.projects.create({ title: 'Ten thousand clips' })
  const records: DocumentRecord[] = [
    {
      kind: 'asset',
      id: 'asset',
      title: 'made',
      fileName: 'made.csv',
      format: 'made',
      assetKind: 'data',
      byteLength: 1,
      sha256: '0'.repeat(64),
      durationSeconds: 1000,
      importedAt: '2026-01-01T00:00:00Z',
      take: null,
      warnings: [],
      metadata: {},
      missing: false,
    },
    {
      kind: 'clock',
      id: 'clock',
      assetId: 'asset',
      title: 'c',
      source: 'device',
      epochUtcNanoseconds: null,
      timecode: null,
    },
  ]
  for (let order = 0; order < TRACKS; order++) {
    const streamId = `stream-${order}`
    records.push({
      kind: 'stream',
      id: streamId,
      assetId: 'asset',
      clockId: 'clock',
      index: order,
      sensor: 'depth',
      startSeconds: 0,
      durationSeconds: 1000,
    })
    records.push(trackOf(order, streamId))
  }
  await engine.client.document.commit({
    label: 'Ten thousand clips',
    patches: records.map((record) => ({ op: 'add', path: [record.id], value: record })),
    baseRevision: 0,
  })
}

function trackOf(order: number, streamId: string): Track {
  const second = TICKS_PER_SECOND
  return {
    kind: 'track',
    id: `track-${order}`,
    title: `made ${order}`,
    sensor: 'depth',
    order,
    muted: false,
    locked: false,
    clips: Array.from({ length: CLIPS_A_TRACK }, (_, n) => ({
      id: `clip-${order}-${n}`,
      assetId: 'asset',
      streamId,
      startTicks: n * 2 * second,
      durationTicks: second + ((n * 7 + order) % 10) * (second / 10),
      sourceStartTicks: n * 2 * second,
      linkId: null,
    })),
  }
}
