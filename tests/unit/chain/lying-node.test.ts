/** What a node that stands alone can make this program do: nothing twice, and nothing of what it was not asked. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AbiCoder, Transaction, Wallet, ZeroHash, zeroPadValue } from 'ethers'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import type { AsterismError } from '../../../shared/errors.ts'
import { policyNamed } from '../../../electron/engine/chain/chain-policies.ts'
import type { ChainSigner } from '../../../electron/engine/chain/chain-signer.ts'
import {
  contentInterface,
  MARKET_ADDRESS,
  STARS_ADDRESS,
  starsInterface,
} from '../../../electron/engine/chain/contracts.ts'
import {
  followMined,
  settleStep,
  type Step,
  type StepContext,
} from '../../../electron/engine/chain/journalled-transaction.ts'
import { reportOf } from '../../../electron/engine/chain/ledger/report.ts'
import { voucherPrices } from '../../../electron/engine/chain/ledger/voucher-sales.ts'
import { logsOf } from '../../../electron/engine/chain/logs.ts'
import type { Network } from '../../../electron/engine/chain/networks.ts'
import type { MintJournalEntry } from '../../../electron/engine/chain/mint-journal.ts'
import { createRpc, RpcRefusal, type Rpc } from '../../../electron/engine/chain/rpc.ts'

const ETHER = 10n ** 18n
const wallet = new Wallet(`0x${'11'.repeat(32)}`)

/** What a receipt says of a transaction: whether it was done there, and in which block. */
type Told = { readonly done: boolean; readonly block: string } | null

/** A real network of one node that accepts what is sent; of receipts it says one after the other, the last for ever. */
function network(id = 'sepolia', refusal?: string) {
  const receipts: Told[] = [null]
  const failures: AsterismError[] = []
  const logs: object[] = []
  const told: string[][] = []
  const asked: Transaction[] = []
  const sent: string[] = []
  const entries = new Map<string, MintJournalEntry>()
  const counts = { latest: 7, pending: 7 }
  let stop = new AbortController()
  const answers: Readonly<Record<string, (params: readonly unknown[]) => unknown>> = {
    eth_getTransactionCount: ([, block]) => `0x${counts[block as 'latest'].toString(16)}`,
    eth_feeHistory: () => ({ baseFeePerGas: ['0x1'], gasUsedRatio: [1], reward: [['0x1']] }),
    eth_estimateGas([call]) {
      const value = BigInt((call as { value?: string }).value ?? 0)
      if (value > ETHER)
        throw new RpcRefusal('eth_estimateGas', -32_003, 'Insufficient funds for gas * price + value', 0)
      return '0xc350'
    },
    eth_getBalance: () => `0x${ETHER.toString(16)}`,
    eth_getTransactionReceipt([transactionHash]) {
      const told = receipts.length > 1 ? receipts.shift()! : receipts[0]!
      const gas = { gasUsed: '0x5208', effectiveGasPrice: '0x1', blockHash: ZeroHash, transactionHash }
      return told && { ...gas, status: told.done ? '0x1' : '0x0', blockNumber: told.block }
    },
    eth_blockNumber: () => '0x8',
    eth_getLogs: () => logs,
    eth_sendRawTransaction([raw]) {
      sent.push(String(raw))
      // Whoever waits for it stops waiting here, as with Ctrl-C.
      stop.abort()
      if (refusal !== undefined) throw new RpcRefusal('eth_sendRawTransaction', -32_000, refusal, undefined)
      return '0x'
    },
  }
  const rpc: Rpc = {
    origin: 'https://node.example',
    call: async (method, params) => await Promise.resolve(answers[method]!(params)),
  }
  const signer: ChainSigner = {
    address: wallet.address,
    async signTransaction(unsigned, _signal, _creator, purpose) {
      asked.push(Transaction.from(unsigned))
      told.push((purpose?.told ?? []).map(({ said }) => said?.code ?? ''))
      return await wallet.signTransaction(Transaction.from(unsigned))
    },
    signTypedData: () => Promise.reject(new Error('not asked for')),
    signSignIn: () => Promise.reject(new Error('not asked for')),
    close: () => Promise.resolve(),
  }
  const context = (): StepContext => {
    stop = new AbortController()
    return {
      network: { id, policy: policyNamed(id), confirmations: 2, quorum: 1, rpc },
      journal: {
        find: (key) => Promise.resolve(entries.get(key) ?? null),
        put: (entry) => Promise.resolve(void entries.set(entry.key, entry)),
        underWay: () => Promise.resolve([...entries.values()]),
      },
      signer,
      signal: stop.signal,
      onStage: () => undefined,
    }
  }
  const run = async (step: Step): Promise<string> => {
    return await settleStep(step, context()).then(
      () => 'done',
      (error: AsterismError) => (failures.push(error), error.code),
    )
  }
  return { asked, told, sent, counts, receipts, logs, entries, failures, context, run }
}

