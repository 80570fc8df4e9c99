/** Turns what a contract returns with a revert into a sentence. */
import { isError, type ErrorDescription } from 'ethers'
import { AsterismError } from '../../../shared/errors.ts'
import { contentInterface, factoryInterface } from './contracts.ts'
import { RpcRefusal } from './rpc.ts'

/** `0x` and four bytes. */
const SELECTOR_CHARACTERS = 10
const SENTENCES: Readonly<Record<string, string>> = {
  ERC721InvalidSender: 'A token with this id is minted already.',
  ERC721NonexistentToken: 'There is no token with this id.',
  OwnableUnauthorizedAccount: 'Only the owner of the collection may do this.',
  RoyaltyTooHigh: 'The royalty is higher than 10 %.',
  VoucherExpired: 'The voucher has expired.',
  VoucherWithdrawn: 'The creator has withdrawn this voucher.',
  VoucherForAnother: 'The voucher is for somebody else.',
  VoucherNotSignedByOwner: 'The voucher was not signed by the owner of the collection.',
  WrongPrice: 'The price is another one.',
  LeaseRunning: 'The work is leased to somebody until later.',
}

/** The typed error behind revert data; null for data that are none of ours, whatever a node may have put there. */
export function parseRevert(data: string): ErrorDescription | null {
  if (data.length < SELECTOR_CHARACTERS) return null
  try {
    return contentInterface.parseError(data) ?? factoryInterface.parseError(data)
  } catch (error) {
    if (isError(error, 'BUFFER_OVERRUN') || isError(error, 'INVALID_ARGUMENT')) return null
    throw error
  }
}

/** The refusal in words, when the contract gave a reason that we know; else the error as it came. */
export function explainRefusal(error: unknown): unknown {
  if (!(error instanceof RpcRefusal) || !error.revertData) return error
  const parsed = parseRevert(error.revertData)
  if (!parsed) return error
  const sentence = SENTENCES[parsed.name] ?? `The contract refuses: ${parsed.name}(${parsed.args.join(', ')}).`
  return new AsterismError('chain_refused', sentence, { cause: error })
}
