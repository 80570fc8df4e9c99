/**
 * What assistive programs find in every workspace, and what it and every dialog look like, held against pictures that somebody looked at (`tests/e2e/looks`).
 * `npm run looks` draws them anew; look at each that changed before it is committed.
 */
import { expect, test } from 'vitest'
import { seriousFindings } from '../../fixtures/window/accessibility.ts'
import { type Box, isDrawnAnew, MOST_STRAY, strayFromLook } from '../../fixtures/window/looks.ts'
import type { Workspace } from '../pages/studio.ts'
import type { Way } from './way.ts'

const WORKSPACES: readonly Workspace[] = ['Align', 'Edit', 'Stars', 'Publish', 'Ledger']
const DIALOGS = { export: 'Control+e', preferences: 'Control+,', palette: 'Control+k', keys: '?', import: 'Control+i' }
/** The theme of strong contrast has the places of the others; its colours are for axe. */
const SIZES = [
  { width: 1440, height: 900, themes: ['dark', 'contrast', 'light'] },
  { width: 1024, height: 700, themes: ['dark', 'light'] },
]

export function looksStations(way: () => Way): void {
  test('every workspace and dialog looks as somebody found it good, in two sizes and both themes; axe finds nothing serious in any theme', async () => {
    const { page, studio, eventually } = way()
    const before = page.viewportSize()!
    const views = async (): Promise<Box[]> =>
      await page.locator('.stage canvas, .stage video').evaluateAll((all) =>
        all.map((each) => {
          const { x, y, width, height } = (each as unknown as { getBoundingClientRect(): Box }).getBoundingClientRect()
          return { x, y, width, height }
        }),
      )
    const look = async (name: string): Promise<void> => {
      if (isDrawnAnew) await page.waitForTimeout(1500)
      await eventually(async () => await strayFromLook(name, await page.screenshot(), await views()), {
        message: name,
        interval: 200,
      }).toBeLessThan(MOST_STRAY)
    }
    // Every camera shows something here.
    await studio.timeline.seek(9)
    for (const { themes, ...size } of SIZES) {
      await page.setViewportSize(size)
      for (const theme of themes) {
        await eventually(async () => {
          const current = await page.locator('html').getAttribute('data-theme')
          if (current !== theme) await page.keyboard.press('Alt+t')
          return current
        }).toBe(theme)
        for (const workspace of WORKSPACES) {
          await studio.show(workspace)
          if (theme !== 'contrast') await look(`${workspace.toLowerCase()}-${theme}-${size.width}`)
          if (size.width !== 1440) continue
          // What is written and how it hangs together is the same in every theme.
          const findings = await seriousFindings(page, theme === 'dark' ? 'all' : 'colours')
          expect(findings, `${workspace}, ${theme}`).toEqual([])
        }
        if (theme === 'contrast') continue
        // A dialog has the colours of the theme like everything; each is looked at once in each size and each theme.
        if ((theme === 'dark') !== (size.width === 1440)) continue
        for (const [dialog, key] of Object.entries(DIALOGS)) {
          await page.keyboard.press(key)
          await page.getByRole('dialog').waitFor()
          await look(`${dialog}-${theme}-${size.width}`)
          await page.keyboard.press('Escape')
          await page.getByRole('dialog').waitFor({ state: 'detached' })
        }
      }
    }
    await page.setViewportSize(before)
    // The ledger is open: it must not pass for another workspace.
    const stray = await strayFromLook('edit-light-1440', await page.screenshot(), await views())
    expect(stray, 'another workspace would be noticed').toBeGreaterThan(MOST_STRAY)
  })
}
