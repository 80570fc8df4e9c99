/** Which pictures a decoder holds for others to be made from, after each that it took (ITU-T H.264 8.2.1, 8.2.4.1, 8.2.5). */
import type { SequenceParameters } from './parameter-sets.ts'
import type { PictureHeader } from './slice-header.ts'

export interface HeldPicture {
  readonly frameNum: number
  /** Its place among the pictures as they are shown, from the last key picture on. */
  readonly shownAt: number
  /** As its header says it. */
  readonly order: number
  readonly bottomOrder: number
  /** When it is shown, microseconds; null of one that only fills a place. */
  readonly microseconds: number | null
}

export interface References {
  /** Oldest first. */
  readonly held: readonly HeldPicture[]
  /** Of the last picture that others lean on. */
  readonly frameNum: number
  readonly orderHigh: number
  readonly orderLow: number
  /** What went round of the numbers of pictures. */
  readonly rounds: number
}

/** @param before null where it is not known; a key picture needs none
 *  @returns null where it is not known then */
export function after(
  before: References | null,
  picture: PictureHeader,
  sequence: SequenceParameters,
  microseconds: number | null,
): References | null {
  const size = 2 ** sequence.frameNumBits
  const { frameNum } = picture
  if (!picture.isKey) {
    if (!before) return null
    const expected = (before.frameNum + 1) % size
    // A picture that is not leant on shares its number with the next that is.
    if (frameNum !== expected) return null
  }
  const from = picture.isKey ? EMPTY : before!
  const placed = placeOf(from, picture, sequence)
  if (!picture.isReference) return { ...from, rounds: from.rounds }
  const current: HeldPicture = {
    frameNum,
    shownAt: placed.shownAt,
    order: picture.order,
    bottomOrder: picture.bottomOrder,
    microseconds,
  }
  const rest = picture.forgets
    ? without(from.held, picture.forgets, frameNum, size)
    : from.held.slice(Math.max(0, from.held.length + 1 - sequence.mostReferences))
  if (!rest || rest.length >= sequence.mostReferences) return null
  return {
    held: [...rest, current],
    frameNum,
    orderHigh: placed.high,
    orderLow: picture.order,
    rounds: placed.rounds,
  }
}

const EMPTY: References = { held: [], frameNum: 0, orderHigh: 0, orderLow: 0, rounds: 0 }

export interface Place {
  readonly shownAt: number
  readonly high: number
  readonly rounds: number
}

/** Where a picture is shown among those since the last key picture. */
export function placeOf(before: References, picture: PictureHeader, sequence: SequenceParameters): Place {
  const rounds = picture.frameNum < before.frameNum ? before.rounds + 1 : before.rounds
  if (sequence.orderBits === null) {
    const counted = 2 * (rounds * 2 ** sequence.frameNumBits + picture.frameNum)
    return { shownAt: picture.isReference ? counted : counted - 1, high: 0, rounds }
  }
  const size = 2 ** sequence.orderBits
  const by = picture.order - before.orderLow
  const high = before.orderHigh + (by <= -size / 2 ? size : by > size / 2 ? -size : 0)
  const top = high + picture.order
  return { shownAt: Math.min(top, top + picture.bottomOrder), high, rounds }
}

function without(
  held: readonly HeldPicture[],
  back: readonly number[],
  frameNum: number,
  size: number,
): HeldPicture[] | null {
  const gone = new Set(back.map((by) => (frameNum - by + size) % size))
  const rest = held.filter((each) => !gone.has(each.frameNum))
  return rest.length === held.length - gone.size ? rest : null
}

/** The same after numbers were left out: places are filled by pictures that nobody leans on. */
export function afterGap(before: References, frameNum: number, sequence: SequenceParameters): References {
  const size = 2 ** sequence.frameNumBits
  const held = [...before.held]
  let last = before.frameNum
  while ((last + 1) % size !== frameNum) {
    last = (last + 1) % size
    held.push({ frameNum: last, shownAt: -Infinity, order: 0, bottomOrder: 0, microseconds: null })
    if (held.length > sequence.mostReferences) held.shift()
  }
  return { ...before, held, frameNum: last }
}
