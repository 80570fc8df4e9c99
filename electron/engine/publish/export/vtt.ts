import { AsterismError } from '../../../../shared/errors.ts'
import { vttText } from '../formats/vtt.ts'
import { textExporter } from './text-exporter.ts'

/** Captions and commentary for players. */
export const vttExporter = textExporter({ id: 'vtt', title: 'WebVTT captions', extension: '.vtt' }, (view) => {
  if (view.captions.length === 0) {
    throw new AsterismError('bad_input', 'The project has no captions.', { fix: 'Transcribe or type some first.' })
  }
  return vttText(view.captions)
})
