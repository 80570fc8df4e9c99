/** Lines of text files as byte ranges, and the numbers in them, without a string for each. */
import { say } from '../../../../shared/sayings/saying.ts'
import { withByteStream, type ByteStream, type StreamRange } from './byte-stream.ts'
import { markOfUtf16 } from './text-encoding.ts'
import { corruptFile } from '../refusals.ts'

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/** A longer line is not text that a scanner or a recorder wrote. */
const MAX_LINE_BYTES = 1 << 23

/** Called for each line, without its ending. Returning `false` stops. */
export type LineVisitor = (bytes: Uint8Array, from: number, to: number) => boolean | void

/** Lines of UTF-16, handed on in UTF-8, in which digits and separators are single bytes. */
async function forEachWideLine(
  stream: ByteStream,
  encoding: 'utf-16le' | 'utf-16be',
  visit: LineVisitor,
): Promise<void> {
  const decoder = new TextDecoder(encoding)
  let rest = ''
  const hand = (line: string) => {
    const bytes = Buffer.from(line)
    return visit(bytes, 0, bytes.length)
  }
  while (await stream.fill(1)) {
    const lines = (rest + decoder.decode(stream.bytes.subarray(stream.position, stream.end), { stream: true })).split(
      /\r\n|\n|\r(?!$)/,
    )
    stream.position = stream.end
    rest = lines.pop() ?? ''
    if (rest.length > MAX_LINE_BYTES) throw corruptFile(stream.path, say('broken.longLine', { most: MAX_LINE_BYTES }))
    for (const line of lines) if (hand(line) === false) return
  }
  if (rest !== '') hand(rest.replace(/\r$/, ''))
}

/**
 * Visits every line of a file. Lines end in LF, CR LF or CR. A byte order mark of UTF-8 before the first is passed over;
 * under one of UTF-16 lines are handed on in UTF-8.
 */
export async function forEachLine(
  path: string,
  range: StreamRange,
  signal: AbortSignal,
  visit: LineVisitor,
): Promise<void> {
  await withByteStream(path, range, signal, async (stream) => {
    let afterReturn = false
    if ((range.start ?? 0) === 0 && (await stream.fill(3))) {
      const [a, b, c] = stream.bytes
      const wide = markOfUtf16(stream.bytes)
      if (wide) return forEachWideLine(stream, wide, visit)
      if (a === 0xef && b === 0xbb && c === 0xbf) stream.skip(3)
    }
    while (await stream.fill(1)) {
      const { bytes, end } = stream
      let from = stream.position
      for (let at = from; at < end; at++) {
        const byte = bytes[at]
        if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN) continue
        const isRestOfEnding = byte === LINE_FEED && afterReturn && at === from
        if (!isRestOfEnding && visit(bytes, from, at) === false) return
        afterReturn = byte === CARRIAGE_RETURN
        from = at + 1
      }
      stream.position = from
      const rest = end - from
      if (rest > MAX_LINE_BYTES) throw corruptFile(path, say('broken.longLine', { most: MAX_LINE_BYTES }))
      if (!(await stream.fill(rest + 1))) {
        if (rest > 0) visit(stream.bytes, stream.position, stream.end)
        return
      }
    }
  })
}

