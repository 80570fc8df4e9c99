/** Why a project cannot be exported to a format, in one place, so that every exporter says it alike. */
import { isSpan, type LabelSpan } from '../../../../shared/document/labels.ts'
import type { Sensor, Track } from '../../../../shared/document/records.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import type { ProjectView } from '../package/project-view.ts'

/** @throws AsterismError `bad_input` when the project holds no recording. */
export function requireAssets(view: ProjectView): void {
  if (view.assets.length > 0) return
  throw new AsterismError('bad_input', 'The project holds no recordings.', { fix: 'Import something first.' })
}

/** Tracks with clips, of some sensors or of any. @throws AsterismError `bad_input` when there are none. */
export function requireTracks(view: ProjectView, what: string, sensors?: readonly Sensor[]): Track[] {
  requireAssets(view)
  const tracks = view.tracks.filter(
    (track) => track.clips.length > 0 && (sensors === undefined || sensors.includes(track.sensor)),
  )
  if (tracks.length > 0) return tracks
  throw new AsterismError('bad_input', `There is no ${what} on the timeline.`, {
    fix: 'Import or place something that has it first.',
  })
}

/** @throws AsterismError `bad_input` when there are no captions. */
export function requireCaptions(view: ProjectView): void {
  if (view.captions.length > 0) return
  throw new AsterismError('bad_input', 'The project has no captions.', { fix: 'Transcribe or type some first.' })
}

/** Spans of time with a label. @throws AsterismError `bad_input` when there are none. */
export function requireSpans(view: ProjectView): LabelSpan[] {
  const spans = view.markers.filter(isSpan)
  if (spans.length > 0) return spans
  throw new AsterismError('bad_input', 'Nothing in the project has a label.', {
    fix: 'Make labels and mark with them in the Labels tab first.',
  })
}

/** Where a recording lies. @throws AsterismError `not_found` when it is not there. */
export function requirePath(path: string | null, title: string): string {
  if (path !== null) return path
  throw new AsterismError('not_found', `The recording "${title}" is not where it was.`, {
    fix: 'Relink it from the library, or import the moved file again.',
    kept: 'Nothing was written.',
  })
}
