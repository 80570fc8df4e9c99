/** Where to look closely: the moments of the overlap in which both recordings have something to hear. */
import type { OnsetEnvelope } from './onset-envelope.ts'
import type { LineMap } from './window-correlator.ts'

export interface WindowPlan {
  readonly windowSeconds: number
  /** Middles on B's clock, rising. */
  readonly middles: Float64Array
}

/** The part of B's clock that lies on A's recording under a map. */
export function overlapOnB(
  map: LineMap,
  durationA: number,
  durationB: number,
): { readonly from: number; readonly to: number } {
  const scale = 1 + map.ratePpm * 1e-6
  const from = Math.max(0, -map.offsetSeconds / scale)
  const to = Math.min(durationB, (durationA - map.offsetSeconds) / scale)
  return { from, to: Math.max(from, to) }
}

/** How long a window may be, given how much there is: a long one holds more of the room, a short one less drift. */
export function windowSecondsFor(spanSeconds: number): number {
  if (spanSeconds < 4) return 0.25
  if (spanSeconds < 10) return 0.5
  if (spanSeconds < 90) return 1
  return 2
}

/**
 * At most `limit` windows over `from`…`to` seconds of B. Where there is room for more, every slot gives its liveliest.
 */
export function planWindows(
  a: OnsetEnvelope,
  b: OnsetEnvelope,
  map: LineMap,
  span: { readonly from: number; readonly to: number },
  windowSeconds: number,
  limit: number,
): WindowPlan {
  const usable = span.to - span.from - windowSeconds
  if (usable <= 0) return { windowSeconds, middles: new Float64Array(0) }
  const regular = Math.floor(usable / (windowSeconds / 2)) + 1
  if (regular <= limit) {
    const step = regular > 1 ? usable / (regular - 1) : 0
    const middles = Float64Array.from({ length: regular }, (_, index) => span.from + windowSeconds / 2 + index * step)
    return { windowSeconds, middles }
  }
  const lively = livelinessSums(a, b, map)
  const frames = Math.round(windowSeconds / b.frameSeconds)
  const slot = (usable + windowSeconds) / limit
  const middles: number[] = []
  for (let index = 0; index < limit; index++) {
    const first = span.from + index * slot
    const last = Math.max(first, Math.min(first + slot, span.to) - windowSeconds)
    let best = first
    let bestValue = -1
    for (let start = first; start <= last + 1e-9; start += windowSeconds / 4) {
      const frame = Math.max(0, Math.min(lively.length - 1 - frames, Math.floor(start / b.frameSeconds)))
      const value = lively[Math.max(0, frame + frames)] - lively[Math.max(0, frame)]
      if (value > bestValue) {
        bestValue = value
        best = start
      }
    }
    middles.push(best + windowSeconds / 2)
  }
  return { windowSeconds, middles: Float64Array.from(middles) }
}

/** Running sums over B's frames of the activity that both sides have. */
function livelinessSums(a: OnsetEnvelope, b: OnsetEnvelope, map: LineMap): Float64Array {
  const sums = new Float64Array(b.frameCount + 1)
  const scale = 1 + map.ratePpm * 1e-6
  for (let frame = 0; frame < b.frameCount; frame++) {
    const frameA = Math.round((map.offsetSeconds + scale * frame * b.frameSeconds) / a.frameSeconds)
    const activityA = frameA >= 0 && frameA < a.frameCount ? a.activity[frameA] : 0
    sums[frame + 1] = sums[frame] + Math.sqrt(Math.min(4, activityA) * Math.min(4, b.activity[frame]))
  }
  return sums
}
