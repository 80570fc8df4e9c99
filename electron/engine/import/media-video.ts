/** Video files, and containers of which only their tracks tell whether they hold picture or sound. */
import type { Importer } from './importer.ts'
import { readRecording } from './media-recording.ts'
import { mediaSignature } from './media-signatures.ts'

export const videoImporter: Importer = {
  id: 'video',
  title: 'Video file',
  extensions: 'mp4 m4v mov qt mkv webm avi mpg mpeg vob m2v ts mts m2ts wmv asf flv mxf ogv 3gp 3g2 lrv insv 360'.split(
    ' ',
  ),
  supports: (source) => {
    const signature = mediaSignature(source.head)
    return signature?.family === 'container' ? signature.certainty : 0
  },
  read: (source, context) => readRecording(source, context),
}
