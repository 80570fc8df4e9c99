/**
 * Signing on a machine without a network: an account that is only watched here writes what is to be signed into a file;
 * the machine that has its key signs the file after showing it; what comes back goes into the journal, from where the
 * same act, done again, sends it.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { getAddress, keccak256, Transaction } from 'ethers'
import { signedFile, unsignedFile, type SignedFile, type UnsignedFile } from '../../../shared/contract/offline.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { waitForAccount } from './account-lock.ts'
import { chainPolicies, policyNamed } from './chain-policies.ts'
import { writeDurably } from './durable-file.ts'
import { isCancellation, isSigned, replacing } from './journalled-transaction.ts'
import { fileMintJournal } from './mint-journal.ts'
import type { ChainSigner, SigningPurpose } from './chain-signer.ts'
import { say } from '../../../shared/sayings/saying.ts'

/** Where files to be signed elsewhere are written. */
export const offlineFolder = (home: string): string => join(home, 'offline')

/** An account without a key: everything to be signed is written to a file. */
export class WatchedAccount implements ChainSigner {
  readonly address: string
  readonly #home: string

  constructor(home: string, address: string) {
    this.#home = home
    this.address = address
  }

  async signTransaction(
    unsigned: string,
    _signal?: AbortSignal,
    creator?: string,
    purpose?: SigningPurpose,
  ): Promise<never> {
    const { chainId, nonce } = Transaction.from(unsigned)
    const network = chainPolicies.find((policy) => BigInt(policy.chainId) === chainId)
    if (!purpose || !network) {
      throw new AsterismError('signing_refused', say('signing.watchedKey', { address: this.address }))
    }
    const file: UnsignedFile = {
      format: 'asterism-unsigned-1',
      network: network.networkId,
      account: this.address,
      creator: creator ?? null,
      key: purpose.key,
      contract: purpose.contract,
      token_id: purpose.tokenId,
      unsigned,
    }
    const path = join(offlineFolder(this.#home), `${nonce}-${keccak256(unsigned).slice(2, 10)}.unsigned.json`)
    await mkdir(offlineFolder(this.#home), { recursive: true })
    await writeDurably(path, `${JSON.stringify(file, null, 2)}\n`)
    throw new AsterismError('signing_refused', say('signing.watchedElsewhere', { address: this.address }), {
      path,
      kept: say('signing.kept.inFile'),
      fix: say('signing.fix.elsewhere'),
    })
  }

  signTypedData(): Promise<never> {
    return this.#refuseMessages()
  }

  signSignIn(): Promise<never> {
    return this.#refuseMessages()
  }

  #refuseMessages(): never {
    throw new AsterismError('signing_refused', say('signing.watchedMessages', { address: this.address }))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

export function parseUnsigned(raw: unknown): UnsignedFile {
  const parsed = unsignedFile.safeParse(raw)
  if (parsed.success) return parsed.data
  throw new AsterismError('corrupt_file', say('offline.noUnsigned'))
}

/** Signs a file of another machine after showing it. Needs no network. */
export async function signFile(file: UnsignedFile, signer: ChainSigner, signal?: AbortSignal): Promise<SignedFile> {
  if (getAddress(file.account) !== signer.address) {
    throw new AsterismError(
      'signing_refused',
      say('offline.otherAccount', { wanted: file.account, account: signer.address }),
    )
  }
  const signed = await signer.signTransaction(file.unsigned, signal, file.creator ?? undefined)
  return { ...file, format: 'asterism-signed-1', signed }
}

/**
 * Takes a transaction signed elsewhere into the journal; running its act again sends it.
 * @throws AsterismError `corrupt_file` if it is not what was requested, or not signed by its account.
 */
export async function takeSigned(home: string, raw: unknown, signal?: AbortSignal): Promise<SignedFile> {
  const parsed = signedFile.safeParse(raw)
  if (!parsed.success) throw new AsterismError('corrupt_file', say('offline.noSigned'))
  const file = parsed.data
  const { chainId } = policyNamed(file.network)
  const transaction = transactionOf(file)
  if (transaction.chainId !== BigInt(chainId)) {
    throw new AsterismError(
      'corrupt_file',
      say('offline.otherChain', { chain: String(transaction.chainId), network: file.network }),
    )
  }
  const account = getAddress(file.account)
  const lock = await waitForAccount(home, chainId, account, signal)
  try {
    const journal = fileMintJournal(home)
    const known = await journal.find(file.key)
    if (known?.stage === 'mined' || known?.stage === 'final') {
      throw new AsterismError('conflict', say('offline.done'))
    }
    if (known && isSigned(known) && !takesPlaceOf(transaction, Transaction.from(known.rawTransaction))) {
      throw new AsterismError('conflict', say('offline.otherWaits'), {
        kept: say('kept.nothingChanged'),
        fix: say('offline.fix.otherWaits'),
      })
    }
    await journal.put({
      format: 1,
      key: file.key,
      stage: 'signed',
      chainId,
      account,
      contract: file.contract,
      tokenId: file.token_id,
      creator: file.creator,
      rawTransaction: file.signed,
      transactionHash: transaction.hash!,
      nonce: transaction.nonce,
      ...replacing(known),
      refusedTransactions: known?.refusedTransactions ?? [],
      cancels: isCancellation(transaction),
      blockNumber: null,
      gasUsed: null,
      feeWei: null,
    })
    return file
  } finally {
    lock.release()
  }
}

/** Whether only one of two transactions can be mined; otherwise the journal would forget one that is mined anyway. */
function takesPlaceOf(later: Transaction, earlier: Transaction): boolean {
  const isSameCall = later.to === earlier.to && later.data === earlier.data && later.value === earlier.value
  return later.nonce === earlier.nonce && (isSameCall || isCancellation(later) || isCancellation(earlier))
}

function transactionOf({ unsigned, signed, account }: SignedFile): Transaction {
  let transaction: Transaction
  try {
    transaction = Transaction.from(signed)
  } catch (cause) {
    throw new AsterismError('corrupt_file', say('offline.unreadable'), { cause })
  }
  if (transaction.unsignedSerialized === unsigned && transaction.from === getAddress(account)) return transaction
  throw new AsterismError('corrupt_file', say('offline.changed'))
}
