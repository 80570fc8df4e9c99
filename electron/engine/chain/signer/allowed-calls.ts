/** The calls that the signer knows and signs. An explicit list: what is not in it is refused. */
import type { Interface, Result } from 'ethers'
import { contentInterface, factoryInterface, MAX_ROYALTY_BASIS_POINTS } from '../contracts.ts'
import { dateOf, refuse } from './description.ts'

/** Whom a call may be sent to. Both addresses follow from the signing account alone. */
export type CallTarget = 'factory' | 'own collection'

export interface AllowedCall {
  readonly target: CallTarget
  readonly contract: Interface
  /** As in Solidity. */
  readonly signature: string
  readonly title: string
  /** What it does, in words; refuses arguments that nobody should sign. */
  words(args: Result): string[]
}

const MOST_TOKENS_IN_A_BATCH = 200
const percent = (basisPoints: bigint): string => `${Number(basisPoints) / 100} %`
const digest = (tokenId: bigint): string => tokenId.toString(16).padStart(64, '0')

function checkRoyalty(basisPoints: bigint): void {
  if (basisPoints > BigInt(MAX_ROYALTY_BASIS_POINTS)) refuse('A royalty above 10 % is refused by the contract.')
}

export const allowedCalls: readonly AllowedCall[] = [
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
    target: 'own collection',
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
]

/** Calls that take something away from their owner when signed by mistake; named so that a refusal can say what it is. */
const DANGEROUS_CALLS: Readonly<Record<string, string>> = {
  '0x095ea7b3': 'an approval: somebody else could take this work, or these tokens',
  '0xa22cb465': 'an approval of everything: somebody else could take all works of a collection',
  '0x23b872dd': 'a transfer to somebody else',
  '0x42842e0e': 'a transfer to somebody else',
  '0xb88d4fde': 'a transfer to somebody else',
  '0xa9059cbb': 'a transfer of tokens to somebody else',
  '0x39509351': 'an approval: somebody else could take these tokens',
  '0xd505accf': 'an approval by signature: somebody else could take these tokens',
  '0xf2fde38b': 'giving your collection away',
  '0x715018a6': 'giving up your collection for ever',
}

export function dangerOf(selector: string): string | undefined {
  return DANGEROUS_CALLS[selector]
}
