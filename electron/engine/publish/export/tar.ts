/** Plain ustar archives (POSIX.1-1988): the same bytes for the same files, whoever writes them when. */
import { createReadStream } from 'node:fs'
import { stat, type FileHandle } from 'node:fs/promises'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'

const BLOCK = 512
const LARGEST_MEMBER = 8 ** 11 - 1

function header(name: string, bytes: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  if (Buffer.byteLength(name) > 100) throw new AsterismError('internal', `"${name}" is too long a name for an archive.`)
  if (bytes > LARGEST_MEMBER) throw new AsterismError('too_large', say('export.tarMember', { name }))
  const octal = (value: number, at: number, length: number): void => {
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
  }
  block.write(name, 0)
  octal(0o644, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(bytes, 124, 12)
  octal(0, 136, 12)
  block.fill(' ', 148, 156)
  block.write('0', 156)
  block.write('ustar\0' + '00', 257, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

async function pad(file: FileHandle, bytes: number): Promise<void> {
  const rest = bytes % BLOCK
  if (rest > 0) await file.writeFile(Buffer.alloc(BLOCK - rest))
}

export async function addTarBytes(file: FileHandle, name: string, content: Uint8Array): Promise<void> {
  await file.writeFile(header(name, content.length))
  if (content.length > 0) await file.writeFile(content)
  await pad(file, content.length)
}

export async function addTarFile(file: FileHandle, name: string, path: string): Promise<void> {
  const { size } = await stat(path)
  await file.writeFile(header(name, size))
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    await file.writeFile(chunk)
  }
  await pad(file, size)
}

/** Two empty blocks, and as many more as fill a record of 20. */
export async function endTar(file: FileHandle): Promise<void> {
  const { size } = await file.stat()
  const total = Math.ceil((size + 2 * BLOCK) / (20 * BLOCK)) * 20 * BLOCK
  await file.writeFile(Buffer.alloc(total - size))
}
