/** What the window holds while somebody works on a two-hour take for half an hour. */
import { writeFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Engine } from '../../../electron/engine/engine.ts'
import { runJob } from '../../../shared/contract/client.ts'
import { hasEnded } from '../../../shared/contract/jobs.ts'
import { H264, makeClip, noise, picture } from '../../fixtures/media/clips.ts'
import { median } from './statistics.ts'

type Print = (line: string) => void

const TAKE_SECONDS = 2 * 3600
const IMU_HZ = 50
const WORK_MINUTES = 30
const LOOKS = 10
/** A take of two hours is read, drawn and shown in a smaller version. */
const DERIVED_WITHIN_MILLISECONDS = 20 * 60_000

interface Held {
  readonly megabytes: number
  readonly nodes: number
  readonly listeners: number
}

/** Film, sound and motion of two hours. */
async function makeTake(folder: string): Promise<string[]> {
  const codecs = [...H264, '-g', '100', '-c:a', 'aac', '-b:a', '32k', '-shortest']
  const minute = await makeClip(folder, 'minute.mp4', ...picture('320x180', '10', 60), ...noise(60, 16_000), ...codecs)
  const turns = ['-stream_loop', String(TAKE_SECONDS / 60 - 1), '-i', minute, '-c', 'copy']
  const film = await makeClip(folder, 'take.mp4', ...turns)
  const rows = Array.from({ length: TAKE_SECONDS * IMU_HZ }, (_, n) => {
    const seconds = n / IMU_HZ
    const at = (rate: number): string => Math.sin(seconds * rate).toFixed(4)
    return `${seconds.toFixed(3)},${at(1.1)},${at(0.7)},9.81,${at(2.3)},${at(1.9)},${at(0.3)}`
  })
  const motion = join(folder, 'motion.csv')
  await writeFile(motion, `time_s,acc_x,acc_y,acc_z,gyro_x,gyro_y,gyro_z\n${rows.join('\n')}\n`)
  return [film, motion]
}

/** One round of what people do: looking about, playing fast, cutting, trimming, taking back, coming closer, other workspaces. */
async function workFor(page: Page, seconds: number): Promise<number> {
  const end = Date.now() + seconds * 1000
  const canvas = (await page.locator('canvas.timeline__canvas').boundingBox())!
  let gestures = 0
  for (let round = 0; Date.now() < end; round++) {
    await page
      .getByRole('tab', { name: ['Align', 'Edit', 'Stars', 'Publish', 'Edit'][round % 5]!, exact: true })
      .click()
    for (let n = 0; n < 8; n++) {
      await page.mouse.click(canvas.x + canvas.width * (0.1 + 0.8 * ((n * 3 + round) % 8) * 0.125), canvas.y + 8)
      for (const key of ['Shift+s', 'w', 'm', 'Control+z', 'Control+z', 'Control+z', '=', '=']) {
        await page.keyboard.press(key)
        gestures++
      }
    }
    for (const key of ['0', 'l', 'l', 'l']) await page.keyboard.press(key)
    await page.waitForTimeout(2000)
    await page.keyboard.press('k')
    await page.locator('.topbar__project[aria-busy="false"]').waitFor()
  }
  return gestures
}

export async function heapOverALongTake(print: Print, page: Page, engine: Engine, origin: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'asterism-bench-heap-'))
  try {
    const files = await makeTake(folder)
    await engine.client.projects.close()
    await engine.client.projects.create({ title: 'Two hours' })
    await page.goto(origin)
    await page.waitForSelector('.studio')
    await runJob(engine.client, 'import', { files: files.map((path) => engine.grantFile(path)) })
    await page.locator('.stage video[data-state="shown"]').waitFor({ timeout: DERIVED_WITHIN_MILLISECONDS })
    while ((await engine.client.jobs.list()).some((job) => !hasEnded(job))) await page.waitForTimeout(500)
    const devtools = await page.context().newCDPSession(page)
    const look = async (): Promise<Held> => {
      await devtools.send('HeapProfiler.collectGarbage')
      const { usedSize } = await devtools.send('Runtime.getHeapUsage')
      const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters')
      return { megabytes: usedSize / 1e6, nodes, listeners: jsEventListeners }
    }
    await workFor(page, 20)
    const looks = [await look()]
    let gestures = 0
    for (let n = 0; n < LOOKS; n++) {
      gestures += await workFor(page, (WORK_MINUTES * 60) / LOOKS)
      looks.push(await look())
    }
    const third = Math.floor(looks.length / 3)
    const [early, late] = [looks.slice(0, third), looks.slice(-third)].map((part) =>
      median(part.map(({ megabytes }) => megabytes)),
    )
    print(
      `window: heap over ${WORK_MINUTES} minutes of ${gestures} gestures on a take of ${TAKE_SECONDS / 3600} hours: ${looks.map(({ megabytes }) => megabytes.toFixed(1)).join(', ')} MB; the last third ${(late! / early!).toFixed(2)} of the first (reference ${early!.toFixed(1)} MB); nodes ${looks[0]!.nodes} to ${looks.at(-1)!.nodes}, listeners ${looks[0]!.listeners} to ${looks.at(-1)!.listeners}`,
    )
    await devtools.detach()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
