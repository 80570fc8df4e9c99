/** Copies a file so that a copy cut off in the middle goes on where it stopped. */
import { open, rename, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { addressOfFile } from '../content/unixfs.ts'
import { makeFolder, withFileErrors } from '../../file-errors.ts'
import type { Pace } from './pace.ts'

const PIECE_BYTES = 1 << 20

export interface FileCopy {
  readonly from: string
  readonly to: string
  readonly bytes: number
  /** What it must read back as before it gets its name; not asked where something else does. */
  readonly sha256?: string
}

export interface CopyOptions {
  readonly pace: Pace
  readonly signal: AbortSignal
  /** Bytes that are there now. */
  readonly onBytes: (doneBytes: number) => void
}

async function readFully(handle: FileHandle, buffer: Buffer, position: number): Promise<number> {
  let filled = 0
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}

/** A system that is nearly out of room writes a part of what it is given, and says no more than how much. */
async function writeSpan(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
  }
}

async function assertSame(part: string, { to, sha256 }: FileCopy, signal: AbortSignal): Promise<void> {
  if (sha256 === undefined || (await addressOfFile(part, signal)).sha256 === sha256) return
  throw new AsterismError('corrupt_file', say('upload.copyDiffers'), { path: to, fix: say('upload.fix.checkDisk') })
}

/** How many whole pieces at the start of both files are the same: what a killed copy had brought. */
async function samePrefix(a: FileHandle, b: FileHandle, signal: AbortSignal): Promise<number> {
  const [left, right] = [Buffer.allocUnsafe(PIECE_BYTES), Buffer.allocUnsafe(PIECE_BYTES)]
  for (let position = 0; ; position += PIECE_BYTES) {
    throwIfCancelled(signal)
    const [one, other] = [await readFully(a, left, position), await readFully(b, right, position)]
    if (one < PIECE_BYTES || other < PIECE_BYTES || !left.equals(right)) return position
  }
}

/**
 * Brings the file to its place under a `.part` name, flushes it and renames it.
 *
 * @returns how many bytes this run copied; the others were in the part already
 */
export async function copyResumably(copy: FileCopy, { pace, signal, onBytes }: CopyOptions): Promise<number> {
  const part = `${copy.to}.part`
  return await withFileErrors(copy.to, async () => {
    await makeFolder(dirname(copy.to))
    const source = await open(copy.from, 'r')
    try {
      // `a+` makes it where there is none; a later open for writing in the middle keeps what is there.
      await (await open(part, 'a+')).close()
      const target = await open(part, 'r+')
      try {
        const start = await samePrefix(source, target, signal)
        await target.truncate(start)
        const buffer = Buffer.allocUnsafe(PIECE_BYTES)
        let position = start
        onBytes(position)
        for (;;) {
          throwIfCancelled(signal)
          const length = await readFully(source, buffer, position)
          if (length === 0) break
          await pace.take(length, signal)
          await writeSpan(target, buffer.subarray(0, length), position)
          position += length
          onBytes(position)
        }
        await target.sync()
        await assertSame(part, copy, signal)
        await rename(part, copy.to)
        return position - start
      } finally {
        await target.close()
      }
    } finally {
      await source.close()
    }
  })
}
