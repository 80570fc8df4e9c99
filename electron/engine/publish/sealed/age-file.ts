/**
 * Files in the age format, version 1 (age-encryption.org/v1), for one X25519 recipient: any age program opens them. They
 * are written here and not by the library because what is random in its files must follow from the work's key and the
 * content, so that the same project packed twice has the same address; a test opens them with the library.
 *
 * The payload is ChaCha20-Poly1305 in chunks of 64 KiB; each nonce counts its chunk and says whether it is the last, so
 * that chunks cannot be left out, exchanged or cut off unnoticed.
 */
import { createHmac, createPrivateKey, createPublicKey, diffieHellman, hkdfSync, timingSafeEqual } from 'node:crypto'
import { AsterismError } from '../../../../shared/errors.ts'
import { chunkCipher, TAG_BYTES, type ChunkCipher } from './chunk-cipher.ts'

const VERSION_LINE = 'age-encryption.org/v1'
const CHUNK_BYTES = 64 << 10
const NONCE_BYTES = 16
const NO_NONCE = new Uint8Array(12)
/** DER around the 32 bytes of an X25519 key: RFC 8410. */
const PRIVATE_KEY_DER = Buffer.from('302e020100300506032b656e04220420', 'hex')
const PUBLIC_KEY_DER = Buffer.from('302a300506032b656e032100', 'hex')
const HEADER = new RegExp(
  `^${VERSION_LINE}\n-> X25519 ([A-Za-z0-9+/]{43})\n([A-Za-z0-9+/]{43})\n--- ([A-Za-z0-9+/]{43})\n$`,
)
/** What is written here has exactly so many bytes before the nonce. */
export const HEADER_BYTES = VERSION_LINE.length + 1 + '-> X25519 '.length + 44 + 44 + '--- '.length + 44
const OVERHEAD_BYTES = HEADER_BYTES + NONCE_BYTES

/** Of one file; never used for another content. */
export interface FileSecrets {
  /** 16 bytes. */
  readonly fileKey: Uint8Array
  /** 32 bytes: the X25519 secret that is used up with this file. */
  readonly ephemeral: Uint8Array
  /** 16 bytes. */
  readonly nonce: Uint8Array
}

const hkdf = (key: Uint8Array, salt: Uint8Array, info: string, bytes = 32): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', key, salt, info, bytes))

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

/** The public key of an X25519 secret. */
export function publicKeyOf(secret: Uint8Array): Uint8Array {
  const der = createPublicKey(privateKey(secret)).export({ format: 'der', type: 'spki' })
  return new Uint8Array(der.subarray(PUBLIC_KEY_DER.length))
}

const privateKey = (secret: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([PRIVATE_KEY_DER, secret]), format: 'der', type: 'pkcs8' })

function sharedSecret(secret: Uint8Array, theirs: Uint8Array): Uint8Array {
  const key = Buffer.concat([PUBLIC_KEY_DER, theirs])
  return diffieHellman({
    privateKey: privateKey(secret),
    publicKey: createPublicKey({ key, format: 'der', type: 'spki' }),
  })
}

const wrappingKey = (shared: Uint8Array, share: Uint8Array, recipient: Uint8Array): Uint8Array =>
  hkdf(shared, Buffer.concat([share, recipient]), `${VERSION_LINE}/X25519`)

const macOf = (fileKey: Uint8Array, headerUpToMac: string): Buffer =>
  createHmac('sha256', hkdf(fileKey, new Uint8Array(0), 'header'))
    .update(headerUpToMac)
    .digest()

/** How long a file of so many bytes becomes. */
export function sealedBytes(plainBytes: number): number {
  return OVERHEAD_BYTES + plainBytes + TAG_BYTES * Math.max(1, Math.ceil(plainBytes / CHUNK_BYTES))
}

/** True where a file begins as one that was sealed here. @param start its first {@link HEADER_BYTES} bytes. */
export function isSealed(start: Uint8Array): boolean {
  return HEADER.test(Buffer.from(start).toString('latin1'))
}

function headerFor(recipient: Uint8Array, { fileKey, ephemeral }: FileSecrets): string {
  const share = publicKeyOf(ephemeral)
  const wrapped = chunkCipher.seal(wrappingKey(sharedSecret(ephemeral, recipient), share, recipient), NO_NONCE, fileKey)
  const stanza = `${VERSION_LINE}\n-> X25519 ${base64(share)}\n${base64(wrapped)}\n---`
  return `${stanza} ${base64(macOf(fileKey, stanza))}\n`
}

