/**
 * Dialogues about a wallet with several questions: create, import, back up, export. The host asks them outside the
 * window; the caller learns the address and nothing else.
 */
import { randomInt } from 'node:crypto'
import { AsterismError, type ErrorCode } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { keystoreAddress } from './keystore.ts'
import { weaknessOf } from './passphrase-strength.ts'
import type { ProcessSpawner } from '../process-channel.ts'
import { checkBackup, createWallet, deriveWallet, importWallet, keystoreFile, wordsOfWallet } from './wallet.ts'
import type { AskWallet, Complaint, WalletAnswers, WalletQuestion } from './wallet-questions.ts'

export interface WalletDesk {
  readonly home: string
  readonly ask: AskWallet
  readonly spawn?: ProcessSpawner | undefined
  readonly signal: AbortSignal
}

const MOST_TRIES = 5
const WORDS_ASKED_AGAIN = 4
/** Of one phrase, that are looked through for the next. */
const MOST_ACCOUNTS = 50

/** @returns the address. @throws AsterismError `cancelled` if the user declines. */
export async function makeWallet(desk: WalletDesk): Promise<string> {
  const passphrase = await newPassphrase(desk, 'new')
  const { address } = await createWallet({ ...desk, passphrase })
  // The wallet exists; words that are not backed up now must be before it can sign on a main network.
  await unlessDeclined(showAndCheckWords(desk, address, passphrase))
  return address
}

/** Imports recovery words or a private key. @throws as makeWallet, and `conflict` when it is here already. */
export async function bringSecret(desk: WalletDesk): Promise<string> {
  let passphrase: string | null = null
  return await insisting({ bad_input: 'noKey' }, async (complaint) => {
    const { secret = '' } = await answers(desk, { kind: 'secret', complaint })
    passphrase ??= await newPassphrase(desk, 'import')
    return (await importWallet({ ...desk, passphrase, source: { kind: 'secret', secret } })).address
  })
}

/** Imports a keystore file of this or another program; it keeps its pass phrase. @throws as bringSecret. */
export async function bringKeyFile(desk: WalletDesk): Promise<string> {
  const { json, address } = await insisting({ corrupt_file: 'noKeyFile' }, async (complaint) => {
    const { file = '' } = await answers(desk, { kind: 'keyFile', complaint })
    return { json: file, address: keystoreAddress(file) }
  })
  return await withPassphrase(desk, address, 'file', async (passphrase) => {
    return (await importWallet({ ...desk, passphrase, source: { kind: 'keystore', json } })).address
  })
}

/**
 * Shows the recovery words of a wallet, and asks for some of them again. @throws `bad_input` for a key without words.
 */
export async function backUpWallet(desk: WalletDesk, address: string): Promise<void> {
  await withPassphrase(desk, address, 'words', async (passphrase) => {
    await showAndCheckWords(desk, address, passphrase)
  })
}

/**
 * Creates the next account of the same recovery words that is not here yet.
 * @throws as makeWallet, `bad_input` for a key without words, `conflict` when a great many are here.
 */
export async function nextAccount(desk: WalletDesk, address: string): Promise<string> {
  return await withPassphrase(desk, address, 'derive', async (passphrase) => {
    for (let index = 1; ; index += 1) {
      try {
        return (await deriveWallet({ ...desk, address, passphrase, index })).address
      } catch (error) {
        const isHere = error instanceof AsterismError && error.code === 'conflict'
        if (!isHere || index === MOST_ACCOUNTS) throw error
      }
    }
  })
}

/** Exports the encrypted file of a wallet unchanged. @throws `not_found` if this machine has no key. */
export async function takeKeyFileAway(desk: WalletDesk, wanted: string): Promise<void> {
  const { address, json } = await keystoreFile(desk.home, wanted)
  await answers(desk, { kind: 'saveFile', address, fileName: `${address}.json`, json })
}

async function showAndCheckWords(desk: WalletDesk, address: string, passphrase: string): Promise<void> {
  const words = (await wordsOfWallet({ ...desk, address, passphrase })).split(' ')
  await answers(desk, { kind: 'words', address, words })
  await insisting({ bad_input: 'wrongWords' }, async (complaint) => {
    const places = somePlaces(words.length)
    const again = await answers(desk, { kind: 'wordsAgain', address, places, complaint })
    const entered = words.map((word, n) =>
      places.includes(n + 1) ? (again[`word-${n + 1}`] ?? '').trim() || '?' : word,
    )
    await checkBackup({ ...desk, address, passphrase, words: entered.join(' ') })
  })
}

/** In the order in which they stand, from 1 on. */
function somePlaces(count: number): number[] {
  const places = new Set<number>()
  while (places.size < Math.min(WORDS_ASKED_AGAIN, count)) places.add(randomInt(count) + 1)
  return [...places].sort((a, b) => a - b)
}

async function newPassphrase(desk: WalletDesk, purpose: 'new' | 'import'): Promise<string> {
  let complaint: Complaint | undefined
  for (;;) {
    const { passphrase = '', again = '' } = await answers(desk, { kind: 'newPassphrase', purpose, complaint })
    complaint = weaknessOf(passphrase) ?? (passphrase === again ? undefined : 'different')
    if (complaint === undefined) return passphrase
  }
}

async function withPassphrase<T>(
  desk: WalletDesk,
  address: string,
  purpose: 'words' | 'file' | 'derive',
  use: (passphrase: string) => Promise<T>,
): Promise<T> {
  return await insisting({ wrong_passphrase: 'wrongPassphrase' }, async (complaint) => {
    const { passphrase = '' } = await answers(desk, { kind: 'passphrase', address, purpose, complaint })
    return await use(passphrase)
  })
}

/** Asks again with the reason after an error that the user can correct; a limited number of times. */
async function insisting<T>(
  complaints: Partial<Record<ErrorCode, Complaint>>,
  attempt: (complaint: Complaint | undefined) => Promise<T>,
): Promise<T> {
  let complaint: Complaint | undefined
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(complaint)
    } catch (error) {
      const heard = error instanceof AsterismError ? complaints[error.code] : undefined
      if (heard === undefined || tries === MOST_TRIES) throw error
      complaint = heard
    }
  }
}

async function answers({ ask, signal }: WalletDesk, question: WalletQuestion): Promise<WalletAnswers> {
  const given = await ask(question, signal)
  if (given) return given
  throw new AsterismError('cancelled', say('signing.declined'), { kept: say('kept.nothingChanged') })
}

async function unlessDeclined(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof AsterismError) || error.code !== 'cancelled') throw error
  })
}
