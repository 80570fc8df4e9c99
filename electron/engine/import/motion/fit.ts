/**
 * Garmin FIT (FIT protocol and profile of Garmin's SDK: developer.garmin.com/fit): activities of watches, bicycle computers
 * and VIRB cameras. `record` and `gps_metadata` hold places in semicircles, `accelerometer_data` and `gyroscope_data` bundles
 * of samples in counts, which `three_d_sensor_calibration` turns into g and degrees a second, or calibrated already. Times
 * count from 31 December 1989 UTC; small ones from when the device was switched on, which `timestamp_correlation` and
 * `gps_metadata` tie to UTC.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ClockDescription, ImportContext, ImportSource } from '../importer.ts'
import { UTC_CLOCK } from '../near-clock.ts'
import { readWhole } from '../reading/byte-stream.ts'
import { patiently } from '../reading/patiently.ts'
import { imuSamples, TimedRows } from '../reading/timed-rows.ts'
import { warning } from '../refusals.ts'
import { imuStream, streamSetImporter, type LoadedStream, type StreamSet } from '../stream-set.ts'
import { fitMessages, isFitHeader, type FitDamage, type FitFields, type FitMessage } from './fit-messages.ts'
import { STANDARD_GRAVITY } from './motion-units.ts'
import { satelliteEpoch, type SatelliteMoment } from './satellite-time.ts'
import { EarthFrame, SatelliteTrack, TRACK_METADATA } from './satellite-track.ts'

const MAX_BYTES = 128 << 20
const EPOCH_SECONDS = Date.UTC(1989, 11, 31) / 1000
/** Smaller times count from when the device was switched on. */
const LEAST_DATE = 0x10000000
const DEGREES_PER_SEMICIRCLE = 180 / 2 ** 31
const MATRIX_SCALE = 65_535
const MILLISECONDS = 0

const RECORD = 20
const GPS_METADATA = 160
const TIMESTAMP_CORRELATION = 162
const GYROSCOPE = 164
const ACCELEROMETER = 165
const CALIBRATION = 167
const WANTED = new Set([RECORD, GPS_METADATA, TIMESTAMP_CORRELATION, GYROSCOPE, ACCELEROMETER, CALIBRATION])

/** Numbers of the fields of a place; heights are in fifths of a metre over -500 m. */
const PLACES: Readonly<Record<number, { readonly latitude: number; readonly heights: readonly number[] }>> = {
  [RECORD]: { latitude: 0, heights: [78, 2] },
  [GPS_METADATA]: { latitude: 1, heights: [3] },
}

interface SensorKind {
  readonly title: string
  /** As `three_d_sensor_calibration` names it. */
  readonly type: number
  /** m/s^2 or rad/s of one g or degree a second. */
  readonly unit: number
  /** Of the row of six. */
  readonly column: number
}

const SENSORS: Readonly<Record<number, SensorKind>> = {
  [GYROSCOPE]: { title: 'gyroscope', type: 1, unit: Math.PI / 180, column: 3 },
  [ACCELEROMETER]: { title: 'accelerometer', type: 0, unit: STANDARD_GRAVITY, column: 0 },
}
const RAW = [2, 3, 4]
const CALIBRATED = [5, 6, 7]
const CALIBRATED_MILLIG = [8, 9, 10]

interface Calibration {
  readonly factor: number
  readonly shift: number
  readonly offsets: readonly number[]
  /** Row by row. */
  readonly matrix: readonly number[]
}

const first = (fields: FitFields, number: number): number => fields.get(number)?.[0] ?? NaN
const nanoseconds = (milliseconds: number): bigint => BigInt(Math.round(milliseconds * 1e6))

function calibrationOf(fields: FitFields): Calibration | undefined {
  const [offsets, matrix] = [fields.get(4) ?? [], fields.get(5) ?? []]
  const factor = first(fields, 1) / first(fields, 2)
  const shift = first(fields, 3)
  const all = [factor, shift, ...offsets, ...matrix]
  if (offsets.length !== 3 || matrix.length !== 9 || !all.every(Number.isFinite)) return undefined
  return { factor, shift, offsets, matrix: matrix.map((value) => value / MATRIX_SCALE) }
}

