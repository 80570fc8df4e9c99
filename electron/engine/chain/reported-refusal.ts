/**
 * What a network says a contract has refused. Its bytes can do nothing any more where that is true; where it is not,
 * the same signed again would happen twice. So it is held against what else the chain tells, and looked at again before
 * anything is signed in its place.
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
 * What a contract refuses leaves no events.
 * @throws AsterismError `network_failed` where the chain tells of some: then it was done, whatever the receipt says.
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
      // Not every node answers for events of every block.
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

/** The bytes of one that was told to be refused before and is not told so now: done after all, or waiting again. */
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
