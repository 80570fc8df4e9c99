import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ZeroHash, zeroPadValue } from 'ethers'
import { expect, it, onTestFinished } from 'vitest'
import { mostBlocks, policyNamed } from '../../../electron/engine/chain/chain-policies.ts'
import { contentInterface } from '../../../electron/engine/chain/contracts.ts'
import { aboutCollection, updateIndex } from '../../../electron/engine/chain/ledger/event-index.ts'
import { eventStoreOf } from '../../../electron/engine/chain/ledger/event-store.ts'
import { allLogsOf } from '../../../electron/engine/chain/ledger/all-logs.ts'
import type { Network } from '../../../electron/engine/chain/networks.ts'
import { RpcRefusal } from '../../../electron/engine/chain/rpc.ts'
import { ProjectStore } from '../../../electron/engine/project/store.ts'

const COLLECTION = `0x${'12'.repeat(20)}`
const HEAD = 30_000
const MINTED_IN = 7_000

const hex = (value: number | bigint): string => `0x${value.toString(16)}`

interface Lies {
  readonly head?: bigint
  /** From this block on it makes blocks up, and an event in the first. */
  readonly inventedFrom?: number
  readonly hides?: boolean
  /** It refuses to look through more blocks than these at once. */
  readonly mostAtOnce?: number
}

/** A chain with one event, as a node tells of it. */
function toldBy(origin: string, lies: Lies = {}): { network: Network; asked: () => number } {
  let asked = 0
  const hashOf = (block: number): string => {
    const isInvented = block >= (lies.inventedFrom ?? HEAD + 1)
    return `0x${(isInvented ? 'f' : 'a').repeat(48)}${block.toString(16).padStart(16, '0')}`
  }
  const mintIn = (block: number): object => ({
    address: COLLECTION,
    topics: [contentInterface.getEvent('Transfer')!.topicHash, ZeroHash, zeroPadValue(COLLECTION, 32), ZeroHash],
    data: '0x',
    blockNumber: hex(block),
    logIndex: '0x0',
    transactionHash: `0x${'ab'.repeat(32)}`,
  })
  const answers: Readonly<Record<string, (params: readonly unknown[]) => unknown>> = {
    eth_blockNumber: () => hex(lies.head ?? BigInt(HEAD)),
    eth_getBlockByNumber([at]) {
      const block = Number(at)
      const isThere = block <= HEAD || block >= (lies.inventedFrom ?? Infinity)
      return isThere ? { number: hex(block), hash: hashOf(block) } : null
    },
    eth_getCode: ([, at]) => (Number(at) >= MINTED_IN - 1 ? '0x60' : '0x'),
    eth_getLogs([filter]) {
      const { address, fromBlock, toBlock } = filter as { address: string; fromBlock: string; toBlock: string }
      const [from, to] = [Number(fromBlock), toBlock === 'latest' ? HEAD : Number(toBlock)]
      if (to - from >= (lies.mostAtOnce ?? Infinity)) throw new RpcRefusal('eth_getLogs', -32_005, 'too many', null)
      const places = [
        ...(lies.hides ? [] : [MINTED_IN]),
        ...(lies.inventedFrom === undefined ? [] : [lies.inventedFrom]),
      ]
      const isAsked = (block: number): boolean => from <= block && block <= to
      return address === COLLECTION ? places.filter(isAsked).map(mintIn) : []
    },
  }
  const call = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    asked += 1
    return await Promise.resolve(answers[method]!(params))
  }
  const policy = policyNamed('sepolia')
  return {
    network: { id: 'sepolia', policy, confirmations: 2, quorum: 1, rpc: { origin, call } },
    asked: () => asked,
  }
}

function index() {
  const folder = mkdtempSync(join(tmpdir(), 'asterism-index-'))
  const project = ProjectStore.create(join(folder, 'one.asterism'), 'One')
  onTestFinished(() => (project.close(), rmSync(folder, { recursive: true })))
  const store = eventStoreOf(project.database)
  return async ({ network }: { network: Network }): Promise<number[]> => {
    const watched = aboutCollection(network, COLLECTION)
    await updateIndex(network, store, watched)
    return store.events(watched.scope).map(({ block }) => block)
  }
}

it('more blocks than a chain can have are not read, however many a node makes up', async () => {
  const most = mostBlocks(policyNamed('sepolia'))!
  for (const head of [most + 2n, 1n << 60n, 1n << 255n]) {
    const lying = toldBy('https://lying.example', { head, inventedFrom: 0 })
    await expect(index()(lying)).rejects.toMatchObject({ code: 'network_failed' })
    expect(lying.asked()).toBeLessThan(5)
  }
  // Those that it can have are told as not there by whoever does not make them up.
  const ahead = toldBy('https://ahead.example', { head: BigInt(HEAD) + 100_000n })
  await expect(index()(ahead)).rejects.toMatchObject({ code: 'network_failed' })
})

it('blocks that a node made up are forgotten, with what was in them and what they hid, once it tells the truth', async () => {
  const read = index()
  expect(await read(toldBy('https://a.example', { head: 400_000n, inventedFrom: 6_000, hides: true }))).toEqual([6_000])
  expect(await read(toldBy('https://a.example'))).toEqual([MINTED_IN])
})

it('what one node hides in blocks that are true is found when another is named', async () => {
  const read = index()
  expect(await read(toldBy('https://hides.example', { hides: true }))).toEqual([])
  expect(await read(toldBy('https://tells.example'))).toEqual([MINTED_IN])
})

it('all events of a kind are read in stretches where a node refuses to look for them at once, as long as those are few', async () => {
  const minted = { address: COLLECTION, topics: [] }
  const blocksOf = async ({ network }: { network: Network }): Promise<number[]> =>
    (await allLogsOf(network, minted)).map(({ block }) => block)
  const willing = toldBy('https://willing.example')
  expect(await blocksOf(willing)).toEqual([MINTED_IN])
  expect(willing.asked()).toBe(1)
  expect(await blocksOf(toldBy('https://narrow.example', { mostAtOnce: 5_000 }))).toEqual([MINTED_IN])
  await expect(blocksOf(toldBy('https://narrower.example', { mostAtOnce: 100 }))).rejects.toThrow(RpcRefusal)
  const most = toldBy('https://long.example', { mostAtOnce: 5_000, head: 2_000_000n })
  await expect(blocksOf(most)).rejects.toThrow(RpcRefusal)
  expect(most.asked()).toBeLessThan(200)
})
