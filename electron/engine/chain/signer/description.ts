/** What the signer says about a request before it signs it, in words and in full. */
import { formatEther, formatUnits } from 'ethers'
import { AsterismError } from '../../../../shared/errors.ts'

export interface SigningDescription {
  readonly title: string
  /** In words, a line each. */
  readonly words: readonly string[]
  /** In full: name and value of every field that is signed. */
  readonly fields: readonly DescriptionField[]
  readonly network: string
  readonly account: string
  /** True where nothing of value can be lost. */
  readonly practice: boolean
  /** What the person must type to agree, where something of value moves. */
  readonly toBeTyped?: string
}

export interface DescriptionField {
  readonly name: string
  readonly value: string
}

export const ether = (wei: bigint): string => `${formatEther(wei)} ETH`
export const gwei = (wei: bigint): string => `${formatUnits(wei, 'gwei')} gwei`

export function refuse(what: string, fix?: string): never {
  throw new AsterismError('signing_refused', what, fix === undefined ? {} : { fix })
}

/** A Unix time in seconds as a date; refused after the year 9999. */
export function dateOf(unixSeconds: bigint): string {
  const latest = 253_402_300_799n
  if (unixSeconds > latest) refuse('This would hold until after the year 9999.')
  return new Date(Number(unixSeconds) * 1000).toISOString()
}
