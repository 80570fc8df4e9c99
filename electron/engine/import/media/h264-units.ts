/** The units of an H.264 stream (ITU-T H.264, 7.3): key pictures, size, and what files of the MP4 family say of them (ISO/IEC 14496-15). */
import { BitReader, unescaped } from '../../../../shared/h264/bits.ts'
import { MAX_SIDE, type UnitCoding } from './coded-units.ts'

const SLICE_OF_IDR = 5
const PARAMETERS_OF_SEQUENCE = 7
const PARAMETERS_OF_PICTURE = 8

const typeOf = (unit: Uint8Array): number => unit[0] & 31

export const h264Units: UnitCoding = {
  entry: 'avc1',
  isKeyPicture: (units) => units.some((unit) => [SLICE_OF_IDR, PARAMETERS_OF_SEQUENCE].includes(typeOf(unit))),
  pictureOf(units) {
    const [sequence, picture] = [PARAMETERS_OF_SEQUENCE, PARAMETERS_OF_PICTURE].map((type) =>
      units.find((unit) => typeOf(unit) === type && unit.length >= 4 && unit.length < 65_536),
    )
    const size = sequence && pictureSize(sequence)
    if (!sequence || !picture || !size) return undefined
    const sized = (unit: Uint8Array) => [unit.length >> 8, unit.length & 255, ...unit]
    const head = [1, sequence[1], sequence[2], sequence[3], 0xff]
    const bytes = Buffer.from([...head, 0xe1, ...sized(sequence), 1, ...sized(picture)])
    return { ...size, configuration: { type: 'avcC', bytes } }
  },
}

const WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

function skipScalingLists(bits: BitReader, lists: number): void {
  for (let list = 0; list < lists; list++) {
    if (bits.bit() === 0) continue
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
    const bits = new BitReader(unescaped(unit.subarray(1)))
    const profile = bits.bits(8)
    bits.bits(16)
    bits.unsigned()
    let chroma = 1
    if (WITH_CHROMA.has(profile)) {
      chroma = bits.unsigned()
      if (chroma === 3) bits.bit()
      bits.unsigned()
      bits.unsigned()
      bits.bit()
      if (bits.bit() === 1) skipScalingLists(bits, chroma === 3 ? 12 : 8)
    }
    bits.unsigned()
    const order = bits.unsigned()
    if (order === 0) bits.unsigned()
    else if (order === 1) {
      bits.bit()
      bits.signed()
      bits.signed()
      const count = bits.unsigned()
      if (count > 255) return undefined
      for (let i = 0; i < count; i++) bits.signed()
    }
    bits.unsigned()
    bits.bit()
    const [across, down] = [bits.unsigned() + 1, bits.unsigned() + 1]
    const wholeFrames = bits.bit()
    if (wholeFrames === 0) bits.bit()
    bits.bit()
    const crop = bits.bit() === 1 ? Array.from({ length: 4 }, () => bits.unsigned()) : [0, 0, 0, 0]
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
