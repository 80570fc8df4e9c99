/** The readout beside the pointer during a drag: the shift and its result. */
import type { Document } from '../../../shared/document/document.ts'
import type { Clip, Marker, Track } from '../../../shared/document/records.ts'
import { secondsFromTicks, type FrameRate } from '../../../shared/units.ts'
import { decimalWords, t } from '../i18n/text.ts'
import type { RulerFormat } from '../state/session-store.ts'
import { rulerLabel } from './ruler.ts'

/** What a readout tells of a clip, a marker or a range. */
export interface Extent {
  readonly startTicks: number
  readonly durationTicks: number
  /** Of a clip. */
  readonly sourceStartTicks?: number
}

export function extentOf(record: Clip | Marker): Extent {
  return 'atTicks' in record ? { startTicks: record.atTicks, durationTicks: record.durationTicks } : record
}

/** A clip, or a marker, as another state of the document has it. */
export function extentIn(document: Document, { id }: Clip | Marker): Extent | null {
  const own = document.get(id)
  if (own?.kind === 'marker') return extentOf(own)
  for (const record of document.values()) {
    const clip = record.kind === 'track' ? clipOf(record, id) : undefined
    if (clip) return clip
  }
  return null
}

const clipOf = ({ clips }: Track, id: string): Clip | undefined => clips.find((clip) => clip.id === id)

export function readoutWords(before: Extent, after: Extent, format: RulerFormat, rate: FrameRate): string {
  const label = (ticks: number): string => rulerLabel(secondsFromTicks(ticks), format, rate)
  const shift = (ticks: number): string => shiftWords(secondsFromTicks(ticks), format, rate)
  const moved = after.startTicks - before.startTicks
  const grown = after.durationTicks - before.durationTicks
  if (grown !== 0) {
    const by = moved === 0 ? grown : moved
    return t('timeline.trimmedBy', { shift: shift(by), length: label(after.durationTicks) })
  }
  if (moved !== 0) return t('timeline.movedBy', { shift: shift(moved), at: label(after.startTicks) })
  return shift((before.sourceStartTicks ?? 0) - (after.sourceStartTicks ?? 0))
}

/** With its sign; what is less than a frame, as sound is moved, in seconds. */
export function shiftWords(seconds: number, format: RulerFormat, rate: FrameRate): string {
  const sign = seconds < 0 ? '−' : '+'
  const size = Math.abs(seconds)
  if (format === 'samples' || size === 0 || size >= rate.denominator / rate.numerator - 1e-6)
    return sign + rulerLabel(size, format, rate)
  // A sample is 0.00002 s.
  return sign + (size < 1e-3 - 1e-9 ? `${decimalWords(size * 1e6, 1)} µs` : `${decimalWords(size, 4)} s`)
}

/** Beside the pointer, and within the view whatever it says. */
export function placeReadout(
  element: HTMLElement,
  text: string | null,
  at: { readonly x: number; readonly y: number },
  width: number,
): void {
  if (element.hidden !== (text === null)) element.hidden = text === null
  if (text === null) return
  if (element.textContent !== text) element.textContent = text
  const left = Math.max(4, Math.min(at.x + 14, width - element.offsetWidth - 4))
  element.style.transform = `translate(${left}px, ${Math.max(4, at.y - 34)}px)`
}
