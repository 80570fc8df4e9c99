/** The plan of an act on a chain: the calls that perform it, and how to see that it has been done. */
import type { ActName, ChainAct } from '../../../shared/contract/chain-acts.ts'
import type { Network } from './networks.ts'
import type { Reason } from '../../../shared/sayings/saying.ts'
import type { PackageMetadata } from './package-metadata.ts'
import type { Receipt } from './token-lookup.ts'
import type { ContractCall } from './transaction-plan.ts'

export interface ActScene {
  readonly network: Network
  /** Who acts, checksummed. */
  readonly account: string
  readonly signal: AbortSignal | undefined
  /** Metadata of the work, if the caller has them. */
  readonly metadata?: PackageMetadata | null
}

export interface ActCall extends ContractCall {
  /** Owner of the called collection, if it is not the account's own. */
  readonly creator?: string
}

export interface ActPlan {
  readonly contract: string | null
  readonly tokenId: string | null
  readonly calls: readonly ActCall[]
  /** True if the chain shows that nothing is left to do; null if it cannot show it. */
  readonly isDone: (() => Promise<boolean>) | null
  /** The terms for the buyer, or what else to know before signing; requested together with the warnings. */
  readonly terms?: () => Promise<readonly Reason[]>
  /** For a withdrawal: the amount owed before, and the amount that a mined transaction has paid. */
  readonly payment?: {
    readonly owedWei: bigint
    paidIn(receipt: Receipt): Promise<bigint | null>
  }
  /** What the buyer should know before paying; requested while something is left to do. */
  readonly warnings?: () => Promise<readonly Reason[]>
}

export type Planner<A extends ActName> = (act: Extract<ChainAct, { act: A }>, scene: ActScene) => Promise<ActPlan>
