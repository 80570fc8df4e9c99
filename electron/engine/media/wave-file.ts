/** Writes wave files of 32-bit floats as the samples come; beyond 4 GiB as RF64 (EBU Tech 3306). */
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { say } from '../../../shared/sayings/saying.ts'
import { fileError } from '../file-errors.ts'

export interface WaveShape {
  readonly sampleRateHz: number
  readonly channels: number
}

/** RIFF head, room for a ds64 chunk, fmt, fact, and the head of the data. */
const HEADER_BYTES = 12 + 36 + 24 + 12 + 8
const IEEE_FLOAT = 3
const LARGEST_RIFF = 0xffffffff

/** A wave file in the making, under a name of its own; what was appended and synced survives a crash. */
export class WavePart {
  readonly path: string
  readonly #file: FileHandle
  readonly #shape: WaveShape
  #dataBytes: number

  private constructor(path: string, file: FileHandle, shape: WaveShape, dataBytes: number) {
    this.path = path
    this.#file = file
    this.#shape = shape
    this.#dataBytes = dataBytes
  }

  /** Begins a file, over what may lie there. */
  static async create(path: string, shape: WaveShape): Promise<WavePart> {
    const file = await open(path, 'w')
    await file.write(waveHeader(shape, 0))
    return new WavePart(path, file, shape, 0)
  }

  /** Goes on with what another process began: half a frame at its end is dropped. */
  static async reopen(path: string, shape: WaveShape): Promise<WavePart> {
    const file = await open(path, 'r+')
    const { size } = await file.stat()
    const frameBytes = 4 * shape.channels
    const frames = Math.max(0, Math.floor((size - HEADER_BYTES) / frameBytes))
    await file.truncate(HEADER_BYTES + frames * frameBytes)
    return new WavePart(path, file, shape, frames * frameBytes)
  }

  get frames(): number {
    return this.#dataBytes / (4 * this.#shape.channels)
  }

  async append(interleaved: Float32Array): Promise<void> {
    const bytes = new Uint8Array(interleaved.buffer, interleaved.byteOffset, interleaved.byteLength)
    const at = HEADER_BYTES + this.#dataBytes
    for (let done = 0; done < bytes.length;)
      done += (await this.#file.write(bytes, done, bytes.length - done, at + done)).bytesWritten
    this.#dataBytes += bytes.length
  }

  /** Returns when what was appended is on the disk. */
  async sync(): Promise<void> {
    await this.#file.datasync()
  }

  /** Gives the file its head and its name; it is on the disk by then. */
  async finish(path: string): Promise<void> {
    await this.#file.write(waveHeader(this.#shape, this.#dataBytes), 0, HEADER_BYTES, 0)
    await this.#file.sync()
    await this.#file.close()
    await rename(this.path, path)
  }

  /** Lets go of it as it is: it can be reopened. */
  async close(): Promise<void> {
    await this.#file.close()
  }

  async abandon(): Promise<void> {
    await this.#file.close().catch(() => undefined)
    await rm(this.path, { force: true })
  }
}

/**
 * The file has its name only when it is complete and on the disk; what was begun is removed if `produce` fails.
 *
 * @param produce calls `write` with interleaved samples and waits for it
 * @throws AsterismError `disk_full`, `not_writable`, and what `produce` throws
 */
export async function writeFloatWave<T>(
  path: string,
  shape: WaveShape,
  produce: (write: (interleaved: Float32Array) => Promise<void>) => Promise<T>,
): Promise<T> {
  let part: WavePart | null = null
  try {
    const begun = await WavePart.create(`${path}.${process.pid}.part`, shape)
    part = begun
    const answer = await produce((interleaved) => begun.append(interleaved))
    await begun.finish(path)
    return answer
  } catch (error) {
    await part?.abandon().catch(() => undefined)
    throw fileError(error, path, say('kept.project'))
  }
}

function waveHeader({ sampleRateHz, channels }: WaveShape, dataBytes: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES)
  const view = new DataView(header.buffer)
  const riffBytes = HEADER_BYTES - 8 + dataBytes
  const isLarge = riffBytes > LARGEST_RIFF
  const frames = dataBytes / (4 * channels)
  let at = 0
  const text = (letters: string): void => {
    for (const letter of letters) header[at++] = letter.charCodeAt(0)
  }
  const u16 = (value: number): void => {
    view.setUint16(at, value, true)
    at += 2
  }
  const u32 = (value: number): void => {
    view.setUint32(at, value, true)
    at += 4
  }
  const u64 = (value: number): void => {
    view.setBigUint64(at, BigInt(value), true)
    at += 8
  }
  text(isLarge ? 'RF64' : 'RIFF')
  u32(isLarge ? LARGEST_RIFF : riffBytes)
  text('WAVE')
  text(isLarge ? 'ds64' : 'JUNK')
  u32(28)
  u64(isLarge ? riffBytes : 0)
  u64(isLarge ? dataBytes : 0)
  u64(isLarge ? frames : 0)
  u32(0)
  text('fmt ')
  u32(16)
  u16(IEEE_FLOAT)
  u16(channels)
  u32(sampleRateHz)
  u32(sampleRateHz * channels * 4)
  u16(channels * 4)
  u16(32)
  text('fact')
  u32(4)
  u32(Math.min(frames, LARGEST_RIFF))
  text('data')
  u32(isLarge ? LARGEST_RIFF : dataBytes)
  return header
}
