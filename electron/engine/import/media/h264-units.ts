/** The units of an H.264 stream (ITU-T H.264, 7.3 and Annex B): taken apart, and as files of the MP4 family keep them (ISO/IEC 14496-15). */

const SLICE_OF_IDR = 5
const PARAMETERS_OF_SEQUENCE = 7
const PARAMETERS_OF_PICTURE = 8
const MAX_UNITS = 4096
const START_CODE = Buffer.from([0, 0, 1])

const typeOf = (unit: Uint8Array): number => unit[0] & 31

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

/** Whether decoding can begin with this picture. */
export function isKeyPicture(units: readonly Uint8Array[]): boolean {
  return units.some((unit) => typeOf(unit) === SLICE_OF_IDR || typeOf(unit) === PARAMETERS_OF_SEQUENCE)
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

export interface CodedPicture {
  readonly width: number
  readonly height: number
  /** The AVCDecoderConfigurationRecord of a file. */
  readonly configuration: Buffer
}

/** What the parameter sets among the units say; undefined where they are missing or make no sense. */
export function codedPictureOf(units: readonly Uint8Array[]): CodedPicture | undefined {
  const [sequence, picture] = [PARAMETERS_OF_SEQUENCE, PARAMETERS_OF_PICTURE].map((type) =>
    units.find((unit) => typeOf(unit) === type && unit.length >= 4 && unit.length < 65_536),
  )
  const size = sequence && pictureSize(sequence)
  if (!sequence || !picture || !size) return undefined
  const sized = (unit: Uint8Array) => [unit.length >> 8, unit.length & 255, ...unit]
  const head = [1, sequence[1], sequence[2], sequence[3], 0xff]
  return { ...size, configuration: Buffer.from([...head, 0xe1, ...sized(sequence), 1, ...sized(picture)]) }
}

/** Reads bits and Exp-Golomb codes behind the bytes that keep start codes away. @throws RangeError beyond the end. */
class Bits {
  readonly #bytes: number[] = []
  #at = 0

  constructor(unit: Uint8Array) {
    for (let i = 1; i < unit.length; i++) {
      if (!(unit[i] === 3 && unit[i - 1] === 0 && unit[i - 2] === 0)) this.#bytes.push(unit[i])
    }
  }

  bits(count: number): number {
    let value = 0
    for (let i = 0; i < count; i++, this.#at++) {
      if (this.#at >= 8 * this.#bytes.length) throw new RangeError('the parameters break off')
      value = 2 * value + ((this.#bytes[this.#at >> 3] >> (7 - (this.#at & 7))) & 1)
    }
    return value
  }

  unsigned(): number {
    let zeros = 0
    while (this.bits(1) === 0) if (++zeros > 32) throw new RangeError('no number is that long')
    return 2 ** zeros - 1 + this.bits(zeros)
  }

  signed(): number {
    const code = this.unsigned()
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2
  }
}

const WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])
const MAX_SIDE = 16_384

function skipScalingLists(bits: Bits, lists: number): void {
  for (let list = 0; list < lists; list++) {
    if (bits.bits(1) === 0) continue
    let [last, next] = [8, 8]
    for (let i = 0; i < (list < 6 ? 16 : 64); i++) {
      if (next !== 0) next = (last + bits.signed() + 256) % 256
      last = next === 0 ? last : next
    }
  }
}

/** Width and height after cropping (7.3.2.1.1, 7.4.2.1.1). */
function pictureSize(unit: Uint8Array): { width: number; height: number } | undefined {
  try {
    const bits = new Bits(unit)
    const profile = bits.bits(8)
    bits.bits(16)
    bits.unsigned()
    let chroma = 1
    if (WITH_CHROMA.has(profile)) {
      chroma = bits.unsigned()
      if (chroma === 3) bits.bits(1)
      bits.unsigned()
      bits.unsigned()
      bits.bits(1)
      if (bits.bits(1) === 1) skipScalingLists(bits, chroma === 3 ? 12 : 8)
    }
    bits.unsigned()
    const order = bits.unsigned()
    if (order === 0) bits.unsigned()
    else if (order === 1) {
      bits.bits(1)
      bits.signed()
      bits.signed()
      const count = bits.unsigned()
      if (count > 255) return undefined
      for (let i = 0; i < count; i++) bits.signed()
    }
    bits.unsigned()
    bits.bits(1)
    const [across, down] = [bits.unsigned() + 1, bits.unsigned() + 1]
    const wholeFrames = bits.bits(1)
    if (wholeFrames === 0) bits.bits(1)
    bits.bits(1)
    const crop = bits.bits(1) === 1 ? Array.from({ length: 4 }, () => bits.unsigned()) : [0, 0, 0, 0]
    const unitX = chroma === 1 || chroma === 2 ? 2 : 1
    const unitY = (chroma === 1 ? 2 : 1) * (2 - wholeFrames)
    const width = 16 * across - unitX * (crop[0] + crop[1])
    const height = 16 * (2 - wholeFrames) * down - unitY * (crop[2] + crop[3])
    return width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE ? { width, height } : undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
