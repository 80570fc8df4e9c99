import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { Track } from '../../../../shared/document/records.ts'
import type { ProjectView } from '../package/project-view.ts'
import type { ExportOptions } from './exporter.ts'
import { requireTracks } from './refusals.ts'

/** Pictures and sounds with clips that are not muted, topmost first; a note names those that are left out for being muted. */
export function audibleTracks(view: ProjectView, sensors: readonly Track['sensor'][], options: ExportOptions): Track[] {
  const tracks = view.tracks.filter(({ sensor, clips }) => sensors.includes(sensor) && clips.length > 0)
  const muted = tracks.filter((track) => track.muted).map(({ title, sensor }) => `"${title}" (${sensor})`)
  if (muted.length > 0) options.onNote?.(say('note.muted', { tracks: muted.join(', ') }))
  return tracks.filter((track) => !track.muted)
}

/** As `audibleTracks`, of pictures. @throws AsterismError `bad_input` when there are none, or all of them are muted. */
export function requireShownTracks(
  view: ProjectView,
  sensors: readonly Track['sensor'][],
  options: ExportOptions,
): { readonly pictures: Track[]; readonly sounds: Track[] } {
  requireTracks(view, 'export.what.picture', ['video'])
  const tracks = audibleTracks(view, sensors, options)
  const pictures = tracks.filter(({ sensor }) => sensor === 'video')
  if (pictures.length === 0) {
    throw new AsterismError('bad_input', say('export.allMuted'), { fix: say('export.fix.unmuteCameras') })
  }
  return { pictures, sounds: tracks.filter(({ sensor }) => sensor === 'audio') }
}
