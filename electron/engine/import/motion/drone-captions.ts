/**
 * Captions in which drones of DJI write where they flew (SubRip; no document of their maker: agreement of several public
 * readers and recordings). `[latitude: …] [longitude: …] [rel_alt: … abs_alt: …] [gb_yaw: … gb_pitch: … gb_roll: …]`, or
 * `GPS(longitude,latitude,…) BAROMETER:…`, `H 76.2m`, `G.PRY(pitch, roll, yaw)`; those that write `M` behind the third number put
 * latitude first. Times are those of the film; dates are of the pilot's zone, which nobody names. Yaw turns from north to
 * east, and the gimbal's angles are of its camera.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { multiplyRotations, quaternionFromRotation, rotationFromVector } from '../../../../shared/geometry/rotation.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import { textOfBytes } from '../reading/text-encoding.ts'
import { forEachLine } from '../reading/text-lines.ts'
import { warning } from '../refusals.ts'
import { streamSetImporter, type StreamSet } from '../stream-set.ts'
import { satelliteEpoch, type SatelliteMoment } from './satellite-time.ts'
import { EarthFrame, SatelliteTrack, TRACK_METADATA, type Place } from './satellite-track.ts'

const NUMBER = String.raw`([+-]?\d+(?:\.\d+)?)`
const CUE_TIME = String.raw`(\d+):(\d\d):(\d\d)[,.](\d{1,3})`
const ARROW = new RegExp(String.raw`^\s*${CUE_TIME}\s+-->\s+(?:${CUE_TIME}|\d)`)
const PAIR = new RegExp(String.raw`\b(?:GPS|RTK)\s*\(\s*${NUMBER}\s*,\s*${NUMBER}\s*(?:,\s*${NUMBER}\s*(M?)\s*)?\)`)
const GIMBAL = new RegExp(String.raw`\bG\.PRY\s*\(\s*${NUMBER}°?\s*,\s*${NUMBER}°?\s*,\s*${NUMBER}°?\s*\)`)
const HEIGHT = new RegExp(String.raw`\bH\s+${NUMBER}\s*m|\b(?:BAROMETER|Hb)\s*[:(]\s*${NUMBER}`)
const DATE = /\b(\d{4})[-./](\d{1,2})[-./](\d{1,2})\s+(\d{1,2}):(\d\d):(\d\d)(?:[.,:](\d{3}))?(?:[.,](\d{3}))?/
/** As some of the drones spell it. */
const LONGITUDE = 'longt?itude'
const RADIANS = Math.PI / 180
const HEAD_BYTES = 16 * 1024
const MAX_CUE_CHARACTERS = 8192
/** Of its captions; people speak of places too. */
const LEAST_SHARE = 0.5

function named(text: string, name: string): number | undefined {
  const value = new RegExp(String.raw`(?:^|[\s\[])${name}\s*:\s*${NUMBER}`, 'i').exec(text)?.[1]
  return value === undefined ? undefined : Number(value)
}

interface Flight {
  readonly place: Place
  /** Degrees of the camera. */
  readonly gimbal?: { readonly pitch: number; readonly roll: number; readonly yaw: number }
}

function heightOf(text: string): number | undefined {
  const [, over, barometer] = HEIGHT.exec(text) ?? []
  const written = over ?? barometer
  return (
    named(text, 'rel_alt') ??
    named(text, 'abs_alt') ??
    named(text, 'altitude') ??
    (written ? Number(written) : undefined)
  )
}

function gimbalOf(text: string): Flight['gimbal'] {
  const inline = GIMBAL.exec(text)?.slice(1).map(Number)
  const [pitch, roll, yaw] = inline ?? ['pitch', 'roll', 'yaw'].map((axis) => named(text, `(?:gb|gimbal)_${axis}`))
  return pitch === undefined || yaw === undefined ? undefined : { pitch, roll: roll ?? 0, yaw }
}

/** What a caption tells of the flight; undefined for one that tells nothing. */
function flightOf(text: string): Flight | undefined {
  const [latitude, longitude] = [named(text, 'latitude'), named(text, LONGITUDE)]
  const heightMetres = heightOf(text)
  const gimbal = gimbalOf(text)
  const turned = gimbal && { gimbal }
  if (latitude !== undefined && longitude !== undefined)
    return { place: { latitude, longitude, heightMetres }, ...turned }
  const pair = PAIR.exec(text)
  if (!pair) return undefined
  const [first, second] = [Number(pair[1]), Number(pair[2])]
  const isLatitudeFirst = Math.abs(second) > 90 || (pair[4] === 'M' && Math.abs(first) <= 90)
  const place = isLatitudeFirst ? { latitude: first, longitude: second } : { latitude: second, longitude: first }
  return { place: { ...place, heightMetres }, ...turned }
}

