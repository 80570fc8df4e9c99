/**
 * Brings one call to a final block, exactly once in effect, from wherever an earlier run left it.
 *
 * The signed bytes are on disk before they leave, so after any crash the same bytes go out again: one nonce, one
 * transaction. If the nonce turns out to be used by something else, or unreachable because the practice chain was
 * reset, those bytes can have no effect any more, and a mint is planned again; should they be mined after all, the
 * contract refuses the id a second time. Other acts, which it would not refuse, end there.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Transaction } from 'ethers'
import { AsterismError, isCancellation as isAborted, throwIfCancelled } from '../../../shared/errors.ts'
import { because, say, type Reason } from '../../../shared/sayings/saying.ts'
import type { MintJournal, MintJournalEntry } from './mint-journal.ts'
import type { Network } from './networks.ts'
import { quantity, RpcRefusal } from './rpc.ts'
import { receiptOf, type Receipt } from './token-lookup.ts'
import { refusedNoMore, requireNoEvents } from './reported-refusal.ts'
import { currentFees, nonceOf, planTransaction, raisedFees, type ContractCall, type Fees } from './transaction-plan.ts'
import type { ChainSigner } from './chain-signer.ts'

const MOST_PLANS = 4

export interface Step {
  readonly key: string
  readonly contract: string
  /** `0x` and 64 digits; null for the creation of a collection. */
  readonly tokenId: string | null
  readonly call: ContractCall
  /** Owner of the called collection, if it is not the account's own. */
  readonly creator?: string
  /** True for acts that may be repeated once they are final, such as bids. */
  readonly repeats?: boolean
  /** What is known besides its bytes, for the confirmation. */
  readonly told?: readonly Reason[]
}

export interface StepContext {
  readonly network: Network
  readonly journal: MintJournal
  readonly signer: ChainSigner
  readonly signal: AbortSignal | undefined
  readonly onStage: (stage: MintJournalEntry['stage'], entry: MintJournalEntry) => void
}

export type SignedEntry = MintJournalEntry & {
  readonly rawTransaction: string
  readonly transactionHash: string
  readonly nonce: number
}

/** To be called under the account's lock. @throws AsterismError `chain_refused`, `timeout`, `signing_refused`, … */
export async function settleStep(step: Step, context: StepContext): Promise<Receipt> {
  let isLost = false
  for (let plans = 0; plans < MOST_PLANS; plans += 1) {
    const entry: SignedEntry = (await signedEntry(step, context)) ?? (await planAndSign(step, context, null, isLost))
    const found: Mined | null = (await findMined(entry, context)) ?? (await sendAndWait(step, entry, context))
    const mined = found && (await confirmed(found, context))
    if (mined && !isCancelled(mined)) return await finish(mined, context)
    // These bytes can have no effect any more.
    await put(plannedEntry(step, context), context)
    isLost = mined === null
  }
  throw new AsterismError('chain_refused', say('chain.alwaysFaster'), { fix: say('chain.fix.alwaysFaster') })
}

/**
 * Brings signed bytes to a final block unchanged; signs nothing again.
 * @returns null if these bytes can have no effect any more, or if their cancellation was mined
 */
export async function settleEntry(entry: SignedEntry, context: StepContext): Promise<Receipt | null> {
  const found = (await findMined(entry, context)) ?? (await broadcastAndWait(entry, context))
  const mined = found && (await confirmed(found, context))
  if (mined && !isCancelled(mined)) return await finish(mined, context)
  await put(plannedEntry(entry, context), context)
  return null
}

/**
 * Of what an earlier run has signed for a work and a block has taken meanwhile, nothing is told before it is final;
 * what was signed for other works is not waited for, but waits no more once it is. What a contract refused is told
 * where it is done again.
 */
export async function followMined(work: Pick<Step, 'contract' | 'tokenId'>, context: StepContext): Promise<void> {
  const { journal, network, signer } = context
  const concerns = ({ contract, tokenId }: MintJournalEntry): boolean =>
    contract === work.contract && (tokenId === null || work.tokenId === null || tokenId === work.tokenId)
  for (const entry of await journal.underWay()) {
    if (!isSigned(entry) || entry.chainId !== network.policy.chainId || entry.account !== signer.address) continue
    const found = await findMined(entry, context)
    if (!found || !(concerns(entry) || isFinal(found.receipt, await latestBlock(context), context))) continue
    const mined = await confirmed(found, context)
    if (mined.receipt.succeeded && !isCancelled(mined)) await finish(mined, context)
  }
}

