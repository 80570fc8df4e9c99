/** The rows of the timeline, with their places on screen in pixels from the top of the canvas, below the ruler. */
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import { isSpan, labelsInOrder, spansInOrder, type LabelSpan } from '../../../shared/document/labels.ts'
import type { Speaker } from '../../../shared/document/speaker-records.ts'
import { speakersInOrder } from '../../../shared/document/speakers.ts'
import type { Label } from '../../../shared/document/label-records.ts'
import type { Gap } from '../../../shared/document/sample-gaps.ts'
import { sensorJoints, type SensorJoint } from '../../../shared/document/sensor-joints.ts'
import { tracksInOrder } from '../../../shared/document/timeline.ts'
import { PROGRAM_TRACK_ID } from '../../../shared/document/timeline-multicam.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import type { Asset, Caption, Clip, Marker, Sensor, Stream, Track } from '../../../shared/document/records.ts'

export const RULER_HEIGHT = 32
export const HEADER_WIDTH = 168
const STARS_HEIGHT = 20
const WORDS_HEIGHT = 26
const LABEL_HEIGHT = 22
const HEIGHTS: Partial<Record<Sensor, number>> = { video: 50, audio: 44 }
const OTHER_HEIGHT = 30

const NO_JOINTS: readonly SensorJoint[] = []

export interface TrackRow {
  readonly kind: 'track'
  readonly track: Track
  /** Where its sensor parts from the picture, by their moment. */
  readonly joints: readonly SensorJoint[]
  readonly top: number
  readonly height: number
}

/** What one person says; or everybody, of whom nobody said who they are. */
export interface WordsRow {
  readonly kind: 'words'
  readonly speaker: Speaker | null
  /** By their start. */
  readonly captions: readonly Caption[]
  readonly longestSeconds: number
  readonly top: number
  readonly height: number
}

