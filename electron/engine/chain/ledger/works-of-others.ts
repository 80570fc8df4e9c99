/**
 * Works of others that an account has to do with: that came to it, that it leases or leased, that it bid for. Found by
 * events that name the account; of collections that the factory made alone, for anybody may write anything into an event.
 */
import { getAddress, ZeroHash, zeroPadValue } from 'ethers'
import { contentInterface, FACTORY_ADDRESS, factoryInterface, MARKET_ADDRESS, marketInterface } from '../contracts.ts'
import type { ChainEvent } from '../logs.ts'
import { readContract } from '../market-state.ts'
import type { Network } from '../networks.ts'
import type { IndexedNetwork } from './first-block.ts'
import { scopeOf, updateIndex, type WatchedEvents } from './event-index.ts'
import type { EventStore } from './event-store.ts'

/** How a work came to concern the account; what counts of several stands first. */
const CAME = ['bought', 'given', 'bid', 'leased'] as const
type CameBy = (typeof CAME)[number]

/** Who sends an account works of ever more contracts makes nobody ask about more than these, the latest. */
const MOST_COLLECTIONS = 200

const [transfer, updateUser] = ['Transfer', 'UpdateUser'].map((name) => contentInterface.getEvent(name)!.topicHash)
const MARKET_TOPIC = zeroPadValue(MARKET_ADDRESS, 32).toLowerCase()
const bidPlaced = marketInterface.getEvent('BidPlaced')!.topicHash

function aboutAccount(network: Network, account: string): WatchedEvents {
  const padded = zeroPadValue(account, 32).toLowerCase()
  return {
    scope: scopeOf(network, `of:${account}`),
    filters: [
      { address: null, topics: [transfer!, null, padded] },
      { address: null, topics: [updateUser!, null, padded] },
      { address: MARKET_ADDRESS, topics: [bidPlaced, null, null, padded] },
    ],
  }
}

/** By collection, the one that came up last at the end, and id: how each work came. */
export type WorksOfOthers = ReadonlyMap<string, ReadonlyMap<string, CameBy>>

/** @param own Collections that are told of anyhow. @throws AsterismError `network_failed`, `chain_refused`. */
export async function worksOfOthers(
  network: IndexedNetwork,
  store: EventStore,
  account: string,
  own: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<WorksOfOthers> {
  const watched = aboutAccount(network, account)
  await updateIndex(network, store, watched, signal)
  const named = new Map<string, Map<string, CameBy>>()
  for (const { collection, tokenId, came } of store.events(watched.scope).flatMap(namedIn)) {
    if (own.has(collection)) continue
    const works = named.get(collection) ?? new Map<string, CameBy>()
    const before = works.get(tokenId)
    if (before === undefined || CAME.indexOf(came) < CAME.indexOf(before)) works.set(tokenId, came)
    named.delete(collection)
    named.set(collection, works)
  }
  const found = new Map<string, ReadonlyMap<string, CameBy>>()
  for (const [collection, works] of [...named].slice(-MOST_COLLECTIONS)) {
    const args = [collection]
    const [isOurs] = await readContract(network, factoryInterface, FACTORY_ADDRESS, 'isCollection', args, signal)
    if (isOurs === true) found.set(collection, works)
  }
  return found
}

interface Named {
  readonly collection: string
  readonly tokenId: string
  readonly came: CameBy
}

/** The work that an event about the account names; none in one of coins (ERC-20), whose transfers have the same name. */
function namedIn({ address, topics: [kind, first, second, third] }: ChainEvent): Named[] {
  if (kind === updateUser) return [{ collection: address, tokenId: first!, came: 'leased' }]
  if (kind === bidPlaced) return [{ collection: getAddress(`0x${first!.slice(-40)}`), tokenId: second!, came: 'bid' }]
  if (third === undefined) return []
  const isDeal = first === ZeroHash || first === MARKET_TOPIC
  return [{ collection: address, tokenId: third, came: isDeal ? 'bought' : 'given' }]
}
