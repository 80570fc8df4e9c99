/**
 * The parameter sets of H.264 in an MP4 file (ISO/IEC 14496-15, 5.3.3: `avcC`; ITU-T H.264, 7.3.2). Pictures that were
 * coded by two encoders stand in one track under one description when the sets of each have numbers of their own: every
 * slice names the set that it is coded by, so that what is copied keeps its bytes.
 */
import { exponentialGolomb } from './parameter-bits.ts'
import { decoderRecord, entryName, unitsBehindLengths, withDecoderRecord, withLengths } from './sample-entry.ts'

export interface ParameterSets {
  /** `avcC` up to the sets: version, profile, compatibility, level, bytes of a length. */
  readonly head: Uint8Array
  readonly sequence: readonly Uint8Array[]
  readonly picture: readonly Uint8Array[]
  /** What the higher profiles say behind them. */
  readonly tail: Uint8Array
}

const RECORD = 'avcC'
const HEAD_BYTES = 5
/** Numbers of sequence parameter sets. */
const MOST_SETS = 32

/** Of what is in an `stsd` box; null where it describes no H.264, or is damaged. */
export function parameterSetsOf(description: DataView): ParameterSets | null {
  const bytes = /^avc[13]$/.test(entryName(description)) ? decoderRecord(description, RECORD) : null
  if (!bytes || bytes.length <= HEAD_BYTES + 1) return null
  const sequence = unitsBehindLengths(bytes, HEAD_BYTES + 1, bytes[HEAD_BYTES]! & 0x1f)
  if (!sequence || sequence.units.length === 0 || sequence.end >= bytes.length) return null
  const picture = unitsBehindLengths(bytes, sequence.end + 1, bytes[sequence.end]!)
  if (!picture || picture.units.length === 0) return null
  return {
    head: bytes.subarray(0, HEAD_BYTES),
    sequence: sequence.units,
    picture: picture.units,
    tail: bytes.subarray(picture.end),
  }
}

/** Bytes of the length in front of every unit. */
export function lengthBytes({ head }: ParameterSets): number {
  return (head[4]! & 3) + 1
}

/** The numbers that sequence and picture parameter sets go by. */
function numbersOf({ sequence, picture }: ParameterSets): Set<number> {
  // Behind the name of the unit a sequence's set has profile, constraints and level before its number.
  return new Set([
    ...sequence.map((set) => exponentialGolomb(set, 32).value),
    ...picture.map((set) => exponentialGolomb(set, 8).value),
  ])
}

/** Numbers that neither kind of set has. */
export function freeNumbers(sets: ParameterSets): number[] {
  const taken = numbersOf(sets)
  return Array.from({ length: MOST_SETS }, (_, n) => n).filter((n) => !taken.has(n))
}

function sameBytes(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((each, n) => Buffer.compare(each, b[n]!) === 0)
}

/** The sets of both; null where one number would mean two things. */
export function joinedSets(one: ParameterSets, other: ParameterSets): ParameterSets | null {
  const isKnown =
    other.sequence.every((set) => one.sequence.some((each) => sameBytes([each], [set]))) &&
    other.picture.every((set) => one.picture.some((each) => sameBytes([each], [set])))
  if (isKnown) return one
  const taken = numbersOf(one)
  if ([...numbersOf(other)].some((number) => taken.has(number))) return null
  const head = Uint8Array.from(one.head)
  head[3] = Math.max(one.head[3]!, other.head[3]!) // level
  return {
    head,
    sequence: [...one.sequence, ...other.sequence],
    picture: [...one.picture, ...other.picture],
    tail: one.tail,
  }
}

function recordOf({ head, sequence, picture, tail }: ParameterSets): Buffer {
  return Buffer.concat([
    head,
    Uint8Array.of(0xe0 | sequence.length),
    ...withLengths(sequence),
    Uint8Array.of(picture.length),
    ...withLengths(picture),
    tail,
  ])
}

/** What is in an `stsd` box, with other parameter sets. */
export function withParameterSets(description: DataView, sets: ParameterSets): DataView {
  return withDecoderRecord(description, RECORD, recordOf(sets))
}
