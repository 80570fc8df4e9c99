import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transaction, Wallet } from 'ethers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { MARKET_ADDRESS } from '../../../electron/engine/chain/contracts.ts'
import { fileMintJournal, type MintJournalEntry } from '../../../electron/engine/chain/mint-journal.ts'
import { takeSigned } from '../../../electron/engine/chain/offline-signing.ts'
import { tryLock } from '../../../electron/engine/chain/process-lock.ts'

const entry: MintJournalEntry = {
  format: 1,
  key: '7878787:0xAB:mint:0x01',
  stage: 'signed',
  chainId: 7_878_787,
  account: '0x1',
  contract: '0x2',
  tokenId: '0x01',
  rawTransaction: '0x02',
  transactionHash: '0x03',
  nonce: 4,
  replacedHashes: [],
  replacedTransactions: [],
  refusedTransactions: [],
  creator: null,
  cancels: false,
  blockNumber: null,
  gasUsed: null,
  feeWei: null,
}

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'asterism-journal-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

it('keeps the last entry of a key, in a private file, for whoever opens it next', async () => {
  const journal = fileMintJournal(home)
  expect(await journal.find(entry.key)).toBeNull()
  await journal.put(entry)
  await journal.put({ ...entry, stage: 'sent' })
  await journal.put({ ...entry, key: 'another' })
  expect(await fileMintJournal(home).find(entry.key)).toEqual({ ...entry, stage: 'sent' })
  const files = readdirSync(join(home, 'mint-journal'))
  expect(files).toHaveLength(2)
  for (const file of files) expect(statSync(join(home, 'mint-journal', file)).mode & 0o077).toBe(0)
})

it('refuses an entry that is damaged, and says what to do', async () => {
  const journal = fileMintJournal(home)
  await journal.put(entry)
  const [file] = readdirSync(join(home, 'mint-journal'))
  writeFileSync(join(home, 'mint-journal', file!), '{"format":1')
  await expect(journal.find(entry.key)).rejects.toMatchObject({
    code: 'corrupt_file',
    fix: expect.stringContaining('move this file away') as string,
  })
})

it('locks: one holder at a time, free again as soon as it lets go', async () => {
  const path = join(home, 'a.lock')
  const held = await tryLock(path)
  expect(held).not.toBeNull()
  expect(await tryLock(path)).toBeNull()
  held!.release()
  const next = await tryLock(path)
  expect(next).not.toBeNull()
  next!.release()
})

it('says so when a lock or an entry cannot be written, and leaves nothing half-written', async () => {
  mkdirSync(join(home, 'folder.lock'))
  await expect(tryLock(join(home, 'folder.lock'))).rejects.toMatchObject({ code: 'not_writable' })
  writeFileSync(join(home, 'mint-journal'), 'a file where the folder belongs')
  const fix = expect.stringContaining('ASTERISM_HOME')
  await expect(fileMintJournal(home).put(entry)).rejects.toMatchObject({ code: 'not_writable', fix })
  expect(readdirSync(home).sort()).toEqual(['folder.lock', 'mint-journal'])
})

it('forgets nothing that may still be sent for what was signed on another machine', async () => {
  const wallet = new Wallet(`0x${'11'.repeat(32)}`)
  const signed = async (nonce: number, data: string, key = 'rent', to = MARKET_ADDRESS) => {
    const fees = { gasLimit: 21_000n, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n }
    const unsigned = Transaction.from({ type: 2, chainId: 11_155_111, nonce, to, data, ...fees })
    const about = {
      network: 'sepolia',
      account: wallet.address,
      creator: null,
      contract: MARKET_ADDRESS,
      token_id: null,
    }
    const bytes = { unsigned: unsigned.unsignedSerialized, signed: await wallet.signTransaction(unsigned) }
    return { format: 'asterism-signed-1', ...about, key, ...bytes }
  }
  const first = await signed(7, '0x12345678')
  await takeSigned(home, first)
  // A second one for the same, in another place; and what was signed for something else, under its name.
  for (const other of [await signed(8, '0x12345678'), await signed(7, '0x87654321')]) {
    await expect(takeSigned(home, other)).rejects.toMatchObject({ code: 'conflict' })
  }
  await takeSigned(home, await signed(7, '0x', 'rent', wallet.address))
  expect(await fileMintJournal(home).find('rent')).toMatchObject({
    cancels: true,
    replacedTransactions: [first.signed],
  })
})
