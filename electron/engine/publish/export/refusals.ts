/** Why a project cannot be exported to a format, in one place, so that every exporter says it alike. */
import { isSpan, type LabelSpan } from '../../../../shared/document/labels.ts'
import type { Sensor, Track } from '../../../../shared/document/records.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say, type SayingCode } from '../../../../shared/sayings/saying.ts'
import type { ProjectView } from '../package/project-view.ts'

/** @throws AsterismError `bad_input` when the project holds no recording. */
export function requireAssets(view: ProjectView): void {
  if (view.assets.length > 0) return
  throw new AsterismError('bad_input', say('export.noRecordings'), { fix: say('export.fix.importFirst') })
}

type TrackWords = Extract<SayingCode, `export.what.${string}`>

/** Tracks with clips, of some sensors or of any. @throws AsterismError `bad_input` when there are none. */
export function requireTracks(view: ProjectView, what: TrackWords, sensors?: readonly Sensor[]): Track[] {
  requireAssets(view)
  const tracks = view.tracks.filter(
    (track) => track.clips.length > 0 && (sensors === undefined || sensors.includes(track.sensor)),
  )
  if (tracks.length > 0) return tracks
  throw new AsterismError('bad_input', say('export.nothingOnTimeline', { what: say(what) }), {
    fix: say('export.fix.placeFirst'),
  })
}

/** @throws AsterismError `bad_input` when there are no captions. */
export function requireCaptions(view: ProjectView): void {
  if (view.captions.length > 0) return
  throw new AsterismError('bad_input', say('export.noCaptions'), { fix: say('export.fix.transcribe') })
}

/** Spans of time with a label. @throws AsterismError `bad_input` when there are none. */
export function requireSpans(view: ProjectView): LabelSpan[] {
  const spans = view.markers.filter(isSpan)
  if (spans.length > 0) return spans
  throw new AsterismError('bad_input', say('export.noLabels'), {
    fix: say('export.fix.label'),
  })
}

/** Where a recording lies. @throws AsterismError `not_found` when it is not there. */
export function requirePath(path: string | null, title: string): string {
  if (path !== null) return path
  throw new AsterismError('not_found', say('media.recordingMoved', { title }), {
    fix: say('media.fix.relink'),
    kept: say('kept.nothingWritten'),
  })
}
