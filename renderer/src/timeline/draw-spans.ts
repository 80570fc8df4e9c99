/** The row of a label: its spans, and the one that is being made. */
import { secondsFromTicks } from '../../../shared/units.ts'
import { fittedText } from './fitted-text.ts'
import type { Palette } from './palette.ts'
import type { LabelRow } from './rows.ts'
import type { TimelineView } from './view-state.ts'

interface SpanScene {
  readonly view: TimelineView
  readonly palette: Palette
  readonly width: number
  readonly selectedMarkerId: string | null
  readonly openSpans: ReadonlyMap<string, number>
  readonly playheadSeconds: number
}

/** Narrower than this there is no room for a word. */
const WORD_PIXELS = 24

export function drawSpans(context: CanvasRenderingContext2D, scene: SpanScene, row: LabelRow, top: number): void {
  const { view, palette, width } = scene
  const color = palette.marker(row.label.color)
  const y = top + 3
  const height = row.height - 6
  const font = `11px ${palette.font}`
  context.font = font
  context.textBaseline = 'middle'
  for (const span of row.spans) {
    const left = Math.round(view.xOf(secondsFromTicks(span.atTicks)))
    const right = Math.max(left + 2, Math.round(view.xOf(secondsFromTicks(span.atTicks + span.durationTicks))))
    if (right < 0 || left > width) continue
    const isSelected = span.id === scene.selectedMarkerId
    context.fillStyle = palette.surface3
    context.fillRect(left, y, right - left, height)
    context.fillStyle = color
    context.globalAlpha = 0.28
    context.fillRect(left, y, right - left, height)
    context.globalAlpha = 1
    context.fillRect(left, y, Math.min(3, right - left), height)
    if (isSelected) {
      context.strokeStyle = palette.text
      context.lineWidth = 1.5
      context.strokeRect(left + 0.75, y + 0.75, right - left - 1.5, height - 1.5)
    }
    if (right - left < WORD_PIXELS) continue
    const x = Math.max(left, 0) + 8
    context.fillStyle = palette.text
    context.fillText(fittedText({ context, font }, wordsOf(span), right - 4 - x), x, y + height / 2 + 0.5)
  }
  const began = scene.openSpans.get(row.label.id)
  if (began === undefined) return
  const [from, to] = [view.xOf(began), view.xOf(scene.playheadSeconds)]
  context.fillStyle = color
  context.fillRect(Math.min(from, to), y, Math.max(2, Math.abs(to - from)), height)
}

/** What was answered and noted: what the label is called stands beside the row. */
function wordsOf({ title, values, note }: LabelRow['spans'][number]): string {
  const answers = Object.values(values ?? {}).filter(Boolean)
  const words = note === '' ? answers : [...answers, note]
  return words.length > 0 ? words.join(' · ') : title
}
