/** Reads what describes a package into memory, whoever made it: bounded in length and in depth. */
import type { PackageSource } from './package-source.ts'

/** A document of some hundred thousand files is a third of this. */
export const LARGEST_DOCUMENT_BYTES = 64 * (1 << 20)
const LONGEST_LINE_BYTES = 1 << 20
/** Ours go six deep; whatever walks a document must not run out of stack. */
const MOST_DEPTH = 100

const [QUOTE, ESCAPE, NEWLINE] = [0x22, 0x5c, 0x0a]
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])

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

/** JSON that may be walked by recursion, or what is wrong with it. */
export function parseDocument(bytes: Uint8Array): ParsedDocument {
  if (depthOf(bytes) > MOST_DEPTH) return { fault: 'is nested without end' }
  try {
    return { value: JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) }
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: 'is not JSON' }
    throw error
  }
}

function depthOf(bytes: Uint8Array): number {
  let [depth, deepest] = [0, 0]
  let inText = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (inText) {
      if (byte === ESCAPE) at += 1
      else if (byte === QUOTE) inText = false
    } else if (byte === QUOTE) inText = true
    else if (OPENING.has(byte)) deepest = Math.max(deepest, ++depth)
    else if (CLOSING.has(byte)) depth -= 1
  }
  return deepest
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
