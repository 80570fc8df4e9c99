/** Mints a package: once, whatever happens in between. */
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Wording } from '../../../shared/sayings/saying.ts'
import { waitForAccount } from './account-lock.ts'
import {
  collectionAddress,
  contentInterface,
  DEFAULT_ROYALTY_BASIS_POINTS,
  FACTORY_ADDRESS,
  factoryInterface,
  MAX_ROYALTY_BASIS_POINTS,
} from './contracts.ts'
import { hasCode, requireContracts } from './deployment.ts'
import { dryRun } from './dry-run.ts'
import { followMined, settleStep, type Step, type StepContext } from './journalled-transaction.ts'
import { fileMintJournal, type MintJournal, type MintJournalEntry } from './mint-journal.ts'
import { openNetwork, type Network } from './networks.ts'
import { readPackageMetadata, requireOwnWork } from './package-metadata.ts'
import { mintTransaction, receiptOf, tokenOwner, type Receipt } from './token-lookup.ts'
import type { ChainSigner } from './chain-signer.ts'

export interface MintOptions {
  /** The home folder, with the practice network and, by default, the journal. */
  readonly home: string
  readonly packageDirectory: string
  /** The token that the package was verified to be; absent: not checked. */
  readonly tokenId?: string
  /** As typed: `practice`, `sepolia`. */
  readonly networkId: string
  readonly signer: ChainSigner
  readonly journal?: MintJournal
  /** Only estimates the cost; uses no key. */
  readonly dryRun?: boolean
  /** Royalty of the collection, if this mint creates it; in hundredths of a percent. */
  readonly royaltyBasisPoints?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number, stage: Wording) => void
}

/** As on the command line. */
export interface MintResult {
  readonly network: string
  readonly contract: string
  /** Sha-256 of metadata.json: `0x` and 64 digits. */
  readonly token_id: string
  /** Null in a dry run, and where the network does not keep logs that old. */
  readonly transaction: string | null
  /** Of the mint itself; the creation of the collection is counted separately. */
  readonly gas_used: number
  readonly fee_wei: string
  readonly already_minted: boolean
  readonly token_uri: string
  readonly dry_run: boolean
  /** Present if this mint created the creator's collection, or in a dry run would create it. */
  readonly collection?: { readonly transaction: string | null; readonly gas_used: number; readonly fee_wei: string }
  readonly warnings: readonly string[]
}

/**
 * @throws AsterismError `not_found` (no package, no network), `conflict` (another's work), `network_failed`,
 * `chain_refused`, `signing_refused`,
 * `wallet_locked`, `timeout` (the signed transaction is kept), `cancelled`.
 */
export async function mintPackage(options: MintOptions): Promise<MintResult> {
  const { home, packageDirectory, networkId, signer, signal, onProgress, royaltyBasisPoints = 0 } = options
  if (
    !Number.isInteger(royaltyBasisPoints) ||
    royaltyBasisPoints < 0 ||
    royaltyBasisPoints > MAX_ROYALTY_BASIS_POINTS
  ) {
    throw new AsterismError('bad_input', say('chain.royaltyRange'))
  }
  onProgress?.(0, say('stage.readingPackage'))
  const { tokenId, creator } = await readPackageMetadata(packageDirectory, options.tokenId)
  const network = await openNetwork(home, networkId, signal)
  await requireContracts(network, signal)
  const work: Work = {
    network,
    tokenId,
    collection: collectionAddress(signer.address),
    warnings: requireOwnWork({ creator }, signer.address, network.policy.practice),
  }
  onProgress?.(0.1, say('stage.lookingForToken'))
  const found = await findOwn(work, options)
  if (found && (options.dryRun || !(await waits(work, options)))) return found
  if (options.dryRun) return await tryOut(work, options)
  const lock = await waitForAccount(home, network.policy.chainId, signer.address, signal)
  try {
    await followMined({ contract: work.collection, tokenId }, stepsContext(work, options, 0.1, 'stage.mint'))
    // Another process may have minted it while this one waited.
    return (await findOwn(work, options)) ?? (await mint(work, options))
  } finally {
    lock.release()
  }
}

interface Work {
  readonly network: Network
  readonly tokenId: string
  readonly collection: string
  readonly warnings: readonly string[]
}

const mintKey = ({ network, collection, tokenId }: Work): string =>
  `${network.policy.chainId}:${collection}:mint:${tokenId}`
const collectionKey = ({ network, collection }: Work): string => `${network.policy.chainId}:${collection}:create`

function resultOf(
  work: Work,
  rest: Pick<MintResult, 'transaction' | 'gas_used' | 'fee_wei'> & Partial<MintResult>,
): MintResult {
  return {
    network: work.network.id,
    contract: work.collection,
    token_id: work.tokenId,
    already_minted: false,
    token_uri: `ipfs://f01551220${work.tokenId.slice(2)}`,
    dry_run: false,
    warnings: work.warnings,
    ...rest,
  }
}

