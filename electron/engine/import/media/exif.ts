/** The few facts of Exif (CIPA DC-008) that matter here: when, which way up, by what, and whether it says where. */

export interface ExifFacts {
  /** 1 to 8 as the standard numbers them; 1 when it does not say. */
  readonly orientation: number
  readonly make?: string
  readonly model?: string
  /** Local wall clock, `YYYY-MM-DD HH:MM:SS`. */
  readonly localTime?: string
  /** `+02:00`, where the camera knew it. */
  readonly zone?: string
  /** Digits after the decimal point of the second. */
  readonly subSecond?: string
  /** UTC out of the satellites, `YYYY-MM-DD HH:MM:SS`. */
  readonly satelliteTime?: string
  readonly hasLocation: boolean
}

interface Entry {
  readonly type: number
  readonly count: number
  /** Where the values lie. */
  readonly at: number
}

const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8]
const MAX_ENTRIES = 1_000
const TAG = {
  make: 0x010f,
  model: 0x0110,
  orientation: 0x0112,
  dateTime: 0x0132,
  exifDirectory: 0x8769,
  gpsDirectory: 0x8825,
  dateTimeOriginal: 0x9003,
  offsetTimeOriginal: 0x9011,
  subSecondOriginal: 0x9291,
  gpsLatitude: 0x0002,
  gpsTime: 0x0007,
  gpsDate: 0x001d,
} as const

/** Reads a TIFF structure as Exif keeps it. @returns null when it is none. */
export function parseExif(bytes: Uint8Array): ExifFacts | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 8) return null
  const order = view.getUint16(0)
  if (order !== 0x4949 && order !== 0x4d4d) return null
  const reader = new TiffReader(view, order === 0x4949)
  if (reader.uint16(2) !== 42) return null
  const main = reader.directory(reader.uint32(4))
  if (!main) return null
  const exif = reader.directory(reader.number(main.get(TAG.exifDirectory)))
  const gps = reader.directory(reader.number(main.get(TAG.gpsDirectory)))
  const orientation = reader.number(main.get(TAG.orientation)) ?? 1
  return {
    orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
    ...present('make', reader.text(main.get(TAG.make))),
    ...present('model', reader.text(main.get(TAG.model))),
    ...present(
      'localTime',
      wallClock(reader.text(exif?.get(TAG.dateTimeOriginal)) ?? reader.text(main.get(TAG.dateTime))),
    ),
    ...present('zone', zoneOf(reader.text(exif?.get(TAG.offsetTimeOriginal)))),
    ...present('subSecond', /^\d{1,9}/.exec(reader.text(exif?.get(TAG.subSecondOriginal)) ?? '')?.[0]),
    ...present('satelliteTime', satelliteTime(reader, gps)),
    hasLocation: gps?.has(TAG.gpsLatitude) ?? false,
  }
}

/** What an Exif orientation asks for: first mirrored left to right, then turned clockwise. */
export function turnOfOrientation(orientation: number): { rotationDegrees: number; isMirrored: boolean } {
  const turns: Readonly<Record<number, readonly [number, boolean]>> = {
    1: [0, false],
    2: [0, true],
    3: [180, false],
    4: [180, true],
    5: [270, true],
    6: [90, false],
    7: [90, true],
    8: [270, false],
  }
  const [rotationDegrees, isMirrored] = turns[orientation] ?? [0, false]
  return { rotationDegrees, isMirrored }
}

/** Reads with every offset checked: a damaged picture gives absent facts, never an exception. */
class TiffReader {
  private readonly view: DataView
  private readonly littleEndian: boolean

  constructor(view: DataView, littleEndian: boolean) {
    this.view = view
    this.littleEndian = littleEndian
  }

  uint16(at: number): number | null {
    return at >= 0 && at + 2 <= this.view.byteLength ? this.view.getUint16(at, this.littleEndian) : null
  }

  uint32(at: number): number | null {
    return at >= 0 && at + 4 <= this.view.byteLength ? this.view.getUint32(at, this.littleEndian) : null
  }

  directory(at: number | null | undefined): Map<number, Entry> | null {
    if (at === null || at === undefined) return null
    const count = this.uint16(at)
    if (count === null || count > MAX_ENTRIES) return null
    const entries = new Map<number, Entry>()
    for (let index = 0; index < count; index++) {
      const place = at + 2 + index * 12
      const tag = this.uint16(place)
      const type = this.uint16(place + 2)
      const length = this.uint32(place + 4)
      if (tag === null || type === null || length === null) break
      const bytes = (TYPE_BYTES[type] ?? 0) * length
      const values = bytes <= 4 ? place + 8 : this.uint32(place + 8)
      if (values !== null && bytes > 0 && values + bytes <= this.view.byteLength) {
        entries.set(tag, { type, count: length, at: values })
      }
    }
    return entries
  }

  number(entry: Entry | undefined): number | null {
    if (entry?.type === 3) return this.uint16(entry.at)
    return entry?.type === 4 ? this.uint32(entry.at) : null
  }

  text(entry: Entry | undefined): string | undefined {
    if (entry?.type !== 2) return undefined
    const bytes = new Uint8Array(this.view.buffer, this.view.byteOffset + entry.at, Math.min(entry.count, 200))
    const end = bytes.indexOf(0)
    return new TextDecoder('latin1').decode(end < 0 ? bytes : bytes.subarray(0, end)).trim() || undefined
  }

  rational(entry: Entry, index: number): number | null {
    if (entry.type !== 5 || index >= entry.count) return null
    const numerator = this.uint32(entry.at + index * 8)
    const denominator = this.uint32(entry.at + index * 8 + 4)
    return numerator === null || !denominator ? null : numerator / denominator
  }
}

/** `2021:05:01 10:11:12` as `2021-05-01 10:11:12`; cameras without a set clock write zeros or blanks. */
function wallClock(value: string | undefined): string | undefined {
  const match = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d:\d\d:\d\d)/.exec(value ?? '')
  return match && Number(match[1]) >= 1990 ? `${match[1]}-${match[2]}-${match[3]} ${match[4]}` : undefined
}

function zoneOf(value: string | undefined): string | undefined {
  return /^([+-]\d\d:\d\d|Z)$/.exec(value ?? '')?.[0]
}

function satelliteTime(reader: TiffReader, gps: Map<number, Entry> | null): string | undefined {
  const date = /^(\d{4}):(\d\d):(\d\d)$/.exec(reader.text(gps?.get(TAG.gpsDate)) ?? '')
  const time = gps?.get(TAG.gpsTime)
  if (!date || !time) return undefined
  const parts = [0, 1, 2].map((index) => reader.rational(time, index))
  if (parts.some((part) => part === null || part >= 61)) return undefined
  const two = (part: number | null): string => String(Math.floor(part ?? 0)).padStart(2, '0')
  return `${date[1]}-${date[2]}-${date[3]} ${two(parts[0])}:${two(parts[1])}:${two(parts[2])}`
}

function present<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string })
}
