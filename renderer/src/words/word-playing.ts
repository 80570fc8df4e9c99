/** Playing by words: one stretch and no further, or everything without the stretches that may go. */
import type { Span } from '../../../shared/document/spoken-words.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { everyFrame } from '../state/frames.ts'
import { seek, setRate, useTransport } from '../state/transport.ts'

let stopWatching: (() => void) | null = null

/** Plays from the start of a stretch and stops at its end, unless the playhead is set elsewhere meanwhile. */
export function playSpan({ startTicks, endTicks }: Span): void {
  stopWatching?.()
  seek(secondsFromTicks(startTicks))
  setRate(1)
  const { anchorMilliseconds } = useTransport.getState()
  const endSeconds = secondsFromTicks(endTicks)
  const off = everyFrame((seconds) => {
    const isElsewhere = useTransport.getState().anchorMilliseconds !== anchorMilliseconds
    if (!isElsewhere && seconds < endSeconds) return
    off()
    stopWatching = null
    if (isElsewhere) return
    setRate(0)
    seek(endSeconds)
  })
  stopWatching = off
}

/** Leaps over stretches while it plays, as if they were cut out. Returns what ends that. */
export function leapOver(spans: readonly Span[]): () => void {
  return everyFrame((seconds) => {
    if (useTransport.getState().rate <= 0) return
    const inside = spans.find(
      (span) => seconds >= secondsFromTicks(span.startTicks) && seconds < secondsFromTicks(span.endTicks),
    )
    if (inside) seek(secondsFromTicks(inside.endTicks))
  })
}
