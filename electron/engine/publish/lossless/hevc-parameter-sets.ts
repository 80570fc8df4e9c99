/**
 * The parameter sets of HEVC in an MP4 file (ISO/IEC 14496-15, 8.3.3: `hvcC`; ITU-T H.265, 7.3.2), and new numbers for
 * those of an encoder that cannot be told any.
 */
import { NAMEABLE_SETS } from './hevc-units.ts'
import { escaped, unescaped } from '../../../../shared/h264/bits.ts'
import { bitsAt, exponentialGolomb, golombCode, withBits } from './parameter-bits.ts'
import { decoderRecord, entryName, unitsBehindLengths, withDecoderRecord, withLengths } from './sample-entry.ts'

/** `nal_unit_type` of each kind of set. */
const VIDEO = 32
const SEQUENCE = 33
const PICTURE = 34

export interface HevcParameterSets {
  /** `hvcC` up to the arrays: profile, level, depth of the samples, bytes of a length. */
  readonly head: Uint8Array
  readonly units: readonly HevcUnits[]
}

/** Units of one kind. */
interface HevcUnits {
  /** The type, and whether all units of the kind stand here. */
  readonly head: number
  readonly units: readonly Uint8Array[]
}

export interface HevcNumbers {
  readonly video: number
  readonly sequence: number
  readonly picture: number
}

const RECORD = 'hvcC'
const HEAD_BYTES = 22
const LEVEL_AT = 12
const UNIT_HEAD_BITS = 16
/** `profile_tier_level` without layers below the highest: profile and constraints, then the level. */
const PROFILE_BITS = 88
const LEVEL_BITS = 8
const typeOf = ({ head }: HevcUnits): number => head & 0x3f

/** By the name of a sample entry. */
export function isHevc(format: string): boolean {
  return /^h(vc|ev)1$/.test(format)
}

/** Of what is in an `stsd` box; null where it describes no HEVC, or is damaged. */
export function hevcParameterSetsOf(description: DataView): HevcParameterSets | null {
  const bytes = isHevc(entryName(description)) ? decoderRecord(description, RECORD) : null
  if (!bytes || bytes.length <= HEAD_BYTES) return null
  let at = HEAD_BYTES
  const arrays: HevcUnits[] = []
  for (let left = bytes[at++]!; left > 0; left--) {
    if (at + 3 > bytes.length) return null
    const found = unitsBehindLengths(bytes, at + 3, bytes.readUInt16BE(at + 1))
    if (!found) return null
    arrays.push({ head: bytes[at]!, units: found.units })
    at = found.end
  }
  const sets = { head: bytes.subarray(0, HEAD_BYTES), units: arrays }
  return [VIDEO, SEQUENCE, PICTURE].every((type) => unitsOf(sets, type).length > 0) ? sets : null
}

function unitsOf({ units }: HevcParameterSets, type: number): Uint8Array[] {
  return units.filter((each) => typeOf(each) === type).flatMap((each) => each.units)
}

/** Bytes of the length in front of every unit. */
export function hevcLengthBytes(description: DataView): number {
  return ((decoderRecord(description, RECORD)?.[HEAD_BYTES - 1] ?? 3) & 3) + 1
}

/** `general_profile_idc`: 1 Main, 2 Main 10. */
export function hevcProfile({ head }: HevcParameterSets): number {
  return head[1]! & 0x1f
}

/** Where the number of a sequence's set stands: behind the profiles and levels of all its layers. */
function sequenceNumberAt(plain: Uint8Array): number {
  const layersBelow = bitsAt(plain, UNIT_HEAD_BITS + 4, 3)
  let at = UNIT_HEAD_BITS + 8 + PROFILE_BITS + LEVEL_BITS
  if (layersBelow === 0) return at
  const flagsAt = at
  at += 16 // two flags for each of eight layers
  for (let layer = 0; layer < layersBelow; layer++) {
    if (bitsAt(plain, flagsAt + 2 * layer, 1) === 1) at += PROFILE_BITS
    if (bitsAt(plain, flagsAt + 2 * layer + 1, 1) === 1) at += LEVEL_BITS
  }
  return at
}

