/** The timeline canvas, driven by pointer and keys and read through what it says to screen readers. */
import type { Locator, Page } from 'playwright-core'

export interface ClipText {
  readonly track: string
  readonly sensor: string
  readonly startSeconds: number
  readonly endSeconds: number
}

const CLIP = /^(.*), (\w+), ([−\d:.]+) to ([−\d:.]+)$/

function secondsOf(clock: string): number {
  const [hours, minutes, seconds] = clock.replace('−', '').split(':').map(Number)
  return (clock.startsWith('−') ? -1 : 1) * (hours! * 3600 + minutes! * 60 + seconds!)
}

/** Where moments are on screen. */
interface Scale {
  /** On screen, pixels. */
  readonly x: number
  readonly seconds: number
  readonly pixelsPerSecond: number
}

/** A press lies on a whole pixel. */
const NEAR_PIXELS = 1.5

export class TimelinePage {
  readonly page: Page
  /** As it was found last: one press tells whether it still holds. */
  #scale: Scale | null = null

  constructor(page: Page) {
    this.page = page
  }

  get root(): Locator {
    return this.page.getByRole('region', { name: 'Timeline' })
  }
  get canvas(): Locator {
    return this.root.locator('canvas')
  }
  /** What was announced of the selection. */
  get announced(): Locator {
    return this.root.locator('[aria-live="polite"]')
  }

  /** What was announced of the last gesture. */
  get done(): Locator {
    return this.root.locator('.timeline__done')
  }

  /** The playhead in seconds, once the window has painted what was done last. */
  async playhead(): Promise<number> {
    await this.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    const text = await this.root.getByLabel('Playhead').locator('span').textContent()
    return Number.parseFloat((text ?? '').replace('−', '-'))
  }

  /** The clips as they are told, once that is up with what was done last. */
  async clips(): Promise<ClipText[]> {
    await this.root.locator('[aria-busy="false"]').waitFor({ state: 'attached' })
    const texts = await this.root.getByRole('list', { name: 'Clips' }).getByRole('button').allTextContents()
    return texts.map((text) => {
      const [, track, sensor, start, end] = CLIP.exec(text.trim())!
      return { track: track!, sensor: sensor!, startSeconds: secondsOf(start!), endSeconds: secondsOf(end!) }
    })
  }

  async clipsOf(track: string, sensor: string): Promise<ClipText[]> {
    return (await this.clips()).filter((clip) => clip.track === track && clip.sensor === sensor)
  }

  /** Presses on the ruler; whether the playhead is then where it should be by what is known of the scale. */
  async #holds(x: number): Promise<boolean> {
    const box = (await this.canvas.boundingBox())!
    await this.page.mouse.click(x, box.y + 8)
    const scale = this.#scale!
    const isAt = await this.playhead()
    return Math.abs(scale.seconds + (x - scale.x) / scale.pixelsPerSecond - isAt) * scale.pixelsPerSecond < NEAR_PIXELS
  }

  /** Where a moment is on screen, found by pressing on the ruler: no inner number is asked for. */
  async scale(): Promise<(seconds: number) => number> {
    const box = (await this.canvas.boundingBox())!
    const places = [box.x + box.width * 0.2, box.x + box.width * 0.7]
    if (!this.#scale || !(await this.#holds(places[1]!))) {
      const times: number[] = []
      for (const x of places) {
        await this.page.mouse.click(x, box.y + 8)
        times.push(await this.playhead())
      }
      const pixelsPerSecond = (places[1]! - places[0]!) / (times[1]! - times[0]!)
      this.#scale = { x: places[0]!, seconds: times[0]!, pixelsPerSecond }
    }
    const { x, seconds: from, pixelsPerSecond } = this.#scale
    return (seconds) => x + (seconds - from) * pixelsPerSecond
  }

  async seek(seconds: number): Promise<void> {
    const box = (await this.canvas.boundingBox())!
    const known = this.#scale && this.#scale.x + (seconds - this.#scale.seconds) * this.#scale.pixelsPerSecond
    if (known && known > box.x && known < box.x + box.width && (await this.#holds(known))) return
    const at = await this.scale()
    await this.page.mouse.click(at(seconds), box.y + 8)
  }

  /** The middle of a track on screen. */
  async trackY(track: string, sensor: string): Promise<number> {
    const box = (await this.root
      .locator('.headers__row', { has: this.page.locator(`.sensor--${sensor}`, { hasText: track }) })
      .boundingBox())!
    return box.y + box.height / 2
  }

  async press(track: string, sensor: string, seconds: number): Promise<void> {
    const at = await this.scale()
    await this.page.mouse.click(at(seconds), await this.trackY(track, sensor))
  }

  async drag(track: string, sensor: string, fromSeconds: number, bySeconds: number): Promise<void> {
    const at = await this.scale()
    const y = await this.trackY(track, sensor)
    await this.page.mouse.move(at(fromSeconds), y)
    await this.page.mouse.down()
    await this.page.mouse.move(at(fromSeconds + bySeconds / 2), y, { steps: 4 })
    await this.page.mouse.move(at(fromSeconds + bySeconds), y, { steps: 4 })
    await this.page.mouse.up()
  }

  button(name: string | RegExp): Locator {
    return this.root.getByRole('button', { name })
  }
}
