import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Upload } from 'tus-js-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PRACTICE_CHAIN_ID } from '../../electron/engine/chain/chain-policies.ts'
import { mintPackage } from '../../electron/engine/chain/mint.ts'
import {
  launchHere,
  practiceStatus,
  startPracticeNetwork,
  stopPracticeNetwork,
} from '../../electron/engine/chain/practice-network.ts'
import { runPracticeNetwork } from '../../electron/engine/chain/practice-host.ts'
import { practicePaths } from '../../electron/engine/chain/practice-status.ts'
import { makeHome, practiceRpc, practiceSigner, removeHome, writePackage } from '../fixtures/chain/chain-home.ts'

let home: string
beforeAll(() => {
  home = makeHome()
})
afterAll(async () => {
  await removeHome(home)
})

interface OnDisk {
  readonly pid: number
  readonly anvil_pid: number
  readonly control_port: number
}
const record = (): OnDisk => JSON.parse(readFileSync(practicePaths(home).record, 'utf8')) as OnDisk

/** The status that the control server gives to a request with these headers. */
function answerTo(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: record().control_port, path, method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.once('error', reject)
    asked.end()
  })
}

/** Whether a process runs; one that has ended and waits to be collected by its parent does not. */
function alive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z')
}

it('is not running before it is started, and stopping it then is no error', async () => {
  const stopped = { running: false, rpc_url: null, upload_url: null, chain_id: PRACTICE_CHAIN_ID, contracts: {} }
  expect(await practiceStatus(home)).toEqual(stopped)
  expect(await stopPracticeNetwork({ home })).toEqual(stopped)
})

it('started twice at once runs once, with contracts and an account', async () => {
  const [a, b] = await Promise.all([startPracticeNetwork({ home }), startPracticeNetwork({ home })])
  expect(a).toEqual(b)
  expect(a).toMatchObject({ running: true, chain_id: PRACTICE_CHAIN_ID })
  expect(Object.keys(a.contracts)).toEqual(['AsterismFactory', 'AsterismMarket', 'StarRegistry', 'AsterismContent'])
  expect(await practiceStatus(home)).toEqual(a)
  const rpc = await practiceRpc(home)
  expect(Number(await rpc.call('eth_chainId', []))).toBe(PRACTICE_CHAIN_ID)
  const { address } = await practiceSigner(home)
  expect(BigInt(String(await rpc.call('eth_getBalance', [address, 'latest'])))).toBeGreaterThan(10n ** 18n)
})

it('keeps its secrets to the owner of the home folder', () => {
  const { account, record: network, state } = practicePaths(home)
  for (const path of [account, network, state]) expect(statSync(path).mode & 0o077, path).toBe(0)
})

it('serves nobody who comes by another name or from a web page, and is stopped only with its token', async () => {
  const own = `127.0.0.1:${record().control_port}`
  expect(await answerTo('/files/x', { host: 'evil.example' })).toBe(421)
  expect(await answerTo('/files/x', { host: own, origin: 'https://evil.example' })).toBe(403)
  expect(await answerTo('/practice/status', { host: own })).toBe(401)
  expect(await answerTo('/practice/stop', { host: own, authorization: 'Bearer guess' }, 'POST')).toBe(401)
  expect(await answerTo('/files/..%2f..%2faccount.json', { host: own })).not.toBe(200)
  expect((await practiceStatus(home)).running).toBe(true)
})

