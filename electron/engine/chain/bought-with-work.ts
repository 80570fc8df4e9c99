/**
 * What a buyer takes over with a work although its package does not tell (leases, revoked attestations), read from the
 * chain before signing. That a newer work supersedes it is only in the newer one's metadata, which the chain cannot tell.
 */
import { ZeroHash, zeroPadValue } from 'ethers'
import { ENDLESS } from '../../../shared/contract/chain-acts.ts'
import { because, say, type Reason } from '../../../shared/sayings/saying.ts'
import { percentWords } from './basis-points.ts'
import { contentInterface, STARS_ADDRESS, starsInterface } from './contracts.ts'
import { allLogsOf } from './ledger/all-logs.ts'
import { attestationsIn, reportOf } from './ledger/report.ts'
import { REVOCATIONS, revokedAmong } from './ledger/event-index.ts'
import { isoDateOf } from './ledger/chain-time.ts'
import type { LogFilter } from './logs.ts'
import { leaseOf, rentalOf } from './market-state.ts'
import type { Network } from './networks.ts'
import { RpcRefusal } from './rpc.ts'

interface Sale {
  readonly collection: string
  readonly tokenId: string
  readonly seller: string
  /** Unix time in seconds; of an auction that of its end. */
  readonly soldAt: number
}

/** @throws AsterismError `network_failed`, `chain_refused`. */
export async function boughtWithWork(network: Network, sale: Sale, signal?: AbortSignal): Promise<Reason[]> {
  return [...(await leases(network, sale, signal)), ...(await changes(network, sale, signal))]
}

/** The market holds what is offered, so that nothing is leased anew before the sale. */
async function leases(network: Network, sale: Sale, signal: AbortSignal | undefined): Promise<Reason[]> {
  const { collection, tokenId, seller, soldAt } = sale
  const lease = await leaseOf(network, collection, tokenId, signal)
  if (!lease || lease.expires < soldAt) return []
  const user = lease.user === seller ? say('chain.buyer.seller', { user: seller }) : lease.user
  const date = isoDateOf(BigInt(lease.expires))
  const until = `${date.slice(0, 16).replace('T', ' ')} UTC`
  const stays =
    date === ENDLESS ? because('chain.buyer.endless', { user }) : because('chain.buyer.lease', { user, until })
  const rental = await rentalOf(network, collection, tokenId, signal)
  const isPaid = rental !== null && rental.user === lease.user
  return isPaid ? [stays, because('chain.buyer.rent', { lessor: rental.lessor })] : [stays]
}

async function changes(network: Network, sale: Sale, signal: AbortSignal | undefined): Promise<Reason[]> {
  const { collection, tokenId, seller } = sale
  const read = async (filter: Pick<LogFilter, 'address' | 'topics'>) => await allLogsOf(network, filter, signal)
  const eventOf = (name: string): string => contentInterface.getEvent(name)!.topicHash
  const attested = ['StarsAttested', 'ContributionAttested'].map((name) => starsInterface.getEvent(name)!.topicHash)
  try {
    const minted = await read({ address: collection, topics: [eventOf('Transfer'), ZeroHash, null, tokenId] })
    const about = await read({
      address: STARS_ADDRESS,
      topics: [attested, null, zeroPadValue(collection, 32), tokenId],
    })
    const royalties = await read({ address: collection, topics: [eventOf('RoyaltyChanged')] })
    const attestations = attestationsIn(about)
    const digests = [...attestations.keys()]
    const takenBack =
      digests.length === 0 ? [] : await read({ ...REVOCATIONS, topics: [...REVOCATIONS.topics, digests] })
    const revoked = revokedAmong(attestations, takenBack)
    const { works } = reportOf(collection, [...minted, ...about], null, revoked, 0)
    const words = works.flatMap(({ stars, contributions }) => [...stars, ...contributions])
    const points = royalties.map(({ block, data }) => ({
      block,
      basisPoints: Number(contentInterface.decodeEventLog('RoyaltyChanged', data)['basisPoints']),
    }))
    const before = points.findLast(({ block }) => block <= (minted[0]?.block ?? 0))?.basisPoints
    const now = points.at(-1)?.basisPoints
    return [
      ...words.filter((each) => each.revoked).map(({ issuer }) => because('chain.buyer.revoked', { issuer })),
      ...(words.some((each) => !each.revoked && each.issuer === seller) ? [because('chain.buyer.ownWords')] : []),
      ...(before !== undefined && now !== undefined && now !== before
        ? [because('chain.buyer.royalty', { before: percentWords(before), now: percentWords(now) })]
        : []),
    ]
  } catch (error) {
    if (!(error instanceof RpcRefusal)) throw error
    return [because('chain.buyer.unread')]
  }
}
