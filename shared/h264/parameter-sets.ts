/** What a film says once about all its pictures (`avcC`, ISO/IEC 14496-15 5.3.3; ITU-T H.264 7.3.2), as far as pictures can be restored by it. */
import { BitReader, BitWriter, escaped, unescaped } from './bits.ts'

export interface SequenceParameters {
  readonly frameNumBits: number
  /** Null where pictures are shown in the order in which they are decoded (`pic_order_cnt_type` 2). */
  readonly orderBits: number | null
  readonly mostReferences: number
  readonly blocksAcross: number
  readonly blocksDown: number
}

export interface PictureParameters {
  readonly hasBottomOrder: boolean
  readonly referencesByDefault: readonly [number, number]
  readonly weightsPredicted: boolean
  readonly weightsBetween: boolean
}

export interface ParameterSets {
  readonly sequence: SequenceParameters
  readonly pictures: ReadonlyMap<number, PictureParameters>
  /** The units as they stand in the film. */
  readonly units: readonly Uint8Array[]
  /** What a decoder is told instead, before each key picture, so that it takes restored pictures too. */
  readonly told: readonly Uint8Array[]
  /** The set that those refer to. */
  readonly restoringId: number
}

const LENGTH_BYTES = 4
const WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

/** Null where the film is of a kind whose pictures are not restored: not 8 bits 4:2:0 of whole pictures, or split in unusual ways. */
export function readParameterSets(description: Uint8Array): ParameterSets | null {
  try {
    return read(description)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function read(description: Uint8Array): ParameterSets | null {
  if (description[0] !== 1 || (description[4]! & 3) + 1 !== LENGTH_BYTES || (description[5]! & 31) !== 1) return null
  const view = new DataView(description.buffer, description.byteOffset, description.byteLength)
  let at = 6
  const unit = (): Uint8Array => {
    const length = view.getUint16(at)
    at += 2 + length
    return description.subarray(at - length, at)
  }
  const first = unit()
  const sequence = readSequence(first)
  const count = description[at++]!
  const pictureUnits = Array.from({ length: count }, unit)
  const read = pictureUnits.map(readPictures)
  if (!sequence || read.some((each) => each === null)) return null
  const pictures = new Map(read.flatMap((each) => (each ? [[each.id, each] as const] : [])))
  let restoringId = 0
  while (pictures.has(restoringId)) restoringId += 1
  const told = [allowingGaps(first, sequence.gapsAt), ...pictureUnits, restoringSet(restoringId, sequence.id)]
  return { sequence, pictures, units: [first, ...pictureUnits], told, restoringId }
}

function readSequence(unit: Uint8Array): (SequenceParameters & { id: number; gapsAt: number }) | null {
  const bits = new BitReader(unescaped(unit))
  bits.bits(8)
  const profile = bits.bits(8)
  bits.bits(16)
  const id = bits.unsigned()
  if (WITH_CHROMA.has(profile)) {
    const chroma = bits.unsigned()
    const depths = [bits.unsigned(), bits.unsigned()]
    const isLossless = bits.flag()
    if (chroma !== 1 || depths.some((depth) => depth !== 0) || isLossless) return null
    if (bits.flag()) for (let n = 0; n < 8; n++) if (bits.flag()) skipScaling(bits, n < 6 ? 16 : 64)
  }
  const frameNumBits = bits.unsigned() + 4
  const orderKind = bits.unsigned()
  if (orderKind === 1) return null
  const orderBits = orderKind === 0 ? bits.unsigned() + 4 : null
  const mostReferences = Math.max(1, bits.unsigned())
  const gapsAt = bits.position
  bits.bit()
  const blocksAcross = bits.unsigned() + 1
  const blocksDown = bits.unsigned() + 1
  const isWhole = bits.flag()
  return isWhole ? { id, gapsAt, frameNumBits, orderBits, mostReferences, blocksAcross, blocksDown } : null
}

function skipScaling(bits: BitReader, count: number): void {
  let last = 8
  for (let n = 0; n < count && last !== 0; n++) last = (last + bits.signed() + 256) % 256
}

function readPictures(unit: Uint8Array): (PictureParameters & { id: number }) | null {
  const bits = new BitReader(unescaped(unit))
  bits.bits(8)
  const id = bits.unsigned()
  bits.unsigned()
  bits.bit()
  const hasBottomOrder = bits.flag()
  const areSlicesMixed = bits.unsigned() !== 0
  if (areSlicesMixed) return null
  const referencesByDefault = [bits.unsigned() + 1, bits.unsigned() + 1] as const
  const weightsPredicted = bits.flag()
  const weightsBetween = bits.bits(2) === 1
  for (let n = 0; n < 3; n++) bits.signed()
  bits.bits(2)
  const isSentTwice = bits.flag()
  return isSentTwice ? null : { id, hasBottomOrder, referencesByDefault, weightsPredicted, weightsBetween }
}

/** Numbers of pictures may be left out: those before the first that is restored are. */
function allowingGaps(unit: Uint8Array, at: number): Uint8Array {
  const plain = unescaped(unit).slice()
  plain[at >> 3]! |= 128 >> (at & 7)
  return escaped(plain)
}

/** Plain codes, no weights, and edges of blocks are left as they are. */
function restoringSet(id: number, sequenceId: number): Uint8Array {
  const bits = new BitWriter()
  bits.bits(0x68, 8)
  bits.unsigned(id)
  bits.unsigned(sequenceId)
  bits.flag(false)
  bits.flag(true)
  for (let n = 0; n < 3; n++) bits.unsigned(0)
  bits.bits(0, 3)
  for (let n = 0; n < 3; n++) bits.signed(0)
  bits.bits(0b100, 3)
  bits.end()
  return escaped(bits.bytes())
}