function fileKeyIn(header: string, secret: Uint8Array): Uint8Array {
  const found = HEADER.exec(header)
  if (found === null) throw damaged('This is not a file that was sealed here.')
  const [share, wrapped, mac] = found.slice(1).map((text) => Buffer.from(text, 'base64'))
  let fileKey: Uint8Array
  try {
    const key = wrappingKey(sharedSecret(secret, share!), share!, publicKeyOf(secret))
    fileKey = chunkCipher.open(key, NO_NONCE, wrapped!)
  } catch (cause) {
    throw damaged('This file was sealed for another key.', cause)
  }
  const upToMac = header.slice(0, header.lastIndexOf('---') + 3)
  if (!timingSafeEqual(macOf(fileKey, upToMac), mac!)) throw damaged('The head of this file was changed.')
  return fileKey
}

/** Counts the chunks; the last byte marks the last of them. */
function chunkNonce(index: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(12)
  // 2^48 chunks of 64 KiB are more than any file.
  nonce.writeUIntBE(index, 5, 6)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

/** Pieces of any length as pieces of one length; the last is marked, and empty only where there is nothing at all. */
async function* chunked(
  content: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<{ readonly chunk: Uint8Array; readonly isLast: boolean }> {
  let held: Uint8Array = new Uint8Array(0)
  for await (const piece of content) {
    held = held.length === 0 ? piece : Buffer.concat([held, piece])
    let start = 0
    for (; held.length - start > length; start += length) {
      yield { chunk: held.subarray(start, start + length), isLast: false }
    }
    held = held.subarray(start)
  }
  yield { chunk: held, isLast: true }
}

/** @param recipient X25519 public key, 32 bytes */
export async function* sealContent(
  content: AsyncIterable<Uint8Array>,
  recipient: Uint8Array,
  secrets: FileSecrets,
  cipher: ChunkCipher = chunkCipher,
): AsyncGenerator<Uint8Array> {
  yield Buffer.concat([Buffer.from(headerFor(recipient, secrets)), secrets.nonce])
  const key = hkdf(secrets.fileKey, secrets.nonce, 'payload')
  let index = 0
  for await (const { chunk, isLast } of chunked(content, CHUNK_BYTES)) {
    yield cipher.seal(key, chunkNonce(index++, isLast), chunk)
  }
}

/**
 * What a sealed file holds, chunk by chunk, each only after its tag was found to fit.
 * @param secret X25519 secret, 32 bytes
 * @throws AsterismError `corrupt_file` for another key, and for bytes that were changed, left out or cut off.
 */
export async function* openContent(
  content: AsyncIterable<Uint8Array>,
  secret: Uint8Array,
  cipher: ChunkCipher = chunkCipher,
): AsyncGenerator<Uint8Array> {
  const { start, rest } = await startOf(content, OVERHEAD_BYTES)
  const fileKey = fileKeyIn(Buffer.from(start.subarray(0, HEADER_BYTES)).toString('latin1'), secret)
  const key = hkdf(fileKey, start.subarray(HEADER_BYTES), 'payload')
  let index = 0
  for await (const { chunk, isLast } of chunked(rest, CHUNK_BYTES + TAG_BYTES)) {
    let plain: Uint8Array
    try {
      plain = cipher.open(key, chunkNonce(index++, isLast), chunk)
    } catch (cause) {
      throw damaged('This sealed file was changed or cut short.', cause)
    }
    if (isLast && plain.length === 0 && index > 1) throw damaged('This sealed file ends with nothing.')
    yield plain
  }
}

async function startOf(
  content: AsyncIterable<Uint8Array>,
  length: number,
): Promise<{ start: Uint8Array; rest: AsyncIterable<Uint8Array> }> {
  const pieces = content[Symbol.asyncIterator]()
  let start: Uint8Array = new Uint8Array(0)
  while (start.length < length) {
    const next = await pieces.next()
    if (next.done) throw damaged('This sealed file was cut short.')
    start = Buffer.concat([start, next.value])
  }
  const after = start.subarray(length)
  async function* rest(): AsyncGenerator<Uint8Array> {
    yield after
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value
  }
  return { start: start.subarray(0, length), rest: rest() }
}

function damaged(what: string, cause?: unknown): AsterismError {
  return new AsterismError('corrupt_file', what, { cause })
}
