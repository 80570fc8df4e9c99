/** The window in Debian's Chromium: first paint, a large timeline, and how long an edit takes to be seen. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { createEngine } from '../../electron/engine/engine.ts'
import { ConfirmServer } from '../../electron/hosts/web/confirm-server.ts'
import { builtRenderer } from '../../electron/hosts/web/renderer-build.ts'
import { startWebHost } from '../../electron/hosts/web/server.ts'
import { browser, closeBrowser } from '../fixtures/electron/browser.ts'
import { editToPaint, type Press } from './window/editing.ts'
import { afterPaint, firstPaint, frameCost, GESTURES, scriptOfFrame } from './window/frames.ts'
import { CLIPS, makeLargeProject } from './window/large-project.ts'
import { median, quantile } from './window/statistics.ts'

/** What is edited by one press: the clips of one track, or of every track. */
const SPLITS: readonly (readonly [what: string, key: string])[] = [
  ['one clip', 's'],
  ['a clip of each of 20 tracks', 'Shift+S'],
]

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
      `window: timeline of ${CLIPS} clips on screen after ${full.toFixed(0)} ms, ${(full / bare).toFixed(1)} of an empty project (${bare.toFixed(0)} ms, reference)`,
    )
    const frame = await scriptOfFrame(page)
    print(
      `window: script of a frame while playing ${frame.toFixed(2)} ms with ${CLIPS} clips, ${(frame / bareFrame).toFixed(1)} of an empty project (${bareFrame.toFixed(2)} ms, reference)`,
    )
    for (const [what, gesture] of Object.entries(GESTURES)) {
      const { p95, median: middle } = await frameCost(page, gesture)
      print(
        `window: main thread of a timeline frame while ${what}, ${CLIPS} clips: ${middle.toFixed(2)} ms median, ${p95.toFixed(2)} ms p95 (held to 8 ms)`,
      )
    }
    const twoFrames = await idleFrames(page)
    for (const [what, key] of SPLITS) {
      const { edits, undos } = await editToPaint(page, key)
      report(print, `split of ${what}`, edits, twoFrames)
      report(print, `its undo`, undos, twoFrames)
    }
    await context.close()
  } finally {
    await closeBrowser()
    await host.close()
    await confirm.close()
    await engine.close()
    await rm(home, { recursive: true, force: true })
  }
}

/** Two frames in which nothing happens, milliseconds: no paint can be seen sooner. */
async function idleFrames(page: Page): Promise<number> {
  const taken: number[] = []
  for (let n = 0; n < 15; n++) {
    taken.push(
      await page.evaluate<number>(
        `(() => { const start = performance.now(); return ${afterPaint('performance.now() - start')} })()`,
      ),
    )
  }
  return median(taken)
}

function report(print: (line: string) => void, what: string, presses: readonly Press[], twoFrames: number): void {
  const paints = presses.map((each) => each.paint)
  const paint = median(paints)
  const work = median(presses.map((each) => each.work))
  print(
    `window: ${what}, ${CLIPS} clips: ${paint.toFixed(1)} ms to its paint (p95 ${quantile(paints, 0.95).toFixed(1)}), of which ${work.toFixed(1)} ms are ours (held to 16 ms); ${(paint / twoFrames).toFixed(1)} of two idle frames (${twoFrames.toFixed(1)} ms, reference)`,
  )
}
