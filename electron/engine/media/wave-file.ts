/** Writes wave files of 32-bit floats as the samples come; beyond 4 GiB as RF64 (EBU Tech 3306). */
import { open, rename, rm } from 'node:fs/promises'
import { asWriteFailure } from './disk.ts'

export interface WaveShape {
  readonly sampleRateHz: number
  readonly channels: number
}

/** RIFF head, room for a ds64 chunk, fmt, fact, and the head of the data. */
const HEADER_BYTES = 12 + 36 + 24 + 12 + 8
const IEEE_FLOAT = 3
const LARGEST_RIFF = 0xffffffff

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
  const part = `${path}.${process.pid}.part`
  try {
    const file = await open(part, 'w')
    let dataBytes = 0
    let answer: T
    try {
      await file.write(waveHeader(shape, 0))
      answer = await produce(async (interleaved) => {
        const bytes = new Uint8Array(interleaved.buffer, interleaved.byteOffset, interleaved.byteLength)
        for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done)).bytesWritten
        dataBytes += bytes.length
      })
      await file.write(waveHeader(shape, dataBytes), 0, HEADER_BYTES, 0)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
    return answer
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    throw asWriteFailure(error, path)
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
