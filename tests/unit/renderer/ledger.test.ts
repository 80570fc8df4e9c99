import fc from 'fast-check'
import { formatEther, parseEther } from 'ethers'
import { describe, expect, it } from 'vitest'
import { chainAct } from '../../../shared/contract/chain-acts.ts'
import { ACT_FORMS, referenceOf, valueOf, type LedgerWork } from '../../../renderer/src/ledger/acts.ts'
import { balanceWords, etherWords, moneyWords, weiOf } from '../../../renderer/src/ledger/ether.ts'
import { nextChange, workAt } from '../../../renderer/src/ledger/works-in-time.ts'
import { worksThatFit } from '../../../renderer/src/ledger/works-that-fit.ts'
import { explorerAddress } from '../../../renderer/src/ledger/explorer.ts'
import { rateOf } from '../../../renderer/src/state/preferences.ts'

const ME = `0x${'11'.repeat(20)}`
const LAB = `0x${'22'.repeat(20)}`
const WORK = { collection: `0x${'33'.repeat(20)}`, tokenId: `0x${'44'.repeat(32)}` }
const NOW = Date.parse('2026-11-25T12:00:00Z')

const work = (different: Partial<LedgerWork> = {}): LedgerWork => ({
  contract: WORK.collection,
  token_id: WORK.tokenId,
  title: null,
  replaced_by: null,
  came: 'minted',
  owner: ME,
  minted_transaction: `0x${'55'.repeat(32)}`,
  stars: [],
  contributions: [],
  royalty: { percent: 5, receiver: ME },
  collection_owner: ME,
  lease: null,
  rent: null,
  offer: null,
  bids: [],
  sales: [],
  ...different,
})
type Offer = NonNullable<LedgerWork['offer']>
const offer = (kind: Offer['kind'], different: Partial<Offer> = {}): Offer => ({
  kind,
  seller: ME,
  price_wei: '1',
  span_s: 0,
  most_periods: 0,
  only: null,
  highest_bid_wei: null,
  highest_bidder: null,
  ends: null,
  ...different,
})
const offered = (one: LedgerWork, account: string): string[] =>
  ACT_FORMS.filter((form) => form.offered(one, account, NOW)).map(({ id }) => id)

describe('many works', () => {
  it('are found by title, people and models, in any case, the newest first', () => {
    const works = [
      work({ title: 'Kitchen', lease: { user: LAB, expires: '2027-01-01T00:00:00.000Z' } }),
      work({
        title: 'Room',
        stars: [{ issuer: LAB, stars: 3, low: 2, high: 4, pack: '', digest: '', revoked: false }],
      }),
      work({ title: 'Kitchen at night', owner: LAB.replace('0x', '0xABC') }),
    ]
    const titles = (wanted: string) => worksThatFit(works, wanted).map(({ title }) => title)
    expect(titles(' ')).toEqual(['Kitchen at night', 'Room', 'Kitchen'])
    expect(titles('night kitchen')).toEqual(['Kitchen at night'])
    expect(titles(LAB.toUpperCase().replace('0X', '0x'))).toEqual(['Room', 'Kitchen'])
    expect(titles('0xabc')).toEqual(['Kitchen at night'])
    expect(titles('garden')).toEqual([])
  })
  it('that are leased have the lessee named where the lease is lengthened', () => {
    const grant = ACT_FORMS.find(({ id }) => id === 'grant')!
    expect(grant.given!(work({ lease: { user: LAB, expires: '2027-01-01T00:00:00.000Z' } }))).toEqual({ user: LAB })
    expect(grant.given!(work())).toEqual({})
  })
})

describe('the clock', () => {
  it('ends auctions and leases by itself, each at its moment', () => {
    const ends = new Date(NOW + 60_000).toISOString()
    const expires = new Date(NOW + 90_000).toISOString()
    const works = [
      work({ owner: ME, offer: offer('auction', { ends, highest_bidder: LAB }) }),
      work({ lease: { user: LAB, expires } }),
      work({ lease: { user: LAB, expires: '9999-12-31T23:59:59.000Z' } }),
    ]
    expect(nextChange(works, NOW)).toBe(NOW + 60_000)
    expect(nextChange(works, NOW + 60_000)).toBe(NOW + 90_000)
    expect(nextChange(works.slice(0, 2), NOW + 90_000)).toBeNull()
    const settles = ACT_FORMS.find(({ id }) => id === 'settle')!
    expect([0, 59_999, 60_000].map((after) => settles.offered(works[0]!, LAB, NOW + after))).toEqual([
      false,
      false,
      true,
    ])
    expect(workAt(works[1]!, NOW + 89_999).lease).not.toBeNull()
    expect(workAt(works[1]!, NOW + 90_000).lease).toBeNull()
  })
})

describe('amounts of ether', () => {
  it('are written and read as ethers writes and reads them', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 27n - 1n), (wei) => {
        const words = etherWords(String(wei))
        expect(parseEther(words.replace(' ETH', ''))).toBe(wei)
        expect(weiOf(formatEther(wei))).toBe(String(wei))
      }),
    )
    expect(etherWords('0')).toBe('0 ETH')
    expect(balanceWords('9999999580994941485260')).toBe('9999.999580 ETH')
    expect(balanceWords('5')).toBe('0.000000 ETH')
    expect(balanceWords('2000000000000000000')).toBe('2 ETH')
    expect(weiOf('0,25')).toBe(String(parseEther('0.25')))
  })
  it.each(['', '0', '-1', '1e3', '0x1', '1.2.3', '1 2', '.5', '1.'])('%s is none', (text) => {
    expect(weiOf(text)).toBeNull()
  })
})

