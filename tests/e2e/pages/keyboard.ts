/** The window by keys alone, with the focus seen and never lost. */
import type { Locator, Page } from 'playwright-core'

/** Controls from one end of the window to the other. */
const MOST_STOPS = 120

/** Presses Tab, or Shift and Tab for what lies before, until a control has the focus; it must be seen, there and on the way. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    const focus = await target.evaluate((element) => {
      const { activeElement, body } = element.ownerDocument
      return {
        isHere: activeElement === element,
        isLost: activeElement === body || activeElement === null,
        isSeen: activeElement?.matches(':focus-visible') ?? false,
        // 2: the target comes before what has the focus.
        isBehind: ((activeElement?.compareDocumentPosition(element) ?? 0) & 2) !== 0,
      }
    })
    // At the first key in a window nothing has the focus yet.
    if (stops > 0 && focus.isLost) throw new Error(`the focus is lost on the way to ${String(target)}`)
    if (stops > 0 && !focus.isSeen) throw new Error(`the focus cannot be seen on the way to ${String(target)}`)
    if (focus.isHere) return
    await page.keyboard.press(focus.isBehind ? 'Shift+Tab' : 'Tab')
  }
  throw new Error(`Tab does not lead to ${String(target)}`)
}

/** Presses a control by keys. */
export async function pressByKeys(page: Page, target: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press(key)
}

/** Chooses an entry of a list that drops down by keys. */
export async function chooseByKeys(page: Page, list: Locator, value: string): Promise<void> {
  await tabTo(page, list)
  await page.keyboard.press('Home')
  for (let stops = 0; stops < MOST_STOPS && (await list.inputValue()) !== value; stops++)
    await page.keyboard.press('ArrowDown')
}

/** Writes into a field by keys, in place of what was there. */
export async function writeByKeys(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press('Control+a')
  await page.keyboard.type(text)
}
