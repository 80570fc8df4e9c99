/** The content of a clip: pictures, waveform, motion curve. Drawn from fetched data; nothing here waits. */
import { amplitudeAt, isAsRecorded } from '../../../shared/document/clip-sound.ts'
import type { Clip, Track } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import type { Deriving } from '../state/jobs-store.ts'
import { loadedMotion } from '../state/motion.ts'
import { loadedPeaks } from '../state/peaks.ts'
import { loadedImage } from '../state/sheet-images.ts'
import { loadedThumbnails } from '../state/thumbnails.ts'
import type { Palette } from './palette.ts'

export interface ClipBox {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly height: number
  /** What of it is on screen. */
  readonly visibleLeft: number
  readonly visibleRight: number
}

export function drawClipContent(
  context: CanvasRenderingContext2D,
  track: Track,
  clip: Clip,
  box: ClipBox,
  pixelsPerSecond: number,
  palette: Palette,
): void {
  const sourceStart = secondsFromTicks(clip.sourceStartTicks)
  const sourceAt = (x: number): number => sourceStart + (x - box.left) / pixelsPerSecond
  if (track.sensor === 'video') drawPictures(context, clip, box, sourceAt)
  else if (track.sensor === 'audio')
    drawWaveform(context, clip, box, sourceAt, pixelsPerSecond, palette.sensor('audio'))
  else drawMotion(context, clip, box, sourceAt, palette.sensor(track.sensor))
}

/** Why a waveform is missing: it is being computed, or the job stopped. */
export function waveformState(
  { sensor }: Pick<Track, 'sensor'>,
  { assetId, streamId }: Pick<Clip, 'assetId' | 'streamId'>,
  deriving: ReadonlyMap<string, Deriving>,
): 'reading' | 'unread' | null {
  if (sensor !== 'audio' || loadedPeaks(streamId) !== null) return null
  const state = deriving.get(assetId)
  return state === 'making' ? 'reading' : state === 'stopped' ? 'unread' : null
}

function drawPictures(
  context: CanvasRenderingContext2D,
  clip: Clip,
  box: ClipBox,
  sourceAt: (x: number) => number,
): void {
  const sheet = loadedThumbnails(clip.assetId)
  if (!sheet) return
  const first = sheet.tileAt(sourceAt(box.left))
  const width = (box.height * first.width) / first.height
  const start = box.left + Math.floor((box.visibleLeft - box.left) / width) * width
  for (let x = start; x < box.visibleRight; x += width) {
    const tile = sheet.tileAt(sourceAt(x + width / 2))
    const image = loadedImage(tile.url)
    if (image) context.drawImage(image, tile.x, tile.y, tile.width, tile.height, x, box.top, width, box.height)
  }
}

function drawWaveform(
  context: CanvasRenderingContext2D,
  clip: Clip,
  box: ClipBox,
  sourceAt: (x: number) => number,
  pixelsPerSecond: number,
  color: string,
): void {
  const peaks = loadedPeaks(clip.streamId)
  const middle = box.top + box.height / 2
  if (!peaks) {
    drawUnknown(context, box, middle, color)
    return
  }
  const half = box.height / 2 - 2
  const plain = isAsRecorded(clip)
  context.fillStyle = color
  context.beginPath()
  for (let x = Math.floor(box.visibleLeft); x < box.visibleRight; x++) {
    const [least, most] = peaks.between(sourceAt(x), sourceAt(x + 1))
    const loudness = plain ? 1 : amplitudeAt(clip, ticksFromSeconds((x + 0.5 - box.left) / pixelsPerSecond))
    // Samples too loud for the row are clipped at its edges.
    const top = Math.min(1, most * loudness)
    const bottom = Math.max(-1, least * loudness)
    context.rect(x, middle - top * half, 1, Math.max(1, (top - bottom) * half))
  }
  context.fill()
}

/** Unknown sound is a dashed line; silence is a solid one. */
function drawUnknown(context: CanvasRenderingContext2D, box: ClipBox, middle: number, color: string): void {
  context.strokeStyle = color
  context.lineWidth = 1
  context.setLineDash([2, 6])
  context.beginPath()
  context.moveTo(box.visibleLeft, middle)
  context.lineTo(box.visibleRight, middle)
  context.stroke()
  context.setLineDash([])
}

function drawMotion(
  context: CanvasRenderingContext2D,
  clip: Clip,
  box: ClipBox,
  sourceAt: (x: number) => number,
  color: string,
): void {
  const motion = loadedMotion(clip.streamId)
  if (!motion) return
  context.strokeStyle = color
  context.lineWidth = 1.2
  context.beginPath()
  const bottom = box.top + box.height - 3
  for (let x = Math.floor(box.visibleLeft); x < box.visibleRight; x += 1) {
    const y = bottom - motion.at(sourceAt(x)) * (box.height - 6)
    if (x === Math.floor(box.visibleLeft)) context.moveTo(x, y)
    else context.lineTo(x, y)
  }
  context.stroke()
}
