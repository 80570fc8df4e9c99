import type { Track } from '../../../../shared/document/records.ts'
import type { ProjectView } from '../package/project-view.ts'
import type { ExportOptions } from './exporter.ts'

/** Pictures and sounds with clips that are not muted, topmost first; a note names those that are left out for being muted. */
export function audibleTracks(view: ProjectView, sensors: readonly Track['sensor'][], options: ExportOptions): Track[] {
  const tracks = view.tracks.filter(({ sensor, clips }) => sensors.includes(sensor) && clips.length > 0)
  const muted = tracks.filter((track) => track.muted).map(({ title, sensor }) => `"${title}" (${sensor})`)
  if (muted.length > 0) options.onNote?.(`Left out because muted: ${muted.join(', ')}.`)
  return tracks.filter((track) => !track.muted)
}
