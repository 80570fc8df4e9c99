/** How the signer describes a request before it signs it: in words and in full. */
import { formatEther, formatUnits } from 'ethers'
import { AsterismError } from '../../../../shared/errors.ts'
import { inEnglish, type Statement } from './statements.ts'
import { say, type Reason, type Wording } from '../../../../shared/sayings/saying.ts'

/** The same as statements, to be translated for the user. */
interface StatedDescription {
  readonly title: Statement
  /** A line each. */
  readonly words: readonly Statement[]
  /** Name and value of every field that is signed. */
  readonly fields: readonly StatedField[]
  readonly network: string | Statement
}

/** Plain texts (an address, the name of an argument) are the same in every language. */
export interface StatedField {
  readonly name: string | Statement
  readonly value: string | Statement
}

export interface SigningDescription {
  readonly title: string
  /** In words, a line each. */
  readonly words: readonly string[]
  /** In full: name and value of every field that is signed. */
  readonly fields: readonly DescriptionField[]
  readonly network: string
  readonly account: string
  /** True if nothing of value can be lost. */
  readonly practice: boolean
  /** What the user must type to agree, if something of value moves. */
  readonly toBeTyped?: string
  /** What all of the above says, as statements. */
  readonly stated: StatedDescription
  /** What the chain and the work's metadata say. The signer, which has no network, does not vouch for it. */
  readonly told?: readonly Reason[]
}

interface DescriptionField {
  readonly name: string
  readonly value: string
}

/** The account that signs, and where the signature is valid. */
export interface Circumstances {
  readonly network: string | Statement
  readonly account: string
  readonly practice: boolean
  readonly toBeTyped?: string
}

/** The English text of a description is made from its statements, so that both always say the same. */
export function describeSigning(
  title: Statement,
  words: readonly Statement[],
  fields: readonly StatedField[],
  { network, ...circumstances }: Circumstances,
): SigningDescription {
  return {
    title: inEnglish(title),
    words: words.map(inEnglish),
    fields: fields.map(({ name, value }) => ({ name: inEnglish(name), value: inEnglish(value) })),
    network: inEnglish(network),
    ...circumstances,
    stated: { title, words, fields, network },
  }
}

export const ether = (wei: bigint): string => `${formatEther(wei)} ETH`
export const gwei = (wei: bigint): string => `${formatUnits(wei, 'gwei')} gwei`

export function refuse(what: Wording, fix?: Wording): never {
  throw new AsterismError('signing_refused', what, fix === undefined ? {} : { fix })
}

/** A Unix time in seconds as a person reads it, to the second; refused after the year 9999. */
export function dateOf(unixSeconds: bigint): string {
  const latest = 253_402_300_799n
  if (unixSeconds > latest) refuse(say('signing.year'))
  return `${new Date(Number(unixSeconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
