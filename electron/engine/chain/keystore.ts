/**
 * Keystore files, version 3 of the Web3 Secret Storage Definition, as every Ethereum wallet reads them. The key is
 * encrypted under scrypt (N = 2^18, r = 8, p = 1) of the pass phrase, AES-128-CTR and a MAC.
 * Runs in the signer's process only.
 */
import { randomBytes, scrypt as nodeScrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { computeAddress, decryptKeystoreJson, encryptKeystoreJson, getAddress, hexlify, scrypt, Wallet } from 'ethers'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { parseJson } from './practice-status.ts'

const SCRYPT = { N: 2 ** 18, r: 8, p: 1 } as const
export const SHORTEST_PASSPHRASE = 8
const LONGEST_PASSPHRASE = 1024
/** A file asking for more is an attack on our memory, not a stronger file: N = 2^20, r = 8 is 1 GiB. */
const LARGEST_SCRYPT_BYTES = 2 ** 30
const scryptAsync = promisify<
  Uint8Array,
  Uint8Array,
  number,
  { N: number; r: number; p: number; maxmem: number },
  Buffer
>(nodeScrypt)

// The native function takes half the time of the one in JavaScript and leaves the event loop free.
scrypt.register(async (password, salt, N, r, p, byteLength) => {
  return await scryptAsync(password, salt, byteLength, { N, r, p, maxmem: 160 * N * r + 2 ** 20 })
})

const keystoreSchema = z.object({
  version: z.literal(3),
  address: z.string().regex(/^(0x)?[0-9a-fA-F]{40}$/),
  crypto: z.object({
    kdf: z.literal('scrypt'),
    kdfparams: z.object({
      n: z.number().int().min(2),
      r: z.number().int().min(1),
      p: z.number().int().min(1).max(16),
      dklen: z.literal(32),
      salt: z.string(),
    }),
  }),
})

export interface EncryptedWallet {
  /** Checksummed. */
  readonly address: string
  /** The keystore file. */
  readonly json: string
}

/** A new key, known to nobody else. */
export async function newKeystore(passphrase: string): Promise<EncryptedWallet> {
  return await encrypt(hexlify(randomBytes(32)), passphrase)
}

/** @param secret A private key in hexadecimal, or the words of a BIP-39 phrase (its first account, m/44'/60'/0'/0/0). */
export async function keystoreFromSecret(secret: string, passphrase: string): Promise<EncryptedWallet> {
  return await encrypt(privateKeyOf(secret), passphrase)
}

/** Takes over a keystore file of another program: opened with its pass phrase, sealed again at our strength. */
export async function keystoreFromKeystore(json: string, passphrase: string): Promise<EncryptedWallet> {
  const key = await openKeystore(json, passphrase)
  try {
    return await encrypt(hexlify(key), passphrase)
  } finally {
    key.fill(0)
  }
}

/** The address a keystore says it is for, checksummed; nothing is decrypted. @throws AsterismError `corrupt_file`. */
export function keystoreAddress(json: string): string {
  return getAddress(
    parseKeystore(json)
      .address.replace(/^(?!0x)/, '0x')
      .toLowerCase(),
  )
}

/**
 * The private key, 32 bytes, for the caller to wipe.
 * @throws AsterismError `wrong_passphrase`, `corrupt_file`, `too_large`.
 */
export async function openKeystore(json: string, passphrase: string): Promise<Buffer> {
  const { crypto } = parseKeystore(json)
  const { n, r } = crypto.kdfparams
  if (128 * n * r > LARGEST_SCRYPT_BYTES) {
    throw new AsterismError('too_large', 'This keystore asks for more memory than any honest one.')
  }
  const account = await decryptKeystoreJson(json, passphrase).catch((cause: unknown) => {
    if (cause instanceof Error && /incorrect password/i.test(cause.message)) {
      throw new AsterismError('wrong_passphrase', 'The pass phrase is not the one of this wallet.')
    }
    // The cause stays here: what ethers says may quote what it was given.
    throw new AsterismError('corrupt_file', 'This keystore cannot be read.')
  })
  if (computeAddress(account.privateKey) !== keystoreAddress(json)) {
    throw new AsterismError('corrupt_file', 'This keystore holds the key of another address than it says.')
  }
  return Buffer.from(account.privateKey.slice(2), 'hex')
}

async function encrypt(privateKey: string, passphrase: string): Promise<EncryptedWallet> {
  if (passphrase.length < SHORTEST_PASSPHRASE || passphrase.length > LONGEST_PASSPHRASE) {
    throw new AsterismError(
      'bad_input',
      `A pass phrase has ${SHORTEST_PASSPHRASE} to ${LONGEST_PASSPHRASE} characters.`,
      {
        fix: 'Take several words that belong together only for you.',
      },
    )
  }
  const address = computeAddress(privateKey)
  const json = await encryptKeystoreJson({ address, privateKey }, passphrase, { scrypt: SCRYPT })
  return { address, json }
}

function privateKeyOf(secret: string): string {
  const text = secret.trim()
  const hex = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text)?.[1]
  try {
    // Computing the address is what finds numbers outside the curve's order.
    if (hex && computeAddress(`0x${hex}`)) return `0x${hex.toLowerCase()}`
    return Wallet.fromPhrase(text.split(/\s+/).join(' ').toLowerCase()).privateKey
  } catch {
    // Without the cause, which may quote the secret.
    throw new AsterismError('bad_input', 'This is neither a private key nor a phrase of 12 to 24 words.', {
      fix: 'A private key has 64 hexadecimal digits; a phrase must be complete, its words spelt as they were given.',
    })
  }
}

function parseKeystore(json: string): z.infer<typeof keystoreSchema> {
  const raw = parseJson(json)
  // Some programs write "Crypto".
  const parsed = keystoreSchema.safeParse(
    typeof raw === 'object' && raw !== null && 'Crypto' in raw ? { crypto: raw.Crypto, ...raw } : raw,
  )
  if (parsed.success) return parsed.data
  throw new AsterismError('corrupt_file', 'This is not a keystore of version 3 with scrypt.')
}
