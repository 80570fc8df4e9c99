/** Spans of a stream in which samples are missing: dropped frames, lost tracking, sound that was not written. */
import { z } from 'zod'

export const gapSchema = z.object({
  /** Where the next sample should have been, on the stream's clock. */
  startSeconds: z.number().refine(Number.isFinite, 'must be finite'),
  /** To the sample that came. */
  durationSeconds: z.number().nonnegative(),
})
export type Gap = z.infer<typeof gapSchema>

/** The longest are kept where there are more. */
const MOST_GAPS = 500
/** Of a stream at a steady rate: at least one sample is missing. */
const MISSING_STEPS = 1.75
/** A stream whose slowest tenth of steps is longer than this many usual ones has no steady rate. */
const STEADY_STEPS = 1.5
/** Of a stream without a steady rate, beyond its slowest tenth of steps. */
const PAUSE_STEPS = 5
/** Fewer samples say nothing of a rate. */
const LEAST_SAMPLES = 8
/** Steps that are looked at to find the rate. */
const MOST_STEPS = 20_000

/** Usual step, and the step beyond which samples are missing, in nanoseconds; undefined where there is no saying. */
function steps(times: BigInt64Array): { usual: number; longest: number } | undefined {
  if (times.length < LEAST_SAMPLES) return undefined
  const stride = Math.max(1, Math.floor((times.length - 1) / MOST_STEPS))
  const sample: number[] = []
  for (let at = 1; at < times.length; at += stride) sample.push(Number(times[at] - times[at - 1]))
  sample.sort((a, b) => a - b)
  const usual = sample[Math.floor(sample.length / 2)]
  const slow = sample[Math.floor(sample.length * 0.9)]
  if (!(usual > 0)) return undefined
  return { usual, longest: slow <= STEADY_STEPS * usual ? MISSING_STEPS * usual : PAUSE_STEPS * slow }
}

/** Gaps between samples at strictly increasing times. */
export function gapsBetween(times: BigInt64Array): Gap[] {
  const rate = steps(times)
  if (!rate) return []
  const gaps: Gap[] = []
  for (let at = 1; at < times.length; at++) {
    const step = Number(times[at] - times[at - 1])
    if (step <= rate.longest) continue
    gaps.push({
      startSeconds: (Number(times[at - 1]) + rate.usual) / 1e9,
      durationSeconds: (step - rate.usual) / 1e9,
    })
  }
  if (gaps.length <= MOST_GAPS) return gaps
  const longest = gaps.toSorted((a, b) => b.durationSeconds - a.durationSeconds).slice(0, MOST_GAPS)
  return longest.sort((a, b) => a.startSeconds - b.startSeconds)
}
