/** The user's wallets: keystore files under `<home>/wallets`, and the account of the practice network. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getAddress } from 'ethers'
import { AsterismError } from '../../../shared/errors.ts'
import { accountInUse } from './account-in-use.ts'
import { checkedAddress } from './address.ts'
import { parseJson, writeDurably } from './durable-file.ts'
import { WatchedAccount } from './offline-signing.ts'
import { chainPolicies } from './chain-policies.ts'
import { keystoreAddress } from './keystore.ts'
import { practicePaths } from './practice-status.ts'
import type { OpenWallets } from './open-wallets.ts'
import { readPracticeAccount } from './practice-account.ts'
import type { LockedAccount } from './wallet-questions.ts'
import type { ChainSigner, SigningPurpose } from './chain-signer.ts'
import type { SigningDescription } from './signer/description.ts'
import {
  deviceSchema,
  type Described,
  type Device,
  type Signed,
  type SignerRequest,
  type SigningPayload,
  type Unlocked,
  type WalletMade,
  type Words,
} from './signer/protocol.ts'
import type { ProcessSpawner } from '../process-channel.ts'
import { forkSigner, SignerClient } from './signer/signer-client.ts'
import type { SignIn } from './signer/sign-in-policy.ts'
import type { TypedData } from './signer/typed-data-policy.ts'
import { because, say, type Reason, type Why } from '../../../shared/sayings/saying.ts'

export interface WalletEntry {
  readonly address: string
  readonly path: string
  /** `watch`: an address alone, whose key is on another machine; `ledger`, `frame`: what holds its key. */
  readonly kind: 'keystore' | 'practice' | 'watch' | Device['kind']
}

export interface WalletList {
  readonly wallets: readonly WalletEntry[]
  /** Files among the keystores that are not keystores, with the reason. */
  readonly refused: readonly ({ readonly path: string } & Why)[]
}

interface MakeOptions {
  readonly home: string
  readonly passphrase: string
  readonly spawn?: ProcessSpawner
  readonly signal?: AbortSignal
}

/** A key to import. */
export type WalletSource =
  { readonly kind: 'secret'; readonly secret: string } | { readonly kind: 'keystore'; readonly json: string }

/** All wallets of this home, sorted by address, the practice account last. Nothing is decrypted. */
export async function listWallets(home: string): Promise<WalletList> {
  const folder = join(home, 'wallets')
  const wallets: WalletEntry[] = []
  const refused: ({ path: string } & Why)[] = []
  for (const name of await namesIn(folder)) {
    const watched = /^(0x[0-9a-f]{40})\.watch$/.exec(name)?.[1]
    if (watched) wallets.push({ address: getAddress(watched), path: join(folder, name), kind: 'watch' })
    const path = join(folder, name)
    const connected = /^(0x[0-9a-f]{40})\.device$/.exec(name)?.[1]
    if (connected) {
      const device = await deviceIn(path)
      if (device) wallets.push({ address: getAddress(connected), path, kind: device.kind })
      else refused.push({ path, ...because('signing.noDevice') })
    }
    if (!/^0x[0-9a-f]{40}\.json$/.test(name)) continue
    try {
      wallets.push({ address: keystoreAddress(await readFile(path, 'utf8')), path, kind: 'keystore' })
    } catch (error) {
      refused.push({ path, ...(error instanceof AsterismError ? error.reason : because('disk.programUnreadable')) })
    }
  }
  const practice = await readPracticeAccount(home)
  if (practice) wallets.push({ address: practice.address, path: practicePaths(home).account, kind: 'practice' })
  return { wallets, refused }
}

/** Creates a wallet. @throws AsterismError `bad_input` for a short pass phrase. */
export async function createWallet({ home, passphrase, spawn, signal }: MakeOptions): Promise<WalletMade> {
  return await withSigner(home, spawn, (signer) => signer.request<WalletMade>({ op: 'create', passphrase }, signal))
}

/**
 * Imports a key. A keystore keeps its pass phrase.
 * @throws AsterismError `bad_input`, `corrupt_file`, `wrong_passphrase`, `conflict` if it already has a wallet.
 */
export async function importWallet(options: MakeOptions & { readonly source: WalletSource }): Promise<WalletMade> {
  const { home, passphrase, source, spawn, signal } = options
  return await withSigner(home, spawn, (signer) =>
    signer.request<WalletMade>({ op: 'import', passphrase, source }, signal),
  )
}

async function withSigner<T>(
  home: string,
  spawn: ProcessSpawner | undefined,
  use: (signer: SignerClient) => Promise<T>,
): Promise<T> {
  const signer = new SignerClient(home, spawn)
  try {
    return await use(signer)
  } finally {
    signer.kill()
  }
}

