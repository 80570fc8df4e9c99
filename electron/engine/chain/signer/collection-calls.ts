/** Calls to a collection by creators, owners and users. */
import { getAddress, ZeroAddress } from 'ethers'
import {
  contentInterface,
  factoryInterface,
  MARKET_ADDRESS,
  MAX_ROYALTY_BASIS_POINTS,
  takesNoRoyalty,
} from '../contracts.ts'
import { decodeTerms } from '../market-terms.ts'
import { digest, type AllowedCall } from './allowed-call.ts'
import { dateOf, ether, refuse } from './description.ts'
import { offerWords } from './market-calls.ts'
import { state } from './statements.ts'
import { say } from '../../../../shared/sayings/saying.ts'

const MOST_TOKENS_IN_A_BATCH = 200
const percent = (basisPoints: unknown): number => Number(basisPoints) / 100
const work = (tokenId: unknown): string => digest(tokenId as bigint)

function checkRoyalty(basisPoints: bigint): void {
  if (basisPoints > BigInt(MAX_ROYALTY_BASIS_POINTS)) refuse(say('signing.royalty'))
}

export const collectionCalls: readonly AllowedCall[] = [
  {
    target: 'factory',
    contract: factoryInterface,
    signature: 'create(uint96)',
    title: state('collection.make.title'),
    words: ([royalty]) => {
      checkRoyalty(royalty as bigint)
      return [state('collection.make.own'), state('collection.make.royalty', { percent: percent(royalty) })]
    },
  },
  {
    target: 'own collection',
    contract: contentInterface,
    signature: 'mint(uint256)',
    title: state('mint.title'),
    words: ([tokenId]) => [state('mint.own'), state('mint.digest', { work: work(tokenId) })],
  },
  {
    target: 'own collection',
    contract: contentInterface,
    signature: 'mintBatch(uint256[])',
    title: state('mint.several.title'),
    words: ([tokenIds]) => {
      const ids = [...(tokenIds as Iterable<bigint>)]
      if (ids.length === 0 || ids.length > MOST_TOKENS_IN_A_BATCH) {
        refuse(say('signing.batchSize', { most: MOST_TOKENS_IN_A_BATCH, number: ids.length }))
      }
      if (new Set(ids).size !== ids.length) refuse(say('signing.batchTwice'))
      return [state('mint.several', { count: ids.length }), ...ids.map((id) => state('mint.one', { work: digest(id) }))]
    },
  },
  {
    target: 'own collection',
    contract: contentInterface,
    signature: 'setRoyalty(address,uint96)',
    title: state('collection.royalty.title'),
    words: ([to, royalty], { account }) => {
      checkRoyalty(royalty as bigint)
      const receiver = getAddress(String(to))
      if (takesNoRoyalty(receiver)) refuse(say('signing.royaltyReceiver'))
      const whose = receiver === account.address ? 'collection.royalty.yours' : 'collection.royalty.anothers'
      return [state('collection.royalty', { percent: percent(royalty), receiver }), state(whose)]
    },
  },
  {
    target: 'collection',
    contract: contentInterface,
    signature: 'setUser(uint256,address,uint64)',
    title: state('use.title'),
    words: ([tokenId, user, expires]) => [
      state('use.until', { user: String(user), work: work(tokenId), date: dateOf(expires as bigint) }),
      state('use.firm'),
    ],
  },
  {
    target: 'own collection',
    contract: contentInterface,
    signature: 'withdrawVouchers()',
    title: state('voucher.withdraw.title'),
    words: () => [state('voucher.withdraw')],
  },
  {
    target: 'own collection',
    contract: contentInterface,
    signature: 'refreshMetadata(uint256)',
    title: state('refresh.title'),
    words: ([tokenId]) => [state('refresh', { work: work(tokenId) })],
  },
  {
    target: 'collection',
    contract: contentInterface,
    signature: 'redeem((uint256,address,uint256,uint64,uint256),bytes)',
    title: state('redeem.title'),
    takesMoney: true,
    words: ([voucher], { account, valueWei }) => {
      const [tokenId, buyer, price] = voucher as unknown as [bigint, string, bigint]
      if (buyer !== ZeroAddress && getAddress(buyer) !== account.address) refuse(say('signing.othersVoucher'))
      if (price !== valueWei) refuse(say('signing.voucherPrice', { price: ether(price), value: ether(valueWei) }))
      return [state('redeem.work', { work: work(tokenId) }), state('redeem.price', { price: ether(price) })]
    },
  },
  {
    target: 'collection',
    contract: contentInterface,
    signature: 'endLease(uint256)',
    title: state('return.title'),
    words: ([tokenId]) => [state('return.now', { work: work(tokenId) }), state('return.rent')],
  },
  {
    target: 'collection',
    contract: contentInterface,
    signature: 'safeTransferFrom(address,address,uint256)',
    title: state('give.title'),
    words: ([from, to, tokenId], { account }) => {
      requireOwn(String(from), account.address)
      const receiver = getAddress(String(to))
      if (receiver === MARKET_ADDRESS) refuse(say('signing.withoutTerms'))
      if (receiver === account.address) refuse(say('signing.toYourself'))
      return [state('give.to', { work: work(tokenId), receiver }), state('give.forGood')]
    },
  },
  {
    target: 'collection',
    contract: contentInterface,
    signature: 'safeTransferFrom(address,address,uint256,bytes)',
    title: state('offer.title'),
    words: ([from, to, tokenId, data], { account }) => {
      requireOwn(String(from), account.address)
      if (getAddress(String(to)) !== MARKET_ADDRESS) {
        refuse(say('signing.otherMarket'), say('signing.fix.market', { address: MARKET_ADDRESS }))
      }
      const terms = decodeTerms(String(data))
      return terms ? offerWords(work(tokenId), terms) : refuse(say('signing.noTerms'))
    },
  },
]

function requireOwn(from: string, account: string): void {
  if (getAddress(from) !== account) refuse(say('signing.othersWork'))
}
