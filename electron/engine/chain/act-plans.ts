/** The plan of each act: its calls, and how to see that it has already been done. */
import type { TypedDataField } from 'ethers'
import type { ActName, Attestation, ChainAct, WorkReference } from '../../../shared/contract/chain-acts.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { because, say, type Reason } from '../../../shared/sayings/saying.ts'
import type { ActCall, ActPlan, ActScene, Planner } from './act-plan.ts'
import { checkedAddress } from './address.ts'
import {
  collectionAddress,
  contentInterface,
  MARKET_ADDRESS,
  marketInterface,
  STARS_ADDRESS,
  starsInterface,
} from './contracts.ts'
import {
  latestBlockTime,
  leaseOf,
  listingOf,
  owedTo,
  paidOut,
  readContract,
  rentalOf,
  requireListing,
  creatorOf,
} from './market-state.ts'
import { assertTerms, encodeTerms, type MarketTerms } from './market-terms.ts'
import type { Network } from './networks.ts'
import { saleTerms } from './purchase-terms.ts'
import { rentDue, type RentDue } from './rent-due.ts'
import { ether } from './signer/description.ts'
import { CONTRIBUTION_FIELDS, STARS_FIELDS } from './signer/typed-data-policy.ts'
import { tokenOwner } from './token-lookup.ts'
import { creatorPlanners } from './creator-plans.ts'
import { boughtWithWork } from './bought-with-work.ts'

interface Work {
  readonly collection: string
  readonly tokenId: string
  readonly creator: string
}

async function workOf({ collection, tokenId }: WorkReference, { network, account, signal }: ActScene): Promise<Work> {
  const own = collectionAddress(account)
  if (collection === null || checkedAddress(collection) === own) return { collection: own, tokenId, creator: account }
  return { collection: checkedAddress(collection), tokenId, creator: await creatorOf(network, collection, signal) }
}

const plan = ({ collection, tokenId }: Work, calls: readonly ActCall[], isDone: ActPlan['isDone'] = null): ActPlan => ({
  contract: collection,
  tokenId,
  calls,
  isDone,
})

const rentDueFor = async ({ collection, tokenId }: Work, { network, signal }: ActScene, endsNow = false) =>
  await rentDue(network, collection, tokenId, { endsNow, signal })

/** How the rent held by the market will be divided. */
function rentTerms(rent: RentDue | null): Reason[] {
  if (!rent) return []
  const { lessor, user, dueWei, backWei } = rent
  return [
    ...(dueWei > 0n ? [because('chain.rent.due', { due: ether(dueWei), lessor })] : []),
    ...(backWei > 0n ? [because('chain.rent.back', { rest: ether(backWei), user })] : []),
  ]
}

/** The same for a buyer of the work. @param paidWei Null: the asking price. */
function purchase(
  work: Work,
  calls: readonly ActCall[],
  isDone: ActPlan['isDone'],
  scene: ActScene,
  paidWei: bigint | null = null,
): ActPlan {
  const { collection, tokenId } = work
  const listed = async () => await requireListing(scene.network, collection, tokenId, scene.signal)
  return {
    ...plan(work, calls, isDone),
    async terms() {
      const listing = await listed()
      return await saleTerms(work, listing, paidWei ?? listing.priceWei, scene)
    },
    async warnings() {
      const { seller, endsAt } = await listed()
      const soldAt = Math.max(endsAt, Math.floor(Date.now() / 1000))
      return await boughtWithWork(scene.network, { ...work, seller, soldAt }, scene.signal)
    },
  }
}

const toMarket = (name: string, args: readonly unknown[], valueWei = 0n): ActCall => ({
  to: MARKET_ADDRESS,
  data: marketInterface.encodeFunctionData(name, args),
  valueWei,
})

const toCollection = ({ collection, creator }: Work, name: string, args: readonly unknown[]): ActCall => ({
  to: collection,
  data: contentInterface.encodeFunctionData(name, args),
  creator,
})

const ownerOf = async ({ collection, tokenId }: Work, { network, signal }: ActScene): Promise<string | null> =>
  await tokenOwner(network, collection, tokenId, signal)

async function requireOwner(work: Work, scene: ActScene): Promise<void> {
  const owner = await ownerOf(work, scene)
  if (owner === scene.account) return
  throw new AsterismError(
    owner === null ? 'not_found' : 'chain_refused',
    owner === null ? say('chain.notMinted') : say('chain.belongsTo', { owner }),
    { fix: owner === MARKET_ADDRESS ? say('chain.fix.takeBack') : undefined! },
  )
}

