/** Draws the timeline. Only visible parts are visited, so the cost does not grow with the project. */
import type { Clip, Track } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { t } from '../i18n/text.ts'
import { drawSmallClips, leastShownTicks, type Columns } from './clip-strips.ts'
import { drawClipContent, waveformState, type ClipBox } from './draw-content.ts'
import { drawJoints } from './draw-joints.ts'
import { drawMarkers, drawRange } from './draw-marks.ts'
import { drawSpans } from './draw-spans.ts'
import { fittedText, widthOf } from './fitted-text.ts'
import { LEAST_PIXELS } from './clip-hits.ts'
import type { Palette } from './palette.ts'
import { captionsWithin, clipsWithin, clipTitle, RULER_HEIGHT, type Row, type StarsRow } from './rows.ts'
import { rulerMark, rulerStep } from './ruler.ts'
import type { RowChange, Scene, TickSpan } from './scene.ts'

/** Everything except the playhead, which is a separate layer. */
export function drawTimeline(context: CanvasRenderingContext2D, scene: Scene): void {
  const { palette, width, height } = scene
  context.save()
  context.beginPath()
  context.rect(0, RULER_HEIGHT, width, height - RULER_HEIGHT)
  context.clip()
  context.fillStyle = palette.bg
  context.fillRect(0, 0, width, height)
  for (const row of scene.model.rows) drawRow(context, scene, row, [0, width])
  drawRange(context, scene)
  context.restore()
  drawRuler(context, scene)
  drawMarkers(context, scene)
}

/** Redraws the changed parts of some rows over the same scene. */
export function drawRows(context: CanvasRenderingContext2D, scene: Scene, changes: readonly RowChange[]): void {
  const bands: Band[] = []
  for (const { row, span } of changes) {
    const top = Math.max(RULER_HEIGHT, RULER_HEIGHT + row.top - scene.scrollTop)
    const bottom = RULER_HEIGHT + row.top - scene.scrollTop + row.height
    const [left, right] = span ? columnsOf(scene, span) : [0, scene.width]
    const last = bands.at(-1)
    // What lies one below the other is one: cutting off at many places costs more than what is drawn.
    if (last?.left === left && last.right === right && last.bottom === top) last.bottom = bottom
    else bands.push({ left, right, top, bottom })
  }
  context.save()
  context.beginPath()
  for (const { left, right, top, bottom } of bands)
    if (right > left && bottom > top) context.rect(left, top, right - left, bottom - top)
  context.clip()
  context.fillStyle = scene.palette.bg
  for (const { left, right, top, bottom } of bands)
    if (right > left && bottom > top) context.fillRect(left, top, right - left, bottom - top)
  for (const { row, span } of changes) drawRow(context, scene, row, span ? columnsOf(scene, span) : [0, scene.width])
  drawRange(context, scene)
  drawMarkers(context, scene)
  context.restore()
}

interface Band {
  readonly left: number
  readonly right: number
  readonly top: number
  bottom: number
}

/** What is drawn wider than it lasts, and edges that are drawn in whole pixels, reach so far beyond a span. */
const BESIDE_PIXELS = LEAST_PIXELS + 2

function columnsOf({ view, width }: Scene, [from, to]: TickSpan): Columns {
  const left = Math.max(0, Math.floor(view.xOf(secondsFromTicks(from))) - BESIDE_PIXELS)
  return [left, Math.min(width, Math.ceil(view.xOf(secondsFromTicks(to))) + BESIDE_PIXELS)]
}

/** @param columns between which it is drawn: clips beside them are left out, others may reach beyond */
function drawRow(context: CanvasRenderingContext2D, scene: Scene, row: Row, columns: Columns): void {
  const top = RULER_HEIGHT + row.top - scene.scrollTop
  if (top + row.height < RULER_HEIGHT || top > scene.height) return
  context.strokeStyle = scene.palette.line
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(0, Math.round(top + row.height) - 0.5)
  context.lineTo(scene.width, Math.round(top + row.height) - 0.5)
  context.stroke()
  if (row.kind === 'stars') {
    drawStars(context, scene, row, top)
    return
  }
  if (row.kind === 'words') {
    for (const caption of captionsWithin(row, scene.view.secondsAt(0), scene.view.secondsAt(scene.width)))
      drawWords(context, scene, caption.text, caption.startTicks, caption.endTicks, top, row.height)
    return
  }
  if (row.kind === 'label') {
    drawSpans(context, scene, row, top)
    return
  }
  // A clip that is drawn wider than it lasts may end before.
  const from = ticksFromSeconds(scene.view.secondsAt(columns[0] - LEAST_PIXELS))
  const to = ticksFromSeconds(scene.view.secondsAt(columns[1]))
  const clips = clipsWithin(row.track, from, to)
  drawSmallClips(context, scene, row.track, clips, columns, top + 2, row.height - 4)
  const least = leastShownTicks(scene.view)
  for (const clip of clips) if (clip.durationTicks >= least) drawClip(context, scene, row.track, clip, top, row.height)
  drawJoints(context, scene, row, top)
}

