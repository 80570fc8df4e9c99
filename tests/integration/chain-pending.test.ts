import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Transaction } from 'ethers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { performAct } from '../../electron/engine/chain/act.ts'
import { PRACTICE_CHAIN_ID } from '../../electron/engine/chain/chain-policies.ts'
import { collectionAddress, contentInterface } from '../../electron/engine/chain/contracts.ts'
import { eventStoreOf } from '../../electron/engine/chain/ledger/event-store.ts'
import { readLedger } from '../../electron/engine/chain/ledger/ledger.ts'
import { fileMintJournal, type MintJournalEntry } from '../../electron/engine/chain/mint-journal.ts'
import { mintPackage } from '../../electron/engine/chain/mint.ts'
import { openNetwork } from '../../electron/engine/chain/networks.ts'
import { changePending, listPending } from '../../electron/engine/chain/pending.ts'
import { startPracticeNetwork } from '../../electron/engine/chain/practice-network.ts'
import { practicePaths } from '../../electron/engine/chain/practice-status.ts'
import type { Rpc } from '../../electron/engine/chain/rpc.ts'
import { tokenOwner } from '../../electron/engine/chain/token-lookup.ts'
import type { SigningDescription } from '../../electron/engine/chain/signer/description.ts'
import type { ChainSigner } from '../../electron/engine/chain/chain-signer.ts'
import { ProjectStore } from '../../electron/engine/project/store.ts'
import type { ActAnswer, ChainAct, LedgerAnswer } from '../../shared/contract/chain-acts.ts'
import { makeHome, practiceRpc, practiceSigner, removeHome, writePackage } from '../fixtures/chain/chain-home.ts'

const SOMEBODY = `0x${'ab'.repeat(20)}`

let home: string
let rpc: Rpc
let signer: ChainSigner
const shown: SigningDescription[] = []

beforeAll(async () => {
  home = makeHome()
  await startPracticeNetwork({ home })
  rpc = await practiceRpc(home)
  signer = await practiceSigner(home, shown)
})
afterEach(async () => void (await rpc.call('evm_setAutomine', [true])))
afterAll(async () => {
  await signer.close()
  await removeHome(home)
})

const pending = () => listPending(fileMintJournal(home), PRACTICE_CHAIN_ID)
const change = (hash: string, what: 'bump' | 'cancel') =>
  changePending({ home, networkId: 'practice', signer, hash, change: what })
const owner = async (tokenId: string): Promise<string | null> =>
  await tokenOwner(await openNetwork(home, 'practice'), collectionAddress(signer.address), tokenId)

/** Mints a work and signs to give it away, on a chain that takes nothing into a block; the process forgets about it. */
async function waiting(name: string): Promise<{ tokenId: string; hash: string; give: () => Promise<unknown> }> {
  const { directory, tokenId } = writePackage(home, name)
  await mintPackage({ home, packageDirectory: directory, networkId: 'practice', signer })
  const act = { act: 'transfer', work: { collection: null, tokenId }, to: SOMEBODY } as const
  const give = (signal?: AbortSignal) =>
    performAct({ home, networkId: 'practice', signer, act, dryRun: false, ...(signal ? { signal } : {}) })
  await rpc.call('evm_setAutomine', [false])
  const abort = new AbortController()
  const left = give(abort.signal).catch((error: unknown) => error)
  while (!(await pending()).some(({ token_id: token, stage }) => token === tokenId && stage === 'sent')) await sleep(20)
  abort.abort()
  await left
  const { transaction } = (await pending()).find(({ token_id: token }) => token === tokenId)!
  return { tokenId, hash: transaction, give: () => give() }
}

/** Blocks come again once the replacement has gone out; before, they would take what is replaced. */
async function withBlocks<T>(work: Promise<T>, hash: string): Promise<T> {
  while (!(await pending()).some(({ transaction, stage }) => transaction !== hash && stage === 'sent')) await sleep(20)
  await rpc.call('anvil_mine', ['0x1'])
  return await work
}

