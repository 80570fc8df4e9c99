/** Estimates the cost of calls without a key: the chain simulates them. */
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { Network } from './networks.ts'
import { explainRefusal } from './revert-reasons.ts'
import { quantity, RpcRefusal } from './rpc.ts'
import { currentFees, estimateGas, rpcCall, type ContractCall } from './transaction-plan.ts'

export interface DryRun {
  /** Of each call, in order. */
  readonly gasUsed: readonly bigint[]
  /** Price of a unit of gas in the next block, in wei. */
  readonly gasPriceWei: bigint
  /** False if the network cannot simulate, so that gas is an upper estimate. */
  readonly exact: boolean
}

const METHOD_NOT_FOUND = -32_601
const simulated = z.array(
  z.object({
    calls: z.array(
      z.object({
        status: z.string(),
        gasUsed: z.string(),
        returnData: z.string().optional(),
        error: z.object({ message: z.string(), data: z.string().optional() }).optional(),
      }),
    ),
  }),
)

/** Runs calls one after the other on top of the latest block. @throws AsterismError `chain_refused` with the reason. */
export async function dryRun(
  network: Network,
  account: string,
  calls: readonly ContractCall[],
  signal?: AbortSignal,
): Promise<DryRun> {
  const { baseFeePerGas, maxPriorityFeePerGas } = await currentFees(network, signal)
  const gasPriceWei = baseFeePerGas + maxPriorityFeePerGas
  try {
    return { gasUsed: await simulate(network, account, calls, signal), gasPriceWei, exact: true }
  } catch (error) {
    if (!(error instanceof RpcRefusal) || error.rpcCode !== METHOD_NOT_FOUND) throw explainRefusal(error)
  }
  if (calls.length !== 1) {
    throw new AsterismError('chain_refused', say('node.cannotSimulate', { origin: network.rpc.origin }), {
      fix: say('node.fix.simulate'),
    })
  }
  return { gasUsed: [await estimateGas(network, account, calls[0]!, signal)], gasPriceWei, exact: false }
}

async function simulate(
  { rpc }: Network,
  account: string,
  calls: readonly ContractCall[],
  signal: AbortSignal | undefined,
): Promise<bigint[]> {
  const blocks = [{ calls: calls.map((call) => ({ from: account, ...rpcCall(call) })) }]
  const answer = await rpc.call('eth_simulateV1', [{ blockStateCalls: blocks, validation: false }, 'latest'], signal)
  const parsed = simulated.safeParse(answer)
  const results = parsed.success ? parsed.data[0]?.calls : undefined
  if (results?.length !== calls.length) {
    throw new AsterismError('network_failed', say('node.notSimulated', { origin: rpc.origin }))
  }
  return results.map(({ status, gasUsed, returnData, error }) => {
    if (quantity(status) === 1n) return quantity(gasUsed)
    // Geth gives the contract's reason with the error, others as what the call returned.
    throw new RpcRefusal('eth_simulateV1', 3, error?.message ?? 'execution reverted', error?.data ?? returnData)
  })
}
