/**
 * Logs of satellite receivers in NMEA 0183 (sentences as receivers' manuals describe them, e.g. u-blox, Receiver Description
 * including Protocol Specification, NMEA protocol): `$`, two letters of the talker, three of the sentence, fields, and after
 * `*` the exclusive or of all between. RMC and ZDA name the day, which the others continue past midnight; RMC, GGA, GNS and
 * GLL of one time are one fix. Other sentences hold no places; what lies between sentences, as binary messages do, is none.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ClockDescription, ImportContext, ImportSource } from '../importer.ts'
import { UTC_CLOCK } from '../near-clock.ts'
import { asciiText, forEachLine } from '../reading/text-lines.ts'
import { emptyFile, warning } from '../refusals.ts'
import { streamSetImporter, type StreamSet } from '../stream-set.ts'
import { isOfSatellites } from './satellite-time.ts'
import { EarthFrame, SatelliteTrack, TRACK_METADATA, type Place } from './satellite-track.ts'

const SENTENCE = /\$([A-Z]{2})([A-Z]{3}),([^$*]*)(?:\*([0-9A-Fa-f]{2}))?/g
const DOLLAR = 0x24
const DAY_SECONDS = 86_400
const LEAST_SENTENCES = 2
/** Two digits of a year from here on are of the century before. */
const CENTURY_TURN = 80

interface Layout {
  /** Places of the time, and of the first of four fields of latitude, hemisphere, longitude, hemisphere. */
  readonly time: number
  readonly latitude: number
  /** Whether the receiver knew where it was. */
  hasFix(fields: readonly string[]): boolean
  readonly height?: number
  /** Day, month and year, apart or as `ddmmyy`. */
  date?(fields: readonly string[]): readonly [string, string, string]
}

const LAYOUTS = new Map<string, Layout>(
  Object.entries({
    RMC: {
      time: 0,
      latitude: 2,
      hasFix: (fields) => fields[1] === 'A',
      date: ({ 8: date = '' }) => [date.slice(0, 2), date.slice(2, 4), date.slice(4)],
    },
    GGA: { time: 0, latitude: 1, hasFix: (fields) => Number(fields[5]) > 0, height: 8 },
    // A letter for each system of satellites, N for none.
    GNS: { time: 0, latitude: 1, hasFix: ({ 5: mode = '' }) => /[^N]/.test(mode), height: 8 },
    GLL: { time: 4, latitude: 0, hasFix: (fields) => fields[5] === 'A' },
  }),
)

function checksum(text: string): number {
  let sum = 0
  for (let at = 0; at < text.length; at++) sum ^= text.charCodeAt(at)
  return sum
}

/** `hhmmss.sss` as seconds since midnight; NaN for anything else. */
function secondsOfDay(text = ''): number {
  const match = /^(\d\d)(\d\d)(\d\d(?:\.\d*)?)$/.exec(text)
  if (!match) return NaN
  const [hours, minutes, seconds] = match.slice(1).map(Number) as [number, number, number]
  return hours < 24 && minutes < 60 && seconds < 61 ? hours * 3600 + minutes * 60 + seconds : NaN
}

/** Days since 1970; undefined for a date that is none. */
function dayOf([day, month, year]: readonly [string, string, string]): number | undefined {
  if (![day, month].every((field) => /^\d\d?$/.test(field)) || !/^(\d\d|\d{4})$/.test(year)) return undefined
  const full = year.length === 4 ? Number(year) : Number(year) + (Number(year) < CENTURY_TURN ? 2000 : 1900)
  const date = new Date(Date.UTC(full, Number(month) - 1, Number(day)))
  return date.getUTCDate() === Number(day) && date.getUTCMonth() === Number(month) - 1
    ? date.getTime() / 1000 / DAY_SECONDS
    : undefined
}

/** `ddmm.mmm` and a hemisphere as degrees. */
function degreesOf(text = '', hemisphere = ''): number {
  const match = /^(\d{1,3})(\d\d(?:\.\d*)?)$/.exec(text)
  if (!match || !/^[NSEW]$/.test(hemisphere) || Number(match[2]) >= 60) return NaN
  return (Number(match[1]) + Number(match[2]) / 60) * (hemisphere === 'S' || hemisphere === 'W' ? -1 : 1)
}

/** What the sentences of one time say together. Days count from 1970, or from the first of the log while none is named. */
interface Epoch {
  day: number
  readonly seconds: number
  place?: Place
}

/** Puts sentences together to fixes. */
class SentenceReader {
  sentences = 0
  damaged = 0
  isDated = false
  readonly #track: SatelliteTrack
  #hasChecksums = false
  #now: Epoch | undefined
  /** Until a day is named. */
  #undated: Epoch[] = []

  constructor(track: SatelliteTrack) {
    this.#track = track
  }