describe('a transaction that waits', () => {
  it('is listed, made dearer in its place, and done once', async () => {
    const { tokenId, hash } = await waiting('dearer')
    const [before] = await pending()
    expect(before).toMatchObject({ transaction: hash, token_id: tokenId, stage: 'sent', cancels: false })
    const result = await withBlocks(change(hash, 'bump'), hash)
    expect(result).toMatchObject({ outcome: 'done', replaced: hash })
    expect(result.transaction).not.toBe(hash)
    expect((await owner(tokenId))?.toLowerCase()).toBe(SOMEBODY)
    expect(await pending()).toEqual([])
  })

  it('is cancelled in its place: nothing is done, and it can be done again afterwards', async () => {
    const { tokenId, hash, give } = await waiting('regretted')
    const nonces = async () => Number(await rpc.call('eth_getTransactionCount', [signer.address, 'latest']))
    const before = await nonces()
    expect(await withBlocks(change(hash, 'cancel'), hash)).toMatchObject({ outcome: 'cancelled', replaced: hash })
    expect(await nonces()).toBe(before + 1)
    expect(await owner(tokenId)).toBe(signer.address)
    expect(await pending()).toEqual([])
    await rpc.call('evm_setAutomine', [true])
    await give()
    expect((await owner(tokenId))?.toLowerCase()).toBe(SOMEBODY)
  })

  it('comes back as it was signed, when the chain took back the blocks with it: the mint, and what was done after it', async () => {
    const { directory, tokenId } = writePackage(home, 'taken back')
    const mint = () => mintPackage({ home, packageDirectory: directory, networkId: 'practice', signer })
    const act = { act: 'transfer', work: { collection: null, tokenId }, to: SOMEBODY } as const
    const give = () => performAct({ home, networkId: 'practice', signer, act, dryRun: false })
    const minted = await mint()
    const given = await give()
    const agreements = shown.length
    await rpc.call('anvil_reorg', [2, []])
    expect(await owner(tokenId)).toBe(null)
    expect(await mint()).toMatchObject({ already_minted: false, transaction: minted.transaction })
    expect(await give()).toMatchObject({ already_done: false, transaction: given.transaction })
    expect((await owner(tokenId))?.toLowerCase()).toBe(SOMEBODY)
    expect(shown.length).toBe(agreements)
    expect(await pending()).toEqual([])
  })

  it('of an auction comes back as it was signed, and is told once, when bid and settlement are undone or move', async () => {
    const { directory, tokenId } = writePackage(home, 'auctioned twice')
    await mintPackage({ home, packageDirectory: directory, networkId: 'practice', signer })
    const collection = collectionAddress(signer.address)
    const work = { collection: null, tokenId }
    const project = ProjectStore.create(join(home, 'auction.asterism'), 'Auction')
    const ledger = async (): Promise<LedgerAnswer> =>
      await readLedger({
        network: await openNetwork(home, 'practice'),
        store: eventStoreOf(project.database),
        collections: [collection],
        account: signer.address,
      })
    const told = async () => (await ledger()).works.find((each) => each.token_id === tokenId)!
    const perform = async (act: ChainAct): Promise<ActAnswer> =>
      await performAct({ home, networkId: 'practice', signer, act, dryRun: false })
    /** Undoes the last blocks; the transaction stands in another one then, where it is wanted. */
    const undo = async (blocks: number, kept: string | null = null): Promise<void> => {
      const raw = kept && (await rpc.call('eth_getRawTransactionByHash', [kept]))
      await rpc.call('anvil_reorg', [blocks, raw ? [[raw, blocks - 1]] : []])
    }
    const terms = { kind: 'auction', priceWei: '1000', spanSeconds: 3_600, mostPeriods: 0, only: null } as const
    await perform({ act: 'offer', work, terms })

    const bid = { act: 'bid', work, amountWei: '2000' } as const
    const { transaction } = await perform(bid)
    expect((await told()).bids).toHaveLength(1)
    const agreements = shown.length
    await undo(1)
    expect((await told()).bids).toEqual([])
    expect(await perform(bid)).toMatchObject({ already_done: false, transaction })
    await rpc.call('anvil_mine', ['0x2'])
    await undo(3, transaction)
    expect(await perform(bid)).toMatchObject({ already_done: true })
    expect((await told()).bids).toMatchObject([{ amount_wei: '2000', transaction }])
    // Undone, and another was faster: what is too low by now is not sent.
    await undo(1)
    const higher = await perform({ act: 'bid', work, amountWei: '3000' })
    await expect(perform(bid)).rejects.toThrow('too low')
    expect((await told()).bids).toMatchObject([{ amount_wei: '3000', transaction: higher.transaction }])

    await rpc.call('evm_increaseTime', [3_700])
    await rpc.call('evm_mine', [])
    const settle = { act: 'settle', work } as const
    const settled = await perform(settle)
    const income = (await ledger()).income
    await undo(1)
    expect(await told()).toMatchObject({ offer: { kind: 'auction' }, sales: [] })
    expect(await perform(settle)).toMatchObject({ already_done: false, transaction: settled.transaction })
    await rpc.call('anvil_mine', ['0x2'])
    await undo(3, settled.transaction)
    expect(await perform(settle)).toMatchObject({ already_done: true })
    expect(await told()).toMatchObject({ offer: null, sales: [{ price_wei: '3000' }] })
    expect((await ledger()).income).toEqual(income)
    expect(shown).toHaveLength(agreements + 2)
    project.close()
  })

  it('that is in a block already cannot be cancelled, and is told as done', async () => {
    const { tokenId, hash } = await waiting('too late')
    await rpc.call('anvil_mine', ['0x1'])
    expect(await change(hash, 'cancel')).toMatchObject({ outcome: 'done', transaction: hash, replaced: null })
    expect((await owner(tokenId))?.toLowerCase()).toBe(SOMEBODY)
    await expect(change(hash, 'cancel')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('and is faster than what was to cancel it, stays in the journal as it was mined, and comes back as that', async () => {
    const { tokenId, hash, give } = await waiting('faster')
    const files = fileMintJournal(home)
    let signed: MintJournalEntry | null = null
    const put = async (entry: MintJournalEntry): Promise<void> => {
      await files.put(entry)
      if (!signed && entry.cancels) await rpc.call('anvil_mine', ['0x1'])
      signed ??= entry
    }
    const options = { home, networkId: 'practice', signer, hash, change: 'cancel', journal: { ...files, put } } as const
    expect(await changePending(options)).toMatchObject({ outcome: 'done', transaction: hash })
    const kept = (await files.find(signed!.key))!
    expect(kept).toMatchObject({ stage: 'final', transactionHash: hash, cancels: false })
    expect(Transaction.from(kept.rawTransaction!).hash).toBe(hash)
    expect(kept.replacedHashes).toEqual([signed!.transactionHash])
    const agreements = shown.length
    await rpc.call('evm_setAutomine', [true])
    await rpc.call('anvil_reorg', [1, []])
    expect(await owner(tokenId)).toBe(signer.address)
    expect(await give()).toMatchObject({ already_done: false, transaction: hash })
    expect((await owner(tokenId))?.toLowerCase()).toBe(SOMEBODY)
    expect(shown.length).toBe(agreements)
  })
})

it('two homes with one account, which share no lock and no journal, make one token of each work', async () => {
  const other = makeHome()
  symlinkSync(practicePaths(home).folder, practicePaths(other).folder)
  const mint = (name: string, at = home, more: object = {}) =>
    mintPackage({
      home: at,
      packageDirectory: join(home, 'packages', name),
      networkId: 'practice',
      signer,
      ...more,
    })
  try {
    const ids = ['the first', 'cut short', 'both', 'other'].map((name) => writePackage(home, name).tokenId)
    await mint('the first')
    // Signed here, and not sent: the other home takes its place, with the same work and with another.
    const [abort, journal] = [new AbortController(), fileMintJournal(home)]
    const put = async (entry: MintJournalEntry): Promise<void> => {
      await journal.put(entry)
      if (entry.stage === 'signed') abort.abort()
    }
    const cut = mint('cut short', home, { journal: { ...journal, put }, signal: abort.signal })
    await expect(cut).rejects.toMatchObject({ code: 'cancelled' })
    await mint('other', other)
    const rounds = [['both', 'both'] as const, ['cut short', 'cut short'] as const]
    for (const [here, there] of rounds) {
      await Promise.allSettled([mint(here), mint(there, other)])
      // Whoever came too late may have been told so, and does it again.
      for (const at of [home, other]) expect(await mint(here, at)).toMatchObject({ already_minted: true })
    }
    const transfer = contentInterface.getEvent('Transfer')!.topicHash
    const filter = {
      fromBlock: '0x0',
      address: collectionAddress(signer.address),
      topics: [transfer, `0x${'0'.repeat(64)}`],
    }
    const logs = (await rpc.call('eth_getLogs', [filter])) as { topics: string[] }[]
    for (const id of ids) expect(logs.filter(({ topics }) => topics[3] === id)).toHaveLength(1)
    for (const at of [home, other]) expect(await fileMintJournal(at).underWay()).toEqual([])
  } finally {
    rmSync(other, { recursive: true, force: true })
  }
})
