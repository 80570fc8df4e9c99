/**
 * The trims of an editing room: trim, ripple, roll, slip, slide. Each takes a wished number of ticks, goes as far as the
 * recordings and the neighbours of every clip in the gesture allow, and says how far it went. Clips that are trimmed
 * together go equally far, so that what was in step stays in step. Locked tracks stop a gesture.
 */
import { projectTicksAt, sourceTicksAt } from './clip-clock.ts'
import { cutSpans, mayAllFollow } from './cut-spans.ts'
import { asRead, recordsOf } from './document.ts'
import { makeRoom } from './move-spans.ts'
import type { Clip, DocumentRecord, Track } from './records.ts'
import { ticksFromFrame, ticksFromSeconds } from '../units.ts'
import { sourceSpan } from './timeline.ts'

type Draft = Map<string, DocumentRecord>
export type Edge = 'start' | 'end'

/** A clip in its place: the draft's own objects, to be changed. */
interface Place {
  readonly track: Track
  readonly index: number
  readonly clip: Clip
  readonly before: Clip | undefined
  readonly after: Clip | undefined
}

/** How far a gesture may go in ticks: from `least` (at most 0) to `most` (at least 0). */
interface Reach {
  readonly least: number
  readonly most: number
}

/** How much shorter a clip can become: a picture or a sample of sound is left, since nothing could be seen of less. */
function spareTicks(draft: Draft, { streamId, durationTicks }: Clip): number {
  const stream = asRead(draft).get(streamId)
  let least = 1
  if (stream?.kind === 'stream' && stream.sensor === 'video' && stream.frameRate)
    least = ticksFromFrame(1, stream.frameRate)
  else if (stream?.kind === 'stream' && stream.sensor === 'audio' && stream.sampleRateHz)
    least = ticksFromSeconds(1 / stream.sampleRateHz)
  return Math.max(0, durationTicks - least)
}

/** Moves an edge into what the recording has left and up to the neighbour; nothing else moves. */
export function trimClips(draft: Draft, clipIds: ReadonlySet<string>, edge: Edge, byTicks: number): number {
  return together(draft, clipIds, byTicks, {
    reach: ({ clip, before, after }) => {
      const source = sourceReach(draft, clip)
      return edge === 'start'
        ? {
            least: Math.max(-source.beforeStart, before ? endOf(before) - clip.startTicks : -Infinity),
            most: spareTicks(draft, clip),
          }
        : {
            least: -spareTicks(draft, clip),
            most: Math.min(source.afterEnd, after ? after.startTicks - endOf(clip) : Infinity),
          }
    },
    apply: ({ clip }, by) => {
      if (edge === 'start') moveStart(draft, clip, by)
      else clip.durationTicks += by
    },
  })
}

/**
 * Moves an edge and takes all that follows along; the start of the clip stays where it is. Where nothing else lies
 * beside, the whole time line follows, words and markers with it, as when clips are deleted; else the tracks of the
 * gesture alone.
 */
export function rippleTrim(
  draft: Draft,
  clipIds: ReadonlySet<string>,
  edge: Edge,
  byTicks: number,
  newId: () => string,
): number {
  const before = asRead(draft)
  return together(draft, clipIds, byTicks, {
    reach: ({ clip }) => {
      const source = sourceReach(draft, clip)
      return edge === 'end'
        ? { least: -spareTicks(draft, clip), most: source.afterEnd }
        : { least: -source.beforeStart, most: spareTicks(draft, clip) }
    },
    apply: ({ track, index, clip }, by) => {
      if (edge === 'start') clip.sourceStartTicks = sourceTicksAt(draft, clip, clip.startTicks + by)
      const growth = edge === 'end' ? by : -by
      clip.durationTicks += growth
      for (const later of track.clips.slice(index + 1)) later.startTicks += growth
    },
    follow: (places, by) => {
      const growth = edge === 'end' ? by : -by
      // The edges as they were: those of linked clips that were trimmed apart are not one moment.
      const edges = new Set(places.map(({ clip }) => (edge === 'end' ? endOf(clip) - growth : clip.startTicks)))
      const [at] = edges
      if (edges.size > 1) return
      const span =
        growth >= 0
          ? { startTicks: at!, endTicks: at! }
          : edge === 'end'
            ? { startTicks: at! + growth, endTicks: at! }
            : { startTicks: at!, endTicks: at! - growth }
      if (!mayAllFollow(before, [span], ({ id }) => clipIds.has(id))) return
      const own = new Set(places.map(({ track }) => track.id))
      if (growth < 0) cutSpans(draft, [span], newId, own)
      else makeRoom(draft, at!, growth, newId, own)
    },
  })
}

