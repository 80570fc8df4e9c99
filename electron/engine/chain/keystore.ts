/**
 * Keystore files, version 3 of the Web3 Secret Storage Definition, as every Ethereum wallet reads them. The key is
 * encrypted under scrypt (N = 2^18, r = 8, p = 1) of the pass phrase, AES-128-CTR and a MAC.
 * Runs in the signer's process only.
 */
import { randomBytes, scrypt as nodeScrypt } from 'node:crypto'
import { promisify } from 'node:util'
import {
  computeAddress,
  decryptKeystoreJson,
  encryptKeystoreJson,
  getAddress,
  HDNodeWallet,
  Mnemonic,
  scrypt,
  type KeystoreAccount,
} from 'ethers'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { parseJson } from './durable-file.ts'
import { say } from '../../../shared/sayings/saying.ts'

const SCRYPT = { N: 2 ** 18, r: 8, p: 1 } as const
const SHORTEST_PASSPHRASE = 8
const LONGEST_PASSPHRASE = 1024
/** A file asking for more is an attack on our memory, not a stronger file: N = 2^20, r = 8 is 1 GiB. */
const LARGEST_SCRYPT_BYTES = 2 ** 30
/** The same of time: programs of today ask for at most a million or so. */
const MOST_PBKDF2_ROUNDS = 10_000_000
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
  /** Our own field: whether the recovery words of a key created here were entered again. */
  'x-asterism': z.object({ backup: z.enum(['unchecked', 'checked']) }).optional(),
  'x-ethers': z.object({ mnemonicCiphertext: z.string().optional() }).optional(),
  address: z.string().regex(/^(0x)?[0-9a-fA-F]{40}$/),
  crypto: z.discriminatedUnion('kdf', [
    z.object({
      kdf: z.literal('scrypt'),
      kdfparams: z.object({
        n: z.number().int().min(2),
        r: z.number().int().min(1),
        p: z.number().int().min(1).max(16),
        dklen: z.literal(32),
        salt: z.string(),
      }),
    }),
    /** Older files of other programs; never written here. */
    z.object({
      kdf: z.literal('pbkdf2'),
      kdfparams: z.object({ c: z.number().int().min(1), dklen: z.literal(32), prf: z.string(), salt: z.string() }),
    }),
  ]),
})

export interface EncryptedWallet {
  /** Checksummed. */
  readonly address: string
  /** The keystore file. */
  readonly json: string
}

/** Recovery words, from which a key, and any number of further keys, are derived. */
const WORDS_ENTROPY_BYTES = 16
const pathOfAccount = (index: number): string => `m/44'/60'/0'/0/${index}`

/** A new key with recovery words that are still to be written down. */
export async function newKeystore(passphrase: string): Promise<EncryptedWallet> {
  const words = Mnemonic.fromEntropy(randomBytes(WORDS_ENTROPY_BYTES))
  return await encrypt(accountOf(words, 0), passphrase, 'unchecked')
}

/** Another key from the same words. @throws AsterismError `bad_input` for a key without words. */
export async function derivedKeystore(json: string, passphrase: string, index: number): Promise<EncryptedWallet> {
  const words = await wordsOf(json, passphrase)
  return await encrypt(accountOf(words, index), passphrase, backupOf(json))
}

/**
 * The words a key comes from, for a person to write down. @throws as openKeystore, and `bad_input` where there are
 * none.
 */
export async function wordsOf(json: string, passphrase: string): Promise<Mnemonic> {
  const { mnemonic } = await decrypted(json, passphrase)
  if (mnemonic) return Mnemonic.fromEntropy(mnemonic.entropy)
  throw new AsterismError('bad_input', say('signing.noWords'), {
    fix: say('signing.fix.keepFile'),
  })
}

/** The same file, marked as backed up. @throws AsterismError `bad_input` when these are not the words of the key. */
export async function checkedKeystore(json: string, passphrase: string, entered: string): Promise<string> {
  const words = await wordsOf(json, passphrase)
  if (normal(entered) !== words.phrase) {
    throw new AsterismError('bad_input', say('signing.otherWords'), {
      fix: say('signing.fix.otherWords'),
    })
  }
  return marked(json, 'checked')
}

/** Null: the key was imported, so it exists elsewhere. */
export function backupOf(json: string): 'unchecked' | 'checked' | null {
  return parseKeystore(json)['x-asterism']?.backup ?? null
}

/** Whether the file also contains the recovery words, encrypted likewise. */
export function comesFromWords(json: string): boolean {
  return parseKeystore(json)['x-ethers']?.mnemonicCiphertext !== undefined
}

