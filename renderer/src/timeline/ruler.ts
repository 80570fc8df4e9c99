/** Labels of the ruler: SMPTE timecode, frames, seconds or samples. */
import { timecodeOfFrame } from '../../../shared/timecode.ts'
import type { FrameRate } from '../../../shared/units.ts'
import type { RulerFormat } from '../state/session-store.ts'
import { clockTime } from '../ui/format.ts'

const STEPS_SECONDS = [
  1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120,
  300, 600, 900, 1800, 3600, 7200, 14_400,
]
const SAMPLE_RATE_HZ = 48_000

/** Steps in frames below a second; from then on whole seconds of the nominal rate. */
const STEPS_FRAMES = [1, 2, 5, 10]
const STEPS_SAMPLES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 24_000]

/** A frame that is wider than so many labels has samples of its own marked within it. */
const WIDE_FRAME_LABELS = 4

/** The least step whose labels do not touch, seconds: on whole frames or samples where those are counted. */
export function rulerStep(pixelsPerSecond: number, labelPixels: number, format: RulerFormat, rate: FrameRate): number {
  const frame = rate.denominator / rate.numerator
  const nominal = Math.round(1 / frame)
  const whole = STEPS_SECONDS.filter((step) => step >= 1)
  const samples = STEPS_SAMPLES.map((count) => count / SAMPLE_RATE_HZ)
  const isWithinFrame = frame * pixelsPerSecond > WIDE_FRAME_LABELS * labelPixels
  const steps =
    format === 'seconds'
      ? STEPS_SECONDS
      : format === 'samples'
        ? [...samples, ...whole]
        : [
            ...(isWithinFrame ? samples : []),
            ...STEPS_FRAMES.filter((frames) => frames < nominal).map((frames) => frames * frame),
            ...whole.map((seconds) => seconds * nominal * frame),
          ]
  return steps.find((step) => step * pixelsPerSecond >= labelPixels) ?? 28_800
}

/** What was aligned to microseconds begins a hair beside a frame: that much before it is it, in frames. */
const FRAMES_NEAR = 0.01

/** SMPTE timecode of a time, drop-frame at 29.97 and 59.94. */
export function timecode(seconds: number, rate: FrameRate): string {
  const frame = Math.floor((Math.abs(seconds) * rate.numerator) / rate.denominator + FRAMES_NEAR)
  return timecodeOfFrame(seconds < 0 ? -frame : frame, rate)
}

/** Within a frame: how many samples after its begin. */
export function rulerMark(seconds: number, format: RulerFormat, rate: FrameRate): string {
  if (format !== 'timecode' && format !== 'frames') return rulerLabel(seconds, format, rate)
  const frame = rate.denominator / rate.numerator
  const begin = Math.floor(seconds / frame + 1e-6) * frame
  const samples = Math.round((seconds - begin) * SAMPLE_RATE_HZ)
  return samples > 0 ? `+${samples}` : rulerLabel(seconds, format, rate)
}

export function rulerLabel(seconds: number, format: RulerFormat, rate: FrameRate): string {
  if (format === 'timecode') return timecode(seconds, rate)
  if (format === 'frames') return String(Math.round((seconds * rate.numerator) / rate.denominator))
  if (format === 'samples') return String(Math.round(seconds * SAMPLE_RATE_HZ))
  return clockTime(seconds).replace(/^(−?)00:/, '$1')
}
