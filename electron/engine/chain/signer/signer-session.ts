/**
 * The inside of the signer's process. It opens, describes, signs and locks, and knows nothing else of the program. It
 * writes no log, and none of its errors contains a secret.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { computeAddress, hexlify, recoverAddress } from 'ethers'
import { AsterismError } from '../../../../shared/errors.ts'
import { readIfThere, writeDurably } from '../durable-file.ts'
import {
  backupOf,
  checkedKeystore,
  derivedKeystore,
  keystoreFromKeystore,
  keystoreFromSecret,
  newKeystore,
  openKeystore,
  wordsOf,
  type EncryptedWallet,
} from '../keystore.ts'
import { readPracticeAccount } from '../practice-account.ts'
import type { SigningAccount } from './allowed-call.ts'
import { refuse, type SigningDescription } from './description.ts'
import { addressOf, connectedKey, type Connections } from './connected-keys.ts'
import { keyInMemory, type HeldKey, type ToSign } from './held-key.ts'
import {
  envelopeSchema,
  openSchema,
  signerRequestSchema,
  type Device,
  type SignerAnswer,
  type SignerRequest,
  type SignerResult,
  type SigningPayload,
} from './protocol.ts'
import { SpendingLedger } from './spending-ledger.ts'
import { judgeSignIn, signInMessage } from './sign-in-policy.ts'
import { judgeTransaction } from './transaction-policy.ts'
import { judgeTypedData } from './typed-data-policy.ts'
import { say } from '../../../../shared/sayings/saying.ts'

export const IDLE_LOCK_MILLISECONDS = 5 * 60 * 1000
const CONFIRMATION_LIFE_MILLISECONDS = 10 * 60 * 1000

export interface SignerSessionOptions {
  readonly send: (answer: SignerAnswer) => void
  /** Called once the key is wiped; the process then ends, and its memory with it. */
  readonly onLocked: () => void
  /** Connections to other holders of keys; null: none may be used. */
  readonly connections: Connections | null
}

interface OpenAccount extends SigningAccount {
  readonly key: HeldKey
}

interface Judged {
  readonly description: SigningDescription
  /** Checks limits without using them up. */
  check(ledger: SpendingLedger): Promise<void>
  /** Uses up the limits and signs; the signature must be the account's. */
  sign(account: OpenAccount, ledger: SpendingLedger): Promise<string>
}

export class SignerSession {
  readonly #options: SignerSessionOptions
  readonly #confirmationSecret = randomBytes(32)
  /** Confirmation by when it was given. */
  readonly #confirmations = new Map<string, number>()
  #tokenDigest: Buffer | null = null
  #home = ''
  #account: OpenAccount | null = null
  #idleTimer: NodeJS.Timeout | null = null

  constructor(options: SignerSessionOptions) {
    this.#options = options
    this.#touch()
  }

