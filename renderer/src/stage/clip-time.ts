/** Which clip of a stream is under the playhead, and where in the recording that is. */
import { momentsOfStream, sourceSecondsAt } from '../../../shared/document/clip-clock.ts'
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import type { Clip, Stream, Track } from '../../../shared/document/records.ts'
import { clockSecondsOf } from '../../../shared/signal/time-map.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { clipAt } from '../../../shared/document/timeline.ts'

export interface SourceMoment {
  readonly clip: Clip
  /** On the stream's own clock. */
  readonly sourceSeconds: number
  /** Seconds of the recording that pass in a second of the project: not 1 where the device's clock drifts. */
  readonly sourceRate: number
}

function tracksOfStream(document: Document, streamId: string): Track[] {
  return recordsOf(document, 'track').filter((track) => track.clips.some((clip) => clip.streamId === streamId))
}

/** Null where the track shows nothing. */
export function momentOf(document: Document, track: Track, projectSeconds: number): SourceMoment | null {
  const clip = clipAt(track, ticksFromSeconds(projectSeconds))
  if (!clip) return null
  const map = momentsOfStream(document, clip.streamId)
  return {
    clip,
    sourceSeconds: sourceSecondsAt(clip, map, projectSeconds),
    sourceRate: 1 / (1 + map.ratePpm * 1e-6),
  }
}

/** So near a clip its first or last picture stands: sound often begins a little before the picture, and ends behind it. */
const EDGE_SECONDS = 0.04
/** Of a clip's end, where its last picture is still shown. */
const LAST_PICTURE_SECONDS = 0.002

/** What a camera shows: the clip under the playhead, or at the very edge of one its first or its last picture. */
export function pictureOf(document: Document, streamId: string, projectSeconds: number): SourceMoment | null {
  const tracks = tracksOfStream(document, streamId)
  const at = (seconds: number): SourceMoment | null =>
    tracks.map((track) => momentOf(document, track, seconds)).find((each) => each?.clip.streamId === streamId) ?? null
  const here = at(projectSeconds)
  if (here) return here
  const ahead = at(projectSeconds + EDGE_SECONDS)
  if (ahead) return at(secondsFromTicks(ahead.clip.startTicks))
  const behind = at(projectSeconds - EDGE_SECONDS)
  if (!behind) return null
  return at(secondsFromTicks(behind.clip.startTicks + behind.clip.durationTicks) - LAST_PICTURE_SECONDS)
}

export interface Nearest {
  readonly is: 'ahead' | 'between' | 'behind' | 'nowhere'
  readonly awaySeconds: number
}

/** Where a stream is shown next from a moment at which it is not, or was last where nothing lies ahead. */
export function nearestShown(document: Document, streamId: string, projectSeconds: number): Nearest {
  const at = ticksFromSeconds(projectSeconds)
  let next = Infinity
  let last = -Infinity
  for (const { clips } of tracksOfStream(document, streamId)) {
    for (const clip of clips) {
      if (clip.streamId !== streamId) continue
      const end = clip.startTicks + clip.durationTicks
      if (clip.startTicks > at) next = Math.min(next, clip.startTicks)
      else if (end <= at) last = Math.max(last, end)
    }
  }
  if (next < Infinity) return { is: last > -Infinity ? 'between' : 'ahead', awaySeconds: secondsFromTicks(next - at) }
  if (last > -Infinity) return { is: 'behind', awaySeconds: secondsFromTicks(at - last) }
  return { is: 'nowhere', awaySeconds: 0 }
}

/** The moment on an asset's clock by its map alone, for what is drawn in the world whether or not it was cut. */
export function clockSecondsAt(document: Document, stream: Stream, projectSeconds: number): number {
  return clockSecondsOf(momentsOfStream(document, stream.id), projectSeconds)
}

/** Where a browser gets the stream from: the original, or a proxy where it could not play that. */
export function playUrl(stream: Stream): string {
  return `/media/${stream.assetId}/play?stream=${stream.index}`
}
