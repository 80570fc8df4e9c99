/** The meaning of a wheel, or of two fingers on a trackpad, on the timeline. */

/** Browsers that count lines, as some mice have it. */
const LINE_PIXELS = 16
const ZOOM_PER_PIXEL = 0.0022
/** Two fingers tell of a pinch in pixels by ones and twos, a wheel of a notch in a hundred. */
const PINCH_PER_PIXEL = 0.008
const MOST_OF_A_PINCH = 0.09

export interface WheelMeaning {
  /** By what it zooms, around the pointer; 1: it does not. */
  readonly zoom: number
  /** Pixels. */
  readonly sideways: number
  readonly down: number
}

type Turned = Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** @param canGoDown whether there are more tracks than fit: where there are not, a plain wheel goes along time */
export function wheelMeaning(event: Turned, canGoDown: boolean): WheelMeaning {
  const scale = event.deltaMode === 0 ? 1 : LINE_PIXELS
  const [x, y] = [event.deltaX * scale, event.deltaY * scale]
  if (event.ctrlKey || event.metaKey || event.altKey) {
    // With Alt held some systems turn a wheel sideways.
    const by = y === 0 ? x : y
    const size = Math.max(Math.abs(by) * ZOOM_PER_PIXEL, Math.min(Math.abs(by) * PINCH_PER_PIXEL, MOST_OF_A_PINCH))
    return { zoom: Math.exp(-Math.sign(by) * size), sideways: 0, down: 0 }
  }
  if (event.shiftKey) return { zoom: 1, sideways: x === 0 ? y : x, down: 0 }
  if (canGoDown) return { zoom: 1, sideways: x, down: y }
  return { zoom: 1, sideways: Math.abs(x) >= Math.abs(y) ? x : y, down: 0 }
}
