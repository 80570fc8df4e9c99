/**
 * The main job in the window, from the sample take to a token on the practice network, in a real browser. The tests are
 * the stations of one way and build on each other, as they do for a person.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { closeBrowser } from '../fixtures/electron/browser.ts'
import { seriousFindings } from '../fixtures/window/accessibility.ts'
import { command, openBrowserHost, type BrowserHost } from '../fixtures/window/browser-host.ts'
import { overflowing } from '../fixtures/window/overflow.ts'
import { contrastOf, differenceOf } from '../fixtures/window/pixels.ts'
import { entryByKeys, folderByKeys, partByKeys, pressByKeys, tabByKeys, writeByKeys } from './pages/keyboard.ts'
import { dragStations } from './stations/drags.ts'
import { editingStations } from './stations/editing.ts'
import { lostFileStations } from './stations/lost-files.ts'
import { languageStations } from './stations/languages.ts'
import { looksStations } from './stations/looks.ts'
import { publishingStations } from './stations/publishing.ts'
import { stageStations } from './stations/stage.ts'
import { wordStations } from './stations/words.ts'
import type { Way } from './stations/way.ts'
import { StudioPage } from './pages/studio.ts'

const WORK = { timeout: 150_000 }
/** Machines that run tests are busy with other things too. */
const eventually: typeof expect.poll = (read, options) => expect.poll(read, { timeout: 15_000, ...options })

