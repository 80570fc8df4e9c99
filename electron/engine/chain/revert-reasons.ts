/** Turns what a contract returns with a revert into a sentence. */
import { isError, type ErrorDescription } from 'ethers'
import { AsterismError } from '../../../shared/errors.ts'
import { contentInterface, factoryInterface, marketInterface, starsInterface } from './contracts.ts'
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
  ERC721InsufficientApproval: 'The work is not yours.',
  ERC721IncorrectOwner: 'The work is not yours.',
  ERC721InvalidReceiver: 'The receiver cannot take a work.',
  NotACollection: 'The market takes works of Asterism collections only.',
  BadTerms: 'The market does not take these terms.',
  NotOffered: 'The work is not offered in this way.',
  NotTheSeller: 'Somebody else has offered this work.',
  HasBids: 'Somebody has bid for it: it cannot be taken back.',
  ForAnother: 'It is offered to somebody else only.',
  WrongAmount: 'The amount is another one.',
  BidTooLow: 'The bid is too low.',
  AuctionOver: 'The auction is over.',
  AuctionRunning: 'The auction is not over yet.',
  TermsChanged: 'The terms have changed meanwhile.',
  TooFarAhead: 'That is further ahead than may be paid for.',
  RentalRunning: 'Somebody else rents it now.',
  NoRental: 'There is no lease through the market.',
  NothingOwed: 'The market owes this account nothing.',
  NotTheUser: 'The work is not leased to this account.',
  NotSignedByIssuer: 'The attestation was not signed by its issuer.',
  AlreadyPublished: 'The attestation is published already.',
  RevokedByIssuer: 'The issuer has revoked it.',
  OutOfBounds: 'A number of the attestation is out of bounds.',
  LeaseRunning: 'The work is leased to somebody until later.',
}

/** The typed error behind revert data; null for data that are none of ours, whatever a node may have put there. */
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

/** The refusal in words, when the contract gave a reason that we know; else the error as it came. */
export function explainRefusal(error: unknown): unknown {
  if (!(error instanceof RpcRefusal) || !error.revertData) return error
  const parsed = parseRevert(error.revertData)
  if (!parsed) return error
  const sentence = SENTENCES[parsed.name] ?? `The contract refuses: ${parsed.name}(${parsed.args.join(', ')}).`
  return new AsterismError('chain_refused', sentence, { cause: error })
}
