/** The stations at which the window is looked at as a whole: what assistive programs find, and its other languages. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { seriousFindings } from '../../fixtures/window/accessibility.ts'
import { overflowing } from '../../fixtures/window/overflow.ts'
import type { StudioPage, Workspace } from '../pages/studio.ts'

const WORK = { timeout: 150_000 }
const LARGE = { width: 1440, height: 900 }
const SMALL = { width: 1024, height: 700 }
const WORKSPACES: readonly Workspace[] = ['Edit', 'Align', 'Stars', 'Publish', 'Ledger']

interface Way {
  readonly page: Page
  readonly studio: StudioPage
  /** The engine's folder. */
  readonly home: string
  readonly eventually: typeof expect.poll
}

export function mannersStations(way: () => Way): void {
  test('axe finds nothing serious in any workspace, in any theme', async () => {
    const { page, studio, eventually } = way()
    for (const theme of ['dark', 'contrast', 'light']) {
      await eventually(async () => {
        const current = await page.locator('html').getAttribute('data-theme')
        if (current !== theme) await page.keyboard.press('Alt+t')
        return current
      }).toBe(theme)
      for (const workspace of WORKSPACES) {
        await studio.show(workspace)
        // What is written and how it hangs together is the same in every theme.
        const findings = await seriousFindings(page, theme === 'dark' ? 'all' : 'colours')
        expect(findings, `${workspace}, ${theme}`).toEqual([])
      }
    }
  })

  test('the window speaks another language from the moment it is chosen, and remembers it', async () => {
    const { page } = way()
    await page.keyboard.press('Control+,')
    await page.getByRole('dialog').getByLabel('Language').selectOption('Deutsch')
    await page.getByRole('dialog').getByRole('button', { name: 'Schließen' }).click()
    await page.getByRole('tab', { name: 'Veröffentlichen' }).waitFor()
    await page.reload()
    await page.getByRole('tab', { name: 'Veröffentlichen' }).waitFor(WORK)
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
    await page.keyboard.press('Control+,')
    await page.getByRole('dialog').getByLabel('Sprache').selectOption('English')
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: 'Publish' }).waitFor()
  })

  test('words a third longer find room in every workspace', async () => {
    const { page, home, eventually } = way()
    const preferences = join(home, 'preferences.json')
    // The language chosen last is written a moment after it is seen.
    await eventually(() => JSON.parse(readFileSync(preferences, 'utf8')).language).toBe('en')
    const kept = readFileSync(preferences, 'utf8')
    writeFileSync(preferences, JSON.stringify({ ...JSON.parse(kept), language: 'pseudo' }))
    await page.reload()
    await page.getByRole('tab', { name: /Püblïšh/ }).waitFor(WORK)
    for (let n = 1; n <= 5; n++) {
      await page.keyboard.press(`Alt+${n}`)
      for (const { width, height } of [SMALL, LARGE]) {
        await page.setViewportSize({ width, height })
        await page.waitForTimeout(150)
        expect(await overflowing(page), `workspace ${n} at ${width}`).toEqual([])
      }
    }
    writeFileSync(preferences, kept)
    await page.reload()
    await page.getByRole('tab', { name: 'Publish' }).waitFor(WORK)
  })
}
