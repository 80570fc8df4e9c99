/** Calls of a collection: what a creator does with works, and what an owner or a user does with one. */
import { getAddress, ZeroAddress } from 'ethers'
import { contentInterface, factoryInterface, MARKET_ADDRESS, MAX_ROYALTY_BASIS_POINTS } from '../contracts.ts'
import { decodeTerms } from '../market-terms.ts'
import { digest, type AllowedCall } from './allowed-call.ts'
import { dateOf, ether, refuse } from './description.ts'
import { offerWords } from './market-calls.ts'

const MOST_TOKENS_IN_A_BATCH = 200
const percent = (basisPoints: bigint): string => `${Number(basisPoints) / 100} %`

function checkRoyalty(basisPoints: bigint): void {
  if (basisPoints > BigInt(MAX_ROYALTY_BASIS_POINTS)) refuse('A royalty above 10 % is refused by the contract.')
}

export const collectionCalls: readonly AllowedCall[] = [
  {
    target: 'factory',
    contract: factoryInterface,
    signature: 'create(uint96)',
    title: 'Make your collection',
    words: ([royalty]) => {
      checkRoyalty(royalty as bigint)
      return [
        'Makes a collection of your own, in which only you can mint.',
        `Asks for a royalty of ${percent(royalty as bigint)} of later sales, paid to you. You can change it later.`,
      ]
    },
  },
  {
    target: 'own collection',
    contract: contentInterface,
    signature: 'mint(uint256)',
    title: 'Mint one work',
    words: ([tokenId]) => [
      'Mints one work into your own collection; it will be yours.',
      `The sha-256 of its metadata is ${digest(tokenId as bigint)}. This can never be changed.`,
    ],
  },
  {
    target: 'own collection',
    contract: contentInterface,
    signature: 'mintBatch(uint256[])',
    title: 'Mint several works',
    words: ([tokenIds]) => {
      const ids = [...(tokenIds as Iterable<bigint>)]
      if (ids.length === 0 || ids.length > MOST_TOKENS_IN_A_BATCH) {
        refuse(`A batch has 1 to ${MOST_TOKENS_IN_A_BATCH} works; this one has ${ids.length}.`)
      }
      if (new Set(ids).size !== ids.length) refuse('This batch names a work twice.')
      return [`Mints ${ids.length} works into your own collection; they will be yours.`, ...ids.map((id) => digest(id))]
    },
  },
  {
    target: 'own collection',
    contract: contentInterface,
    signature: 'setRoyalty(address,uint96)',
    title: 'Change the royalty of your collection',
    words: ([receiver, royalty]) => {
      checkRoyalty(royalty as bigint)
      return [`From now on ${percent(royalty as bigint)} of later sales are asked for, paid to ${String(receiver)}.`]
    },
  },
  {
    target: 'collection',
    contract: contentInterface,
    signature: 'setUser(uint256,address,uint64)',
    title: 'Lease a work',
    words: ([tokenId, user, expires]) => [
      `Lets ${String(user)} use the work ${digest(tokenId as bigint)} until ${dateOf(expires as bigint)}.`,
      'You cannot end this lease before that time.',
    ],
  },
  {
    target: 'own collection',
    contract: contentInterface,
    signature: 'withdrawVouchers()',
    title: 'Withdraw all vouchers',
    words: () => ['Makes every mint voucher that you signed so far worthless.'],
  },
  {
    target: 'own collection',
    contract: contentInterface,
    signature: 'refreshMetadata(uint256)',
    title: 'Ask market places to read a work again',
    words: ([tokenId]) => [
      `Announces that the metadata of the work ${digest(tokenId as bigint)} should be read again.`,
    ],
  },
  {
    target: 'collection',
    contract: contentInterface,
    signature: 'redeem((uint256,address,uint256,uint64,uint256),bytes)',
    title: 'Mint a work with a voucher',
    takesMoney: true,
    words: ([voucher], { account, valueWei }) => {
      const [tokenId, buyer, price] = voucher as unknown as [bigint, string, bigint]
      if (buyer !== ZeroAddress && getAddress(buyer) !== account.address) refuse('This voucher is for somebody else.')
      if (price !== valueWei) refuse(`This voucher asks for ${ether(price)}; ${ether(valueWei)} would be sent.`)
      return [
        `Mints the work ${digest(tokenId)} of another creator; it will be yours.`,
        `They get ${ether(price)} for it.`,
      ]
    },
  },
  {
    target: 'collection',
    contract: contentInterface,
    signature: 'endLease(uint256)',
    title: 'Give back a leased work',
    words: ([tokenId]) => [
      `Ends your lease of the work ${digest(tokenId as bigint)} now. You may not use it any more.`,
      'Rent of periods that have not begun is owed to you once the lease is closed in the market.',
    ],
  },
  {
    target: 'collection',
    contract: contentInterface,
    signature: 'safeTransferFrom(address,address,uint256)',
    title: 'Give a work away',
    words: ([from, to, tokenId], { account }) => {
      requireOwn(String(from), account.address)
      const receiver = getAddress(String(to))
      if (receiver === MARKET_ADDRESS) refuse('A work goes to the market together with its terms only.')
      if (receiver === account.address) refuse('This would give the work to yourself.')
      return [
        `Gives the work ${digest(tokenId as bigint)} to ${receiver}, for nothing.`,
        'It will be theirs. You cannot take it back.',
      ]
    },
  },
  {
    target: 'collection',
    contract: contentInterface,
    signature: 'safeTransferFrom(address,address,uint256,bytes)',
    title: 'Offer a work in the market',
    words: ([from, to, tokenId, data], { account }) => {
      requireOwn(String(from), account.address)
      if (getAddress(String(to)) !== MARKET_ADDRESS) {
        refuse('A transfer with data is signed to the market of Asterism only.', `The market is at ${MARKET_ADDRESS}.`)
      }
      const terms = decodeTerms(String(data))
      return terms ? offerWords(digest(tokenId as bigint), terms) : refuse('The terms of this offer cannot be read.')
    },
  },
]

function requireOwn(from: string, account: string): void {
  if (getAddress(from) !== account) refuse('This moves a work of somebody else.')
}
