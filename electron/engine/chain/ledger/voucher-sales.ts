/** What buyers paid for works that they minted with vouchers: no event tells it, the transaction itself does. */
import { ZeroHash, zeroPadValue } from 'ethers'
import { z } from 'zod'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { contentInterface } from '../contracts.ts'
import type { ChainEvent } from '../logs.ts'
import type { Network } from '../networks.ts'
import { quantity } from '../rpc.ts'

const transactionSchema = z
  .object({ hash: z.string(), to: z.string().nullable(), input: z.string(), value: z.string() })
  .nullable()

const transfer = contentInterface.getEvent('Transfer')!.topicHash
const redeem = contentInterface.getFunction('redeem')!.selector

/**
 * Prices by transaction, of works of this collection that others than its creator minted. Of one that was redeemed through
 * another contract the price is not known, and not told.
 */
export async function voucherPrices(
  { rpc }: Network,
  collection: string,
  creator: string,
  events: readonly ChainEvent[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, bigint>> {
  const own = zeroPadValue(creator, 32).toLowerCase()
  const prices = new Map<string, bigint>()
  for (const { transaction, topics, address } of events) {
    const [kind, from, to] = topics
    if (address !== collection || kind !== transfer || from !== ZeroHash || to === own) continue
    const told = transactionSchema.safeParse(await rpc.call('eth_getTransactionByHash', [transaction], signal))
    if (!told.success || (told.data !== null && told.data.hash !== transaction))
      throw new AsterismError('network_failed', say('node.noReceipt', { origin: rpc.origin }))
    if (told.data === null || told.data.to?.toLowerCase() !== collection.toLowerCase()) continue
    if (told.data.input.startsWith(redeem)) prices.set(transaction, quantity(told.data.value))
  }
  return prices
}
