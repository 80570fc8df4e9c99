/** Calls of the star registry, and the words for what an issuer attests. */
import { getAddress, type Result } from 'ethers'
import { starsInterface } from '../contracts.ts'
import { digest, type AllowedCall } from './allowed-call.ts'
import { dateOf, refuse } from './description.ts'

type Value = string | number | bigint

/** In the order of the contract's `Stars`. */
export function starsWords(fields: Readonly<Record<string, Value>>): string[] {
  const stars = (name: string): string => (Number(fields[name]) / 1000).toString()
  return [
    `Attests ${stars('milliStars')} stars (${stars('lowMilliStars')} to ${stars('highMilliStars')}) ${subject(fields)}.`,
    `Valued by the pack ${String(fields['pack'])} on ${dateOf(BigInt(fields['issuedAt']!))}.`,
    ...inPublic,
  ]
}

/** In the order of the contract's `Contribution`. */
export function contributionWords(fields: Readonly<Record<string, Value>>): string[] {
  const percent = Number(fields['partsPerMillion']) / 10_000
  return [
    `Attests: contributed ${percent} % to the score of ${name(fields['model'])} on ${name(fields['benchmark'])} ${subject(fields)}.`,
    ...inPublic,
  ]
}

const inPublic = ['Anybody can read this. You can revoke it, but not make it unsaid.']
const subject = (fields: Readonly<Record<string, Value>>): string =>
  `for the work ${digest(BigInt(fields['tokenId']!))} of the collection ${String(fields['collection'])}`

/** Names are shown as they are signed, so they may hold nothing that is not seen. */
function name(value: Value | undefined): string {
  const text = String(value)
  if (!/^[\p{L}\p{N}\p{P}\p{S} ]{1,128}$/u.test(text))
    refuse('A name of a model or benchmark holds signs that cannot be seen.')
  return `"${text}"`
}

const fieldsOf = (tuple: unknown): Record<string, Value> => (tuple as Result).toObject() as Record<string, Value>
const byWhom = (fields: Readonly<Record<string, Value>>, account: string): string =>
  getAddress(String(fields['issuer'])) === account
    ? 'It is your own word.'
    : `It is the word of ${String(fields['issuer'])}, who signed it.`

export const starsCalls: readonly AllowedCall[] = [
  {
    target: 'star registry',
    contract: starsInterface,
    signature: 'attestStars((address,address,uint256,uint16,uint16,uint16,bytes32,uint64),bytes)',
    title: 'Publish attested stars',
    words: ([tuple], { account }) => {
      const fields = fieldsOf(tuple)
      return [...starsWords(fields), byWhom(fields, account.address)]
    },
  },
  {
    target: 'star registry',
    contract: starsInterface,
    signature: 'attestContribution((address,address,uint256,int32,string,string,bytes32,uint64),bytes)',
    title: 'Publish an attested contribution',
    words: ([tuple], { account }) => {
      const fields = fieldsOf(tuple)
      return [...contributionWords(fields), byWhom(fields, account.address)]
    },
  },
  {
    target: 'star registry',
    contract: starsInterface,
    signature: 'revoke(bytes32)',
    title: 'Revoke an attestation',
    words: ([attestation]) => [`Takes back for ever what you attested under ${String(attestation)}.`],
  },
]
