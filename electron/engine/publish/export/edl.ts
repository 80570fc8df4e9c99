import { resolve } from 'node:path'
import type { Track } from '../../../../shared/document/records.ts'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { edlRoundingSeconds, edlText, MOST_EDL_EVENTS } from '../formats/edl.ts'
import { sequenceRate } from '../../../../shared/document/edit-rates.ts'
import { viewProject } from '../package/project-view.ts'
import type { ExportedFile, Exporter } from './exporter.ts'
import { requireTracks } from './refusals.ts'
import { writeWholeBytes } from './whole-file.ts'

/** Rounding that nobody sees or hears is not worth a word. */
const WORTH_A_NOTE_SECONDS = 1e-4

/** `take.edl` for the first track, `take.V2.edl`, `take.A1.edl` … for the others: the form holds one track a list. */
function pathOf(outPath: string, track: Track, tracks: readonly Track[]): string {
  if (track === tracks[0]) return outPath
  const letter = track.sensor === 'audio' ? 'A' : 'V'
  const number = tracks.filter((each) => each.sensor === track.sensor).indexOf(track) + 1
  return outPath.replace(/(\.edl)?$/i, `.${letter}${number}.edl`)
}

/** The edit for editors that read nothing newer: a list for each video and audio track. */
export const edlExporter: Exporter = {
  id: 'edl',
  title: 'Edit decision lists (CMX 3600)',
  extension: '.edl',
  purpose: 'editors',
  async write(input, outPath, options = {}) {
    const view = viewProject(input.records)
    const placed = requireTracks(view, 'export.what.both', ['video', 'audio'])
    const tracks = [...placed].sort((a, b) => Number(a.sensor === 'audio') - Number(b.sensor === 'audio'))
    const rate = sequenceRate(view)
    const startTicks = Math.min(0, ...tracks.map((track) => track.clips[0]?.startTicks ?? 0))
    const files: ExportedFile[] = []
    for (const track of tracks) {
      throwIfCancelled(options.signal)
      const markers = track === tracks[0] ? view.markers : []
      const text = edlText(view, track, { rate, startTicks, markers })
      files.push(await writeWholeBytes(pathOf(resolve(outPath), track, tracks), Buffer.from(text), options.signal))
      const moved = edlRoundingSeconds(track, rate)
      if (moved > WORTH_A_NOTE_SECONDS) {
        options.onNote?.(say('note.rounded', { title: track.title, milliseconds: fixedAmount(moved * 1000, 1) }))
      }
      if (track.clips.length > MOST_EDL_EVENTS) {
        options.onNote?.(say('note.manyClips', { title: track.title, most: MOST_EDL_EVENTS }))
      }
    }
    return files
  },
}
