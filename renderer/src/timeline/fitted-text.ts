/** Names on the canvas where there is no room for all of them: letters keep their shape, and the end of a name stays. */

/** What tells "Camera left" from "Camera right". */
const END = 7
/** A frame writes the same few names hundreds of times. */
const MOST_KEPT = 2000
const widths = new Map<string, number>()
// What was measured before the letters of the window were there is measured anew.
globalThis.document?.fonts?.addEventListener('loadingdone', () => widths.clear())

/** What measures, with the font that it has in hand: a canvas tells its own only after working it out. */
export interface Pen {
  readonly context: { measureText(text: string): { readonly width: number } }
  readonly font: string
}

/** Pixels of a text. */
export function widthOf({ context, font }: Pen, text: string): number {
  const key = `${font} ${text}`
  let width = widths.get(key)
  if (width === undefined) {
    if (widths.size >= MOST_KEPT) widths.clear()
    width = context.measureText(text).width
    widths.set(key, width)
  }
  return width
}

/**
 * As much of a name as there is room for, cut in its middle; in its end where that is all there is room for.
 *
 * @param room pixels
 */
export function fittedText(pen: Pen, text: string, room: number): string {
  const whole = widthOf(pen, text)
  if (whole <= room) return text
  // About as many letters as fit, and fewer until they do.
  for (let kept = Math.floor((text.length * room) / whole); kept > 0; kept--) {
    const end = kept >= 2 * END ? text.slice(-END) : ''
    const shown = `${text.slice(0, kept - end.length).trimEnd()}…${end.trimStart()}`
    if (widthOf(pen, shown) <= room) return shown
  }
  return '…'
}
