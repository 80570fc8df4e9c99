/**
 * GPMF, the telemetry of GoPro cameras (github.com/gopro/gpmf-parser): nested records of four-letter key, type, size and
 * repeat, big-endian, padded to four bytes. The inertial streams are read, and what satellites said of the time. Axes are X, Y, Z as the camera names
 * them, put in order by ORIN; cameras that name none write Z, X, Y.
 */
import { utcOfDays, utcOfGpmfText } from './satellite-time.ts'

/** The inertial samples of one payload, which covers about a second. */
export interface GpmfSensor {
  /** `ACCL` in m/s^2 or `GYRO` in rad/s. */
  readonly key: 'ACCL' | 'GYRO'
  /** x, y, z; length 3 * count. */
  readonly values: Float64Array
  readonly count: number
  /** Microseconds of the first sample on the camera's clock, where it says so. */
  readonly startMicroseconds: number | undefined
}

export interface GpmfRecord {
  readonly key: string
  readonly type: string
  readonly size: number
  readonly repeat: number
  readonly view: DataView
}

export const MAX_DEPTH = 8

/** The records that lie side by side in `view`. Stops where a record does not fit: what came before is good. */
export function* gpmfRecords(view: DataView): Generator<GpmfRecord> {
  for (let at = 0; at + 8 <= view.byteLength;) {
    const key = String.fromCharCode(
      view.getUint8(at),
      view.getUint8(at + 1),
      view.getUint8(at + 2),
      view.getUint8(at + 3),
    )
    const type = view.getUint8(at + 4)
    const size = view.getUint8(at + 5)
    const repeat = view.getUint16(at + 6)
    const length = size * repeat
    if (!/^[A-Za-z0-9 _]{4}$/.test(key) || at + 8 + length > view.byteLength) return
    const body = new DataView(view.buffer, view.byteOffset + at + 8, length)
    yield { key, type: type === 0 ? '' : String.fromCharCode(type), size, repeat, view: body }
    at += 8 + Math.ceil(length / 4) * 4
  }
}

type Reader = (view: DataView, at: number) => number

const READERS = new Map<string, readonly [number, Reader]>(
  Object.entries({
    b: [1, (view, at) => view.getInt8(at)],
    B: [1, (view, at) => view.getUint8(at)],
    s: [2, (view, at) => view.getInt16(at)],
    S: [2, (view, at) => view.getUint16(at)],
    l: [4, (view, at) => view.getInt32(at)],
    L: [4, (view, at) => view.getUint32(at)],
    f: [4, (view, at) => view.getFloat32(at)],
    d: [8, (view, at) => view.getFloat64(at)],
    J: [8, (view, at) => Number(view.getBigUint64(at))],
  }),
)

export function gpmfNumbers({ type, view }: GpmfRecord): number[] {
  const reader = READERS.get(type)
  if (!reader) return []
  const [bytes, read] = reader
  return Array.from({ length: Math.floor(view.byteLength / bytes) }, (_, index) => read(view, index * bytes))
}

function text({ view }: GpmfRecord): string {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('latin1')
}

/** Which axis each channel is, and its sign: a capital letter is positive. */
function channelsOf(orientation: string | undefined): readonly (readonly [axis: number, sign: number])[] {
  const letters = orientation && /^[xyz]{3}$/i.test(orientation) ? orientation : 'ZXY'
  return [...letters].map((letter) => ['xyz'.indexOf(letter.toLowerCase()), letter < 'a' ? 1 : -1] as const)
}

function sensorIn(stream: GpmfRecord): GpmfSensor | undefined {
  let scales: number[] = []
  let orientation: string | undefined
  let startMicroseconds: number | undefined
  for (const record of gpmfRecords(stream.view)) {
    if (record.key === 'SCAL') scales = gpmfNumbers(record)
    else if (record.key === 'ORIN') orientation = text(record)
    else if (record.key === 'STMP') startMicroseconds = gpmfNumbers(record)[0]
    else if (record.key === 'ACCL' || record.key === 'GYRO') {
      const raw = gpmfNumbers(record)
      const channels = channelsOf(orientation)
      const count = Math.floor(raw.length / 3)
      const values = new Float64Array(3 * count)
      for (let i = 0; i < 3 * count; i++) {
        const [axis, sign] = channels[i % 3]
        const scale = scales.length === 3 ? scales[i % 3] : (scales[0] ?? 1)
        values[3 * Math.floor(i / 3) + axis] = (sign * raw[i]) / scale
      }
      return { key: record.key, values, count, startMicroseconds }
    }
  }
  return undefined
}

/** All inertial streams in a payload (one or more DEVC records). */
export function gpmfSensors(payload: DataView, depth = 0): GpmfSensor[] {
  const sensors: GpmfSensor[] = []
  for (const record of gpmfRecords(payload)) {
    if (record.type !== '' || depth > MAX_DEPTH) continue
    const sensor = record.key === 'STRM' ? sensorIn(record) : undefined
    if (sensor) sensors.push(sensor)
    else if (record.key !== 'STRM') sensors.push(...gpmfSensors(record.view, depth + 1))
  }
  return sensors
}

/** Two and three dimensions; without a fix the receiver counts from where it was switched on. */
export const LEAST_FIX = 2
/** Of a GPS9 sample: latitude, longitude, height, two speeds, days, seconds, then precision and fix in two bytes each. */
export const GPS9_BYTES = 32
const GPS9_DAYS = 20
const GPS9_SECONDS = 24
export const GPS9_FIX = 30

/** Seconds since 1970 that satellites said at the beginning of a payload; null where there was no fix. */
export function gpmfSatelliteTime(payload: DataView, depth = 0): number | null {
  for (const record of gpmfRecords(payload)) {
    if (record.type !== '' || depth > MAX_DEPTH) continue
    const time = record.key === 'STRM' ? timeIn(record) : gpmfSatelliteTime(record.view, depth + 1)
    if (time !== null) return time
  }
  return null
}

function timeIn(stream: GpmfRecord): number | null {
  let fix: number | undefined
  let written: number | null = null
  let scales: number[] = []
  for (const record of gpmfRecords(stream.view)) {
    if (record.key === 'GPSF') fix = gpmfNumbers(record)[0]
    else if (record.key === 'GPSU') written = utcOfGpmfText(text(record))
    else if (record.key === 'SCAL') scales = gpmfNumbers(record)
    else if (record.key === 'GPS9' && record.size === GPS9_BYTES && record.view.byteLength >= GPS9_BYTES) {
      fix = record.view.getUint16(GPS9_FIX)
      const days = record.view.getInt32(GPS9_DAYS) / (scales[5] ?? 1)
      written = utcOfDays(days, record.view.getInt32(GPS9_SECONDS) / (scales[6] ?? 1000))
    }
  }
  return fix !== undefined && fix >= LEAST_FIX ? written : null
}
