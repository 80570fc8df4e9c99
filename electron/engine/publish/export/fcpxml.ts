import { say } from '../../../../shared/sayings/saying.ts'
import { pathToFileURL } from 'node:url'
import { sequenceRate } from '../../../../shared/document/edit-rates.ts'
import { fcpxmlText } from '../formats/fcpxml.ts'
import { audibleTracks } from './audible-tracks.ts'
import { requirePath, requireTracks } from './refusals.ts'
import { textExporter } from './text-exporter.ts'

const DEFAULT_SIZE = { width: 1920, height: 1080 }

/** The edit and the alignment for Final Cut Pro and Resolve. */
export const fcpxmlExporter = textExporter(
  { id: 'fcpxml', title: 'Final Cut Pro XML 1.9', extension: '.fcpxml', purpose: 'editors' },
  (view, input, _outPath, options) => {
    const tracks = requireTracks(view, 'export.what.both', ['video', 'audio'])
    const shown = audibleTracks(view, ['video', 'audio'], options)
    const stream = view.stream(shown.find((track) => track.sensor === 'video')?.clips[0]?.streamId ?? '')
    const isTurned = (stream?.rotationDegrees ?? 0) % 180 !== 0
    const size = { width: stream?.width || DEFAULT_SIZE.width, height: stream?.height || DEFAULT_SIZE.height }
    const left = view.tracks.filter((track) => track.clips.length > 0 && !tracks.includes(track))
    if (left.length > 0) {
      options.onNote?.(say('note.otherSensors', { tracks: left.length }))
    }
    return fcpxmlText(view, {
      rate: sequenceRate(view),
      width: isTurned ? size.height : size.width,
      height: isTurned ? size.width : size.height,
      urlOf: (assetId) =>
        pathToFileURL(requirePath(input.assetPath(assetId), view.asset(assetId)?.title ?? assetId)).href,
    })
  },
)
