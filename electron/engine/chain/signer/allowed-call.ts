/** The definition of a call that may be signed. */
import { getAddress, type Interface, type Result } from 'ethers'
import { state, type Statement } from './statements.ts'

export interface SigningAccount {
  readonly address: string
  /** The key is not encrypted: for practice chains only. */
  readonly practiceOnly: boolean
  /** Its recovery words may not be written down: what it holds would be lost with this machine. */
  readonly uncheckedBackup?: boolean
}

/** The possible targets of a call. All addresses are computed from the account and the committed bytes. */
export type CallTarget = 'factory' | 'own collection' | 'collection' | 'market' | 'star registry'

interface CallContext {
  readonly account: SigningAccount
  /** Value in wei; 0 unless the call takes money. */
  readonly valueWei: bigint
}

export interface AllowedCall {
  readonly target: CallTarget
  readonly contract: Interface
  /** As in Solidity. */
  readonly signature: string
  readonly title: Statement
  /** Absent: a call with a value is refused. */
  readonly takesMoney?: true
  /** Describes what it does; refuses arguments that nobody should sign. */
  words(args: Result, context: CallContext): Statement[]
}

/** A token id as people compare it: the sha-256 of the metadata in hexadecimal. */
export const digest = (tokenId: bigint): string => tokenId.toString(16).padStart(64, '0')

export const workOf = (collection: unknown, tokenId: unknown): Statement =>
  state('work.ofCollection', { work: digest(BigInt(String(tokenId))), collection: getAddress(String(collection)) })
