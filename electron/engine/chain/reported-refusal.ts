/**
 * Transactions that a network reports as reverted. If that is true, their bytes can have no effect any more; if it is
 * not, signing the act again would make it happen twice. So the report is checked against the events on the chain, and
 * again before anything replaces the transaction.
 */
import { Transaction } from 'ethers'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { logsOf } from './logs.ts'
import type { MintJournalEntry } from './mint-journal.ts'
import type { Network } from './networks.ts'
import { RpcRefusal } from './rpc.ts'
import { receiptOf, type Receipt } from './token-lookup.ts'

/**
 * A reverted transaction leaves no events.
 * @throws AsterismError `network_failed` if the chain has some: then it was executed, whatever the receipt says.
 */
export async function requireNoEvents(
  { hash, blockNumber }: Receipt,
  contract: string,
  { rpc }: Network,
  signal: AbortSignal | undefined,
): Promise<void> {
  const block = Number(blockNumber)
  const events = await logsOf(rpc, { address: contract, topics: [], fromBlock: block, toBlock: block }, signal).catch(
    (error: unknown) => {
      // Not every node returns events of every block.
      if (error instanceof RpcRefusal) return []
      throw error
    },
  )
  if (!events.some(({ transaction }) => transaction === hash)) return
  throw new AsterismError('network_failed', say('node.refusedAndDone', { origin: rpc.origin, hash }), {
    kept: say('chain.keptSigned'),
    fix: say('node.fix.otherNode'),
  })
}

/**
 * The bytes of a transaction that was reported as reverted before and is not now: executed after all, or pending again.
 */
export async function refusedNoMore(
  { refusedTransactions }: MintJournalEntry,
  network: Network,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  for (const raw of refusedTransactions) {
    const receipt = await receiptOf(network, Transaction.from(raw).hash!, signal)
    if (receipt?.succeeded !== false) return raw
  }
  return null
}
