/** The units of an H.265 stream (ITU-T H.265, 7.3): key pictures, size, and what files of the MP4 family say of them (ISO/IEC 14496-15, 8.3). */
import { BitReader, unescaped } from '../../../../shared/h264/bits.ts'
import { MAX_SIDE, type UnitCoding } from './coded-units.ts'

const FIRST_KEY_SLICE = 16
const LAST_KEY_SLICE = 23
/** Of the video, the sequence and the picture, in the order in which files keep them. */
const PARAMETER_SETS = [32, 33, 34]
const SEQUENCE = 33

const typeOf = (unit: Uint8Array): number => (unit[0] >> 1) & 63
const isKeySlice = (type: number): boolean => type >= FIRST_KEY_SLICE && type <= LAST_KEY_SLICE

interface SequenceFacts {
  readonly width: number
  readonly height: number
  /** Profile, tier, compatibility, constraints and level, as both the stream and files write them. */
  readonly profile: readonly number[]
  readonly chromaFormat: number
  readonly lumaBits: number
  readonly chromaBits: number
  readonly subLayers: number
  readonly nested: number
}

export const h265Units: UnitCoding = {
  entry: 'hev1',
  isKeyPicture: (units) => units.some((unit) => isKeySlice(typeOf(unit)) || typeOf(unit) === SEQUENCE),
  pictureOf(units) {
    const sets = PARAMETER_SETS.map((type) =>
      units.filter((unit) => typeOf(unit) === type && unit.length >= 4 && unit.length < 65_536),
    )
    const facts = sets.every((each) => each.length > 0) ? sequenceFacts(sets[1][0]) : undefined
    if (!facts) return undefined
    const { width, height } = facts
    return { width, height, configuration: { type: 'hvcC', bytes: configurationOf(facts, sets) } }
  },
}

/** The HEVCDecoderConfigurationRecord; what it may leave open is left open. */
function configurationOf(facts: SequenceFacts, sets: readonly (readonly Uint8Array[])[]): Buffer {
  const { profile, chromaFormat, lumaBits, chromaBits, subLayers, nested } = facts
  const head = [1, ...profile, 0xf0, 0, 0xfc, 0xfc | chromaFormat, 0xf8 | (lumaBits - 8), 0xf8 | (chromaBits - 8), 0, 0]
  const arrays = sets.flatMap((units, slot) => [
    PARAMETER_SETS[slot],
    units.length >> 8,
    units.length & 255,
    ...units.flatMap((unit) => [unit.length >> 8, unit.length & 255, ...unit]),
  ])
  return Buffer.from([...head, (subLayers << 3) | (nested << 2) | 3, sets.length, ...arrays])
}

const PROFILE_BYTES = 12

function sequenceFacts(unit: Uint8Array): SequenceFacts | undefined {
  try {
    const bits = new BitReader(unescaped(unit.subarray(2)))
    bits.bits(4)
    const subLayers = bits.bits(3) + 1
    const nested = bits.bit()
    const profile = Array.from({ length: PROFILE_BYTES }, () => bits.bits(8))
    skipSubLayers(bits, subLayers - 1)
    bits.unsigned()
    const chromaFormat = bits.unsigned()
    if (chromaFormat === 3) bits.bit()
    const [across, down] = [bits.unsigned(), bits.unsigned()]
    const crop = bits.bit() === 1 ? Array.from({ length: 4 }, () => bits.unsigned()) : [0, 0, 0, 0]
    const [lumaBits, chromaBits] = [bits.unsigned() + 8, bits.unsigned() + 8]
    const width = across - (chromaFormat === 1 || chromaFormat === 2 ? 2 : 1) * (crop[0] + crop[1])
    const height = down - (chromaFormat === 1 ? 2 : 1) * (crop[2] + crop[3])
    const isSane = width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE
    if (!isSane || chromaFormat > 3 || lumaBits > 15 || chromaBits > 15) return undefined
    return { width, height, profile, chromaFormat, lumaBits, chromaBits, subLayers, nested }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** 7.3.3: which sub-layers say their own profile and level, and what they say. */
function skipSubLayers(bits: BitReader, count: number): void {
  if (count === 0) return
  const told = Array.from({ length: 8 }, () => [bits.bit(), bits.bit()])
  for (const [profile, level] of told.slice(0, count)) {
    if (profile === 1) for (let i = 0; i < 11; i++) bits.bits(8)
    if (level === 1) bits.bits(8)
  }
}
