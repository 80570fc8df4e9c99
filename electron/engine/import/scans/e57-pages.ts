/**
 * The pages of an E57 file (ASTM E2807-11, 7): 1020 bytes of content and their CRC-32C, big-endian. "Physical" offsets
 * count all bytes of the file, "logical" ones only content.
 */
import { say } from '../../../../shared/sayings/saying.ts'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { readRange } from '../reading/byte-stream.ts'
import type { ImportSource } from '../importer.ts'
import { corruptFile } from '../refusals.ts'

const PAGE_BYTES = 1024
const CONTENT_BYTES = PAGE_BYTES - 4
const PAGES_AT_ONCE = 512

/** Reflected polynomial of CRC-32C (Castagnoli). */
const POLYNOMIAL = 0x82f63b78
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  return value
})

/** CRC-32C of bytes `from` to `to`. */
export function crc32c(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0xffffffff
  for (let at = from; at < to; at++) crc = TABLE[(crc ^ bytes[at]) & 255] ^ (crc >>> 8)
  return ~crc >>> 0
}

export class E57Pages {
  readonly #source: ImportSource
  readonly #signal: AbortSignal
  #content = new Uint8Array(0)
  #start = 0

  constructor(source: ImportSource, signal: AbortSignal) {
    this.#source = source
    this.#signal = signal
  }

  /** @throws `corrupt_file` for an offset that lies in a checksum. */
  logicalOf(physical: number): number {
    const within = physical % PAGE_BYTES
    if (!Number.isSafeInteger(physical) || physical < 0 || within >= CONTENT_BYTES)
      throw corruptFile(this.#source.path, say('scan.e57.noContent', { byte: physical }))
    return Math.floor(physical / PAGE_BYTES) * CONTENT_BYTES + within
  }

  /** A copy-free view that is good until the next call. @throws `corrupt_file` when a page fails its checksum. */
  async read(logical: number, length: number): Promise<DataView> {
    if (logical < this.#start || logical + length > this.#start + this.#content.length)
      await this.#load(logical, length)
    const at = logical - this.#start
    if (at + length > this.#content.length)
      throw corruptFile(this.#source.path, say('file.endsWithin', { what: say('scan.its.points') }))
    return new DataView(this.#content.buffer, this.#content.byteOffset + at, length)
  }

  async #load(logical: number, length: number): Promise<void> {
    throwIfCancelled(this.#signal)
    const first = Math.floor(logical / CONTENT_BYTES)
    const needed = Math.floor((logical + length - 1) / CONTENT_BYTES) + 1 - first
    const last = Math.ceil(this.#source.byteLength / PAGE_BYTES)
    const pages = Math.min(Math.max(needed, PAGES_AT_ONCE), last - first)
    if (pages < needed) throw corruptFile(this.#source.path, say('file.endsWithin', { what: say('scan.its.content') }))
    const bytes = await readRange(this.#source.path, first * PAGE_BYTES, pages * PAGE_BYTES)
    const view = new DataView(bytes.buffer)
    const whole = Math.floor(bytes.length / PAGE_BYTES)
    if (whole < needed) throw corruptFile(this.#source.path, say('file.endsWithin', { what: say('scan.its.page') }))
    const content = new Uint8Array(whole * CONTENT_BYTES)
    for (let page = 0; page < whole; page++) {
      const at = page * PAGE_BYTES
      const good = crc32c(bytes, at, at + CONTENT_BYTES) === view.getUint32(at + CONTENT_BYTES)
      if (!good && page < needed) throw corruptFile(this.#source.path, say('scan.e57.page', { page: first + page }))
      if (!good) {
        this.#keep(content.subarray(0, page * CONTENT_BYTES), first)
        return
      }
      content.set(bytes.subarray(at, at + CONTENT_BYTES), page * CONTENT_BYTES)
    }
    this.#keep(content, first)
  }

  #keep(content: Uint8Array<ArrayBuffer>, firstPage: number): void {
    this.#content = content
    this.#start = firstPage * CONTENT_BYTES
  }
}
