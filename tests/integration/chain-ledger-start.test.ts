import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { policyNamed } from '../../electron/engine/chain/chain-policies.ts'
import { performAct } from '../../electron/engine/chain/act.ts'
import { STARS_ADDRESS, starsInterface } from '../../electron/engine/chain/contracts.ts'
import { deployOnPractice } from '../../electron/engine/chain/deployment.ts'
import { eventStoreOf } from '../../electron/engine/chain/ledger/event-store.ts'
import { readLedger } from '../../electron/engine/chain/ledger/ledger.ts'
import type { Network } from '../../electron/engine/chain/networks.ts'
import { quorumRpc } from '../../electron/engine/chain/quorum.ts'
import { RpcRefusal, type Rpc } from '../../electron/engine/chain/rpc.ts'
import { ProjectStore } from '../../electron/engine/project/store.ts'
import type { LedgerAnswer } from '../../shared/contract/chain-acts.ts'
import { openSigner } from '../../electron/engine/chain/wallet.ts'
import { makeHome } from '../fixtures/chain/chain-home.ts'
import { signerInThisProcess } from '../fixtures/chain/signer-here.ts'
import { PLANTED_KEY } from '../fixtures/chain/signing.ts'
import { content, startTestChain, type TestChain } from '../fixtures/chain/test-chain.ts'
import { plantWallet } from '../fixtures/chain/weak-wallet.ts'

/** What was there before the contracts were, and how many of them a node tells of at once: as 5,000 are of a public chain. */
const BLOCKS_BEFORE = 200
const PASSPHRASE = 'of a maker, for tests'
const BLOCKS_AT_ONCE = 20

let chain: TestChain
let creator: string
let collection: string
let since: number
let home: string
/** Of the chain as it was a few blocks before the contracts came. */
let earlier: unknown

type Asked = Map<string, number>
/** A node that counts what it is asked, and may have lost what was before a block, or say that nothing was. */
function node(
  asked: Asked,
  lost?: { readonly before: number; readonly says: 'nothing' | 'no'; readonly logs: boolean },
): Rpc {
  const refused = (): never => {
    throw new RpcRefusal('eth_getCode', -32_000, 'missing trie node', undefined)
  }
  return {
    origin: 'https://node.example',
    async call(method, params, signal) {
      asked.set(method, (asked.get(method) ?? 0) + 1)
      if (lost && method === 'eth_getCode' && params[1] !== 'latest' && Number(params[1]) < lost.before)
        return lost.says === 'nothing' ? '0x' : refused()
      if (lost && !lost.logs && method === 'eth_getLogs') {
        const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string }
        if (Number(toBlock) - Number(fromBlock) >= BLOCKS_AT_ONCE) return refused()
      }
      return await chain.rpc.call(method, params, signal)
    },
  }
}

const network = (rpc: Rpc, contractsSince?: number): Network => ({
  id: 'sepolia',
  policy: policyNamed('sepolia'),
  confirmations: 1,
  quorum: 1,
  blocksAtOnce: BLOCKS_AT_ONCE,
  rpc,
  ...(contractsSince === undefined ? {} : { contractsSince }),
})

function project() {
  const folder = makeHome()
  const opened = ProjectStore.create(join(folder, 'one.asterism'), 'One')
  onTestFinished(() => (opened.close(), rmSync(folder, { recursive: true })))
  const store = eventStoreOf(opened.database)
  return async (read: Network): Promise<LedgerAnswer> =>
    await readLedger({ network: read, store, collections: [collection], account: creator })
}

const total = (asked: Asked): number => [...asked.values()].reduce((sum, each) => sum + each, 0)
const told = ({ works, income }: LedgerAnswer) => ({ works, income })
/** What is read from the very beginning, by whoever knows no better. */
const NO_STATE = { before: Infinity, says: 'no', logs: false } as const

const mine = async (blocks: number) => await chain.rpc.call('anvil_mine', [`0x${blocks.toString(16)}`])
const record = (): unknown => JSON.parse(readFileSync(join(home, 'networks.json'), 'utf8'))

async function deploy(): Promise<void> {
  const signer = await openSigner({
    home,
    spawn: signerInThisProcess,
    networkId: 'sepolia',
    confirmSigning: () => Promise.resolve(true),
    askPassphrase: () => Promise.resolve(PASSPHRASE),
  })
  await performAct({ home, networkId: 'sepolia', signer, act: { act: 'deploy' }, dryRun: false })
  await signer.close()
}

async function makeWork(): Promise<void> {
  creator = await chain.account('creator')
  collection = await chain.collectionOf(creator)
  await chain.send(creator, collection, content('mint', [7n]))
}

