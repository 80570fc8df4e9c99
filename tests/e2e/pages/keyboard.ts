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

/** Goes to a part of the window by keys, where the focus was in it last. */
export async function partByKeys(page: Page, name: string): Promise<void> {
  const part = (): Promise<string> =>
    page.evaluate<string>(
      "document.activeElement.closest('[data-part]')?.getAttribute('aria-label') ?? (document.activeElement.closest('header') ? 'Top bar' : '')",
    )
  for (let stops = 0; stops < MOST_STOPS && (await part()) !== name; stops++) await page.keyboard.press('F6')
}

/** Chooses a tab of the workspace by keys. */
export async function tabByKeys(page: Page, workspace: string, name: string): Promise<void> {
  await partByKeys(page, workspace)
  const tabs = page.locator('#workspace')
  const open = tabs.locator('[role="tab"][aria-selected="true"]')
  await tabTo(page, open)
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    const shown = (await open.textContent())!.trim()
    if (shown === name) return
    await page.keyboard.press('ArrowRight')
    // The next tab has the focus a moment after the key: a second press before that would go past it.
    await tabs.getByRole('tab', { name: shown, exact: true, selected: false }).waitFor()
  }
  throw new Error(`no tab is called ${name}`)
}

/** Goes to a folder in the list of files of a dialog: up to the top, and down by the letters of each name. */
export async function folderByKeys(page: Page, dialog: Locator, folder: string): Promise<void> {
  const entry = dialog.locator('[data-entry]:focus')
  await entry.waitFor()
  const where = await dialog.locator('strong[title]').getAttribute('title')
  const names = where!.split(' › ')
  const arrived = async (): Promise<void> => {
    await dialog.getByTitle(names.join(' › ') || 'This computer', { exact: true }).waitFor()
    await entry.waitFor()
  }
  while (names.length > 0) {
    await page.keyboard.press('Backspace')
    names.pop()
    await arrived()
  }
  for (const part of folder.split('/').filter((each) => each !== '')) {
    await entryByKeys(page, dialog, part)
    await page.keyboard.press('Enter')
    names.push(part)
    await arrived()
  }
}

/** Goes to an entry of the list by its letters, and from there to the one that bears the whole name. */
export async function entryByKeys(page: Page, dialog: Locator, name: string): Promise<void> {
  const entry = dialog.locator('[data-entry]:focus')
  await page.keyboard.type(name)
  if (!(await entry.textContent())?.startsWith(name)) throw new Error(`letters do not lead to ${name}`)
  for (let stops = 0; stops < MOST_STOPS && (await entry.textContent()) !== name; stops++)
    await page.keyboard.press('ArrowUp')
}

/** Writes into a field by keys, in place of what was there. */
export async function writeByKeys(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press('Control+a')
  await page.keyboard.type(text)
}
