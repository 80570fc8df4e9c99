/** The ledger of a project: what became of its works, from events that are kept in the project file. */
import { say, type Wording } from '../../../../shared/sayings/saying.ts'
import { getAddress } from 'ethers'
import type { LedgerAnswer } from '../../../../shared/contract/chain-acts.ts'
import { collectionAddress } from '../contracts.ts'
import { hasCode } from '../deployment.ts'
import { owedTo } from '../market-state.ts'
import type { ChainEvent } from '../logs.ts'
import type { Network } from '../networks.ts'
import { RpcRefusal } from '../rpc.ts'
import { aboutCollection, revocations, revokedAmong, updateIndex } from './event-index.ts'
import type { EventStore } from './event-store.ts'
import { ledgerStart, type IndexedNetwork } from './first-block.ts'
import { attestationsIn, reportOf } from './report.ts'
import { voucherPrices } from './voucher-sales.ts'
import { worksOfOthers, type WorksOfOthers } from './works-of-others.ts'

export interface LedgerOptions {
  readonly network: Network
  readonly store: EventStore
  /** Collections whose works are told of; of others', those that the account has to do with. */
  readonly collections: readonly string[]
  /** Whose income is counted, checksummed; null: nobody's. */
  readonly account: string | null
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number, stage: Wording) => void
}

const NOBODYS: WorksOfOthers = new Map()

/** Asked for only where something is attested. */
async function revokedOf(
  network: IndexedNetwork,
  store: EventStore,
  events: readonly ChainEvent[],
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const attested = attestationsIn(events)
  if (attested.size === 0) return new Set()
  const watched = revocations(network)
  await updateIndex(network, store, watched, signal)
  return revokedAmong(attested, store.events(watched.scope))
}

/** Null where the node answers no question about events of whichever contract: own works can be told of without it. */
async function othersAsToldBy(...asked: Parameters<typeof worksOfOthers>): Promise<WorksOfOthers | null> {
  try {
    return await worksOfOthers(...asked)
  } catch (error) {
    if (error instanceof RpcRefusal) return null
    throw error
  }
}

/** @throws AsterismError `network_failed`, `chain_refused`, `cancelled`. */
export async function readLedger(options: LedgerOptions): Promise<LedgerAnswer> {
  const { store, account, signal, onProgress } = options
  const { network, unprovenBlock } = await ledgerStart(options.network, signal)
  const works: LedgerAnswer['works'] = []
  const income = { sales: 0n, royalties: 0n, rent: 0n }
  let indexedTo = 0
  const own = new Set(options.collections.map(getAddress))
  const found = account === null ? NOBODYS : await othersAsToldBy(network, store, account, own, signal)
  const others = found ?? NOBODYS
  const collections = [...others.keys(), ...own]
  for (const [n, collection] of collections.entries()) {
    onProgress?.(n / collections.length, say('stage.readingChain'))
    if (!(await hasCode(network.rpc, collection, signal))) continue
    const watched = aboutCollection(network, collection)
    indexedTo = Math.max(indexedTo, await updateIndex(network, store, watched, signal))
    const events = store.events(watched.scope)
    const revoked = await revokedOf(network, store, events, signal)
    const isOwn = account !== null && collection === collectionAddress(account)
    const prices = isOwn ? await voucherPrices(network, collection, account, events, signal) : undefined
    const report = reportOf(collection, events, account, revoked, Math.floor(Date.now() / 1000), prices)
    const came = others.get(collection)
    works.push(
      ...(came
        ? report.works.flatMap((work) => (came.has(work.token_id) ? { ...work, came: came.get(work.token_id)! } : []))
        : report.works),
    )
    income.sales += report.income.sales
    income.royalties += report.income.royalties
    income.rent += report.income.rent
  }
  const owed = account === null ? 0n : await owedTo(network, account, signal)
  return {
    network: network.id,
    account,
    indexed_to_block: indexedTo,
    others_unread: found === null,
    unproven_start_block: unprovenBlock,
    works,
    income: {
      sales_wei: String(income.sales),
      royalties_wei: String(income.royalties),
      rent_wei: String(income.rent),
      total_wei: String(income.sales + income.royalties + income.rent),
      owed_wei: String(owed),
    },
  }
}
