/** Draws the timeline. Only what the window shows is looked at, so the cost does not grow with the project. */
import type { Clip, Track } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds, type FrameRate } from '../../../shared/units.ts'
import type { RulerFormat } from '../state/session-store.ts'
import { drawClipContent, type ClipBox } from './draw-content.ts'
import type { Palette } from './palette.ts'
import { clipsWithin, RULER_HEIGHT, type Row, type StarsRow, type TimelineModel } from './rows.ts'
import { rulerLabel, rulerStep } from './ruler.ts'
import type { TimelineView } from './view-state.ts'

export interface DragPreview {
  readonly clipIds: ReadonlySet<string>
  readonly byTicks: number
  readonly edge: 'start' | 'end' | null
}

export interface Scene {
  readonly model: TimelineModel
  readonly view: TimelineView
  readonly palette: Palette
  readonly width: number
  readonly height: number
  readonly scrollTop: number
  readonly selectedClipIds: ReadonlySet<string>
  readonly drag: DragPreview | null
  readonly playheadSeconds: number
  readonly inSeconds: number | null
  readonly outSeconds: number | null
  readonly ruler: RulerFormat
  readonly frameRate: FrameRate
  readonly snapSeconds: number | null
}

export function drawTimeline(context: CanvasRenderingContext2D, scene: Scene): void {
  const { palette, width, height } = scene
  context.fillStyle = palette.bg
  context.fillRect(0, 0, width, height)
  context.save()
  context.beginPath()
  context.rect(0, RULER_HEIGHT, width, height - RULER_HEIGHT)
  context.clip()
  for (const row of scene.model.rows) drawRow(context, scene, row)
  drawRange(context, scene)
  context.restore()
  drawRuler(context, scene)
  drawMarkers(context, scene)
  drawPlayhead(context, scene)
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
    for (const caption of row.captions)
      drawWords(context, scene, caption.text, caption.startTicks, caption.endTicks, top, row.height)
    return
  }
  const from = ticksFromSeconds(scene.view.secondsAt(0))
  const to = ticksFromSeconds(scene.view.secondsAt(scene.width))
  for (const clip of clipsWithin(row.track, from, to)) drawClip(context, scene, row.track, clip, top, row.height)
  const dragged = scene.drag
  if (dragged) {
    // What is dragged may come from outside the window.
    for (const clip of row.track.clips)
      if (dragged.clipIds.has(clip.id)) drawClip(context, scene, row.track, moved(clip, dragged), top, row.height, true)
  }
}

function moved(clip: Clip, drag: DragPreview): Clip {
  if (drag.edge === 'start') {
    return {
      ...clip,
      startTicks: clip.startTicks + drag.byTicks,
      durationTicks: Math.max(1, clip.durationTicks - drag.byTicks),
      sourceStartTicks: clip.sourceStartTicks + drag.byTicks,
    }
  }
  if (drag.edge === 'end') return { ...clip, durationTicks: Math.max(1, clip.durationTicks + drag.byTicks) }
  return { ...clip, startTicks: clip.startTicks + drag.byTicks }
}

function drawClip(
  context: CanvasRenderingContext2D,
  scene: Scene,
  track: Track,
  clip: Clip,
  top: number,
  height: number,
  ghost = false,
): void {
  if (!ghost && scene.drag?.clipIds.has(clip.id)) return
  const { palette, view } = scene
  const start = secondsFromTicks(clip.startTicks)
  const left = view.xOf(start)
  const right = view.xOf(start + secondsFromTicks(clip.durationTicks))
  const box: ClipBox = {
    left,
    right,
    top: top + 2,
    height: height - 4,
    visibleLeft: Math.max(0, left),
    visibleRight: Math.min(scene.width, right),
  }
  const color = palette.sensor(track.sensor)
  const selected = scene.selectedClipIds.has(clip.id)
  context.save()
  context.globalAlpha = track.muted ? 0.4 : ghost ? 0.85 : 1
  context.beginPath()
  context.roundRect(left, box.top, Math.max(1.5, right - left), box.height, 4)
  context.fillStyle = palette.surface3
  context.fill()
  if (right - left > 3) {
    context.save()
    context.clip()
    context.fillStyle = color
    context.globalAlpha *= 0.14
    context.fillRect(box.visibleLeft, box.top, box.visibleRight - box.visibleLeft, box.height)
    context.globalAlpha = track.muted ? 0.4 : 1
    drawClipContent(context, track, clip, box, view.window.pixelsPerSecond, palette)
    if (right - left > 60)
      drawTitle(context, palette, track.title, Math.max(left, 0) + 6, box, track.sensor === 'video')
    context.restore()
  }
  context.strokeStyle = selected ? palette.text : color
  context.lineWidth = selected ? 2 : 1
  context.stroke()
  context.restore()
}