const journalOf = ({ journal, home }: MintOptions): MintJournal => journal ?? fileMintJournal(home)

/** The result for a token that is already on the chain; null if it is not. */
async function findOwn(work: Work, options: MintOptions): Promise<MintResult | null> {
  const { network, collection, tokenId } = work
  if ((await tokenOwner(network, collection, tokenId, options.signal)) === null) return null
  const receipt = await mintReceipt(work, await journalOf(options).find(mintKey(work)), options.signal)
  return resultOf(work, {
    already_minted: true,
    dry_run: options.dryRun ?? false,
    transaction: receipt?.hash ?? null,
    gas_used: Number(receipt?.gasUsed ?? 0n),
    fee_wei: String(receipt?.feeWei ?? 0n),
  })
}

/** Whether a transaction of this account is pending there. */
async function waits({ network }: Work, options: MintOptions): Promise<boolean> {
  const entries = await journalOf(options).underWay()
  return entries.some(
    ({ chainId, account }) => chainId === network.policy.chainId && account === options.signer.address,
  )
}

async function mintReceipt(work: Work, entry: MintJournalEntry | null, signal?: AbortSignal): Promise<Receipt | null> {
  const { network, collection, tokenId } = work
  const known = entry?.transactionHash ? await receiptOf(network, entry.transactionHash, signal) : null
  if (known?.succeeded) return known
  const hash = await mintTransaction(network, collection, tokenId, signal)
  return hash ? await receiptOf(network, hash, signal) : null
}

function createCall({ royaltyBasisPoints = DEFAULT_ROYALTY_BASIS_POINTS }: MintOptions) {
  return { to: FACTORY_ADDRESS, data: factoryInterface.encodeFunctionData('create', [royaltyBasisPoints]) }
}

function mintCall({ collection, tokenId }: Work) {
  return { to: collection, data: contentInterface.encodeFunctionData('mint', [tokenId]) }
}

async function tryOut(work: Work, options: MintOptions): Promise<MintResult> {
  const { network, collection } = work
  const { signer, signal } = options
  options.onProgress?.(0.5, say('stage.tryingOut'))
  const exists = await hasCode(network.rpc, collection, signal)
  const calls = exists ? [mintCall(work)] : [createCall(options), mintCall(work)]
  const { gasUsed, gasPriceWei, exact } = await dryRun(network, signer.address, calls, signal)
  const cost = (gas: bigint) => ({ gas_used: Number(gas), fee_wei: String(gas * gasPriceWei), transaction: null })
  const result = resultOf(work, {
    ...cost(gasUsed.at(-1)!),
    dry_run: true,
    ...(exists ? {} : { collection: cost(gasUsed[0]!) }),
  })
  if (exact) return result
  return {
    ...result,
    warnings: [...result.warnings, 'This network cannot simulate: the gas is an estimate from above.'],
  }
}

function stepsContext(
  { network }: Work,
  options: MintOptions,
  from: number,
  what: 'stage.collection' | 'stage.mint',
): StepContext {
  const { signer, signal, onProgress } = options
  return {
    network,
    journal: journalOf(options),
    signer,
    signal,
    onStage: (stage) =>
      onProgress?.(
        from + 0.4 * STAGE_FRACTION[stage],
        say('stage.ofStep', { what: say(what), stage: say(`stage.${stage}`) }),
      ),
  }
}

async function mint(work: Work, options: MintOptions): Promise<MintResult> {
  const { network, collection, tokenId } = work
  const { signer, signal } = options
  let made: Receipt | null = null
  if (!(await hasCode(network.rpc, collection, signal))) {
    const step: Step = { key: collectionKey(work), contract: collection, tokenId: null, call: createCall(options) }
    made = await settleStep(step, stepsContext(work, options, 0.2, 'stage.collection'))
  }
  const step: Step = { key: mintKey(work), contract: collection, tokenId, call: mintCall(work) }
  const receipt = await settleStep(step, stepsContext(work, options, 0.6, 'stage.mint'))
  if ((await tokenOwner(network, collection, tokenId, signal)) !== signer.address) {
    throw new AsterismError('chain_refused', say('chain.minedNotThere'))
  }
  return resultOf(work, { ...costOf(receipt), ...(made ? { collection: costOf(made) } : {}) })
}

const costOf = ({ hash, gasUsed, feeWei }: Receipt) => ({
  transaction: hash,
  gas_used: Number(gasUsed),
  fee_wei: feeWei.toString(),
})

const STAGE_FRACTION: Readonly<Record<MintJournalEntry['stage'], number>> = {
  planned: 0,
  signed: 0.3,
  sent: 0.5,
  mined: 0.8,
  final: 1,
}
