/** Dragging to the edge of the timeline scrolls it, faster the farther the pointer is beyond. */

/** Scrolling starts this close to the edge: at the edge of a screen the pointer gets no farther. */
const EDGE_PIXELS = 4
const PIXELS_A_SECOND_PER_PIXEL = 25
const MOST_PIXELS_A_SECOND = 1500
/** A late frame must not scroll far. */
const LONGEST_FRAME_SECONDS = 0.05
/** A quick throw to the edge means the edge, not a scroll. */
const BEGINS_AFTER_MILLISECONDS = 400

/** @returns pixels a second, below 0 towards the beginning; 0 between the edges */
export function edgeSpeed(at: number, from: number, to: number): number {
  const beyond = at < from + EDGE_PIXELS ? at - from - EDGE_PIXELS : Math.max(0, at - to + EDGE_PIXELS)
  const speed = beyond * PIXELS_A_SECOND_PER_PIXEL
  return Math.max(-MOST_PIXELS_A_SECOND, Math.min(MOST_PIXELS_A_SECOND, speed))
}

/** The time from one frame to the next while something is held at the edge. */
export class ScrollClock {
  #since: number | null = null
  #last = 0

  /** @returns for how many seconds to scroll in this frame: none where it only just came to the edge */
  tick(atMilliseconds: number): number {
    this.#since ??= atMilliseconds
    const passed = (atMilliseconds - this.#last) / 1000
    this.#last = atMilliseconds
    return atMilliseconds - this.#since < BEGINS_AFTER_MILLISECONDS ? 0 : Math.min(passed, LONGEST_FRAME_SECONDS)
  }

  stop(): void {
    this.#since = null
  }
}
