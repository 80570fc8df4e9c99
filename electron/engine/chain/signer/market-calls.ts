/** Calls to the market: buy, bid, rent, withdraw. */
import { getAddress } from 'ethers'
import { marketInterface } from '../contracts.ts'
import type { MarketTerms } from '../market-terms.ts'
import { workOf, type AllowedCall } from './allowed-call.ts'
import { ether, refuse } from './description.ts'
import { spanWords, state, type Statement } from './statements.ts'
import { say } from '../../../../shared/sayings/saying.ts'

/** What an owner agrees to by sending a work to the market. */
export function offerWords(work: string, { kind, priceWei, spanSeconds, mostPeriods, only }: MarketTerms): Statement[] {
  const who = only === null ? state('offer.anybody') : state('offer.only', { address: only })
  const [price, span] = [ether(priceWei), spanWords(spanSeconds)]
  switch (kind) {
    case 'sale':
      return [state('offer.sale', { work }), state('offer.sale.price', { who, price })]
    case 'auction':
      return [
        state('offer.auction', { work }),
        state('offer.auction.bids', { price, span }),
        state('offer.auction.firm'),
      ]
    case 'lease':
      return [
        state('offer.lease', { work }),
        state('offer.lease.rent', { who, price, span, periods: mostPeriods }),
        state('offer.lease.firm'),
      ]
  }
}

export const marketCalls: readonly AllowedCall[] = [
  {
    target: 'market',
    contract: marketInterface,
    signature: 'buy(address,uint256)',
    title: state('buy.title'),
    takesMoney: true,
    words: ([collection, tokenId], { valueWei }) => [
      state('buy', { work: workOf(collection, tokenId), price: ether(valueWei) }),
    ],
  },
  {
    target: 'market',
    contract: marketInterface,
    signature: 'bid(address,uint256)',
    title: state('bid.title'),
    takesMoney: true,
    words: ([collection, tokenId], { valueWei }) => [
      state('bid', { work: workOf(collection, tokenId), price: ether(valueWei) }),
      state('bid.kept'),
    ],
  },
  {
    target: 'market',
    contract: marketInterface,
    signature: 'settle(address,uint256)',
    title: state('settle.title'),
    words: ([collection, tokenId]) => [state('settle', { work: workOf(collection, tokenId) })],
  },
  {
    target: 'market',
    contract: marketInterface,
    signature: 'cancel(address,uint256)',
    title: state('takeBack.title'),
    words: ([collection, tokenId]) => [state('takeBack', { work: workOf(collection, tokenId) })],
  },
  {
    target: 'market',
    contract: marketInterface,
    signature: 'rent(address,uint256,uint32,uint16)',
    title: state('rent.title'),
    takesMoney: true,
    words: ([collection, tokenId, span, periods], { valueWei }) => {
      const [whole, each] = [Number(span) * Number(periods), Number(span)]
      return [
        state('rent', {
          work: workOf(collection, tokenId),
          whole: spanWords(whole),
          periods: String(periods),
          span: spanWords(each),
        }),
        state('rent.paid', { value: ether(valueWei) }),
      ]
    },
  },
  {
    target: 'market',
    contract: marketInterface,
    signature: 'collect(address,uint256)',
    title: state('collect.title'),
    words: ([collection, tokenId]) => [state('collect', { work: workOf(collection, tokenId) })],
  },
  {
    target: 'market',
    contract: marketInterface,
    signature: 'withdraw(address)',
    title: state('withdraw.title'),
    words: ([to], { account }) => {
      if (getAddress(String(to)) !== account.address) refuse(say('signing.toOthers'))
      return [state('withdraw')]
    },
  },
]
