/** Navigation from clip to clip by keys. */
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import { tracksInOrder } from '../../../shared/document/timeline.ts'
import type { Clip, Track } from '../../../shared/document/records.ts'
import { secondsFromTicks } from '../../../shared/units.ts'

export type Direction = 'above' | 'below' | 'before' | 'after'

export interface Place {
  readonly track: Track
  readonly clip: Clip
}

/**
 * The clip to go to from the selected one; from none, the first that lies at or after the playhead.
 *
 * @returns null at the edge of the timeline
 */
export function neighbourOf(
  document: Document,
  selectedClipId: string | null,
  direction: Direction,
  playheadTicks: number,
): Place | null {
  const tracks = tracksInOrder(document).filter((track) => track.clips.length > 0)
  const row = tracks.findIndex((track) => track.clips.some((clip) => clip.id === selectedClipId))
  const current = tracks[row]
  if (!current) {
    const [first] = tracks
    return first ? { track: first, clip: nearest(first, playheadTicks) } : null
  }
  const index = current.clips.findIndex((clip) => clip.id === selectedClipId)
  if (direction === 'before' || direction === 'after') {
    const clip = current.clips[index + (direction === 'after' ? 1 : -1)]
    return clip ? { track: current, clip } : null
  }
  const track = tracks[row + (direction === 'below' ? 1 : -1)]
  return track ? { track, clip: nearest(track, current.clips[index]!.startTicks) } : null
}

/** The clip under a tick, else the one whose nearer edge is closest. */
function nearest(track: Track, atTicks: number): Clip {
  const distance = (clip: Clip): number =>
    Math.max(clip.startTicks - atTicks, atTicks - (clip.startTicks + clip.durationTicks - 1), 0)
  return track.clips.reduce((best, clip) => (distance(clip) < distance(best) ? clip : best))
}

/** The next start or end of a clip on any track from a moment on, seconds; null where there is none. */
export function editPointFrom(document: Document, fromSeconds: number, direction: 1 | -1): number | null {
  let best: number | null = null
  for (const track of recordsOf(document, 'track')) {
    for (const clip of track.clips) {
      for (const edge of [clip.startTicks, clip.startTicks + clip.durationTicks]) {
        const ahead = direction * (secondsFromTicks(edge) - fromSeconds)
        if (ahead > 1e-6 && (best === null || ahead < direction * (best - fromSeconds))) best = secondsFromTicks(edge)
      }
    }
  }
  return best
}