const rent: Step = {
  key: 'rent',
  contract: MARKET_ADDRESS,
  tokenId: ZeroHash,
  call: { to: MARKET_ADDRESS, data: '0x12345678', valueWei: 5n },
  repeats: true,
}

describe('a node that counts the transactions of an account as it likes', () => {
  it('gets no second one signed for the place before: both would be good in the end', async () => {
    const { asked, sent, counts, run } = network()
    expect(await run(rent)).toBe('cancelled')
    counts.latest = counts.pending = 6
    expect(await run(rent)).toBe('cancelled')
    expect(asked.map(({ nonce }) => nonce)).toEqual([7])
    expect(sent).toHaveLength(2)
    expect(sent[1]).toBe(sent[0])
  })

  it('and hides the one it took gets no second one signed unless somebody asks for it again', async () => {
    const { asked, counts, run } = network()
    expect(await run(rent)).toBe('cancelled')
    counts.latest = counts.pending = 8
    expect(await run(rent)).toBe('chain_refused')
    expect(asked).toHaveLength(1)
    expect(await run(rent)).toBe('cancelled')
    expect(asked.map(({ nonce }) => nonce)).toEqual([7, 8])
  })

  it('may have a mint signed again, which the contract takes once', async () => {
    const { asked, counts, run } = network()
    const mint: Step = { ...rent, key: 'mint', call: { to: rent.contract, data: '0x12' }, repeats: false }
    expect(await run(mint)).toBe('cancelled')
    counts.latest = counts.pending = 8
    expect(await run(mint)).toBe('cancelled')
    expect(asked.map(({ nonce }) => nonce)).toEqual([7, 8])
  })
})

it('what the account has not got is told with how much it needs, before a node is asked to try it', async () => {
  const { asked, failures, run } = network()
  const call = (valueWei: bigint): Step => ({ ...rent, call: { ...rent.call, valueWei } })
  for (const value of [2n * ETHER, ETHER]) expect(await run(call(value))).toBe('chain_refused')
  const told = failures.map(({ said }) => [said?.what?.code, said?.fix?.slots?.['needed']])
  expect(told).toEqual([
    ['chain.notEnough.all', '2.0'],
    ['chain.notEnough.all', expect.stringMatching(/^1\.0000/)],
  ])
  expect(asked).toEqual([])
})

