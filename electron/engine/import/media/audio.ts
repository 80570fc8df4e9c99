/** Sound files. */
import { say } from '../../../../shared/sayings/saying.ts'
import type { Importer } from '../importer.ts'
import { readRecording } from './recording.ts'
import { mediaSignature } from './signatures.ts'

export const audioImporter: Importer = {
  id: 'audio',
  title: say('readable.audio'),
  extensions:
    'wav wave bwf w64 flac mp3 mp2 m4a m4b aac ogg oga opus aif aiff aifc caf au amr wv ape tta dsf ac3 eac3 dts voc'.split(
      ' ',
    ),
  supports: (source) => {
    const signature = mediaSignature(source.head)
    return signature?.family === 'audio' ? signature.certainty : 0
  },
  read: (source, context) => readRecording(source, context),
}
