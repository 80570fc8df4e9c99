/** Signed transactions that are not final: lists them, and raises the fee of one or cancels it under the same nonce. */
import { Transaction } from 'ethers'
import type { PendingAnswer, PendingChangeAnswer } from '../../../shared/contract/pending.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { waitForAccount } from './account-lock.ts'
import { isSigned, replacing, settleEntry, type SignedEntry, type StepContext } from './journalled-transaction.ts'
import { fileMintJournal, type MintJournal } from './mint-journal.ts'
import { openNetwork, type Network } from './networks.ts'
import { currentFees, raisedFees } from './transaction-plan.ts'
import { receiptOf } from './token-lookup.ts'
import type { ChainSigner } from './chain-signer.ts'

/** What a transfer of nothing costs. */
const PLAIN_GAS = 21_000n

/** From the journal only, without any request. */
export async function listPending(journal: MintJournal, chainId: number): Promise<PendingAnswer['pending']> {
  const entries = (await journal.underWay()).filter((entry) => entry.chainId === chainId)
  return entries.filter(isSigned).map((entry) => ({
    transaction: entry.transactionHash,
    account: entry.account,
    contract: entry.contract,
    token_id: entry.tokenId,
    nonce: entry.nonce,
    stage: entry.stage,
    max_fee_per_gas_wei: String(Transaction.from(entry.rawTransaction).maxFeePerGas ?? 0n),
    cancels: entry.cancels,
  }))
}

/** `send` signs nothing: it sends what is in the journal. */
type PendingChange = 'bump' | 'cancel' | 'send'

export interface PendingChangeOptions {
  readonly home: string
  readonly networkId: string
  readonly signer: ChainSigner
  /** Of the transaction that waits. */
  readonly hash: string
  readonly change: PendingChange
  readonly journal?: MintJournal
  readonly signal?: AbortSignal
  readonly onStage?: (stage: string) => void
}

/**
 * Signs another transaction with the same nonce and a higher fee, or sends the one there is, and follows them until one
 * is final.
 * @throws AsterismError `not_found` when no such transaction waits, and as settleEntry does
 */
export async function changePending(options: PendingChangeOptions): Promise<PendingChangeAnswer> {
  const { home, networkId, signer, hash, change, signal, journal = fileMintJournal(home) } = options
  const network = await openNetwork(home, networkId, signal)
  const lock = await waitForAccount(home, network.policy.chainId, signer.address, signal)
  try {
    const entries = await journal.underWay()
    // For a watched account the change comes back as a file; it then replaces the old entry in the journal.
    const isChanged = ({ stage, replacedHashes, cancels }: SignedEntry): boolean =>
      stage === 'signed' && replacedHashes.includes(hash) && cancels === (change === 'cancel')
    const entry = entries.filter(isSigned).find((each) => each.transactionHash === hash || isChanged(each))
    if (!entry || entry.account !== signer.address || entry.chainId !== network.policy.chainId) {
      throw new AsterismError('not_found', say('pending.none'), {
        fix: say('pending.fix.none', { network: networkId }),
      })
    }
    const context: StepContext = { network, journal, signer, signal, onStage: (stage) => options.onStage?.(stage) }
    const mined = await firstReceipt(network, entry, signal)
    // Too late to change: it is followed to its end unchanged.
    const goesAsItIs = mined || entry.transactionHash !== hash || change === 'send'
    const replacement = goesAsItIs ? entry : await replace(entry, change, context)
    const receipt = await settleEntry(replacement, context)
    return {
      transaction: receipt?.hash ?? replacement.transactionHash,
      outcome: receipt ? 'done' : replacement.cancels ? 'cancelled' : 'void',
      replaced: replacement.transactionHash === hash || mined ? null : hash,
      fee_wei: String(receipt?.feeWei ?? 0n),
    }
  } finally {
    lock.release()
  }
}

async function firstReceipt(network: Network, entry: SignedEntry, signal?: AbortSignal): Promise<boolean> {
  for (const hash of [entry.transactionHash, ...entry.replacedHashes]) {
    if (await receiptOf(network, hash, signal)) return true
  }
  return false
}

async function replace(
  entry: SignedEntry,
  change: PendingChangeOptions['change'],
  { network, journal, signer, signal }: StepContext,
): Promise<SignedEntry> {
  const earlier = Transaction.from(entry.rawTransaction)
  const { maxFeePerGas, maxPriorityFeePerGas } = raisedFees(await currentFees(network, signal), earlier)
  const cancels = change === 'cancel' || entry.cancels
  const what = cancels
    ? { to: signer.address, data: '0x', value: 0n, gasLimit: PLAIN_GAS }
    : { to: earlier.to, data: earlier.data, value: earlier.value, gasLimit: earlier.gasLimit }
  const { chainId, nonce } = earlier
  const unsigned = Transaction.from({ type: 2, chainId, nonce, ...what, maxFeePerGas, maxPriorityFeePerGas })
  const { key, contract, tokenId, creator } = entry
  const purpose = { key, contract, tokenId }
  const rawTransaction = await signer.signTransaction(
    unsigned.unsignedSerialized,
    signal,
    creator ?? undefined,
    purpose,
  )
  const signed = Transaction.from(rawTransaction)
  if (signed.unsignedSerialized !== unsigned.unsignedSerialized || signed.from !== signer.address) {
    throw new AsterismError('signing_refused', say('signing.otherBytes'))
  }
  const replacement: SignedEntry = {
    ...entry,
    stage: 'signed',
    rawTransaction,
    transactionHash: signed.hash!,
    ...replacing(entry),
    cancels,
  }
  await journal.put(replacement)
  return replacement
}
