/** The chains that may be signed for, with limits. The signer enforces them whatever its host says. */
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Wording } from '../../../shared/sayings/saying.ts'
import { state, STATEMENTS, type Statement } from './signer/statements.ts'

export interface ChainPolicy {
  readonly chainId: number
  readonly networkId: string
  readonly title: string
  /** The same, where other languages have another; absent: it is a name. */
  readonly name?: Statement
  /** Nothing of value can be lost here. */
  readonly practice: boolean
  /** Real money moves: confirming requires typing the network's name. */
  readonly main: boolean
  /** Its block explorer, https only; null: none. */
  readonly explorer: string | null
  /**
   * Time of its first block and the least block interval, generously, as a bound for lies; null: blocks come
   * irregularly.
   */
  readonly blocks: { readonly since: string; readonly leastSeconds: number } | null
  /** Most that one transaction may cost, value and highest fee together. */
  readonly perTransactionWei: bigint
  /** Most that all transactions signed within 24 hours may cost. */
  readonly perDayWei: bigint
}

/** Our own id, so that nothing signed for practice is valid on another chain. */
export const PRACTICE_CHAIN_ID = 7_878_787
const ETHER = 10n ** 18n

/** Practice first, then test networks, main networks last. */
export const chainPolicies: readonly ChainPolicy[] = [
  {
    chainId: PRACTICE_CHAIN_ID,
    networkId: 'practice',
    title: STATEMENTS['network.practice'],
    name: state('network.practice'),
    practice: true,
    main: false,
    explorer: null,
    blocks: null,
    perTransactionWei: ETHER,
    perDayWei: 100n * ETHER,
  },
  {
    chainId: 11_155_111,
    networkId: 'sepolia',
    title: STATEMENTS['network.sepolia'],
    name: state('network.sepolia'),
    practice: false,
    main: false,
    explorer: 'https://sepolia.etherscan.io',
    blocks: { since: '2021-10-03', leastSeconds: 6 },
    perTransactionWei: ETHER / 20n,
    perDayWei: ETHER / 5n,
  },
  {
    chainId: 84_532,
    networkId: 'base-sepolia',
    title: STATEMENTS['network.baseSepolia'],
    name: state('network.baseSepolia'),
    practice: false,
    main: false,
    explorer: 'https://sepolia.basescan.org',
    blocks: { since: '2023-09-26', leastSeconds: 1 },
    perTransactionWei: ETHER / 20n,
    perDayWei: ETHER / 5n,
  },
  {
    chainId: 1,
    networkId: 'ethereum',
    title: 'Ethereum',
    practice: false,
    main: true,
    explorer: 'https://etherscan.io',
    blocks: { since: '2015-07-30', leastSeconds: 6 },
    perTransactionWei: ETHER,
    perDayWei: 2n * ETHER,
  },
  {
    chainId: 8_453,
    networkId: 'base',
    title: 'Base',
    practice: false,
    main: true,
    explorer: 'https://basescan.org',
    blocks: { since: '2023-06-15', leastSeconds: 1 },
    perTransactionWei: ETHER,
    perDayWei: 2n * ETHER,
  },
]

/** An upper bound of the number of blocks by now, whatever a node says; null: none. */
export function mostBlocks({ blocks }: ChainPolicy, now: number = Date.now()): bigint | null {
  return blocks && BigInt(Math.ceil((now - Date.parse(blocks.since)) / 1000 / blocks.leastSeconds))
}

/** A network's name as part of what is said. */
export function networkWords({ networkId, title }: ChainPolicy): Wording {
  const isWorded = networkId === 'practice' || networkId === 'sepolia' || networkId === 'base-sepolia'
  return isWorded ? say(`chain.${networkId}`) : title
}

export function policyOf(chainId: bigint): ChainPolicy | undefined {
  return chainPolicies.find((policy) => BigInt(policy.chainId) === chainId)
}

/** @throws AsterismError `bad_input` when there is no such network. */
export function policyNamed(networkId: string): ChainPolicy {
  const policy = chainPolicies.find((each) => each.networkId === networkId)
  if (policy) return policy
  throw new AsterismError('bad_input', say('network.unknown', { id: networkId }), {
    fix: say('network.fix.unknown', { known: chainPolicies.map((each) => each.networkId).join(', ') }),
  })
}
