/** A part of an open file as a web stream: read when the reader asks, closed when it ends or loses interest. */
import type { FileHandle } from 'node:fs/promises'

const CHUNK_BYTES = 256 << 10

/**
 * Takes over the handle and closes it.
 *
 * @param first First byte. @param length Bytes to give; a file that became shorter meanwhile errors the stream, since
 *   the length was promised.
 */
export function fileStream(
  file: FileHandle,
  first: number,
  length: number,
  signal: AbortSignal | null,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let position = first
  let left = length
  let isClosed = false
  const close = async (): Promise<void> => {
    if (isClosed) return
    isClosed = true
    await file.close()
  }
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          if (signal?.aborted) throw signal.reason
          const chunk = new Uint8Array(Math.min(CHUNK_BYTES, left))
          const { bytesRead } = await file.read(chunk, 0, chunk.length, position)
          if (bytesRead === 0) throw new Error('the file became shorter while it was read')
          position += bytesRead
          left -= bytesRead
          controller.enqueue(chunk.subarray(0, bytesRead))
          if (left > 0) return
          await close()
          controller.close()
        } catch (error) {
          await close()
          throw error
        }
      },
      cancel: close,
    },
    // Nothing is read ahead of what was asked for.
    { highWaterMark: 0 },
  )
}
