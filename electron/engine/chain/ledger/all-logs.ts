/** Every event of a kind that a chain has, whatever its node answers at once. */
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { logsOf, type ChainEvent, type LogFilter } from '../logs.ts'
import type { Network } from '../networks.ts'
import { RpcRefusal } from '../rpc.ts'
import { BLOCKS_AT_ONCE, lastBlock } from './event-index.ts'
import { ledgerStart } from './first-block.ts'

/** Somebody waits for it: what would take more is not known. */
const MOST_STRETCHES = 200

/**
 * Asks for all at once, and a node that refuses so many blocks stretch by stretch, from the first that has our contracts.
 * @throws AsterismError `network_failed`, `cancelled`; RpcRefusal where the node refuses stretches too, or there are too
 * many of them.
 */
export async function allLogsOf(
  network: Network,
  filter: Pick<LogFilter, 'address' | 'topics'>,
  signal?: AbortSignal,
): Promise<ChainEvent[]> {
  const { rpc, blocksAtOnce = BLOCKS_AT_ONCE } = network
  try {
    return await logsOf(rpc, { ...filter, fromBlock: 0, toBlock: null }, signal)
  } catch (error) {
    if (!(error instanceof RpcRefusal)) throw error
    const start = await ledgerStart(network, signal)
    const first = (await start.network.firstBlock?.(signal)) ?? 0
    const last = Number(await lastBlock(network, signal))
    if (last - first >= MOST_STRETCHES * blocksAtOnce) throw error
    const events: ChainEvent[] = []
    for (let from = first; from <= last; from += blocksAtOnce) {
      throwIfCancelled(signal)
      const to = Math.min(last, from + blocksAtOnce - 1)
      events.push(...(await logsOf(rpc, { ...filter, fromBlock: from, toBlock: to }, signal)))
    }
    return events
  }
}