/** Yaw, then pitch, then roll, for a camera that looks along -Z, which is north. */
function turnOf({ pitch, roll, yaw }: NonNullable<Flight['gimbal']>): readonly number[] {
  const about = (x: number, y: number, z: number) => rotationFromVector(x * RADIANS, y * RADIANS, z * RADIANS)
  return quaternionFromRotation(
    multiplyRotations(about(0, -yaw, 0), multiplyRotations(about(pitch, 0, 0), about(0, 0, -roll))),
  )
}

/** Seconds since 1970, as if the pilot's zone were UTC. */
function dateOf(text: string): number | undefined {
  const match = DATE.exec(text)
  if (!match) return undefined
  const [year, month, day, hours, minutes, seconds, thousandths = 0, millionths = 0] = match
    .slice(1)
    .map((field) => (field === undefined ? undefined : Number(field))) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return Date.UTC(year, month - 1, day, hours, minutes, seconds) / 1000 + thousandths / 1e3 + millionths / 1e6
}

function secondsOf([hours, minutes, seconds, fraction]: readonly string[]): number {
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction}`)
}

/** Hands over the captions one by one: seconds of the film, and what is written. */
class CaptionReader {
  /** Of the last of them. */
  endSeconds = 0
  #seconds: number | undefined
  #text = ''
  readonly #take: (seconds: number, text: string) => void

  constructor(take: (seconds: number, text: string) => void) {
    this.#take = take
  }

  line(line: string): void {
    const time = ARROW.exec(line)
    if (!time) {
      if (this.#text.length < MAX_CUE_CHARACTERS) this.#text += ` ${line}`
      return
    }
    this.finish()
    this.#seconds = secondsOf(time.slice(1, 5))
    const end = time[5] === undefined ? this.#seconds : secondsOf(time.slice(5, 9))
    this.endSeconds = Math.max(this.endSeconds, this.#seconds, end)
    this.#text = ''
  }

  finish(): void {
    if (this.#seconds !== undefined) this.#take(this.#seconds, this.#text.replaceAll(/<[^<>]*>/g, ' '))
  }
}

/** Whether captions are those of a flight: most say where the drone was. */
export function isFlight(head: Uint8Array): boolean {
  let cues = 0
  let places = 0
  const reader = new CaptionReader((_, text) => {
    cues++
    if (flightOf(text)) places++
  })
  for (const line of textOfBytes(head.subarray(0, HEAD_BYTES)).split(/\r\n|\n|\r/)) reader.line(line)
  reader.finish()
  return places > 0 && places >= LEAST_SHARE * cues
}

async function readSet(source: ImportSource, { signal }: ImportContext): Promise<StreamSet> {
  const track = new SatelliteTrack(source.path, new EarthFrame())
  const moments: SatelliteMoment[] = []
  const reader = new CaptionReader((seconds, text) => {
    const flight = flightOf(text)
    const utcSeconds = dateOf(text)
    if (utcSeconds !== undefined) moments.push({ seconds, utcSeconds })
    const time = BigInt(Math.round(seconds * 1e9))
    if (flight) track.add(time, flight.place, flight.gimbal && turnOf(flight.gimbal))
    else track.damage()
  })
  await forEachLine(source.path, {}, signal, (bytes, from, to) =>
    reader.line(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString()),
  )
  reader.finish()
  const { stream, warnings } = track.finish('flight')
  const epochUtcNanoseconds = satelliteEpoch(moments)
  const assumed: ImportWarning[] =
    epochUtcNanoseconds === null ? [] : [warning('zone_assumed', say('import.zoneAssumed'))]
  return {
    kind: 'data',
    clock: {
      title: 'Seconds of the film',
      source: 'container',
      epochUtcNanoseconds,
      ...(epochUtcNanoseconds !== null && { epochSource: 'container' }),
      timecode: null,
    },
    streams: stream ? [stream] : [],
    durationSeconds: reader.endSeconds,
    warnings: [...assumed, ...warnings],
    metadata: TRACK_METADATA,
  }
}

export const droneCaptionsImporter = streamSetImporter({
  id: 'dji-srt',
  title: say('readable.djiCaptions'),
  extensions: ['srt'],
  countsFromFilm: true,
  supports: ({ head, isDirectory }) => (!isDirectory && isFlight(head) ? 0.9 : 0),
  readSet,
})
