import type { TimedSource } from './gatherer.ts'

/** How long two clocks ran at once if the second lies `offsetSeconds` after the first. */
export function overlapSeconds(a: TimedSource, b: TimedSource, offsetSeconds: number): number {
  const from = Math.max(a.startSeconds, b.startSeconds + offsetSeconds)
  const to = Math.min(a.startSeconds + a.durationSeconds, b.startSeconds + b.durationSeconds + offsetSeconds)
  return Math.max(0, to - from)
}
