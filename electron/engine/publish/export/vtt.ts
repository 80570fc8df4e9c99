import { vttText } from '../formats/vtt.ts'
import { requireCaptions } from './refusals.ts'
import { textExporter } from './text-exporter.ts'

/** The same with the time of every word: for players that light words up as they are spoken, and for other editors. */
export const vttWordsExporter = textExporter(
  { id: 'vtt-words', title: 'WebVTT captions, word by word', extension: '.vtt', purpose: 'captions' },
  (view) => {
    requireCaptions(view)
    return vttText(view.captions, view.speakerName, true)
  },
)

/** Captions and commentary for players. */
export const vttExporter = textExporter(
  { id: 'vtt', title: 'WebVTT captions', extension: '.vtt', purpose: 'captions' },
  (view) => {
    requireCaptions(view)
    return vttText(view.captions, view.speakerName)
  },
)
