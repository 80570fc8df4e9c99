/** The terms of an offer: as sent to the market with the work, and as read from it. */
import { AbiCoder, ZeroAddress, type Result } from 'ethers'
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Saying } from '../../../shared/sayings/saying.ts'

export const OFFER_KINDS = ['none', 'sale', 'auction', 'lease'] as const
type OfferKind = Exclude<(typeof OFFER_KINDS)[number], 'none'>

/** Terms of an offer, in the units of the contract. */
export interface MarketTerms {
  readonly kind: OfferKind
  /** Price, reserve of an auction, or rent of one period. */
  readonly priceWei: bigint
  /** Duration of an auction or of a lease period; 0 for a sale. */
  readonly spanSeconds: number
  /** For a lease: how many periods may be paid in advance; otherwise 0. */
  readonly mostPeriods: number
  /** The only one who may buy or rent; null: anybody. */
  readonly only: string | null
}

const TERMS = ['tuple(uint8 kind, uint96 price, uint32 spanSeconds, uint16 mostPeriods, address only)']
const LEAST_SECONDS = 60
const MOST_SECONDS = 366 * 86_400

export function encodeTerms({ kind, priceWei, spanSeconds, mostPeriods, only }: MarketTerms): string {
  const values = [OFFER_KINDS.indexOf(kind), priceWei, spanSeconds, mostPeriods, only ?? ZeroAddress]
  return AbiCoder.defaultAbiCoder().encode(TERMS, [values])
}

/** Null if the bytes are not exactly terms. */
export function decodeTerms(data: string): MarketTerms | null {
  try {
    const [values] = AbiCoder.defaultAbiCoder().decode(TERMS, data) as unknown as [Result]
    const [kind, price, span, most, only] = values.toArray() as [bigint, bigint, bigint, bigint, string]
    const name = OFFER_KINDS[Number(kind)]
    if (name === undefined || name === 'none') return null
    const terms: MarketTerms = {
      kind: name,
      priceWei: price,
      spanSeconds: Number(span),
      mostPeriods: Number(most),
      only: only === ZeroAddress ? null : only,
    }
    return encodeTerms(terms) === data ? terms : null
  } catch {
    return null
  }
}

/** Applies the rules of the contract before anything is signed. @throws AsterismError `bad_input`. */
export function assertTerms({ kind, priceWei, spanSeconds, mostPeriods, only }: MarketTerms): void {
  const refuse = (what: Saying): never => {
    throw new AsterismError('bad_input', what)
  }
  if (priceWei <= 0n || priceWei >= 1n << 96n) refuse(say('terms.price'))
  if (kind === 'sale' ? spanSeconds !== 0 : spanSeconds < LEAST_SECONDS || spanSeconds > MOST_SECONDS) {
    refuse(say(kind === 'sale' ? 'terms.noSpan' : 'terms.span'))
  }
  if ((kind === 'lease') !== mostPeriods > 0) refuse(say('terms.periods'))
  if (kind === 'auction' && only !== null) refuse(say('terms.forEverybody'))
}