describe('a node that says that the contract refused what it did', () => {
  const refused = async () => {
    const lying = network()
    await lying.run(rent)
    lying.receipts.splice(0, 1, { done: false, block: '0x7' })
    return lying
  }

  it('is not believed where it tells of events of it', async () => {
    const { logs, sent, entries, run } = await refused()
    const transactionHash = Transaction.from(sent[0]!).hash
    const place = { blockNumber: '0x7', logIndex: '0x0', transactionHash }
    logs.push({ ...place, address: MARKET_ADDRESS, topics: [ZeroHash], data: '0x' })
    expect([await run(rent), entries.get('rent')?.stage]).toEqual(['network_failed', 'sent'])
  })

  it('gets no second one signed once it, or another node, says otherwise', async () => {
    const { asked, receipts, failures, entries, run } = await refused()
    expect(await run(rent)).toBe('chain_refused')
    expect(failures.at(-1)?.said?.fix?.code).toBe('chain.fix.revertedOneNode')
    receipts.splice(0, 1, { done: true, block: '0x7' })
    expect([await run(rent), entries.get('rent')?.stage, asked.length]).toEqual(['done', 'final', 1])
  })

  it('gets none signed either where the chain takes that block back, and the first one waits again', async () => {
    const { asked, sent, receipts, run } = await refused()
    await run(rent)
    receipts.splice(0, 1, null)
    expect([await run(rent), asked.length]).toEqual(['cancelled', 1])
    expect(sent.at(-1)).toBe(sent[0])
  })

  it('and says so again, leaves it to the person, who is told', async () => {
    const { counts, receipts, told, entries, run } = await refused()
    await run(rent)
    counts.latest = counts.pending = 8
    receipts.push(null)
    await run(rent)
    expect(told).toEqual([[], ['chain.refusedBefore']])
    expect(entries.get('rent')?.refusedTransactions).toHaveLength(1)
  })
})

describe('a chain that takes back the block of a transaction', () => {
  const told = async (...then: Told[]) => {
    const { asked, entries, receipts, run } = network('practice')
    expect(await run(rent)).toBe('cancelled')
    receipts.splice(0, 1, ...then)
    const end = await run(rent)
    return [end, entries.get('rent')?.stage, asked.length]
  }

  it('and refuses there what it had done, has not done it', async () => {
    expect(await told({ done: true, block: '0x8' }, null, { done: false, block: '0x7' })).toEqual([
      'chain_refused',
      'planned',
      1,
    ])
  })

  it('and does there what it had refused, has done it: it is not forgotten, and signed again, before', async () => {
    expect(await told({ done: false, block: '0x8' }, null, { done: true, block: '0x7' })).toEqual(['done', 'final', 1])
  })

  it('is waited for until it does so no more, for the work that is asked about, and for no other', async () => {
    const { context, entries, receipts, run } = network('practice')
    await run(rent)
    receipts.splice(0, 1, { done: true, block: '0x8' })
    await followMined({ ...rent, tokenId: `0x${'1'.repeat(64)}` }, context())
    expect(entries.get('rent')?.stage).toBe('sent')
    receipts.push({ done: true, block: '0x8' }, { done: true, block: '0x7' })
    await followMined(rent, context())
    expect(entries.get('rent')).toMatchObject({ stage: 'final', blockNumber: 7 })
  })

  it('has no block whose number no journal could be read with', async () => {
    expect(await told({ done: true, block: `0x${'f'.repeat(20)}` })).toEqual(['network_failed', 'sent', 1])
  })
})

describe('a node that does not take what is sent', () => {
  it.each([
    ['AlreadyKnown', 'sent', undefined],
    ['replacement transaction underpriced', 'signed', 'chain.placeContested'],
    ['OldNonce, Current nonce: 8', 'planned', 'chain.placeTaken'],
  ])('and says "%s", leaves it %s', async (refusal, stage, why) => {
    const { entries, failures, run } = network('sepolia', refusal)
    await run(rent)
    expect([entries.get('rent')?.stage, failures.at(-1)?.said?.what?.code]).toEqual([stage, why])
  })
})

