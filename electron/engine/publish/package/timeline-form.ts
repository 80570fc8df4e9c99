/** What timeline.otio must be for whoever opens it: a timeline that reads, of recordings that are there. */
import { AsterismError } from '../../../../shared/errors.ts'
import { readOtio } from '../formats/otio-read.ts'
import { decoded } from './croissant-files.ts'

export const TIMELINE_NAME = 'timeline.otio'

/** @param isThere whether a path leads to a file or folder of the package, or of what it opens to */
export function timelineFaults(text: string, isThere: (path: string) => boolean): string[] {
  try {
    const clips = readOtio(text).tracks.flatMap((track) => track.clips)
    const urls = new Set(clips.flatMap(({ targetUrl }) => targetUrl ?? []))
    return [...urls].filter((url) => !isThere(decoded(url))).map((url) => `names ${url}, which is not in the package`)
  } catch (error) {
    if (!(error instanceof AsterismError)) throw error
    return ['is not a time line (OpenTimelineIO, Timeline.1)']
  }
}
