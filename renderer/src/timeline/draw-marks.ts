/** Draws markers, ranges, in and out: on the ruler and over the rows. */
import { secondsFromTicks } from '../../../shared/units.ts'
import { fittedText } from './fitted-text.ts'
import { MARK_BAND_TOP } from './marker-grab.ts'
import type { Palette } from './palette.ts'
import { RULER_HEIGHT, type TimelineModel } from './rows.ts'
import type { TimelineView } from './view-state.ts'

interface MarkScene {
  readonly model: TimelineModel
  readonly view: TimelineView
  readonly palette: Palette
  readonly width: number
  readonly height: number
  readonly selectedMarkerId: string | null
  readonly inSeconds: number | null
  readonly outSeconds: number | null
}

const BRACKET_PIXELS = 6

/** What is marked from in to out, over the rows. */
export function drawRange(context: CanvasRenderingContext2D, scene: MarkScene): void {
  const { inSeconds, outSeconds, view, palette } = scene
  if (inSeconds === null && outSeconds === null) return
  const left = inSeconds === null ? 0 : view.xOf(inSeconds)
  const right = outSeconds === null ? scene.width : view.xOf(outSeconds)
  context.fillStyle = palette.accent
  context.globalAlpha = 0.1
  context.fillRect(left, RULER_HEIGHT, right - left, scene.height)
  context.globalAlpha = 1
}

/** Brackets that in and out are dragged by. */
function drawBrackets(context: CanvasRenderingContext2D, scene: MarkScene): void {
  context.fillStyle = scene.palette.accent
  for (const [seconds, inwards] of [
    [scene.inSeconds, 1],
    [scene.outSeconds, -1],
  ] as const) {
    if (seconds === null) continue
    const x = Math.round(scene.view.xOf(seconds))
    if (x < -BRACKET_PIXELS || x > scene.width + BRACKET_PIXELS) continue
    const height = RULER_HEIGHT - MARK_BAND_TOP
    context.fillRect(inwards === 1 ? x : x - 2, MARK_BAND_TOP, 2, height)
    for (const y of [MARK_BAND_TOP, RULER_HEIGHT - 2])
      context.fillRect(inwards === 1 ? x : x - BRACKET_PIXELS, y, BRACKET_PIXELS, 2)
  }
}

export function drawMarkers(context: CanvasRenderingContext2D, scene: MarkScene): void {
  const { palette, view } = scene
  drawBrackets(context, scene)
  for (const [n, marker] of scene.model.markers.entries()) {
    const x = view.xOf(secondsFromTicks(marker.atTicks))
    const right = view.xOf(secondsFromTicks(marker.atTicks + marker.durationTicks))
    if (right < -200 || x > scene.width) continue
    const color = palette.marker(marker.color)
    context.fillStyle = color
    if (marker.durationTicks > 0) {
      context.fillRect(x, RULER_HEIGHT - 5, right - x, 4)
      context.globalAlpha = 0.07
      context.fillRect(x, RULER_HEIGHT, right - x, scene.height)
      context.globalAlpha = 1
    }
    context.beginPath()
    context.moveTo(x - 5, RULER_HEIGHT - 11)
    context.lineTo(x + 5, RULER_HEIGHT - 11)
    context.lineTo(x, RULER_HEIGHT - 2)
    context.fill()
    if (marker.id === scene.selectedMarkerId) {
      context.strokeStyle = palette.text
      context.lineWidth = 1.5
      context.stroke()
    }
    const font = `600 10px ${palette.font}`
    context.font = font
    context.textBaseline = 'middle'
    // As much of the name as there is room for before the next marker.
    const next = scene.model.markers[n + 1]
    const room = next ? view.xOf(secondsFromTicks(next.atTicks)) - x - 16 : Infinity
    if (room > 12) context.fillText(fittedText({ context, font }, marker.title, room), x + 8, RULER_HEIGHT - 9)
    context.globalAlpha = 0.5
    context.fillRect(x - 0.5, RULER_HEIGHT, 1, scene.height)
    context.globalAlpha = 1
  }
}