describe('events', () => {
  const filter = { address: MARKET_ADDRESS, topics: [`0x${'01'.repeat(32)}`, null], fromBlock: 5, toBlock: 9 }
  const log = {
    address: MARKET_ADDRESS.toLowerCase(),
    topics: [`0x${'01'.repeat(32)}`, ZeroHash],
    data: '0x',
    blockNumber: '0x6',
    logIndex: '0x0',
    transactionHash: `0x${'ab'.repeat(32)}`,
  }
  const read = async (...logs: object[]): Promise<number> =>
    (await logsOf({ origin: 'https://node.example', call: () => Promise.resolve(logs) }, filter)).length

  it('of another contract, another kind, other blocks are none', async () => {
    expect(await read(log)).toBe(1)
    for (const different of [
      { address: wallet.address },
      { topics: [ZeroHash, ZeroHash] },
      { topics: [log.topics[0]] },
      { blockNumber: '0x4' },
      { blockNumber: '0xa' },
      { address: '0x12' },
    ]) {
      await expect(read(log, { ...log, ...different })).rejects.toMatchObject({ code: 'network_failed' })
    }
  })
})

it('an attestation whose words are no text is none: anybody writes them about any work', () => {
  const [issuer, tokenId] = [wallet.address, `0x${'ab'.repeat(32)}`]
  const topic = zeroPadValue(issuer, 32)
  const minted = [contentInterface.getEvent('Transfer')!.topicHash, ZeroHash, topic, tokenId]
  const { topicHash, inputs } = starsInterface.getEvent('ContributionAttested')!
  const told = [issuer, issuer, tokenId, 1, 'MMMM', 'bench', ZeroHash, 1]
  const data = AbiCoder.defaultAbiCoder().encode([inputs[3]!], [told])
  const at = { transaction: ZeroHash, block: 1 }
  const mint = { ...at, position: 0, address: issuer, topics: minted, data: '0x' }
  const about = { ...at, address: STARS_ADDRESS, topics: [topicHash, ZeroHash, topic, tokenId] }
  const events = [
    mint,
    { ...about, position: 1, data },
    { ...about, position: 2, data: data.replace('4d4d4d4d', 'ff00fe80') },
  ]
  const [work] = reportOf(issuer, events, null, new Set(), 0).works
  expect(work?.contributions.map(({ model }) => model)).toEqual(['MMMM'])
})

test('what a buyer paid is not told by another transaction', async () => {
  const collection = wallet.address
  const [hash, another] = [`0x${'a5'.repeat(32)}`, `0x${'5a'.repeat(32)}`]
  const topics = [contentInterface.getEvent('Transfer')!.topicHash, ZeroHash, zeroPadValue(MARKET_ADDRESS, 32), hash]
  const minted = { block: 1, position: 0, transaction: hash, address: collection, topics, data: '0x' }
  const input = contentInterface.getFunction('redeem')!.selector
  const pricesBy = (told: string) => {
    const call = (): Promise<unknown> => Promise.resolve({ hash: told, to: collection, input, value: '0xff' })
    return voucherPrices({ rpc: { origin: 'a node', call } } as unknown as Network, collection, collection, [minted])
  }
  await expect(pricesBy(another)).rejects.toMatchObject({ code: 'network_failed' })
  expect(await pricesBy(hash)).toEqual(new Map([[hash, 255n]]))
})

describe('an answer', () => {
  it('of more than any question needs is cut off, and one that leads elsewhere is not followed', async () => {
    const led: string[] = []
    const server = createServer((request, response) => {
      led.push(request.url ?? '')
      if (request.url === '/away') return void response.writeHead(307, { location: '/elsewhere' }).end()
      response.on('error', () => undefined)
      const piece = Buffer.alloc(1 << 20, ' ')
      for (let n = 0; n < 40; n += 1) response.write(piece)
      response.end('{"id":1,"result":"0x1"}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => (server.closeAllConnections(), void server.close()))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(createRpc(`${url}/`).call('eth_getLogs', [])).rejects.toMatchObject({ code: 'too_large' })
    await expect(createRpc(`${url}/away`).call('eth_chainId', [])).rejects.toMatchObject({ code: 'network_failed' })
    expect(led).toEqual(['/', '/away'])
  })
})
