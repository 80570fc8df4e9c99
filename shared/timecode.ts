/**
 * SMPTE timecode (ST 12-1): hours, minutes, seconds and frames at a rate, with drop-frame numbering where it is usual.
 */
import type { FrameRate } from './units.ts'

/** Frames in a second as they are numbered: 30 for 29.97. */
export function nominalRate(rate: FrameRate): number {
  return Math.max(1, Math.round(rate.numerator / rate.denominator))
}

/** Drop-frame numbering exists for 29.97 and 59.94 only. */
export function isDropFrame(rate: FrameRate): boolean {
  const nominal = nominalRate(rate)
  return rate.denominator === 1001 && (nominal === 30 || nominal === 60)
}

/**
 * The timecode of a frame counted from 00:00:00:00; ";" before the frames tells drop-frame numbering, which skips frame
 * numbers 0 and 1 (0 to 3 at 59.94) of every minute but each tenth.
 */
export function timecodeOfFrame(frameIndex: number, rate: FrameRate): string {
  const nominal = nominalRate(rate)
  const isDrop = isDropFrame(rate)
  let frame = Math.abs(Math.trunc(frameIndex))
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
  return `${frameIndex < 0 && frame > 0 ? '−' : ''}${text}${isDrop ? ';' : ':'}${two(frame % nominal)}`
}

/** The frame that a timecode names; null when it cannot be read. */
export function frameOfTimecode(text: string, rate: FrameRate): number | null {
  const match = /^(\d{1,2})[:;.](\d{1,2})[:;.](\d{1,2})[:;.](\d{1,3})$/.exec(text.trim())
  if (!match) return null
  const [hours, minutes, seconds, frames] = match.slice(1).map(Number) as [number, number, number, number]
  const nominal = nominalRate(rate)
  if (minutes > 59 || seconds > 59 || frames >= nominal) return null
  const whole = (hours * 3600 + minutes * 60 + seconds) * nominal + frames
  if (!isDropFrame(rate)) return whole
  const allMinutes = hours * 60 + minutes
  return whole - (nominal / 15) * (allMinutes - Math.floor(allMinutes / 10))
}
