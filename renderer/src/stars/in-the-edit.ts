/**
 * Where the moments that the stars speak of lie on the time line. Stars count moments as the time maps place them, which no
 * edit moves; an edit that closed gaps or moved clips shows them elsewhere, or no longer.
 */
import { momentsOfStream, projectSecondsAt, shiftOf } from '../../../shared/document/clip-clock.ts'
import type { Document } from '../../../shared/document/document.ts'
import { UNMOVED_SECONDS } from '../../../shared/document/recorded-captions.ts'
import type { Clip } from '../../../shared/document/records.ts'
import { tracksInOrder } from '../../../shared/document/timeline.ts'
import { applyTimeMap, type MomentMap } from '../../../shared/signal/time-map.ts'
import { secondsFromTicks } from '../../../shared/units.ts'

interface Spanned {
  readonly start_s: number
  readonly end_s: number
}

/** What a clip shows, as the time maps place it, and by how much it lies elsewhere. */
interface Shown {
  readonly start: number
  readonly end: number
  readonly shift: number
}

function shownBy(map: MomentMap, clip: Clip): Shown {
  const begin = secondsFromTicks(clip.sourceStartTicks)
  return {
    start: applyTimeMap(map, begin),
    end: applyTimeMap(map, begin + secondsFromTicks(clip.durationTicks)),
    shift: shiftOf(clip, map),
  }
}

/** Track by track, the first first; empty where every clip lies where its map puts it. */
function movedTracks(document: Document): Shown[][] {
  const tracks = tracksInOrder(document)
  const streamIds = new Set(tracks.flatMap(({ clips }) => clips.map(({ streamId }) => streamId)))
  const maps = new Map(Array.from(streamIds, (id) => [id, momentsOfStream(document, id)] as const))
  const isMoved = (clip: Clip): boolean => Math.abs(shiftOf(clip, maps.get(clip.streamId)!)) >= UNMOVED_SECONDS
  if (!tracks.some(({ clips }) => clips.some(isMoved))) return []
  return tracks.map(({ clips }) => clips.map((clip) => shownBy(maps.get(clip.streamId)!, clip)))
}

/** The spans as the first track that shows any of each shows it; the very list where no clip was moved. */
export function spansInEdit<Span extends Spanned>(document: Document, spans: readonly Span[]): readonly Span[] {
  const tracks = spans.length === 0 ? [] : movedTracks(document)
  if (tracks.length === 0) return spans
  const placed = spans.flatMap((span) => {
    for (const clips of tracks) {
      const pieces = clips.flatMap(({ start, end, shift }) => {
        const [from, to] = [Math.max(start, span.start_s), Math.min(end, span.end_s)]
        return to > from ? [{ ...span, start_s: from + shift, end_s: to + shift }] : []
      })
      if (pieces.length > 0) return pieces
    }
    return []
  })
  return placed.sort((a, b) => a.start_s - b.start_s)
}

/** Where the edit shows a moment; the moment itself where nothing does. */
export function secondsInEdit(document: Document, seconds: number): number {
  for (const clips of movedTracks(document)) {
    const clip = clips.find(({ start, end }) => seconds >= start && seconds < end)
    if (clip) return seconds + clip.shift
  }
  return seconds
}

/** Where the edit shows a moment of a stream's own clock; where its map puts it where no clip does. */
export function streamSecondsInEdit(document: Document, streamId: string, seconds: number): number {
  const map = momentsOfStream(document, streamId)
  const clip = tracksInOrder(document)
    .flatMap(({ clips }) => clips)
    .find((each) => {
      const start = secondsFromTicks(each.sourceStartTicks)
      return each.streamId === streamId && seconds >= start && seconds < start + secondsFromTicks(each.durationTicks)
    })
  return clip ? projectSecondsAt(clip, map, seconds) : applyTimeMap(map, seconds)
}
