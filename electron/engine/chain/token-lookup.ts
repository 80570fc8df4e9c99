/** Looks up a token on a chain. */
import { zeroPadValue, ZeroHash } from 'ethers'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { contentInterface } from './contracts.ts'
import { hasCode } from './deployment.ts'
import { allLogsOf } from './ledger/all-logs.ts'
import type { Network } from './networks.ts'
import { parseRevert } from './revert-reasons.ts'
import { bytesAnswer, quantity, RpcRefusal } from './rpc.ts'

const hash = z.string().regex(/^0x[0-9a-f]{64}$/)
const receiptSchema = z.object({
  transactionHash: hash,
  blockHash: hash,
  blockNumber: z.string(),
  status: z.enum(['0x0', '0x1']),
  gasUsed: z.string(),
  effectiveGasPrice: z.string(),
})

const MOST = BigInt(Number.MAX_SAFE_INTEGER)

export interface Receipt {
  readonly hash: string
  readonly blockHash: string
  readonly blockNumber: bigint
  readonly succeeded: boolean
  readonly gasUsed: bigint
  readonly feeWei: bigint
}

/** The owner of a token, checksummed; null when there is no such token or no such collection. */
export async function tokenOwner(
  { rpc }: Network,
  collection: string,
  tokenId: string,
  signal?: AbortSignal,
): Promise<string | null> {
  if (!(await hasCode(rpc, collection, signal))) return null
  try {
    const data = contentInterface.encodeFunctionData('ownerOf', [tokenId])
    const answer = bytesAnswer(await rpc.call('eth_call', [{ to: collection, data }, 'latest'], signal))
    const [owner] = contentInterface.decodeFunctionResult('ownerOf', answer)
    return String(owner)
  } catch (error) {
    if (
      error instanceof RpcRefusal &&
      error.revertData &&
      parseRevert(error.revertData)?.name === 'ERC721NonexistentToken'
    ) {
      return null
    }
    throw error
  }
}

/** The transaction that minted a token; null when the node does not keep, or does not search, logs that old. */
export async function mintTransaction(
  network: Network,
  collection: string,
  tokenId: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const transfer = contentInterface.getEvent('Transfer')!.topicHash
  const topics = [transfer, ZeroHash, null, zeroPadValue(tokenId, 32)]
  try {
    const [minting] = await allLogsOf(network, { address: collection, topics }, signal)
    return minting?.transaction ?? null
  } catch (error) {
    if (error instanceof RpcRefusal) return null
    throw error
  }
}

/** The receipt of a transaction; null while there is none. */
export async function receiptOf(
  { rpc }: Network,
  transactionHash: string,
  signal?: AbortSignal,
): Promise<Receipt | null> {
  const answer = await rpc.call('eth_getTransactionReceipt', [transactionHash], signal)
  if (answer === null) return null
  const parsed = receiptSchema.safeParse(answer)
  const none = (): AsterismError => new AsterismError('network_failed', say('node.noReceipt', { origin: rpc.origin }))
  if (!parsed.success || parsed.data.transactionHash !== transactionHash) throw none()
  const { blockHash, blockNumber, status, gasUsed, effectiveGasPrice } = parsed.data
  const receipt = {
    hash: transactionHash,
    blockHash,
    blockNumber: quantity(blockNumber),
    succeeded: status === '0x1',
    gasUsed: quantity(gasUsed),
    feeWei: quantity(gasUsed) * quantity(effectiveGasPrice),
  }
  // They are stored in the journal, which such numbers would make unreadable.
  if (receipt.blockNumber > MOST || receipt.gasUsed > MOST) throw none()
  return receipt
}
