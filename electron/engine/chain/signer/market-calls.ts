/** Calls of the market: buying, bidding, renting, and getting one's money. */
import { getAddress } from 'ethers'
import { marketInterface } from '../contracts.ts'
import { spanWords, type MarketTerms } from '../market-terms.ts'
import { digest, type AllowedCall } from './allowed-call.ts'
import { ether, refuse } from './description.ts'

/** What an owner agrees to who sends a work to the market. */
export function offerWords(work: string, { kind, priceWei, spanSeconds, mostPeriods, only }: MarketTerms): string[] {
  const who = only === null ? 'Anybody' : `Only ${only}`
  const held = `Hands the work ${work} to the market, which holds it for you`
  switch (kind) {
    case 'sale':
      return [`${held} until it is sold.`, `${who} may buy it for ${ether(priceWei)}. You can take it back before.`]
    case 'auction':
      return [
        `${held} and sells it to the highest bidder.`,
        `Bids begin at ${ether(priceWei)}, for ${spanWords(spanSeconds)} from now; late bids lengthen it.`,
        'You can take it back until somebody has bid. After that it is sold.',
      ]
    case 'lease':
      return [
        `${held} and lets it.`,
        `${who} may rent it for ${ether(priceWei)} each ${spanWords(spanSeconds)}, at most ${mostPeriods} of them ahead.`,
        'You can take it back at any time, but not end a lease that has begun.',
      ]
  }
}

const work = (collection: unknown, tokenId: unknown): string =>
  `the work ${digest(tokenId as bigint)} of the collection ${getAddress(String(collection))}`

export const marketCalls: readonly AllowedCall[] = [
  {
    target: 'market',
    contract: marketInterface,
    signature: 'buy(address,uint256)',
    title: 'Buy a work',
    takesMoney: true,
    words: ([collection, tokenId], { valueWei }) => [
      `Buys ${work(collection, tokenId)} for ${ether(valueWei)}. It will be yours.`,
    ],
  },
  {
    target: 'market',
    contract: marketInterface,
    signature: 'bid(address,uint256)',
    title: 'Bid for a work',
    takesMoney: true,
    words: ([collection, tokenId], { valueWei }) => [
      `Bids ${ether(valueWei)} for ${work(collection, tokenId)}.`,
      'The market keeps it until the auction is over, or until somebody bids more: then you can withdraw it.',
    ],
  },
  {
    target: 'market',
    contract: marketInterface,
    signature: 'settle(address,uint256)',
    title: 'Settle an auction',
    words: ([collection, tokenId]) => [
      `Ends the auction of ${work(collection, tokenId)}: to the highest bidder, or back to its seller.`,
    ],
  },
  {
    target: 'market',
    contract: marketInterface,
    signature: 'cancel(address,uint256)',
    title: 'Take a work back from the market',
    words: ([collection, tokenId]) => [`Takes ${work(collection, tokenId)} back from the market.`],
  },
  {
    target: 'market',
    contract: marketInterface,
    signature: 'rent(address,uint256,uint32,uint16)',
    title: 'Rent a work',
    takesMoney: true,
    words: ([collection, tokenId, span, periods], { valueWei }) => {
      const seconds = Number(span) * Number(periods)
      return [
        `Rents ${work(collection, tokenId)} for ${spanWords(seconds)} (${String(periods)} times ${spanWords(Number(span))}).`,
        `Pays ${ether(valueWei)}, which the market hands on period by period. Who gives the work back early gets back the rent of periods that have not begun.`,
      ]
    },
  },
  {
    target: 'market',
    contract: marketInterface,
    signature: 'collect(address,uint256)',
    title: 'Hand on rent',
    words: ([collection, tokenId]) => [
      `Credits the rent of ${work(collection, tokenId)} that has fallen due; of a lease that is over, also what is to be given back.`,
    ],
  },
  {
    target: 'market',
    contract: marketInterface,
    signature: 'withdraw(address)',
    title: 'Withdraw your money from the market',
    words: ([to], { account }) => {
      if (getAddress(String(to)) !== account.address) refuse('This would pay your money out to somebody else.')
      return ['Pays out to you all that the market owes you.']
    },
  },
]
