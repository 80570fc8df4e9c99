/**
 * Brings a decoder to where it was in the middle of a film, from the pictures that it held then: they are written as they
 * are (`I_PCM`), one unit each, with the numbers that they had. Every picture that a decoder makes from them is the same
 * as if it had come there from the key picture before, as long as it needs no more of them than their samples: whoever
 * uses this refuses pictures whose motion is guessed from theirs (`needsMotionOf`).
 */
import { BitWriter, escaped } from './bits.ts'
import type { ParameterSets, SequenceParameters } from './parameter-sets.ts'
import { after, afterGap, type HeldPicture, type References } from './reference-pictures.ts'
import type { PictureHeader } from './slice-header.ts'
import { START_CODE, withCodes } from './start-codes.ts'

/** What is written of each picture, but its samples. */
export interface Written {
  readonly header: PictureHeader
  readonly picture: HeldPicture | null
}

/** One for each picture to be restored behind the key picture that everything begins with; null where it cannot be done. */
export function planRestoring(wanted: References, { sequence }: ParameterSets): readonly Written[] | null {
  const [oldest] = wanted.held
  const newest = wanted.held.at(-1)
  if (!oldest || newest?.frameNum !== wanted.frameNum) return null
  const half = sequence.orderBits === null ? 0 : 2 ** (sequence.orderBits - 1)
  // Orders are told by their lower bits: begun half way where the first is beyond it.
  const order = oldest.order < half ? 0 : half - 1
  const key: PictureHeader = {
    ...PLAIN,
    isKey: true,
    frameNum: 0,
    order: Math.max(0, order),
    bottomOrder: -Math.max(0, order),
  }
  const written: Written[] = [{ header: key, picture: null }]
  let state = after(null, key, sequence, null)
  for (const picture of wanted.held) {
    if (!state || picture.frameNum === state.frameNum) return null
    const { frameNum, order, bottomOrder } = picture
    state = afterGap(state, frameNum, sequence)
    const isLast = picture === newest
    const others = state.held.filter(({ microseconds }) => microseconds === null)
    const forgets = isLast && others.length > 0 ? others.map((each) => back(frameNum, each.frameNum, sequence)) : null
    const header = { ...PLAIN, frameNum, order, bottomOrder, forgets }
    written.push({ header, picture })
    state = after(state, header, sequence, picture.microseconds)
  }
  return state && isAlike(state, wanted) ? written : null
}

const PLAIN: PictureHeader = {
  isKey: false,
  isReference: true,
  frameNum: 0,
  order: 0,
  bottomOrder: 0,
  isBetween: false,
  reordersSecond: false,
  forgets: null,
  slices: [],
}

function back(from: number, to: number, { frameNumBits }: SequenceParameters): number {
  const size = 2 ** frameNumBits
  return (from - to + size) % size
}

/** The same pictures in the same order, equally far from each other. */
function isAlike(one: References, other: References): boolean {
  const shift = (one.held[0]?.shownAt ?? 0) - (other.held[0]?.shownAt ?? 0)
  return (
    one.held.length === other.held.length &&
    one.frameNum === other.frameNum &&
    one.held.every((each, n) => {
      const its = other.held[n]!
      return each.microseconds === its.microseconds && each.shownAt - its.shownAt === shift
    })
  )
}

/** Whether a picture may take motion from restored pictures, which have none: they are shown before it, and something after it is held. */
export function needsMotionOf(
  restored: ReadonlySet<number>,
  held: readonly HeldPicture[],
  picture: PictureHeader,
  shownAt: number,
): boolean {
  if (!picture.isBetween) return false
  const isRestored = ({ microseconds }: HeldPicture): boolean => microseconds !== null && restored.has(microseconds)
  if (!held.some(isRestored)) return false
  const follows = held.some((each) => !isRestored(each) && each.shownAt > shownAt)
  return picture.reordersSecond || !follows || held.some((each) => isRestored(each) && each.shownAt > shownAt)
}

/** A picture of plain grey: the key picture that only begins, which tells the decoder what it is told, or one in the place of a picture that nothing leans on any more. */
export function greyUnit({ header }: Written, sets: ParameterSets): Uint8Array {
  const bits = headerBits(header, sets)
  // Each block: 16x16 from its neighbours' middle, no difference: eight bits.
  const { blocksAcross, blocksDown } = sets.sequence
  for (let n = blocksAcross * blocksDown; n > 0; n--) bits.bits(0b00100111, 8)
  bits.end()
  const plain = bits.bytes()
  const unit = new Uint8Array(HEAD_BYTES + plain.length)
  unit.set(plain, HEAD_BYTES)
  return header.isKey ? withCodes(sets.told, unitOf(0x65, unit)) : unitOf(0x61, unit)
}

