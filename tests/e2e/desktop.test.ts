import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { StudioPage } from './pages/studio.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBuiltApp, type StandIn } from '../fixtures/electron/run-built-app.ts'
import { hololensFixtures } from '../fixtures/import/hololens-fixtures.ts'
import { shareOf } from '../fixtures/window/pixels.ts'

const TRIANGLE = `ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\nend_header\n0 0 0\n1 0 0\n0 1 0\n0 0 1\n`

/** Where so many splats lie, in a cube of a metre. */
const SPLAT_PLACES = Array.from({ length: 125 }, (_, n) =>
  [n % 5, Math.floor(n / 5) % 5, Math.floor(n / 25)].map((each) => each / 4),
)

/** Red splats of a decimetre and more; their centres alone would hardly be seen. */
function redSplats(): Buffer {
  const names = ['x', 'y', 'z', 'f_dc_0', 'f_dc_1', 'f_dc_2', 'opacity', 'scale_0', 'scale_1', 'scale_2']
  const all = [...names, 'rot_0', 'rot_1', 'rot_2', 'rot_3']
  const lines = ['ply', 'format binary_little_endian 1.0', `element vertex ${SPLAT_PLACES.length}`]
  const header = [...lines, ...all.map((name) => `property float ${name}`), 'end_header\n'].join('\n')
  const splats = SPLAT_PLACES.flatMap((place) => [...place, 1.5, -1.7, -1.7, 5, -2, -2, -2, 1, 0, 0, 0])
  return Buffer.concat([Buffer.from(header), Buffer.from(Float32Array.from(splats).buffer)])
}

/** Blue ones, as the file of 32 bytes a splat has them. */
function blueSplats(): Buffer {
  return Buffer.concat(
    SPLAT_PLACES.map((place) =>
      Buffer.concat([
        Buffer.from(Float32Array.from([...place, 0.14, 0.14, 0.14]).buffer),
        Buffer.from([10, 10, 240, 255, 255, 128, 128, 128]),
      ]),
    ),
  )
}

