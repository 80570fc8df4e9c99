/**
 * One answer from several nodes by quorum. The latest state is read at a block that enough of them have, so a node that
 * is behind or ahead of the others has no influence.
 */
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { quantity, RpcRefusal, type Rpc } from './rpc.ts'

/** Index of the block among the parameters. */
const BLOCK_PARAMETER: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_getBalance: 1,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_getBlockByNumber: 0,
  eth_feeHistory: 1,
}

/** The part of an answer that must agree; nodes add fields of their own. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  eth_getTransactionReceipt: ['transactionHash', 'status', 'blockNumber', 'blockHash', 'gasUsed', 'effectiveGasPrice'],
  eth_getTransactionByHash: ['hash', 'to', 'input', 'value'],
  eth_getBlockByNumber: ['number', 'hash', 'baseFeePerGas', 'timestamp'],
  eth_getLogs: ['address', 'topics', 'data', 'blockNumber', 'logIndex', 'transactionHash'],
}

/**
 * Numbers on which honest nodes differ: the highest that enough of them reach, or the lowest that enough stay under.
 */
const AGREED_NUMBER: Readonly<Record<string, 'reached' | 'kept under'>> = {
  eth_blockNumber: 'reached',
  eth_estimateGas: 'reached',
  eth_maxPriorityFeePerGas: 'kept under',
}

/** @param quorum how many nodes must agree; at least 1, at most as many as there are. */
export function quorumRpc(rpcs: readonly Rpc[], quorum: number): Rpc {
  const origin = rpcs.map((rpc) => rpc.origin).join(', ')
  const disagree = (method: string): AsterismError =>
    new AsterismError('network_failed', say('node.disagree', { method, quorum, origins: origin }), {
      kept: say('kept.notOnOnesWord'),
      fix: say('node.fix.disagree'),
    })

  const askAll = async (method: string, params: readonly unknown[], signal?: AbortSignal): Promise<Answer[]> =>
    await Promise.all(rpcs.map((rpc) => answerOf(rpc.call(method, params, signal))))

  const agreedNumber = async (method: string, params: readonly unknown[], signal?: AbortSignal): Promise<bigint> => {
    const numbers = (await askAll(method, params, signal)).flatMap((answer) =>
      'result' in answer && isQuantity(answer.result) ? [quantity(answer.result)] : [],
    )
    if (numbers.length < quorum) throw disagree(method)
    const rising = numbers.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    return (AGREED_NUMBER[method] === 'kept under' ? rising : rising.reverse())[quorum - 1]!
  }

  /** The first answer that enough nodes give, without waiting for the slow ones. */
  const agreedAnswer = async (method: string, params: readonly unknown[], signal?: AbortSignal): Promise<unknown> => {
    const voices = new Map<string, number>()
    return await new Promise<unknown>((resolve, reject) => {
      let heard = 0
      for (const rpc of rpcs) {
        void voiceOf(method, rpc.call(method, params, signal)).then(({ answer, key }) => {
          heard += 1
          const count = key === null ? 0 : (voices.get(key) ?? 0) + 1
          if (key !== null) voices.set(key, count)
          if (count === quorum) {
            if ('result' in answer) resolve(answer.result)
            else reject(answer.error)
          } else if (heard === rpcs.length) {
            // A receipt that only some nodes have counts as not there yet.
            if (method === 'eth_getTransactionReceipt' && voices.has(NOTHING)) resolve(null)
            else reject(voices.size === 0 && 'error' in answer ? answer.error : disagree(method))
          }
        })
      }
    })
  }

  const send = async (params: readonly unknown[], signal?: AbortSignal): Promise<unknown> => {
    const answers = await askAll('eth_sendRawTransaction', params, signal)
    const taken = answers.find((answer) => 'result' in answer)
    if (taken && 'result' in taken) return taken.result
    const refusals = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
    throw refusals.find((error) => error instanceof RpcRefusal) ?? refusals[0]!
  }

  return {
    origin,
    async call(method, params, signal) {
      if (method === 'eth_sendRawTransaction') return await send(params, signal)
      if (AGREED_NUMBER[method] !== undefined) return `0x${(await agreedNumber(method, params, signal)).toString(16)}`
      // Nodes hear of waiting transactions at different times; an account's own have gone to all of them.
      if (method === 'eth_getTransactionCount' && params[1] === 'pending') {
        return `0x${(await agreedNumber(method, params, signal)).toString(16)}`
      }
      if (!namesLatest(method, params)) return await agreedAnswer(method, params, signal)
      const head = `0x${(await agreedNumber('eth_blockNumber', [], signal)).toString(16)}`
      return await agreedAnswer(method, atBlock(method, params, head), signal)
    },
  }
}

function namesLatest(method: string, params: readonly unknown[]): boolean {
  if (method === 'eth_getLogs') return (params[0] as { toBlock?: unknown }).toBlock === 'latest'
  const at = BLOCK_PARAMETER[method]
  return at !== undefined && params[at] === 'latest'
}

function atBlock(method: string, params: readonly unknown[], block: string): readonly unknown[] {
  if (method === 'eth_getLogs') return [{ ...(params[0] as object), toBlock: block }]
  return params.with(BLOCK_PARAMETER[method]!, block)
}

type Answer = { readonly result: unknown } | { readonly error: unknown }

async function answerOf(asked: Promise<unknown>): Promise<Answer> {
  try {
    return { result: await asked }
  } catch (error) {
    return { error }
  }
}

const NOTHING = 'null'

/** An answer, and what it counts as: none where it cannot even be compared, as with lists nested without end. */
async function voiceOf(method: string, asked: Promise<unknown>): Promise<{ answer: Answer; key: string | null }> {
  const answer = await answerOf(asked)
  try {
    return { answer, key: keyOf(method, answer) }
  } catch (error) {
    return { answer: { error }, key: null }
  }
}

/** A key that is equal for equal answers. Failures do not count as answers. */
function keyOf(method: string, answer: Answer): string | null {
  if ('error' in answer) {
    const { error } = answer
    return error instanceof RpcRefusal ? `refused ${error.revertData ?? error.message}` : null
  }
  const fields = FIELDS[method]
  return JSON.stringify(fields === undefined ? answer.result : only(fields, answer.result))
}

function only(fields: readonly string[], value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => only(fields, each))
  if (typeof value !== 'object' || value === null) return value
  const record = value as Readonly<Record<string, unknown>>
  return fields.map((field) => record[field] ?? null)
}

const isQuantity = (value: unknown): boolean => typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value)
