/** The stations at which something cannot be shown: a format no browser has, a file that is gone, a part of the window that fails. */
import { readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeClip, picture, withMediaFolder } from '../../fixtures/media/clips.ts'
import type { Way } from './way.ts'

const PLAYED = /\/media\/[^/]+\/play\?/
const HEVC = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-tag:v', 'hvc1']

function proxiesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('proxy.mp4')).length
}

export function lostFileStations(way: () => Way): void {
  test('a film that no browser shows is shown by a version of it', async () => {
    const { page, studio, home, work } = way()
    const film = await withMediaFolder(async (folder) =>
      readFileSync(await makeClip(folder, 'lift.mp4', ...picture('320x180', '30', 1), ...HEVC)),
    )
    const earlier = await studio.video.evaluateAll((films) => films.map((each) => each.getAttribute('src')!))
    const proxies = proxiesIn(home)
    let isFirst = true
    // The original loads so slowly that the version of it is ready before the window has seen that it needs one.
    await page.route(PLAYED, async (route) => {
      const { pathname } = new URL(route.request().url())
      if (!isFirst || earlier.some((src) => src.startsWith(pathname))) return await route.continue()
      isFirst = false
      // On a busy machine it may be ready before the window has asked at all: then the engine gives it at once.
      if (proxiesIn(home) > proxies) return await route.continue()
      await expect.poll(() => proxiesIn(home), { timeout: work.timeout }).toBe(proxies + 1)
      await page.getByRole('button', { name: 'Jobs', exact: true }).waitFor(work)
      await route.fulfill({ body: film, contentType: 'video/mp4' })
    })
    await studio.drop('lift.mp4', film)
    await studio.assets.filter({ hasText: 'lift' }).waitFor(work)
    await studio.select('lift')
    await studio.timeline.seek(0.5)
    await page.locator('.stage video[aria-label="Picture of lift"][data-state="shown"]').waitFor(work)
    expect(isFirst).toBe(false)
    await page.unroute(PLAYED)
  })

  test('a recording whose file is gone says so, takes no other, and comes back with its own', async () => {
    const { page, studio, home, work } = way()
    const dropped = readdirSync(home, { recursive: true, encoding: 'utf8' }).find((each) => each.endsWith('lift.mp4'))!
    const moved = join(home, 'moved.mp4')
    renameSync(join(home, dropped), moved)
    await page.getByRole('button', { name: 'Close the project' }).click()
    await studio.reopen()
    await studio.assets.filter({ hasText: 'lift' }).getByText('Missing').waitFor(work)
    await studio.select('lift')
    const note = page.locator('.picture__note')
    await note.getByText('The file of lift is not where it was.').waitFor()
    const choose = async (files: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> => {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        note.getByRole('button', { name: 'Choose the file again…' }).click(),
      ])
      await chooser.setFiles(files)
    }
    await choose({ name: 'other.mp4', mimeType: 'video/mp4', buffer: Buffer.from('another film') })
    const refusal = studio.notices.getByRole('alert')
    await refusal.waitFor(work)
    expect(await refusal.textContent()).toMatch(/other\.mp4 is not the recording.*12 bytes/)
    await refusal.getByRole('button', { name: 'Close' }).click()
    await choose(moved)
    await studio.timeline.seek(0.5)
    await page.locator('.stage video[aria-label="Picture of lift"][data-state="shown"]').waitFor(work)
    await studio.assets.filter({ hasText: 'Missing' }).waitFor({ state: 'detached' })
  })
  test('a part of the window that fails says so, the rest goes on, and it comes back', async () => {
    const { page, studio } = way()
    await studio.show('Edit')
    // The ledger alone writes dates.
    await page.evaluate(() => {
      const dates = Intl.DateTimeFormat.prototype
      const format = Object.getOwnPropertyDescriptor(dates, 'format')!
      const planted = (): never => {
        throw new Error('planted')
      }
      Object.defineProperty(dates, 'format', { configurable: true, get: planted })
      Object.assign(globalThis, { mend: () => Object.defineProperty(dates, 'format', format) })
    })
    await page.keyboard.press('Alt+5')
    const failed = page.locator('#workspace').getByRole('alert').filter({ hasText: 'This part of the window failed.' })
    await failed.waitFor()
    await failed.getByText('What went wrong').click()
    await failed.getByText('planted').waitFor()
    await studio.timeline.seek(0.25)
    expect(await studio.assets.count()).toBeGreaterThan(5)
    await page.evaluate('mend()')
    await failed.getByRole('button', { name: 'Try again' }).click()
    await studio.panel('Ledger').getByText('Token').waitFor()
  })
}
