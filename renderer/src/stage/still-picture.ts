/**
 * Shows the exact picture of a moment over a film that stands still, while the browser is still on its way there. Only
 * for films that a browser is slow to seek: the first slow seek tells.
 */
import { wakeFrames } from '../state/frames.ts'
import type { ExactPictures } from './exact-pictures.ts'
import type { Wanted } from './media-follower.ts'
import { drawUpright } from './upright.ts'

const SLOW_MILLISECONDS = 90
/** Once nothing else was asked for: the film itself is brought there, so that it can play on. */
const SETTLED_MILLISECONDS = 250
const THERE_SECONDS = 0.004

export class StillPicture {
  readonly #video: HTMLVideoElement
  readonly #canvas: HTMLCanvasElement
  readonly #url: string
  readonly #ending = new AbortController()
  /** Null until a seek was slow, and where the film cannot be decoded this way. */
  #pictures: ExactPictures | null = null
  #isAsked = false
  #wanted: number | null = null
  #mayFollow = true
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(video: HTMLVideoElement, canvas: HTMLCanvasElement, url: string) {
    this.#video = video
    this.#canvas = canvas
    this.#url = url
    let began = 0
    const { signal } = this.#ending
    video.addEventListener('seeking', () => (began = performance.now()), { signal })
    video.addEventListener(
      'seeked',
      () => {
        if (performance.now() - began > SLOW_MILLISECONDS) void this.#open()
        if (this.#wanted !== null) void this.#pictures?.goOn()
      },
      { signal },
    )
  }

  dispose(): void {
    this.#ending.abort()
    clearTimeout(this.#timer)
    this.#pictures?.close()
    this.#pictures = null
  }

  /**
   * Called every frame.
   * @param wanted where the film should stand; null while it plays or has nothing to show
   * @returns whether the film itself may be brought there now
   */
  follow(wanted: Wanted | null): boolean {
    if (!wanted || !this.#pictures) {
      if (!wanted) this.#pictures?.rest()
      this.#wanted = null
      this.#show(null)
      return true
    }
    const { seconds } = wanted
    const isThere = !this.#video.seeking && Math.abs(this.#video.currentTime - seconds) <= THERE_SECONDS
    if (isThere && this.#video.readyState >= 2) this.#show(null)
    if (seconds !== this.#wanted) {
      this.#wanted = seconds
      this.#mayFollow = false
      clearTimeout(this.#timer)
      if (!isThere) void this.#draw(seconds, this.#pictures)
    }
    return this.#mayFollow
  }

  async #open(): Promise<void> {
    if (this.#isAsked) return
    this.#isAsked = true
    // Most films never need it.
    const { ExactPictures } = await import('./exact-pictures.ts')
    const pictures = await ExactPictures.open(this.#url).catch(() => null) // the browser's own seek is shown, later
    if (this.#ending.signal.aborted) pictures?.close()
    else this.#pictures = pictures
    // Where it was sought so slowly is where the person looks around next.
    await this.#pictures?.goOn(this.#video.currentTime)
  }

  async #draw(seconds: number, pictures: ExactPictures): Promise<void> {
    const frame = await pictures.at(seconds).catch(() => null)
    if (this.#wanted === null || this.#ending.signal.aborted) return
    if (frame) {
      drawUpright(this.#canvas, frame, pictures)
      this.#show(frame.timestamp / 1e6)
    }
    if (this.#wanted !== seconds) return
    const release = (): void => {
      this.#mayFollow = true
      wakeFrames()
    }
    if (frame) this.#timer = setTimeout(release, SETTLED_MILLISECONDS)
    else release()
  }

  #show(atSeconds: number | null): void {
    const said = atSeconds === null ? undefined : String(atSeconds)
    if (this.#canvas.dataset['seconds'] === said) return
    if (said === undefined) delete this.#canvas.dataset['seconds']
    else this.#canvas.dataset['seconds'] = said
  }
}
