/** What the person means by "this recording, now": the clip or the recording that is selected, under the playhead. */
import { sourceSecondsAt, momentsOfStream, IDENTITY_MOMENTS } from '../../../shared/document/clip-clock.ts'
import { recordsOf, timeMapId, type Document } from '../../../shared/document/document.ts'
import type { Clock } from '../../../shared/document/records.ts'
import { clockSecondsOf } from '../../../shared/signal/time-map.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { now } from '../state/transport.ts'
import { t } from '../i18n/text.ts'

/** A moment on a recording's own clock. */
export interface ClockMoment {
  readonly clockId: string
  readonly seconds: number
}

/** The recording that a clock belongs to, by its title. */
export function titleOfClock(document: Document, clockId: string): string {
  const clock = document.get(clockId)
  const asset = clock?.kind === 'clock' ? document.get(clock.assetId) : undefined
  return asset?.kind === 'asset' ? asset.title : clockId
}

/** The moment of a clock that lies under a moment of the project, where its map puts it. */
export function secondsOnClock(document: Document, clockId: string, projectSeconds: number): number {
  const map = document.get(timeMapId(clockId))
  return clockSecondsOf(map?.kind === 'timeMap' ? map : IDENTITY_MOMENTS, projectSeconds)
}

/** Clocks that something with a length lies on: those of scans and still pictures do not run. */
export function runningClocks(document: Document): Clock[] {
  const running = new Set(
    recordsOf(document, 'stream').flatMap((stream) => ((stream.durationSeconds ?? 0) > 0 ? [stream.clockId] : [])),
  )
  return recordsOf(document, 'clock').filter((clock) => running.has(clock.id))
}

export function referenceClockId(document: Document): string | null {
  const project = document.get('project')
  return project?.kind === 'project' ? project.referenceClockId : null
}

/** The selected clip under the playhead, moved by hand or not; else the selected recording where its map puts it. */
export function chosenMoment(): ClockMoment | null {
  const { document } = useDocument.getState()
  const { selectedClipIds, selectedAssetId } = useSession.getState()
  const clip = recordsOf(document, 'track')
    .flatMap((track) => track.clips)
    .find((each) => selectedClipIds.has(each.id))
  const stream = clip && document.get(clip.streamId)
  if (clip && stream?.kind === 'stream') {
    const seconds = sourceSecondsAt(clip, momentsOfStream(document, stream.id), now())
    return { clockId: stream.clockId, seconds }
  }
  const clock = runningClocks(document).find((each) => each.assetId === selectedAssetId)
  return clock ? { clockId: clock.id, seconds: secondsOnClock(document, clock.id, now()) } : null
}

/** True if something was recorded on the clock at that moment. */
function wasRunning(document: Document, { clockId, seconds }: ClockMoment): boolean {
  return recordsOf(document, 'stream').some(
    ({ clockId: on, startSeconds, durationSeconds }) =>
      on === clockId && seconds >= startSeconds && seconds <= startSeconds + (durationSeconds ?? 0),
  )
}

/** One half of a sync point: a recording that was running under the playhead. */
export function needsMoment(): string | null {
  const moment = chosenMoment()
  if (!moment) return t('needs.recording')
  return wasRunning(useDocument.getState().document, moment) ? null : t('needs.recorded')
}

/** What a nudge moves: any recording but the one that the time line is counted from. */
export function needsMovable(): string | null {
  const moment = chosenMoment()
  if (!moment) return t('needs.recording')
  return moment.clockId === referenceClockId(useDocument.getState().document) ? t('needs.notReference') : null
}

/** Both halves of a sync point. */
export function needsOtherRecording(): string | null {
  const { syncMoment } = useSession.getState()
  if (!syncMoment) return t('needs.syncMoment')
  const moment = chosenMoment()
  return moment && moment.clockId !== syncMoment.clockId ? needsMoment() : t('needs.otherRecording')
}
