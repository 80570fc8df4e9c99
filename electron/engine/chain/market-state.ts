/** The current state of a work in the contracts. */
import { getAddress, ZeroAddress, zeroPadValue, type Interface, type Result } from 'ethers'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { checkedAddress } from './address.ts'
import {
  collectionAddress,
  contentInterface,
  FACTORY_ADDRESS,
  factoryInterface,
  MARKET_ADDRESS,
  marketInterface,
} from './contracts.ts'
import { allLogsOf } from './ledger/all-logs.ts'
import { logsOf } from './logs.ts'
import { OFFER_KINDS, type MarketTerms } from './market-terms.ts'
import type { Network } from './networks.ts'
import { explainRefusal } from './revert-reasons.ts'
import { bytesAnswer, quantity } from './rpc.ts'
import type { Receipt } from './token-lookup.ts'
import { z } from 'zod'

export interface MarketListing extends MarketTerms {
  readonly seller: string
  /** For an auction; null while nobody has bid. */
  readonly bidder: string | null
  readonly bidWei: bigint
  /** Unix time at which bidding ends; 0 if it does not end. */
  readonly endsAt: number
}

export interface MarketRental {
  readonly lessor: string
  readonly user: string
  readonly priceWei: bigint
  readonly startsAt: number
  readonly spanSeconds: number
  readonly periods: number
  /** How often its user had given the work back when it was rented; the contract keeps eight bits of that. */
  readonly givenBack: number
}

export async function readContract(
  { rpc }: Network,
  contract: Interface,
  to: string,
  name: string,
  args: readonly unknown[],
  signal?: AbortSignal,
): Promise<Result> {
  const data = contract.encodeFunctionData(name, args)
  try {
    const answer = bytesAnswer(await rpc.call('eth_call', [{ to, data }, 'latest'], signal))
    return contract.decodeFunctionResult(name, answer)
  } catch (error) {
    if (error instanceof AsterismError) throw explainRefusal(error)
    throw new AsterismError('network_failed', say('node.otherAnswer', { origin: rpc.origin, name }), { cause: error })
  }
}

/** The offer of a work; null if there is none. */
export async function listingOf(
  network: Network,
  collection: string,
  tokenId: string,
  signal?: AbortSignal,
): Promise<MarketListing | null> {
  const [raw] = await readContract(network, marketInterface, MARKET_ADDRESS, 'listingOf', [collection, tokenId], signal)
  const listing = (raw as Result).toObject()
  const kind = OFFER_KINDS[Number(listing['kind'])]
  if (kind === undefined || kind === 'none') return null
  const party = String(listing['party'])
  const isAuction = kind === 'auction'
  return {
    kind,
    seller: String(listing['seller']),
    priceWei: BigInt(listing['price']),
    spanSeconds: Number(listing['spanSeconds']),
    mostPeriods: Number(listing['mostPeriods']),
    only: isAuction || party === ZeroAddress ? null : party,
    bidder: isAuction && party !== ZeroAddress ? party : null,
    bidWei: BigInt(listing['bid']),
    endsAt: Number(listing['endsAt']),
  }
}

/** @throws AsterismError `not_found` if there is no offer. */
export async function requireListing(
  network: Network,
  collection: string,
  tokenId: string,
  signal?: AbortSignal,
): Promise<MarketListing> {
  const listing = await listingOf(network, collection, tokenId, signal)
  if (listing) return listing
  throw new AsterismError('not_found', say('chain.notOffered'))
}

/** The lease of a work whose rent the market holds; null if there is none. */
export async function rentalOf(
  network: Network,
  collection: string,
  tokenId: string,
  signal?: AbortSignal,
): Promise<MarketRental | null> {
  const [raw] = await readContract(network, marketInterface, MARKET_ADDRESS, 'rentalOf', [collection, tokenId], signal)
  const rental = (raw as Result).toObject()
  const user = String(rental['user'])
  if (user === ZeroAddress) return null
  return {
    user,
    lessor: String(rental['lessor']),
    priceWei: BigInt(rental['price']),
    startsAt: Number(rental['startsAt']),
    spanSeconds: Number(rental['spanSeconds']),
    periods: Number(rental['periods']),
    givenBack: Number(rental['givenBack']),
  }
}

