/** Reads a span of an open file: one read may return less than requested long before the end. */
import type { FileHandle } from 'node:fs/promises'

/**
 * Fills `bytes` from an open file.
 *
 * @param position in the file; null continues after the last read
 * @returns how many bytes were read; fewer than requested only at the end of the file
 */
export async function readSpan(handle: FileHandle, bytes: Uint8Array, position: number | null): Promise<number> {
  let filled = 0
  while (filled < bytes.length) {
    const from = position === null ? null : position + filled
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}
