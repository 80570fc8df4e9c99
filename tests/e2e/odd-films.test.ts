/** Films as they come: turned, of odd size, at an uneven rate, of one picture, of nothing. Each has a look of its own in the window. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeBrowser } from '../fixtures/electron/browser.ts'
import { H264, makeClip, makeClips, picture, withMediaFolder } from '../fixtures/media/clips.ts'
import { openBrowserHost, type BrowserHost } from '../fixtures/window/browser-host.ts'
import { StudioPage } from './pages/studio.ts'

const WORK = { timeout: 150_000 }
const VP8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8']

let home: string
let host: BrowserHost
let studio: StudioPage
let films: ReadonlyMap<string, Buffer>

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'asterism-odd-films-'))
  const made = withMediaFolder(async (folder) => {
    await makeClips(folder, picture('320x180', '30', 2), [
      ['upright.mp4', H264],
      ['uneven.mp4', ['-vf', "select='lt(mod(n*7,5),3)'", '-fps_mode', 'vfr', ...H264]],
      ['odd.webm', ['-vf', 'scale=161:91,setsar=1', ...VP8]],
      ['single.mp4', ['-frames:v', '1', ...H264]],
    ])
    await makeClip(folder, 'turned.mp4', '-i', join(folder, 'upright.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90')
    const names = ['turned.mp4', 'uneven.mp4', 'odd.webm', 'single.mp4']
    return new Map(names.map((name) => [name, readFileSync(join(folder, name))]))
  })
  ;[films, host] = await Promise.all([made, openBrowserHost(home)])
  studio = new StudioPage(host.page)
  await studio.create('Odd films')
}, 180_000)

afterAll(async () => {
  await host?.close()
  await closeBrowser()
  rmSync(home, { recursive: true, force: true })
})

/** Drops a film, and gives what the stage shows of it. */
async function shown(name: string, title: string): Promise<Locator> {
  await studio.drop(name, films.get(name)!)
  await studio.assets.filter({ hasText: title }).waitFor(WORK)
  await studio.select(title)
  return host.page.locator(`.stage video[aria-label="Picture of ${title}"]`)
}

const sizeOf = async (video: Locator): Promise<number[]> => {
  await video.and(host.page.locator('[data-state="shown"]')).waitFor(WORK)
  return await video.evaluate((element) => {
    const { videoWidth, videoHeight } = element as unknown as Record<'videoWidth' | 'videoHeight', number>
    return [videoWidth, videoHeight]
  })
}

test('a turned film stands as the camera was held, one of odd size keeps every pixel', async () => {
  expect(await sizeOf(await shown('turned.mp4', 'turned'))).toEqual([180, 320])
  expect(await sizeOf(await shown('odd.webm', 'odd'))).toEqual([161, 91])
})

test('a film of one picture is as long as that picture, one at an uneven rate as long as it takes', async () => {
  expect(await sizeOf(await shown('single.mp4', 'single'))).toEqual([320, 180])
  expect(await sizeOf(await shown('uneven.mp4', 'uneven'))).toEqual([320, 180])
  const lengths = (await studio.timeline.clips()).map((clip) => [clip.track, clip.endSeconds - clip.startSeconds])
  const [single, uneven] = ['single', 'uneven'].map((title) => lengths.find(([track]) => track === title)![1] as number)
  expect(single).toBeGreaterThan(0.02)
  expect(single).toBeLessThan(0.05)
  expect(uneven).toBeGreaterThan(1.9)
  expect(uneven).toBeLessThan(2.01)
})

test('a file of nothing is refused and says so', async () => {
  await studio.drop('nothing.mp4', Buffer.alloc(0))
  await studio.notices.getByText('The file is empty.').waitFor(WORK)
  expect(await studio.assets.filter({ hasText: 'nothing' }).count()).toBe(0)
  expect(host.problems).toEqual([])
})
