/** Commentary recorded against the picture: it lies where it was spoken, and nothing that was acknowledged is lost. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../electron/engine/engine.ts'
import { writeFloatWave } from '../../electron/engine/media/wave-file.ts'
import { runJob } from '../../shared/contract/client.ts'
import { recordsOf, timeMapId } from '../../shared/document/document.ts'
import { closeBrowser } from '../fixtures/electron/browser.ts'
import { seededRandom } from '../../shared/geometry/random.ts'
import { H264, makeClip, noise, picture } from '../fixtures/media/clips.ts'
import { seriousFindings } from '../fixtures/window/accessibility.ts'
import { openBrowserHost, type BrowserHost } from '../fixtures/window/browser-host.ts'
import { unplugMicrophone, whatWasHeard, witnessMicrophone } from '../fixtures/window/microphone-witness.ts'
import { StudioPage } from './pages/studio.ts'

const WORK = { timeout: 30_000 }
const RATE = 48_000
/** Between handing a sample out and having heard it: what a browser keeps of the fake device. */
const DEVICE_SECONDS = 0.01
/** How well the witness reads the playhead off the window, which writes it once a frame. */
const WITNESS_SECONDS = 0.008

/** What the microphone hears, over and over: bursts of noise, no two alike. */
async function whatIsSaid(path: string): Promise<void> {
  const random = seededRandom(11).next
  const samples = new Float32Array(24 * RATE)
  for (let n = 0, level = 0; n < samples.length; n++) {
    if (n % 6000 === 0) level = random() < 0.35 ? 0 : 0.1 + 0.3 * random()
    samples[n] = level * (random() * 2 - 1)
  }
  await writeFloatWave(path, { sampleRateHz: RATE, channels: 1 }, (write) => write(samples))
}

