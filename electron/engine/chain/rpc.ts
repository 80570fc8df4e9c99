/** A JSON-RPC client for Ethereum nodes: one request, one time-out, no background polling. A node may lie or hang. */
import { AsterismError, isCancellation, throwIfCancelled } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { parseJson } from './durable-file.ts'

const TIMEOUT_MILLISECONDS = 15_000
/** The events of 5,000 full blocks. The state of a practice chain, which we keep ourselves, may be larger. */
const MOST_ANSWER_BYTES = 32 << 20
const MOST_STATE_BYTES = 256 << 20

/** The node answered, and the answer is no. */
export class RpcRefusal extends AsterismError {
  readonly rpcCode: number
  /** Revert data of the contract, `0x…`; null if there is none. */
  readonly revertData: string | null

  constructor(method: string, code: number, message: string, data: unknown) {
    super('chain_refused', say('node.refused', { method, message }))
    this.rpcCode = code
    this.revertData = typeof data === 'string' && /^0x[0-9a-fA-F]*$/.test(data) ? data : null
  }
}

export interface Rpc {
  /** For people: scheme and host, since the path of an RPC address is often a secret. */
  readonly origin: string
  /**
   * @throws RpcRefusal when the node answers with an error, AsterismError `network_failed` when it does not answer
   * properly, `timeout`, `cancelled`.
   */
  call(method: string, params: readonly unknown[], signal?: AbortSignal): Promise<unknown>
}

interface RpcAnswer {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown }
}

export function createRpc(url: string, timeoutMilliseconds: number = TIMEOUT_MILLISECONDS): Rpc {
  const { origin } = parseRpcUrl(url)
  let lastId = 0
  return {
    origin,
    async call(method, params, signal) {
      throwIfCancelled(signal)
      const id = ++lastId
      const timeout = AbortSignal.timeout(timeoutMilliseconds)
      const mostBytes = method === 'anvil_dumpState' ? MOST_STATE_BYTES : MOST_ANSWER_BYTES
      const body = { jsonrpc: '2.0', id, method, params }
      const answer = await request(url, { origin, body, mostBytes, timeout, signal })
      if (answer.id !== id) throw new AsterismError('network_failed', say('node.otherQuestion', { origin, method }))
      if (answer.error) {
        const { code, message, data } = answer.error
        const why = typeof message === 'string' ? message.slice(0, 500) : 'no reason given'
        throw new RpcRefusal(method, typeof code === 'number' ? code : 0, why, data)
      }
      return answer.result
    },
  }
}

export function parseRpcUrl(url: string): URL {
  const parsed = URL.parse(url)
  if (!parsed || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
    throw new AsterismError('bad_input', say('network.badAddress'))
  }
  return parsed
}

interface Request {
  readonly origin: string
  readonly body: object
  readonly mostBytes: number
  readonly timeout: AbortSignal
  readonly signal: AbortSignal | undefined
}

async function request(url: string, { origin, body, mostBytes, timeout, signal }: Request): Promise<RpcAnswer> {
  const fix = say('upload.fix.network')
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      // Redirects are not followed: requests go only to the address that the user entered.
      redirect: 'manual',
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    })
    if (!response.ok && response.status !== 400) {
      await response.body?.cancel()
      throw new AsterismError('network_failed', say('network.status', { origin, status: response.status }), { fix })
    }
    const answer: unknown = parseJson(await boundedText(response, origin, mostBytes))
    if (typeof answer === 'object' && answer !== null) return answer
    throw new AsterismError('network_failed', say('network.notRpc', { origin }), { fix })
  } catch (error) {
    if (error instanceof AsterismError) throw error
    throwIfCancelled(signal)
    if (timeout.aborted) throw new AsterismError('timeout', say('network.late', { origin }), { fix, cause: error })
    if (isCancellation(error)) throw error
    throw new AsterismError('network_failed', say('network.unreachable', { origin }), { fix, cause: error })
  }
}

async function boundedText(response: Response, origin: string, mostBytes: number): Promise<string> {
  const parts: Uint8Array[] = []
  let byteLength = 0
  for await (const part of response.body ?? []) {
    byteLength += part.byteLength
    if (byteLength > mostBytes) throw new AsterismError('too_large', say('node.tooLarge', { origin }))
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** `0x…` of a JSON-RPC quantity as a bigint. @throws AsterismError `network_failed` for anything else. */
export function quantity(value: unknown): bigint {
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value)) return BigInt(value)
  throw new AsterismError('network_failed', say('node.noNumber'))
}

/** `0x…` of JSON-RPC data. @throws AsterismError `network_failed` for anything else. */
export function bytesAnswer(value: unknown): string {
  if (typeof value === 'string' && /^0x([0-9a-fA-F]{2})*$/.test(value)) return value
  throw new AsterismError('network_failed', say('node.noBytes'))
}