const isCancelled = ({ entry, receipt }: Mined): boolean => entry.cancels && receipt.hash === entry.transactionHash

type Purpose = Pick<MintJournalEntry, 'key' | 'contract' | 'tokenId'> & { readonly creator?: string | null }

function plannedEntry(
  { key, contract, tokenId, creator = null }: Purpose,
  { network, signer }: StepContext,
  refusedTransactions: readonly string[] = [],
): MintJournalEntry {
  return {
    format: 1,
    key,
    stage: 'planned',
    chainId: network.policy.chainId,
    account: signer.address,
    contract,
    tokenId,
    creator,
    cancels: false,
    rawTransaction: null,
    transactionHash: null,
    nonce: null,
    ...replacing(null),
    refusedTransactions: [...refusedTransactions],
    blockNumber: null,
    gasUsed: null,
    feeWei: null,
  }
}

/** Of several nodes enough say the same; the chain of the practice network is our own. */
const isOnesWord = ({ policy, quorum }: Network): boolean => !policy.practice && quorum === 1

async function put<T extends MintJournalEntry>(entry: T, { journal, onStage }: StepContext): Promise<T> {
  await journal.put(entry)
  onStage(entry.stage, entry)
  return entry
}

/** What an earlier run has signed for this step; null if nothing. */
async function signedEntry(step: Step, context: StepContext): Promise<SignedEntry | null> {
  const { journal, signer, network } = context
  const known = await journal.find(step.key)
  const entry = known && (await asSigned(known, context))
  if (!entry) return null
  // After a reorganisation it may be pending again: if it were signed again, it could happen twice.
  if (step.repeats && entry.stage === 'final' && (await minedReceipt(entry, context))) return null
  const { to, data, value, chainId, from, hash } = Transaction.from(entry.rawTransaction)
  const isCall = to === step.call.to && data === step.call.data && value === (step.call.valueWei ?? 0n)
  const same =
    (isCall || entry.cancels) &&
    chainId === BigInt(network.policy.chainId) &&
    from === signer.address &&
    hash === entry.transactionHash
  return same ? entry : null
}

async function asSigned(entry: MintJournalEntry, { network, signal }: StepContext): Promise<SignedEntry | null> {
  if (isSigned(entry)) return entry
  const rawTransaction = await refusedNoMore(entry, network, signal)
  if (rawTransaction === null) return null
  const { hash, nonce } = Transaction.from(rawTransaction)
  return { ...entry, stage: 'sent', rawTransaction, transactionHash: hash!, nonce, refusedTransactions: [] }
}

export function isSigned(entry: MintJournalEntry): entry is SignedEntry {
  return entry.rawTransaction !== null && entry.transactionHash !== null && entry.nonce !== null
}

/** @param isLost Of this step something was signed just now or before, and the chain is said to have taken another. */
async function planAndSign(
  step: Step,
  context: StepContext,
  replaced: SignedEntry | null,
  isLost = false,
): Promise<SignedEntry> {
  const { network, signer, signal, journal } = context
  const refused = replaced ? [] : ((await journal.find(step.key))?.refusedTransactions ?? [])
  if (!replaced) await put(plannedEntry(step, context, refused), context)
  const order = await orderOf(context, replaced)
  const unsigned = await planTransaction(network, signer.address, step.call, order, signal)
  // A node that hides what it took says this too. What can happen twice is signed anew only when somebody asks for it.
  if (step.repeats && isLost) {
    throw new AsterismError('chain_refused', say('chain.placeTaken'), { fix: say('chain.fix.placeTaken') })
  }
  const { key, contract, tokenId } = step
  const told = [
    ...(step.told ?? []),
    ...(refused.length > 0 && isOnesWord(network) ? [because('chain.refusedBefore')] : []),
  ]
  const purpose = { key, contract, tokenId, told }
  const rawTransaction = await signer.signTransaction(unsigned, signal, step.creator, purpose)
  const transaction = Transaction.from(rawTransaction)
  if (transaction.unsignedSerialized !== unsigned || transaction.from !== signer.address) {
    throw new AsterismError('signing_refused', say('signing.otherBytes'))
  }
  throwIfCancelled(signal)
  const entry: SignedEntry = {
    ...plannedEntry(step, context, refused),
    stage: 'signed',
    rawTransaction,
    transactionHash: transaction.hash!,
    nonce: order.nonce,
    ...replacing(replaced),
  }
  return await put(entry, context)
}