beforeAll(async () => {
  chain = await startTestChain({ chainId: policyNamed('sepolia').chainId, deployed: false })
  home = makeHome()
  const maker = await plantWallet(home, PLANTED_KEY, PASSPHRASE)
  await chain.rpc.call('anvil_setBalance', [maker, '0x3635c9adc5dea00000'])
  await mine(BLOCKS_BEFORE - 10)
  earlier = await chain.rpc.call('evm_snapshot', [])
  await mine(10)
  const nodes = { sepolia: { rpc_url: chain.rpc.origin, confirmations: 1 }, base: { rpc_url: 'https://base.example' } }
  writeFileSync(join(home, 'networks.json'), JSON.stringify(nodes))
  await deploy()
  since = BLOCKS_BEFORE + 1
  expect(record()).toEqual({ ...nodes, sepolia: { ...nodes.sepolia, contracts_since: since } })
  await makeWork()
  const stars = {
    issuer: creator,
    collection,
    tokenId: 7n,
    milliStars: 3_000,
    lowMilliStars: 2_000,
    highMilliStars: 4_000,
  }
  const args = [{ ...stars, pack: `0x${'11'.repeat(32)}`, issuedAt: 1 }, '0x']
  const attested = await chain.send(creator, STARS_ADDRESS, starsInterface.encodeFunctionData('attestStars', args))
  const digest = attested.logs[0]!.topics[1]!
  await chain.send(creator, STARS_ADDRESS, starsInterface.encodeFunctionData('revoke', [digest]))
})
afterAll(async () => {
  await chain.close()
  rmSync(home, { recursive: true })
})

describe('a ledger begins at the first block that has a contract of ours', () => {
  it('which is found, and tells what is told from the very beginning, with a part of the calls', async () => {
    const calls = { beginning: new Map(), found: new Map(), recorded: new Map() }
    const beginning = await project()(network(node(calls.beginning, NO_STATE)))
    const found = await project()(network(node(calls.found)))
    const recorded = await project()(network(node(calls.recorded), since))
    expect(beginning.works).toMatchObject([{ token_id: `0x${'7'.padStart(64, '0')}`, stars: [{ revoked: true }] }])
    for (const each of [found, recorded]) expect(told(each)).toEqual(told(beginning))
    expect(recorded.unproven_start_block).toBeNull()
    const counts = { beginning: total(calls.beginning), found: total(calls.found), recorded: total(calls.recorded) }
    // Three scopes, of 10 stretches each before the contracts.
    expect(counts.beginning - counts.recorded).toBeGreaterThan(3 * 10 * 3)
    expect(counts.found).toBeLessThan(counts.beginning / 2)
    expect(counts.recorded).toBeLessThan(counts.found)
  })

  it('but not at one that is recorded too late, where a node can show it by what stood or what happened', async () => {
    const head = Number(await chain.rpc.call('eth_blockNumber', []))
    for (const wrong of [since + 1, head, head + 1_000]) {
      for (const rpc of [node(new Map()), node(new Map(), { ...NO_STATE, logs: true })]) {
        const answer = await project()(network(rpc, wrong))
        expect([answer.works.length, answer.unproven_start_block], String(wrong)).toEqual([1, null])
      }
    }
  })

  it('and where a node can show nothing, it is said that the record was taken at its word', async () => {
    const read = project()
    const late = Number(await chain.rpc.call('eth_blockNumber', []))
    const answer = await read(network(node(new Map(), NO_STATE), late))
    expect([answer.works, answer.unproven_start_block]).toEqual([[], late])
    // The record is put right: what was read by the wrong one does not count.
    expect(await read(network(node(new Map(), NO_STATE), since))).toMatchObject({
      works: [{ contract: collection }],
      unproven_start_block: since,
    })
  })

  it('and from the beginning where a node says that nothing was where it has forgotten, or several do not agree', async () => {
    const late = Number(await chain.rpc.call('eth_blockNumber', []))
    const forgetful = node(new Map(), { before: late, says: 'nothing', logs: true })
    const pruned = node(new Map(), { before: late - 1, says: 'no', logs: true })
    for (const rpc of [forgetful, quorumRpc([node(new Map()), pruned], 2)]) {
      expect((await project()(network(rpc))).works).toHaveLength(1)
    }
  })

  it('and at an earlier one once a chain has taken the deployment back and made it anew', async () => {
    const [read, asked] = [project(), new Map()]
    const recorded = network(node(asked), since)
    expect((await read(recorded)).works).toHaveLength(1)
    const before = total(asked)
    expect((await read(recorded)).works).toHaveLength(1)
    expect(total(asked) - before).toBeLessThan(20)
    await chain.rpc.call('evm_revert', [earlier])
    await deployOnPractice(chain.rpc)
    await makeWork()
    await mine(30)
    for (const each of [recorded, network(node(new Map()))]) {
      expect(await read(each)).toMatchObject({ works: [{ owner: creator }], unproven_start_block: null })
    }
    await deploy()
    expect(record()).toMatchObject({ sepolia: { contracts_since: BLOCKS_BEFORE - 9 } })
  })
})
