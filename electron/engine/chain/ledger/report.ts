/** Tells from events what became of the works of a collection. */
import { ZeroAddress, type LogDescription, type Result } from 'ethers'
import type { LedgerAnswer } from '../../../../shared/contract/chain-acts.ts'
import { contentInterface, MARKET_ADDRESS, marketInterface, STARS_ADDRESS, starsInterface } from '../contracts.ts'
import { OFFER_KINDS } from '../market-terms.ts'
import type { ChainEvent } from '../logs.ts'
import { isoDateOf } from './chain-time.ts'

type WorkEntry = LedgerAnswer['works'][number]

/** What is credited to an account, in wei. */
interface Income {
  sales: bigint
  royalties: bigint
  rent: bigint
}

export interface CollectionReport {
  readonly works: WorkEntry[]
  readonly income: Income
}

const idOf = (tokenId: bigint): string => `0x${tokenId.toString(16).padStart(64, '0')}`

/**
 * @param account whose income is counted; null: nobody's
 * @param revoked digests of attestations that their issuers have taken back
 * @param now Unix time in seconds: leases that ended before are over
 * @param prices what was paid to the account for works that their buyers minted, by transaction
 */
export function reportOf(
  collection: string,
  events: readonly ChainEvent[],
  account: string | null,
  revoked: ReadonlySet<string>,
  now: number,
  prices: ReadonlyMap<string, bigint> = new Map(),
): CollectionReport {
  const works = new Map<string, WorkEntry>()
  const income: Income = { sales: 0n, royalties: 0n, rent: 0n }
  let royalty: WorkEntry['royalty'] = null
  let owner: WorkEntry['collection_owner'] = null
  for (const event of events) {
    const log = parse(event)
    if (!log) continue
    if (log.name === 'RoyaltyChanged') {
      royalty = { percent: Number(log.args['basisPoints']) / 100, receiver: String(log.args['receiver']) }
    }
    if (log.name === 'OwnershipTransferred') owner = String(log.args['newOwner'])
    const id = idOf(BigInt((log.args['tokenId'] as bigint | undefined) ?? 0n))
    const work = works.get(id)
    if (log.name === 'Transfer' && log.args['from'] === ZeroAddress) {
      const minted = freshWork(collection, id, String(log.args['to']), event.transaction)
      works.set(id, minted)
      const price = prices.get(event.transaction)
      if (price === undefined || account === null) continue
      const { owner: buyer, minted_transaction: transaction } = minted
      minted.sales.push({ seller: account, buyer, price_wei: String(price), royalty_wei: '0', transaction })
      income.sales += price
    } else if (work) {
      APPLY[log.name]?.(work, log.args, event, { account, income, revoked })
    }
  }
  for (const work of works.values()) {
    work.royalty = royalty
    work.collection_owner = owner
    if (work.lease && Date.parse(work.lease.expires) / 1000 < now) work.lease = null
  }
  return { works: [...works.values()], income }
}

/** Issuer by digest of every attestation among the events. */
export function attestationsIn(events: readonly ChainEvent[]): ReadonlyMap<string, string> {
  return new Map(
    events.flatMap((event) => {
      const log = event.address === STARS_ADDRESS ? parse(event) : null
      const value = log && ((log.args['stars'] ?? log.args['contribution']) as Result | undefined)
      return value ? [[String(log.args['digest']), String(value['issuer'])] as const] : []
    }),
  )
}

function parse({ address, topics, data }: ChainEvent): LogDescription | null {
  const contract =
    address === MARKET_ADDRESS ? marketInterface : address === STARS_ADDRESS ? starsInterface : contentInterface
  try {
    const log = contract.parseLog({ topics: [...topics], data })
    // Ethers puts off the errors of bytes that are no text until they are looked at, and anybody may write such about any work.
    log?.args.toArray(true)
    return log
  } catch {
    // Bytes that do not fit their event are no event of ours.
    return null
  }
}

function freshWork(contract: string, tokenId: string, owner: string, transaction: string): WorkEntry {
  return {
    contract,
    token_id: tokenId,
    title: null,
    replaced_by: null,
    came: 'minted',
    owner,
    minted_transaction: transaction,
    stars: [],
    contributions: [],
    royalty: null,
    collection_owner: null,
    lease: null,
    rent: null,
    offer: null,
    bids: [],
    sales: [],
  }
}