describe('a commentary', () => {
  let home: string
  let said: string
  let host: BrowserHost
  let page: Page
  let studio: StudioPage
  const recorder = (): Locator => page.locator('.commentary')
  const attempts = (): Locator => page.locator('.commentary__take')
  const take = (number: number): Locator => page.getByRole('button', { name: new RegExp(`^Attempt ${number} \\d`) })
  const press = (name: string): Promise<void> => recorder().getByRole('button', { name }).click()
  const enter = async (): Promise<void> => {
    const fake = ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${said}`]
    host = await openBrowserHost(home, { isWhole: true, arguments: fake })
    page = host.page
    studio = new StudioPage(page)
    await witnessMicrophone(page)
    await page.reload()
    await page.waitForSelector('h1')
  }
  const files = (): string[] =>
    readdirSync(home, { recursive: true, encoding: 'utf8' })
      .filter((each) => /commentary-[^/]*\.wav/.test(each))
      .sort()
      .map((each) => join(home, each))

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'asterism-commentary-'))
    said = join(home, 'said.wav')
    await whatIsSaid(said)
    const clip = await makeClip(home, 'cam.mp4', ...picture('320x180', '25', 10), ...noise(10), ...H264, '-c:a', 'aac')
    await enter()
    await studio.create('Spoken over')
    await studio.drop('cam.mp4', readFileSync(clip))
    await studio.assets.first().waitFor(WORK)
    await page.getByRole('tab', { name: 'Record' }).click()
  })
  afterAll(async () => {
    await host?.close()
    await closeBrowser()
    rmSync(home, { recursive: true, force: true })
  })

  test('says what to do while the microphone is refused, and listens once it is allowed', async () => {
    await press('Turn the microphone on')
    await page.getByText('The microphone was refused.').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await host.context.grantPermissions(['microphone'], { origin: new URL(page.url()).origin })
    await press('Try again')
    const level = page.getByRole('meter')
    await expect.poll(async () => Number(await level.getAttribute('aria-valuenow')), WORK).toBeGreaterThan(-40)
    expect(await seriousFindings(page)).toEqual([])
  })

  test('over in and out is counted in, ends by itself and lies where it was heard, to within what it says', async () => {
    await studio.timeline.seek(3)
    await page.keyboard.press('i')
    await studio.timeline.seek(8)
    await page.keyboard.press('o')
    await page.keyboard.press('Alt+r')
    await recorder().getByText('Call it off').waitFor()
    await take(1).waitFor(WORK)
    const heard = await whatWasHeard(page)
    const witness = join(home, 'witness.wav')
    await writeFloatWave(witness, { sampleRateHz: heard.sampleRateHz, channels: 1 }, (write) => write(heard.samples))
    const [recorded] = files()
    const truth = heard.startSeconds - DEVICE_SECONDS + (await offsetIn(witness, recorded!)) + heard.projectLeadSeconds
    const placed = await placements()
    expect(placed).toHaveLength(1)
    const [{ offsetSeconds, sigmaSeconds }] = placed as [Placed]
    expect(sigmaSeconds).toBeLessThan(0.03)
    expect(Math.abs(offsetSeconds - truth)).toBeLessThan(3 * sigmaSeconds + WITNESS_SECONDS)
    const [clip] = await studio.timeline.clipsOf('Commentary', 'audio')
    expect(clip!.startSeconds).toBeCloseTo(3, 1)
    expect(clip!.endSeconds).toBeCloseTo(8, 1)
  })

  test('is one step back, and there again', async () => {
    await studio.undo()
    await attempts().first().waitFor({ state: 'detached' })
    await studio.redo()
    await take(1).waitFor()
  })

  test('is kept as far as it came when the microphone is unplugged; every attempt can be heard again', async () => {
    await page.getByLabel('Count down').uncheck()
    await press('Record')
    await recorder()
      .getByText(/Recording \d/)
      .waitFor()
    await page.waitForTimeout(600)
    await unplugMicrophone(page)
    await page.getByText('What was said until then is kept.').waitFor()
    await take(2).waitFor(WORK)
    // In the library they are told apart.
    await studio.assets.filter({ hasText: 'Commentary 2' }).waitFor()
    const heard = (number: number): Promise<string | null> =>
      attempts()
        .nth(number - 1)
        .getAttribute('data-heard')
    await expect.poll(() => heard(2)).toBe('true')
    expect(await heard(1)).toBeNull()
    await page.getByRole('button', { name: 'Hear Attempt 1' }).click()
    await expect.poll(() => heard(1)).toBe('true')
    await expect.poll(() => heard(2)).toBeNull()
    await studio.undo()
    await expect.poll(() => heard(2)).toBe('true')
  })

  test('outlives the engine that was killed under it: the next start has it as an attempt', async () => {
    await page.keyboard.press('Alt+x')
    await studio.timeline.seek(1)
    await press('Record')
    await recorder()
      .getByText(/Recording \d/)
      .waitFor()
    await expect
      .poll(
        () =>
          files()
            .filter((each) => each.endsWith('.part'))
            .map((each) => readFileSync(each).length > 150_000),
        WORK,
      )
      .toEqual([true])
    await host.kill()
    await host.context.close()
    await enter()
    await studio.reopen()
    await page.getByText(/A recording that was cut off is kept as an attempt: \d+\.\d s/).waitFor(WORK)
    await page.getByRole('tab', { name: 'Record' }).click()
    await page.getByText('cut off', { exact: true }).waitFor()
    expect(files().filter((each) => each.endsWith('.part'))).toEqual([])
    expect(files()).toHaveLength(3)
    expect(host.problems).toEqual([])
    expect(host.lostFocus).toEqual([])
  })

  interface Placed {
    readonly offsetSeconds: number
    readonly sigmaSeconds: number
  }

  /** Where the recordings of commentary lie, as the project file has it. */
  async function placements(): Promise<Placed[]> {
    const own = mkdtempSync(join(tmpdir(), 'asterism-judge-'))
    const project = readdirSync(join(home, 'projects')).find((name) => name.endsWith('.asterism'))!
    for (const end of ['', '-wal']) {
      const path = join(home, 'projects', project + end)
      if (existsSync(path)) cpSync(path, join(own, `copy.asterism${end}`))
    }
    const engine = await createEngine({ home: own, resumeJobs: false, host: {} })
    const { document } = await engine.session.openProject(join(own, 'copy.asterism'))
    const found = recordsOf(document, 'commentaryTake').flatMap((each) => {
      const map = document.get(timeMapId(`${each.assetId}.clock0`))
      return map?.kind === 'timeMap' ? [{ offsetSeconds: map.offsetSeconds, sigmaSeconds: map.sigmaOffsetSeconds }] : []
    })
    await engine.close()
    rmSync(own, { recursive: true, force: true })
    return found
  }
})

/** Where a recording begins on the clock of another, as the project's own aligner has it, seconds. */
async function offsetIn(witness: string, path: string): Promise<number> {
  const engine = await createEngine({ home: join(dirname(witness), 'judge'), resumeJobs: false, host: {} })
  const files = { a: engine.grantFile(witness), b: engine.grantFile(path) }
  const answer = await runJob(engine.client, 'syncFiles', { ...files, method: 'audio' })
  await engine.close()
  if (!('offset_s' in answer)) throw new Error(JSON.stringify(answer))
  return answer.offset_s
}
