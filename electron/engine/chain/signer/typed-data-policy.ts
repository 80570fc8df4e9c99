/** EIP-712 messages that the signer knows and signs. An explicit list, as for transactions. */
import { TypedDataEncoder, type TypedDataField } from 'ethers'
import { z } from 'zod'
import { collectionAddress, STARS_ADDRESS } from '../contracts.ts'
import { dateOf, describeSigning, ether, refuse, type SigningDescription } from './description.ts'
import { state, type Statement } from './statements.ts'
import { contributionWords, starsWords } from './stars-calls.ts'
import type { SigningAccount } from './allowed-call.ts'
import { closing, judgeChain } from './transaction-policy.ts'
import { say } from '../../../../shared/sayings/saying.ts'

export const typedDataSchema = z.object({
  domain: z.object({
    name: z.string(),
    version: z.string(),
    chainId: z.number().int().positive(),
    verifyingContract: z.string().optional(),
  }),
  primaryType: z.string(),
  message: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type TypedData = z.infer<typeof typedDataSchema>

interface AllowedMessage {
  readonly primaryType: string
  readonly domainName: string
  readonly title: Statement
  readonly fields: readonly TypedDataField[]
  /** Which contract the domain must name; `none`: no contract at all. */
  readonly contract: 'own collection' | 'star registry' | 'none'
  words(message: TypedData['message'], account: SigningAccount): Statement[]
}

const DOMAIN_VERSION = '1'
const field = (name: string, type: string): TypedDataField => ({ name, type })

export const STARS_DOMAIN = 'Asterism stars'
const ABOUT = [field('issuer', 'address'), field('collection', 'address'), field('tokenId', 'uint256')]
/** As the contract's `Stars`. */
export const STARS_FIELDS: readonly TypedDataField[] = [
  ...ABOUT,
  field('milliStars', 'uint16'),
  field('lowMilliStars', 'uint16'),
  field('highMilliStars', 'uint16'),
  field('pack', 'bytes32'),
  field('issuedAt', 'uint64'),
]
/** As the contract's `Contribution`. */
export const CONTRIBUTION_FIELDS: readonly TypedDataField[] = [
  ...ABOUT,
  field('partsPerMillion', 'int32'),
  field('model', 'string'),
  field('benchmark', 'string'),
  field('evidence', 'bytes32'),
  field('issuedAt', 'uint64'),
]

/** As the contract's `Voucher`. */
export const VOUCHER_FIELDS: readonly TypedDataField[] = [
  field('tokenId', 'uint256'),
  field('buyer', 'address'),
  field('price', 'uint256'),
  field('validUntil', 'uint64'),
  field('series', 'uint256'),
]

export const KEY_REQUEST_DOMAIN = 'Asterism lease'
/** A lessee asks for the key of a sealed work. */
export const KEY_REQUEST_FIELDS: readonly TypedDataField[] = [
  field('collection', 'address'),
  field('tokenId', 'uint256'),
  field('user', 'address'),
  field('recipient', 'string'),
  field('issuedAt', 'uint64'),
]

export const LIST_DOMAIN = 'Asterism list'
/** A list that its issuer publishes: what is wanted, or which works are known. */
export const LIST_FIELDS: readonly TypedDataField[] = [
  field('kind', 'string'),
  field('issuer', 'address'),
  field('title', 'string'),
  field('contentSha256', 'bytes32'),
  field('issuedAt', 'uint64'),
]

export const allowedMessages: readonly AllowedMessage[] = [
  {
    primaryType: 'Voucher',
    domainName: 'Asterism',
    title: state('voucher.title'),
    contract: 'own collection',
    fields: VOUCHER_FIELDS,
    words: ({ buyer, price, validUntil }) => [
      /^0x0+$/.test(String(buyer)) ? state('voucher.anybody') : state('voucher.only', { buyer: String(buyer) }),
      state('voucher.price', { price: ether(BigInt(price!)), date: dateOf(BigInt(validUntil!)) }),
      state('voucher.firm'),
    ],
  },
  {
    primaryType: 'PackageManifest',
    domainName: 'Asterism package',
    title: state('package.title'),
    contract: 'none',
    fields: [field('manifestSha256', 'bytes32'), field('metadataSha256', 'bytes32'), field('creator', 'address')],
    words: ({ creator }, account) => {
      if (String(creator).toLowerCase() !== account.address.toLowerCase()) refuse(say('signing.otherCreator'))
      return [state('package')]
    },
  },
  {
    primaryType: 'Stars',
    domainName: STARS_DOMAIN,
    title: state('stars.title'),
    contract: 'star registry',
    fields: STARS_FIELDS,
    words: (message, account) => (requireIssuer(message, account), starsWords(message)),
  },
  {
    primaryType: 'Contribution',
    domainName: STARS_DOMAIN,
    title: state('contribution.title'),
    contract: 'star registry',
    fields: CONTRIBUTION_FIELDS,
    words: (message, account) => (requireIssuer(message, account), contributionWords(message)),
  },
  {
    primaryType: 'KeyRequest',
    domainName: KEY_REQUEST_DOMAIN,
    title: state('key.title'),
    contract: 'none',
    fields: KEY_REQUEST_FIELDS,
    words: ({ user, recipient }, account) => {
      if (String(user).toLowerCase() !== account.address.toLowerCase()) refuse(say('signing.othersName'))
      return [state('key.asks'), state('key.for', { recipient: String(recipient) })]
    },
  },
  {
    primaryType: 'SignedList',
    domainName: LIST_DOMAIN,
    title: state('list.title'),
    contract: 'none',
    fields: LIST_FIELDS,
    words(message, account) {
      requireIssuer(message, account)
      const what = { wanted: state('list.wanted'), fingerprints: state('list.fingerprints') }
      const kind = String(message['kind'])
      if (!Object.hasOwn(what, kind)) refuse(say('signing.otherList'))
      return [state('list', { title: String(message['title']), what: what[kind as keyof typeof what] })]
    },
  },
]

function requireIssuer({ issuer }: TypedData['message'], account: SigningAccount): void {
  if (String(issuer).toLowerCase() !== account.address.toLowerCase()) refuse(say('signing.othersWord'))
}

const CONTRACT_WORDS: Readonly<Record<AllowedMessage['contract'], Statement | string>> = {
  'own collection': state('whom.own'),
  'star registry': state('whom.stars'),
  none: '',
}
const CONTRACTS: Readonly<Record<AllowedMessage['contract'], (account: string) => string | undefined>> = {
  'own collection': collectionAddress,
  'star registry': () => STARS_ADDRESS,
  none: () => undefined,
}

export interface JudgedTypedData {
  /** What is signed, 32 bytes as hexadecimal. */
  readonly digest: string
  readonly types: Record<string, TypedDataField[]>
  readonly description: SigningDescription
}

/** @throws AsterismError `signing_refused` with the reason. */
export function judgeTypedData(data: TypedData, account: SigningAccount): JudgedTypedData {
  const { domain, primaryType, message } = data
  const allowed = allowedMessages.find((each) => each.primaryType === primaryType)
  if (!allowed || domain.name !== allowed.domainName || domain.version !== DOMAIN_VERSION) {
    return refuse(say('signing.otherMessage', { kind: primaryType, name: domain.name }))
  }
  const policy = judgeChain(BigInt(domain.chainId), account)
  const contract = CONTRACTS[allowed.contract](account.address)
  if (domain.verifyingContract !== contract)
    return refuse(
      contract === undefined
        ? say('signing.noContract')
        : `This message is for another contract than ${allowed.contract === 'own collection' ? 'your own collection' : 'the star registry'}.`,
    )
  const names = allowed.fields.map(({ name }) => name)
  if (Object.keys(message).length !== names.length || names.some((name) => message[name] === undefined)) {
    return refuse(say('signing.otherFields', { kind: primaryType }))
  }
  const types = { [primaryType]: [...allowed.fields] }
  return {
    digest: hash(domain, types, message),
    types,
    description: describeSigning(
      allowed.title,
      allowed.words(message, account),
      [
        { name: state('field.kind'), value: `${domain.name}: ${primaryType}` },
        { name: state('field.chainId'), value: String(domain.chainId) },
        ...(contract
          ? [
              {
                name: state('field.contract'),
                value: state('whom.named', { address: contract, whom: CONTRACT_WORDS[allowed.contract] }),
              },
            ]
          : []),
        ...names.map((name) => ({ name, value: String(message[name]) })),
      ],
      closing(policy, account),
    ),
  }
}

function hash(
  domain: TypedData['domain'],
  types: Record<string, TypedDataField[]>,
  message: TypedData['message'],
): string {
  try {
    return TypedDataEncoder.hash(domain, types, message)
  } catch {
    return refuse(say('signing.otherValue'))
  }
}
