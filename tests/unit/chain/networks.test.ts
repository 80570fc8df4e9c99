/** Which nodes are asked about a network: named only when they are of it, over a line that is safe, and agreed to. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zeroPadValue } from 'ethers'
import { PLANTED_ADDRESS, TOKEN_ID } from '../../fixtures/chain/signing.ts'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { voucherStanding } from '../../../electron/engine/chain/voucher.ts'
import { contentInterface } from '../../../electron/engine/chain/contracts.ts'
import { requireLease, requireMeantNetwork } from '../../../electron/engine/chain/key-request.ts'
import { leaseKeyCommand } from '../../../electron/hosts/cli/commands/lease-key.ts'
import { releasedKey } from '../../../shared/contract/lease-keys.ts'
import { listNetworks, nameNodes, openNetwork } from '../../../electron/engine/chain/networks.ts'

const SEPOLIA = 11_155_111
let home: string
const asked: { network: string; origins: readonly string[]; quorum: number }[] = []

/** A node that knows the number of its chain, and what else it is given, by the selector of the call. */
async function node(chainId: number, calls: Readonly<Record<string, string>> = {}): Promise<string> {
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const { id, params } = JSON.parse(text) as { id: number; params: { data?: string }[] }
      const called = calls[params[0]?.data?.slice(0, 10) ?? '']
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: called ?? `0x${chainId.toString(16)}` }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3/a-secret-path`
}

const name = (urls: readonly string[], agrees = true, networkId = 'sepolia', quorum: number | null = null) =>
  nameNodes({
    home,
    networkId,
    urls,
    quorum,
    agree: ({ networkId: network }, origins, least) => {
      asked.push({ network, origins, quorum: least })
      return Promise.resolve(agrees)
    },
  })
const sepolia = async () => (await listNetworks(home)).find(({ id }) => id === 'sepolia')!

describe('the nodes of a network', () => {
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'networks-'))
    asked.length = 0
    return () => rmSync(home, { recursive: true, force: true })
  })

  it('are wanted to tell whether a voucher was withdrawn: without any that is said to be not looked at', async () => {
    const voucher = { tokenId: TOKEN_ID, buyer: PLANTED_ADDRESS, price: '1', validUntil: 1, series: '0' }
    const about = { network: 'sepolia', chain_id: SEPOLIA, collection: PLANTED_ADDRESS, voucher, signature: '0x' }
    const standing = await voucherStanding(home, { format: 'asterism-voucher-1', ...about })
    expect(standing).toEqual({ withdrawn: null, minted: null, unread: expect.stringContaining('RPC') as string })
  })

  it('are no place where a key is rented for nothing: a test network is named by the owner, not by who asks', () => {
    const refused = expect.objectContaining({ code: 'conflict' }) as Error
    expect(() => requireMeantNetwork({ network: 'sepolia' }, null)).toThrow(refused)
    expect(() => requireMeantNetwork({ network: 'sepolia' }, 'ethereum')).toThrow(refused)
    expect(() => requireMeantNetwork({ network: 'practice' }, 'ethereum')).toThrow(refused)
    for (const meant of ['sepolia', null]) requireMeantNetwork({ network: meant ?? 'ethereum' }, meant)
    requireMeantNetwork({ network: 'practice' }, null)
  })

  it('tell of a lease without end in a number that a released key can hold', async () => {
    const selector = (what: string): string => contentInterface.getFunction(what)!.selector
    const endless = `0x${'f'.repeat(16).padStart(64, '0')}`
    const [user, answer] = [PLANTED_ADDRESS, zeroPadValue(PLANTED_ADDRESS, 32)]
    await name([await node(SEPOLIA, { [selector('userOf')]: answer, [selector('userExpires')]: endless })])
    const asks = { network: 'sepolia', chain_id: SEPOLIA, collection: user, token_id: TOKEN_ID, user, recipient: '' }
    const expires = await requireLease(home, { format: 'asterism-key-request-1', ...asks, issued_at: 0, signature: '' })
    expect(releasedKey.shape.expires.safeParse(expires).success).toBe(true)
    expect(leaseKeyCommand.report({ path: 'key.json', ...asks, expires })[1]).toContain('9999-12-31')
  })

  it('are asked from then on, kept privately, shown without their paths, and forgotten again', async () => {
    const file = join(home, 'networks.json')
    writeFileSync(file, JSON.stringify({ base: { rpc_url: 'https://b.example' }, sepolia: { confirmations: 5 } }))
    expect((await sepolia()).ready).toBe(false)
    const urls = [await node(SEPOLIA), await node(SEPOLIA), await node(SEPOLIA)]
    await name(urls)
    const origins = urls.map((url) => new URL(url).origin)
    expect(asked).toEqual([{ network: 'sepolia', origins, quorum: 2 }])
    expect(await sepolia()).toMatchObject({ ready: true, nodes: origins, quorum: 2, main: false })
    expect(JSON.stringify(await listNetworks(home))).not.toContain('a-secret-path')
    expect(statSync(file).mode & 0o077).toBe(0)
    expect((await openNetwork(home, 'sepolia')).confirmations).toBe(5)
    await name([])
    expect(await sepolia()).toMatchObject({ ready: false, nodes: [] })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ base: { rpc_url: 'https://b.example' } })
  })

  it('of another chain, that do not answer, unsafe, twice, too few, or not agreed to are not', async () => {
    const good = await node(SEPOLIA)
    for (const url of ['http://node.example', 'ftp://127.0.0.1', 'node', 'https://me:secret@node.example']) {
      await expect(name([url]), url).rejects.toMatchObject({ code: 'bad_input' })
    }
    await expect(name([good, good])).rejects.toMatchObject({ code: 'bad_input' })
    await expect(name([good], true, 'sepolia', 2)).rejects.toMatchObject({ code: 'bad_input' })
    await expect(name([good], true, 'practice')).rejects.toMatchObject({ code: 'bad_input' })
    await expect(name([good], true, 'mine')).rejects.toMatchObject({ code: 'bad_input' })
    expect(asked).toEqual([])
    await expect(name([good, await node(1)])).rejects.toMatchObject({ code: 'chain_refused' })
    await expect(name(['http://127.0.0.1:1'])).rejects.toMatchObject({ code: 'network_failed' })
    // Without agreement not even the one that would refuse the chain is asked.
    await expect(name([await node(1)], false)).rejects.toMatchObject({ code: 'cancelled' })
    expect((await sepolia()).ready).toBe(false)
  })
})