  /** Takes one message of the host. Never throws. */
  async receive(message: unknown): Promise<void> {
    const open = openSchema.safeParse(message)
    if (open.success) {
      // A second opener is not our host; the first token stays.
      if (this.#tokenDigest) return
      this.#tokenDigest = digestOf(open.data.open.token)
      this.#home = open.data.open.home
      return
    }
    const envelope = envelopeSchema.safeParse(message)
    if (!envelope.success) return
    const { id, token, request } = envelope.data
    try {
      if (!this.#tokenDigest || !timingSafeEqual(digestOf(token), this.#tokenDigest)) {
        refuse(say('signing.stranger'))
      }
      this.#touch()
      const parsed = signerRequestSchema.safeParse(request)
      if (!parsed.success) throw new AsterismError('bad_input', say('signing.unknownRequest'))
      const result = await this.#answer(parsed.data)
      this.#options.send({ id, ok: true, result })
      if (parsed.data.op === 'lock') this.lock()
    } catch (error) {
      this.#options.send({ id, ok: false, error: failureOf(error) })
    }
  }

  /** Wipes the key. */
  lock(): void {
    this.#forget()
    if (this.#idleTimer) clearTimeout(this.#idleTimer)
    this.#options.onLocked()
  }

  async #answer(request: SignerRequest): Promise<SignerResult> {
    switch (request.op) {
      case 'create':
        return await this.#keep(await newKeystore(request.passphrase))
      case 'import': {
        const { source, passphrase } = request
        return await this.#keep(
          source.kind === 'secret'
            ? await keystoreFromSecret(source.secret, passphrase)
            : await keystoreFromKeystore(source.json, passphrase),
        )
      }
      case 'derive': {
        const { address, passphrase, index } = request
        return await this.#keep(await derivedKeystore(await this.#keystore(address), passphrase, index))
      }
      case 'words':
        return { words: (await wordsOf(await this.#keystore(request.address), request.passphrase)).phrase }
      case 'check-words': {
        const { address, passphrase, words } = request
        const path = walletPath(this.#home, address)
        await writeDurably(path, await checkedKeystore(await this.#keystore(address), passphrase, words))
        return { address, path }
      }
      case 'unlock':
        return await this.#unlock(request.address, request.passphrase)
      case 'unlock-practice':
        return await this.#unlockPractice()
      case 'connect':
        return await this.#connect(request.device)
      case 'unlock-device': {
        const { address, device } = request
        return this.#hold({ address, key: connectedKey(this.#connections(), device, address), practiceOnly: false })
      }
      case 'describe':
        return await this.#describe(request.payload)
      case 'sign':
        return { signed: await this.#sign(request.payload, request.confirmation) }
      case 'lock':
        return {}
    }
  }

  async #keep({ address, json }: EncryptedWallet): Promise<SignerResult> {
    const path = walletPath(this.#home, address)
    if ((await readIfThere(path)) !== null) {
      throw new AsterismError('conflict', say('signing.isHere', { address }), { path })
    }
    await writeDurably(path, json)
    return { address, path }
  }

  async #unlock(address: string, passphrase: string): Promise<SignerResult> {
    const json = await this.#keystore(address)
    return this.#adopt(await openKeystore(json, passphrase), { uncheckedBackup: backupOf(json) === 'unchecked' })
  }

  async #keystore(address: string): Promise<string> {
    const path = walletPath(this.#home, address)
    const json = await readIfThere(path)
    if (json !== null) return json
    throw new AsterismError('not_found', say('signing.isNotHere', { address }), { path })
  }

  async #unlockPractice(): Promise<SignerResult> {
    const account = await readPracticeAccount(this.#home)
    if (!account) {
      throw new AsterismError('not_found', say('signing.noPracticeAccount'), {
        fix: say('network.fix.practice'),
      })
    }
    return this.#adopt(Buffer.from(account.private_key.slice(2), 'hex'), { practiceOnly: true })
  }

  #adopt(key: Buffer, kind: { practiceOnly?: boolean; uncheckedBackup?: boolean }): SignerResult {
    const address = computeAddress(hexlify(key))
    return this.#hold({ key: keyInMemory(key), address, practiceOnly: false, ...kind })
  }

  #hold(account: OpenAccount): SignerResult {
    this.#forget()
    this.#account = account
    return { address: account.address }
  }

  /** The key, and what was agreed to while it was open. */
  #forget(): void {
    this.#account?.key.wipe()
    this.#account = null
    this.#confirmations.clear()
  }

  #connections(): Connections {
    return this.#options.connections ?? refuse(say('signing.noDevices'))
  }

  /** Stores the account of a device, and nothing else. */
  async #connect(device: Device): Promise<SignerResult> {
    const address = await addressOf(this.#connections(), device)
    const path = devicePath(this.#home, address)
    for (const taken of [path, walletPath(this.#home, address)]) {
      if ((await readIfThere(taken)) === null) continue
      throw new AsterismError('conflict', say('signing.isHere', { address }), { path: taken })
    }
    await writeDurably(path, `${JSON.stringify(device)}\n`)
    return { address, path }
  }

  #requireAccount(): OpenAccount {
    if (!this.#account)
      throw new AsterismError('wallet_locked', say('signing.locked'), { fix: say('signing.fix.openFirst') })
    return this.#account
  }

  async #describe(payload: SigningPayload): Promise<SignerResult> {
    const judged = judge(payload, this.#requireAccount())
    await judged.check(this.#ledger())
    const confirmation = this.#confirmationOf(payload, judged.description)
    this.#confirmations.set(confirmation, performance.now())
    return { description: judged.description, confirmation }
  }

  async #sign(payload: SigningPayload, confirmation: string): Promise<string> {
    const account = this.#requireAccount()
    const judged = judge(payload, account)
    const expected = this.#confirmationOf(payload, judged.description)
    const givenAt = this.#confirmations.get(expected)
    const agreed = timingSafeEqual(digestOf(confirmation), digestOf(expected)) && givenAt !== undefined
    if (!agreed) refuse(say('signing.unseen'))
    this.#confirmations.delete(expected)
    if (performance.now() - givenAt > CONFIRMATION_LIFE_MILLISECONDS) refuse(say('signing.longAgo'))
    return await judged.sign(account, this.#ledger())
  }

  /** Binds the signature to what was shown. Only this process can create it. */
  #confirmationOf(payload: SigningPayload, description: SigningDescription): string {
    const shown = JSON.stringify([payload, description])
    return createHmac('sha256', this.#confirmationSecret).update(shown).digest('hex')
  }

  #ledger(): SpendingLedger {
    return new SpendingLedger(this.#home)
  }

  #touch(): void {
    if (this.#idleTimer) clearTimeout(this.#idleTimer)
    this.#idleTimer = setTimeout(() => this.lock(), IDLE_LOCK_MILLISECONDS)
  }
}

function judge(payload: SigningPayload, account: SigningAccount): Judged {
  if (payload.kind === 'typed-data') {
    const { digest, types, description } = judgeTypedData(payload.data, account)
    return costless({ kind: 'typed-data', digest, types, data: payload.data }, description)
  }
  if (payload.kind === 'sign-in') {
    const { digest, description } = judgeSignIn(payload.signIn, account)
    return costless({ kind: 'message', digest, text: signInMessage(payload.signIn, account.address) }, description)
  }
  const { transaction, policy, costWei, description } = judgeTransaction(payload.unsigned, account, payload.creator)
  const digest = transaction.unsignedHash
  return {
    description,
    check: (ledger) => ledger.check(policy, account.address, digest, costWei),
    async sign(open, ledger) {
      await ledger.reserve(policy, account.address, digest, costWei)
      transaction.signature = await signedBy(open, { kind: 'transaction', digest, transaction })
      return transaction.serialized
    },
  }
}

/** Acts that move nothing have no limit. */
function costless(what: ToSign, description: SigningDescription): Judged {
  return { description, check: () => Promise.resolve(), sign: (open) => signedBy(open, what) }
}

/** Whatever holds the key, the signature must be of exactly this, by exactly this account. */
async function signedBy({ key, address }: OpenAccount, what: ToSign): Promise<string> {
  const signature = await key.sign(what)
  if (recoverAddress(what.digest, signature) === address) return signature
  return refuse(say('signing.otherSignature'))
}

/** Where the keystore of an address lies. */
export function walletPath(home: string, address: string): string {
  return join(home, 'wallets', `${address.toLowerCase()}.json`)
}

/** The file that says which device has the key of an address. */
function devicePath(home: string, address: string): string {
  return join(home, 'wallets', `${address.toLowerCase()}.device`)
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function failureOf(error: unknown): Extract<SignerAnswer, { ok: false }>['error'] {
  // Errors of libraries may quote their input, so they do not leave this process.
  if (!(error instanceof AsterismError)) return { code: 'internal', message: 'The signer failed.' }
  const { code, message, fix, path, said } = error
  return {
    code,
    message,
    ...(fix === undefined ? {} : { fix }),
    ...(path === undefined ? {} : { path }),
    ...(said && { said }),
  }
}
