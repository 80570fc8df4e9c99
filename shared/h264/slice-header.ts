/** What the slices of a picture say about its place among others (ITU-T H.264 7.3.3). */
import { BitReader, unescaped } from './bits.ts'
import type { ParameterSets, PictureParameters } from './parameter-sets.ts'

/** What a slice says about one of its lists. */
export interface ListWords {
  /** How many pictures it has at most. */
  readonly count: number
  /** How its first pictures are named, each by the way in numbers from the one before; null where that is not understood. */
  readonly steps: readonly number[] | null
}

/** One for pictures that are predicted, two for those between others, none for those that stand alone. */
export type SliceLists = readonly ListWords[]

export interface PictureHeader {
  /** Whether nothing before it is needed (IDR). */
  readonly isKey: boolean
  readonly isReference: boolean
  readonly frameNum: number
  /** `pic_order_cnt_lsb` and `delta_pic_order_cnt_bottom`; 0 where the film has none. */
  readonly order: number
  readonly bottomOrder: number
  /** Whether pictures between others: made from two lists of them. */
  readonly isBetween: boolean
  /** Whether a slice names its second list in another order than the usual. */
  readonly reordersSecond: boolean
  /** How far back in the numbers those are that are no longer leant on; null where the oldest goes. */
  readonly forgets: readonly number[] | null
  /** What each slice says of the pictures that it leans on. */
  readonly slices: readonly SliceLists[]
}

/** Longer than any header of a slice, but those with very many weights. */
const MOST_HEADER_BYTES = 512
const SLICE = 1
const KEY_SLICE = 5
const PARTITIONS = [2, 3, 4]
const PARAMETERS = [7, 8, 13, 15]

/** @returns null where what is said is not understood, or other than what the film says at its beginning */
export function readPicture(packet: Uint8Array, sets: ParameterSets): PictureHeader | null {
  let picture: PictureHeader | null = null
  try {
    for (const unit of unitsOf(packet)) {
      const kind = unit[0]! & 31
      if (PARTITIONS.includes(kind)) return null
      if (PARAMETERS.includes(kind) && !sets.units.some((each) => isSame(each, unit))) return null
      if (kind !== SLICE && kind !== KEY_SLICE) continue
      const slice = readSlice(unit, sets)
      if (!slice) return null
      if (picture) {
        const { isBetween, reordersSecond, slices }: PictureHeader = picture
        picture = {
          ...slice,
          isBetween: isBetween || slice.isBetween,
          reordersSecond: reordersSecond || slice.reordersSecond,
          slices: [...slices, ...slice.slices],
        }
      } else picture = slice
    }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
  return picture
}

function* unitsOf(packet: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
  for (let at = 0; at + 4 < packet.length;) {
    const length = view.getUint32(at)
    if (length > 0) yield packet.subarray(at + 4, at + 4 + length)
    at += 4 + length
  }
}

function readSlice(unit: Uint8Array, { sequence, pictures }: ParameterSets): PictureHeader | null {
  const bits = new BitReader(unescaped(unit.subarray(0, MOST_HEADER_BYTES)))
  bits.bit()
  const isReference = bits.bits(2) > 0
  const isKey = bits.bits(5) === KEY_SLICE
  bits.unsigned()
  const kind = bits.unsigned() % 5
  const set = pictures.get(bits.unsigned())
  if (!set || kind > 2) return null
  const [isPredicted, isBetween] = [kind === 0, kind === 1]
  const frameNum = bits.bits(sequence.frameNumBits)
  if (isKey) bits.unsigned()
  const order = sequence.orderBits === null ? 0 : bits.bits(sequence.orderBits)
  const bottomOrder = sequence.orderBits !== null && set.hasBottomOrder ? bits.signed() : 0
  if (isBetween) bits.bit()
  const lists = isBetween ? 2 : isPredicted ? 1 : 0
  const counts = [...set.referencesByDefault]
  if (lists > 0 && bits.flag()) for (let list = 0; list < lists; list++) counts[list] = bits.unsigned() + 1
  let reordersSecond = false
  const said: ListWords[] = []
  for (let list = 0; list < lists; list++) {
    const isReordered = bits.flag()
    if (isReordered && list === 1) reordersSecond = true
    said.push({ count: counts[list]!, steps: isReordered ? readSteps(bits) : [] })
  }
  if (hasWeights(set, isPredicted, isBetween)) skipWeights(bits, counts.slice(0, lists))
  let forgets: number[] | null = null
  if (isReference && isKey) {
    bits.bit()
    const isKeptLong = bits.flag()
    if (isKeptLong) return null
  } else if (isReference && bits.flag()) {
    forgets = []
    for (let what = bits.unsigned(); what !== 0; what = bits.unsigned()) {
      if (what !== 1) return null
      forgets.push(bits.unsigned() + 1)
    }
  }
  return { isKey, isReference, frameNum, order, bottomOrder, isBetween, reordersSecond, forgets, slices: [said] }
}

/** How a list names its first pictures; null where it names one that is kept for long. */
function readSteps(bits: BitReader): number[] | null {
  const steps: number[] = []
  let isUnderstood = true
  for (let what = bits.unsigned(); what !== 3; what = bits.unsigned()) {
    const by = bits.unsigned() + 1
    if (what > 1) isUnderstood = false
    steps.push(what === 0 ? -by : by)
  }
  return isUnderstood ? steps : null
}

function hasWeights(set: PictureParameters, isPredicted: boolean, isBetween: boolean): boolean {
  return (isPredicted && set.weightsPredicted) || (isBetween && set.weightsBetween)
}

function skipWeights(bits: BitReader, counts: readonly number[]): void {
  bits.unsigned()
  bits.unsigned()
  for (const count of counts)
    for (let n = 0; n < count; n++) {
      if (bits.flag()) for (let each = 0; each < 2; each++) bits.signed()
      if (bits.flag()) for (let each = 0; each < 4; each++) bits.signed()
    }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, n) => byte === other[n])
}
