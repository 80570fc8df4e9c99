/** Where a stream of a recording lies: the streams of a capture folder may lie in several files. */
import type { ImportContext, Importer, ImportSource, MediaPart } from '../importer.ts'

interface NumberedStream {
  readonly index: number
  readonly sensor: string
}

export interface MediaLocation {
  readonly path: string
  /** Its place among the file's streams of that sensor, as ffmpeg counts them. */
  readonly rank: number
}

/**
 * A file that lies in no form that players read is made first.
 * @param streams all of the recording
 */
export async function locateMedia(
  { importer, source }: { readonly importer: Importer; readonly source: ImportSource },
  stream: NumberedStream,
  streams: readonly NumberedStream[],
  context: ImportContext,
): Promise<MediaLocation> {
  const partOf = ({ index }: NumberedStream) => importer.mediaPart?.(source, index, context) ?? { path: source.path }
  const part: MediaPart = partOf(stream)
  const before = streams.filter((each) => each.sensor === stream.sensor && each.index < stream.index)
  const rank = before.filter((each) => partOf(each).path === part.path).length
  await part.make?.()
  return { path: part.path, rank }
}