/** Of a block: its kind, and 384 samples. */
const BLOCK_BYTES = 386
/** The kind of a block whose samples follow as they are, and zeros up to a whole byte; behind it a byte of zeros. */
const PLAIN_BLOCK = 0b00001101
/** Before what a unit says: its start code and its kind. */
const HEAD_BYTES = 5
/** And what is said of the picture before its first block: each picture that is held may be one to forget. */
const MOST_BEFORE_BYTES = 512

/** Where the samples of one picture after the other can be written (`samplesUnit`): memory that is new costs more than they do. */
export function roomForSamples({ sequence }: ParameterSets): Uint8Array<ArrayBuffer> {
  return new Uint8Array(MOST_BEFORE_BYTES + sequence.blocksAcross * sequence.blocksDown * BLOCK_BYTES)
}

/**
 * A picture as it is. Three million samples at 1080p, while somebody waits for the picture: two are copied at a time.
 *
 * @param planes 4:2:0, as wide and as high as the blocks that it is coded in
 * @param room where it is written: what is returned lies in it
 */
export function samplesUnit(
  { header }: Written,
  planes: Uint8Array,
  sets: ParameterSets,
  room: Uint8Array<ArrayBuffer>,
): Uint8Array {
  const { blocksAcross, blocksDown } = sets.sequence
  const bits = headerBits(header, sets)
  bits.unsigned(25)
  bits.align()
  const start = bits.bytes()
  // Samples are to begin at an even place.
  const before = (HEAD_BYTES + start.length) % 2
  const begin = before + HEAD_BYTES + start.length
  room.set(start, before + HEAD_BYTES)
  const to = new Uint16Array(room.buffer)
  const from = new Uint16Array(planes.buffer, planes.byteOffset, planes.length / 2)
  const [width, half] = [blocksAcross * 8, blocksAcross * 4]
  const blue = width * blocksDown * 16
  const red = blue + half * blocksDown * 8
  let at = begin / 2
  for (let down = 0; down < blocksDown; down++)
    for (let across = 0; across < blocksAcross; across++) {
      at = copyBlock(from, down * 16 * width + across * 8, width, 8, to, at)
      at = copyBlock(from, blue + down * 8 * half + across * 4, half, 4, to, at)
      at = copyBlock(from, red + down * 8 * half + across * 4, half, 4, to, at)
      room[at * 2] = PLAIN_BLOCK
      room[at * 2 + 1] = 0
      at += 1
    }
  // Behind the last block there is none, and the unit ends.
  const end = at * 2 - 2
  room[end] = 0x80
  return unitOf(0x61, room.subarray(before, end + 1))
}

/** @param pairs of samples in a row; it has as many rows as samples in one */
function copyBlock(
  from: Uint16Array,
  at: number,
  stride: number,
  pairs: number,
  to: Uint16Array,
  into: number,
): number {
  for (let row = 0; row < pairs * 2; row++) {
    for (let n = 0; n < pairs; n++) to[into + n] = from[at + n]!
    at += stride
    into += pairs
  }
  return into
}

function headerBits(header: PictureHeader, { sequence, restoringId }: ParameterSets): BitWriter {
  const bits = new BitWriter()
  bits.unsigned(0)
  bits.unsigned(7)
  bits.unsigned(restoringId)
  bits.bits(header.frameNum, sequence.frameNumBits)
  if (header.isKey) bits.unsigned(0)
  if (sequence.orderBits !== null) {
    bits.bits(header.order, sequence.orderBits)
    bits.signed(header.bottomOrder)
  }
  if (header.isKey) bits.bits(0, 2)
  else {
    bits.flag(header.forgets !== null)
    for (const by of header.forgets ?? []) {
      bits.unsigned(1)
      bits.unsigned(by - 1)
    }
    if (header.forgets) bits.unsigned(0)
  }
  bits.signed(0)
  bits.unsigned(1)
  return bits
}

/**
 * With its start code and kind before it.
 *
 * @param unit what it says, behind room for both
 */
function unitOf(kind: number, unit: Uint8Array): Uint8Array {
  const plain = unit.subarray(HEAD_BYTES)
  const body = escaped(plain)
  const whole = body === plain ? unit : new Uint8Array(HEAD_BYTES + body.length)
  if (whole !== unit) whole.set(body, HEAD_BYTES)
  whole.set(START_CODE)
  whole[HEAD_BYTES - 1] = kind
  return whole
}
