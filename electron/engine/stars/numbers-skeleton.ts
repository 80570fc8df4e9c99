/**
 * JSON of more numbers than one string can hold: read piece by piece, every innermost list of numbers put aside as a row of
 * doubles, what is left (names, brackets) parsed as it is. Only the rows are ever in memory whole.
 */
const [LIST, LIST_END, OBJECT, QUOTE, ESCAPE] = [0x5b, 0x5d, 0x7b, 0x22, 0x5c]

/** Stands in for a row; no JSON of anybody's holds such a key. */
const ROW_KEY = '\u0000row'

/** Text of what is no row, beyond which the file is no world. */
export const MOST_SKELETON = 100_000_000

export class NumbersSkeleton {
  readonly #rows: Float64Array[] = []
  #text = ''
  /** Bytes since the last list that could still be one of numbers began; null outside of one. */
  #open: Buffer[] | null = null
  #inString = false
  #escaped = false

  /** @returns Whether there is room for more. */
  add(piece: Buffer): boolean {
    let from = 0
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at]
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (byte === ESCAPE) this.#escaped = true
        else if (byte === QUOTE) this.#inString = false
      } else if (byte === LIST || byte === OBJECT || byte === QUOTE) {
        this.#keep(piece.subarray(from, at))
        from = at
        this.#inString = byte === QUOTE
        if (byte === LIST) this.#open = []
      } else if (byte === LIST_END && this.#open) {
        this.#close([...this.#open, piece.subarray(from, at + 1)])
        from = at + 1
      }
    }
    const rest = piece.subarray(from)
    // The piece's memory is given back: what is still open is copied.
    if (this.#open) this.#open.push(Buffer.from(rest))
    else this.#text += rest.toString('latin1')
    return this.#text.length <= MOST_SKELETON
  }

  /** What was open was no list of numbers. */
  #keep(bytes: Buffer): void {
    for (const part of this.#open ?? []) this.#text += part.toString('latin1')
    this.#open = null
    this.#text += bytes.toString('latin1')
  }

  #close(parts: readonly Buffer[]): void {
    this.#open = null
    const text = Buffer.concat(parts).toString('latin1')
    const row = numbersOf(text)
    if (!row) {
      this.#text += text
      return
    }
    this.#text += `{"\\u0000row":${this.#rows.length}}`
    this.#rows.push(row)
  }

  /** The whole value. @throws SyntaxError where it is no JSON. */
  value(): unknown {
    this.#keep(Buffer.alloc(0))
    const text = Buffer.from(this.#text, 'latin1').toString('utf8')
    this.#text = ''
    return JSON.parse(text, (_, value: unknown) => {
      if (typeof value !== 'object' || value === null || !(ROW_KEY in value)) return value
      const row = this.#rows[Number(value[ROW_KEY])]
      return row ?? value
    }) as unknown
  }
}

/** Null for what is no list of finite numbers: whoever reads it says what is wrong. */
function numbersOf(text: string): Float64Array | null {
  try {
    const list = JSON.parse(text) as unknown[]
    return list.length > 0 && list.every((each) => typeof each === 'number' && Number.isFinite(each))
      ? Float64Array.from(list as number[])
      : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
