/** The stations at which picture and world are seen on one playhead, as only an aligned take can show them. */
import { expect, test } from 'vitest'
import { differenceOf, likenessOf } from '../../fixtures/window/pixels.ts'
import type { Way } from './way.ts'

export function stageStations(way: () => Way): void {
  test('all cameras are seen at once, at one moment', async () => {
    const { page, studio, eventually, work } = way()
    await studio.timeline.seek(9)
    await page.getByRole('button', { name: 'All cameras at once' }).click()
    const shown = page.locator('.stage video[data-state="shown"]')
    await eventually(() => shown.count(), work).toBe(3)
    const times = async (): Promise<number[]> =>
      await shown.evaluateAll((all) => all.map((each) => (each as unknown as { currentTime: number }).currentTime))
    // Camera-b began 3.7 s and the phone 1.31 s after camera-a.
    await eventually(async () =>
      (await times()).map((time, n) => time - [9, 5.3, 7.69][n]!).every((off) => Math.abs(off) < 0.02),
    ).toBe(true)
    await page.getByRole('button', { name: 'All cameras at once' }).click()
  })

  test('through the phone, the scans lie under its picture', async () => {
    const { page, studio, eventually, work } = way()
    await page.getByRole('button', { name: 'World', exact: true }).click()
    await page.getByRole('button', { name: 'Look through phone' }).click()
    const overlay = page.getByRole('slider', { name: 'Picture over the world' })
    const middle = async (): Promise<Buffer> => {
      const box = (await studio.world.boundingBox())!
      const side = box.height * 0.6
      return await page.screenshot({
        clip: { x: box.x + (box.width - side) / 2, y: box.y + box.height * 0.2, width: side, height: side },
      })
    }
    const likeness = async (): Promise<number> => {
      await overlay.fill('1')
      await page.locator('.world__overlay video[data-state="shown"]').waitFor(work)
      await page.waitForTimeout(300)
      const picture = await middle()
      await overlay.fill('0')
      await page.waitForTimeout(300)
      return likenessOf(picture, await middle())
    }
    await eventually(likeness, work).toBeGreaterThan(0.5)
    await page.getByRole('button', { name: 'Look around freely' }).click()
  })

  test('what the phone measured at the playhead is drawn where it was', async () => {
    const { page, studio, eventually, work } = way()
    const depth = page.getByRole('button', { name: 'Depth at the playhead' })
    const other = async (): Promise<number> => {
      const before = await studio.world.screenshot()
      await depth.click()
      await eventually(async () => differenceOf(before, await studio.world.screenshot()), work).toBeGreaterThan(0.001)
      return differenceOf(before, await studio.world.screenshot())
    }
    expect(await other()).toBeLessThan(0.5)
    await other()
    expect(await depth.getAttribute('aria-pressed')).toBe('true')
  })

  test('a distance is measured between two points of the scans', async () => {
    const { page, studio } = way()
    await page.getByRole('button', { name: 'Measure' }).click()
    const box = (await studio.world.boundingBox())!
    const reading = page.locator('.world__reading')
    // Scans have holes: some of the clicks find a surface.
    for (let n = 0; n < 12 && !/\d m$/.test((await reading.textContent()) ?? ''); n++) {
      await page.mouse.click(box.x + box.width * (0.4 + 0.02 * n), box.y + box.height * (0.48 + 0.01 * n))
      await page.waitForTimeout(200)
    }
    expect(Number.parseFloat((await reading.textContent()) ?? '')).toBeGreaterThan(0.01)
    await page.getByRole('button', { name: 'Measure' }).click()
  })

  test('a distance is measured and a pair of landmarks taken by keys alone', async () => {
    const { page, studio, eventually } = way()
    const reading = page.locator('.world__reading')
    /** From the middle of the world outwards, as scans have holes. */
    const takeUntil = async (wanted: RegExp): Promise<void> => {
      for (let n = 0; n < 40 && !wanted.test((await reading.textContent()) ?? ''); n++) {
        await page.keyboard.press('Enter')
        for (let steps = 0; steps <= n >> 1; steps++)
          await page.keyboard.press(['ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowLeft'][n % 4]!)
      }
      expect(await reading.textContent()).toMatch(wanted)
    }
    const before = await studio.timeline.playhead()
    await page.keyboard.press('Alt+m')
    await eventually(() => reading.textContent()).toContain('first point')
    await takeUntil(/\d m$/)
    await page.keyboard.press('Backspace')
    await eventually(() => reading.textContent()).toContain('second point')
    await page.keyboard.press('Alt+l')
    await eventually(() => reading.textContent()).toContain('0 pairs')
    await takeUntil(/^1 pairs/)
    await page.keyboard.press('Escape')
    await eventually(() => reading.count()).toBe(0)
    // The arrows went to the crosshair, not to the playhead.
    expect(await studio.timeline.playhead()).toBe(before)
  })

  test('a pair is coloured by distance, and the legend takes the colours away again', async () => {
    const { page, studio, eventually, work } = way()
    await studio.panel('Align').getByRole('tab', { name: 'Space' }).click()
    await studio.panel('Align').getByRole('button', { name: 'Colour by distance' }).first().click()
    const legend = page.getByRole('button', { name: /^0 to [\d.]+ mm$/ })
    await legend.waitFor(work)
    await legend.click()
    await eventually(() => legend.count()).toBe(0)
  })

  test('three places clicked on two scans place one by the other, and undo takes it back', async () => {
    const { page, studio, eventually } = way()
    const placed = studio.panel('Align').locator('tbody tr').filter({ hasText: 'landmarks' })
    await page.keyboard.press('Alt+l')
    const box = (await studio.world.boundingBox())!
    const reading = page.locator('.world__reading')
    await eventually(() => reading.textContent()).toContain('0 pairs')
    for (let n = 0; n < 60 && !(await reading.textContent())?.startsWith('3 pairs'); n++) {
      const [across, down] = [((n * 37) % 60) / 60, ((n * 17) % 60) / 60]
      await page.mouse.click(box.x + box.width * (0.2 + 0.6 * across), box.y + box.height * (0.3 + 0.5 * down))
    }
    await page.getByRole('button', { name: 'Place', exact: true }).click()
    await eventually(() => placed.count()).toBe(1)
    await studio.undo()
    await eventually(() => placed.count()).toBe(0)
  })

  test('no more points are drawn than the budget has', async () => {
    const { studio } = way()
    const { points, pointBudget } = (await studio.world.evaluate((canvas) => ({
      ...(canvas as unknown as { dataset: object }).dataset,
    }))) as { points: string; pointBudget: string }
    expect(Number(points)).toBeGreaterThan(1000)
    expect(Number(points)).toBeLessThanOrEqual(Number(pointBudget))
  })

  test('what is the world stays; the rest can be moved', async () => {
    const { page, studio, eventually } = way()
    const move = page.getByRole('button', { name: 'Move the selected recording' })
    await studio.select('room-scan')
    await eventually(() => move.isDisabled()).toBe(true)
    await studio.select('partial-scan')
    await eventually(() => move.isEnabled()).toBe(true)
    await move.click()
    expect(await move.getAttribute('aria-pressed')).toBe('true')
    await move.click()
    await page.getByRole('button', { name: 'Picture and world' }).click()
    await studio.panel('Align').getByRole('tab', { name: 'Time' }).click()
  })
}
