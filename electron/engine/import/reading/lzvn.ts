/**
 * LZVN, the byte-oriented half of LZFSE for short data: opcodes of literals and matches, of which the upper bits say how
 * many follow and from how far back.
 */

interface Opcode {
  /** Bytes of the opcode itself, before its literals. */
  readonly bytes: number
  readonly literals: number
  readonly match: number
  /** Undefined: the same distance as before. */
  readonly distance: number | undefined
}

/** The opcode at `at`; undefined when it has no meaning or the input ends within it. */
function opcodeAt(input: Uint8Array, at: number): Opcode | undefined {
  const code = input[at]
  const next = at + 1 < input.length ? input[at + 1] : undefined
  const after = at + 2 < input.length ? input[at + 2] : undefined
  if (code >= 0xf1) return { bytes: 1, literals: 0, match: code & 15, distance: undefined }
  if (code === 0xf0)
    return next === undefined ? undefined : { bytes: 2, literals: 0, match: next + 16, distance: undefined }
  if (code >= 0xe1) return { bytes: 1, literals: code & 15, match: 0, distance: undefined }
  if (code === 0xe0)
    return next === undefined ? undefined : { bytes: 2, literals: next + 16, match: 0, distance: undefined }
  if (code === 0x0e || code === 0x16) return { bytes: 1, literals: 0, match: 0, distance: undefined }
  if (code >= 0xa0 && code <= 0xbf) {
    if (next === undefined || after === undefined) return undefined
    const word = next | (after << 8)
    return { bytes: 3, literals: (code >> 3) & 3, match: (((code & 7) << 2) | (word & 3)) + 3, distance: word >> 2 }
  }
  if ((code >= 0x70 && code <= 0x7f) || code >= 0xd0) return undefined
  const literals = code >> 6
  const match = ((code >> 3) & 7) + 3
  const kind = code & 7
  if (kind === 6) return literals === 0 ? undefined : { bytes: 1, literals, match, distance: undefined }
  if (kind === 7) {
    return next === undefined || after === undefined
      ? undefined
      : { bytes: 3, literals, match, distance: next | (after << 8) }
  }
  return next === undefined ? undefined : { bytes: 2, literals, match, distance: (kind << 8) | next }
}

const END_OF_STREAM = 0x06

/** Fills `output` from `start` to its end; matches may reach back before `start`. False when the data is damaged. */
export function decodeLzvn(input: Uint8Array, output: Uint8Array, start: number): boolean {
  let from = 0
  let to = start
  let distance = 0
  while (from < input.length) {
    if (input[from] === END_OF_STREAM) return to === output.length
    const opcode = opcodeAt(input, from)
    if (!opcode) return false
    from += opcode.bytes
    const { literals, match } = opcode
    if (from + literals > input.length || to + literals + match > output.length) return false
    output.set(input.subarray(from, from + literals), to)
    from += literals
    to += literals
    distance = opcode.distance ?? distance
    if (match === 0) continue
    if (distance === 0 || distance > to) return false
    for (let i = 0; i < match; i++, to++) output[to] = output[to - distance]
  }
  return false
}