/** The current user of a work and the end as a Unix time; null if there is none. */
export async function leaseOf(
  network: Network,
  collection: string,
  tokenId: string,
  signal?: AbortSignal,
): Promise<{ readonly user: string; readonly expires: number } | null> {
  const [user] = await readContract(network, contentInterface, collection, 'userOf', [tokenId], signal)
  if (String(user) === ZeroAddress) return null
  const [expires] = await readContract(network, contentInterface, collection, 'userExpires', [tokenId], signal)
  return { user: String(user), expires: Number(expires) }
}

/** Unix time of the newest block, which contracts use as the current time. */
export async function latestBlockTime({ rpc }: Network, signal?: AbortSignal): Promise<number> {
  const block = await rpc.call('eth_getBlockByNumber', ['latest', false], signal)
  const parsed = z.object({ timestamp: z.string() }).safeParse(block)
  if (!parsed.success) throw new AsterismError('network_failed', say('node.noTime', { origin: rpc.origin }))
  return Number(quantity(parsed.data.timestamp))
}

/** What the market owes an account. */
export async function owedTo(network: Network, account: string, signal?: AbortSignal): Promise<bigint> {
  const [owed] = await readContract(network, marketInterface, MARKET_ADDRESS, 'owed', [account], signal)
  return BigInt(owed as bigint)
}

/** The amount of a withdrawal by the event in its block; null if the node does not return that event. */
export async function paidOut(
  { rpc }: Network,
  account: string,
  { hash, blockNumber }: Receipt,
  signal?: AbortSignal,
): Promise<bigint | null> {
  const topics = [marketInterface.getEvent('PaidOut')!.topicHash, zeroPadValue(account, 32).toLowerCase()]
  const block = Number(blockNumber)
  const filter = { address: MARKET_ADDRESS, topics, fromBlock: block, toBlock: block }
  const events = await logsOf(rpc, filter, signal).catch((error: unknown) => {
    // It is paid all the same.
    if (error instanceof AsterismError && error.code !== 'cancelled') return []
    throw error
  })
  const told = events.find(({ transaction }) => transaction === hash)
  return told ? BigInt(marketInterface.decodeEventLog('PaidOut', told.data, told.topics)['amount']) : null
}

/** The royalty of a collection. */
export async function royaltyOf(
  network: Network,
  collection: string,
  signal?: AbortSignal,
): Promise<{ readonly receiver: string; readonly basisPoints: number }> {
  const args = [0n, 10_000n]
  const [receiver, points] = await readContract(network, contentInterface, collection, 'royaltyInfo', args, signal)
  return { receiver: String(receiver), basisPoints: Number(points) }
}

/**
 * The creator of a collection. Its address is derived from the answer, so a wrong one cannot pass.
 * @throws AsterismError `not_found` if the address is not an Asterism collection.
 */
export async function creatorOf(network: Network, collection: string, signal?: AbortSignal): Promise<string> {
  const address = checkedAddress(collection)
  const isOf = (creator: string): boolean => collectionAddress(creator) === address
  const [owner] = await readContract(network, contentInterface, address, 'owner', [], signal)
  if (isOf(String(owner))) return String(owner)
  // It has changed hands since: the factory has said who made it.
  const created = factoryInterface.getEvent('CollectionCreated')!.topicHash
  for (const { topics } of await allLogsOf(network, { address: FACTORY_ADDRESS, topics: [created] }, signal)) {
    const creator = /^0x0{24}([0-9a-f]{40})$/.exec(topics[1] ?? '')?.[1]
    if (creator && isOf(getAddress(`0x${creator}`))) return getAddress(`0x${creator}`)
  }
  throw new AsterismError('not_found', say('node.noCollection', { address }))
}
