import { pathToFileURL } from 'node:url'
import { otioTimeline } from '../formats/otio.ts'
import { requireTracks } from './refusals.ts'
import { textExporter } from './text-exporter.ts'

/** The edit for other editors; media are named where they lie. */
export const otioExporter = textExporter(
  { id: 'otio', title: 'OpenTimelineIO', extension: '.otio', purpose: 'editors' },
  (view, input) => {
    requireTracks(view, 'export.what.recording')
    return otioTimeline(view, (assetId) => {
      const path = input.assetPath(assetId)
      return path === null ? null : pathToFileURL(path).href
    })
  },
)
