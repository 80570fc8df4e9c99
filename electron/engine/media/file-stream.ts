/** A part of a file as a web stream: opened when first asked, read when asked, closed at its end or when it is dropped. */
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { Stats } from 'node:fs'

const CHUNK_BYTES = 256 << 10

export interface FilePart {
  readonly path: string
  /** As it was when the length was promised. */
  readonly status: Stats
  /** Of the first byte. */
  readonly first: number
  readonly length: number
}

/**
 * Answers are often dropped unread (a player that seeks asks again), so that no file is open before the first read.
 * A file that changed since its length was promised errors the stream.
 */
export function fileStream(part: FilePart, signal: AbortSignal | null): ReadableStream<Uint8Array<ArrayBuffer>> {
  let position = part.first
  let left = part.length
  let file: FileHandle | null = null
  const close = async (): Promise<void> => {
    const closing = file
    file = null
    await closing?.close()
  }
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          if (signal?.aborted) throw signal.reason
          file ??= await openUnchanged(part)
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

async function openUnchanged(part: FilePart): Promise<FileHandle> {
  const file = await open(part.path, 'r')
  const now = await file.stat()
  if (now.size === part.status.size && now.mtimeMs === part.status.mtimeMs) return file
  await file.close()
  throw new Error('the file changed while it was served')
}
