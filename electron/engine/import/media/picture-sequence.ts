/** Pictures that lie in a capture as single files, each with a time: a film, put together when a program asks for one. */
import { AsterismError, isCancellation, throwIfCancelled } from '../../../../shared/errors.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { FilmFile } from '../../media/film-file.ts'
import type { ImportSource } from '../importer.ts'
import { corruptFile, warning } from '../refusals.ts'
import type { LoadedStream } from '../stream-set.ts'
import { filmDescription, usualStep } from './film-stream.ts'
import { stillFormat, type StillFormat } from './still.ts'

export const MAX_PICTURE_BYTES = 64 << 20

export interface SequencePicture {
  readonly timeNanoseconds: bigint
  /** The coded picture, at most MAX_PICTURE_BYTES. */
  read(signal: AbortSignal): Promise<Uint8Array>
}

/** Pictures that are tried for one that can be read before the sequence is given up. */
const TRIED_FIRST = 5

/**
 * PNG or JPEG pictures as a video stream; undefined, with a warning, where they are none of these. Pictures of another
 * size or coding than the first, and damaged ones, are left out of the film: the one before stays.
 * @param name What the sequence is called in warnings.
 */
export async function pictureSequence(
  source: ImportSource,
  name: string,
  pictures: readonly SequencePicture[],
  warnings: ImportWarning[],
  { signal, title }: { readonly signal: AbortSignal; readonly title?: string },
): Promise<LoadedStream | undefined> {
  const ordered = pictures
    .toSorted((a, b) => Number(a.timeNanoseconds - b.timeNanoseconds))
    .filter((picture, index, all) => index === 0 || picture.timeNanoseconds > all[index - 1].timeNanoseconds)
  if (ordered.length === 0) return undefined
  const format = await firstFormat(ordered, signal)
  if (!format) {
    warnings.push(warning('pictures_ignored', say('import.picturesOtherKind', { name })))
    return undefined
  }
  const times = BigInt64Array.from(ordered, ({ timeNanoseconds }) => timeNanoseconds)
  return {
    description: filmDescription(format, times, title),
    film: (path, context) => writeFilm(source, path, format, ordered, context.signal),
  }
}

async function firstFormat(
  pictures: readonly SequencePicture[],
  signal: AbortSignal,
): Promise<StillFormat | undefined> {
  for (const picture of pictures.slice(0, TRIED_FIRST)) {
    const data = await bytesOf(picture, signal)
    const format = data && stillFormat(data)
    if (format) return format
  }
  return undefined
}

/** Undefined for a picture that cannot be read. */
async function bytesOf(picture: SequencePicture, signal: AbortSignal): Promise<Uint8Array | undefined> {
  throwIfCancelled(signal)
  try {
    return await picture.read(signal)
  } catch (error) {
    if (isCancellation(error) || !(error instanceof AsterismError)) throw error
    return undefined
  }
}

async function writeFilm(
  source: ImportSource,
  path: string,
  format: StillFormat,
  pictures: readonly SequencePicture[],
  signal: AbortSignal,
): Promise<void> {
  const film = await FilmFile.create(path, format)
  try {
    for (const picture of pictures) {
      const data = await bytesOf(picture, signal)
      const own = data && stillFormat(data)
      if (!data || own?.entry !== format.entry || own.width !== format.width || own.height !== format.height) continue
      // The first good one stands from the beginning, so that all others keep their times.
      const sinceFirst = film.count === 0 ? 0n : picture.timeNanoseconds - pictures[0].timeNanoseconds
      await film.add(data, Number(sinceFirst) / 1000, true)
    }
    if (film.count === 0) throw corruptFile(source.path, say('broken.noPictures'))
    await film.finish(usualStep(BigInt64Array.from(pictures, ({ timeNanoseconds }) => timeNanoseconds)) / 1000)
  } catch (error) {
    await film.discard()
    throw error
  }
}
