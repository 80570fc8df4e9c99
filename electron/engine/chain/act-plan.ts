/** What an act on a chain comes down to: the calls that bring it about, and how to see that it has been. */
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
  /** Of the work that is acted on, where whoever acts has them. */
  readonly metadata?: PackageMetadata | null
}

export interface ActCall extends ContractCall {
  /** Whose collection the call goes to, where that is not the account's own. */
  readonly creator?: string
}

export interface ActPlan {
  readonly contract: string | null
  readonly tokenId: string | null
  readonly calls: readonly ActCall[]
  /** True when the chain shows that there is nothing left to do; null where it cannot show it. */
  readonly isDone: (() => Promise<boolean>) | null
  /** On what terms whoever pays gets it, or what else to know before; asked for as the warnings are. */
  readonly terms?: () => Promise<readonly Reason[]>
  /** Of a withdrawal: what is owed before, and what a transaction that is in a block has paid. */
  readonly payment?: {
    readonly owedWei: bigint
    paidIn(receipt: Receipt): Promise<bigint | null>
  }
  /** What whoever pays should know before; asked for while there is something left to do. */
  readonly warnings?: () => Promise<readonly Reason[]>
}

export type Planner<A extends ActName> = (act: Extract<ChainAct, { act: A }>, scene: ActScene) => Promise<ActPlan>