async function orderOf(
  { network, signer, signal }: StepContext,
  replaced: SignedEntry | null,
): Promise<{ nonce: number; fees: Fees }> {
  const fees = await currentFees(network, signal)
  if (!replaced) return { nonce: await nonceOf(network, signer.address, 'pending', signal), fees }
  return { nonce: replaced.nonce, fees: raisedFees(fees, Transaction.from(replaced.rawTransaction)) }
}

/** A journal entry, and its outcome on the chain. */
interface Mined {
  readonly entry: SignedEntry
  readonly receipt: Receipt
}

async function findMined(entry: SignedEntry, context: StepContext): Promise<Mined | null> {
  const receipt = await minedReceipt(entry, context)
  return receipt && { entry, receipt }
}

async function minedReceipt(entry: SignedEntry, { network, signal }: StepContext): Promise<Receipt | null> {
  for (const hash of [entry.transactionHash, ...entry.replacedHashes]) {
    const receipt = await receiptOf(network, hash, signal)
    if (receipt) return receipt
  }
  return null
}

/** Null when the bytes can do nothing any more. */
async function sendAndWait(step: Step, signed: SignedEntry, context: StepContext): Promise<Mined | null> {
  const { network, signer, signal } = context
  let entry = signed
  if ((await nonceOf(network, signer.address, 'latest', signal)) > entry.nonce) return await findMined(entry, context)
  // The practice chain may have been set back. Elsewhere whoever says so, or said more before, may lie: these bytes would
  // be good again as soon as the count is up, and others, signed in the place before, would have done the same by then.
  const { practice } = network.policy
  if (practice && (await nonceOf(network, signer.address, 'pending', signal)) < entry.nonce) return null
  const { baseFeePerGas } = await currentFees(network, signal)
  if (baseFeePerGas > (Transaction.from(entry.rawTransaction).maxFeePerGas ?? 0n)) {
    entry = await planAndSign(step, context, entry)
  }
  return await broadcastAndWait(entry, context)
}

/** Null when the bytes can do nothing any more. */
async function broadcastAndWait(signed: SignedEntry, context: StepContext): Promise<Mined | null> {
  let entry = signed
  if (!(await broadcast(entry, context))) return await findMined(entry, context)
  if (entry.stage === 'signed') entry = await put({ ...entry, stage: 'sent' }, context)
  return await waitForReceipt(entry, context)
}

/** False if the node says that the nonce is used. */
async function broadcast(entry: SignedEntry, { network, signal }: StepContext): Promise<boolean> {
  try {
    await network.rpc.call('eth_sendRawTransaction', [entry.rawTransaction], signal)
    return true
  } catch (error) {
    if (!(error instanceof RpcRefusal)) throw error
    if (/already ?known|already imported|known transaction/i.test(error.message)) return true
    if (/nonce too low|old ?nonce/i.test(error.message)) return false
    if (!/replacement/i.test(error.message)) throw error
    throw new AsterismError('chain_refused', say('chain.placeContested'), {
      kept: say('chain.keptSigned'),
      fix: say('chain.fix.placeContested'),
      cause: error,
    })
  }
}

async function waitForReceipt(entry: SignedEntry, context: StepContext): Promise<Mined | null> {
  const { network, signer, signal } = context
  const { pollMilliseconds, timeoutMilliseconds } = paceOf(network)
  const deadline = performance.now() + timeoutMilliseconds
  for (;;) {
    const mined = await findMined(entry, context)
    if (mined) return mined
    if ((await nonceOf(network, signer.address, 'latest', signal)) > entry.nonce) return await findMined(entry, context)
    if (performance.now() > deadline) {
      throw new AsterismError('timeout', say('chain.notInBlock'), {
        kept: say('chain.keptSigned'),
        fix: say('chain.fix.notInBlock'),
      })
    }
    await pause(pollMilliseconds, signal)
  }
}

/**
 * What became of it once enough blocks hold it: a chain that takes blocks back may refuse there what it did before, do
 * what it refused, and take another of those with the same place.
 */
