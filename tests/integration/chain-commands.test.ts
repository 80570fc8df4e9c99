import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planAct } from '../../electron/engine/chain/act-plans.ts'
import { policyNamed } from '../../electron/engine/chain/chain-policies.ts'
import {
  collectionAddress,
  contentInterface,
  MARKET_ADDRESS,
  STARS_ADDRESS,
} from '../../electron/engine/chain/contracts.ts'
import { openNetwork } from '../../electron/engine/chain/networks.ts'
import { startPracticeNetwork } from '../../electron/engine/chain/practice-network.ts'
import type { Rpc } from '../../electron/engine/chain/rpc.ts'
import type { SigningDescription } from '../../electron/engine/chain/signer/description.ts'
import { ProjectStore } from '../../electron/engine/project/store.ts'
import type { SignedVoucher } from '../../shared/contract/vouchers.ts'
import type { ActAnswer, ChainAct, LedgerAnswer, SignedAttestation } from '../../shared/contract/chain-acts.ts'
import { mintPackage } from '../../electron/engine/chain/mint.ts'
import { buildPackage } from '../../electron/engine/publish/package/build.ts'
import { lesseeKeyPath } from '../../electron/engine/publish/sealed/release.ts'
import { sealingSecret, sealingSecretPath } from '../../electron/engine/publish/sealed/work-key.ts'
import { packageInput, scanProject } from '../fixtures/publish/project.ts'
import { makeHome, practiceRpc, practiceSigner, removeHome, writePackage } from '../fixtures/chain/chain-home.ts'
import { runCommand, type Ran } from '../fixtures/chain/run-command.ts'
import { PLANTED_KEY } from '../fixtures/chain/signing.ts'
import { plantWallet } from '../fixtures/chain/weak-wallet.ts'

const PASSPHRASE = 'of the lab, for tests'
const DAY_SECONDS = 86_400
const ETHER = 10n ** 18n

let home: string
let rpc: Rpc
let creator: string
let lab: string
let project: string

const shown: SigningDescription[] = []
const said: string[] = []
const asterism = async (...words: string[]): Promise<Ran> =>
  await runCommand({ home, passphrase: PASSPHRASE, shown, said }, words)
async function act(...words: string[]): Promise<ActAnswer> {
  const ran = await asterism(...words, '--network', 'practice')
  expect(ran.code, ran.error).toBe(0)
  return ran.answer as ActAnswer
}
const asLab = async (...words: string[]): Promise<ActAnswer> => await act(...words, '--account', lab)

async function ledger(account = creator): Promise<LedgerAnswer> {
  const ran = await asterism('ledger', project, '--network', 'practice', '--account', account)
  expect(ran.code, ran.error).toBe(0)
  return ran.answer as LedgerAnswer
}

/** A work as the ledger of an account has it; undefined where it is not in it. */
const workIn = async (tokenId: string, account = creator): Promise<LedgerAnswer['works'][number] | undefined> =>
  (await ledger(account)).works.find((each) => each.token_id === tokenId)
const cameToLab = async (tokenId: string): Promise<string | undefined> => (await workIn(tokenId, lab))?.came

async function mint(name: string, metadata = {}): Promise<{ directory: string; work: string; tokenId: string }> {
  const { directory, tokenId } = writePackage(home, name, metadata)
  const signer = await practiceSigner(home)
  await mintPackage({ home, packageDirectory: directory, networkId: 'practice', signer })
  await signer.close()
  return { directory, tokenId, work: `${collectionAddress(creator)}/${tokenId}` }
}

/** What no program of ours would sign: the account is played by the chain. */
async function byOtherMeans(name: string, ...args: unknown[]): Promise<void> {
  await rpc.call('anvil_impersonateAccount', [creator])
  const data = contentInterface.encodeFunctionData(name, args)
  const hash = await rpc.call('eth_sendTransaction', [{ from: creator, to: collectionAddress(creator), data }])
  await expect.poll(() => rpc.call('eth_getTransactionReceipt', [hash])).toMatchObject({ status: '0x1' })
  await rpc.call('anvil_stopImpersonatingAccount', [creator])
}
const terms = (told: readonly { readonly reason: string }[] = []): string => told.map(({ reason }) => reason).join('\n')
const warned = ({ warnings }: ActAnswer): string[] => warnings.map(({ said }) => said!.code)
async function later(seconds: number): Promise<void> {
  await rpc.call('evm_increaseTime', [seconds])
  await rpc.call('evm_mine', [])
}

