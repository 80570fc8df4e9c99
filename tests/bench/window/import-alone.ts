/** A project with one recording, as the window shows it. */
import type { Page } from 'playwright-core'
import type { Engine } from '../../../electron/engine/engine.ts'
import { runJob } from '../../../shared/contract/client.ts'
import { hasEnded } from '../../../shared/contract/jobs.ts'

export async function importAlone(
  page: Page,
  engine: Engine,
  origin: string,
  path: string,
  title: string,
): Promise<void> {
  await engine.client.projects.close()
  await engine.client.projects.create({ title })
  await page.goto(origin)
  await page.waitForSelector('.studio')
  await runJob(engine.client, 'import', { files: [engine.grantFile(path)] })
}

/** Waits until what is made of recordings in the background is there. */
export async function allMade(page: Page, engine: Engine): Promise<void> {
  while ((await engine.client.jobs.list()).some((job) => !hasEnded(job))) await page.waitForTimeout(100)
}
