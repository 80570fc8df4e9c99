/** The window in Debian's Chromium: first paint, a large timeline, and how long an edit takes to be seen. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { ConfirmServer } from '../../electron/hosts/web/confirm-server.ts'
import { builtRenderer } from '../../electron/hosts/web/renderer-build.ts'
import { startWebHost } from '../../electron/hosts/web/server.ts'
import { browser, closeBrowser } from '../fixtures/electron/browser.ts'
import { editToPaint, heapOverEdits, type Press } from './window/editing.ts'
import { firstPaint, frameCost, GESTURES, scriptOfFrame } from './window/frames.ts'
import { CLIPS, CLIPS_A_TRACK, makeLargeProject } from './window/large-project.ts'
import { heapOverALongTake } from './window/long-heap.ts'
import { skewFigures } from './window/skew.ts'
import { stageFigures } from './window/stage.ts'
import { median, quantile } from './window/statistics.ts'

type Print = (line: string) => void

/** The parts that `npm run bench -- window:edits window:scrub` names. The last takes more than half an hour, and runs where it is named. */
const PARTS = ['frames', 'edits', 'scrub', 'skew', 'waveform', 'world', 'heap'] as const
export type Part = (typeof PARTS)[number]

export async function run(print: Print, parts: readonly string[]): Promise<void> {
  const runs = (part: Part): boolean => parts.length === 0 || parts.includes(part)
  const home = await mkdtemp(join(tmpdir(), 'asterism-bench-window-'))
  const engine = await createEngine({ home, rendererFolder: await builtRenderer(print), resumeJobs: false, host: {} })
  const confirm = new ConfirmServer()
  await confirm.listen()
  const host = await startWebHost(engine, confirm, 0)
  try {
    const context = await (await browser({ isWhole: true })).newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    await page.goto(host.link())
    await page.waitForSelector('h1')
    if (runs('frames') || runs('edits')) await timelineFigures(print, page, engine, host.origin, runs)
    await stageFigures(print, page, engine, host.origin, runs)
    if (runs('skew')) await skewFigures(print, page, engine, host.origin)
    if (parts.includes('heap')) await heapOverALongTake(print, page, engine, host.origin)
    await context.close()
  } finally {
    await closeBrowser()
    await host.close()
    await confirm.close()
    await engine.close()
    await rm(home, { recursive: true, force: true })
  }
}

async function timelineFigures(
  print: Print,
  page: Page,
  engine: Engine,
  origin: string,
  runs: (part: Part) => boolean,
): Promise<void> {
  const empty = await firstPaint(page, 'data:text/html,<p>empty</p>')
  const welcome = await firstPaint(page, origin)
  print(`window: first paint of an empty page (reference) ${empty.toFixed(0)} ms`)
  print(`window: first paint of the welcome ${welcome.toFixed(0)} ms, ${(welcome / empty).toFixed(1)} of an empty page`)

  await engine.client.projects.create({ title: 'Nothing in it' })
  const bare = await firstPaint(page, origin, 'canvas')
  const bareFrame = await scriptOfFrame(page)
  const bareEdit = await editToPaint(page, 'm')
  await engine.client.projects.close()
  await makeLargeProject(engine)
  const full = await firstPaint(page, origin, 'canvas')
  print(
    `window: timeline of ${CLIPS} clips on screen after ${full.toFixed(0)} ms (held to 2000), ${(full / bare).toFixed(1)} of an empty project (${bare.toFixed(0)} ms, reference)`,
  )
  if (runs('frames')) await frameFigures(print, page, bareFrame)
  if (!runs('edits')) return
  printPresses(print, 'a marker in an empty project (reference)', bareEdit)
  printPresses(print, `a clip split among ${CLIPS}`, await editToPaint(page, 's', 'one'))
  printPresses(print, `all ${CLIPS / CLIPS_A_TRACK} tracks split`, await editToPaint(page, 'Shift+s'))
  const [first, ...later] = await heapOverEdits(page)
  print(
    `window: heap after rounds of 40 splits of all tracks, taken back: ${first!.toFixed(1)} MB at first (reference), then ${later.map((size) => size.toFixed(1)).join(', ')} MB`,
  )
}

async function frameFigures(print: Print, page: Page, bareFrame: number): Promise<void> {
  const frame = await scriptOfFrame(page)
  print(
    `window: script of a frame while playing ${frame.toFixed(2)} ms with ${CLIPS} clips, ${(frame / bareFrame).toFixed(1)} of an empty project (${bareFrame.toFixed(2)} ms, reference)`,
  )
  for (const [what, gesture] of Object.entries(GESTURES)) {
    const { p95, median: middle } = await frameCost(page, gesture)
    print(
      `window: main thread of a timeline frame while ${what}, ${CLIPS} clips: ${middle.toFixed(2)} ms median, ${p95.toFixed(2)} ms p95 (held to 8)`,
    )
  }
}

function printPresses(
  print: Print,
  what: string,
  presses: Readonly<Record<'edits' | 'undos', readonly Press[]>>,
): void {
  for (const [kind, name] of [
    ['edits', 'edit'],
    ['undos', 'undo'],
  ] as const) {
    const figures = (['work', 'paint'] as const).map((part) => {
      const values = presses[kind].map((press) => press[part])
      return `${part} ${median(values).toFixed(1)} ms median, ${quantile(values, 0.95).toFixed(1)} p95`
    })
    print(
      `window: ${name}, ${what}: from the key ${figures.join('; to the end of the frame that shows it ')} (held to 16)`,
    )
  }
}
