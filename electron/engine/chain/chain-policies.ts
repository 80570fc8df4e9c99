/** The chains that may be signed for, and how much. The signer holds to this whatever its host says. */

export interface ChainPolicy {
  readonly chainId: number
  readonly networkId: string
  readonly title: string
  /** Nothing of value can be lost here. */
  readonly practice: boolean
  /** Most that one transaction may cost, value and highest fee together. */
  readonly perTransactionWei: bigint
  /** Most that all transactions signed within 24 hours may cost. */
  readonly perDayWei: bigint
}

/** Of our own choosing, so that nothing signed for practice means anything on another chain. */
export const PRACTICE_CHAIN_ID = 7_878_787
const ETHER = 10n ** 18n

/** Main networks are absent on purpose: they come last, after a typed confirmation exists. */
export const chainPolicies: readonly ChainPolicy[] = [
  {
    chainId: PRACTICE_CHAIN_ID,
    networkId: 'practice',
    title: 'Practice network on this machine',
    practice: true,
    perTransactionWei: ETHER,
    perDayWei: 100n * ETHER,
  },
  {
    chainId: 11_155_111,
    networkId: 'sepolia',
    title: 'Sepolia test network',
    practice: false,
    perTransactionWei: ETHER / 20n,
    perDayWei: ETHER / 5n,
  },
]

export function policyOf(chainId: bigint): ChainPolicy | undefined {
  return chainPolicies.find((policy) => BigInt(policy.chainId) === chainId)
}
