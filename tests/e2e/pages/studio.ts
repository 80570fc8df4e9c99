/** The window as a person sees it, whichever host carries it. */
import type { Locator, Page } from 'playwright-core'
import { TimelinePage } from './timeline.ts'

export type Workspace = 'Align' | 'Edit' | 'Stars' | 'Publish' | 'Ledger'

export class StudioPage {
  readonly page: Page
  readonly timeline: TimelinePage

  constructor(page: Page) {
    this.page = page
    this.timeline = new TimelinePage(page)
  }

  get library(): Locator {
    return this.page.getByRole('region', { name: 'Library' })
  }
  get assets(): Locator {
    return this.library.locator('.asset')
  }
  get video(): Locator {
    return this.page.locator('.stage video')
  }
  get world(): Locator {
    // A picture that lies over the world has a canvas of its own.
    return this.page.getByRole('group', { name: 'World' }).locator('canvas[data-engine]')
  }
  get notices(): Locator {
    return this.page.getByRole('region', { name: 'Notices' })
  }

  panel(name: Workspace | 'Inspector'): Locator {
    return this.page.getByRole('region', { name, exact: true })
  }

  async create(title: string): Promise<void> {
    await this.page.getByLabel('Title of the new project').fill(title)
    await this.page.getByRole('button', { name: 'Create' }).click()
    await this.page.waitForSelector('.studio')
  }

  /** Opens the project that was open last. */
  async reopen(): Promise<void> {
    await this.page.locator('.welcome__list button').first().click()
    await this.page.waitForSelector('.studio')
  }

  async show(workspace: Workspace): Promise<void> {
    await this.page.getByRole('tab', { name: workspace, exact: true }).click()
    await this.panel(workspace === 'Edit' ? 'Inspector' : workspace).waitFor()
  }

  /** Runs an action by its name, as a person without a mouse would. */
  async command(name: string): Promise<void> {
    await this.page.keyboard.press('Control+k')
    await this.page.getByPlaceholder('What do you want to do?').fill(name)
    await this.page.keyboard.press('Enter')
  }

  async undo(): Promise<void> {
    await this.page.getByRole('button', { name: /^Undo/ }).click()
  }
  async redo(): Promise<void> {
    await this.page.getByRole('button', { name: /^Redo/ }).click()
  }

  async select(title: string): Promise<void> {
    await this.assets.filter({ hasText: title }).click()
  }

  /** Drops a file on the window the way the desktop does. */
  async drop(name: string, bytes: Buffer): Promise<void> {
    const data = await this.page.evaluateHandle(
      ([fileName, base64]) => {
        const browser = globalThis as unknown as {
          DataTransfer: new () => { items: { add(file: File): void } }
        }
        const transfer = new browser.DataTransfer()
        transfer.items.add(new File([Uint8Array.from(atob(base64!), (c) => c.charCodeAt(0))], fileName!))
        return transfer
      },
      [name, bytes.toString('base64')],
    )
    for (const type of ['dragenter', 'dragover', 'drop'])
      await this.page.locator('.studio').dispatchEvent(type, { dataTransfer: data })
  }

  /** Where the picture stands in its recording, seconds. */
  async videoTime(): Promise<number> {
    return await this.video.evaluate((element) => (element as unknown as { currentTime: number }).currentTime)
  }

  async playingSounds(): Promise<number> {
    return await this.page.locator('.stage audio').count()
  }
}
