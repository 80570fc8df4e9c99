/** Bounded reading of files: a range, a whole small file, or a stream with a window of bytes to parse from. */
import { open, type FileHandle } from 'node:fs/promises'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { readSpan } from '../../read-span.ts'
import { corruptFile, readFailure, tooLarge } from '../refusals.ts'

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (error) {
    throw readFailure(path, error)
  }
}

/** Reads up to `length` bytes from `offset`; fewer only where the file ends. */
export async function readRange(path: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const file = await openFile(path)
  try {
    const bytes = new Uint8Array(length)
    const filled = await readSpan(file, bytes, offset)
    return filled === length ? bytes : bytes.slice(0, filled)
  } catch (error) {
    throw readFailure(path, error)
  } finally {
    await file.close()
  }
}

/** Reads a whole file that must be small. @throws `too_large` beyond `limitBytes`. */
export async function readWhole(
  path: string,
  limitBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await openFile(path)
  try {
    const { size } = await file.stat()
    if (size > limitBytes) throw tooLarge(path, say('file.long', { bytes: size, most: limitBytes }))
    const bytes = new Uint8Array(size)
    let filled = 0
    while (filled < size) {
      throwIfCancelled(signal)
      const { bytesRead } = await file.read(bytes, filled, Math.min(size - filled, 8 << 20), filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return filled === size ? bytes : bytes.slice(0, filled)
  } catch (error) {
    throw readFailure(path, error)
  } finally {
    await file.close()
  }
}

/** Reads a whole small file as UTF-8 text, without its byte order mark. */
export async function readText(path: string, limitBytes: number, signal: AbortSignal): Promise<string> {
  return new TextDecoder().decode(await readWhole(path, limitBytes, signal))
}

/**
 * A window that slides over a file. Parsers read `bytes` (or `view`) from `position` to `end` and ask for more only
 * when they run short, so that the inner loops stay free of promises.
 */
export class ByteStream {
  bytes: Uint8Array
  view: DataView
  /** The next unread byte within `bytes`. */
  position = 0
  /** The end of what has been read into `bytes`. */
  end = 0
  readonly path: string
  readonly #file: FileHandle
  readonly #signal: AbortSignal
  /** Where in the file the byte at `end` lies. */
  #fileOffset: number
  readonly #fileEnd: number

  constructor(path: string, file: FileHandle, start: number, fileEnd: number, chunkBytes: number, signal: AbortSignal) {
    this.path = path
    this.#file = file
    this.#fileOffset = start
    this.#fileEnd = fileEnd
    this.#signal = signal
    // No larger than what is left to read: a folder of small files would otherwise cost a megabyte for each.
    this.bytes = new Uint8Array(Math.max(1, Math.min(chunkBytes, fileEnd - start)))
    this.view = new DataView(this.bytes.buffer)
  }

  get available(): number {
    return this.end - this.position
  }

  /** Where in the file the next unread byte lies. */
  get offset(): number {
    return this.#fileOffset - this.available
  }

  /** Makes at least `count` bytes available, more where the window allows it. False when the file ends before. */
  async fill(count: number): Promise<boolean> {
    if (this.available >= count) return true
    throwIfCancelled(this.#signal)
    if (this.#fileEnd - this.#fileOffset + this.available < count) {
      await this.#refill()
      return false
    }
    if (count > this.bytes.length) {
      const grown = new Uint8Array(Math.max(count, this.bytes.length * 2))
      grown.set(this.bytes.subarray(this.position, this.end))
      this.end -= this.position
      this.position = 0
      this.bytes = grown
      this.view = new DataView(grown.buffer)
    }
    while (this.available < count) {
      if (!(await this.#refill())) return false
    }
    return true
  }

  /** Like fill, but a file that ends early is corrupt. */
  async need(count: number, what: Saying): Promise<void> {
    if (await this.fill(count)) return
    throw corruptFile(this.path, say('file.endsWithin', { what }))
  }

  /** Passes over `count` bytes without reading them. */
  skip(count: number): void {
    if (count <= this.available) {
      this.position += count
      return
    }
    this.#fileOffset += count - this.available
    this.position = 0
    this.end = 0
  }

  async #refill(): Promise<boolean> {
    if (this.position > 0) {
      this.bytes.copyWithin(0, this.position, this.end)
      this.end -= this.position
      this.position = 0
    }
    const length = Math.min(this.bytes.length - this.end, this.#fileEnd - this.#fileOffset)
    if (length <= 0) return false
    const { bytesRead } = await this.#file.read(this.bytes, this.end, length, this.#fileOffset)
    this.end += bytesRead
    this.#fileOffset += bytesRead
    return bytesRead > 0
  }
}

/** Where a stream starts and ends in its file, and how large its window is at first. */
export interface StreamRange {
  readonly start?: number
  readonly end?: number
  readonly chunkBytes?: number
}

/** Opens a stream over a file, hands it to `use`, and closes it whatever happens. */
export async function withByteStream<T>(
  path: string,
  range: StreamRange,
  signal: AbortSignal,
  use: (stream: ByteStream) => Promise<T>,
): Promise<T> {
  const file = await openFile(path)
  try {
    const end = range.end ?? (await file.stat()).size
    return await use(new ByteStream(path, file, range.start ?? 0, end, range.chunkBytes ?? 1 << 20, signal))
  } catch (error) {
    throw readFailure(path, error)
  } finally {
    await file.close()
  }
}
