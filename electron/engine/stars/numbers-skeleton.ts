/**
 * JSON of more numbers than one string can hold: read piece by piece, every innermost list of numbers put aside as a row of
 * doubles, what is left (names, brackets) parsed as it is. Only the rows are ever in memory whole, one behind another in one
 * stretch of it, so that whoever makes a matrix of them need not copy them.
 */
import { isUtf8 } from 'node:buffer'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'

const [LIST, LIST_END, OBJECT, QUOTE, ESCAPE] = [0x5b, 0x5d, 0x7b, 0x22, 0x5c]

/** Stands in for a row; no JSON of anybody's holds such a key. */
const ROW_KEY = '\u0000row'

/** Text of what is no row, beyond which the file is no world. */
export const MOST_SKELETON = 100_000_000

/** Asked of the system at a time: a stretch that grows keeps its place. */
const BYTES_OF_A_STEP = 1 << 24
const BYTE_ORDER_MARK = '\uFEFF'

export class NumbersSkeleton {
  readonly #memory: ArrayBuffer
  /** Where each row begins, and at last where the next one would: in numbers. */
  readonly #begins = [0]
  #text = ''
  /** The list that may be one of numbers and began in a piece before: its bytes so far. */
  #begun: Buffer[] = []
  #inString = false
  #escaped = false

  /** @param most Numbers at most: they are not reserved, only their place is. */
  constructor(most: number) {
    this.#memory = new ArrayBuffer(0, { maxByteLength: 8 * most })
  }

  /** @returns Whether there is room for more. */
  add(piece: Buffer): boolean {
    // What of the piece is not put away, and the innermost list that may be one of numbers: -1 for none.
    let from = 0
    let open = this.#begun.length > 0 ? 0 : -1
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at]
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (byte === ESCAPE) this.#escaped = true
        else if (byte === QUOTE) this.#inString = false
      } else if (byte === LIST || byte === OBJECT || byte === QUOTE) {
        for (const part of this.#begun.splice(0)) this.#text += part.toString('latin1')
        this.#inString = byte === QUOTE
        open = byte === LIST ? at : -1
      } else if (byte === LIST_END && open >= 0) {
        this.#text += piece.toString('latin1', from, open)
        this.#close([...this.#begun.splice(0), piece.subarray(open, at + 1)])
        from = at + 1
        open = -1
      }
    }
    const end = open < 0 ? piece.length : open
    this.#text += piece.toString('latin1', from, end)
    // The piece's memory is given back: what is still open is copied.
    if (end < piece.length) this.#begun.push(Buffer.from(piece.subarray(end)))
    return this.#text.length <= MOST_SKELETON
  }

  #close(parts: readonly Buffer[]): void {
    const text = Buffer.concat(parts).toString('latin1')
    const row = numbersOf(text)
    if (!row) {
      this.#text += text
      return
    }
    this.#text += `{"\\u0000row":${this.#begins.length - 1}}`
    const begin = this.#begins[this.#begins.length - 1]
    const needed = 8 * (begin + row.length)
    const { byteLength, maxByteLength } = this.#memory
    if (needed > byteLength)
      this.#memory.resize(Math.min(maxByteLength, Math.max(needed, byteLength + BYTES_OF_A_STEP)))
    new Float64Array(this.#memory, 8 * begin, row.length).set(row)
    this.#begins.push(begin + row.length)
  }

  /** The whole value. @throws as `parseText`. */
  value(): unknown {
    const bytes = Buffer.concat([Buffer.from(this.#text, 'latin1'), ...this.#begun])
    this.#text = ''
    return parseText(bytes, (_, value: unknown) => {
      if (typeof value !== 'object' || value === null || !(ROW_KEY in value)) return value
      const row = Number(value[ROW_KEY])
      const [begin, end] = [this.#begins[row], this.#begins[row + 1]]
      return end === undefined ? value : new Float64Array(this.#memory, 8 * begin, end - begin)
    })
  }
}

/** JSON as bytes hold it. @throws SyntaxError where it is none, AsterismError `bad_input` where it is no UTF-8. */
export function parseText(bytes: Buffer, revive?: (key: string, value: unknown) => unknown): unknown {
  // Read all the same, names would lose letters, and two bundles could be told apart no more.
  if (!isUtf8(bytes)) {
    throw new AsterismError('bad_input', say('numbers.notUtf8'), {
      fix: say('numbers.fix.notUtf8'),
    })
  }
  const text = bytes.toString('utf8')
  return JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text, revive) as unknown
}

/** Null for what is no list of finite numbers: whoever reads it says what is wrong. */
function numbersOf(text: string): number[] | null {
  try {
    const list = JSON.parse(text) as unknown[]
    return list.length > 0 && list.every((each) => typeof each === 'number' && Number.isFinite(each))
      ? (list as number[])
      : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
