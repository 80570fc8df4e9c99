/** What formats of tracks in XML have in common: tags become points, points paths on the clock of UTC. */
import type { Importer, ImportSource } from '../importer.ts'
import { UTC_CLOCK } from '../near-clock.ts'
import { ORDER_CLOCK } from '../reconstructions/camera-poses.ts'
import { readWhole } from '../reading/byte-stream.ts'
import { patiently } from '../reading/patiently.ts'
import { textOfBytes } from '../reading/text-encoding.ts'
import { calendarNanoseconds, namesZone } from '../reading/time-table.ts'
import { xmlTags, type XmlTag } from '../reading/xml-tags.ts'
import { corruptFile, emptyFile, warning } from '../refusals.ts'
import { streamSetImporter, type LoadedStream, type StreamSet } from '../stream-set.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { EarthFrame, SatelliteTrack, TRACK_METADATA, type Place } from './satellite-track.ts'
import { isOfSatellites } from './satellite-time.ts'

export const LARGEST_TRACK_BYTES = 256 << 20
const HEAD_BYTES = 4096
const TITLE_CHARACTERS = 200

export interface TrackPoint extends Place {
  readonly time: bigint | undefined
  /** How the device was turned, where the file says that; x, y, z, w. */
  readonly rotation?: readonly number[] | undefined
  /** A moment at which the receiver knew no place. */
  readonly isLost?: boolean
}

export interface XmlTrack {
  title: string
  readonly points: TrackPoint[]
}

/** Takes the tags of a file one by one. */
export interface XmlTrackReader {
  readonly tracks: readonly XmlTrack[]
  /** Points of what somebody planned or drew. */
  readonly planned: number
  readonly warnings?: readonly ImportWarning[]
  take(tag: XmlTag): void
  /** Behind the last tag, also of a file that breaks off. */
  finish?(): void
}

export function numberOf(text: string | undefined): number {
  return text === undefined || text.trim() === '' ? NaN : Number(text)
}

/** When satellites can have been there. */
export function timeOf(text: string): bigint | undefined {
  const time = calendarNanoseconds(text)
  return time !== undefined && isOfSatellites(Number(time) / 1e9) ? time : undefined
}

/** Whether a time that is read names no zone. */
export function lacksZone(text: string): boolean {
  return calendarNanoseconds(text) !== undefined && !namesZone(text)
}

/** A stream of one track; without times only the order of its points is known. */
function streamOf(path: string, frame: EarthFrame, { title, points }: XmlTrack, hasTimes: boolean) {
  const rows = new SatelliteTrack(path, frame)
  for (const [index, point] of points.entries()) {
    const time = hasTimes ? point.time : BigInt(index)
    if (point.isLost) rows.miss()
    else if (time === undefined || Number.isNaN(point.latitude + point.longitude)) rows.damage()
    else rows.add(time, point, point.rotation)
  }
  const { stream, warnings } = rows.finish(title.slice(0, TITLE_CHARACTERS) || 'track')
  if (!stream || hasTimes) return { stream, warnings }
  const { sampleCount, sensor, rotationUnknown } = stream.description
  const description: LoadedStream['description'] = {
    sensor,
    title,
    sampleCount,
    rotationUnknown,
    startSeconds: 0,
    durationSeconds: null,
  }
  return { stream: { ...stream, description }, warnings }
}

async function trackSet(
  path: string,
  bytes: Uint8Array,
  reader: XmlTrackReader,
  signal: AbortSignal,
): Promise<StreamSet> {
  await patiently(xmlTags(textOfBytes(bytes)), signal, (tag) => reader.take(tag))
  reader.finish?.()
  const tracks = reader.tracks.filter(({ points }) => points.length > 0)
  if (tracks.length === 0)
    throw emptyFile(path, say(reader.planned > 0 ? 'file.trackPlanned' : 'file.trackWithoutPoints'))
  if (tracks.every(({ points }) => points.every(({ isLost }) => isLost)))
    throw emptyFile(path, say('file.trackIndoors'))
  const isTimed = ({ points }: XmlTrack) => points.some(({ time }) => time !== undefined)
  const timed = tracks.filter(isTimed)
  const hasTimes = timed.length > 0
  const frame = new EarthFrame()
  const read = (hasTimes ? timed : tracks).map((track) => streamOf(path, frame, track, hasTimes))
  const streams = read.flatMap(({ stream }) => stream ?? [])
  if (streams.length === 0) throw corruptFile(path, say('file.trackUnusable'))
  const left = hasTimes ? tracks.length - timed.length : 0
  return {
    kind: 'data',
    clock: hasTimes ? UTC_CLOCK : { ...ORDER_CLOCK, title: 'Order of the points, not time' },
    streams,
    warnings: [
      ...(hasTimes ? [] : [warning('no_times', say('import.trackWithoutTimes'))]),
      ...(left > 0 ? [warning('tracks_left_out', say('import.tracksLeftOut', { left }))] : []),
      ...(reader.warnings ?? []),
      ...read.flatMap(({ warnings }) => warnings),
    ],
    metadata: TRACK_METADATA,
  }
}

/** Whether the first element of a file has that name. */
function hasRoot(root: string, { head, isDirectory }: Pick<ImportSource, 'head' | 'isDirectory'>): boolean {
  if (isDirectory) return false
  return new RegExp(`<(?:[\\w.-]+:)?${root}[\\s>]`).test(textOfBytes(head.subarray(0, HEAD_BYTES)))
}

/** Of documents in archives: whether a file is one, and what its document is. */
interface TrackArchive {
  isArchive(source: ImportSource): boolean
  documentOf(source: ImportSource): Promise<Uint8Array>
}

/** Makes an importer of a reader of tags. @param archive Where documents come packed, too. */
export function xmlTrackImporter(
  {
    root,
    reader,
    ...format
  }: Pick<Importer, 'id' | 'title' | 'extensions'> & { root: string; reader(): XmlTrackReader },
  archive?: TrackArchive,
): Importer {
  const isPacked = (source: ImportSource): boolean => !source.isDirectory && archive?.isArchive(source) === true
  return streamSetImporter({
    ...format,
    supports: (source) => (hasRoot(root, source) ? 0.95 : isPacked(source) ? 0.9 : 0),
    async readSet(source, { signal }) {
      const bytes = isPacked(source)
        ? await archive!.documentOf(source)
        : await readWhole(source.path, LARGEST_TRACK_BYTES, signal)
      return await trackSet(source.path, bytes, reader(), signal)
    },
  })
}
