/** The stations at which the window speaks other languages. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { overflowing } from '../../fixtures/window/overflow.ts'
import type { Way } from './way.ts'

const WORK = { timeout: 150_000 }
const LARGE = { width: 1440, height: 900 }
const SMALL = { width: 1024, height: 700 }

export function languageStations(way: () => Way): void {
  test('the window speaks another language from the moment it is chosen, and remembers it', async () => {
    const { page } = way()
    await page.keyboard.press('Control+,')
    await page.getByRole('dialog').getByLabel('Language').selectOption('Deutsch')
    await page.getByRole('dialog').locator('[data-close][aria-label="Schließen"]').click()
    await page.getByRole('tab', { name: 'Veröffentlichen' }).waitFor()
    await page.reload()
    await page.getByRole('tab', { name: 'Veröffentlichen' }).waitFor(WORK)
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
    await page.keyboard.press('Control+,')
    await page.getByRole('dialog').getByLabel('Sprache').waitFor()
    await page.keyboard.press('Escape')
  })

  test('words a third longer find room in every workspace', async () => {
    const { page, home, eventually } = way()
    const preferences = join(home, 'preferences.json')
    const written = (): unknown => JSON.parse(readFileSync(preferences, 'utf8')).language
    // The language chosen last is written a moment after it is seen.
    await eventually(written).toBe('de')
    writeFileSync(preferences, JSON.stringify({ ...JSON.parse(readFileSync(preferences, 'utf8')), language: 'pseudo' }))
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
    await page.keyboard.press('Control+,')
    const languages = page.getByRole('dialog').locator('select', { has: page.locator('option[value="de"]') })
    await languages.selectOption('en')
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: 'Publish' }).waitFor()
    await eventually(written).toBe('en')
  })
}
