/**
 * Frame, a separate wallet program, reached by JSON-RPC on loopback (EIP-1193). It has no request that signs a
 * transaction without sending it, so it sends what it signs; the given nonce prevents that from happening twice.
 */
import { getAddress, Signature, toQuantity, toUtf8Bytes, hexlify, type Transaction } from 'ethers'
import { AsterismError } from '../../../../shared/errors.ts'
import { refuse } from './description.ts'
import type { HeldKey, ToSign } from './held-key.ts'
import { say } from '../../../../shared/sayings/saying.ts'

export const FRAME_URL = 'http://127.0.0.1:1248'
/** The name under which Frame shows us and stores our permissions. */
const ORIGIN = 'asterism'
/** Time for a person to read. */
const ANSWER_MILLISECONDS = 200_000
const LONGEST_ANSWER = 1 << 20
const DECLINED = 4001

type Ask = (method: string, params: readonly unknown[], chainId?: bigint) => Promise<unknown>

function frameAt(url: string): Ask {
  let lastId = 0
  return async (method, params, chainId) => {
    const id = ++lastId
    const body = {
      jsonrpc: '2.0',
      id,
      method,
      params,
      ...(chainId === undefined ? {} : { chainId: toQuantity(chainId) }),
    }
    const text = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ORIGIN },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    }).then(
      (response) => response.text(),
      (cause: unknown) => {
        throw new AsterismError('network_failed', say('signing.frameSilent'), {
          fix: say('signing.fix.frame'),
          cause,
        })
      },
    )
    const answer = answerIn(text)
    if (answer?.error) {
      if (answer.error.code === DECLINED) refuse(say('signing.frameDeclined'))
      refuse(say('signing.frameRefused', { reason: String(answer.error.message ?? 'no reason given').slice(0, 200) }))
    }
    if (answer?.id !== id) throw new AsterismError('network_failed', say('signing.frameGarbled'))
    return answer.result
  }
}

interface Answer {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: { readonly code?: unknown; readonly message?: unknown }
}

function answerIn(text: string): Answer | null {
  if (text.length > LONGEST_ANSWER) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    return null
  }
}

/** The account that is chosen in Frame. Asks the person there whether this program may know. */
export async function frameAddress(url: string): Promise<string> {
  const accounts = await frameAt(url)('eth_requestAccounts', [])
  const first: unknown = Array.isArray(accounts) ? accounts[0] : undefined
  if (typeof first === 'string' && /^0x[0-9a-fA-F]{40}$/.test(first)) return getAddress(first)
  throw new AsterismError('not_found', say('signing.frameNone'), {
    fix: say('signing.fix.frameChoose'),
  })
}

export function frameKey(url: string, address: string): HeldKey {
  const ask = frameAt(url)
  return { sign: (what) => signWith(ask, address, what), wipe: () => undefined }
}

async function signWith(ask: Ask, address: string, what: ToSign): Promise<string> {
  if (what.kind === 'transaction') return await sendWith(ask, address, what.transaction)
  const answer =
    what.kind === 'message'
      ? await ask('personal_sign', [hexlify(toUtf8Bytes(what.text)), address])
      : await ask('eth_signTypedData_v4', [address, typedDataJson(what)], BigInt(what.data.domain.chainId))
  if (typeof answer === 'string' && /^0x[0-9a-fA-F]{130}$/.test(answer)) return Signature.from(answer).serialized
  throw new AsterismError('network_failed', say('signing.frameUnsigned'))
}

function typedDataJson({ data, types }: Extract<ToSign, { kind: 'typed-data' }>): string {
  const domainFields = [
    { name: 'name', type: 'string' },
    { name: 'version', type: 'string' },
    { name: 'chainId', type: 'uint256' },
    ...(data.domain.verifyingContract === undefined ? [] : [{ name: 'verifyingContract', type: 'address' }]),
  ]
  return JSON.stringify({ ...data, types: { EIP712Domain: domainFields, ...types } })
}

async function sendWith(ask: Ask, address: string, transaction: Transaction): Promise<string> {
  const { chainId, to, data, value, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas } = transaction
  const call = {
    from: address,
    ...(to === null ? {} : { to }),
    data,
    value: toQuantity(value),
    nonce: toQuantity(nonce),
    gas: toQuantity(gasLimit),
    gasLimit: toQuantity(gasLimit),
    maxFeePerGas: toQuantity(maxFeePerGas ?? 0n),
    maxPriorityFeePerGas: toQuantity(maxPriorityFeePerGas ?? 0n),
    type: '0x2',
    chainId: toQuantity(chainId),
  }
  const hash = await ask('eth_sendTransaction', [call], chainId)
  const sent = (await ask('eth_getTransactionByHash', [hash], chainId)) as Record<string, unknown> | null
  const { r, s, v, yParity = v } = sent ?? {}
  if (typeof r !== 'string' || typeof s !== 'string' || typeof yParity !== 'string') {
    throw new AsterismError('network_failed', say('signing.frameSent'), {
      fix: say('signing.fix.frameMined'),
    })
  }
  // Quantities come without leading zeros.
  const word = (hex: string): string => `0x${hex.slice(2).padStart(64, '0')}`
  return Signature.from({ r: word(r), s: word(s), yParity: Number(yParity) & 1 ? 1 : 0 }).serialized
}
