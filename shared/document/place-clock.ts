/** Clocks that are put elsewhere, by alignment or by hand: what lies on them follows. */
import type { MomentMap } from '../signal/time-map.ts'
import { recordsOf, timeMapId } from './document.ts'
import type { Clock, DocumentRecord, TimeMap } from './records.ts'
import { retimeClips } from './timeline.ts'
import { retimeTranscript } from './transcript.ts'

type Draft = Map<string, DocumentRecord>

/** How well a person places a recording that nothing else has placed (s), and its rate, of which the hand says nothing (ppm). */
const HAND_SIGMA_SECONDS = 0.01
const UNKNOWN_RATE_PPM = 60

/** Clips and words of a clock follow its new time map. */
export function followClock(draft: Draft, clock: Clock, before?: MomentMap, after?: MomentMap): void {
  // Without a map before and after nothing moves: a thousand scans, which take no time, would each look through all.
  if (!before && !after) return
  const streamIds = new Set(
    recordsOf(draft, 'stream')
      .filter((stream) => stream.clockId === clock.id)
      .map((stream) => stream.id),
  )
  retimeClips(draft, streamIds, before, after)
  retimeTranscript(draft, clock, before, after)
}

/** Moves a clock later (or earlier) on the project's time line by hand: from then on no run of the aligner moves it. */
export function nudgeClock(draft: Draft, clockId: string, seconds: number): void {
  const clock = draft.get(clockId)
  if (clock?.kind !== 'clock') return
  const record = draft.get(timeMapId(clockId))
  const before = record?.kind === 'timeMap' ? record : undefined
  const start: TimeMap = before ?? {
    kind: 'timeMap',
    id: timeMapId(clockId),
    clockId,
    offsetSeconds: 0,
    ratePpm: 0,
    sigmaOffsetSeconds: HAND_SIGMA_SECONDS,
    sigmaRatePpm: UNKNOWN_RATE_PPM,
    covariance: [HAND_SIGMA_SECONDS ** 2, 0, UNKNOWN_RATE_PPM ** 2],
    confidence: 1,
    method: 'hand',
    evidenceIds: [],
    manual: true,
  }
  const after: TimeMap = {
    ...start,
    offsetSeconds: start.offsetSeconds + seconds,
    knots: start.knots?.map((knot) => ({ ...knot, projectSeconds: knot.projectSeconds + seconds })),
    confidence: 1,
    method: 'hand',
    manual: true,
  }
  draft.set(after.id, after)
  followClock(draft, clock, before, after)
}

/** Gives a clock that was placed by hand back to the aligner: it stays where it is until the next run. */
export function releaseClock(draft: Draft, clockId: string): void {
  const map = draft.get(timeMapId(clockId))
  if (map?.kind === 'timeMap') draft.set(map.id, { ...map, manual: false })
}
