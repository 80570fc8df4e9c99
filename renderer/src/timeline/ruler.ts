/** Labels of the ruler: SMPTE timecode, frames, seconds or samples. */
import type { FrameRate } from '../../../shared/units.ts'
import type { RulerFormat } from '../state/session-store.ts'
import { clockTime } from '../ui/format.ts'

const STEPS_SECONDS = [
  1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120,
  300, 600, 900, 1800, 3600, 7200, 14_400,
]
const SAMPLE_RATE_HZ = 48_000

/** The least step whose labels do not touch. */
export function rulerStep(pixelsPerSecond: number, labelPixels: number): number {
  return STEPS_SECONDS.find((step) => step * pixelsPerSecond >= labelPixels) ?? 28_800
}

/**
 * SMPTE timecode of a time, non-drop, or drop-frame (";" before the frames) at 29.97 and 59.94.
 *
 * Drop-frame numbering skips frame numbers 0 and 1 (0 to 3 at 59.94) of every minute but each tenth (SMPTE ST 12-1).
 */
export function timecode(seconds: number, rate: FrameRate): string {
  const nominal = Math.round(rate.numerator / rate.denominator)
  const isDrop = rate.denominator === 1001 && (nominal === 30 || nominal === 60)
  let frame = Math.floor((Math.abs(seconds) * rate.numerator) / rate.denominator + 1e-6)
  if (isDrop) {
    const dropped = nominal / 15
    const perMinute = nominal * 60 - dropped
    const perTenMinutes = nominal * 600 - dropped * 9
    const tens = Math.floor(frame / perTenMinutes)
    const rest = frame % perTenMinutes
    frame += dropped * 9 * tens + (rest > dropped ? dropped * Math.floor((rest - dropped) / perMinute) : 0)
  }
  const two = (value: number): string => String(value).padStart(2, '0')
  const text = [
    Math.floor(frame / (nominal * 3600)),
    Math.floor(frame / (nominal * 60)) % 60,
    Math.floor(frame / nominal) % 60,
  ]
    .map(two)
    .join(':')
  return `${seconds < 0 && frame > 0 ? '−' : ''}${text}${isDrop ? ';' : ':'}${two(frame % nominal)}`
}

export function rulerLabel(seconds: number, format: RulerFormat, rate: FrameRate): string {
  if (format === 'timecode') return timecode(seconds, rate)
  if (format === 'frames') return String(Math.round((seconds * rate.numerator) / rate.denominator))
  if (format === 'samples') return String(Math.round(seconds * SAMPLE_RATE_HZ))
  return clockTime(seconds).replace(/^(−?)00:/, '$1')
}
