/** Streams of coded units (ITU-T H.264 and H.265, Annex B): taken apart, and as files of the MP4 family keep them (ISO/IEC 14496-15). */

const MAX_UNITS = 4096
const START_CODE = Buffer.from([0, 0, 1])
/** Of a picture, in pixels. */
export const MAX_SIDE = 16_384

interface CodedPicture {
  readonly width: number
  readonly height: number
  /** The box of a file that tells a decoder what it needs before the first picture. */
  readonly configuration: { readonly type: string; readonly bytes: Buffer }
}

/** What is particular to one coding. */
export interface UnitCoding {
  /** The sample entry of a film file. */
  readonly entry: string
  /** Whether decoding can begin with this picture. */
  isKeyPicture(units: readonly Uint8Array[]): boolean
  /** What the parameter sets among the units say; undefined where they are missing or make no sense. */
  pictureOf(units: readonly Uint8Array[]): CodedPicture | undefined
}

/** What stands between the start codes. Nothing where there is none. */
export function unitsOf(data: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const units: Uint8Array[] = []
  for (let at = bytes.indexOf(START_CODE); at >= 0 && units.length < MAX_UNITS;) {
    const next = bytes.indexOf(START_CODE, at + 3)
    let end = next < 0 ? bytes.length : next
    while (end > at + 3 && bytes[end - 1] === 0) end--
    if (end > at + 3) units.push(bytes.subarray(at + 3, end))
    at = next
  }
  return units
}

/** Units with their lengths in front instead of start codes. */
export function withLengths(units: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    units.flatMap((unit) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(unit.length)
      return [length, unit]
    }),
  )
}