/** The spans of one label. */
export interface LabelRow {
  readonly kind: 'label'
  readonly label: Label
  /** By their start. */
  readonly spans: readonly LabelSpan[]
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

export type Row = TrackRow | WordsRow | LabelRow | StarsRow

export interface TimelineModel {
  readonly rows: readonly Row[]
  /** Those on the ruler, by their moment; spans with a label have rows. */
  readonly markers: readonly Marker[]
  readonly recordings: Recordings
  readonly height: number
}

/** What clips show of the recordings behind them. */
export interface Recordings {
  readonly assets: readonly Asset[]
  readonly streams: readonly Stream[]
  readonly titles: ReadonlyMap<string, string>
  /** Recordings whose file is not there: their clips stay, and say so. */
  readonly away: ReadonlyMap<string, 'missing' | 'changed'>
  /** Where samples of a stream are missing, of the streams in which some are. */
  readonly gaps: ReadonlyMap<string, readonly Gap[]>
}

/**
 * Makes the model of one state of the document after the other: rows that show the same as those before are the same
 * objects, so that what has to be drawn anew is what is another object.
 */
export function timelineModeller(): (document: Document, segments: readonly StarSegment[]) => TimelineModel {
  let before: TimelineModel | null = null
  return (document, segments) => (before = timelineModel(document, segments, before))
}

function timelineModel(
  document: Document,
  segments: readonly StarSegment[],
  before: TimelineModel | null,
): TimelineModel {
  const rows: Row[] = []
  let top = 0
  if (segments.length > 0) {
    rows.push({ kind: 'stars', segments, top, height: STARS_HEIGHT })
    top += STARS_HEIGHT
  }
  for (const row of wordRows(document)) {
    rows.push({ ...row, top })
    top += row.height
  }
  const spans = Object.groupBy(spansInOrder(document), (span) => span.labelId)
  for (const label of labelsInOrder(document)) {
    rows.push({ kind: 'label', label, spans: spans[label.id] ?? [], top, height: LABEL_HEIGHT })
    top += LABEL_HEIGHT
  }
  const joints = sensorJoints(document)
  for (const track of tracksInOrder(document)) {
    const height = HEIGHTS[track.sensor] ?? OTHER_HEIGHT
    rows.push({ kind: 'track', track, joints: joints.get(track.id) ?? NO_JOINTS, top, height })
    top += height
  }
  return {
    rows: rows.map((row, n) => sameOr(row, before?.rows[n])),
    markers: sameListOr(
      recordsOf(document, 'marker')
        .filter((marker) => !isSpan(marker))
        .sort((a, b) => a.atTicks - b.atTicks),
      before?.markers,
    ),
    recordings: recordingsOf(document, before?.recordings),
    height: top,
  }
}

/** A row for what nobody is said to speak, and one for each who speaks. */
function wordRows(document: Document): Omit<WordsRow, 'top'>[] {
  const captions = recordsOf(document, 'caption').sort((a, b) => a.startTicks - b.startTicks)
  const bySpeaker = Map.groupBy(captions, (caption) => caption.speakerId)
  return [null, ...speakersInOrder(document)].flatMap((speaker) => {
    const own = bySpeaker.get(speaker?.id)
    if (!own) return []
    const longest = own.reduce((most, caption) => Math.max(most, caption.endTicks - caption.startTicks), 0)
    return [
      {
        kind: 'words',
        speaker,
        captions: own,
        longestSeconds: secondsFromTicks(longest),
        height: WORDS_HEIGHT,
      } as const,
    ]
  })
}

function recordingsOf(document: Document, before: Recordings | undefined): Recordings {
  const assets = recordsOf(document, 'asset')
  const streams = recordsOf(document, 'stream')
  if (before && isSameList(assets, before.assets) && isSameList(streams, before.streams)) return before
  return {
    assets,
    streams,
    titles: new Map(assets.map((asset) => [asset.id, asset.title])),
    away: new Map(
      assets.flatMap(({ id, missing, changed }) => (missing ? [[id, changed ? 'changed' : 'missing']] : [])),
    ),
    gaps: new Map(streams.flatMap(({ id, gaps }) => (gaps ? [[id, gaps] as const] : []))),
  }
}

/** What is written on a clip: the name of its track, or of its recording in the cut and where it was dragged to. */
export function clipTitle({ titles }: Recordings, clip: Clip, track: Track): string {
  const isOwn = track.id !== PROGRAM_TRACK_ID && track.clips[0]?.assetId === clip.assetId
  return isOwn ? track.title : (titles.get(clip.assetId) ?? track.title)
}

/** The row of before where it says the same: equal fields, lists of the same members. */
function sameOr<R extends Row>(row: R, before: Row | undefined): R {
  if (before?.kind !== row.kind) return row
  const fields = Object.entries(row) as [keyof Row, unknown][]
  return fields.every(([field, value]) => isSameList(value, before[field])) ? (before as R) : row
}

function sameListOr<T>(list: readonly T[], before: readonly T[] | undefined): readonly T[] {
  return before && isSameList(list, before) ? before : list
}

function isSameList(one: unknown, other: unknown): boolean {
  if (one === other) return true
  return (
    Array.isArray(one) &&
    Array.isArray(other) &&
    one.length === other.length &&
    one.every((each, n) => each === other[n])
  )
}

/** The same rows as another state of the document has them: what a drag would make of them. */
export function withRowsOf(model: TimelineModel, document: Document): TimelineModel {
  const rows = model.rows.map((row): Row => {
    if (row.kind === 'label') return sameOr({ ...row, spans: row.spans.map((span) => markerOf(document, span)) }, row)
    const track = row.kind === 'track' ? document.get(row.track.id) : undefined
    return row.kind === 'track' && track?.kind === 'track' ? sameOr({ ...row, track }, row) : row
  })
  const markers = model.markers.map((marker) => markerOf(document, marker))
  return { ...model, rows, markers: sameListOr(markers, model.markers) }
}

/** A marker as another state of the document has it: a span with a label stays one, whatever is done to it. */
function markerOf<M extends Marker>(document: Document, marker: M): M {
  const other = document.get(marker.id)
  return other?.kind === 'marker' ? (other as M) : marker
}

/** The span of a label that a moment lies in; of several the one that began last, which is drawn over the others. */
export function spanAt(row: LabelRow, atTicks: number, reachTicks: number): LabelSpan | undefined {
  return row.spans.findLast(
    (span) => span.atTicks - reachTicks <= atTicks && atTicks <= span.atTicks + span.durationTicks + reachTicks,
  )
}

export function rowAt(model: TimelineModel, y: number): Row | undefined {
  return model.rows.find((row) => y >= row.top && y < row.top + row.height)
}

/** The captions that a span of time touches, by bisection over their starts; one may begin well before the span. */
export function captionsWithin(row: WordsRow, fromSeconds: number, toSeconds: number): readonly Caption[] {
  const [from, to] = [ticksFromSeconds(fromSeconds - row.longestSeconds), ticksFromSeconds(toSeconds)]
  let low = 0
  let high = row.captions.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (row.captions[middle]!.startTicks < from) low = middle + 1
    else high = middle
  }
  let end = low
  while (end < row.captions.length && row.captions[end]!.startTicks < to) end += 1
  return row.captions.slice(low, end)
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
