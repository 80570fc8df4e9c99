/** Reads what describes a package into memory, whoever made it: bounded in length and in depth. */
import { isUtf8 } from 'node:buffer'
import type { PackageSource } from './package-source.ts'

/** A document of some hundred thousand files is a third of this. */
export const LARGEST_DOCUMENT_BYTES = 64 * (1 << 20)
const LONGEST_LINE_BYTES = 1 << 20
/** Ours go six deep; whatever walks a document must not run out of stack. */
const MOST_DEPTH = 100

const [QUOTE, ESCAPE, NEWLINE] = [0x22, 0x5c, 0x0a]
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST, COMMA] = [0x7b, 0x7d, 0x5b, 0x5d, 0x2c]

export type ParsedDocument = { readonly value: unknown } | { readonly fault: string }

export async function readDocument(source: PackageSource, path: string): Promise<Buffer> {
  return await readStart(source, path, LARGEST_DOCUMENT_BYTES)
}

/** At most so many bytes of a file's beginning. */
export async function readStart(source: PackageSource, path: string, length: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of source.read(path)) {
    pieces.push(piece)
    bytes += piece.length
    if (bytes >= length) break
  }
  return Buffer.concat(pieces).subarray(0, length)
}

/** JSON that may be walked by recursion and that every reader takes for the same, or what is wrong with it. */
export function parseDocument(bytes: Uint8Array): ParsedDocument {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // Whoever replaces what is no text reads another document than whoever refuses it.
  if (!isUtf8(text)) return { fault: 'is not UTF-8' }
  try {
    const fault = structureFault(text)
    return fault === null ? { value: JSON.parse(text.toString('utf8')) } : { fault }
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: 'is not JSON' }
    throw error
  }
}

/**
 * Of two members of one name some readers take the first and some the last.
 * @throws SyntaxError for a name that is no JSON
 */
function structureFault(text: Buffer): string | null {
  /** Of each thing that is open, the names in it; null for a list. */
  const open: (Set<string> | null)[] = []
  let isName = false
  for (let at = 0; at < text.length; at++) {
    const byte = text[at]!
    if (byte === QUOTE) {
      const start = at
      for (at += 1; at < text.length && text[at] !== QUOTE; at++) if (text[at] === ESCAPE) at += 1
      if (!isName) continue
      isName = false
      const name = JSON.parse(text.toString('utf8', start, at + 1)) as string
      const names = open.at(-1)
      if (names?.has(name)) return 'names a member twice'
      names?.add(name)
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (open.push(byte === OPEN_OBJECT ? new Set() : null) > MOST_DEPTH) return 'is nested without end'
      isName = byte === OPEN_OBJECT
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      open.pop()
      isName = false
    } else if (byte === COMMA) isName = open.at(-1) instanceof Set
  }
  return null
}

/** Lines without their ends, a bounded part of the file in memory. Null in place of one that is too long. */
export async function* linesOf(source: PackageSource, path: string): AsyncGenerator<Buffer | null> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of source.read(path)) {
    rest = Buffer.concat([rest, piece])
    let from = 0
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, from)) {
      yield rest.subarray(from, end)
      from = end + 1
    }
    rest = rest.subarray(from)
    if (rest.length > LONGEST_LINE_BYTES) {
      yield null
      return
    }
  }
  if (rest.length > 0) yield rest
}
