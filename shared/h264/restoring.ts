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

/** What is written of each picture, but its samples. */
interface Written {
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

/** A picture of plain grey: the key picture that only begins, or one in the place of a picture that nothing leans on any more. */
export function greyUnit({ header }: Written, sets: ParameterSets): Uint8Array {
  const bits = headerBits(header, sets)
  // Each block: 16x16 from its neighbours' middle, no difference: eight bits.
  const { blocksAcross, blocksDown } = sets.sequence
  for (let n = blocksAcross * blocksDown; n > 0; n--) bits.bits(0b00100111, 8)
  bits.end()
  return unitOf(header.isKey ? 0x65 : 0x61, bits.bytes())
}

const BLOCK_BYTES = 386
/** The kind of a block whose samples follow as they are, and zeros up to a whole byte. */
const PLAIN_BLOCK = [0b00001101, 0]

/** A picture as it is: its planes (4:2:0), as wide and as high as the blocks that it is coded in. */
export function samplesUnit({ header }: Written, planes: Uint8Array, sets: ParameterSets): Uint8Array {
  const { blocksAcross, blocksDown } = sets.sequence
  const bits = headerBits(header, sets)
  bits.unsigned(25)
  bits.align()
  const start = bits.bytes()
  const unit = new Uint8Array(start.length + blocksAcross * blocksDown * BLOCK_BYTES - 1)
  unit.set(start)
  const width = blocksAcross * 16
  const half = blocksAcross * 8
  const blue = width * blocksDown * 16
  const red = blue + half * blocksDown * 8
  let to = start.length
  for (let down = 0; down < blocksDown; down++)
    for (let across = 0; across < blocksAcross; across++) {
      if (down + across > 0) {
        unit[to++] = PLAIN_BLOCK[0]!
        unit[to++] = PLAIN_BLOCK[1]!
      }
      to = copyBlock(planes, down * 16 * width + across * 16, width, 16, unit, to)
      to = copyBlock(planes, blue + down * 8 * half + across * 8, half, 8, unit, to)
      to = copyBlock(planes, red + down * 8 * half + across * 8, half, 8, unit, to)
    }
  unit[to] = 0x80
  return unitOf(0x61, unit.subarray(0, to + 1))
}

function copyBlock(from: Uint8Array, at: number, stride: number, size: number, to: Uint8Array, into: number): number {
  for (let row = 0; row < size; row++) {
    for (let n = 0; n < size; n++) to[into + n] = from[at + n]!
    at += stride
    into += size
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

/** With its length before it. */
function unitOf(kind: number, plain: Uint8Array): Uint8Array {
  const body = escaped(plain)
  const unit = new Uint8Array(5 + body.length)
  new DataView(unit.buffer).setUint32(0, body.length + 1)
  unit[4] = kind
  unit.set(body, 5)
  return unit
}
