/** The rows of the timeline: where each track lies on screen. Pixels from the top of the canvas, below the ruler. */
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import type { Caption, Clip, Marker, Sensor, Track } from '../../../shared/document/records.ts'

export const RULER_HEIGHT = 32
export const HEADER_WIDTH = 168
const STARS_HEIGHT = 20
const WORDS_HEIGHT = 26
const HEIGHTS: Partial<Record<Sensor, number>> = { video: 50, audio: 44 }
const OTHER_HEIGHT = 30

export interface TrackRow {
  readonly kind: 'track'
  readonly track: Track
  readonly top: number
  readonly height: number
}

export interface WordsRow {
  readonly kind: 'words'
  readonly captions: readonly Caption[]
  readonly top: number
  readonly height: number
}

/** The predicted stars of each moment, as heat. */
export interface StarsRow {
  readonly kind: 'stars'
  readonly segments: readonly StarSegment[]
  readonly top: number
  readonly height: number
}

export interface StarSegment {
  readonly start_s: number
  readonly end_s: number
  readonly stars: number
}

export type Row = TrackRow | WordsRow | StarsRow

export interface TimelineModel {
  readonly rows: readonly Row[]
  readonly markers: readonly Marker[]
  readonly height: number
}

export function timelineModel(document: Document, segments: readonly StarSegment[] = []): TimelineModel {
  const rows: Row[] = []
  let top = 0
  if (segments.length > 0) {
    rows.push({ kind: 'stars', segments, top, height: STARS_HEIGHT })
    top += STARS_HEIGHT
  }
  const captions = recordsOf(document, 'caption').sort((a, b) => a.startTicks - b.startTicks)
  if (captions.length > 0) {
    rows.push({ kind: 'words', captions, top, height: WORDS_HEIGHT })
    top += WORDS_HEIGHT
  }
  for (const track of recordsOf(document, 'track').sort((a, b) => a.order - b.order)) {
    const height = HEIGHTS[track.sensor] ?? OTHER_HEIGHT
    rows.push({ kind: 'track', track, top, height })
    top += height
  }
  return { rows, markers: recordsOf(document, 'marker'), height: top }
}

export function rowAt(model: TimelineModel, y: number): Row | undefined {
  return model.rows.find((row) => y >= row.top && y < row.top + row.height)
}

/** The clip of a track at a tick, by bisection: tracks hold thousands. */
export function clipAt(track: Track, atTicks: number): Clip | undefined {
  let low = 0
  let high = track.clips.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (track.clips[middle]!.startTicks <= atTicks) low = middle + 1
    else high = middle
  }
  const clip = track.clips[low - 1]
  return clip && atTicks < clip.startTicks + clip.durationTicks ? clip : undefined
}

/** The clips of a track that a span of ticks touches, as a range of indices. */
export function clipsWithin(track: Track, fromTicks: number, toTicks: number): readonly Clip[] {
  let low = 0
  let high = track.clips.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (track.clips[middle]!.startTicks + track.clips[middle]!.durationTicks <= fromTicks) low = middle + 1
    else high = middle
  }
  let end = low
  while (end < track.clips.length && track.clips[end]!.startTicks < toTicks) end += 1
  return track.clips.slice(low, end)
}
