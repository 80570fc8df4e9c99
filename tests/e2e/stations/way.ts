/** What the stations of the way through the studio share: one window, where the station before left it. */
import type { BrowserContext, Page } from 'playwright-core'
import type { expect } from 'vitest'
import type { StudioPage } from '../pages/studio.ts'

export interface Way {
  readonly page: Page
  readonly studio: StudioPage
  readonly eventually: typeof expect.poll
  readonly context: BrowserContext
  /** The folder of the engine, in which lies what was dropped. */
  readonly home: string
  /** How long the engine may work. */
  readonly work: { readonly timeout: number }
}
