/** What part of time the timeline shows. Outside React: it changes with every wheel event. */

export interface TimeWindow {
  readonly startSeconds: number
  readonly pixelsPerSecond: number
}

const LEAST_PIXELS_PER_SECOND = 0.02
/** Ten pixels a sample at 48 kHz. */
const MOST_PIXELS_PER_SECOND = 480_000

export class TimelineView {
  #window: TimeWindow = { startSeconds: 0, pixelsPerSecond: 40 }
  #extent: readonly [number, number] = [0, 0]
  #widthPixels = 1000
  #fitted = false
  readonly #listeners = new Set<() => void>()

  get window(): TimeWindow {
    return this.#window
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  xOf(seconds: number): number {
    return (seconds - this.#window.startSeconds) * this.#window.pixelsPerSecond
  }

  secondsAt(x: number): number {
    return this.#window.startSeconds + x / this.#window.pixelsPerSecond
  }

  setWidth(pixels: number): void {
    this.#widthPixels = Math.max(1, pixels)
    if (!this.#fitted) this.fit()
  }

  /** First and last moment of what is on the timeline. The first time there is something, it is all shown. */
  setExtent(startSeconds: number, endSeconds: number): void {
    const wasEmpty = this.#extent[1] - this.#extent[0] <= 0
    this.#extent = [startSeconds, endSeconds]
    if (wasEmpty || !this.#fitted) this.fit()
    else this.#set(this.#window)
  }

  fit(): void {
    const [start, end] = this.#extent
    const length = end - start
    if (length <= 0) return
    this.#fitted = true
    // A fifth of empty time stays behind the last clip.
    const pixelsPerSecond = this.#widthPixels / (length * 1.12)
    this.#set({ startSeconds: start - length * 0.02, pixelsPerSecond })
  }

  /** Zooms by a factor and keeps a moment where it is on screen. */
  zoomAround(seconds: number, factor: number): void {
    const pixelsPerSecond = Math.min(
      MOST_PIXELS_PER_SECOND,
      Math.max(LEAST_PIXELS_PER_SECOND, this.#window.pixelsPerSecond * factor),
    )
    const x = this.xOf(seconds)
    this.#set({ startSeconds: seconds - x / pixelsPerSecond, pixelsPerSecond })
  }

  scrollBy(pixels: number): void {
    this.#set({ ...this.#window, startSeconds: this.#window.startSeconds + pixels / this.#window.pixelsPerSecond })
  }

  /** Turns the page when the playhead leaves the window while playing. */
  follow(seconds: number): void {
    const x = this.xOf(seconds)
    if (x < 0 || x > this.#widthPixels)
      this.#set({ ...this.#window, startSeconds: seconds - (this.#widthPixels * 0.08) / this.#window.pixelsPerSecond })
  }

  #set(window: TimeWindow): void {
    const [start, end] = this.#extent
    const visible = this.#widthPixels / window.pixelsPerSecond
    const least = start - visible * 0.9
    const most = Math.max(least, end - visible * 0.1)
    this.#window = { ...window, startSeconds: Math.min(Math.max(window.startSeconds, least), most) }
    for (const listener of this.#listeners) listener()
  }
}

export const timelineView = new TimelineView()