it('takes resumable uploads', async () => {
  const { upload_url: endpoint } = await practiceStatus(home)
  const bytes = Buffer.alloc(300_000, 'asterism')
  const url = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: endpoint!,
      chunkSize: 100_000,
      onError: reject,
      onSuccess: () => resolve(upload.url!),
    })
    upload.start()
  })
  expect(url.startsWith(endpoint!)).toBe(true)
  expect(readFileSync(join(practicePaths(home).uploads, url.split('/').at(-1)!)).equals(bytes)).toBe(true)
  expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(bytes)).toBe(true)
  expect((await fetch(`${endpoint!}/${'0'.repeat(32)}`)).status).toBe(404)

  // Who reads back and leaves, at whatever byte, takes nobody else along.
  const { pid } = record()
  for (let n = 0; n < 60; n++) await leaveWithin(url, Math.floor((n / 59) * bytes.length))
  expect(alive(pid)).toBe(true)
  expect((await practiceStatus(home)).upload_url).toBe(endpoint)
})

/** Reads an upload back and goes away once so many bytes have come. */
async function leaveWithin(url: string, bytes: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const asked = request(url, (response) => {
      let come = 0
      response.on('error', () => {})
      response.on('data', (piece: Buffer) => {
        come += piece.length
        if (come >= bytes) asked.destroy()
      })
    })
    asked.on('error', () => {})
    asked.once('close', resolve)
    asked.end()
  })
}

it('that is killed leaves its chain to the next one, with every token, and no process behind', async () => {
  const { directory } = writePackage(home, 'survivor')
  const signer = await practiceSigner(home)
  const first = await mintPackage({ home, packageDirectory: directory, networkId: 'practice', signer })
  const { pid, anvil_pid: anvil } = record()
  process.kill(pid, 'SIGKILL')
  while ((await practiceStatus(home)).running) await sleep(10)
  await startPracticeNetwork({ home })
  expect(alive(anvil)).toBe(false)
  const again = await mintPackage({ home, packageDirectory: directory, networkId: 'practice', signer })
  expect(again).toMatchObject({ already_minted: true, transaction: first.transaction, gas_used: first.gas_used })
  await signer.close()
})

it('whose chain process is killed starts it again by itself', async () => {
  const before = record().anvil_pid
  process.kill(before, 'SIGKILL')
  const deadline = performance.now() + 30_000
  while (record().anvil_pid === before && performance.now() < deadline) await sleep(20)
  const rpc = await practiceRpc(home)
  expect(Number(await rpc.call('eth_blockNumber', []))).toBeGreaterThan(1)
})

it('runs within a process that is not Node, too, and stops when it is asked', async () => {
  await stopPracticeNetwork({ home })
  const status = await startPracticeNetwork({ home, launch: launchHere })
  expect(record().pid).toBe(process.pid)
  expect(await startPracticeNetwork({ home })).toEqual(status)
  await stopPracticeNetwork({ home })
  expect((await practiceStatus(home)).running).toBe(false)
})

it('whose chain process hangs gets another in its place, with all blocks', async () => {
  const stop = new AbortController()
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  const ran = runPracticeNetwork({ home, log, signal: stop.signal, patienceMilliseconds: 2_000 })
  while (!(await practiceStatus(home)).running) await sleep(20)
  const { anvil_pid: before } = record()
  const blocks = Number(await (await practiceRpc(home)).call('eth_blockNumber', []))
  process.kill(before, 'SIGSTOP')
  while (record().anvil_pid === before) await sleep(20)
  expect(lines).toContain('anvil no longer runs calls; ending it.')
  expect(alive(before)).toBe(false)
  expect(Number(await (await practiceRpc(home)).call('eth_blockNumber', []))).toBeGreaterThanOrEqual(blocks)
  stop.abort()
  expect(await ran).toBe(true)
})

it('says so when its saved chain cannot be read, and harms nothing', async () => {
  await stopPracticeNetwork({ home })
  const { state } = practicePaths(home)
  const saved = readFileSync(state)
  writeFileSync(state, '0xdeadbeef')
  await expect(startPracticeNetwork({ home })).rejects.toMatchObject({ code: 'tool_failed' })
  expect(readFileSync(state, 'utf8')).toBe('0xdeadbeef')
  writeFileSync(state, saved)
  expect((await startPracticeNetwork({ home })).running).toBe(true)
})
