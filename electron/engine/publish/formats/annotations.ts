/** `annotations.jsonl`: everything that was said of a moment, one object a line, times in seconds of the project. */
import { secondsFromTicks } from '../../../../shared/units.ts'
import { canonicalJson, type Json } from '../package/canonical-json.ts'
import type { ProjectView } from '../package/project-view.ts'

/** The columns of every line; `asset` is null for what belongs to the whole take. */
export const ANNOTATION_COLUMNS = ['kind', 'start_s', 'end_s', 'text', 'note', 'source', 'asset', 'color'] as const

/** Markers and captions sorted by start, then end, then id. */
export function annotationLines(view: ProjectView): string {
  const rows: (readonly [number, number, string, { [key: string]: Json }])[] = [
    ...view.markers.map((marker) => {
      const end = marker.atTicks + marker.durationTicks
      const row = {
        kind: 'marker',
        text: marker.title,
        note: marker.note,
        source: 'typed',
        asset: null,
        color: marker.color,
      }
      return [marker.atTicks, end, marker.id, row] as const
    }),
    ...view.captions.map((caption) => {
      const row = {
        kind: 'caption',
        text: caption.text,
        note: '',
        source: caption.source,
        asset: caption.assetId,
        color: '',
      }
      return [caption.startTicks, caption.endTicks, caption.id, row] as const
    }),
  ]
  return rows
    .sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1))
    .map(([start, end, , row]) =>
      canonicalJson({ ...row, start_s: secondsFromTicks(start), end_s: secondsFromTicks(end) }),
    )
    .map((line) => `${line}\n`)
    .join('')
}