function drawClip(
  context: CanvasRenderingContext2D,
  scene: Scene,
  track: Track,
  clip: Clip,
  top: number,
  height: number,
): void {
  const { palette, view } = scene
  const start = secondsFromTicks(clip.startTicks)
  const left = Math.round(view.xOf(start))
  const right = Math.round(view.xOf(start + secondsFromTicks(clip.durationTicks)))
  const box: ClipBox = {
    left,
    right,
    top: top + 2,
    height: height - 4,
    visibleLeft: Math.max(0, left),
    visibleRight: Math.min(scene.width, right),
  }
  const selected = scene.selectedClipIds.has(clip.id)
  context.save()
  const inner = drawFrame(
    context,
    box,
    selected || scene.takenClipIds.has(clip.id) ? palette.text : palette.sensor(track.sensor),
    selected ? 2 : 1,
    palette,
  )
  context.fillStyle = palette.body(track.sensor)
  context.fillRect(inner.left, inner.top, inner.right - inner.left, inner.height)
  context.beginPath()
  context.rect(inner.left, inner.top, inner.right - inner.left, inner.height)
  context.clip()
  const title = clipTitle(scene.model.recordings, clip, track)
  const away = scene.model.recordings.away.get(clip.assetId)
  if (away) drawHatch(context, box, palette)
  else {
    drawClipContent(context, track, clip, box, view.window.pixelsPerSecond, palette)
    drawGaps(context, scene, clip, box)
  }
  const state = away ?? waveformState(track, clip, scene.deriving)
  if (right - left > 60)
    drawTitle(
      context,
      palette,
      state ? t(`timeline.${state}`, { title }) : title,
      Math.max(left, 0) + 6,
      box,
      track.sensor === 'video',
    )
  context.restore()
  if (track.muted) drawVeil(context, box, palette)
}

/**
 * What is muted is paler as a whole: drawn through one another, edge, body and pictures would be brighter than what is
 * heard.
 */
function drawVeil(context: CanvasRenderingContext2D, { left, right, top, height }: ClipBox, palette: Palette): void {
  context.globalAlpha = 0.6
  context.fillStyle = palette.bg
  context.fillRect(left, top, right - left, height)
  context.globalAlpha = 1
}

/**
 * The edge of a clip and what it leaves within. Whole rectangles with the corners taken off: round paths, and clipping
 * by them, cost half of a frame that shows hundreds of clips.
 */
function drawFrame(
  context: CanvasRenderingContext2D,
  { left, right, top, height }: ClipBox,
  color: string,
  edge: number,
  palette: Palette,
): Pick<ClipBox, 'left' | 'right' | 'top' | 'height'> {
  context.fillStyle = color
  context.fillRect(left, top, right - left, height)
  context.fillStyle = palette.bg
  for (const x of [left, right - 1]) for (const y of [top, top + height - 1]) context.fillRect(x, y, 1, 1)
  return { left: left + edge, right: right - edge, top: top + edge, height: height - 2 * edge }
}

function drawTitle(
  context: CanvasRenderingContext2D,
  palette: Palette,
  title: string,
  x: number,
  box: ClipBox,
  onPicture: boolean,
): void {
  const font = `600 10.5px ${palette.font}`
  context.font = font
  context.textBaseline = 'top'
  const shown = fittedText({ context, font }, title, Math.max(10, box.visibleRight - x - 4))
  if (onPicture) {
    const width = widthOf({ context, font }, shown)
    context.fillStyle = palette.surface
    context.globalAlpha = 0.82
    context.fillRect(x - 3, box.top + 2, width + 6, 14)
    context.globalAlpha = 1
  }
  context.fillStyle = palette.text
  context.fillText(shown, x, box.top + 4)
}

