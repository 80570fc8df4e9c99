import { recoverAddress, SigningKey, TypedDataEncoder, ZeroAddress } from 'ethers'
import { describe, expect, it } from 'vitest'
import { PRACTICE_CHAIN_ID } from '../../../electron/engine/chain/chain-policies.ts'
import { collectionAddress, STARS_ADDRESS } from '../../../electron/engine/chain/contracts.ts'
import { judgeTypedData, type TypedData } from '../../../electron/engine/chain/signer/typed-data-policy.ts'
import { PLANTED_ADDRESS, PLANTED_KEY } from '../../fixtures/chain/signing.ts'

const account = { address: PLANTED_ADDRESS, practiceOnly: true }
const voucher: TypedData = {
  domain: {
    name: 'Asterism',
    version: '1',
    chainId: PRACTICE_CHAIN_ID,
    verifyingContract: collectionAddress(PLANTED_ADDRESS),
  },
  primaryType: 'Voucher',
  message: { tokenId: `0x${'ab'.repeat(32)}`, buyer: ZeroAddress, price: '1000', validUntil: 4_000_000_000, series: 0 },
}
const manifest: TypedData = {
  domain: { name: 'Asterism package', version: '1', chainId: PRACTICE_CHAIN_ID },
  primaryType: 'PackageManifest',
  message: { manifestSha256: `0x${'01'.repeat(32)}`, metadataSha256: `0x${'02'.repeat(32)}`, creator: PLANTED_ADDRESS },
}

const contribution: TypedData = {
  domain: { name: 'Asterism stars', version: '1', chainId: PRACTICE_CHAIN_ID, verifyingContract: STARS_ADDRESS },
  primaryType: 'Contribution',
  message: {
    issuer: PLANTED_ADDRESS,
    collection: collectionAddress(PLANTED_ADDRESS),
    tokenId: `0x${'ab'.repeat(32)}`,
    partsPerMillion: 14_090,
    model: 'walker-7b',
    benchmark: 'rooms-2026',
    evidence: `0x${'00'.repeat(32)}`,
    issuedAt: 1_800_000_000,
  },
}
const keyRequest: TypedData = {
  domain: { name: 'Asterism lease', version: '1', chainId: PRACTICE_CHAIN_ID },
  primaryType: 'KeyRequest',
  message: {
    collection: collectionAddress(PLANTED_ADDRESS),
    tokenId: `0x${'ab'.repeat(32)}`,
    user: PLANTED_ADDRESS,
    recipient: 'age1recipient',
    issuedAt: 1_800_000_000,
  },
}
const list: TypedData = {
  domain: { name: 'Asterism list', version: '1', chainId: PRACTICE_CHAIN_ID },
  primaryType: 'SignedList',
  message: {
    kind: 'wanted',
    issuer: PLANTED_ADDRESS,
    title: 'Rooms',
    contentSha256: `0x${'01'.repeat(32)}`,
    issuedAt: 1_800_000_000,
  },
}

describe('typed data', () => {
  it('gives the digest that the standard gives', () => {
    const { digest, description } = judgeTypedData(voucher, account)
    const types = {
      Voucher: [
        { name: 'tokenId', type: 'uint256' },
        { name: 'buyer', type: 'address' },
        { name: 'price', type: 'uint256' },
        { name: 'validUntil', type: 'uint64' },
        { name: 'series', type: 'uint256' },
      ],
    }
    expect(digest).toBe(TypedDataEncoder.hash(voucher.domain, types, voucher.message))
    const signature = new SigningKey(`0x${PLANTED_KEY}`).sign(digest)
    expect(recoverAddress(digest, signature)).toBe(PLANTED_ADDRESS)
    expect(description.fields.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['chain id', 'contract', 'tokenId', 'buyer', 'price', 'validUntil', 'series']),
    )
    expect(judgeTypedData(manifest, account).description.words.join(' ')).toContain('moves nothing')
  })

  it('shows an attestation in percent', () => {
    const { description } = judgeTypedData(contribution, account)
    expect(description.words.join(' ')).toContain('contributed 1.409 % to the score of "walker-7b" on "rooms-2026"')
  })

  it('shows for whom a key is asked, and which kind of list is signed', () => {
    expect(judgeTypedData(keyRequest, account).description.words.join(' ')).toContain('encrypted for age1recipient')
    expect(judgeTypedData(list, account).description.words.join(' ')).toContain('"Rooms": what you want')
  })

  const changed = (of: TypedData, domain: object, message: object = {}, primaryType = of.primaryType): TypedData => ({
    primaryType,
    domain: { ...of.domain, ...domain },
    message: { ...of.message, ...message },
  })

  it.each([
    ['another contract', changed(voucher, { verifyingContract: ZeroAddress })],
    ['no contract', changed(voucher, { verifyingContract: undefined })],
    ['a contract where none belongs', changed(manifest, { verifyingContract: ZeroAddress })],
    ['another chain', changed(voucher, { chainId: 11_155_111 })],
    ['an unknown chain', changed(voucher, { chainId: 1 })],
    ['another program', changed(voucher, { name: 'Permit2' })],
    ['another version', changed(voucher, { version: '2' })],
    ['an unknown kind', changed(voucher, {}, {}, 'Permit')],
    ['a field too many', changed(voucher, {}, { spender: ZeroAddress })],
    ['a value of another kind', changed(voucher, {}, { price: 'much' })],
    ['a date beyond reason', changed(voucher, {}, { validUntil: '18446744073709551615' })],
    ['an attestation for another contract', changed(contribution, { verifyingContract: ZeroAddress })],
    ['an attestation in the name of somebody else', changed(contribution, {}, { issuer: ZeroAddress })],
    ['an attestation with a field of stars', changed(contribution, {}, { milliStars: 1 })],
    ['a key asked for in the name of somebody else', changed(keyRequest, {}, { user: ZeroAddress })],
    ['a list of somebody else', changed(list, {}, { issuer: ZeroAddress })],
    ['a list of a kind that is not known', changed(list, {}, { kind: 'toString' })],
    ['somebody else as creator', changed(manifest, {}, { creator: ZeroAddress })],
  ])('refuses %s', (_what, data) => {
    expect(() => judgeTypedData(data, account)).toThrow(expect.objectContaining({ code: 'signing_refused' }))
  })

  it('refuses a field too few', () => {
    const { series: _series, ...message } = voucher.message
    expect(() => judgeTypedData({ ...voucher, message }, account)).toThrow(/fields/)
    const renamed = { ...voucher, message: { ...message, serie: 0 } }
    expect(() => judgeTypedData(renamed, account)).toThrow(/fields/)
  })
})
