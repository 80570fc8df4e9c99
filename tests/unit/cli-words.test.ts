/** Amounts, spans and shares as they are typed, in the units of the chain; what is none is wrong words. */
import { describe, expect, it } from 'vitest'
import { UsageError, type Command, type CommandContext } from '../../electron/hosts/cli/command.ts'
import { attestCommand } from '../../electron/hosts/cli/commands/attest.ts'
import { auctionCommand } from '../../electron/hosts/cli/commands/auction.ts'
import { leaseCommand } from '../../electron/hosts/cli/commands/lease.ts'
import { voucherCommand } from '../../electron/hosts/cli/commands/voucher.ts'
import { actReport } from '../../electron/hosts/cli/chain-command.ts'
import { mintCommand } from '../../electron/hosts/cli/commands/mint.ts'

const collection = `0x${'a1'.repeat(20)}`
const tokenId = `0x${'ab'.repeat(32)}`
const work = `${collection}/${tokenId}`
const lab = `0x${'b2'.repeat(20)}`

/** What the command would have the engine do. */
async function asked(command: Command, words: readonly string[], options: Record<string, string>): Promise<unknown> {
  let input: unknown = null
  const context = {
    positionals: words,
    options: { network: 'practice', ...options },
    file: (path: string) => path,
    run: (_kind: string, given: unknown) => Promise.resolve((input = given)),
  } as unknown as CommandContext
  await command.run(context)
  return input
}

describe('words become units', () => {
  it.each([
    [
      auctionCommand,
      ['list', work],
      { reserve: '0.1', hours: '1.5' },
      { kind: 'auction', priceWei: '100000000000000000', spanSeconds: 5400, mostPeriods: 0, only: null },
    ],
    [
      auctionCommand,
      ['sell', work],
      { price: '0.000000000000000001', only: lab },
      { kind: 'sale', priceWei: '1', spanSeconds: 0, mostPeriods: 0, only: lab },
    ],
    [
      leaseCommand,
      ['offer', work],
      { rent: '2', 'period-days': '0.5', most: '65535' },
      { kind: 'lease', priceWei: '2000000000000000000', spanSeconds: 43_200, mostPeriods: 65_535, only: null },
    ],
  ] as const)('%#: terms', async (command, words, options, terms) => {
    expect(await asked(command, words, options)).toMatchObject({
      act: { act: 'offer', work: { collection, tokenId }, terms },
    })
  })

  it.each([
    [
      leaseCommand,
      ['grant', work],
      { to: lab, until: '2999-01-01' },
      { act: 'grant', user: lab, expires: 32_472_144_000 },
    ],
    [leaseCommand, ['accept', work], { periods: '4' }, { act: 'rent', periods: 4 }],
    [auctionCommand, ['bid', work], { amount: '0.2' }, { act: 'bid', amountWei: '200000000000000000' }],
    [auctionCommand, ['withdraw'], {}, { act: 'withdraw' }],
  ] as const)('%#: acts', async (command, words, options, act) => {
    expect(await asked(command, words, options)).toMatchObject({
      network: 'practice',
      account: null,
      dryRun: false,
      act,
    })
  })

  it.each([
    [
      ['stars', work],
      { stars: '3.2', low: '2.1', high: '4' },
      { kind: 'stars', milliStars: 3200, lowMilliStars: 2100, highMilliStars: 4000 },
    ],
    [
      ['contribution', work],
      { percent: '1.409', model: 'm', benchmark: 'b' },
      { kind: 'contribution', partsPerMillion: 14_090 },
    ],
    [['contribution', work], { percent: '-0.0001', model: 'm', benchmark: 'b' }, { partsPerMillion: -1 }],
  ] as const)('%#: attestations', async (words, options, attestation) => {
    expect(await asked(attestCommand, words, options)).toMatchObject({
      attestation: { collection, tokenId, ...attestation },
    })
  })
})

it.each([
  [auctionCommand, ['list', work], { reserve: '0.1', hours: '' }],
  [auctionCommand, ['list', work], { reserve: '0.1', hours: '0.0001' }],
  [auctionCommand, ['list', work], { reserve: '0.1', hours: '0x10' }],
  [auctionCommand, ['bid', work], { amount: '1e3' }],
  [auctionCommand, ['bid', work], { amount: '0.0000000000000000001' }],
  [leaseCommand, ['offer', work], { rent: '1', 'period-days': '1', most: '70000' }],
  [leaseCommand, ['accept', work], { periods: '1.5' }],
  [leaseCommand, ['grant', work], { to: lab, days: '1e300' }],
  [leaseCommand, ['grant', work], { to: lab, until: 'soon' }],
  [attestCommand, ['stars', work], { stars: '' }],
  [attestCommand, ['stars', work], { stars: '3', low: '' }],
  [attestCommand, ['stars', work], { stars: '5.1' }],
  [attestCommand, ['contribution', work], { percent: ' ', model: 'm', benchmark: 'b' }],
  [attestCommand, ['contribution', work], { percent: '100.1', model: 'm', benchmark: 'b' }],
  [auctionCommand, ['steal', work], {}],
  [mintCommand, [import.meta.dirname], { royalty: '10.1' }],
  [mintCommand, [import.meta.dirname], { royalty: '-1' }],
  [mintCommand, [import.meta.dirname], { account: 'me' }],
] as const)('%#: wrong words reach no engine', async (command, words, options) => {
  await expect(asked(command, words, options)).rejects.toBeInstanceOf(UsageError)
})

it('a mint names its account, and the royalty of the collection that it makes', async () => {
  const terms = { account: lab, royaltyBasisPoints: 750, dryRun: false, network: 'practice' }
  const options = { account: lab, royalty: '7.5' }
  expect(await asked(mintCommand, [import.meta.dirname], options)).toMatchObject(terms)
  expect(await asked(mintCommand, [import.meta.dirname, import.meta.dirname], options)).toMatchObject(terms)
})

it('a voucher without end is told as one', () => {
  const voucher = { tokenId, buyer: lab, price: '1', validUntil: Number.MAX_SAFE_INTEGER, series: '0' }
  expect(voucherCommand.report({ collection, voucher } as never)[2]).toBe('until   9999-12-31T23:59:59.000Z')
})

describe('what a mint says', () => {
  it.each([
    [{ already_minted: false, transaction: `0x${'c3'.repeat(32)}` }, 'Minted on practice.'],
    [{ already_minted: true, transaction: null }, 'Minted already; nothing was done.'],
    [{ already_minted: false, transaction: null }, 'Not minted: this is what it would be on practice.'],
  ])('%j', (how, first) => {
    const answer = { network: 'practice', contract: collection, token_id: tokenId, gas_used: 1, fee_wei: '1', ...how }
    expect(mintCommand.report(answer as never)[0]).toBe(first)
  })
})

it('a withdrawal says what was paid, and to whom nothing is owed that nothing was done', () => {
  const answer = {
    act: 'withdraw',
    network: 'practice',
    account: lab,
    contract: null,
    token_id: null,
    transaction: null,
    gas_used: 0,
    fee_wei: '0',
    value_wei: '0',
    owed_wei: '0',
    paid_out_wei: '0',
    already_done: true,
    dry_run: false,
    warnings: [],
    terms: [],
  }
  expect(actReport(answer)[0]).toBe('The market owes this account nothing; nothing was done.')
  expect(actReport(answer).join()).not.toContain('paid out')
  const paid = { ...answer, already_done: false, owed_wei: '5000000000000000', paid_out_wei: '5000000000000000' }
  expect(actReport(paid)).toContain(`paid out    0.005 ETH to ${lab}`)
})