function drawWords(
  context: CanvasRenderingContext2D,
  scene: Scene,
  text: string,
  startTicks: number,
  endTicks: number,
  top: number,
  height: number,
): void {
  const left = scene.view.xOf(secondsFromTicks(startTicks))
  const right = scene.view.xOf(secondsFromTicks(endTicks))
  if (right < 0 || left > scene.width) return
  context.save()
  context.beginPath()
  context.roundRect(left, top + 3, Math.max(2, right - left - 1), height - 6, 3)
  context.fillStyle = scene.palette.surface3
  context.fill()
  context.clip()
  context.fillStyle = scene.palette.sensor('text')
  context.fillRect(left, top + 3, 3, height - 6)
  context.fillStyle = scene.palette.text
  context.font = `11px ${scene.palette.font}`
  context.textBaseline = 'middle'
  context.fillText(text, Math.max(left, 0) + 8, top + height / 2 + 0.5)
  context.restore()
}

function drawStars(context: CanvasRenderingContext2D, scene: Scene, row: StarsRow, top: number): void {
  const { palette, view, width } = scene
  context.fillStyle = palette.star
  for (const segment of row.segments) {
    const left = Math.max(0, view.xOf(segment.start_s))
    const right = Math.min(width, view.xOf(segment.end_s))
    if (right <= left) continue
    context.globalAlpha = 0.12 + (0.88 * segment.stars) / 5
    context.fillRect(left, top + 4, right - left, row.height - 8)
  }
  context.globalAlpha = 1
}

function drawRuler(context: CanvasRenderingContext2D, scene: Scene): void {
  const { palette, view, width, ruler, frameRate } = scene
  context.fillStyle = palette.surface
  context.fillRect(0, 0, width, RULER_HEIGHT)
  const step = rulerStep(view.window.pixelsPerSecond, 92, ruler, frameRate)
  const first = Math.floor(view.secondsAt(0) / step) * step
  context.font = `10.5px ${palette.font}`
  context.textBaseline = 'top'
  context.strokeStyle = palette.lineStrong
  context.fillStyle = palette.text2
  context.lineWidth = 1
  context.beginPath()
  for (let n = 0; ; n++) {
    const seconds = first + n * step
    const x = Math.round(view.xOf(seconds)) + 0.5
    if (x > width) break
    context.moveTo(x, RULER_HEIGHT - 9)
    context.lineTo(x, RULER_HEIGHT)
    for (let minor = 1; minor < 5; minor++) {
      const at = Math.round(x + (minor * step * view.window.pixelsPerSecond) / 5) + 0.5
      context.moveTo(at, RULER_HEIGHT - 4)
      context.lineTo(at, RULER_HEIGHT)
    }
    // A label that begins or ends outside would show half of itself.
    const label = rulerMark(seconds, ruler, frameRate)
    if (x >= -3 && x + 4 + context.measureText(label).width <= width) context.fillText(label, x + 4, 5)
  }
  context.moveTo(0, RULER_HEIGHT - 0.5)
  context.lineTo(width, RULER_HEIGHT - 0.5)
  context.stroke()
}

/** Gaps in the samples of a recording: hatched, and at least a line wide. */
function drawGaps(context: CanvasRenderingContext2D, scene: Scene, clip: Clip, box: ClipBox): void {
  const gaps = scene.model.recordings.gaps.get(clip.streamId)
  if (!gaps) return
  const { pixelsPerSecond } = scene.view.window
  const sourceStart = secondsFromTicks(clip.sourceStartTicks)
  for (const { startSeconds, durationSeconds } of gaps) {
    const left = box.left + (startSeconds - sourceStart) * pixelsPerSecond
    const right = Math.max(left + durationSeconds * pixelsPerSecond, left + 1.5)
    const [visibleLeft, visibleRight] = [Math.max(left, box.visibleLeft), Math.min(right, box.visibleRight)]
    if (visibleRight <= visibleLeft) continue
    context.save()
    context.beginPath()
    context.rect(visibleLeft, box.top, visibleRight - visibleLeft, box.height)
    context.fillStyle = scene.palette.bg
    context.fill()
    context.clip()
    drawHatch(context, { ...box, left, visibleLeft, visibleRight }, scene.palette)
    context.restore()
  }
}

/** Lines across what cannot be shown. */
function drawHatch(context: CanvasRenderingContext2D, box: ClipBox, palette: Palette): void {
  context.strokeStyle = palette.text2
  context.globalAlpha *= 0.5
  context.lineWidth = 1
  context.beginPath()
  const first = box.left + Math.floor((box.visibleLeft - box.left) / 10) * 10
  for (let x = first - box.height; x < box.visibleRight; x += 10) {
    context.moveTo(x, box.top + box.height)
    context.lineTo(x + box.height, box.top)
  }
  context.stroke()
  context.globalAlpha /= 0.5
}
