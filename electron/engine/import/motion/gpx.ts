/**
 * Tracks in GPX 1.0 and 1.1 (topografix.com, GPX 1.1 schema documentation): points of WGS 84 with heights and times in UTC,
 * in segments of tracks. What programs add to points (`extensions`, elements of other name spaces) is passed over, and so
 * are planned routes and single waypoints: nobody was there.
 */
import type { ImportSource } from '../importer.ts'
import { UTC_CLOCK } from '../near-clock.ts'
import { ORDER_CLOCK } from '../reconstructions/camera-poses.ts'
import { readWhole } from '../reading/byte-stream.ts'
import { patiently } from '../reading/patiently.ts'
import { textOfBytes } from '../reading/text-encoding.ts'
import { calendarNanoseconds } from '../reading/time-table.ts'
import { attributeOf, xmlTags, xmlWords, type XmlTag } from '../reading/xml-tags.ts'
import { corruptFile, emptyFile, warning } from '../refusals.ts'
import { streamSetImporter, type LoadedStream, type StreamSet } from '../stream-set.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { EarthFrame, SatelliteTrack, TRACK_METADATA, type Place } from './satellite-track.ts'
import { isOfSatellites } from './satellite-time.ts'

const MAX_BYTES = 256 << 20
const ROOT = /<(?:[\w.-]+:)?gpx[\s>]/
const HEAD_BYTES = 4096

interface Point extends Place {
  readonly time: bigint | undefined
}

interface Track {
  title: string
  readonly points: Point[]
}

function numberOf(text: string | undefined): number {
  return text === undefined || text.trim() === '' ? NaN : Number(text)
}

function timeOf(text: string): bigint | undefined {
  const time = calendarNanoseconds(text)
  return time !== undefined && isOfSatellites(Number(time) / 1e9) ? time : undefined
}

/** Takes the tags of a file one by one. */
class TrackReader {
  readonly tracks: Track[] = []
  /** Points of routes, and waypoints. */
  planned = 0
  #prefix: string | undefined
  #foreign = 0
  #track: Track | undefined
  #point: { tag: XmlTag; height: number; time: bigint | undefined } | undefined

  take(tag: XmlTag): void {
    const { name, kind, prefix } = tag
    if (name === 'gpx') this.#prefix ??= prefix
    if (name === 'extensions' && kind !== 'empty') this.#foreign += kind === 'open' ? 1 : -1
    if (this.#foreign > 0 || prefix !== this.#prefix) return
    if (kind === 'close') {
      if (name === 'trkpt') this.#finishPoint()
      if (name === 'trk') this.#track = undefined
    } else if (name === 'trk') this.tracks.push((this.#track = { title: '', points: [] }))
    else if (name === 'rtept' || name === 'wpt') this.planned++
    else if (name === 'trkpt') {
      this.#point = { tag, height: NaN, time: undefined }
      if (kind === 'empty') this.#finishPoint()
    } else if (this.#point) {
      if (name === 'ele') this.#point.height = numberOf(tag.text)
      if (name === 'time') this.#point.time = timeOf(tag.text)
    } else if (this.#track && name === 'name' && this.#track.points.length === 0) this.#track.title = xmlWords(tag.text)
  }

  #finishPoint(): void {
    if (!this.#point) return
    const { tag, height, time } = this.#point
    this.#point = undefined
    const [latitude, longitude] = [numberOf(attributeOf(tag, 'lat')), numberOf(attributeOf(tag, 'lon'))]
    const heightMetres = Number.isFinite(height) ? height : undefined
    this.#track?.points.push({ latitude, longitude, heightMetres, time })
  }
}

/** A stream of one track; without times only the order of its points is known. */
function streamOf(path: string, frame: EarthFrame, { title, points }: Track, hasTimes: boolean) {
  const rows = new SatelliteTrack(path, frame)
  for (const [index, point] of points.entries()) {
    const time = hasTimes ? point.time : BigInt(index)
    if (time === undefined || Number.isNaN(point.latitude + point.longitude)) rows.damage()
    else rows.add(time, point)
  }
  const { stream, warnings } = rows.finish(title.slice(0, 200) || 'track')
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

async function readSet(source: ImportSource, signal: AbortSignal): Promise<StreamSet> {
  const reader = new TrackReader()
  const text = textOfBytes(await readWhole(source.path, MAX_BYTES, signal))
  for await (const tag of patiently(xmlTags(text), signal)) reader.take(tag)
  const tracks = reader.tracks.filter(({ points }) => points.length > 0)
  if (tracks.length === 0)
    throw emptyFile(
      source.path,
      reader.planned > 0
        ? 'It holds waypoints or a planned route, but no track.'
        : 'There is no point of a track in it.',
    )
  const isTimed = ({ points }: Track) => points.some(({ time }) => time !== undefined)
  const timed = tracks.filter(isTimed)
  const hasTimes = timed.length > 0
  const frame = new EarthFrame()
  const read = (hasTimes ? timed : tracks).map((track) => streamOf(source.path, frame, track, hasTimes))
  const streams = read.flatMap(({ stream }) => stream ?? [])
  if (streams.length === 0) throw corruptFile(source.path, 'None of its points can be used.')
  const left = hasTimes ? tracks.length - timed.length : 0
  return {
    kind: 'data',
    clock: hasTimes ? UTC_CLOCK : { ...ORDER_CLOCK, title: 'Order of the points, not time' },
    streams,
    warnings: [
      ...(hasTimes ? [] : [warning('no_times', say('import.trackWithoutTimes'))]),
      ...(left > 0 ? [warning('tracks_left_out', say('import.tracksLeftOut', { left }))] : []),
      ...read.flatMap(({ warnings }) => warnings),
    ],
    metadata: TRACK_METADATA,
  }
}

export const gpxImporter = streamSetImporter({
  id: 'gpx',
  title: 'GPX track',
  extensions: ['gpx'],
  supports: ({ head, isDirectory }) =>
    !isDirectory && ROOT.test(textOfBytes(head.subarray(0, HEAD_BYTES))) ? 0.95 : 0,
  readSet: (source, { signal }) => readSet(source, signal),
})
