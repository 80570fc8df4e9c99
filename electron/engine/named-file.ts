/**
 * Reads whole files that a user names, or that others may have put in place: never an endless one, and never one that
 * would block the program.
 */
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { AsterismError } from '../../shared/errors.ts'
import { say, type Saying } from '../../shared/sayings/saying.ts'
import { systemCode } from './file-errors.ts'
import { readFailure } from './import/refusals.ts'

const READ_BYTES = 64 << 10
/** How often a pipe with a silent writer is polled. */
const LOOK_MILLISECONDS = 20

/**
 * The bytes of a file, or of a pipe such as `<(command)` of a shell, which lets a secret stay off the disk.
 *
 * @param mostBytes is never exceeded, whatever length the file declares
 * @throws AsterismError `bad_input` for a folder or a device, `empty_file` for a pipe without a writer, `too_large`
 *   with the given sentence, and errors of the file system
 */
export async function readNamedFile(path: string, mostBytes: number, tooLong: Saying): Promise<Buffer> {
  const refuseBeyond = (bytes: number): void => {
    if (bytes > mostBytes) throw new AsterismError('too_large', tooLong, { path })
  }
  try {
    const file = await openAtOnce(path)
    try {
      const status = await file.stat()
      const isPipe = status.isFIFO()
      if (!status.isFile() && !isPipe)
        throw new AsterismError('bad_input', say(status.isDirectory() ? 'file.isFolder' : 'file.neither'), { path })
      refuseBeyond(status.size)
      const pieces: Buffer[] = []
      let bytes = 0
      for await (const piece of piecesOf(file)) {
        pieces.push(piece)
        bytes += piece.length
        refuseBeyond(bytes)
      }
      if (isPipe && bytes === 0) throw new AsterismError('empty_file', say('file.nothing'), { path })
      return Buffer.concat(pieces)
    } finally {
      await file.close()
    }
  } catch (error) {
    throw readFailure(path, error)
  }
}

/**
 * The bytes of a regular file, for files made by others: a pipe among them could block its reader for ever.
 * @throws what the file system says
 */
export async function readPlainFile(path: string, mostBytes: number): Promise<Buffer | 'no file' | 'too long'> {
  const file = await openAtOnce(path)
  try {
    if (!(await file.stat()).isFile()) return 'no file'
    const pieces: Buffer[] = []
    let bytes = 0
    for await (const piece of piecesOf(file)) {
      bytes += piece.length
      if (bytes > mostBytes) return 'too long'
      pieces.push(piece)
    }
    return Buffer.concat(pieces)
  } finally {
    await file.close()
  }
}

/** Without O_NONBLOCK, opening a pipe that has no writer waits for one, in a thread that nothing can call back. */
const openAtOnce = (path: string): Promise<FileHandle> => open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))

async function* piecesOf(file: FileHandle): AsyncGenerator<Buffer> {
  while (true) {
    const piece = Buffer.allocUnsafe(READ_BYTES)
    const bytes = await file.read(piece, 0, piece.length, null).then(
      (read) => read.bytesRead,
      (error: unknown) => {
        if (systemCode(error) === 'EAGAIN') return null
        throw error
      },
    )
    if (bytes === 0) return
    if (bytes === null) await sleep(LOOK_MILLISECONDS)
    else yield piece.subarray(0, bytes)
  }
}