describe('the studio in a browser', () => {
  let home: string
  let host: BrowserHost
  let page: Page
  let studio: StudioPage

  const enter = async (): Promise<void> => {
    host = await openBrowserHost(home)
    page = host.page
    studio = new StudioPage(page)
  }
  const way = (): Way => ({ page, studio, eventually, context: host.context, home, work: WORK })
  /** Documentation pictures are written only when asked for. */
  const picture = async (name: string): Promise<void> => {
    if (process.env['ASTERISM_WRITE_IMAGES'] !== '1') return
    mkdirSync('docs/images', { recursive: true })
    await page.screenshot({ path: `docs/images/${name}.png` })
  }

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'asterism-window-'))
    await enter()
    await page.waitForSelector('h1')
  })
  // Each station starts where the one before it ended: after a failure the rest has nothing to stand on.
  let lost: string | null = null
  beforeEach(({ task, onTestFailed }) => {
    if (lost) throw new Error(`not reached: "${lost}" failed`)
    onTestFailed(async () => {
      lost = task.name
      await page.screenshot({ path: join(tmpdir(), 'asterism-window-failed.png') }).catch(() => undefined)
    })
  })
  afterAll(async () => {
    await command(home, 'practice', 'stop')
    await host?.close()
    await closeBrowser()
    rmSync(home, { recursive: true, force: true })
  })

  test('an empty project says what to do; a scan comes in from a folder and goes again, by keys alone', async () => {
    expect(await seriousFindings(page)).toEqual([])
    await writeByKeys(page, page.getByLabel('Title of the new project'), 'Nothing yet')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.studio')
    await eventually(() => studio.library.textContent()).toContain('Drop recordings here')
    expect(await studio.assets.count()).toBe(0)
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Control+i')
    const dialog = page.getByRole('dialog', { name: 'Import recordings' })
    await folderByKeys(page, dialog, resolve('resources/sample'))
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Control+a')
    await dialog.getByText(/^\d+ chosen$/).waitFor()
    await page.keyboard.press('Control+a')
    await dialog.getByText('Nothing chosen').waitFor()
    await entryByKeys(page, dialog, 'room-scan.ply')
    await page.keyboard.press('Space')
    await dialog.getByText('1 chosen').waitFor()
    // What is taken out while its points are on their way is asked for once more than there is.
    const points = page.waitForResponse((response) => response.url().includes('/scan?'), WORK)
    await pressByKeys(page, dialog.getByRole('button', { name: 'Import', exact: true }))
    await studio.assets.first().waitFor(WORK)
    await points
    await page.keyboard.press('Control+z')
    await eventually(() => studio.assets.count()).toBe(0)
    await pressByKeys(page, page.getByRole('button', { name: 'Close the project' }))
    await page.getByRole('heading', { name: 'Asterism' }).waitFor()
  })

  test('the tour is there at the first start, is skipped, and found again', async () => {
    await studio.create('A look around')
    const tour = page.getByRole('region', { name: 'First steps' })
    await tour.waitFor()
    await tour.getByRole('button', { name: 'Next' }).click()
    await studio.panel('Align').waitFor()
    await tour.getByRole('button', { name: 'Skip the tour' }).click()
    expect(await tour.count()).toBe(0)
    await studio.command('First steps')
    expect(await tour.textContent()).toContain('Step 1 of 5')
    await tour.getByRole('button', { name: 'Skip the tour' }).click()
    await page.getByRole('button', { name: 'Close the project' }).click()
    await page.getByRole('heading', { name: 'Asterism' }).waitFor()
  })

  test('the sample take comes in with its pictures, waveforms and one sound', async () => {
    await pressByKeys(page, page.getByRole('button', { name: 'Open the sample take' }))
    await studio.assets.nth(5).waitFor(WORK)
    expect(await studio.assets.count()).toBe(6)
    await studio.library.locator('.asset__thumb').nth(2).waitFor(WORK)
    const clips = await studio.timeline.clips()
    expect(clips.filter((clip) => clip.sensor === 'video').map((clip) => clip.track)).toEqual([
      'camera-a',
      'camera-b',
      'phone',
    ])
    expect(await studio.playingSounds()).toBe(1)
    // Waveforms and pictures are drawn: the canvas is no longer what it is without them.
    await eventually(async () => contrastOf(await studio.timeline.canvas.screenshot()), WORK).toBeGreaterThan(25)
  })

  test('picture and world are seen', async () => {
    await page.locator('.stage video[data-state="shown"]').waitFor(WORK)
    await eventually(async () => contrastOf(await studio.video.screenshot()), WORK).toBeGreaterThan(20)
    await eventually(async () => contrastOf(await studio.world.screenshot()), WORK).toBeGreaterThan(15)
  })

  test('a room is opened to the eye or left closed', async () => {
    const open = await studio.world.screenshot()
    await page.getByRole('button', { name: 'Cut away' }).click()
    await eventually(async () => differenceOf(open, await studio.world.screenshot())).toBeGreaterThan(0.02)
    await page.getByRole('button', { name: 'Cut away' }).click()
  })

  test('playing moves the playhead, and the picture follows it', async () => {
    await studio.timeline.seek(3)
    await eventually(() => studio.videoTime().then((time) => Math.abs(time - 3))).toBeLessThan(0.15)
    await page.keyboard.press('Space')
    await eventually(() => studio.timeline.playhead(), WORK).toBeGreaterThan(4.5)
    await page.keyboard.press('Space')
    const stopped = await studio.timeline.playhead()
    await eventually(() => studio.videoTime().then((time) => Math.abs(time - stopped))).toBeLessThan(0.15)
    await page.waitForTimeout(200)
    expect(await studio.timeline.playhead()).toBe(stopped)
    // Backwards too something is given to the sound device; tests/e2e/backwards-sound reads what it is.
    await page.evaluate(`(() => {
      const { start } = AudioBufferSourceNode.prototype
      AudioBufferSourceNode.prototype.start = function (...given) {
        globalThis.turnedPieces = (globalThis.turnedPieces ?? 0) + 1
        return start.apply(this, given)
      }
    })()`)
    for (const key of ['End', 'j']) await page.keyboard.press(key)
    await eventually(() => page.evaluate('globalThis.turnedPieces ?? 0'), WORK).toBeGreaterThan(0)
    await page.keyboard.press('k')
  })

  test('the ruler seeks, and frames are stepped by keys', async () => {
    await studio.timeline.seek(10)
    expect(await studio.timeline.playhead()).toBeCloseTo(10, 0)
    const before = await studio.timeline.playhead()
    await page.keyboard.press('ArrowRight')
    expect((await studio.timeline.playhead()) - before).toBeGreaterThan(0.02)
    await page.keyboard.press('Shift+ArrowLeft')
    expect(await studio.timeline.playhead()).toBeCloseTo(before - 1 + 1 / 30, 1)
    await page.keyboard.press('Home')
    expect(await studio.timeline.playhead()).toBe(0)
    // K held makes L and J step; a key that repeats while it is held steps on.
    await page.keyboard.down('k')
    for (let n = 0; n < 3; n++) await page.keyboard.down('l')
    await page.keyboard.up('l')
    await eventually(() => studio.timeline.playhead()).toBeCloseTo(0.1, 2)
    await page.keyboard.press('j')
    await eventually(() => studio.timeline.playhead()).toBeCloseTo(2 / 30, 2)
    await page.keyboard.up('k')
    await page.keyboard.press('Home')
  })

  editingStations(way)

  dragStations(way)

  wordStations(way)

  test('words stand under the picture at their moment', async () => {
    await page.keyboard.press('Home')
    await page.keyboard.press('Alt+2')
    await tabByKeys(page, 'Edit', 'Words')
    await writeByKeys(page, page.getByLabel('Words at the playhead'), 'The lamp is switched on')
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('.picture__words').textContent()).toBe('The lamp is switched on')
    await partByKeys(page, 'Timeline')
    for (let n = 0; n < 20; n++) await page.keyboard.press('Shift+ArrowRight')
    await eventually(() => page.locator('.picture__words').textContent()).toBe('')
  })

  test('the project gets another name', async () => {
    await page.keyboard.press('F2')
    await page.getByLabel('Name of the project').waitFor()
    await page.keyboard.type('A walk through the room')
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('.topbar__project strong').textContent()).toBe('A walk through the room')
  })

  test('a file that cannot be read is refused with its reason, and nothing else changes', async () => {
    await studio.drop('broken.mp4', Buffer.from('not a recording at all, whatever its name says'))
    const notice = studio.notices.getByRole('alert')
    await notice.waitFor(WORK)
    const text = (await notice.textContent())!
    expect(text).toContain('broken.mp4 was not imported')
    expect(text.length).toBeGreaterThan('broken.mp4 was not imported'.length + 20)
    // It stays until it is closed, so it lies over nothing.
    const [panel, card] = await Promise.all([page.locator('#workspace').boundingBox(), notice.boundingBox()])
    expect(panel!.y + panel!.height).toBeLessThanOrEqual(card!.y)
    await notice.getByRole('button', { name: 'Close' }).click()
    expect(await studio.assets.count()).toBe(6)
  })

  test('a dropped file is imported; undo takes it out again', async () => {
    const corner = `ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\nend_header\n0 0 0\n1 0 0\n0 1 0\n0 0 1\n`
    await studio.drop('corner.ply', Buffer.from(corner))
    await studio.assets.filter({ hasText: 'corner' }).waitFor(WORK)
    await studio.undo()
    await eventually(() => studio.assets.count()).toBe(6)
  })

  test('recordings are put into one world, with residuals', async () => {
    await studio.command('Align in space')
    const rows = studio.panel('Align').locator('tbody tr')
    await rows.first().waitFor(WORK)
    const text = (await rows.allTextContents()).join('\n')
    expect(text).toContain('the world')
    expect(text).toMatch(/\d+\.\d mm/)
    expect(text).toMatch(/\d+ % overlap/)
    // Every scan and capture has its place or the reason why it has none.
    const answered = `${text}\n${(await studio.panel('Align').locator('.unaligned').allTextContents()).join('\n')}`
    for (const title of ['phone', 'room-scan', 'partial-scan']) expect(answered).toContain(title)
  })

  test('clocks are put onto one time line, with their uncertainty', async () => {
    await studio.command('Align in time')
    const rows = studio.panel('Align').locator('tbody tr')
    await rows.nth(2).waitFor(WORK)
    const text = (await rows.allTextContents()).join('\n')
    expect(text).toContain('reference')
    expect(text).toMatch(/[+−]\d+\.\d{4} s± \d/)
    expect(text).toMatch(/± \d+\.\d ppm/)
    const starts = (await studio.timeline.clips()).filter((clip) => clip.sensor === 'video').map((c) => c.startSeconds)
    expect(new Set(starts).size).toBe(3)
    await pressByKeys(page, studio.panel('Align').locator('.evidence__head').first())
    await studio.panel('Align').locator('.evidence').first().getByText('in common').waitFor()
    await page.keyboard.press('x')
    const overlay = studio.panel('Align').getByRole('img', { name: /as an outline/ })
    await eventually(async () => contrastOf(await overlay.screenshot()), WORK).toBeGreaterThan(15)
    await page.keyboard.press('x')
    await overlay.waitFor({ state: 'detached' })
  })

  stageStations(way)

  test('the stars have a number, an interval and reasons that add up', async () => {
    await page.keyboard.press('Alt+3')
    await pressByKeys(page, studio.panel('Stars').getByRole('button', { name: 'Predict the stars' }))
    const scale = studio.panel('Stars').locator('.star-scale')
    await scale.waitFor(WORK)
    const [, stars, low, high] = /([\d.]+) stars, between ([\d.]+) and ([\d.]+)/
      .exec((await scale.getAttribute('aria-label'))!)!
      .map(Number)
    expect(low!).toBeLessThanOrEqual(stars!)
    expect(high!).toBeGreaterThanOrEqual(stars!)
    const figures = (await studio.panel('Stars').locator('.waterfall__row > .num').allTextContents()).map((text) =>
      Number.parseFloat(text.replace('−', '-')),
    )
    const sum = figures.pop()!
    const parts = figures.reduce((total, figure) => total + figure, 0)
    // Each term is rounded to a hundredth where it is shown.
    expect(Math.abs(parts - sum)).toBeLessThanOrEqual(0.005 * (figures.length + 1))
    expect(Math.abs(sum - stars!)).toBeLessThanOrEqual(0.051)
    await picture('stars')
    await studio.show('Align')
    await picture('studio')
  })

  test('the edit is kept with its stars, and the pack that counts is named', async () => {
    await studio.show('Stars')
    for (const [tab, words] of [
      ['Cuts', 'this edit'],
      ['Microscope', 'Reference:'],
      ['Original', 'Nothing in it was seen before.'],
      ['Packs', 'in use'],
    ] as const) {
      await studio.panel('Stars').getByRole('tab', { name: tab }).click()
      await studio.panel('Stars').getByText(words).waitFor()
      expect(await seriousFindings(page), tab).toEqual([])
      expect(await overflowing(page), tab).toEqual([])
    }
    await studio.panel('Stars').getByRole('tab', { name: 'Value' }).click()
    await pressByKeys(page, studio.panel('Stars').getByRole('button', { name: 'Show where: Choose a licence' }))
    // Where a suggestion leads, the keys are too.
    const licence = studio.panel('Publish').getByLabel('Licence', { exact: true })
    await eventually(() => licence.evaluate((each) => each.ownerDocument.activeElement === each)).toBe(true)
  })

  publishingStations(way)

  languageStations(way)

  looksStations(way)

  test('a reload brings back the work, the view and the way back', async () => {
    await studio.show('Stars')
    await page.waitForTimeout(800) // the view is kept a moment after it changed
    const clips = await studio.timeline.clips()
    await page.reload()
    await studio.assets.nth(5).waitFor(WORK)
    await studio.panel('Stars').locator('.star-scale').waitFor()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light')
    expect(await studio.timeline.clips()).toEqual(clips)
    await studio.undo()
    await eventually(() => page.getByRole('button', { name: /^Redo: / }).count()).toBe(1)
    await studio.redo()
  })

  test('nothing was complained about in the console, and no key and no press left the focus nowhere', () => {
    expect(host.problems).toEqual([])
    expect(host.lostFocus).toEqual([])
  })

  test('an engine that is gone is said to be; when it is back the window goes on where it was, with everything', async () => {
    await studio.show('Stars')
    await studio.select('camera-b')
    await studio.timeline.seek(9)
    const playhead = await studio.timeline.playhead()
    const shown = page.locator('.stage video[data-state="shown"]')
    await shown.waitFor(WORK)
    await host.kill()
    const away = page.getByRole('region', { name: 'Connection to the engine' })
    await away.getByText('Everything up to your last change is saved.').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('m')
    await away.getByText('Not done, because the engine is away: Add marker.').waitFor()
    await page.keyboard.press('Control+e')
    // Of a dialog in front nothing lies behind.
    await page.getByRole('dialog').getByText('Asterism’s engine is not running.').waitFor()
    await host.startAgain()
    await away.waitFor({ state: 'detached', ...WORK })
    // What a dialog could not load is there by now.
    await eventually(() => page.getByRole('dialog').getByLabel('Format').locator('option').count()).toBeGreaterThan(3)
    await page.keyboard.press('Escape')
    await studio.panel('Stars').waitFor()
    expect(await studio.library.locator('.asset[aria-pressed="true"]').textContent()).toContain('camera-b')
    expect(await studio.timeline.playhead()).toBe(playhead)
    await shown.waitFor(WORK)
    expect(await page.locator('.topbar__project strong').textContent()).toBe('A walk through the room')
    await studio.assets.nth(5).waitFor(WORK)
    await studio.show('Ledger')
    await studio.panel('Ledger').getByText('Token').waitFor()
    await page.getByRole('button', { name: /^Undo: / }).waitFor()
  })

  lostFileStations(way)
})
