/** The units that a picture of HEVC consists of (ITU-T H.265, 7.3.1 and 7.3.6.1), changed where a film is joined. */

/** `nal_unit_type`: below are slices of pictures. */
const FIRST_OTHER = 32
/** Pictures that a decoder can begin at. */
const FIRST_KEY = 16
const LAST_KEY = 23
/** A key picture that goes on counting from what was before it. */
const CLEAN_RANDOM_ACCESS = 21
/** One that does not, without leading pictures. */
const BROKEN_LINK = 18

const typeOf = (unit: Uint8Array): number => (unit[0]! >> 1) & 0x3f

/** A sample with each of its units changed. @param lengthBytes of the length in front of every unit */
export function withUnits(
  sample: Uint8Array,
  lengthBytes: number,
  change: (unit: Uint8Array) => Uint8Array,
): Uint8Array {
  const bytes = Buffer.from(sample.buffer, sample.byteOffset, sample.byteLength)
  const parts: Uint8Array[] = []
  for (let at = 0; at + lengthBytes < bytes.length;) {
    const end = at + lengthBytes + bytes.readUIntBE(at, lengthBytes)
    const unit = change(bytes.subarray(at + lengthBytes, end))
    const length = Buffer.alloc(lengthBytes)
    length.writeUIntBE(unit.length, 0, lengthBytes)
    parts.push(length, unit)
    at = end
  }
  return Buffer.concat(parts)
}

/**
 * Numbers of picture parameter sets that a slice which named number 0 can name without being written anew. 0 is coded as
 * `1`, an even number from 16 to 30 as `00001xxx1`: whatever stands behind moves by exactly one byte, so that the slice's
 * data begin at a whole byte as before, and neither of the bytes that are touched is zero, so that escapes stay where they
 * are.
 */
export const NAMEABLE_SETS: readonly number[] = Array.from({ length: 8 }, (_, n) => 16 + 2 * n)

/** A unit that names picture parameter set `number` of the nameable ones where it named 0. */
export function namingSet(unit: Uint8Array, number: number): Uint8Array {
  const type = typeOf(unit)
  if (type >= FIRST_OTHER) return unit
  // `first_slice_segment_in_pic_flag`, and for key pictures `no_output_of_prior_pics_flag`.
  const flags = type >= FIRST_KEY && type <= LAST_KEY ? 2 : 1
  const old = unit[2]!
  const code = (number + 1) >> 1 // 00001xxx, in front of the 1 that is there
  const out = new Uint8Array(unit.length + 1)
  out.set(unit.subarray(0, 2))
  out[2] = (old & (0xff << (8 - flags))) | (code >> flags)
  out[3] = (code << (8 - flags)) | (old & (0xff >> flags))
  out.set(unit.subarray(3), 4)
  return out
}

/** Whether a unit is of a key picture that goes on counting. */
function goesOnCounting(unit: Uint8Array): boolean {
  return typeOf(unit) === CLEAN_RANDOM_ACCESS
}

/** Such a unit as the standard wants it behind a splice. */
export function asBrokenLink(unit: Uint8Array): Uint8Array {
  if (!goesOnCounting(unit)) return unit
  const out = Uint8Array.from(unit)
  out[0] = (unit[0]! & 0x81) | (BROKEN_LINK << 1)
  return out
}
