/** The stations at which the take is edited by what is said in it; they start and end with the sample as it is. */
import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { seriousFindings } from '../../fixtures/window/accessibility.ts'
import { overflowing } from '../../fixtures/window/overflow.ts'
import type { Way } from './way.ts'

const CUES = 40

const clock = (seconds: number): string => `00:00:${seconds.toFixed(3).padStart(6, '0')}`

/** A cue every half a second: "here is line 7". */
function captions(): Buffer {
  const cues = Array.from(
    { length: CUES },
    (_, n) => `${clock(n / 2)} --> ${clock(n / 2 + 0.5)}\nHere is line ${n + 1}\n`,
  )
  return Buffer.from(['WEBVTT\n', ...cues].join('\n'))
}

export function wordStations(way: () => Way): void {
  const transcript = (): Locator => way().page.getByRole('list', { name: 'Transcript' })
  const words = async (most = 12): Promise<string> =>
    (await transcript().locator('.word').allTextContents()).slice(0, most).join(' ')
  /** Whether what is said now is in sight. */
  const isSeen = (): Promise<boolean> =>
    way().page.evaluate<boolean>(`(() => {
      const word = document.querySelector('.word[data-now]')?.getBoundingClientRect()
      const box = document.querySelector('.words__scroll').getBoundingClientRect()
      return word !== undefined && word.top >= box.top - 1 && word.bottom <= box.bottom + 1
    })()`)

  test('captions are searched, and said otherwise in one step', async () => {
    const { page, studio, eventually } = way()
    await page.getByRole('tab', { name: 'Words' }).click()
    await studio.drop('said.vtt', captions())
    await transcript().locator('.word').first().waitFor()
    await page.keyboard.press('Control+f')
    await page.keyboard.type('here IS')
    const count = page.locator('.words__search [role="status"]')
    await eventually(() => count.textContent()).toBe(`${CUES} places`)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await eventually(() => count.textContent()).toBe(`2 of ${CUES}`)
    expect(await studio.timeline.playhead()).toBeCloseTo(0.5, 1)
    await page.getByLabel('Capitals count').check()
    await eventually(() => count.textContent()).toBe('0 places')
    await page.getByLabel('Capitals count').uncheck()
    await page.keyboard.press('Control+h')
    await page.getByLabel('Instead of it').fill('There was')
    await page.getByRole('button', { name: `Replace all ${CUES}` }).click()
    await eventually(() => words(4)).toBe('There was line 1')
    await studio.undo()
    await eventually(() => words(4)).toBe('Here is line 1')
  })

  test('words are chosen by pointer and keys, cut with their pictures, and put in elsewhere', async () => {
    const { page, studio, eventually } = way()
    const before = await studio.timeline.clips()
    const shown = transcript().locator('.word')
    await shown.nth(0).hover()
    await page.mouse.down()
    await shown.nth(2).hover()
    await page.mouse.up()
    await eventually(() => page.locator('.words__chosen').textContent()).toContain('3 words')
    await page.keyboard.press('Shift+ArrowRight')
    await eventually(() => page.locator('.words__chosen').textContent()).toContain('4 words, 0.50 s')
    await page.keyboard.press('Control+x')
    await eventually(() => words(4)).toBe('Here is line 2')
    await eventually(async () => (await studio.timeline.clipsOf('camera-a', 'video'))[0]!.endSeconds).toBeCloseTo(
      before.find((clip) => clip.track === 'camera-a')!.endSeconds - 0.5,
      2,
    )
    // The keys are where the cut was: one line on, and what was taken stands before it.
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Control+v')
    await eventually(() => words()).toBe('Here is line 2 Here is line 1 Here is line 3')
    await eventually(async () => (await studio.timeline.clipsOf('camera-a', 'video')).length).toBe(3)
    await studio.undo()
    await studio.undo()
    await eventually(() => words(8)).toBe('Here is line 1 Here is line 2')
    await eventually(() => studio.timeline.clips()).toEqual(before)
  })

  test('what is said stays in sight, until the person looks elsewhere', async () => {
    const { page, studio, eventually } = way()
    const back = page.getByRole('button', { name: 'Back to what is said now' })
    await studio.timeline.seek(15)
    await eventually(isSeen).toBe(true)
    await page.keyboard.press('Space')
    await eventually(() => studio.timeline.playhead()).toBeGreaterThan(18)
    await page.keyboard.press('Space')
    await eventually(isSeen).toBe(true)
    await transcript().hover()
    await page.mouse.wheel(0, -5000)
    await back.waitFor()
    await eventually(() => words(4)).toBe('Here is line 1')
    await studio.timeline.seek(12)
    await back.waitFor()
    expect(await isSeen()).toBe(false)
    await back.click()
    await eventually(isSeen).toBe(true)
    await back.waitFor({ state: 'detached' })
  })

  test('who speaks is named, has a row of the timeline, and is taken back in one step', async () => {
    const { page, studio, eventually } = way()
    // Which lines are drawn depends on where the transcript is scrolled to: from its beginning.
    const lineAt = (index: number): Locator => transcript().locator(`.words__row[data-index="${index}"]`)
    await transcript().hover()
    await page.mouse.wheel(0, -5000)
    await lineAt(2).locator('.word').first().click()
    await page.locator('summary', { hasText: 'Speakers' }).click()
    await page.getByLabel('Name of a new speaker').fill('Anna')
    await page.keyboard.press('Enter')
    const header = studio.timeline.root.locator('.headers__row', { hasText: 'Anna' })
    await header.waitFor()
    await lineAt(0).locator('.word').first().click()
    await page.keyboard.press('1')
    // What somebody else says has a line of its own: the rest of the first, what lies between, and the rest of the third.
    await eventually(async () => (await page.locator('.words__speaker').allTextContents()).join(' ')).toMatch(
      /^Anna Somebody Anna Somebody/,
    )
    await studio.undo()
    await studio.undo()
    await eventually(() => header.count()).toBe(0)
    await page.locator('summary', { hasText: 'Speakers' }).click()
  })

  test('pauses and captions have their rules; the tools find room in a narrow window', async () => {
    const { page, studio, eventually } = way()
    await page.locator('summary', { hasText: 'Captions by rules' }).click()
    await page.getByLabel('Letters in a line').fill('10')
    await page.getByLabel('Lines', { exact: true }).fill('1')
    await page.getByRole('button', { name: `Make ${2 * CUES} captions` }).click()
    await eventually(() => page.locator('.words__row').count()).toBeGreaterThan(3)
    await page.locator('summary', { hasText: 'Pauses and fillers' }).click()
    await page.getByText('Nothing of the kind is in the transcript.').waitFor()
    await page.setViewportSize({ width: 1024, height: 700 })
    expect(await overflowing(page)).toEqual([])
    expect(await seriousFindings(page)).toEqual([])
    await page.setViewportSize({ width: 1440, height: 900 })
    // The rules, and the captions themselves.
    await studio.undo()
    await studio.undo()
    await page.getByText('No words yet.').waitFor()
    await page.getByRole('tab', { name: 'Facts' }).click()
    await studio.timeline.canvas.focus()
  })
}