function marked(json: string, backup: 'unchecked' | 'checked'): string {
  return JSON.stringify({ ...(JSON.parse(json) as object), 'x-asterism': { backup } })
}

function accountOf(words: Mnemonic, index: number): KeystoreAccount {
  const node = HDNodeWallet.fromMnemonic(words, pathOfAccount(index))
  const mnemonic = { path: pathOfAccount(index), locale: 'en', entropy: words.entropy }
  return { address: node.address, privateKey: node.privateKey, mnemonic }
}

const normal = (words: string): string => words.trim().split(/\s+/).join(' ').toLowerCase()

/**
 * @param secret A private key in hexadecimal, or the words of a BIP-39 phrase (its first account, m/44'/60'/0'/0/0).
 */
export async function keystoreFromSecret(secret: string, passphrase: string): Promise<EncryptedWallet> {
  return await encrypt(accountFrom(secret), passphrase)
}

/** Imports a keystore file of another program: opens it with its pass phrase and encrypts it again at our strength. */
export async function keystoreFromKeystore(json: string, passphrase: string): Promise<EncryptedWallet> {
  return await encrypt(await decrypted(json, passphrase), passphrase, backupOf(json))
}

/** The address that a keystore declares, checksummed; nothing is decrypted. @throws AsterismError `corrupt_file`. */
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
  return Buffer.from((await decrypted(json, passphrase)).privateKey.slice(2), 'hex')
}

async function decrypted(json: string, passphrase: string): Promise<KeystoreAccount> {
  requireBounded(parseKeystore(json).crypto)
  // Our input is normalised first; other programs use the raw bytes.
  const forms = passphrase.normalize('NFKC') === passphrase ? [passphrase] : [passphrase, Buffer.from(passphrase)]
  let account: KeystoreAccount | null = null
  for (const form of forms) account ??= await decryptedBy(json, form)
  if (account === null) throw new AsterismError('wrong_passphrase', say('signing.wrongPassphrase'))
  if (computeAddress(account.privateKey) !== keystoreAddress(json)) {
    throw new AsterismError('corrupt_file', say('signing.keystoreOther'))
  }
  return account
}

/** @throws AsterismError `too_large` */
function requireBounded(crypto: z.infer<typeof keystoreSchema>['crypto']): void {
  const isBounded =
    crypto.kdf === 'scrypt'
      ? 128 * crypto.kdfparams.n * crypto.kdfparams.r <= LARGEST_SCRYPT_BYTES
      : crypto.kdfparams.c <= MOST_PBKDF2_ROUNDS
  if (!isBounded) throw new AsterismError('too_large', say('signing.keystoreGreedy'))
}

/** Null if the pass phrase is wrong. @throws AsterismError `corrupt_file` */
async function decryptedBy(json: string, passphrase: string | Uint8Array): Promise<KeystoreAccount | null> {
  try {
    return await decryptKeystoreJson(json, passphrase)
  } catch (error) {
    if (error instanceof Error && /incorrect password/i.test(error.message)) return null
    // The cause stays here: what ethers says may quote what it was given.
    throw new AsterismError('corrupt_file', say('signing.keystoreUnreadable'))
  }
}

async function encrypt(
  account: KeystoreAccount,
  passphrase: string,
  backup: 'unchecked' | 'checked' | null = null,
): Promise<EncryptedWallet> {
  if (passphrase.length < SHORTEST_PASSPHRASE || passphrase.length > LONGEST_PASSPHRASE) {
    throw new AsterismError(
      'bad_input',
      say('signing.passphraseLength', { least: SHORTEST_PASSPHRASE, most: LONGEST_PASSPHRASE }),
      {
        fix: say('signing.fix.passphrase'),
      },
    )
  }
  const json = await encryptKeystoreJson(account, passphrase, { scrypt: SCRYPT })
  return { address: account.address, json: backup === null ? json : marked(json, backup) }
}

function accountFrom(secret: string): KeystoreAccount {
  const text = secret.trim()
  const hex = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text)?.[1]
  try {
    // Computing the address is what finds numbers outside the curve's order.
    if (hex) return { address: computeAddress(`0x${hex}`), privateKey: `0x${hex.toLowerCase()}` }
    return accountOf(Mnemonic.fromPhrase(normal(text)), 0)
  } catch {
    // Without the cause, which may quote the secret.
    throw new AsterismError('bad_input', say('signing.noSecret'), {
      fix: say('signing.fix.secret'),
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
  throw new AsterismError('corrupt_file', say('signing.noKeystore'))
}
