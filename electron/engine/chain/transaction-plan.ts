/** Builds the unsigned transaction for a call: gas, fee and nonce. */
import { formatEther, toQuantity, Transaction } from 'ethers'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { networkWords } from './chain-policies.ts'
import type { Network } from './networks.ts'
import { explainRefusal } from './revert-reasons.ts'
import { quantity, RpcRefusal } from './rpc.ts'

export interface ContractCall {
  readonly to: string
  readonly data: string
  /** Value in wei; absent: none. */
  readonly valueWei?: bigint
}

/** A call in JSON-RPC form. */
export function rpcCall({ to, data, valueWei = 0n }: ContractCall): { to: string; data: string; value?: string } {
  return { to, data, ...(valueWei > 0n ? { value: toQuantity(valueWei) } : {}) }
}

export interface Fees {
  /** Of the next block. */
  readonly baseFeePerGas: bigint
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
}

const GWEI = 10n ** 9n
const MOST_TIP = 3n * GWEI
const RECENT_BLOCKS = 20

/** Fees that last through six full blocks (each raises the base fee by an eighth: 1.125^6 = 2.03). */
export async function currentFees(network: Network, signal?: AbortSignal): Promise<Fees> {
  const { baseFeePerGas, tip: usual } = (await recentFees(network, signal)) ?? (await latestFees(network, signal))
  const tip = usual > MOST_TIP ? MOST_TIP : usual
  return { baseFeePerGas, maxFeePerGas: 2n * baseFeePerGas + tip, maxPriorityFeePerGas: tip }
}

const feeHistory = z.object({
  baseFeePerGas: z.array(z.string()).min(1),
  gasUsedRatio: z.array(z.number()),
  reward: z.array(z.array(z.string())).nullish(),
})

/** The base fee of the next block, and the tip that half of the transactions of recent blocks stayed under. */
async function recentFees(
  { rpc }: Network,
  signal?: AbortSignal,
): Promise<{ baseFeePerGas: bigint; tip: bigint } | null> {
  let answer: unknown
  try {
    answer = await rpc.call('eth_feeHistory', [`0x${RECENT_BLOCKS.toString(16)}`, 'latest', [50]], signal)
  } catch (error) {
    // Not every node keeps a history.
    if (error instanceof RpcRefusal) return null
    throw error
  }
  const parsed = feeHistory.safeParse(answer)
  if (!parsed.success) throw new AsterismError('network_failed', say('node.noFees', { origin: rpc.origin }))
  const { baseFeePerGas, gasUsedRatio, reward } = parsed.data
  // Blocks without transactions say nothing about tips.
  const tips = (reward ?? []).flatMap(([tip], n) => (tip && (gasUsedRatio[n] ?? 0) > 0 ? [quantity(tip)] : []))
  const rising = tips.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const tip = rising[Math.floor(rising.length / 2)] ?? (await tipOf(rpc, signal))
  return { baseFeePerGas: quantity(baseFeePerGas.at(-1)), tip }
}

async function latestFees({ rpc }: Network, signal?: AbortSignal): Promise<{ baseFeePerGas: bigint; tip: bigint }> {
  const block = await rpc.call('eth_getBlockByNumber', ['latest', false], signal)
  const parsed = z.object({ baseFeePerGas: z.string() }).safeParse(block)
  if (!parsed.success) throw new AsterismError('network_failed', say('node.noBaseFee', { origin: rpc.origin }))
  return { baseFeePerGas: quantity(parsed.data.baseFeePerGas), tip: await tipOf(rpc, signal) }
}

async function tipOf(rpc: Network['rpc'], signal?: AbortSignal): Promise<bigint> {
  try {
    return quantity(await rpc.call('eth_maxPriorityFeePerGas', [], signal))
  } catch (error) {
    if (error instanceof RpcRefusal) return GWEI
    throw error
  }
}

/** Fees with which a node accepts a replacement under the same nonce: both at least an eighth higher. */
export function raisedFees(fees: Fees, earlier: Transaction): Fees {
  const raised = (value: bigint | null): bigint => ((value ?? 0n) * 9n) / 8n + 1n
  const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)
  return {
    baseFeePerGas: fees.baseFeePerGas,
    maxFeePerGas: larger(fees.maxFeePerGas, raised(earlier.maxFeePerGas)),
    maxPriorityFeePerGas: larger(fees.maxPriorityFeePerGas, raised(earlier.maxPriorityFeePerGas)),
  }
}

export async function nonceOf(
  { rpc }: Network,
  account: string,
  block: 'latest' | 'pending',
  signal?: AbortSignal,
): Promise<number> {
  const nonce = quantity(await rpc.call('eth_getTransactionCount', [account, block], signal))
  if (nonce <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(nonce)
  throw new AsterismError('network_failed', say('node.noNonce', { origin: rpc.origin }))
}

/**
 * The serialized unsigned transaction. The call is simulated on the chain first: one that would revert is not signed.
 * @throws AsterismError `chain_refused` with the contract's reason, or for lack of funds.
 */
export async function planTransaction(
  network: Network,
  account: string,
  call: ContractCall,
  order: { readonly nonce: number; readonly fees: Fees },
  signal?: AbortSignal,
): Promise<string> {
  const { maxFeePerGas, maxPriorityFeePerGas } = order.fees
  const balance = quantity(await network.rpc.call('eth_getBalance', [account, 'latest'], signal))
  const value = call.valueWei ?? 0n
  const requireEnough = (needed: bigint): void => {
    if (balance >= needed) return
    const { practice } = network.policy
    throw new AsterismError(
      'chain_refused',
      say(value > 0n ? 'chain.notEnough.all' : 'chain.notEnough.fee', {
        account,
        network: networkWords(network.policy),
      }),
      {
        fix: practice
          ? say('chain.fix.notEnoughPractice', { account })
          : say('chain.fix.notEnough', { needed: formatEther(needed), balance: formatEther(balance) }),
      },
    )
  }
  // Nodes do not simulate a call that sends more than the account has.
  requireEnough(value)
  const gas = await estimateGas(network, account, call, signal)
  const gasLimit = gas + gas / 10n
  requireEnough(value + gasLimit * maxFeePerGas)
  return Transaction.from({
    type: 2,
    chainId: network.policy.chainId,
    nonce: order.nonce,
    to: call.to,
    data: call.data,
    value,
    gasLimit,
    maxFeePerGas,
    maxPriorityFeePerGas,
  }).unsignedSerialized
}

export async function estimateGas(
  { rpc }: Network,
  account: string,
  call: ContractCall,
  signal?: AbortSignal,
): Promise<bigint> {
  try {
    return quantity(await rpc.call('eth_estimateGas', [{ from: account, ...rpcCall(call) }], signal))
  } catch (error) {
    throw explainRefusal(error)
  }
}