/** Moves the cut between a clip and the one that adjoins it at an edge; the length of both together stays. */
export function rollCut(draft: Draft, clipIds: ReadonlySet<string>, edge: Edge, byTicks: number): number {
  const cutOf = ({ clip, before, after }: Place): readonly [Clip, Clip] | null => {
    const [left, right] = edge === 'end' ? [clip, after] : [before, clip]
    return left && right && endOf(left) === right.startTicks ? [left, right] : null
  }
  return together(draft, clipIds, byTicks, {
    reach: (place) => {
      const cut = cutOf(place)
      if (!cut) return { least: 0, most: 0 }
      const [left, right] = cut
      return {
        least: Math.max(-spareTicks(draft, left), -sourceReach(draft, right).beforeStart),
        most: Math.min(spareTicks(draft, right), sourceReach(draft, left).afterEnd),
      }
    },
    apply: (place, by) => {
      const [left, right] = cutOf(place)!
      left.durationTicks += by
      moveStart(draft, right, by)
    },
  })
}

/** Shows later (or, below zero, earlier) moments of the recording in the same place. */
export function slipClips(draft: Draft, clipIds: ReadonlySet<string>, byTicks: number): number {
  return together(draft, clipIds, byTicks, {
    reach: ({ clip }) => {
      const source = sourceReach(draft, clip)
      return { least: -source.beforeStart, most: source.afterEnd }
    },
    apply: ({ clip }, by) => {
      clip.sourceStartTicks = sourceTicksAt(draft, clip, clip.startTicks + by)
    },
  })
}

/** Moves a clip between its neighbours: the one before ends later, the one after begins later, by as much. */
export function slideClips(draft: Draft, clipIds: ReadonlySet<string>, byTicks: number): number {
  const adjoins = (left: Clip | undefined, right: Clip | undefined): boolean =>
    left !== undefined && right !== undefined && endOf(left) === right.startTicks
  return together(draft, clipIds, byTicks, {
    reach: ({ clip, before, after }) => ({
      least: Math.max(
        !before ? -Infinity : adjoins(before, clip) ? -spareTicks(draft, before) : endOf(before) - clip.startTicks,
        after && adjoins(clip, after) ? -sourceReach(draft, after).beforeStart : -Infinity,
      ),
      most: Math.min(
        !after ? Infinity : adjoins(clip, after) ? spareTicks(draft, after) : after.startTicks - endOf(clip),
        before && adjoins(before, clip) ? sourceReach(draft, before).afterEnd : Infinity,
      ),
    }),
    apply: ({ clip, before, after }, by) => {
      const [joinsBefore, joinsAfter] = [adjoins(before, clip), adjoins(clip, after)]
      if (before && joinsBefore) before.durationTicks += by
      if (after && joinsAfter) moveStart(draft, after, by)
      clip.startTicks += by
    },
  })
}

interface Gesture {
  reach(place: Place): Reach
  apply(place: Place, byTicks: number): void
  /** What comes of it beyond the tracks of the gesture. */
  follow?(places: readonly Place[], byTicks: number): void
}

/**
 * Applies a gesture to one clip a track, equally far for all. Two clips of one track cannot be trimmed at once: the
 * first along the track is.
 */
function together(draft: Draft, clipIds: ReadonlySet<string>, byTicks: number, gesture: Gesture): number {
  const places = placesOf(draft, clipIds)
  if (places === null || places.length === 0) return 0
  const reaches = places.map((place) => gesture.reach(place))
  const least = Math.min(0, Math.max(...reaches.map((reach) => reach.least)))
  const most = Math.max(0, Math.min(...reaches.map((reach) => reach.most)))
  const by = Math.min(Math.max(byTicks, least), most)
  if (by === 0) return 0
  for (const place of places) gesture.apply(place, by)
  gesture.follow?.(places, by)
  return by
}

/** Null where one of the clips lies on a locked track. */
function placesOf(draft: Draft, clipIds: ReadonlySet<string>): Place[] | null {
  const places: Place[] = []
  for (const { id } of recordsOf(draft, 'track')) {
    const track = draft.get(id)
    if (track?.kind !== 'track') continue
    const index = asRead(track.clips).findIndex((clip) => clipIds.has(clip.id))
    if (index < 0) continue
    if (track.locked) return null
    places.push({
      track,
      index,
      clip: track.clips[index]!,
      before: track.clips[index - 1],
      after: track.clips[index + 1],
    })
  }
  return places
}

function endOf(clip: Clip): number {
  return clip.startTicks + clip.durationTicks
}

/** How much more of its recording there is on either side of a clip, in ticks of the project; never below zero. */
function sourceReach(draft: Draft, clip: Clip): { beforeStart: number; afterEnd: number } {
  const span = sourceSpan(draft, clip)
  return {
    beforeStart: Math.max(0, clip.startTicks - projectTicksAt(draft, clip, span.startTicks)),
    afterEnd: span.endTicks === null ? Infinity : Math.max(0, projectTicksAt(draft, clip, span.endTicks) - endOf(clip)),
  }
}

/** Moves the start of a clip and leaves its end: the same moments are shown at the same times. */
function moveStart(draft: Draft, clip: Clip, byTicks: number): void {
  const sourceStartTicks = sourceTicksAt(draft, clip, clip.startTicks + byTicks)
  clip.startTicks += byTicks
  clip.sourceStartTicks = sourceStartTicks
  clip.durationTicks -= byTicks
}
