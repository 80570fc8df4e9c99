/**
 * Flights as PX4 logs them (ULog; topics as PX4 defines them: docs.px4.io/main/en/msg_docs). `vehicle_attitude` turns what
 * points forward, right and down of the vehicle into north, east and down; `vehicle_local_position` says where it is in
 * metres of that frame; where that is missing the fixes of its receiver do. `sensor_combined` is its inertial sensor. North
 * becomes -Z, east +X, down -Y, and forward, right and down of the vehicle likewise: it looks along -Z.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import { readWhole } from '../reading/byte-stream.ts'
import { patiently } from '../reading/patiently.ts'
import { imuSamples, PoseRows, TimedRows } from '../reading/timed-rows.ts'
import { unsupportedFormat, warning } from '../refusals.ts'
import { imuStream, poseStream, streamSetImporter, type LoadedStream, type StreamSet } from '../stream-set.ts'
import { satelliteEpoch, type SatelliteMoment } from './satellite-time.ts'
import { EarthFrame } from './satellite-track.ts'
import { isULogHeader, ulogMoments, type ULogDamage, type ULogMoment } from './ulog-messages.ts'

const MAX_BYTES = 1 << 30
const ATTITUDE = 'vehicle_attitude'
const LOCAL_POSITION = 'vehicle_local_position'
const INERTIA = 'sensor_combined'
/** Its name, and the one before 1.14. */
const RECEIVERS = ['sensor_gps', 'vehicle_gps_position']
const WANTED = new Set([ATTITUDE, LOCAL_POSITION, INERTIA, ...RECEIVERS])
/** Ten years: nothing stays switched on for longer. */
const LATEST_NANOSECONDS = 315_360_000_000_000_000n
/** Of a fix in three dimensions, as receivers number them. */
const LEAST_FIX = 3
/** Between two places further apart in time nobody knows where it was. */
const LONGEST_GAP_NANOSECONDS = 2_000_000_000n

const IDENTITY = [0, 0, 0, 1]

/**
 * North, east, down to east, up, south; forward, right, down to right, up, back. Of a turn between the two it takes the
 * axis along, since both are renamed alike.
 */
const upright = ([first, second, third]: readonly [number, number, number]): [number, number, number] => [
  second,
  -third,
  -first,
]

/** When the sensors saw it, where that is told beside when it was made known. */
function sampledAt(moment: ULogMoment): bigint {
  const sampled = moment.value('timestamp_sample')
  return (sampled > 0 ? BigInt(sampled) : moment.timeMicroseconds) * 1000n
}

/** Takes the moments of a flight. */
class FlightReader {
  readonly inertia: TimedRows
  readonly moments: SatelliteMoment[] = []
  readonly #turns: TimedRows
  readonly #places: TimedRows
  readonly #fixes: TimedRows
  readonly #path: string
  readonly #earth = new EarthFrame()
  hasLocation = false

  constructor(path: string) {
    this.#path = path
    this.inertia = new TimedRows(path, 6)
    this.#turns = new TimedRows(path, 4)
    this.#places = new TimedRows(path, 3)
    this.#fixes = new TimedRows(path, 3)
  }

  take(moment: ULogMoment): void {
    const { topic } = moment
    if (topic === INERTIA) this.#inertia(moment)
    else if (topic === ATTITUDE) {
      const [w, x, y, z] = [0, 1, 2, 3].map((n) => moment.value('q', n)) as [number, number, number, number]
      this.#keep(this.#turns, sampledAt(moment), [...upright([x, y, z]), w])
    } else if (topic === LOCAL_POSITION) {
      const isKnown = ['xy_valid', 'z_valid'].every((name) => !moment.has(name) || moment.value(name) !== 0)
      const place = [moment.value('x'), moment.value('y'), moment.value('z')] as const
      if (isKnown) this.#keep(this.#places, sampledAt(moment), upright(place))
    } else this.#fix(moment)
  }