describe('the built desktop app', () => {
  let home: string
  let electron: StandIn
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'asterism-desktop-'))
    process.env['ASTERISM_HOME'] = home
    electron = await startBuiltApp()
    const [window] = electron.BrowserWindow.getAllWindows()
    if (!window?.webContents.page) throw new Error('the app opened no window')
    page = window.webContents.page
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
    await page.waitForSelector('h1')
  })
  afterAll(async () => {
    await electron.endStandIn()
    rmSync(home, { recursive: true, force: true })
  })

  test('windows are sandboxed, isolated and without Node', () => {
    const [window] = electron.BrowserWindow.getAllWindows()
    expect(window?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    })
    expect(electron.seen.sandboxed).toBe(true)
    expect(electron.seen.schemes.map((scheme) => scheme.scheme)).toEqual(['studio', 'studio-confirm'])
    expect(electron.seen.schemes.every((scheme) => !scheme.privileges['bypassCSP'])).toBe(true)
  })

  test('the preload gives the page five calls and nothing of Electron', async () => {
    const given = await page.evaluate(() => ({
      keys: Object.keys((globalThis as unknown as { asterism: object }).asterism).sort(),
      require: typeof (globalThis as { require?: unknown }).require,
    }))
    expect(given).toEqual({
      keys: ['connect', 'pickFiles', 'pickProject', 'showExport', 'tokensForFiles'],
      require: 'undefined',
    })
  })

  test('a project is made, a file chosen in the native dialog is imported, undo takes it back', async () => {
    await page.getByLabel('Title of the new project').fill('On the desktop')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.waitForSelector('.studio')
    const path = join(home, 'corner.ply')
    writeFileSync(path, TRIANGLE)
    electron.seen.dialogs.open.push({ canceled: false, filePaths: [path] })
    await page.getByRole('button', { name: 'Import recordings' }).click()
    await page.getByRole('button', { name: 'Files…' }).click()
    await page.locator('.asset', { hasText: 'corner' }).waitFor()
    expect(electron.seen.dialogs.asked).toEqual([
      { title: 'Import recordings', properties: ['openFile', 'multiSelections'] },
    ])
    await page.getByRole('button', { name: /^Undo/ }).click()
    await page.locator('.asset', { hasText: 'corner' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^Redo/ }).click()
    await page.locator('.asset', { hasText: 'corner' }).waitFor()
  })

  test('gaussian splats are drawn as what they are', async () => {
    const files = { 'splats.ply': redSplats(), 'blue.splat': blueSplats() }
    const filePaths = Object.entries(files).map(([name, bytes]) => {
      writeFileSync(join(home, name), bytes)
      return join(home, name)
    })
    electron.seen.dialogs.open.push({ canceled: false, filePaths })
    await page.getByRole('button', { name: 'Import recordings' }).click()
    await page.getByRole('button', { name: 'Files…' }).click()
    await page.locator('.asset', { hasText: 'blue' }).waitFor()
    const world = page.getByRole('group', { name: 'World' }).locator('canvas[data-engine]')
    const isRed = (red: number, green: number, blue: number): boolean => red > 120 && green < 60 && blue < 60
    const isBlue = (red: number, green: number, blue: number): boolean => blue > 120 && red < 60 && green < 60
    for (const isDrawn of [isRed, isBlue])
      await expect
        .poll(async () => shareOf(await world.screenshot(), isDrawn), { timeout: 60_000 })
        .toBeGreaterThan(0.01)
    expect(problems).toEqual([])
    await page.getByRole('button', { name: /^Undo/ }).click()
    await page.locator('.asset', { hasText: 'blue' }).waitFor({ state: 'detached' })
  })

  test('a hand and the look of the eyes are drawn where they were at the playhead, and hidden where asked', async () => {
    const studio = new StudioPage(page)
    // Without a scan the recording's own frame is the world.
    await studio.undo()
    await page.locator('.asset', { hasText: 'corner' }).waitFor({ state: 'detached' })
    const folder = await hololensFixtures[0]!.write(home, { ffmpeg: null, ffprobe: null })
    electron.seen.dialogs.open.push({ canceled: false, filePaths: [folder] })
    await page.getByRole('button', { name: 'Import recordings' }).click()
    await page.getByRole('button', { name: 'Folder…' }).click()
    const walk = page.locator('.asset', { hasText: '2021-01-01' })
    await walk.waitFor()
    const seen = async (isKind: (red: number, green: number, blue: number) => boolean): Promise<boolean> =>
      shareOf(await studio.world.screenshot(), isKind) > 0.00005
    const hand = () => seen((red, green, blue) => green > 180 && red < 130 && blue < 180)
    const gaze = () => seen((red, green, blue) => red > 200 && green < 130 && blue > 120)
    const shows = async (): Promise<string> => `hand ${await hand()}, gaze ${await gaze()}`
    const shown = (what: string) => expect.poll(shows, { timeout: 60_000 }).toBe(what)
    await studio.timeline.seek(0.5)
    await shown('hand true, gaze true')
    const button = page.getByRole('button', { name: 'Hands and gaze at the playhead' })
    await button.click()
    await shown('hand false, gaze false')
    await button.click()
    await shown('hand true, gaze true')
    // The hand was lowered by then.
    await studio.timeline.seek(1)
    await shown('hand false, gaze true')
    await studio.undo()
    await walk.waitFor({ state: 'detached' })
    expect(problems).toEqual([])
  })

  test('a cancelled dialog changes nothing', async () => {
    const tokens = await page.evaluate(() => {
      const { asterism } = globalThis as unknown as {
        asterism: { pickFiles(what: string, title: string): Promise<string[]> }
      }
      return asterism.pickFiles('file', 'A file of headers')
    })
    expect(electron.seen.dialogs.asked.at(-1)).toEqual({ title: 'A file of headers', properties: ['openFile'] })
    expect(tokens).toEqual([])
  })

  test('permissions are refused but for the two with a reason, the microphone while no recorder is open', async () => {
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'hid',
      'serial',
      'openExternal',
      'clipboard-read',
    ]) {
      expect(await electron.askPermission(permission), permission).toEqual({ requested: false, checked: false })
    }
    expect(await electron.askPermission('media', ['audio'])).toEqual({ requested: false, checked: false })
    expect(await electron.askPermission('fullscreen')).toEqual({ requested: true, checked: true })
  })

  test('the microphone is granted while the recorder is open, to the studio alone, and no camera ever', async () => {
    await page.evaluate(`navigator.mediaDevices.getUserMedia = async () => {
      await new Promise((go) => { globalThis.letGoOfMicrophone = go })
      throw new DOMException('refused', 'NotAllowedError')
    }`)
    await page.getByRole('tab', { name: 'Record' }).click()
    await page.getByRole('button', { name: 'Turn the microphone on' }).click()
    // Not `waitForFunction`: its second look is an `eval` within the page, which the content security policy refuses.
    await expect.poll(() => page.evaluate('typeof globalThis.letGoOfMicrophone')).toBe('function')
    expect(await electron.askPermission('media', ['audio'])).toEqual({ requested: true, checked: true })
    for (const media of [['video'], ['audio', 'video'], []] as const)
      expect((await electron.askPermission('media', media)).requested, media.join()).toBe(false)
    for (const origin of ['https://evil.example/', 'studio://app.evil/', 'studio-confirm://sign/'])
      expect(await electron.askPermission('media', ['audio'], origin)).toEqual({ requested: false, checked: false })
    await page.evaluate('globalThis.letGoOfMicrophone()')
    await page.getByText('The microphone was refused.').waitFor()
    await expect.poll(() => electron.askPermission('media', ['audio'])).toEqual({ requested: false, checked: false })
  })

  test('what is secret about a wallet is asked in a window of its own, which leads nowhere but on', async () => {
    await page.keyboard.press('Alt+a')
    const wallets = page.getByRole('dialog', { name: 'Wallets' })
    await wallets.getByRole('button', { name: 'By its words' }).click()
    const confirmation = () => electron.BrowserWindow.getAllWindows()[1]?.webContents.page
    await expect
      .poll(() => confirmation()?.locator('h1').textContent(), { timeout: 20_000 })
      .toBe('Bring a wallet by its words')
    const asked = confirmation()!
    await asked
      .getByLabel(/^Words of the wallet/)
      .fill('legal winner thank year wave sausage worth useful legal winner')
    await asked.getByRole('button', { name: 'Go on' }).click()
    await asked.getByRole('heading', { name: 'A pass phrase for the wallet' }).waitFor()
    await asked.goto('https://example.org/').catch(() => undefined)
    expect(asked.url()).not.toContain('example')
    await asked.getByRole('button', { name: 'Not now' }).click()
    await expect.poll(() => electron.BrowserWindow.getAllWindows().length, { timeout: 20_000 }).toBe(1)
    await wallets.getByRole('status').waitFor({ state: 'detached' })
    expect(await wallets.getByRole('listitem').count()).toBe(0)
    await page.keyboard.press('Escape')
  })

  test('the window cannot be led away and opens nothing', async () => {
    const before = page.url()
    await page.evaluate("void (location.href = 'https://example.org/')").catch(() => undefined)
    await page.waitForTimeout(300)
    expect(page.url()).toBe(before)
    await page.evaluate("void window.open('https://example.org/help')")
    await expect.poll(() => page.context().pages().length).toBe(1)
    expect(electron.seen.openedOutside.every((url) => url.startsWith('https://'))).toBe(true)
  })

  test('calls from another frame or origin are refused', async () => {
    const handler = electron.ipcMain.invokes.get('asterism:pick-files')
    const [window] = electron.BrowserWindow.getAllWindows()
    for (const senderFrame of [
      null,
      { parent: {}, origin: 'studio://app' },
      { parent: null, origin: 'https://evil.example' },
    ]) {
      await expect(
        Promise.resolve(handler?.({ sender: window?.webContents, senderFrame }, 'recordings')),
      ).rejects.toThrow('refused')
    }
  })

  test('the protocol handler serves the window under its policy and nothing above it', async () => {
    const handler = electron.protocolHandlers.get('studio')!
    const index = await handler(new Request('studio://app/'))
    expect(index.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(index.headers.get('permissions-policy')).toContain('microphone=(self), camera=()')
    for (const path of [
      '/../../package.json',
      '/..%2f..%2fpackage.json',
      '/..%5c..%5cpackage.json',
      '/assets/../../main/main.js',
      '/%00',
    ]) {
      expect((await handler(new Request(`studio://app${path}`))).status, path).toBe(404)
    }
  })

  test('a second start wakes the first and ends', async () => {
    const [window] = electron.BrowserWindow.getAllWindows()
    const quits = electron.seen.quits
    await startBuiltApp()
    expect(window?.focused).toBe(1)
    expect(electron.seen.quits).toBe(quits + 1)
    expect(electron.BrowserWindow.getAllWindows()).toHaveLength(1)
  })

  test('nothing was complained about in the console', () => {
    expect(problems).toEqual([])
  })
})