/** Numbers that no set has, of which slices can name the picture's; null where there are none left. */
export function freeHevcNumbers(sets: HevcParameterSets): HevcNumbers | null {
  const free = (type: number, candidates: readonly number[], numberOf: (plain: Uint8Array) => number) => {
    const taken = new Set(unitsOf(sets, type).map((unit) => numberOf(unescaped(unit))))
    return candidates.find((number) => !taken.has(number))
  }
  const upTo15 = Array.from({ length: 16 }, (_, n) => n)
  const video = free(VIDEO, upTo15, (plain) => bitsAt(plain, UNIT_HEAD_BITS, 4))
  const sequence = free(SEQUENCE, upTo15, (plain) => exponentialGolomb(plain, sequenceNumberAt(plain)).value)
  const picture = free(PICTURE, NAMEABLE_SETS, (plain) => exponentialGolomb(plain, UNIT_HEAD_BITS).value)
  if (video === undefined || sequence === undefined || picture === undefined) return null
  return { video, sequence, picture }
}

/** An encoder's sets by other numbers; null where it did not give exactly one of each kind, the picture's by number 0. */
export function renumbered(own: HevcParameterSets, to: HevcNumbers): HevcParameterSets | null {
  const [videos, sequences, pictures] = [VIDEO, SEQUENCE, PICTURE].map((type) => unitsOf(own, type).map(unescaped)) as [
    Uint8Array[],
    Uint8Array[],
    Uint8Array[],
  ]
  if (videos.length !== 1 || sequences.length !== 1 || pictures.length !== 1) return null
  const four = (number: number): string => number.toString(2).padStart(4, '0')
  const video = withBits(videos[0]!, UNIT_HEAD_BITS, 4, four(to.video))
  const sequence = withBits(sequences[0]!, UNIT_HEAD_BITS, 4, four(to.video))
  const at = sequenceNumberAt(sequence)
  const ownPicture = exponentialGolomb(pictures[0]!, UNIT_HEAD_BITS)
  const ownSequence = exponentialGolomb(pictures[0]!, UNIT_HEAD_BITS + ownPicture.bits)
  if (ownPicture.value !== 0) return null
  const codes = golombCode(to.picture) + golombCode(to.sequence)
  const units = [
    video,
    withBits(sequence, at, exponentialGolomb(sequence, at).bits, golombCode(to.sequence)),
    withBits(pictures[0]!, UNIT_HEAD_BITS, ownPicture.bits + ownSequence.bits, codes),
  ]
  return {
    head: own.head,
    units: [VIDEO, SEQUENCE, PICTURE].map((type, n) => ({ head: 0x80 | type, units: [escaped(units[n]!)] })),
  }
}

/** The sets of both, whose numbers differ. */
export function joinedHevcSets(one: HevcParameterSets, other: HevcParameterSets): HevcParameterSets {
  const head = Uint8Array.from(one.head)
  head[LEVEL_AT] = Math.max(one.head[LEVEL_AT]!, other.head[LEVEL_AT]!)
  const units = one.units.map((each) => ({ ...each, units: [...each.units] }))
  for (const { head: type, units: added } of other.units) {
    units.find((each) => typeOf(each) === (type & 0x3f))!.units.push(...added)
  }
  return { head, units }
}

/** What is in an `stsd` box, with other parameter sets. */
export function withHevcParameterSets(description: DataView, { head, units }: HevcParameterSets): DataView {
  const arrays = units.flatMap((each) => [
    Uint8Array.of(each.head, each.units.length >> 8, each.units.length & 0xff),
    ...withLengths(each.units),
  ])
  return withDecoderRecord(description, RECORD, Buffer.concat([head, Uint8Array.of(units.length), ...arrays]))
}