function calibrated({ factor, shift, offsets, matrix }: Calibration, counts: readonly number[]): number[] {
  const own = counts.map((count, axis) => (count - shift - offsets[axis]!) * factor)
  return [0, 1, 2].map((row) => own.reduce((sum, value, axis) => sum + matrix[3 * row + axis]! * value, 0))
}

/** Takes the messages of a file. */
class ActivityReader {
  readonly track: SatelliteTrack
  readonly inertia = new Map<number, TimedRows>()
  readonly #calibrations = new Map<number, Calibration>()
  /** Nanoseconds to add to times since the device was switched on; undefined where nothing ties them to others. */
  readonly #switchedOn: bigint | undefined
  readonly #keepsDates: boolean
  uncalibrated = 0

  constructor(path: string, keepsDates: boolean, switchedOn: bigint | undefined) {
    this.track = new SatelliteTrack(path, new EarthFrame())
    this.#keepsDates = keepsDates
    this.#switchedOn = switchedOn
    for (const number of [GYROSCOPE, ACCELEROMETER]) this.inertia.set(number, new TimedRows(path, 6))
  }

  take(message: FitMessage): void {
    const { number, fields } = message
    if (number === CALIBRATION) {
      const calibration = calibrationOf(fields)
      if (calibration) this.#calibrations.set(first(fields, 0), calibration)
    } else if (PLACES[number]) this.#place(message, PLACES[number])
    else if (SENSORS[number]) this.#samples(message, SENSORS[number])
  }

  #timeOf({ seconds, fields, number }: FitMessage): bigint | undefined {
    if (seconds === undefined) return undefined
    const milliseconds = number === RECORD ? 0 : first(fields, MILLISECONDS)
    const time = BigInt(seconds) * 1_000_000_000n + (Number.isFinite(milliseconds) ? nanoseconds(milliseconds) : 0n)
    if (seconds >= LEAST_DATE) return this.#keepsDates ? time + BigInt(EPOCH_SECONDS) * 1_000_000_000n : undefined
    return this.#keepsDates ? this.#switchedOn && time + this.#switchedOn : time
  }

  #place(message: FitMessage, { latitude: at, heights }: (typeof PLACES)[number]): void {
    const { fields } = message
    if (!fields.has(at) || !fields.has(at + 1)) return
    const [latitude, longitude] = [
      first(fields, at) * DEGREES_PER_SEMICIRCLE,
      first(fields, at + 1) * DEGREES_PER_SEMICIRCLE,
    ]
    const time = this.#timeOf(message)
    if (Number.isNaN(latitude + longitude)) return this.track.miss()
    if (time === undefined) return this.track.damage()
    const fifths = heights.map((number) => first(fields, number)).find(Number.isFinite)
    this.track.add(time, { latitude, longitude, heightMetres: fifths === undefined ? undefined : fifths / 5 - 500 })
  }

  #samples(message: FitMessage, { type, unit, column }: SensorKind): void {
    const { fields } = message
    const rows = this.inertia.get(message.number)!
    const time = this.#timeOf(message)
    const calibration = this.#calibrations.get(type)
    const [raw, known, milliG] = [RAW, CALIBRATED, CALIBRATED_MILLIG].map((numbers) =>
      numbers.map((number) => fields.get(number) ?? []),
    ) as [number[][], number[][], number[][]]
    const row = new Float64Array(6)
    for (const [index, offset] of (fields.get(1) ?? []).entries()) {
      const pick = (channels: readonly number[][]) => channels.map((values) => values[index] ?? NaN)
      const counts = pick(raw)
      const values = [
        pick(known),
        pick(milliG).map((value) => value / 1000),
        calibration ? calibrated(calibration, counts) : [NaN],
      ].find((each) => each.every((value) => Math.abs(value) < 1e6))
      if (!values && !calibration && counts.every(Number.isFinite)) this.uncalibrated++
      else if (!values || time === undefined || !Number.isFinite(offset)) rows.badCount++
      else {
        row.fill(0).set(
          values.map((value) => value * unit),
          column,
        )
        rows.add(time + nanoseconds(offset), row)
      }
    }
  }
}

