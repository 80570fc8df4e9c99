/**
 * Clips too small to show what is in them, all those of a track in two drawings: a line of one pixel a column, drawn out
 * to the height of the track. A rectangle each, of which a wide timeline has thousands, costs twenty times as much.
 */
import type { Clip, Track } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { drawnSpan } from './clip-hits.ts'
import type { Palette } from './palette.ts'
import type { TimelineView } from './view-state.ts'

/** Clips too narrow to show anything of themselves: in one colour, however many lie in a pixel. */
const NARROW_PIXELS = 5
/** Clips that show their body and where they end, and nothing of what is in them. */
const SMALL_PIXELS = 18
/** Opacity of what is too narrow for a body, of 255. */
const NARROW_OPACITY = 153

export interface StripScene {
  readonly view: TimelineView
  readonly palette: Palette
  readonly width: number
  readonly selectedClipIds: ReadonlySet<string>
}

/** Whether a clip has room for more than its body. */
export function leastShownTicks(view: TimelineView): number {
  return ticksFromSeconds(SMALL_PIXELS / view.window.pixelsPerSecond)
}

/** Whole pixels of the canvas. */
export type Columns = readonly [left: number, right: number]

let scratch: CanvasRenderingContext2D | null = null

/** A canvas of its own, two lines high: what is between the edges of the track, and the edges above and below. */
function scratchOf(width: number): CanvasRenderingContext2D | null {
  if (scratch && scratch.canvas.width >= width) return scratch
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = 2
  scratch = canvas.getContext('2d')
  return scratch
}

/** Draws those of the clips that are small, between two columns; the others are left to be drawn in full. */
export function drawSmallClips(
  context: CanvasRenderingContext2D,
  scene: StripScene,
  track: Track,
  clips: readonly Clip[],
  [left, right]: Columns,
  top: number,
  height: number,
): void {
  const width = Math.ceil(right) - left
  const least = leastShownTicks(scene.view)
  const small = clips.filter((clip) => clip.durationTicks < least)
  const strip = small.length > 0 && width > 0 ? scratchOf(width) : null
  if (!strip) return
  const image = strip.createImageData(width, 2)
  const pixels = new Uint32Array(image.data.buffer)
  fillColumns(pixels, left, width, scene, track, small)
  strip.putImageData(image, 0, 0)
  context.imageSmoothingEnabled = false
  context.globalAlpha = track.muted ? 0.4 : 1
  context.drawImage(strip.canvas, 0, 0, width, 1, left, top + 1, width, height - 2)
  for (const y of [top, top + height - 1]) context.drawImage(strip.canvas, 0, 1, width, 1, left, y, width, 1)
  context.globalAlpha = 1
  context.imageSmoothingEnabled = true
}

function fillColumns(
  pixels: Uint32Array,
  first: number,
  width: number,
  { view, palette, selectedClipIds }: StripScene,
  track: Track,
  clips: readonly Clip[],
): void {
  const narrow = ticksFromSeconds(NARROW_PIXELS / view.window.pixelsPerSecond)
  const [own, chosen, body] = [palette.sensor(track.sensor), palette.text, palette.body(track.sensor)].map((color) =>
    palette.pixel(color),
  ) as [number, number, number]
  // The opacity is the highest byte on the little-endian machines that there are.
  const faint = ((own & 0xff_ff_ff) | (NARROW_OPACITY << 24)) >>> 0
  let drawnTo = -Infinity
  for (const [n, clip] of clips.entries()) {
    const next = clips[n + 1]
    const isSelected = selectedClipIds.has(clip.id)
    const isNarrow = clip.durationTicks < narrow
    const [begin, end] = drawnSpan(view, clip, next?.startTicks)
    // A pixel is left before the next one, to show that it is another; every clip has one, or shares it.
    const free = next ? Math.round(view.xOf(secondsFromTicks(next.startTicks))) - 1 : Infinity
    const left = Math.max(begin, drawnTo)
    const right = isNarrow ? Math.max(Math.min(end, free), begin + 1) : end
    if (right <= left) continue
    drawnTo = right
    const [from, to] = [Math.max(0, left - first), Math.min(width, right - first)]
    if (from >= to) continue
    const edge = isSelected ? chosen : isNarrow ? faint : own
    pixels.fill(edge, from, to)
    pixels.fill(edge, width + from, width + to)
    const rim = isSelected ? 2 : 1
    if (!isNarrow && left + rim < right - rim)
      pixels.fill(body, Math.max(0, left + rim - first), Math.max(0, Math.min(width, right - rim - first)))
  }
}
