/** The terms of a purchase, read from the chain and the metadata before signing. */
import { formatEther } from 'ethers'
import { because, say, type Reason } from '../../../shared/sayings/saying.ts'
import type { ActScene } from './act-plan.ts'
import { percentWords } from './basis-points.ts'
import { contentInterface } from './contracts.ts'
import { isoDateOf } from './ledger/chain-time.ts'
import { leaseOf, readContract, type MarketListing } from './market-state.ts'
import type { PackageMetadata } from './package-metadata.ts'

const ether = (wei: bigint): string => `${formatEther(wei)} ETH`

interface WorkSold {
  readonly collection: string
  readonly tokenId: string
}

/** @param paidWei The price, or the bid. @throws AsterismError `network_failed`, `chain_refused`. */
export async function saleTerms(
  work: WorkSold,
  listing: MarketListing,
  paidWei: bigint,
  scene: ActScene,
): Promise<Reason[]> {
  const { network, signal, metadata = null } = scene
  const soldAt = Math.max(listing.endsAt, Math.floor(Date.now() / 1000))
  const lease = await leaseOf(network, work.collection, work.tokenId, signal)
  const until = `${isoDateOf(BigInt(listing.endsAt)).slice(0, 16).replace('T', ' ')} UTC`
  return [
    await paid(work, listing, paidWei, scene),
    ...(listing.endsAt === 0 ? [] : [because('chain.terms.ends', { until })]),
    await resale(work, scene),
    // One that does outlive it is told with its holder, among what to be warned of.
    ...(lease && lease.expires >= soldAt ? [] : [because('chain.terms.free')]),
    licence(metadata),
  ]
}

/** The same for a work that its buyer mints: its price is in the voucher, and nobody can lease it yet. */
export async function voucherTerms(work: WorkSold, scene: ActScene): Promise<Reason[]> {
  return [await resale(work, scene), licence(scene.metadata ?? null)]
}

async function royaltyOf({ collection, tokenId }: WorkSold, priceWei: bigint, { network, signal }: ActScene) {
  const args = [tokenId, priceWei]
  const [receiver, wei] = await readContract(network, contentInterface, collection, 'royaltyInfo', args, signal)
  return { receiver: String(receiver), wei: BigInt(wei as bigint) }
}

async function paid(work: WorkSold, { kind, seller }: MarketListing, wei: bigint, scene: ActScene): Promise<Reason> {
  const royalty = await royaltyOf(work, wei, scene)
  const price = ether(wei)
  const isBid = kind === 'auction'
  // A creator who sells their own work gets both the royalty and the rest.
  if (royalty.wei === 0n || royalty.receiver === seller)
    return because(isBid ? 'chain.terms.bidWithoutRoyalty' : 'chain.terms.saleWithoutRoyalty', { price, seller })
  const parts = { price, seller, royalty: ether(royalty.wei), receiver: royalty.receiver }
  return because(isBid ? 'chain.terms.bid' : 'chain.terms.sale', parts)
}

async function resale(work: WorkSold, scene: ActScene): Promise<Reason> {
  const { receiver, wei: basisPoints } = await royaltyOf(work, 10_000n, scene)
  if (basisPoints === 0n) return because('chain.terms.noResale')
  return because('chain.terms.resale', { receiver, percent: percentWords(Number(basisPoints)) })
}

const TRAINING = ['allowed', 'constrained', 'notAllowed'] as const

function licence(metadata: PackageMetadata | null): Reason {
  if (metadata === null) return because('chain.terms.licenceElsewhere')
  const use = TRAINING.find((each) => each === metadata.trainingUse) ?? 'unsaid'
  const training = say(`chain.terms.training.${use}`)
  return metadata.licence === null
    ? because('chain.terms.noLicence', { training })
    : because('chain.terms.licence', { licence: metadata.licence, training })
}
