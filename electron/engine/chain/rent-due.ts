/** How the market would divide the rent that it holds, computed as in `AsterismMarket.collect`. */
import { contentInterface } from './contracts.ts'
import { latestBlockTime, readContract, rentalOf, type MarketRental } from './market-state.ts'
import type { Network } from './networks.ts'

export interface RentDue {
  readonly lessor: string
  readonly user: string
  /** To the lessor, for periods that have begun. */
  readonly dueWei: bigint
  /** To the user, for periods of a lease that is over which had not begun. */
  readonly backWei: bigint
}

/**
 * @param untilSeconds when the lease was given back, else now, as Unix times
 * @param isOver whether the lease is over
 */
function rentDueOf(rental: MarketRental, untilSeconds: number, isOver: boolean): RentDue {
  const { lessor, user, priceWei, startsAt, spanSeconds, periods } = rental
  const reached = Math.floor((untilSeconds - startsAt) / spanSeconds) + 1
  const begun = untilSeconds < startsAt ? 0 : Math.min(periods, reached)
  const backWei = isOver ? BigInt(periods - begun) * priceWei : 0n
  return { lessor, user, dueWei: BigInt(begun) * priceWei, backWei }
}

/**
 * Null if the market holds no rent for the work.
 * @param endsNow computes as if the user returned it now
 */
export async function rentDue(
  network: Network,
  collection: string,
  tokenId: string,
  { endsNow = false, signal }: { readonly endsNow?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<RentDue | null> {
  const rental = await rentalOf(network, collection, tokenId, signal)
  if (!rental) return null
  const now = await latestBlockTime(network, signal)
  const args = [tokenId, rental.user]
  const [times, latest] = await readContract(network, contentInterface, collection, 'givenBack', args, signal)
  if (Number(times as bigint) % 256 !== rental.givenBack) return rentDueOf(rental, Number(latest), true)
  const endsAt = rental.startsAt + rental.spanSeconds * rental.periods
  return rentDueOf(rental, now, endsNow || now >= endsAt)
}