const POWERS_OF_TEN = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/
/** What C, MATLAB, R and Windows print for values that are not numbers, and what stands for a cell that has none. */
const NOT_FINITE = /^([+-]?(nan(\(\w*\))?|inf(inity)?|1\.#\w*)|n\/?a|null|none)?$/i

/** Blank runs separate, or one given character does and empty fields count. */
export type Separator = 'blank' | ',' | ';' | '\t'

const QUOTE = 34

/** Fields of a line. Quotes around one are taken off; a separator between them is part of it. */
export function fieldsOf(line: string, separator: Separator): string[] {
  if (separator === 'blank') return line.trim().split(/\s+/)
  if (!line.includes('"')) return line.split(separator).map((field) => field.trim())
  const fields: string[] = []
  let from = 0
  let quoted = false
  for (let at = 0; at <= line.length; at++) {
    if (line[at] === '"') quoted = !quoted
    if (at < line.length && (quoted || line[at] !== separator)) continue
    fields.push(
      line
        .slice(from, at)
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    )
    from = at + 1
  }
  return fields
}

/** The numbers of one line at a time. Reused from line to line; nothing is allocated in the ordinary case. */
export class NumberRow {
  readonly values: Float64Array
  /** How many fields the line had, whether or not they were numbers and even when `values` holds fewer. */
  count = 0
  /** How many fields were something other than a number or nothing; they read as NaN, as empty ones do. */
  textCount = 0
  readonly #separator: number
  readonly #decimalComma: boolean

  constructor(capacity: number, separator: Separator = 'blank', decimalComma = false) {
    this.values = new Float64Array(capacity)
    this.#separator = separator === 'blank' ? 0 : separator.charCodeAt(0)
    this.#decimalComma = decimalComma
  }

  parse(bytes: Uint8Array, from: number, to: number): void {
    this.count = 0
    this.textCount = 0
    const separator = this.#separator
    let at = from
    while (at < to) {
      while (at < to && (bytes[at] === 32 || bytes[at] === 9) && bytes[at] !== separator) at++
      if (at >= to && separator === 0) return
      let start = at
      let stop = at
      if (separator !== 0 && bytes[at] === QUOTE) {
        start = at + 1
        stop = bytes.indexOf(QUOTE, start)
        if (stop < 0 || stop > to) stop = to
        at = stop
        while (at < to && bytes[at] !== separator) at++
      } else {
        if (separator === 0) while (at < to && bytes[at] !== 32 && bytes[at] !== 9) at++
        else while (at < to && bytes[at] !== separator) at++
        stop = at
      }
      while (stop > start && (bytes[stop - 1] === 32 || bytes[stop - 1] === 9)) stop--
      const value = this.#number(bytes, start, stop)
      if (this.count < this.values.length) this.values[this.count] = value
      this.count++
      at++
      // A separator at the end of the line has an empty field behind it.
      if (at === to && separator !== 0 && bytes[at - 1] === separator) {
        if (this.count < this.values.length) this.values[this.count] = Number.NaN
        this.count++
      }
    }
  }

  #number(bytes: Uint8Array, from: number, to: number): number {
    let at = from
    let negative = false
    if (bytes[at] === 45) {
      negative = true
      at++
    } else if (bytes[at] === 43) at++
    let mantissa = 0
    let scale = 0
    let digits = 0
    let pointSeen = false
    for (; at < to; at++) {
      const byte = bytes[at]
      if (byte >= 48 && byte <= 57) {
        mantissa = mantissa * 10 + (byte - 48)
        digits++
        if (pointSeen) scale--
      } else if ((byte === 46 || (byte === 44 && this.#decimalComma)) && !pointSeen) pointSeen = true
      else break
    }
    if (digits === 0) return this.#slow(bytes, from, to)
    if (at < to) {
      if (bytes[at] !== 101 && bytes[at] !== 69) return this.#slow(bytes, from, to)
      at++
      let exponentNegative = false
      if (bytes[at] === 45) {
        exponentNegative = true
        at++
      } else if (bytes[at] === 43) at++
      let exponent = 0
      const first = at
      for (; at < to && bytes[at] >= 48 && bytes[at] <= 57; at++) exponent = exponent * 10 + (bytes[at] - 48)
      if (at === first || at < to) return this.#slow(bytes, from, to)
      scale += exponentNegative ? -exponent : exponent
    }
    // Exact (Clinger 1990): both the digits and the power of ten are float64 integers without rounding.
    if (mantissa > Number.MAX_SAFE_INTEGER || scale > 22 || scale < -22) return this.#slow(bytes, from, to)
    const value = scale < 0 ? mantissa / POWERS_OF_TEN[-scale] : mantissa * POWERS_OF_TEN[scale]
    return negative ? -value : value
  }

  #slow(bytes: Uint8Array, from: number, to: number): number {
    let text = ''
    for (let at = from; at < to && text.length < 400; at++) text += String.fromCharCode(bytes[at])
    if (this.#decimalComma) text = text.replace(',', '.')
    if (DECIMAL.test(text)) return Number(text.replace(/[dD]/, 'e'))
    if (!NOT_FINITE.test(text)) this.textCount++
    return Number.NaN
  }
}

/** ASCII bytes as a string, for headers and keywords. */
export function asciiText(bytes: Uint8Array, from = 0, to = bytes.length): string {
  const end = Math.min(to, bytes.length)
  if (end <= from) return ''
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).toString('latin1')
}