  #keep(rows: TimedRows, timeNanoseconds: bigint, values: readonly number[]): void {
    if (timeNanoseconds < LATEST_NANOSECONDS && values.every((value) => Math.abs(value) < 1e7))
      rows.add(timeNanoseconds, values)
    else rows.badCount++
  }

  #inertia(moment: ULogMoment): void {
    const axes = (name: string) =>
      upright([0, 1, 2].map((n) => moment.value(name, n)) as unknown as [number, number, number])
    const row = [...axes('accelerometer_m_s2'), ...axes('gyro_rad')]
    this.#keep(this.inertia, moment.timeMicroseconds * 1000n, row)
  }

  #fix(moment: ULogMoment): void {
    const utcSeconds = moment.value('time_utc_usec') / 1e6
    const isFix = moment.value('fix_type') >= LEAST_FIX
    if (isFix && utcSeconds > 0) this.moments.push({ seconds: Number(moment.timeMicroseconds) / 1e6, utcSeconds })
    const isNew = moment.has('latitude_deg')
    const latitude = isNew ? moment.value('latitude_deg') : moment.value('lat') * 1e-7
    const longitude = isNew ? moment.value('longitude_deg') : moment.value('lon') * 1e-7
    if (!isFix || !(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return
    this.hasLocation = true
    const heightMetres = isNew ? moment.value('altitude_msl_m') : moment.value('alt') * 1e-3
    const place = { latitude, longitude, heightMetres: Number.isFinite(heightMetres) ? heightMetres : undefined }
    this.#keep(this.#fixes, moment.timeMicroseconds * 1000n, this.#earth.metresOf(place))
  }

  /** Where it was whenever it said how it was turned; where it never did, wherever it was. */
  flight(): { readonly stream: LoadedStream | undefined; readonly warnings: ImportWarning[] } {
    const [turns, local, fixes] = [this.#turns.finish(), this.#places.finish(), this.#fixes.finish()]
    const places = local.times.length > 0 ? local : fixes
    const poses = new PoseRows(this.#path)
    const hasTurns = turns.times.length > 0
    if (hasTurns) {
      for (const [row, time, place] of between(turns.times, places))
        poses.add(time, place, turns.values.subarray(4 * row, 4 * row + 4))
    } else places.times.forEach((time, row) => poses.add(time, places.values.subarray(3 * row, 3 * row + 3), IDENTITY))
    const { path, warnings } = poses.finish()
    const stream = poseStream('flight', path)
    const told = [...turns.warnings, ...places.warnings, ...warnings]
    if (!stream || hasTurns) return { stream, warnings: told }
    told.push(warning('rotation_unknown', say('import.turnUnknown')))
    return { stream: { ...stream, description: { ...stream.description, rotationUnknown: true } }, warnings: told }
  }
}

/** The times that lie between two places that are near in time, by their rows, with the place on the line between those. */
function* between(
  times: BigInt64Array,
  places: { readonly times: BigInt64Array; readonly values: Float64Array },
): Generator<readonly [row: number, time: bigint, place: readonly number[]]> {
  let next = 0
  for (const [row, time] of times.entries()) {
    while (next < places.times.length && places.times[next]! < time) next++
    const [before, after] = [places.times[next - 1], places.times[next]]
    if (after === undefined || (before === undefined && after !== time)) continue
    const gap = before === undefined ? 0n : after - before
    if (gap > LONGEST_GAP_NANOSECONDS) continue
    const share = before === undefined ? 1 : Number(time - before) / Number(gap)
    const of = (index: number, axis: number): number => places.values[3 * index + axis]!
    const start = before === undefined ? next : next - 1
    yield [row, time, [0, 1, 2].map((axis) => of(start, axis) + share * (of(next, axis) - of(start, axis)))]
  }
}

async function readSet(source: ImportSource, { signal }: ImportContext): Promise<StreamSet> {
  const bytes = await readWhole(source.path, MAX_BYTES, signal)
  const damage: ULogDamage = { brokenOff: false, unknownForm: false, lostMilliseconds: 0 }
  const reader = new FlightReader(source.path)
  await patiently(ulogMoments(bytes, WANTED, damage), signal, (moment) => reader.take(moment))
  if (damage.unknownForm) throw unsupportedFormat(source.path, say('import.ulogForm'))
  const warnings: ImportWarning[] = []
  if (damage.brokenOff) warnings.push(warning('broken_off', say('import.fitBrokenOff')))
  const { lostMilliseconds: milliseconds } = damage
  if (milliseconds > 0) warnings.push(warning('samples_dropped', say('import.ulogLost', { milliseconds })))
  const flight = reader.flight()
  const inertia = imuSamples(reader.inertia, { accelerations: true, rotationRates: true })
  const epoch = satelliteEpoch(reader.moments)
  return {
    kind: 'data',
    clock: {
      title: 'Seconds since the device was switched on',
      source: 'device',
      timecode: null,
      epochUtcNanoseconds: epoch,
      ...(epoch !== null && { epochSource: 'satellite' as const }),
    },
    streams: [flight.stream, imuStream('inertial sensor', inertia.samples)].filter((stream) => stream !== undefined),
    warnings: [...warnings, ...flight.warnings, ...inertia.warnings],
    metadata: {
      axes: 'X east, Y up, Z south',
      deviceAxes: 'X right, Y up, Z back of the vehicle',
      ...(reader.hasLocation && { hasLocation: true }),
    },
  }
}

export const ulogImporter = streamSetImporter({
  id: 'ulog',
  title: say('readable.ulog'),
  extensions: ['ulg', 'ulog'],
  supports: ({ head, isDirectory }) => (!isDirectory && isULogHeader(head) ? 1 : 0),
  readSet,
})