async function confirmed({ entry, receipt: first }: Mined, context: StepContext): Promise<Mined> {
  const mined = first.succeeded ? await put({ ...asMined(entry, first), stage: 'mined' }, context) : entry
  return { entry, receipt: await waitForConfirmations(mined, first, context) }
}

async function finish({ entry, receipt }: Mined, context: StepContext): Promise<Receipt> {
  if (!receipt.succeeded) {
    const { rawTransaction } = asMined(entry, receipt)
    const { to } = Transaction.from(rawTransaction)
    await requireNoEvents(receipt, to!, context.network, context.signal)
    // So that a later run plans again instead of finding this failure for ever.
    await put(plannedEntry(entry, context, [...entry.refusedTransactions, rawTransaction]), context)
    throw new AsterismError('chain_refused', say('chain.reverted', { hash: receipt.hash }), {
      fix: say(isOnesWord(context.network) ? 'chain.fix.revertedOneNode' : 'chain.fix.reverted'),
    })
  }
  await put({ ...asMined(entry, receipt), stage: 'final' }, context)
  return receipt
}

/** The entry with the mined bytes, which need not be the last signed ones. */
function asMined(entry: SignedEntry, { hash, blockNumber, gasUsed, feeWei }: Receipt): SignedEntry {
  const figures = { blockNumber: Number(blockNumber), gasUsed: Number(gasUsed), feeWei: feeWei.toString() }
  if (hash === entry.transactionHash) return { ...entry, ...figures }
  const { replacedHashes, replacedTransactions } = replacing(entry)
  const isMined = (raw: string): boolean => Transaction.from(raw).hash === hash
  const rawTransaction = replacedTransactions.find(isMined)
  // Of an entry of before, which kept no bytes of what it replaces: those it has stay beside their own hash.
  if (rawTransaction === undefined) return { ...entry, ...figures }
  return {
    ...entry,
    ...figures,
    rawTransaction,
    transactionHash: hash,
    replacedHashes: replacedHashes.filter((each) => each !== hash),
    replacedTransactions: replacedTransactions.filter((raw) => !isMined(raw)),
    cancels: isCancellation(Transaction.from(rawTransaction)),
  }
}

/** A transfer of nothing to oneself, which replaces the waiting transaction. */
export const isCancellation = ({ to, from, data, value }: Transaction): boolean =>
  to === from && data === '0x' && value === 0n

/** The part of an entry about the transactions that it replaces. */
export function replacing(
  replaced: MintJournalEntry | null,
): Pick<MintJournalEntry, 'replacedHashes' | 'replacedTransactions'> {
  if (!replaced?.transactionHash || !replaced.rawTransaction) return { replacedHashes: [], replacedTransactions: [] }
  return {
    replacedHashes: [...replaced.replacedHashes, replaced.transactionHash],
    replacedTransactions: [...replaced.replacedTransactions, replaced.rawTransaction],
  }
}

const latestBlock = async ({ network, signal }: StepContext): Promise<bigint> =>
  quantity(await network.rpc.call('eth_blockNumber', [], signal))

const isFinal = ({ blockNumber }: Receipt, latest: bigint, { network }: StepContext): boolean =>
  latest - blockNumber + 1n >= BigInt(network.confirmations)

async function waitForConfirmations(entry: SignedEntry, first: Receipt, context: StepContext): Promise<Receipt> {
  const { network, signal } = context
  const { pollMilliseconds, timeoutMilliseconds } = paceOf(network)
  const deadline = performance.now() + timeoutMilliseconds
  let receipt: Receipt | null = first
  for (;;) {
    const latest = await latestBlock(context)
    // Asked again each time: a block can be replaced by one without the transaction.
    receipt = await minedReceipt(entry, context)
    if (receipt && isFinal(receipt, latest, context)) return receipt
    if (performance.now() > deadline) {
      throw new AsterismError('timeout', say('chain.notFinal'), {
        kept: say('chain.keptJournal'),
        fix: say('chain.fix.notFinal'),
      })
    }
    await pause(pollMilliseconds, signal)
  }
}

function paceOf({ policy }: Network): { pollMilliseconds: number; timeoutMilliseconds: number } {
  return policy.practice
    ? { pollMilliseconds: 25, timeoutMilliseconds: 20_000 }
    : { pollMilliseconds: 2_000, timeoutMilliseconds: 300_000 }
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal })
  } catch (error) {
    if (isAborted(error)) throwIfCancelled(signal)
    throw error
  }
}
