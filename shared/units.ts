/**
 * Units of the document.
 *
 * Time in the document is an integer count of ticks. One tick is 1/705,600,000 s, a value that divides the frame
 * durations of 24, 25, 30, 50 and 60 fps, their 1000/1001 relatives, and the sample durations of 8 to 192 kHz
 * exactly, so that cutting on a frame or a sample never rounds. A 53-bit integer holds 147 days of it.
 */
export type Ticks = number & { readonly __unit: 'ticks' }

/** Ticks in one second. */
export const TICKS_PER_SECOND = 705_600_000

/** The nearest tick to a time in seconds. */
export function ticksFromSeconds(seconds: number): Ticks {
  return Math.round(seconds * TICKS_PER_SECOND) as Ticks
}

/** A tick count in seconds of float64. */
export function secondsFromTicks(ticks: number): number {
  return ticks / TICKS_PER_SECOND
}

/** An exact frame rate: `numerator / denominator` frames a second. */
export interface FrameRate {
  readonly numerator: number
  readonly denominator: number
}

/** The tick on which frame `frameIndex` starts. Exact for every rate whose frame duration is a whole number of ticks. */
export function ticksFromFrame(frameIndex: number, rate: FrameRate): Ticks {
  return Math.round((frameIndex * TICKS_PER_SECOND * rate.denominator) / rate.numerator) as Ticks
}

/** The index of the frame that is on screen at a tick. */
export function frameFromTicks(at: number, rate: FrameRate): number {
  const frameTicks = (TICKS_PER_SECOND * rate.denominator) / rate.numerator
  return Math.floor(at / frameTicks + 1e-6)
}
