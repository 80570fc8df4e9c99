/** Films out of the window: chosen, queued, read back, never over something else without a word, taken up after a crash. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { requireTool, resolveMediaTools } from '../../electron/engine/media/tools.ts'
import { closeBrowser } from '../fixtures/electron/browser.ts'
import { H264, makeClip, noise, picture } from '../fixtures/media/clips.ts'
import { seriousFindings } from '../fixtures/window/accessibility.ts'
import { openBrowserHost, type BrowserHost } from '../fixtures/window/browser-host.ts'
import { chooseByKeys, pressByKeys } from './pages/keyboard.ts'
import { StudioPage } from './pages/studio.ts'

const WORK = { timeout: 90_000 }

describe('taking a project out of the window', () => {
  let home: string
  let host: BrowserHost
  let page: Page
  let studio: StudioPage
  const dialog = (): Locator => page.getByRole('dialog', { name: 'Export' })
  const row = (name: string): Locator => dialog().locator('.export__queue li').filter({ hasText: name })
  const exported = (name: string): string => {
    const folders = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.exports'))
    return join(home, folders[0] ?? 'nowhere', name)
  }
  const enter = async (): Promise<void> => {
    host = await openBrowserHost(home)
    page = host.page
    studio = new StudioPage(page)
    await page.waitForSelector('h1')
  }

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'asterism-export-'))
    // Where browsing of folders begins.
    vi.stubEnv('HOME', home)
    mkdirSync(join(home, 'elsewhere'))
    const clip = await makeClip(home, 'cam.mp4', ...picture('320x180', '25', 4), ...noise(4), ...H264, '-c:a', 'aac')
    await enter()
    await studio.create('A take')
    await studio.drop('cam.mp4', readFileSync(clip))
    await studio.assets.first().waitFor(WORK)
  })
  afterAll(async () => {
    await host?.close()
    await closeBrowser()
    vi.unstubAllEnvs()
    rmSync(home, { recursive: true, force: true })
  })

  test('a film is made by keys alone, read back, and is what it is said to be', async () => {
    await page.keyboard.press('Control+e')
    await dialog().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await dialog().getByText('It will be A-take.mp4.').waitFor()
    await page.getByLabel('Name').press('Enter')
    await row('A-take.mp4')
      .getByText(/Read back: 4\.\d+ s · h264 320×180, 100 pictures · aac 48,000 Hz/)
      .waitFor(WORK)
    const ffprobe = requireTool(await resolveMediaTools(), 'ffprobe')
    const args = ['-v', 'error', '-count_frames', '-of', 'csv=p=0', '-show_entries', 'stream=codec_name,nb_read_frames']
    const { stdout } = await promisify(execFile)(ffprobe.path, [...args, exported('A-take.mp4')])
    expect(stdout).toMatch(/^h264,100\naac,\d+\n$/)
  })

  test('an earlier export is replaced only when that is said', async () => {
    const add = dialog().getByRole('button', { name: 'Export', exact: true })
    await dialog().getByText('A-take.mp4 is there from an earlier export.').waitFor()
    expect(await add.isDisabled()).toBe(true)
    await pressByKeys(page, dialog().getByLabel('Replace it'), 'Space')
    expect(await add.isEnabled()).toBe(true)
    await pressByKeys(page, dialog().getByRole('button', { name: 'Call it A take-2' }))
    await dialog().getByText('It will be A-take-2.mp4.').waitFor()
    await pressByKeys(page, add)
    await chooseByKeys(page, dialog().getByLabel('Format'), 'wav')
    await dialog().getByText('It will be A-take-2.wav.').waitFor()
    await pressByKeys(page, add)
    // Sound is held to the sample: 4 s at 48 kHz.
    await row('A-take-2.wav').getByText('192,000 samples').waitFor(WORK)
    await dialog().getByText('3 of 3 done, 100 %').waitFor()
  })

  test('it comes down, byte for byte, with its name', async () => {
    const coming = page.waitForEvent('download')
    await pressByKeys(page, row('A-take.mp4').getByRole('link', { name: 'Download' }))
    const file = await coming
    expect(file.suggestedFilename()).toBe('A-take.mp4')
    expect(readFileSync(await file.path())).toEqual(readFileSync(exported('A-take.mp4')))
  })

  test('what a cut without encoding keeps is said before, and that is what is written', async () => {
    await dialog().getByLabel('Format').selectOption('mp4')
    await dialog().getByLabel('Preset').selectOption('lossless')
    await dialog()
      .getByText(/^Keeps 0\.000–4\.000 s of the recording\. Exactly/)
      .waitFor()
    await dialog().getByLabel('Name').fill('Same')
    await dialog().getByText('It will be Same.mp4.').waitFor()
    await dialog().getByRole('button', { name: 'Export', exact: true }).click()
    await row('Same.mp4').getByText('320×180, 100 pictures').waitFor(WORK)
    expect(await seriousFindings(page)).toEqual([])
    await dialog().getByLabel('Name').fill('A take-2')
  })

  test('an export on its way when the engine is killed is done after the next start', async () => {
    await dialog().getByLabel('Format').selectOption('webm')
    await dialog().getByText('It will be A-take-2.webm.').waitFor()
    await dialog().getByRole('button', { name: 'Export', exact: true }).click()
    await row('A-take-2.webm').waitFor()
    await host.kill()
    await host.context.close()
    await enter()
    await studio.reopen()
    await page.keyboard.press('Control+e')
    await row('A-take-2.webm').getByText('vp9 320×180, 100 pictures').waitFor(WORK)
  })

  test('what failed at its place goes to a folder that is chosen then, and is off the list', async () => {
    const folder = dirname(exported('A-take.mp4'))
    renameSync(folder, `${folder}-before`)
    writeFileSync(folder, 'in the way')
    await dialog().getByLabel('Format').selectOption('otio')
    await dialog().getByText('It will be A-take.otio.').waitFor()
    await dialog().getByRole('button', { name: 'Export', exact: true }).click()
    await row('A-take.otio').getByText('A file is where a folder is needed.').waitFor(WORK)
    await pressByKeys(page, row('A-take.otio').getByRole('button', { name: 'to another place' }))
    await dialog().getByText('“A-take.otio” was not exported').waitFor()
    await page.keyboard.press('Enter')
    await pressByKeys(page, dialog().getByRole('button', { name: 'elsewhere' }))
    expect(await seriousFindings(page)).toEqual([])
    await pressByKeys(page, dialog().getByRole('button', { name: 'Use “elsewhere”' }))
    await dialog().getByText('In the folder “elsewhere”').waitFor()
    await dialog().getByRole('button', { name: 'Export', exact: true }).click()
    await row('A-take.otio').getByText('done').waitFor(WORK)
    expect(readdirSync(join(home, 'elsewhere'))).toEqual(['A-take.otio'])
    expect(await row('A-take.otio').count()).toBe(1)
    expect(host.problems).toEqual([])
    expect(host.lostFocus).toEqual([])
  })
})