function drawTitle(
  context: CanvasRenderingContext2D,
  palette: Palette,
  title: string,
  x: number,
  box: ClipBox,
  onPicture: boolean,
): void {
  context.font = `600 10.5px ${palette.font}`
  context.textBaseline = 'top'
  if (onPicture) {
    const width = context.measureText(title).width
    context.fillStyle = palette.surface
    context.globalAlpha = 0.82
    context.fillRect(x - 3, box.top + 2, width + 6, 14)
    context.globalAlpha = 1
  }
  context.fillStyle = palette.text
  context.fillText(title, x, box.top + 4, Math.max(10, box.visibleRight - x - 4))
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
  const step = rulerStep(view.window.pixelsPerSecond, 92)
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
    // A label that begins outside would show half of itself.
    if (x >= -3) context.fillText(rulerLabel(seconds, ruler, frameRate), x + 4, 5)
  }
  context.moveTo(0, RULER_HEIGHT - 0.5)
  context.lineTo(width, RULER_HEIGHT - 0.5)
  context.stroke()
}

function drawRange(context: CanvasRenderingContext2D, scene: Scene): void {
  const { inSeconds, outSeconds, view, palette } = scene
  if (inSeconds === null && outSeconds === null) return
  const left = inSeconds === null ? 0 : view.xOf(inSeconds)
  const right = outSeconds === null ? scene.width : view.xOf(outSeconds)
  context.fillStyle = palette.accent
  context.globalAlpha = 0.1
  context.fillRect(left, RULER_HEIGHT, right - left, scene.height)
  context.globalAlpha = 1
}

function drawMarkers(context: CanvasRenderingContext2D, scene: Scene): void {
  const { palette, view } = scene
  for (const marker of scene.model.markers) {
    const x = view.xOf(secondsFromTicks(marker.atTicks))
    if (x < -80 || x > scene.width) continue
    context.fillStyle = palette.accent
    context.beginPath()
    context.moveTo(x - 5, RULER_HEIGHT - 11)
    context.lineTo(x + 5, RULER_HEIGHT - 11)
    context.lineTo(x, RULER_HEIGHT - 2)
    context.fill()
    context.font = `600 10px ${palette.font}`
    context.textBaseline = 'middle'
    context.fillText(marker.title, x + 8, RULER_HEIGHT - 7)
    context.globalAlpha = 0.5
    context.fillRect(x - 0.5, RULER_HEIGHT, 1, scene.height)
    context.globalAlpha = 1
  }
}

function drawPlayhead(context: CanvasRenderingContext2D, scene: Scene): void {
  const { palette, view } = scene
  if (scene.snapSeconds !== null) {
    context.fillStyle = palette.star
    context.fillRect(Math.round(view.xOf(scene.snapSeconds)), RULER_HEIGHT, 1, scene.height)
  }
  const x = Math.round(view.xOf(scene.playheadSeconds))
  context.fillStyle = palette.playhead
  context.fillRect(x - 0.5, RULER_HEIGHT - 10, 1.5, scene.height)
  context.beginPath()
  context.roundRect(x - 5, RULER_HEIGHT - 14, 10, 11, [3, 3, 6, 6])
  context.fill()
}