/**
 * How many periods the account has paid for from now on, including the current one; 0 without a lease. (The market's
 * own count drops the periods whose rent was paid out, as happens with every extension.)
 */
async function periodsHeld({ collection, tokenId }: Work, { network, account, signal }: ActScene): Promise<number> {
  const lease = await leaseOf(network, collection, tokenId, signal)
  if (lease?.user !== account) return 0
  const rental = await rentalOf(network, collection, tokenId, signal)
  if (rental?.user !== account) return 0
  const { startsAt, spanSeconds, periods } = rental
  const restSeconds = startsAt + spanSeconds * periods - (await latestBlockTime(network, signal))
  return Math.max(0, Math.ceil(restSeconds / spanSeconds))
}

const planners: { readonly [A in ActName]: Planner<A> } = {
  ...creatorPlanners,

  async offer({ work: reference, terms: given }, scene) {
    const work = await workOf(reference, scene)
    const terms: MarketTerms = {
      ...given,
      priceWei: BigInt(given.priceWei),
      only: given.only && checkedAddress(given.only),
    }
    assertTerms(terms)
    const data = encodeTerms(terms)
    const args = [scene.account, MARKET_ADDRESS, work.tokenId, data]
    const call = toCollection(work, 'safeTransferFrom(address,address,uint256,bytes)', args)
    return plan(work, [call], async () => {
      const listing = await listingOf(scene.network, work.collection, work.tokenId, scene.signal)
      if (listing?.seller === scene.account && encodeTerms(listing) === data) return true
      await requireOwner(work, scene)
      return false
    })
  },

  async cancel({ work: reference }, scene) {
    const work = await workOf(reference, scene)
    return plan(
      work,
      [toMarket('cancel', [work.collection, work.tokenId])],
      async () => (await ownerOf(work, scene)) === scene.account,
    )
  },

  async buy({ work: reference }, scene) {
    const work = await workOf(reference, scene)
    const isDone = async (): Promise<boolean> => (await ownerOf(work, scene)) === scene.account
    if (await isDone()) return plan(work, [], isDone)
    const { priceWei } = await requireListing(scene.network, work.collection, work.tokenId, scene.signal)
    return purchase(work, [toMarket('buy', [work.collection, work.tokenId], priceWei)], isDone, scene)
  },

  async bid({ work: reference, amountWei }, scene) {
    const work = await workOf(reference, scene)
    const isDone = async (): Promise<boolean> => {
      const listing = await requireListing(scene.network, work.collection, work.tokenId, scene.signal)
      return listing.bidder === scene.account && listing.bidWei === BigInt(amountWei)
    }
    return purchase(
      work,
      [toMarket('bid', [work.collection, work.tokenId], BigInt(amountWei))],
      isDone,
      scene,
      BigInt(amountWei),
    )
  },

  async settle({ work: reference }, scene) {
    const work = await workOf(reference, scene)
    const isDone = async (): Promise<boolean> =>
      (await listingOf(scene.network, work.collection, work.tokenId, scene.signal)) === null
    return plan(work, [toMarket('settle', [work.collection, work.tokenId])], isDone)
  },

  async withdraw(_act, { network, account, signal }) {
    const owedWei = await owedTo(network, account, signal)
    return {
      contract: null,
      tokenId: null,
      calls: [toMarket('withdraw', [account])],
      isDone: async () => (await owedTo(network, account, signal)) === 0n,
      terms: () => Promise.resolve([because('chain.owed', { owed: ether(owedWei) })]),
      payment: { owedWei, paidIn: (receipt) => paidOut(network, account, receipt, signal) },
    }
  },

  async grant({ work: reference, user, expires }, scene) {
    const work = await workOf(reference, scene)
    return plan(work, [toCollection(work, 'setUser', [work.tokenId, checkedAddress(user), expires])], async () => {
      const lease = await leaseOf(scene.network, work.collection, work.tokenId, scene.signal)
      if (lease?.user === checkedAddress(user) && lease.expires === expires) return true
      await requireOwner(work, scene)
      return false
    })
  },

  async rent({ work: reference, periods }, scene) {
    const work = await workOf(reference, scene)
    const { network, signal } = scene
    // Periods count from now on, so that running the same command twice pays once.
    const missing = periods - (await periodsHeld(work, scene))
    const isDone = async (): Promise<boolean> => (await periodsHeld(work, scene)) >= periods
    if (missing <= 0) return plan(work, [], isDone)
    const { priceWei, spanSeconds } = await requireListing(network, work.collection, work.tokenId, signal)
    const args = [work.collection, work.tokenId, spanSeconds, missing]
    return plan(work, [toMarket('rent', args, priceWei * BigInt(missing))], isDone)
  },

  async collect({ work: reference }, scene) {
    const work = await workOf(reference, scene)
    const due = async (): Promise<RentDue | null> => await rentDueFor(work, scene)
    return {
      ...plan(work, [toMarket('collect', [work.collection, work.tokenId])], async () => {
        const rent = await due()
        return rent !== null && rent.dueWei + rent.backWei === 0n
      }),
      terms: async () => rentTerms(await due()),
    }
  },

  async endLease({ work: reference }, scene) {
    const work = await workOf(reference, scene)
    const { network, account, signal } = scene
    const lease = await leaseOf(network, work.collection, work.tokenId, signal)
    const rental = await rentalOf(network, work.collection, work.tokenId, signal)
    const calls = [
      ...(lease?.user === account ? [toCollection(work, 'endLease', [work.tokenId])] : []),
      ...(rental?.user === account ? [toMarket('collect', [work.collection, work.tokenId])] : []),
    ]
    if (calls.length === 0 && lease) {
      throw new AsterismError('chain_refused', say('chain.leasedTo', { user: lease.user, account }))
    }
    return {
      ...plan(work, calls, () => Promise.resolve(calls.length === 0)),
      terms: async () => rentTerms(rental?.user === account ? await rentDueFor(work, scene, true) : null),
    }
  },

  async transfer({ work: reference, to }, scene) {
    const work = await workOf(reference, scene)
    const args = [scene.account, checkedAddress(to), work.tokenId]
    return plan(work, [toCollection(work, 'safeTransferFrom(address,address,uint256)', args)], async () => {
      if ((await ownerOf(work, scene)) === checkedAddress(to)) return true
      await requireOwner(work, scene)
      return false
    })
  },

  publish({ signed: { attestation, digest, signature } }, { network, signal }) {
    const name = attestation.kind === 'stars' ? 'attestStars' : 'attestContribution'
    const data = starsInterface.encodeFunctionData(name, [valuesOf(attestation), signature])
    return Promise.resolve({
      contract: attestation.collection,
      tokenId: attestation.tokenId,
      calls: [{ to: STARS_ADDRESS, data }],
      isDone: async () => {
        const state = await stateOf(network, attestation.issuer, digest, signal)
        if (state === 'revoked') throw new AsterismError('chain_refused', say('chain.revoked'))
        return state === 'stands'
      },
    })
  },

  revoke: ({ digest }, { network, account, signal }) =>
    Promise.resolve({
      contract: null,
      tokenId: null,
      calls: [{ to: STARS_ADDRESS, data: starsInterface.encodeFunctionData('revoke', [digest]) }],
      isDone: async () => (await stateOf(network, account, digest, signal)) === 'revoked',
    }),
}

/** @throws AsterismError `bad_input`, `not_found`, `chain_refused`, `network_failed`. */
export async function planAct(act: ChainAct, scene: ActScene): Promise<ActPlan> {
  return await (planners[act.act] as Planner<ActName>)(act, scene)
}

/** The fields of an attestation as they are signed. */
export function fieldsOf(attestation: Attestation): readonly TypedDataField[] {
  return attestation.kind === 'stars' ? STARS_FIELDS : CONTRIBUTION_FIELDS
}

function valuesOf(attestation: Attestation): unknown[] {
  const values = attestation as unknown as Readonly<Record<string, unknown>>
  return fieldsOf(attestation).map(({ name }) => values[name])
}

const ATTESTATION_STATES = ['unknown', 'stands', 'revoked'] as const

/** What the registry knows of an attestation. */
async function stateOf(
  network: Network,
  issuer: string,
  digest: string,
  signal?: AbortSignal,
): Promise<(typeof ATTESTATION_STATES)[number]> {
  const [state] = await readContract(network, starsInterface, STARS_ADDRESS, 'stateOf', [issuer, digest], signal)
  return ATTESTATION_STATES[Number(state)] ?? 'unknown'
}