  line(text: string): void {
    for (const [, talker, kind, body, sum] of text.matchAll(SENTENCE)) {
      this.sentences++
      this.#hasChecksums ||= sum !== undefined
      const isWhole =
        sum === undefined ? !this.#hasChecksums : checksum(`${talker}${kind},${body}`) === parseInt(sum, 16)
      // Among others that have one, a sentence without a checksum was cut off.
      if (!isWhole || !this.#take(kind!, body!.trim().split(','))) this.damaged++
    }
  }

  finish(): void {
    if (this.#now) this.#leave(this.#now)
    if (!this.isDated) for (const epoch of this.#undated) this.#add(epoch)
  }

  /** False for a sentence that contradicts itself. */
  #take(kind: string, fields: readonly string[]): boolean {
    if (kind === 'ZDA' && !this.isDated && this.#now) this.#setDay(dayOf([fields[1]!, fields[2]!, fields[3]!]))
    const layout = LAYOUTS.get(kind)
    const written = layout && fields[layout.time]
    if (!layout || !written) return true
    const seconds = secondsOfDay(written)
    if (Number.isNaN(seconds)) return false
    const now = this.#epochAt(seconds)
    if (!layout.hasFix(fields)) return true
    if (layout.date) this.#setDay(dayOf(layout.date(fields)))
    const at = layout.latitude
    const latitude = degreesOf(fields[at], fields[at + 1])
    const longitude = degreesOf(fields[at + 2], fields[at + 3])
    if (Number.isNaN(latitude + longitude)) return false
    const height = layout.height === undefined ? undefined : fields[layout.height]
    const heightMetres = height && Number.isFinite(Number(height)) ? Number(height) : now.place?.heightMetres
    now.place = { latitude, longitude, heightMetres }
    return true
  }

  #epochAt(seconds: number): Epoch {
    const before = this.#now
    if (before?.seconds === seconds) return before
    if (before) this.#leave(before)
    const isPastMidnight = before !== undefined && seconds < before.seconds - DAY_SECONDS / 2
    this.#now = { day: (before?.day ?? 0) + (isPastMidnight ? 1 : 0), seconds }
    return this.#now
  }

  #setDay(day: number | undefined): void {
    const now = this.#now!
    if (day === undefined || !isOfSatellites(day * DAY_SECONDS)) return
    for (const epoch of this.#undated) this.#add({ ...epoch, day: epoch.day + day - now.day })
    this.#undated = []
    this.isDated = true
    now.day = day
  }

  #leave(epoch: Epoch): void {
    if (this.isDated) this.#add(epoch)
    else this.#undated.push(epoch)
  }

  #add({ day, seconds, place }: Epoch): void {
    const time = BigInt(day * DAY_SECONDS) * 1_000_000_000n + BigInt(Math.round(seconds * 1e9))
    if (place) this.#track.add(time, place)
    else this.#track.miss()
  }
}

const MIDNIGHT_CLOCK: ClockDescription = {
  title: 'Seconds since midnight',
  source: 'device',
  epochUtcNanoseconds: null,
  timecode: null,
}

async function readSet(source: ImportSource, { signal }: ImportContext): Promise<StreamSet> {
  const track = new SatelliteTrack(source.path, new EarthFrame())
  const reader = new SentenceReader(track)
  await forEachLine(source.path, {}, signal, (bytes, from, to) => reader.line(asciiText(bytes, from, to)))
  reader.finish()
  const { stream, warnings } = track.finish('track')
  if (!stream) throw emptyFile(source.path, say('capture.receiverPlaceless'))
  const { sentences: total, damaged: bad, isDated } = reader
  const found: ImportWarning[] = []
  if (!isDated) found.push(warning('day_unknown', say('import.dayUnknown')))
  if (bad > 0) found.push(warning('lines_damaged', say('import.linesDamaged', { bad, total })))
  return {
    kind: 'data',
    clock: isDated ? { ...UTC_CLOCK, epochSource: 'satellite' } : MIDNIGHT_CLOCK,
    streams: [stream],
    warnings: [...found, ...warnings],
    metadata: TRACK_METADATA,
  }
}

/** Whole sentences that tell a place, or its lack. */
function countSentences(text: string): number {
  const sentences = [...text.matchAll(SENTENCE)].filter(([, , kind]) => LAYOUTS.get(kind!) !== undefined)
  return sentences.filter(
    ([, talker, kind, body, sum]) => sum === undefined || checksum(`${talker}${kind},${body}`) === parseInt(sum, 16),
  ).length
}

export const nmeaImporter = streamSetImporter({
  id: 'nmea',
  title: say('readable.nmea'),
  extensions: ['nmea', 'nma', 'ubx'],
  supports({ head, isDirectory }) {
    if (isDirectory || !head.includes(DOLLAR)) return 0
    return countSentences(asciiText(head)) >= LEAST_SENTENCES ? 0.8 : 0
  },
  readSet,
})
