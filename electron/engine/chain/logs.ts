/**
 * Reads events from a node and checks each against the query: a lying node, or one that applies filters differently,
 * may return others.
 */
import { getAddress } from 'ethers'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { quantity, type Rpc } from './rpc.ts'

export interface ChainEvent {
  readonly block: number
  /** Place in the block's list of events. */
  readonly position: number
  readonly transaction: string
  /** Checksummed. */
  readonly address: string
  readonly topics: readonly string[]
  readonly data: string
}

export interface LogFilter {
  /** Checksummed: events of other contracts are refused. Null: any contract; the caller must check. */
  readonly address: string | null
  /** For each topic: the required value, the allowed values, or null for any. */
  readonly topics: readonly (string | readonly string[] | null)[]
  readonly fromBlock: number
  /** Null: the latest. */
  readonly toBlock: number | null
}

const logsSchema = z.array(
  z.object({
    address: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
    topics: z.array(z.string()).min(1).max(4),
    data: z.string(),
    blockNumber: z.string(),
    logIndex: z.string(),
    transactionHash: z.string().regex(/^0x[0-9a-f]{64}$/),
  }),
)

/**
 * @throws AsterismError `network_failed` for malformed events or events that were not requested; RpcRefusal if the node
 *   refuses.
 */
export async function logsOf(rpc: Rpc, filter: LogFilter, signal?: AbortSignal): Promise<ChainEvent[]> {
  const { address, topics, fromBlock, toBlock } = filter
  const range = {
    fromBlock: `0x${fromBlock.toString(16)}`,
    toBlock: toBlock === null ? 'latest' : `0x${toBlock.toString(16)}`,
  }
  const parsed = logsSchema.safeParse(
    await rpc.call('eth_getLogs', [{ ...(address !== null && { address }), topics, ...range }], signal),
  )
  if (!parsed.success) throw new AsterismError('network_failed', say('node.noEvents', { origin: rpc.origin }))
  return parsed.data.map((log) => {
    const event: ChainEvent = {
      block: Number(quantity(log.blockNumber)),
      position: Number(quantity(log.logIndex)),
      transaction: log.transactionHash,
      address: getAddress(log.address.toLowerCase()),
      topics: log.topics,
      data: log.data,
    }
    if (fits(event, filter)) return event
    throw new AsterismError('network_failed', say('node.otherEvents', { origin: rpc.origin }))
  })
}

function fits(event: ChainEvent, { address, topics, fromBlock, toBlock }: LogFilter): boolean {
  const isInRange = event.block >= fromBlock && (toBlock === null || event.block <= toBlock)
  const isAsked = topics.every((wanted, n) => {
    const topic = event.topics[n]
    if (topic === undefined) return false
    return wanted === null || (typeof wanted === 'string' ? topic === wanted : wanted.includes(topic))
  })
  return (address === null || event.address === address) && isInRange && isAsked
}
