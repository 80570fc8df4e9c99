/** Calls of the star registry, and the words for what an issuer attests. */
import { getAddress, type Result } from 'ethers'
import { starsInterface } from '../contracts.ts'
import { workOf, type AllowedCall } from './allowed-call.ts'
import { dateOf, refuse } from './description.ts'
import { state, type Statement } from './statements.ts'
import { say } from '../../../../shared/sayings/saying.ts'

type Value = string | number | bigint

/** In the order of the contract's `Stars`. */
export function starsWords(fields: Readonly<Record<string, Value>>): Statement[] {
  const stars = (name: string): number => Number(fields[name]) / 1000
  const [low, high] = [stars('lowMilliStars'), stars('highMilliStars')]
  return [
    state('stars', { stars: stars('milliStars'), low, high, work: subject(fields) }),
    state('stars.pack', { pack: String(fields['pack']), date: dateOf(BigInt(fields['issuedAt']!)) }),
    state('attest.public'),
  ]
}

/** In the order of the contract's `Contribution`. */
export function contributionWords(fields: Readonly<Record<string, Value>>): Statement[] {
  const percent = Number(fields['partsPerMillion']) / 10_000
  const [model, benchmark] = [name(fields['model']), name(fields['benchmark'])]
  return [state('contribution', { percent, model, benchmark, work: subject(fields) }), state('attest.public')]
}

const subject = ({ collection, tokenId }: Readonly<Record<string, Value>>): Statement => workOf(collection, tokenId)

/** Names are shown as signed, so they must not contain invisible characters. */
function name(value: Value | undefined): string {
  const text = String(value)
  if (!/^[\p{L}\p{N}\p{P}\p{S} ]{1,128}$/u.test(text)) refuse(say('signing.unseenName'))
  return text
}

const fieldsOf = (tuple: unknown): Record<string, Value> => (tuple as Result).toObject() as Record<string, Value>
const byWhom = (fields: Readonly<Record<string, Value>>, account: string): Statement =>
  getAddress(String(fields['issuer'])) === account
    ? state('attest.own')
    : state('attest.of', { issuer: String(fields['issuer']) })

export const starsCalls: readonly AllowedCall[] = [
  {
    target: 'star registry',
    contract: starsInterface,
    signature: 'attestStars((address,address,uint256,uint16,uint16,uint16,bytes32,uint64),bytes)',
    title: state('stars.publish.title'),
    words: ([tuple], { account }) => {
      const fields = fieldsOf(tuple)
      return [...starsWords(fields), byWhom(fields, account.address)]
    },
  },
  {
    target: 'star registry',
    contract: starsInterface,
    signature: 'attestContribution((address,address,uint256,int32,string,string,bytes32,uint64),bytes)',
    title: state('contribution.publish.title'),
    words: ([tuple], { account }) => {
      const fields = fieldsOf(tuple)
      return [...contributionWords(fields), byWhom(fields, account.address)]
    },
  },
  {
    target: 'star registry',
    contract: starsInterface,
    signature: 'revoke(bytes32)',
    title: state('revoke.title'),
    words: ([attestation]) => [state('revoke', { attestation: String(attestation) })],
  },
]
