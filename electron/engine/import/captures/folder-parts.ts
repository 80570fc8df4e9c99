/** What importers of capture folders share: finding the folder's parts, and the streams of a video inside it. */
import { join } from 'node:path'
import { AsterismError, isCancellation } from '../../../../shared/errors.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { probeMedia, type MediaProbe } from '../../media/probe.ts'
import type { ImportContext, ImportSource, StreamDescription } from '../importer.ts'
import { MAX_PICTURE_BYTES, type SequencePicture } from '../media/picture-sequence.ts'
import { readWhole } from '../reading/byte-stream.ts'
import { warning } from '../refusals.ts'

/**
 * The folder, relative to the source and ending in `/` or empty, in which a file of this name lies. Captures are often
 * unpacked into a folder within a folder. Undefined when there is none, or more than one capture.
 */
export function folderOf(source: Pick<ImportSource, 'entries'>, fileName: string): string | undefined {
  const found = source.entries.filter((entry) => entry === fileName || entry.endsWith(`/${fileName}`))
  if (found.length !== 1) return undefined
  return found[0].slice(0, found[0].length - fileName.length)
}

/** Absolute path of an entry of the source. */
export function entryPath(source: ImportSource, entry: string): string {
  return join(source.path, ...entry.split('/'))
}

export interface PictureFile {
  readonly timeNanoseconds: bigint
  /** Of the source. */
  readonly entry: string
}

/** Pictures that are files of the folder, as a sequence. */
export function filePictures(source: ImportSource, files: readonly PictureFile[]): SequencePicture[] {
  return files.map(({ timeNanoseconds, entry }) => ({
    timeNanoseconds,
    read: (signal) => readWhole(entryPath(source, entry), MAX_PICTURE_BYTES, signal),
  }))
}

/** Numbered files directly under `folder`, by number: `000012.png` is 12. */
export function numberedFiles(source: ImportSource, folder: string, pattern: RegExp): Map<number, string> {
  const files = new Map<number, string>()
  for (const entry of source.entries) {
    if (!entry.startsWith(folder)) continue
    const match = pattern.exec(entry.slice(folder.length))
    if (match) files.set(Number(match[1]), entry)
  }
  return files
}

export interface VideoPart {
  readonly probe: MediaProbe | undefined
  readonly warnings: readonly ImportWarning[]
}

/** Probes a video of a capture. One that cannot be read is a warning: the rest of the capture may still be good. */
export async function probePart(source: ImportSource, entry: string, context: ImportContext): Promise<VideoPart> {
  try {
    const probe = await probeMedia(entryPath(source, entry), context.tools, context.signal)
    return { probe, warnings: probe.warnings }
  } catch (error) {
    if (isCancellation(error) || !(error instanceof AsterismError) || error.code === 'timeout') throw error
    return {
      probe: undefined,
      warnings: [
        warning('video_unreadable', say('import.partUnreadable', { entry, why: error.said?.what ?? error.message })),
      ],
    }
  }
}

/** Video and sound of a probed part, `offsetSeconds` later on the capture's clock than on the video's own. */
export function mediaStreams(probe: MediaProbe, clock: number, offsetSeconds: number): StreamDescription[] {
  return probe.streams.flatMap((stream): StreamDescription[] => {
    if ((stream.kind !== 'video' && stream.kind !== 'audio') || stream.attachedPicture) return []
    const { codec, durationSeconds, width, height, frameRate, rotationDegrees, sampleRateHz, channels } = stream
    const common = {
      clock,
      sensor: stream.kind,
      codec,
      startSeconds: offsetSeconds + stream.startSeconds,
      durationSeconds,
    }
    return stream.kind === 'video'
      ? [{ ...common, width, height, frameRate, rotationDegrees }]
      : [{ ...common, sampleRateHz, channels }]
  })
}
