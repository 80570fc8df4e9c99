import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { quorumRpc } from '../../../electron/engine/chain/quorum.ts'
import { createRpc, RpcRefusal, type Rpc } from '../../../electron/engine/chain/rpc.ts'
import { AsterismError } from '../../../shared/errors.ts'

type Answers = Readonly<Record<string, (params: readonly unknown[]) => unknown>>

const HONEST: Answers = {
  eth_blockNumber: () => '0x64',
  eth_call: ([, block]) => (block === '0x64' ? '0x01' : '0x99'),
  eth_getTransactionCount: ([, block]) => (block === 'pending' ? '0x8' : '0x7'),
  eth_estimateGas: () => '0xc350',
  eth_maxPriorityFeePerGas: () => '0x3b9aca00',
  eth_getTransactionReceipt: () => ({ transactionHash: '0xaa', status: '0x1', blockNumber: '0x63' }),
  eth_getLogs: ([filter]) => [{ topics: ['0x1'], blockNumber: (filter as { toBlock: string }).toBlock }],
  eth_sendRawTransaction: () => '0xaa',
}

function node(different: Answers = {}): Rpc {
  return {
    origin: 'https://node.example',
    async call(method, params) {
      await Promise.resolve()
      return { ...HONEST, ...different }[method]!(params)
    },
  }
}
const refusing = (message: string) => () => {
  throw new RpcRefusal('eth_call', 3, message, undefined)
}
const dead: Rpc = {
  origin: 'https://gone.example',
  call: () => Promise.reject(new AsterismError('network_failed', 'gone')),
}
const twoOf = (...others: Rpc[]): Rpc => quorumRpc([node(), node(), ...others], 2)

describe('several nodes', () => {
  it('say what two of them say, at a block that two of them have', async () => {
    const liar = node({
      eth_blockNumber: () => '0xffff',
      eth_call: () => '0x02',
      eth_getTransactionCount: () => '0xff',
      eth_estimateGas: () => '0xffffffff',
      eth_maxPriorityFeePerGas: () => '0xffffffffff',
      eth_getTransactionReceipt: () => ({ transactionHash: '0xaa', status: '0x0', blockNumber: '0x63' }),
      eth_getLogs: () => [],
    })
    const rpc = twoOf(liar)
    expect(await rpc.call('eth_blockNumber', [])).toBe('0x64')
    expect(await rpc.call('eth_call', [{}, 'latest'])).toBe('0x01')
    expect(await rpc.call('eth_getTransactionCount', ['0x', 'latest'])).toBe('0x7')
    expect(await rpc.call('eth_getTransactionCount', ['0x', 'pending'])).toBe('0x8')
    expect(await rpc.call('eth_estimateGas', [{}])).toBe('0xc350')
    expect(await rpc.call('eth_maxPriorityFeePerGas', [])).toBe('0x3b9aca00')
    expect(await rpc.call('eth_getTransactionReceipt', ['0xaa'])).toMatchObject({ status: '0x1' })
    expect(await rpc.call('eth_getLogs', [{ toBlock: 'latest' }])).toEqual([{ topics: ['0x1'], blockNumber: '0x64' }])
  })

  it('do not need one that is gone, slow, or has fields of its own', async () => {
    const slow: Rpc = { origin: 'https://slow.example', call: async () => await sleep(60_000, null, { ref: false }) }
    const talkative = node({
      eth_getTransactionReceipt: () => ({ transactionHash: '0xaa', status: '0x1', blockNumber: '0x63', extra: 1 }),
    })
    expect(await quorumRpc([node(), dead, talkative], 2).call('eth_getTransactionReceipt', ['0xaa'])).toMatchObject({
      status: '0x1',
    })
    expect(await twoOf(slow).call('eth_getTransactionReceipt', ['0xaa'])).toMatchObject({ status: '0x1' })
  })

  it('do not end with one whose answer is nested without end', async () => {
    let deep: unknown = '0x01'
    for (let n = 0; n < 20_000; n += 1) deep = [deep]
    expect(await twoOf(node({ eth_call: () => deep })).call('eth_call', [{}, 'latest'])).toBe('0x01')
    const alone = quorumRpc([node({ eth_call: () => deep }), dead], 1)
    await expect(alone.call('eth_call', [{}, '0x64'])).rejects.toBeInstanceOf(Error)
  })

  it('that do not agree say nothing', async () => {
    const rpc = quorumRpc([node(), node({ eth_call: () => '0x02' }), dead], 2)
    await expect(rpc.call('eth_call', [{}, '0x64'])).rejects.toMatchObject({ code: 'network_failed' })
    await expect(quorumRpc([dead, dead], 2).call('eth_call', [{}, '0x64'])).rejects.toThrow('gone')
    const alone = quorumRpc([node(), dead, dead], 2)
    for (const method of ['eth_blockNumber', 'eth_estimateGas']) {
      await expect(alone.call(method, [])).rejects.toMatchObject({ code: 'network_failed' })
    }
  })

  it('that are gone are no voice, however many they are', async () => {
    const others = [node(), node()]
    expect(await quorumRpc([dead, dead, ...others], 2).call('eth_call', [{}, '0x64'])).toBe('0x01')
  })

  it('of which only some have a receipt have none yet', async () => {
    const behind = node({ eth_getTransactionReceipt: () => null })
    expect(await quorumRpc([node(), behind], 2).call('eth_getTransactionReceipt', ['0xaa'])).toBeNull()
  })

  it('refuse together, and take a transaction if one of them does', async () => {
    const refused = node({ eth_call: refusing('no'), eth_sendRawTransaction: refusing('nonce too low') })
    await expect(quorumRpc([refused, refused, node()], 2).call('eth_call', [{}, '0x64'])).rejects.toBeInstanceOf(
      RpcRefusal,
    )
    expect(await quorumRpc([refused, dead, node()], 2).call('eth_sendRawTransaction', ['0x'])).toBe('0xaa')
    await expect(quorumRpc([dead, refused], 1).call('eth_sendRawTransaction', ['0x'])).rejects.toThrow('nonce too low')
  })
})

describe('one node', () => {
  it.each([
    ['a page of a portal', 200, /did not answer with JSON-RPC/],
    ['a refusal', 403, /answered with status 403/],
    ['a way to elsewhere', 302, /answered with status 302/],
  ])('that gives %s is named, with what to do', async (_what, status, said) => {
    const server = createServer((request, response: ServerResponse) => {
      request.resume()
      response.writeHead(status, { location: 'http://127.0.0.1:9/', 'content-type': 'text/html' })
      response.end('<!doctype html>')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const asked = createRpc(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).call('eth_chainId', [])
    await expect(asked).rejects.toMatchObject({
      code: 'network_failed',
      message: expect.stringMatching(said),
      fix: expect.stringContaining('Check the address'),
    })
  })
})
