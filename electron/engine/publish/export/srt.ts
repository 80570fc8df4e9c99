import { srtText } from '../formats/vtt.ts'
import { requireCaptions } from './refusals.ts'
import { textExporter } from './text-exporter.ts'

/** Captions for the players that know nothing newer. */
export const srtExporter = textExporter(
  { id: 'srt', title: 'SubRip captions', extension: '.srt', purpose: 'captions' },
  (view) => {
    requireCaptions(view)
    return srtText(view.captions, view.speakerName)
  },
)
