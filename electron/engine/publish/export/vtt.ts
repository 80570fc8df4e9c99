import { vttText } from '../formats/vtt.ts'
import { requireCaptions } from './refusals.ts'
import { textExporter } from './text-exporter.ts'

/** Captions and commentary for players. */
export const vttExporter = textExporter(
  { id: 'vtt', title: 'WebVTT captions', extension: '.vtt', purpose: 'captions' },
  (view) => {
    requireCaptions(view)
    return vttText(view.captions, view.speakerName)
  },
)
