/** Turns the revert data of a contract into a sentence. */
import { formatEther, isError, type ErrorDescription, type Result } from 'ethers'
import { AsterismError } from '../../../shared/errors.ts'
import { isSayingCode, say, type Saying } from '../../../shared/sayings/saying.ts'
import { contentInterface, factoryInterface, marketInterface, starsInterface } from './contracts.ts'
import { isoDateOf } from './ledger/chain-time.ts'
import { RpcRefusal } from './rpc.ts'

/** `0x` and four bytes. */
const SELECTOR_CHARACTERS = 10
/** The typed error in revert data; null if it is not one of ours. */
export function parseRevert(data: string): ErrorDescription | null {
  if (data.length < SELECTOR_CHARACTERS) return null
  try {
    for (const contract of [contentInterface, factoryInterface, marketInterface, starsInterface]) {
      const parsed = contract.parseError(data)
      if (parsed) return parsed
    }
    return null
  } catch (error) {
    if (isError(error, 'BUFFER_OVERRUN') || isError(error, 'INVALID_ARGUMENT')) return null
    throw error
  }
}

const freeFrom = ([, until]: Result): Saying => say('chain.fix.freeFrom', { time: isoDateOf(BigInt(until as bigint)) })

/** Further data of a revert: how much would be enough, or when it is possible. */
const FIXES: ReadonlyMap<string, (args: Result) => Saying> = new Map([
  ['BidTooLow', ([least]) => say('chain.fix.leastBid', { least: formatEther(least as bigint) })],
  ['AuctionRunning', ([ends]) => say('chain.fix.settleFrom', { time: isoDateOf(BigInt(ends as bigint)) })],
  ['LeaseRunning', freeFrom],
  ['RentalRunning', freeFrom],
])

/** The refusal in words if the contract gave a known reason; otherwise the original error. */
export function explainRefusal(error: unknown): unknown {
  if (!(error instanceof RpcRefusal) || !error.revertData) return error
  const parsed = parseRevert(error.revertData)
  if (!parsed) return error
  const code = `chain.refused.${parsed.name}`
  const sentence = isSayingCode(code)
    ? { code }
    : say('chain.contractRefuses', { what: `${parsed.name}(${parsed.args.join(', ')})` })
  return new AsterismError('chain_refused', sentence, { cause: error, fix: FIXES.get(parsed.name)?.(parsed.args) })
}
