/** Where a stream of a recording lies: the streams of a capture folder may lie in several files. */
import type { Importer, ImportSource } from './importer.ts'

interface NumberedStream {
  readonly index: number
  readonly sensor: string
}

export interface MediaLocation {
  readonly path: string
  /** Its place among the file's streams of that sensor, as ffmpeg counts them. */
  readonly rank: number
}

/** @param streams all of the recording */
export function locateMedia(
  { importer, source }: { readonly importer: Importer; readonly source: ImportSource },
  stream: NumberedStream,
  streams: readonly NumberedStream[],
): MediaLocation {
  const pathOf = ({ index }: NumberedStream): string => importer.mediaPath?.(source, index) ?? source.path
  const path = pathOf(stream)
  const before = streams.filter((each) => each.sensor === stream.sensor && each.index < stream.index)
  return { path, rank: before.filter((each) => pathOf(each) === path).length }
}
