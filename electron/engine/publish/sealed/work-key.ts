/**
 * The key that opens a sealed work. Every work of this machine has its own; all follow from one secret, so that one file
 * is to be backed up and a work packed twice is the same. Keys have the form of age identities.
 */
import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { bech32 } from '@scure/base'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readIfThere, writeDurably } from '../../chain/durable-file.ts'
import { waitForLock } from '../../chain/process-lock.ts'
import { publicKeyOf, type FileSecrets } from './age-file.ts'

const KEY_BYTES = 32
const LOCK_TIMEOUT_MILLISECONDS = 10_000
const IDENTITY_PREFIX = 'age-secret-key-'
const RECIPIENT_PREFIX = 'age'

export interface AgeKey {
  /** `AGE-SECRET-KEY-1…` */
  readonly identity: string
  /** `age1…` */
  readonly recipient: string
  /** X25519, 32 bytes each. */
  readonly secret: Uint8Array
  readonly publicKey: Uint8Array
}

export function ageKey(secret: Uint8Array): AgeKey {
  const publicKey = publicKeyOf(secret)
  return {
    identity: bech32.encodeFromBytes(IDENTITY_PREFIX, secret).toUpperCase(),
    recipient: bech32.encodeFromBytes(RECIPIENT_PREFIX, publicKey),
    secret,
    publicKey,
  }
}

/** @param text a file of age identities; the first counts. @throws AsterismError `corrupt_file`, without quoting it. */
export function parseAgeKey(text: string): AgeKey {
  const line = text.split(/\r?\n/).find((each) => each.startsWith(IDENTITY_PREFIX.toUpperCase()))
  try {
    const { prefix, bytes } = bech32.decodeToBytes((line ?? '').toLowerCase())
    if (prefix === IDENTITY_PREFIX && bytes.length === KEY_BYTES) return ageKey(bytes)
  } catch {
    // What the decoder says would quote the key.
  }
  throw new AsterismError('corrupt_file', say('leaseKey.noKey'))
}

export const isRecipient = (text: string): boolean => {
  try {
    const { prefix, bytes } = bech32.decodeToBytes(text)
    return prefix === RECIPIENT_PREFIX && bytes.length === KEY_BYTES
  } catch {
    return false
  }
}

export const sealingSecretPath = (home: string): string => join(home, 'sealing-secret.txt')

/** The secret of this machine; made the first time something is sealed. Private to the owner of the home folder. */
export async function sealingSecret(home: string): Promise<Uint8Array> {
  const note =
    'Opens every work that was sealed on this machine. Keep a copy: without it no further key can be released.'
  return (await keptKey(sealingSecretPath(home), note)).secret
}

/** The key in a file of age identities, made the first time: by one process only, so that none is lost to another's. */
export async function keptKey(path: string, note: string): Promise<AgeKey> {
  const lock = await waitForLock(`${path}.lock`, LOCK_TIMEOUT_MILLISECONDS)
  try {
    const kept = await readIfThere(path)
    if (kept !== null) return parseAgeKey(kept)
    const key = ageKey(randomBytes(KEY_BYTES))
    await writeDurably(path, `# ${note}\n${key.identity}\n`)
    return key
  } finally {
    lock.release()
  }
}

const derived = (secret: Uint8Array, salt: string, info: string, bytes: number): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, Buffer.from(salt, 'hex'), info, bytes))

/** The key of the work with these recordings. @param digests sha-256 of each, before it is sealed, hexadecimal. */
export function workKey(secret: Uint8Array, digests: readonly string[]): AgeKey {
  const work = createHash('sha256')
    .update([...digests].sort().join('\n'))
    .digest('hex')
  return ageKey(derived(secret, work, 'asterism sealed work 1', KEY_BYTES))
}

/** What a file of a work is sealed with: it follows from the work, the name and the content, and from nothing else. */
export function fileSecrets(key: AgeKey, path: string, sha256: string): FileSecrets {
  const part = (what: string, bytes: number): Uint8Array =>
    derived(key.secret, sha256, `asterism sealed file 1 ${what} ${path}`, bytes)
  return { fileKey: part('key', 16), ephemeral: part('share', 32), nonce: part('nonce', 16) }
}
