/** From the key of an edit to the paint that shows it, and until it is on disk. */
import type { Page } from 'playwright-core'

const EDITS = 15

/** Of one press: milliseconds from the key to the end of the frame that shows what it did, and of that the window's own work. */
export interface Press {
  readonly paint: number
  readonly work: number
}

/**
 * Waits for a press, for the buttons of undo and redo to say what it did, and for the end of the frame that shows it.
 * Work is what is not waiting for the frame to begin.
 */
const MEASURE = `void (globalThis.pressMeasured = new Promise((resolve) => {
  let pressed = 0
  let handled = 0
  const onKey = (event) => {
    pressed = event.timeStamp
    new MutationObserver((_, observer) => {
      observer.disconnect()
      handled = performance.now()
      requestAnimationFrame(() => {
        const began = performance.now()
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => {
          const ended = performance.now()
          resolve({ paint: ended - pressed, work: handled - pressed + ended - began })
        }
        port2.postMessage(null)
      })
    }).observe(document.querySelector('.topbar'), { subtree: true, attributeFilter: ['aria-label'] })
  }
  addEventListener('keydown', onKey, { capture: true, once: true })
}))`

async function press(page: Page, key: string): Promise<Press> {
  // Listening before the press is sent: keys do not come through the door that scripts come through.
  await page.evaluate(MEASURE)
  await page.keyboard.press(key)
  const result = await page.evaluate<Press>('globalThis.pressMeasured')
  // The next press finds what this one did on disk, as it would at any person's pace.
  await page.locator('.topbar__project[aria-busy="false"]').waitFor()
  return result
}

/** Presses the key of an edit, each time elsewhere, and takes each edit back; of one clip alone, or of all tracks. */
export async function editToPaint(
  page: Page,
  key: string,
  what: 'one' | 'all' = 'all',
): Promise<{ edits: Press[]; undos: Press[] }> {
  await page.locator('canvas.timeline__canvas').focus()
  // What a gesture before took hold of would be all that is split.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Home')
  if (what === 'one') await page.keyboard.press('ArrowDown')
  const edits: Press[] = []
  const undos: Press[] = []
  for (let n = 0; n < EDITS; n++) {
    await page.keyboard.press('ArrowRight')
    edits.push(await press(page, key))
    undos.push(await press(page, 'Control+z'))
  }
  return { edits, undos }
}

const ROUNDS_OF_EDITS = 4
const EDITS_A_ROUND = 40

/** What the window's scripts hold after each of some rounds of edits that are all taken back, megabytes; garbage is collected before. */
export async function heapOverEdits(page: Page): Promise<number[]> {
  const devtools = await page.context().newCDPSession(page)
  const held: number[] = []
  await page.locator('canvas.timeline__canvas').focus()
  await page.keyboard.press('Escape')
  for (let round = 0; round < ROUNDS_OF_EDITS; round++) {
    await page.keyboard.press('Home')
    for (let n = 0; n < EDITS_A_ROUND; n++) {
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Shift+s')
      await page.keyboard.press('Control+z')
    }
    await page.locator('.topbar__project[aria-busy="false"]').waitFor()
    await devtools.send('HeapProfiler.collectGarbage')
    const { usedSize } = await devtools.send('Runtime.getHeapUsage')
    held.push(usedSize / 1e6)
  }
  await devtools.detach()
  return held
}
