/** Reading a span of an open file: an operating system may give less than was asked for long before the end. */
import type { FileHandle } from 'node:fs/promises'

/**
 * Fills `bytes` from an open file.
 *
 * @param position in the file; null goes on where the last reading ended
 * @returns how many bytes were read: fewer than asked for only where the file ends
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