interface Books {
  readonly account: string | null
  readonly income: Income
  readonly revoked: ReadonlySet<string>
}
type Apply = (work: WorkEntry, args: Result, event: ChainEvent, books: Books) => void

/** Of what the market holds; with the last of it the lease is closed. */
function rentGoes(work: WorkEntry, amount: bigint): void {
  if (!work.rent) return
  const held = BigInt(work.rent.held_wei) - amount
  work.rent = held > 0n ? { ...work.rent, held_wei: String(held) } : null
}

const APPLY: Readonly<Record<string, Apply>> = {
  Transfer(work, args) {
    const to = String(args['to'])
    // While the market holds it, it still belongs to whom it comes back to or is sold from.
    if (to !== MARKET_ADDRESS) work.owner = to
  },
  UpdateUser(work, args) {
    const user = String(args['user'])
    work.lease = user === ZeroAddress ? null : { user, expires: isoDateOf(args['expires'] as bigint) }
  },
  Listed(work, args, _event) {
    const kind = OFFER_KINDS[Number(args['kind'])]
    if (kind === undefined || kind === 'none') return
    const only = String(args['only'])
    work.offer = {
      kind,
      seller: String(args['seller']),
      price_wei: String(args['price']),
      span_s: Number(args['spanSeconds']),
      most_periods: Number(args['mostPeriods']),
      only: only === ZeroAddress ? null : only,
      highest_bid_wei: null,
      highest_bidder: null,
      ends: null,
    }
  },
  Withdrawn(work) {
    work.offer = null
  },
  BidPlaced(work, args, { transaction }) {
    const [bidder, amount] = [String(args['bidder']), String(args['amount'])]
    work.bids.push({ bidder, amount_wei: amount, transaction })
    if (!work.offer) return
    work.offer.highest_bid_wei = amount
    work.offer.highest_bidder = bidder
    work.offer.ends = isoDateOf(args['endsAt'] as bigint)
  },
  Sold(work, args, { transaction }, { account, income }) {
    const [price, royalty] = [args['price'] as bigint, args['royalty'] as bigint]
    work.offer = null
    work.sales.push({
      seller: String(args['seller']),
      buyer: String(args['buyer']),
      price_wei: String(price),
      royalty_wei: String(royalty),
      transaction,
    })
    if (args['seller'] === account) income.sales += price - royalty
    if (args['royaltyReceiver'] === account) income.royalties += royalty
  },
  Rented(work, args) {
    const held = BigInt(work.rent?.held_wei ?? 0) + (args['price'] as bigint) * (args['periods'] as bigint)
    work.rent = { lessor: String(args['lessor']), held_wei: String(held) }
  },
  RentPaid(work, args, _event, { account, income }) {
    const amount = args['amount'] as bigint
    rentGoes(work, amount)
    if (args['lessor'] === account) income.rent += amount
  },
  RentReturned(work, args) {
    rentGoes(work, args['amount'] as bigint)
  },
  StarsAttested(work, args, _event, { revoked }) {
    const value = args['stars'] as Result
    const digest = String(args['digest'])
    work.stars.push({
      issuer: String(value['issuer']),
      stars: Number(value['milliStars']) / 1000,
      low: Number(value['lowMilliStars']) / 1000,
      high: Number(value['highMilliStars']) / 1000,
      pack: String(value['pack']),
      digest,
      revoked: revoked.has(digest),
    })
  },
  ContributionAttested(work, args, _event, { revoked }) {
    const value = args['contribution'] as Result
    const [digest, evidence] = [String(args['digest']), String(value['evidence'])]
    const [model, benchmark] = [String(value['model']), String(value['benchmark'])]
    const percent = Number(value['partsPerMillion']) / 10_000
    work.contributions.push({
      issuer: String(value['issuer']),
      percent,
      parts_per_million: Number(value['partsPerMillion']),
      model,
      benchmark,
      evidence: /^0x0+$/.test(evidence) ? null : evidence,
      digest,
      revoked: revoked.has(digest),
      sentence: `contributed ${percent} % to ${model}'s score on ${benchmark}`,
    })
  },
}
