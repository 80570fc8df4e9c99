/** The visible range of the timeline. Outside React, because it changes with every wheel event. */

export interface TimeWindow {
  readonly startSeconds: number
  readonly pixelsPerSecond: number
}

const LEAST_PIXELS_PER_SECOND = 0.02
/** Ten pixels a sample at 48 kHz. */
const MOST_PIXELS_PER_SECOND = 480_000
/** What is shown of a marker that has no length. */
const LEAST_SPAN_SECONDS = 0.5

const within = (pixelsPerSecond: number): number =>
  Math.min(MOST_PIXELS_PER_SECOND, Math.max(LEAST_PIXELS_PER_SECOND, pixelsPerSecond))

/** Share of the view that lies between its edge and the playhead once it turned a page. */
const PAGE_MARGIN = 0.08

export class TimelineView {
  #window: TimeWindow = { startSeconds: 0, pixelsPerSecond: 40 }
  #extent: readonly [number, number] = [0, 0]
  #widthPixels = 1000
  /** True until the person zooms or scrolls: then everything is shown, however much it comes to be. */
  #showsAll = true
  readonly #listeners = new Set<() => void>()

  get window(): TimeWindow {
    return this.#window
  }

  get showsAll(): boolean {
    return this.#showsAll
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
    if (this.#showsAll) this.fit()
  }

  /** First and last moment of what is on the timeline. */
  setExtent(startSeconds: number, endSeconds: number): void {
    const wasEmpty = this.#extent[1] - this.#extent[0] <= 0
    this.#extent = [startSeconds, endSeconds]
    const outside = this.xOf(startSeconds) < 0 || this.xOf(endSeconds) > this.#widthPixels
    // What is all on screen stays where it is: a drag must not end with everything somewhere else.
    if (this.#showsAll && (wasEmpty || outside)) this.fit()
    else this.#set(this.#window)
  }

  fit(): void {
    this.#showsAll = true
    const [start, end] = this.#extent
    const length = end - start
    if (length <= 0) return
    // Room at both ends to take hold of the first and last edge.
    const pixelsPerSecond = this.#widthPixels / (length * 1.1)
    this.#set({ startSeconds: start - length * 0.03, pixelsPerSecond })
  }

  /** Zooms by a factor and keeps a moment where it is on screen. */
  zoomAround(seconds: number, factor: number): void {
    const pixelsPerSecond = within(this.#window.pixelsPerSecond * factor)
    const x = this.xOf(seconds)
    this.#showsAll = false
    this.#set({ startSeconds: seconds - x / pixelsPerSecond, pixelsPerSecond })
  }

  /** Shows a span from end to end with room at both; of a moment, what lies around it. */
  showSpan(startSeconds: number, endSeconds: number): void {
    const length = Math.max(endSeconds - startSeconds, LEAST_SPAN_SECONDS)
    const middle = (startSeconds + endSeconds) / 2
    const pixelsPerSecond = within(this.#widthPixels / (length * 1.2))
    this.#showsAll = false
    this.#set({ startSeconds: middle - this.#widthPixels / pixelsPerSecond / 2, pixelsPerSecond })
  }

  scrollBy(pixels: number): void {
    this.#showsAll = false
    this.#set({ ...this.#window, startSeconds: this.#window.startSeconds + pixels / this.#window.pixelsPerSecond })
  }

  /** Scrolls as little as needed to show the start of a span. */
  reveal(startSeconds: number, endSeconds: number): void {
    const { pixelsPerSecond } = this.#window
    const [left, right] = [this.xOf(startSeconds), this.xOf(endSeconds)]
    if ((left >= 0 && left < this.#widthPixels * 0.9) || (left < 0 && right > this.#widthPixels)) return
    this.#set({ ...this.#window, startSeconds: startSeconds - (this.#widthPixels * 0.08) / pixelsPerSecond })
  }

  /** Shows exactly what a window kept from an earlier time shows. */
  restore(window: TimeWindow): void {
    this.#showsAll = false
    this.#extent = [window.startSeconds, window.startSeconds + this.#widthPixels / window.pixelsPerSecond]
    this.#set(window)
  }

  /** The next document is shown from its beginning to its end. */
  forget(): void {
    this.#showsAll = true
    this.#extent = [0, 0]
  }

  /**
   * Scrolls where the playhead has left the view: by a page on or back where it is beside it, else it stands in the middle
   * of what is shown. What lies before the beginning is no page.
   */
  follow(seconds: number): void {
    const x = this.xOf(seconds)
    const width = this.#widthPixels
    if (x >= 0 && x <= width) return
    const place = x < -width || x > 2 * width ? 0.5 : x < 0 ? 1 - PAGE_MARGIN : PAGE_MARGIN
    const visible = width / this.#window.pixelsPerSecond
    const earliest = Math.min(seconds, this.#extent[0]) - visible * PAGE_MARGIN
    this.#set({ ...this.#window, startSeconds: Math.max(seconds - visible * place, earliest) })
  }

  #set(window: TimeWindow): void {
    const [start, end] = this.#extent
    const visible = this.#widthPixels / window.pixelsPerSecond
    const least = start - visible * 0.9
    const most = Math.max(least, end - visible * 0.1)
    const startSeconds = Math.min(Math.max(window.startSeconds, least), most)
    const { pixelsPerSecond } = window
    // The same part of time is the same window: what is drawn by it is not drawn anew.
    if (startSeconds === this.#window.startSeconds && pixelsPerSecond === this.#window.pixelsPerSecond) return
    this.#window = { startSeconds, pixelsPerSecond }
    for (const listener of this.#listeners) listener()
  }
}

export const timelineView = new TimelineView()