/**
 * Another key from the recovery words of a wallet, under its pass phrase. @throws AsterismError `bad_input` without
 * words.
 */
export async function deriveWallet(
  options: MakeOptions & WalletNamed & { readonly index: number },
): Promise<WalletMade> {
  const { home, address, passphrase, index, spawn, signal } = options
  return await withSigner(home, spawn, (signer) =>
    signer.request<WalletMade>({ op: 'derive', address, passphrase, index }, signal),
  )
}

/** The recovery words of a wallet, to be written down. */
export async function wordsOfWallet(options: MakeOptions & WalletNamed): Promise<string> {
  const { home, address, passphrase, spawn, signal } = options
  const answer = await withSigner(home, spawn, (signer) =>
    signer.request<Words>({ op: 'words', address, passphrase }, signal),
  )
  return answer.words
}

/** The file of a wallet as stored, encrypted. @throws AsterismError `not_found` where this machine has no key. */
export async function keystoreFile(home: string, address: string): Promise<{ address: string; json: string }> {
  const { wallets } = await listWallets(home)
  const wallet = wallets.find(
    (each) => each.address.toLowerCase() === address.toLowerCase() && each.kind === 'keystore',
  )
  if (wallet) return { address: wallet.address, json: await readFile(wallet.path, 'utf8') }
  throw new AsterismError('not_found', say('signing.noKeystoreFor', { address }), { fix: say('signing.fix.list') })
}

/**
 * Marks a wallet as backed up after its words were entered again. @throws AsterismError `bad_input` for other words.
 */
export async function checkBackup(
  options: MakeOptions & WalletNamed & { readonly words: string },
): Promise<WalletMade> {
  const { home, address, passphrase, words, spawn, signal } = options
  return await withSigner(home, spawn, (signer) =>
    signer.request<WalletMade>({ op: 'check-words', address, passphrase, words }, signal),
  )
}

async function deviceIn(path: string): Promise<Device | null> {
  return deviceSchema.safeParse(parseJson(await readFile(path, 'utf8'))).data ?? null
}

/**
 * Connects an account whose key is in a device or another wallet, with the consent of the user.
 * @throws AsterismError `not_found` (nothing is plugged in or running), `conflict`.
 */
export async function connectWallet(
  options: Omit<MakeOptions, 'passphrase'> & { readonly device: Device },
): Promise<WalletMade> {
  const { home, device, spawn, signal } = options
  return await withSigner(home, spawn, (signer) => signer.request<WalletMade>({ op: 'connect', device }, signal))
}

/** Stores an address without its key. */
export async function watchWallet(home: string, text: string): Promise<WalletMade> {
  const address = checkedAddress(text)
  const { wallets } = await listWallets(home)
  const known = wallets.find((wallet) => wallet.address === address)
  if (known) throw new AsterismError('conflict', say('signing.isHere', { address }), { path: known.path })
  const path = join(home, 'wallets', `${address.toLowerCase()}.watch`)
  await writeDurably(path, `${address}\n`)
  return { address, path }
}

interface WalletNamed {
  readonly address: string
}

export interface OpenSignerOptions {
  readonly home: string
  readonly networkId: string
  /** Which wallet; needed only if there are several. The practice network uses the practice account by default. */
  readonly address?: string
  /** Shows the description outside the main window; true only if the user agreed to exactly this. */
  readonly confirmSigning: (description: SigningDescription, signal: AbortSignal) => Promise<boolean>
  /** Asked again, a few times, if it was wrong. */
  readonly askPassphrase: (account: LockedAccount, signal: AbortSignal) => Promise<string>
  readonly spawn?: ProcessSpawner
  /** Keeps unlocked wallets open; absent: each is locked as soon as it is closed. */
  readonly openWallets?: OpenWallets
}

const MOST_TRIES = 3

/**
 * An account for a network: the named one, otherwise the one in use, otherwise the only one. Nothing is unlocked, and
 * no process is started, before there is something to sign.
 * @throws AsterismError `not_found` if there is no such wallet, `bad_input` if several would do.
 */
export async function openSigner(options: OpenSignerOptions): Promise<ChainSigner> {
  const entry = await chooseWallet(options)
  return entry.kind === 'watch' ? new WatchedAccount(options.home, entry.address) : new ProcessSigner(entry, options)
}

class ProcessSigner implements ChainSigner {
  readonly address: string
  readonly #entry: WalletEntry
  readonly #options: OpenSignerOptions
  #client: SignerClient | null = null

  constructor(entry: WalletEntry, options: OpenSignerOptions) {
    this.address = entry.address
    this.#entry = entry
    this.#options = options
  }

