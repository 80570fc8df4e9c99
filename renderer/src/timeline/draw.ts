/** Draws the timeline. Only what the window shows is looked at, so the cost does not grow with the project. */
import type { Clip, Track } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds, type FrameRate } from '../../../shared/units.ts'
import type { Deriving } from '../state/jobs-store.ts'
import type { RulerFormat } from '../state/session-store.ts'
import { t } from '../i18n/text.ts'
import { drawSmallClips, leastShownTicks } from './clip-strips.ts'
import { drawClipContent, waveformState, type ClipBox } from './draw-content.ts'
import { drawJoints } from './draw-joints.ts'
import { drawMarkers, drawRange } from './draw-marks.ts'
import { drawSpans } from './draw-spans.ts'
import { fittedText, widthOf } from './fitted-text.ts'
import type { Palette } from './palette.ts'
import {
  captionsWithin,
  clipsWithin,
  clipTitle,
  RULER_HEIGHT,
  type Row,
  type StarsRow,
  type TimelineModel,
} from './rows.ts'
import { rulerMark, rulerStep } from './ruler.ts'
import type { TimelineView, TimeWindow } from './view-state.ts'

export interface Scene {
  readonly model: TimelineModel
  readonly view: TimelineView
  /** Of the view: another one whenever it zoomed or scrolled. */
  readonly window: TimeWindow
  readonly palette: Palette
  readonly width: number
  readonly height: number
  readonly scrollTop: number
  readonly selectedClipIds: ReadonlySet<string>
  readonly selectedMarkerId: string | null
  readonly inSeconds: number | null
  readonly outSeconds: number | null
  /** Labels that are being marked: when their span began. */
  readonly openSpans: ReadonlyMap<string, number>
  readonly playheadSeconds: number
  readonly ruler: RulerFormat
  readonly frameRate: FrameRate
  /** Recordings whose waveforms, pictures and the like are being made, or were not made to their end. */
  readonly deriving: ReadonlyMap<string, Deriving>
}

/** All but the playhead, which lies above and moves while everything else stands still. */
export function drawTimeline(context: CanvasRenderingContext2D, scene: Scene): void {
  drawWithin(context, scene, scene.model.rows, [[RULER_HEIGHT, scene.height - RULER_HEIGHT]])
  drawRuler(context, scene)
  drawMarkers(context, scene)
}

/** Some rows anew, over what was drawn of the same scene. */
export function drawRows(context: CanvasRenderingContext2D, scene: Scene, rows: readonly Row[]): void {
  const bands = rows.map(({ top, height }) => {
    const from = Math.max(RULER_HEIGHT, RULER_HEIGHT + top - scene.scrollTop)
    return [from, RULER_HEIGHT + top - scene.scrollTop + height - from] as const
  })
  drawWithin(context, scene, rows, bands, () => drawMarkers(context, scene))
}

/** @param bands of the canvas, each from a height and so many pixels high: nothing is drawn outside */
function drawWithin(
  context: CanvasRenderingContext2D,
  scene: Scene,
  rows: readonly Row[],
  bands: readonly (readonly [number, number])[],
  over: () => void = () => undefined,
): void {
  const { palette, width, height } = scene
  context.save()
  context.beginPath()
  for (const [top, high] of bands) if (high > 0) context.rect(0, top, width, high)
  context.clip()
  context.fillStyle = palette.bg
  context.fillRect(0, 0, width, height)
  for (const row of rows) drawRow(context, scene, row)
  drawRange(context, scene)
  over()
  context.restore()
}

/**
 * What of a scene has to be drawn anew over another: rows, where nothing else changed, or all of it. The playhead lies
 * above, so that where it is changes nothing, but for labels that are being marked.
 */
export function changesOf(before: Scene, after: Scene): readonly Row[] | 'all' {
  const { model, playheadSeconds, ...rest } = after
  const isSameView = Object.entries(rest).every(([name, value]) => value === before[name as keyof Scene])
  const grows = after.openSpans.size > 0 && playheadSeconds !== before.playheadSeconds
  const { rows, ...others } = model
  const isSameModel = Object.entries(others).every(
    ([name, value]) => value === before.model[name as keyof TimelineModel],
  )
  if (!isSameView || grows || !isSameModel || rows.length !== before.model.rows.length) return 'all'
  return rows.filter((row, n) => row !== before.model.rows[n])
}

function drawRow(context: CanvasRenderingContext2D, scene: Scene, row: Row): void {
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
  const from = ticksFromSeconds(scene.view.secondsAt(0))
  const to = ticksFromSeconds(scene.view.secondsAt(scene.width))
  const clips = clipsWithin(row.track, from, to)
  drawSmallClips(context, scene, row.track, clips, top + 2, row.height - 4)
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
    selected ? palette.text : palette.sensor(track.sensor),
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

/** What is muted is paler as a whole: drawn through one another, edge, body and pictures would be brighter than what is heard. */
function drawVeil(context: CanvasRenderingContext2D, { left, right, top, height }: ClipBox, palette: Palette): void {
  context.globalAlpha = 0.6
  context.fillStyle = palette.bg
  context.fillRect(left, top, right - left, height)
  context.globalAlpha = 1
}

/**
 * The edge of a clip and what it leaves within. Whole rectangles with the corners taken off: round paths, and clipping by
 * them, cost half of a frame that shows hundreds of clips.
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

/** Where the recording has no samples nothing was seen or heard: hatched, and never less than a line. */
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