/** Where times since the device was switched on lie on UTC: what the messages that know both say. */
function momentOf({ number, seconds, fields }: FitMessage): SatelliteMoment | undefined {
  if (seconds === undefined) return undefined
  if (number === TIMESTAMP_CORRELATION && seconds >= LEAST_DATE) {
    const own = first(fields, 1) + (first(fields, 5) || 0) / 1000
    return { seconds: own, utcSeconds: seconds + EPOCH_SECONDS + (first(fields, 4) || 0) / 1000 }
  }
  if (number !== GPS_METADATA || seconds >= LEAST_DATE) return undefined
  return { seconds: seconds + (first(fields, MILLISECONDS) || 0) / 1000, utcSeconds: first(fields, 6) + EPOCH_SECONDS }
}

const OWN_CLOCK: Omit<ClockDescription, 'epochUtcNanoseconds'> = {
  title: 'Seconds since the device was switched on',
  source: 'device',
  timecode: null,
}

async function readSet(source: ImportSource, { signal }: ImportContext): Promise<StreamSet> {
  const bytes = await readWhole(source.path, MAX_BYTES, signal)
  const damage: FitDamage = { brokenOff: false, checksum: false }
  const ties: SatelliteMoment[] = []
  const moments: SatelliteMoment[] = []
  let hasDates = false
  await patiently(fitMessages(bytes, WANTED, damage), signal, (message) => {
    const moment = momentOf(message)
    if (moment) (message.number === TIMESTAMP_CORRELATION ? ties : moments).push(moment)
    else if (message.number !== CALIBRATION && (message.seconds ?? 0) >= LEAST_DATE) hasDates = true
  })
  // One tie that is told on purpose is enough; of those of satellites several must agree.
  const epoch = satelliteEpoch(ties, 1) ?? satelliteEpoch(moments)
  const reader = new ActivityReader(source.path, hasDates, epoch === null ? undefined : BigInt(epoch))
  await patiently(fitMessages(bytes, WANTED, damage), signal, (message) => reader.take(message))
  const warnings: ImportWarning[] = []
  if (damage.brokenOff) warnings.push(warning('broken_off', say('import.fitBrokenOff')))
  if (damage.checksum) warnings.push(warning('checksum_wrong', say('import.checksumWrong')))
  if (reader.uncalibrated > 0)
    warnings.push(warning('uncalibrated', say('import.uncalibrated', { count: reader.uncalibrated })))
  const { stream, warnings: told } = reader.track.finish('track')
  const streams: (LoadedStream | undefined)[] = [stream]
  for (const [number, rows] of reader.inertia) {
    const has = { accelerations: number === ACCELEROMETER, rotationRates: number === GYROSCOPE }
    const { samples, warnings: found } = imuSamples(rows, has)
    streams.push(imuStream(SENSORS[number]!.title, samples))
    warnings.push(...found)
  }
  const satellite = epoch !== null && { epochSource: 'satellite' as const }
  return {
    kind: 'data',
    clock: hasDates ? UTC_CLOCK : { ...OWN_CLOCK, epochUtcNanoseconds: epoch, ...satellite },
    streams: streams.filter((stream) => stream !== undefined),
    warnings: [...warnings, ...told],
    metadata: stream ? TRACK_METADATA : {},
  }
}

export const fitImporter = streamSetImporter({
  id: 'fit',
  title: say('readable.fit'),
  extensions: ['fit'],
  supports: ({ head, isDirectory }) => (!isDirectory && isFitHeader(head) ? 1 : 0),
  readSet,
})