describe('what can be done with a work', () => {
  it('follows from who looks and how it stands', () => {
    expect(offered(work(), ME)).toEqual(['auction', 'sell', 'leaseOut', 'grant', 'transfer', 'setRoyalty'])
    const came = 'bid'
    expect(offered(work({ came }), LAB)).toEqual([])
    expect(offered(work({ collection_owner: LAB }), ME)).not.toContain('setRoyalty')
    expect(offered(work({ offer: offer('sale') }), ME)).toEqual(['setRoyalty', 'cancel'])
    expect(offered(work({ came, offer: offer('sale') }), LAB)).toEqual(['buy'])
    expect(offered(work({ came, offer: offer('lease') }), LAB)).toEqual(['rent'])
    expect(offered(work({ came, lease: { user: LAB, expires: '2027-01-01T00:00:00Z' } }), LAB)).toEqual(['endLease'])
    const rent = { lessor: ME, held_wei: '1' }
    expect(offered(work({ rent, offer: offer('lease') }), ME)).toEqual(['setRoyalty', 'cancel', 'collect'])
    expect(offered(work({ came, rent }), LAB)).toEqual([])
    const bidFor = { highest_bidder: LAB, highest_bid_wei: '2', ends: '2026-11-25T11:59:59Z' }
    expect(offered(work({ offer: offer('auction', bidFor) }), ME)).toEqual(['setRoyalty', 'settle'])
    expect(offered(work({ came, offer: offer('auction', { ...bidFor, ends: '2026-11-25T12:00:01Z' }) }), LAB)).toEqual([
      'bid',
    ])
  })
  it('becomes an act that the engine takes, from what its fields begin with or an address', () => {
    for (const form of ACT_FORMS) {
      const typed = form.fields.map(
        (field) =>
          [
            field.name,
            valueOf(field, form.given?.(work())[field.name] ?? field.initial ?? (field.kind === 'address' ? LAB : ''))!,
          ] as const,
      )
      for (const [name, value] of typed) expect(value, `${form.id}.${name}`).not.toBeNull()
      expect(() => chainAct.parse(form.act(WORK, Object.fromEntries(typed))), form.id).not.toThrow()
    }
  })
  it('asks for a royalty in hundredths of a percent, to 10 % at most, of the collection that is shown', () => {
    const form = ACT_FORMS.find(({ id }) => id === 'setRoyalty')!
    const read = (text: string) => valueOf(form.fields[0]!, text)
    expect(['0', '7,25', '7.2', '10', '10.00'].map(read)).toEqual(['0', '725', '720', '1000', '1000'])
    for (const none of ['', '-1', '10.01', '11', '7.255', '100', '1e1', 'x']) expect(read(none), none).toBeNull()
    const { collection } = WORK
    const act = { act: 'setRoyalty', collection, receiver: null, royaltyBasisPoints: 725 }
    expect(form.act(WORK, { percent: read('7,25')!, receiver: '' })).toEqual(act)
    expect(form.given!(work())).toEqual({ percent: '5', receiver: ME })
  })
  it('is named by collection and token', () => {
    expect(referenceOf(` ${WORK.collection}/${WORK.tokenId} `)).toEqual(WORK)
    expect(referenceOf(WORK.tokenId)).toBeNull()
  })
})

describe('money', () => {
  it('is told in the person’s own currency only by the rate that they gave', () => {
    const rate = rateOf(' eur', '2500,5')
    expect(rate).toEqual({ currency: 'EUR', perEther: 2500.5 })
    expect(moneyWords('2000000000000000000', rate)).toBe(' (≈ €5,001.00)')
    expect(moneyWords('4000000000000', rate)).toBe(' (≈ €0.01)')
    expect(moneyWords('2000000000000000000', null)).toBe('')
    for (const [currency, worth] of [
      ['', '1'],
      ['EURO', '1'],
      ['EUR', '0'],
      ['EUR', '-3'],
      ['EUR', 'x'],
    ] as const)
      expect(rateOf(currency, worth)).toBeNull()
  })
})

describe('the explorer of a network', () => {
  const EXPLORER = 'https://explorer.example'
  const hash = `0x${'55'.repeat(32)}`

  it('is led to by transactions and works, over https and for nothing else', () => {
    expect(explorerAddress(EXPLORER, { kind: 'transaction', hash })).toBe(`${EXPLORER}/tx/${hash}`)
    const shown = { kind: 'work', contract: WORK.collection, tokenId: `0x${'0'.repeat(62)}1f` } as const
    expect(explorerAddress(EXPLORER, shown)).toBe(`${EXPLORER}/nft/${WORK.collection}/31`)
    expect(explorerAddress(null, { kind: 'transaction', hash })).toBeNull()
    expect(explorerAddress('http://explorer.example', { kind: 'transaction', hash })).toBeNull()
    expect(explorerAddress(EXPLORER, { kind: 'transaction', hash: `${hash}/../../evil` })).toBeNull()
    expect(explorerAddress(EXPLORER, { ...shown, contract: '0x1?x' })).toBeNull()
  })
})
