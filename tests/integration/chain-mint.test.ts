import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Transaction } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { performAct } from '../../electron/engine/chain/act.ts'
import {
  collectionAddress,
  contentInterface,
  MARKET_ADDRESS,
  marketInterface,
} from '../../electron/engine/chain/contracts.ts'
import { dryRun } from '../../electron/engine/chain/dry-run.ts'
import { fileMintJournal } from '../../electron/engine/chain/mint-journal.ts'
import { mintPackage, type MintResult } from '../../electron/engine/chain/mint.ts'
import { startPracticeNetwork, stopPracticeNetwork } from '../../electron/engine/chain/practice-network.ts'
import { openNetwork } from '../../electron/engine/chain/networks.ts'
import { practicePaths } from '../../electron/engine/chain/practice-status.ts'
import type { SigningDescription } from '../../electron/engine/chain/signer/description.ts'
import { openSigner } from '../../electron/engine/chain/wallet.ts'
import type { ChainSigner } from '../../electron/engine/chain/chain-signer.ts'
import { seededRandom } from '../../shared/geometry/random.ts'
import { makeHome, practiceRpc, practiceSigner, removeHome, writePackage } from '../fixtures/chain/chain-home.ts'
import { runKills } from '../fixtures/chain/kill-run.ts'
import { interpose } from '../fixtures/chain/rpc-proxy.ts'

const CRASH_MINTER = fileURLToPath(new URL('../fixtures/chain/crash-minter.ts', import.meta.url))

let home: string
let signer: ChainSigner
let collection: string
const shown: SigningDescription[] = []

beforeAll(async () => {
  home = makeHome()
  await startPracticeNetwork({ home })
  signer = await practiceSigner(home, shown)
  collection = collectionAddress(signer.address)
})
afterAll(async () => {
  await signer.close()
  await removeHome(home)
})

const mint = (packageDirectory: string, more: object = {}): Promise<MintResult> =>
  mintPackage({ home, packageDirectory, networkId: 'practice', signer, ...more })

/** The first mint makes the collection, asks more, sends more and says so; a test that counts any of it comes after one. */
async function hasCollection(): Promise<void> {
  await mint(writePackage(home, 'the first of all').directory)
}

/** Runs a minter that kills itself; how it ended. */
function crash(packageDirectory: string, moment: string): Promise<string | number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CRASH_MINTER, home, packageDirectory, moment], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(signal ?? code))
  })
}

async function transfers(tokenId: string): Promise<number> {
  const filter = {
    fromBlock: '0x0',
    toBlock: 'latest',
    address: collection,
    topics: [contentInterface.getEvent('Transfer')!.topicHash, null, null, tokenId],
  }
  return ((await (await practiceRpc(home)).call('eth_getLogs', [filter])) as unknown[]).length
}

async function transactionCount(): Promise<number> {
  return Number(await (await practiceRpc(home)).call('eth_getTransactionCount', [signer.address, 'latest']))
}

describe('a mint that is killed', () => {
  it('while the collection is being made, at one moment after the other, ends in one collection and one token', async () => {
    const { directory, tokenId } = writePackage(home, 'killed throughout')
    const moments = ['create:after:planned', 'create:after:signed', 'create:before:sent', 'mint:after:signed']
    for (const moment of moments) expect(await crash(directory, moment), moment).toBe('SIGKILL')
    const result = await mint(directory)
    expect(result).toMatchObject({ already_minted: false, token_id: tokenId, contract: collection })
    expect(await transfers(tokenId)).toBe(1)
    expect(await transactionCount()).toBe(2)
  })

  it.each(['after:planned', 'after:signed', 'before:sent', 'after:sent', 'after:mined', 'after:final'])(
    '%s, run again, ends in one token and one transaction',
    async (moment) => {
      await hasCollection()
      const { directory, tokenId } = writePackage(home, `killed ${moment}`)
      const before = await transactionCount()
      expect(await crash(directory, `mint:${moment}`)).toBe('SIGKILL')
      const again = await mint(directory)
      expect(again.token_id).toBe(tokenId)
      expect(again.transaction).toMatch(/^0x[0-9a-f]{64}$/)
      expect(await transfers(tokenId)).toBe(1)
      expect(await transactionCount()).toBe(before + 1)
      expect((await mint(directory)).transaction).toBe(again.transaction)
      expect(await fileMintJournal(home).underWay()).toEqual([])
    },
  )

  it('and whose place was taken by another mint meanwhile, is planned anew', async () => {
    const [late, quick] = [writePackage(home, 'late'), writePackage(home, 'quick')]
    expect(await crash(late.directory, 'mint:after:signed')).toBe('SIGKILL')
    await mint(quick.directory)
    expect(await mint(late.directory)).toMatchObject({ already_minted: false, token_id: late.tokenId })
    expect(await transfers(late.tokenId)).toBe(1)
    expect(await transfers(quick.tokenId)).toBe(1)
  })

  it('and whose fee has become too low meanwhile, is replaced in its place', async () => {
    const { directory, tokenId } = writePackage(home, 'dear')
    expect(await crash(directory, 'mint:after:signed')).toBe('SIGKILL')
    const rpc = await practiceRpc(home)
    await rpc.call('anvil_setNextBlockBaseFeePerGas', ['0x174876e800'])
    await rpc.call('anvil_mine', ['0x1'])
    const before = await transactionCount()
    expect((await mint(directory)).token_id).toBe(tokenId)
    expect(await transactionCount()).toBe(before + 1)
    const entry = await fileMintJournal(home).find(`7878787:${collection}:mint:${tokenId}`)
    expect(entry).toMatchObject({ stage: 'final', replacedHashes: [expect.stringMatching(/^0x/) as string] })
    await rpc.call('anvil_setNextBlockBaseFeePerGas', ['0x3b9aca00'])
    await rpc.call('anvil_mine', ['0x1'])
  })
})