beforeAll(async () => {
  home = makeHome()
  await startPracticeNetwork({ home })
  rpc = await practiceRpc(home)
  const signer = await practiceSigner(home)
  creator = signer.address
  await signer.close()
  lab = await plantWallet(home, PLANTED_KEY, PASSPHRASE)
  expect(await asterism('practice', 'fund', lab)).toMatchObject({ code: 0, answer: { address: lab } })
  project = join(home, 'works.asterism')
  ProjectStore.create(project, 'Works').close()
})
afterAll(async () => {
  await removeHome(home)
})

describe('a work from its mint to its income, by the command line on a real chain', () => {
  it('is auctioned: listed, bid for, settled, paid out; run again nothing is done twice', async () => {
    const properties = { licence: 'CC-BY-4.0', training_use: 'allowed' }
    const { directory, tokenId, work } = await mint('auctioned', { properties })
    await byOtherMeans('setUser', tokenId, creator, 2n ** 64n - 1n)
    const list = ['auction', 'list', directory, '--reserve', '0.1', '--hours', '1']
    expect(await act(...list, '--dry-run')).toMatchObject({ dry_run: true, transaction: null, already_done: false })
    const dry = await act(...list, '--dry-run')
    const listed = await act(...list)
    expect(listed).toMatchObject({ act: 'offer', token_id: tokenId, already_done: false, value_wei: '0' })
    expect(listed.gas_used).toBe(dry.gas_used)
    expect(await act(...list)).toMatchObject({ already_done: true, transaction: null })
    const bid = ['auction', 'bid', work, '--amount', '0.2']
    const endless = `${creator}, who sells it, may use the work without end`
    expect((await asLab(...bid, '--dry-run')).warnings[0]?.reason).toContain(endless)
    const before = shown.length
    const licensed = ['--package', directory]
    expect(await asLab(...bid, ...licensed)).toMatchObject({ value_wei: String(ETHER / 5n), already_done: false })
    // On the page where it is signed stands on what terms, and all that there is to be warned of.
    const onPage = terms(shown.slice(before).flatMap((request) => request.told ?? []))
    expect(onPage).toContain(
      `Bid: 0.2 ETH, held by the market until somebody bids more. If it wins, all of it goes to ${creator}.`,
    )
    expect(onPage).toContain('Licence, by its metadata: CC-BY-4.0. Training of models: allowed.')
    expect(onPage).toContain(endless)
    expect(onPage).not.toContain('No lease outlives')
    // Said before it is signed, not in the answer alone.
    expect(said.join('\n')).toContain(endless)
    expect(await asLab(...bid)).toMatchObject({ already_done: true })
    expect(await cameToLab(tokenId)).toBe('bid')
    const low = await asterism('auction', 'bid', work, '--amount', '0.2', '--network', 'practice')
    expect(low).toMatchObject({
      code: 1,
      error: expect.stringMatching(/The bid is too low. Bid 0\.2\d* ETH or more/) as string,
    })
    const early = await asterism('auction', 'settle', work, '--network', 'practice')
    expect(early).toMatchObject({ code: 1, error: expect.stringContaining('not over yet') as string })
    await later(3_700)
    expect((await act('auction', 'settle', work)).transaction).toMatch(/^0x/)
    expect(await act('auction', 'settle', work)).toMatchObject({ already_done: true })
    const told = await workIn(tokenId)
    expect(told?.lease?.expires).toBe('9999-12-31T23:59:59.000Z')
    expect(told).toMatchObject({ owner: lab, offer: null, bids: [{ bidder: lab }], sales: [{ buyer: lab }] })
    expect((await ledger()).income).toMatchObject({ sales_wei: String(((ETHER / 5n) * 95n) / 100n) })
    const owed = { owed_wei: String(ETHER / 5n), already_done: false }
    expect(await act('auction', 'withdraw', '--dry-run')).toMatchObject({ ...owed, paid_out_wei: null })
    expect(await act('auction', 'withdraw')).toMatchObject({ ...owed, paid_out_wei: owed.owed_wei })
    expect(terms(shown.at(-1)!.told)).toContain('The market owes you 0.2 ETH.')
    expect(await act('auction', 'withdraw')).toMatchObject({ already_done: true, owed_wei: '0', paid_out_wei: '0' })
    expect((await ledger()).income.owed_wei).toBe('0')
    // Who bought it has it in the ledger too, with all that became of it, and nothing of the collection's other works.
    const { tokenId: notSold } = await mint('not sold')
    expect(await workIn(tokenId, lab)).toEqual({ ...told, came: 'bought' })
    expect(await cameToLab(notSold)).toBeUndefined()
  })

  it('is leased: offered, rented, given back, its rent divided', async () => {
    const { directory, tokenId, work } = await mint('leased')
    await act('lease', 'offer', directory, '--rent', '0.01', '--period-days', '1', '--most', '5')
    expect(await asLab('lease', 'accept', work, '--periods', '4')).toMatchObject({ value_wei: String(ETHER / 25n) })
    expect((await workIn(tokenId))?.lease?.user).toBe(lab)
    expect(await asLab('lease', 'accept', work, '--periods', '4')).toMatchObject({ already_done: true, value_wei: '0' })
    expect(await asLab('lease', 'accept', work, '--periods', '5')).toMatchObject({ value_wei: String(ETHER / 100n) })
    // By then the market has handed on the rent of the period that runs, and counts it no longer.
    expect(await asLab('lease', 'accept', work, '--periods', '5')).toMatchObject({ already_done: true, value_wei: '0' })
    expect(await cameToLab(tokenId)).toBe('leased')
    expect((await workIn(tokenId))?.rent).toEqual({ lessor: creator, held_wei: String(ETHER / 25n) })
    await later(DAY_SECONDS)
    const handedOn = await act('lease', 'expire', directory)
    expect(terms(handedOn.terms)).toContain(`0.01 ETH of the rent goes to ${creator}`)
    expect(await act('lease', 'expire', directory)).toMatchObject({ already_done: true })
    expect((await workIn(tokenId))?.rent).toMatchObject({ held_wei: String((ETHER * 3n) / 100n) })
    expect(terms((await asLab('lease', 'end', work)).terms)).toContain(`0.03 ETH of the rent goes back to ${lab}`)
    expect(await workIn(tokenId)).toMatchObject({ lease: null, rent: null, offer: { kind: 'lease' } })
    expect((await ledger()).income.rent_wei).toBe(String(ETHER / 50n))
    await act('lease', 'cancel', directory)
    const granted = ['lease', 'grant', directory, '--to', lab, '--until', '2999-01-01']
    expect((await act(...granted)).already_done).toBe(false)
    expect(await act(...granted)).toMatchObject({ already_done: true })
    expect((await workIn(tokenId))?.lease?.expires).toContain('2999-01-01')
  })

  it('is sealed, and its key is released to whoever the chain shows as the lessee, to nobody else', async () => {
    const scans = await scanProject(join(home, 'scans'))
    const { path, token_id: tokenId } = await buildPackage(
      packageInput(scans, { sealingSecret: await sealingSecret(home), creatorAddress: creator }),
      join(home, 'sealed'),
    )
    const signer = await practiceSigner(home)
    await mintPackage({ home, packageDirectory: path, networkId: 'practice', signer })
    await signer.close()
    const work = `${collectionAddress(creator)}/${tokenId}`
    const [asked, given] = [join(home, 'asked.json'), join(home, 'given.json')]
    const request = ['lease-key', 'request', work, '--network', 'practice', '--account', lab, '--out', asked]
    expect((await asterism(...request)).error).toBe('')
    const release = ['lease-key', 'release', asked, '--package', path, '--out', given]
    expect((await asterism(...release, '--network', 'sepolia')).error).toContain('the lease that counts is on Sepolia')
    expect((await asterism(...release)).error).toContain('Nobody leases this work')
    await act('lease', 'grant', path, '--to', lab, '--days', '2')
    const others = join(home, 'asked-by-another.json')
    await asterism('lease-key', 'request', work, '--network', 'practice', '--account', creator, '--out', others)
    const wrong = await asterism('lease-key', 'release', others, ...release.slice(3))
    expect(wrong.error).toContain(`leased to ${lab}, not to ${creator}`)
    const forged = { ...(JSON.parse(readFileSync(asked, 'utf8')) as object), user: creator }
    writeFileSync(join(home, 'forged-request.json'), JSON.stringify(forged))
    const theft = await asterism('lease-key', 'release', join(home, 'forged-request.json'), ...release.slice(3))
    expect(theft.error).toContain('not of the account')
    // Anybody mints any id into a collection of their own, and leases it there to themselves.
    const own = join(home, 'asked-for-their-own.json')
    await asterism('lease-key', 'request', `${collectionAddress(lab)}/${tokenId}`, ...request.slice(3, -1), own)
    expect((await asterism('lease-key', 'release', own, ...release.slice(3))).error).toContain(
      'not that of the creator',
    )
    expect((await asterism(...release)).answer).toMatchObject({ user: lab, token_id: tokenId })
    // As the window does it: beside the package, and never over a key that was released before.
    const beside = [await asterism(...release.slice(0, 5)), await asterism(...release.slice(0, 5))]
    const stem = `${path}.key-for-${lab.toLowerCase().slice(0, 10)}`
    expect(beside.map(({ answer }) => (answer as { path: string }).path)).toEqual([`${stem}.json`, `${stem}-2.json`])
    const opened = await asterism('lease-key', 'open', `${path}.car`, '--key', given, '--out', join(home, 'opened'))
    expect(opened.error).toBe('')
    expect(readFileSync(join(home, 'opened/media/room-scan.ply'))).toEqual(readFileSync([...scans.paths.values()][0]!))
    const secrets = [sealingSecretPath(home), lesseeKeyPath(home, lab)]
    for (const secret of secrets) {
      const identity = readFileSync(secret, 'utf8').trim().split('\n').at(-1)!
      expect(identity).toMatch(/^AGE-SECRET-KEY-1/)
      for (const told of [asked, given]) expect(readFileSync(told, 'utf8')).not.toContain(identity)
      expect(statSync(secret).mode & 0o077).toBe(0)
    }
    await later(3 * DAY_SECONDS)
    expect(
      (await asterism('lease-key', 'release', asked, '--package', path, '--out', join(home, 'late.json'))).error,
    ).toContain('Nobody leases this work')
  })

  it('is attested by a lab, published by its creator, revoked by the lab', async () => {
    const { directory, tokenId, work } = await mint('attested')
    const file = join(home, 'contribution.json')
    const words = ['contribution', work, '--percent', '1.409', '--model', 'walker-7b', '--benchmark', 'rooms-2026']
    const signed = await asterism('attest', ...words, '--network', 'practice', '--account', lab, '--out', file)
    expect(signed.code, signed.error).toBe(0)
    expect((signed.answer as SignedAttestation).attestation).toMatchObject({ issuer: lab, partsPerMillion: 14_090 })
    expect((await act('attest', 'publish', file)).already_done).toBe(false)
    expect(await act('attest', 'publish', file)).toMatchObject({ already_done: true })
    const contribution = async () => (await workIn(tokenId))?.contributions[0]
    expect(await contribution()).toMatchObject({
      issuer: lab,
      parts_per_million: 14_090,
      revoked: false,
      sentence: "contributed 1.409 % to walker-7b's score on rooms-2026",
    })
    const forged = JSON.parse(readFileSync(file, 'utf8')) as { attestation: { partsPerMillion: number } }
    forged.attestation.partsPerMillion = 140_900
    writeFileSync(join(home, 'forged.json'), JSON.stringify(forged))
    const refused = await asterism('attest', 'publish', join(home, 'forged.json'), '--network', 'practice')
    expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('changed after it was signed') as string })
    await asLab('attest', 'revoke', file)
    expect((await contribution())?.revoked).toBe(true)
    await act('auction', 'sell', directory, '--price', '0.1')
    await byOtherMeans('setRoyalty', lab, 1_000)
    const plan = await asLab('auction', 'buy', work, '--dry-run')
    expect(warned(plan)).toEqual(['chain.buyer.revoked', 'chain.buyer.royalty'])
    expect(terms(plan.terms)).toContain(`Price: 0.1 ETH, paid now. 0.01 ETH of it is the royalty of ${lab}`)
    expect(terms(plan.terms)).toContain(`10 % of the price goes to ${lab}`)
    expect(terms(plan.terms)).toContain('No lease outlives the sale')
    expect(terms(plan.terms)).toContain('which no chain tells')
    const other = writePackage(home, 'another work').directory
    const mistaken = ['auction', 'buy', work, '--package', other, '--network', 'practice', '--account', lab]
    expect((await asterism(...mistaken)).error).toContain('These metadata are of another work')
    expect(plan.warnings[1]?.reason).toContain('was 5 % when the work was minted, and is 10 % now')
    await act('auction', 'cancel', directory)
    const { timestamp } = (await rpc.call('eth_getBlockByNumber', ['latest', false])) as { timestamp: string }
    await byOtherMeans('setUser', tokenId, lab, Number(timestamp) + 2 * DAY_SECONDS)
    // A lease that ends before the auction does is nothing to a buyer.
    await act('auction', 'list', directory, '--reserve', '0.1', '--hours', '72')
    expect(warned(await asLab('auction', 'bid', work, '--amount', '0.1', '--dry-run'))).not.toContain(
      'chain.buyer.lease',
    )
    await act('auction', 'cancel', directory)
    await act('auction', 'list', directory, '--reserve', '0.1', '--hours', '24')
    expect(warned(await asLab('auction', 'bid', work, '--amount', '0.1', '--dry-run'))).toContain('chain.buyer.lease')
  })

  it('is given away, and the ledger follows a chain that takes blocks back', async () => {
    const { directory, tokenId } = await mint('given away')
    const snapshot = await rpc.call('evm_snapshot', [])
    await act('transfer', directory, '--to', lab)
    const owner = async () => (await workIn(tokenId))?.owner
    expect(await owner()).toBe(lab)
    expect(await cameToLab(tokenId)).toBe('given')
    await rpc.call('evm_revert', [snapshot])
    await rpc.call('anvil_mine', ['0x3'])
    expect(await owner()).toBe(creator)
    expect(await cameToLab(tokenId)).toBeUndefined()
  })

  it('is minted by its buyer with a voucher, for its price, once', async () => {
    const { directory, tokenId } = writePackage(home, 'by voucher')
    expect(await act('voucher', 'open')).toMatchObject({ already_done: true })
    const file = join(home, 'voucher.json')
    const words = ['voucher', 'make', directory, '--out', file, ...'--price 0.3 --days 7 --network practice'.split(' ')]
    const voucher = (await asterism(...words)).answer as SignedVoucher
    expect(voucher).toMatchObject({ voucher: { tokenId, price: String((ETHER * 3n) / 10n), series: '0' } })
    // Where it is worth something, what would not be minted is not offered either.
    const abroad = await asterism(...words.slice(0, -1), 'sepolia')
    expect(abroad).toMatchObject({ code: 1, error: expect.stringContaining('The package is not whole') as string })
    const standing = async () => (await asterism('voucher', 'verify', file)).answer
    expect(await standing()).toEqual({ ...voucher, withdrawn: false, minted: false, unread: null })
    expect((await asLab('voucher', 'redeem', file)).value_wei).toBe(voucher.voucher.price)
    expect(shown.at(-1)!.words.join(' ')).toContain('They get 0.3 ETH')
    expect(await asLab('voucher', 'redeem', file)).toMatchObject({ already_done: true, value_wei: '0' })
    expect(await cameToLab(tokenId)).toBe('bought')
    await act('voucher', 'withdraw')
    expect(await standing()).toMatchObject({ withdrawn: true, minted: true, unread: null })
    const late = await asterism('voucher', 'redeem', file, '--network', 'practice')
    expect(late).toMatchObject({ code: 1, error: expect.stringContaining('already, and is not yours') as string })
    const elsewhere = { ...(await openNetwork(home, 'practice')), policy: policyNamed('sepolia') }
    const there = planAct({ act: 'redeem', signed: voucher }, { network: elsewhere, account: lab, signal: undefined })
    await expect(there).rejects.toMatchObject({ code: 'bad_input' })
    const changed = join(home, 'changed.json')
    for (const change of [{ voucher: { ...voucher.voucher, price: '1' } }, { collection: collectionAddress(lab) }]) {
      writeFileSync(changed, JSON.stringify({ ...voucher, ...change }))
      const forged = await asterism('voucher', 'redeem', changed, '--network', 'practice', '--account', lab)
      expect(forged).toMatchObject({ code: 1, error: expect.stringContaining('changed after it was signed') as string })
    }
    const sold = await workIn(tokenId)
    expect([sold?.owner, sold?.sales[0]?.price_wei]).toEqual([lab, voucher.voucher.price])
  })

  it('pays another royalty once its maker says so, and to nobody who could not take it', async () => {
    const { tokenId } = await mint('of a royalty')
    const royalty = async () => (await workIn(tokenId))?.royalty
    await act('royalty', '--royalty', '5')
    expect((await workIn(tokenId))?.collection_owner).toBe(creator)
    expect(await royalty()).toEqual({ percent: 5, receiver: creator })
    const change = ['royalty', '--royalty', '7.25', '--to', lab]
    const dry = await act(...change, '--dry-run')
    expect(terms(dry.terms)).toContain(`Now 5 % are asked for, paid to ${creator}.`)
    expect(await royalty()).toMatchObject({ percent: 5 })
    expect(await act(...change)).toMatchObject({ already_done: false, gas_used: dry.gas_used, owed_wei: null })
    const { words, told } = shown.at(-1)!
    expect(words.join(' ')).toContain(`From now on 7.25 % of later sales are asked for, paid to ${lab}.`)
    expect(words.join(' ')).toContain('not the account that signs this')
    expect(terms(told)).toContain('for all works of your collection')
    expect(await act(...change)).toMatchObject({ already_done: true, transaction: null })
    expect(await royalty()).toEqual({ percent: 7.25, receiver: lab })
    const signed = shown.length
    for (const [given, code, why] of [
      [['--royalty', '10.01'], 2, '0 to 10'],
      [['--royalty', '7.255'], 2, 'two decimal places'],
      [['--royalty', '5', '--to', MARKET_ADDRESS], 1, 'can take no royalty'],
      [['--royalty', '5', '--to', `0x${'00'.repeat(20)}`], 1, 'can take no royalty'],
      [['--royalty', '5', '--to', lab.replace(/[a-f]/, (letter) => letter.toUpperCase())], 1, 'is not an address'],
      [['--royalty', '5', '--account', lab], 1, 'You have no collection'],
    ] as const) {
      const refused = await asterism('royalty', ...given, '--network', 'practice')
      expect([refused.code, refused.error], given.join(' ')).toEqual([code, expect.stringContaining(why)])
    }
    const scene = { network: await openNetwork(home, 'practice'), account: lab, signal: undefined }
    const others = { act: 'setRoyalty', collection: collectionAddress(creator), receiver: null, royaltyBasisPoints: 0 }
    await expect(planAct(others as ChainAct, scene)).rejects.toMatchObject({ code: 'chain_refused' })
    expect(shown.length).toBe(signed)
    expect(await act('royalty', '--royalty', '5')).toMatchObject({ already_done: false })
  })

  it('stands on contracts that anybody deploys, once, at their own addresses', async () => {
    expect(await act('deploy')).toMatchObject({ already_done: true, transaction: null })
    const standing = await rpc.call('eth_getCode', [STARS_ADDRESS, 'latest'])
    await rpc.call('anvil_setCode', [STARS_ADDRESS, '0x'])
    await rpc.call('anvil_setNonce', [STARS_ADDRESS, '0x0'])
    const missing = await asterism('auction', 'withdraw', '--network', 'practice')
    expect(missing).toMatchObject({ code: 1, error: expect.stringContaining('asterism deploy') as string })
    expect(await act('deploy', '--dry-run')).toMatchObject({ dry_run: true, already_done: false })
    expect(await act('deploy')).toMatchObject({ already_done: false })
    expect(await act('deploy')).toMatchObject({ already_done: true })
    await rpc.call('anvil_setCode', [STARS_ADDRESS, '0x6000'])
    const swapped = await asterism('deploy', '--network', 'practice')
    expect(swapped).toMatchObject({ code: 1, error: expect.stringContaining('other code than StarRegistry') as string })
    await rpc.call('anvil_setCode', [STARS_ADDRESS, standing])
  })

  it('refuses wrong words with 2, and what does not belong to the account with 1', async () => {
    const { work } = await mint('not theirs')
    for (const words of [
      ['auction', 'steal', work],
      ['auction', 'list', work, '--reserve', 'much', '--hours', '1'],
      ['lease', 'offer', work, '--rent', '0.1', '--period-days', '1'],
      ['transfer', work],
    ]) {
      expect((await asterism(...words, '--network', 'practice')).code, words.join(' ')).toBe(2)
    }
    // The lab has made nothing: a call to a collection that is not there would cost its fee all the same.
    for (const [words, why] of [
      [['transfer', work, '--to', `0x${'ab'.repeat(20)}`], 'belongs to'],
      [['voucher', 'withdraw', '--dry-run'], 'nothing to withdraw'],
    ] as const) {
      const foreign = await asterism(...words, '--network', 'practice', '--account', lab)
      expect(foreign).toMatchObject({ code: 1, error: expect.stringContaining(why) as string })
    }
  })
})