  async signTransaction(
    unsigned: string,
    signal?: AbortSignal,
    creator?: string,
    { told = [] }: Partial<SigningPurpose> = {},
  ): Promise<string> {
    return await this.#sign({ kind: 'transaction', unsigned, ...(creator ? { creator } : {}) }, signal, told)
  }

  async signTypedData(data: TypedData, signal?: AbortSignal): Promise<string> {
    return await this.#sign({ kind: 'typed-data', data }, signal)
  }

  async signSignIn(signIn: SignIn, signal?: AbortSignal): Promise<string> {
    return await this.#sign({ kind: 'sign-in', signIn }, signal)
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = null
    if (client && this.#options.openWallets?.of(this.address) !== client) await client.lock()
  }

  async #sign(
    payload: SigningPayload,
    signal: AbortSignal = new AbortController().signal,
    told: readonly Reason[] = [],
  ): Promise<string> {
    const client = await this.#unlocked(signal)
    const { description, confirmation } = await client.request<Described>({ op: 'describe', payload }, signal)
    if (!(await this.#options.confirmSigning(told.length === 0 ? description : { ...description, told }, signal))) {
      throw new AsterismError('signing_refused', say('signing.notAgreed'))
    }
    return (await client.request<Signed>({ op: 'sign', payload, confirmation }, signal)).signed
  }

  async #unlocked(signal: AbortSignal): Promise<SignerClient> {
    const { openWallets } = this.#options
    const open = this.#client && !this.#client.ended ? this.#client : openWallets?.of(this.address)
    this.#client = open ?? (await this.#open(signal))
    // Only wallets that required a pass phrase are worth keeping open.
    if (this.#entry.kind === 'keystore') openWallets?.keep(this.address, this.#client)
    return this.#client
  }

  async #open(signal: AbortSignal): Promise<SignerClient> {
    const { home, spawn = forkSigner, askPassphrase } = this.#options
    const { address } = this.#entry
    for (let tries = 1; ; tries += 1) {
      const account = { address, ...(tries > 1 ? { isWrong: true } : {}) }
      const unlock = await unlockOf(this.#entry, () => askPassphrase(account, signal))
      const client = new SignerClient(home, spawn)
      try {
        await client.request<Unlocked>(unlock, signal)
        return client
      } catch (error) {
        client.kill()
        const isWrong = error instanceof AsterismError && error.code === 'wrong_passphrase'
        if (!isWrong || tries === MOST_TRIES) throw error
      }
    }
  }
}

async function unlockOf(
  { address, kind, path }: WalletEntry,
  askPassphrase: () => Promise<string>,
): Promise<SignerRequest> {
  if (kind === 'practice') return { op: 'unlock-practice' }
  if (kind === 'keystore') return { op: 'unlock', address, passphrase: await askPassphrase() }
  const device = await deviceIn(path)
  if (!device) throw new AsterismError('corrupt_file', say('signing.noDevice'), { path })
  return { op: 'unlock-device', address, device }
}

async function chooseWallet({ home, networkId, address }: OpenSignerOptions): Promise<WalletEntry> {
  const { wallets } = await listWallets(home)
  const practice = chainPolicies.some((policy) => policy.networkId === networkId && policy.practice)
  if (address !== undefined) {
    const named = wallets.find((wallet) => wallet.address.toLowerCase() === address.toLowerCase())
    if (!named)
      throw new AsterismError('not_found', say('signing.isNotHere', { address }), { fix: say('signing.fix.list') })
    if (named.kind === 'practice' && !practice) {
      throw new AsterismError('signing_refused', say('signing.practiceOnly'))
    }
    return named
  }
  const inUse = await accountInUse(home)
  const chosen = wallets.find((wallet) => wallet.address === inUse && (practice || wallet.kind !== 'practice'))
  if (chosen) return chosen
  const usable = wallets.filter(({ kind }) =>
    practice ? kind === 'practice' : kind !== 'practice' && kind !== 'watch',
  )
  if (usable.length === 1) return usable[0]!
  if (usable.length > 1) {
    throw new AsterismError('bad_input', say('signing.severalWallets'), {
      fix: say('signing.fix.theyAre', { addresses: usable.map((wallet) => wallet.address).join(', ') }),
    })
  }
  throw new AsterismError('not_found', say(practice ? 'signing.noPracticeAccount' : 'signing.noWallet'), {
    fix: say(practice ? 'network.fix.practice' : 'signing.fix.newWallet'),
  })
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).then(
    (names) => names.sort(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw new AsterismError('bad_input', say('signing.noFolder'), { path: folder, cause: error })
    },
  )
}