describe('a mint', () => {
  it('finds its own token the second time, and signs nothing then', async () => {
    await hasCollection()
    const { directory, tokenId } = writePackage(home, 'twice')
    const first = await mint(directory)
    const signed = shown.length
    const second = await mint(directory)
    expect(first).toMatchObject({ network: 'practice', contract: collection, token_id: tokenId, already_minted: false })
    expect(second).toEqual({ ...first, already_minted: true })
    expect(await mint(directory, { dryRun: true })).toEqual({ ...second, dry_run: true })
    expect(shown).toHaveLength(signed)
    expect(first.gas_used).toBeLessThanOrEqual(52_274)
  })

  it('finds it without a journal too', async () => {
    await hasCollection()
    const { directory } = writePackage(home, 'no journal')
    const first = await mint(directory)
    rmSync(join(home, 'mint-journal'), { recursive: true })
    expect(await mint(directory)).toEqual({ ...first, already_minted: true })
  })

  it('costs what the dry run says, which shows nobody anything to sign and changes nothing', async () => {
    const { directory } = writePackage(home, 'dry')
    const [signed, before] = [shown.length, await transactionCount()]
    const dry = await mint(directory, { dryRun: true })
    expect(dry).toMatchObject({ dry_run: true, already_minted: false, transaction: null })
    expect([shown.length, await transactionCount()]).toEqual([signed, before])
    const real = await mint(directory)
    expect(real.gas_used).toBe(dry.gas_used)
    // What a contract would refuse has its reason, and no price.
    const nothing = { to: MARKET_ADDRESS, data: marketInterface.encodeFunctionData('withdraw', [signer.address]) }
    await expect(dryRun(await openNetwork(home, 'practice'), signer.address, [nothing])).rejects.toMatchObject({
      code: 'chain_refused',
      message: 'The market owes this account nothing.',
    })
  })

  it('shows what it signs before it signs it, and signs nothing that was not agreed to', async () => {
    await hasCollection()
    const { directory, tokenId } = writePackage(home, 'shown')
    const before = await transactionCount()
    const refusing = await openSigner({
      home,
      networkId: 'practice',
      confirmSigning: () => Promise.resolve(false),
      askPassphrase: () => Promise.reject(new Error('none')),
    })
    await expect(mint(directory, { signer: refusing })).rejects.toMatchObject({ code: 'signing_refused' })
    await refusing.close()
    expect(await transactionCount()).toBe(before)
    await mint(directory)
    const last = shown.at(-1)!
    expect(last.fields.find(({ name }) => name === 'tokenId')?.value).toBe(String(BigInt(tokenId)))
    expect(last).toMatchObject({ practice: true, account: signer.address })
  })

  it('warns when the metadata name another creator', async () => {
    const foreign = writePackage(home, 'foreign', {
      properties: { creator: { name: 'Ada', address: `0x${'12'.repeat(20)}` } },
    })
    const own = writePackage(home, 'own', { creator: `eip155:1:${signer.address}` })
    expect((await mint(foreign.directory, { dryRun: true })).warnings).toHaveLength(1)
    expect((await mint(own.directory, { dryRun: true })).warnings).toEqual([])
  })

  it('of several processes at once makes one token', async () => {
    const { directory, tokenId } = writePackage(home, 'race')
    const results = await Promise.all([mint(directory), mint(directory), mint(directory)])
    expect(results.filter((result) => !result.already_minted)).toHaveLength(1)
    expect(new Set(results.map((result) => result.transaction)).size).toBe(1)
    expect(await transfers(tokenId)).toBe(1)
  })

  it('refuses what is no package, no network, no royalty', async () => {
    const { directory } = writePackage(home, 'refusals')
    mkdirSync(join(home, 'empty'), { recursive: true })
    await expect(mint(join(home, 'empty'))).rejects.toMatchObject({ code: 'not_found' })
    await expect(mint(directory, { networkId: 'mainnet' })).rejects.toMatchObject({ code: 'bad_input' })
    await expect(mint(directory, { networkId: 'sepolia' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(mint(directory, { royaltyBasisPoints: 1_001 })).rejects.toMatchObject({ code: 'bad_input' })
    await expect(mint(directory, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
    for (const text of ['', 'null', '[]', '{"name":']) {
      writeFileSync(join(home, 'empty', 'metadata.json'), text)
      await expect(mint(join(home, 'empty'))).rejects.toMatchObject({ code: 'corrupt_file' })
    }
    writeFileSync(join(home, 'empty', 'metadata.json'), JSON.stringify({ name: 'x'.repeat(1024 * 1024) }))
    await expect(mint(join(home, 'empty'))).rejects.toMatchObject({ code: 'too_large' })
  })
})

describe('several works at once', () => {
  it('are minted in one transaction, and only what is missing the second time', async () => {
    await hasCollection()
    const tokenIds = ['a', 'b', 'c'].map((name) => writePackage(home, `batch ${name}`).tokenId)
    const batch = (ids: readonly string[], journal = fileMintJournal(home)) =>
      performAct({
        home,
        journal,
        networkId: 'practice',
        signer,
        act: { act: 'mintBatch', tokenIds: [...ids], royaltyBasisPoints: 500 },
        dryRun: false,
      })
    const before = await transactionCount()
    expect(await batch(tokenIds.slice(0, 2))).toMatchObject({ already_done: false, contract: collection })
    expect(await transactionCount()).toBe(before + 1)
    // Cut short between the block that takes it and the journal, which learns of it when it is done again.
    const journal = fileMintJournal(home)
    const put: typeof journal.put = (entry) =>
      entry.stage === 'mined' ? Promise.reject(new Error()) : journal.put(entry)
    await expect(batch(tokenIds, { ...journal, put })).rejects.toThrow()
    expect(await batch(tokenIds)).toMatchObject({ already_done: true, transaction: null })
    expect(await journal.underWay()).toEqual([])
    for (const tokenId of tokenIds) expect(await transfers(tokenId)).toBe(1)
    expect(await transactionCount()).toBe(before + 2)
  })
})

describe('a network that misbehaves', () => {
  it('and loses the answer to the sent transaction: the next run finds one token', async () => {
    await hasCollection()
    const { directory, tokenId } = writePackage(home, 'lost answer')
    const before = await transactionCount()
    const proxy = await interpose(home)
    proxy.behave = async (request, forward) => {
      const answer = await forward()
      return request.method === 'eth_sendRawTransaction' ? null : answer
    }
    await expect(mint(directory)).rejects.toMatchObject({ code: 'network_failed' })
    await proxy.close()
    expect(await mint(directory)).toMatchObject({ already_minted: true, token_id: tokenId })
    expect(await transactionCount()).toBe(before + 1)
  })

  it('and hears the transaction twice, or never at first: one token', async () => {
    await hasCollection()
    const { directory, tokenId } = writePackage(home, 'echo')
    const proxy = await interpose(home)
    let lost = 0
    proxy.behave = async (request, forward) => {
      if (request.method !== 'eth_sendRawTransaction') return await forward()
      lost += 1
      if (lost === 1) return null
      await forward()
      return await forward()
    }
    await expect(mint(directory)).rejects.toMatchObject({ code: 'network_failed' })
    expect((await mint(directory)).token_id).toBe(tokenId)
    await proxy.close()
    expect(lost).toBe(2)
    expect(await transfers(tokenId)).toBe(1)
  })

  it('and lies about its chain, its answers or the fee: nothing is signed', async () => {
    await hasCollection()
    const { directory } = writePackage(home, 'lies')
    const proxy = await interpose(home)
    const signed = shown.length
    const answering =
      (method: string, reply: unknown): typeof proxy.behave =>
      async (request, forward) =>
        request.method === method ? (reply as string) : await forward()
    proxy.behave = async (request, forward) =>
      request.method === 'eth_chainId' ? { id: request.id, result: '0x1' } : await forward()
    await expect(mint(directory)).rejects.toMatchObject({ code: 'chain_refused' })
    proxy.behave = answering('eth_getCode', 'not json')
    await expect(mint(directory)).rejects.toMatchObject({ code: 'network_failed' })
    proxy.behave = answering('eth_call', { id: -1, result: '0x' })
    await expect(mint(directory)).rejects.toMatchObject({ code: 'network_failed' })
    proxy.behave = async (request, forward) => {
      if (request.method === 'eth_getBalance') return { id: request.id, result: `0x${'f'.repeat(40)}` }
      if (request.method !== 'eth_feeHistory') return await forward()
      const dear = '0x9184e72a000000'
      return { id: request.id, result: { baseFeePerGas: [dear, dear], gasUsedRatio: [1], reward: [['0x1']] } }
    }
    await expect(mint(directory)).rejects.toMatchObject({ code: 'signing_refused' })
    proxy.behave = async (request, forward) =>
      request.method === 'eth_getBalance' ? { id: request.id, result: '0x0' } : await forward()
    await expect(mint(directory)).rejects.toThrow('has not enough')
    // Other code in the place of our contracts, and of nothing else.
    proxy.behave = async (request, forward) =>
      request.method === 'eth_getCode' ? { id: request.id, result: '0x6001' } : await forward()
    await expect(mint(directory)).rejects.toThrow('stands other code')
    await proxy.close()
    expect(shown).toHaveLength(signed)
  })

  it('and shows the receipt of something else, or another owner: an error, and one token in the end', async () => {
    await hasCollection()
    const { directory, tokenId } = writePackage(home, 'false receipt')
    const proxy = await interpose(home)
    proxy.behave = async (request, forward) => {
      const answer = await forward()
      const { result } = answer as { result: object | null }
      if (request.method !== 'eth_getTransactionReceipt' || !result) return answer
      return { ...answer, result: { ...result, transactionHash: `0x${'ab'.repeat(32)}` } }
    }
    await expect(mint(directory)).rejects.toThrow('a receipt that is none')
    proxy.behave = (_request, forward) => forward()
    expect(await mint(directory)).toMatchObject({ already_minted: true })
    expect(await transfers(tokenId)).toBe(1)
    const other = writePackage(home, 'false owner')
    let isSent = false
    proxy.behave = async (request, forward) => {
      isSent ||= request.method === 'eth_sendRawTransaction'
      const isOwner = isSent && request.method === 'eth_call'
      return isOwner ? { id: request.id, result: `0x${'00'.repeat(12)}${'5e'.repeat(20)}` } : await forward()
    }
    await expect(mint(other.directory)).rejects.toThrow('the token is not there')
    await proxy.close()
    expect(await mint(other.directory)).toMatchObject({ already_minted: true })
  })

  it('cannot make the signer put another transaction into the journal', async () => {
    const { directory } = writePackage(home, 'exchanged')
    const before = await transactionCount()
    const exchanging: ChainSigner = {
      ...signer,
      address: signer.address,
      signTransaction: async (unsigned, signal) => {
        const transaction = Transaction.from(unsigned)
        transaction.nonce += 1
        return await signer.signTransaction(transaction.unsignedSerialized, signal)
      },
    }
    await expect(mint(directory, { signer: exchanging })).rejects.toThrow('something else')
    expect(await transactionCount()).toBe(before)
  })
})

describe('works that are uploaded and minted by processes killed at random moments', () => {
  it('each become one token, shown before it was signed, whatever the node answers', async () => {
    const own = makeHome()
    try {
      const result = await runKills({ home: own, works: 1, kills: 3, random: seededRandom(11).next, faults: 0.05 })
      expect(result).toMatchObject({ kills: 3, tokens: 1, duplicates: 0, stuck: 0, unseen: 0 })
    } finally {
      await removeHome(own)
    }
  })
})

describe('the practice chain', () => {
  it('keeps tokens and receipts over a restart, on the same ports', async () => {
    await hasCollection()
    const { directory } = writePackage(home, 'restart')
    const first = await mint(directory)
    const before = await startPracticeNetwork({ home })
    await stopPracticeNetwork({ home })
    await expect(mint(directory)).rejects.toMatchObject({ code: 'network_failed' })
    expect(await startPracticeNetwork({ home })).toEqual(before)
    expect(await mint(directory)).toEqual({ ...first, already_minted: true })
  })

  it('that was thrown away is minted on again: nothing waits for a place that never comes', async () => {
    const { directory } = writePackage(home, 'fresh start')
    const first = await mint(directory)
    await stopPracticeNetwork({ home })
    rmSync(practicePaths(home).state)
    await startPracticeNetwork({ home })
    const second = await mint(directory)
    expect(second).toMatchObject({ already_minted: false, token_id: first.token_id })
    expect(second.transaction).not.toBe(first.transaction)
  })
})
