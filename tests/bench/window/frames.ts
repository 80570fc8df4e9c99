/** First paint, and what a frame of the timeline costs the main thread. */
import type { CDPSession, Page } from 'playwright-core'
import { median, quantile } from './statistics.ts'

const ROUNDS = 5
const PLAY_MILLISECONDS = 3000
const FRAMES = 240

/** Median time from navigation to the first paint with something in it, or to an element, milliseconds. */
export async function firstPaint(page: Page, url: string, selector?: string): Promise<number> {
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
export async function scriptOfFrame(page: Page): Promise<number> {
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
export const GESTURES: Readonly<Record<string, string>> = {
  scrolling: `canvas.dispatchEvent(new WheelEvent('wheel', { deltaX: 40, ...at }))`,
  zooming: `canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: n % 80 < 40 ? -60 : 60, ctrlKey: true, ...at }))`,
  dragging: `(n === 0 ? press('pointerdown', 0) : press('pointermove', (n % 60) * 2))`,
}

/**
 * The script, style, layout and recording of paint of each frame: from the first callback of the frame to the message
 * that the browser handles after it, milliseconds.
 */
export async function frameCost(page: Page, gesture: string): Promise<{ median: number; p95: number }> {
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
  return { median: median(costs), p95: quantile(costs, 0.95) }
}
