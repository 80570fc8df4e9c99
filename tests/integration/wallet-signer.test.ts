import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Wallet } from 'ethers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { mintPackage } from '../../electron/engine/chain/mint.ts'
import { startPracticeNetwork } from '../../electron/engine/chain/practice-network.ts'
import { lastRecord } from '../../electron/engine/chain/practice-status.ts'
import { forkSigner, SignerClient } from '../../electron/engine/chain/signer/signer-client.ts'
import { importWallet, listWallets, openSigner } from '../../electron/engine/chain/wallet.ts'
import { makeHome, practiceRpc, removeHome, writePackage } from '../fixtures/chain/chain-home.ts'
import { searchFiles, searchFor } from '../fixtures/chain/planted.ts'
import { mintTransaction, PLANTED_ADDRESS, PLANTED_KEY } from '../fixtures/chain/signing.ts'
import { plantWallet, weakKeystore } from '../fixtures/chain/weak-wallet.ts'

const PASSPHRASE = 'planted pass phrase 4711'
const SIGN_ONCE = fileURLToPath(new URL('../fixtures/chain/sign-once.ts', import.meta.url))

/** What lets in elsewhere, where every program looks for it. */
const STORE_SECRET = 'secret of a store 31337'

let home: string
beforeAll(async () => {
  home = makeHome()
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', STORE_SECRET)
  await startPracticeNetwork({ home })
  const rpc = await practiceRpc(home)
  await rpc.call('anvil_setBalance', [PLANTED_ADDRESS, '0x3635c9adc5dea00000'])
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await removeHome(home)
})

const expectNoSecret = searchFor([Buffer.from(PLANTED_KEY, 'hex'), PASSPHRASE, STORE_SECRET])

/** Arguments and environment of a process and of all that it has started (Linux). */
function processTexts(pid: number): Map<string, string> {
  const texts = new Map<string, string>()
  for (const name of ['cmdline', 'environ', 'coredump_filter'])
    texts.set(`${pid} ${name}`, readFileSync(`/proc/${pid}/${name}`, 'latin1'))
  for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)) {
    for (const [where, text] of processTexts(Number(child))) texts.set(where, text)
  }
  return texts
}

describe('a planted key', () => {
  it('is found nowhere: not in output, arguments, environments, nor any file of the home', async () => {
    const { directory } = writePackage(home, 'planted')
    const child = spawn(process.execPath, [SIGN_ONCE, home, directory], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '--no-deprecation' },
    })
    child.stdin.end(`${PLANTED_KEY}\n${PASSPHRASE}\n`)
    const outputs = { stdout: '', stderr: '' }
    const processes = new Map<string, string>()
    child.stderr.on('data', (part: Buffer) => (outputs.stderr += part.toString()))
    child.stdout.on('data', (part: Buffer) => {
      outputs.stdout += part.toString()
      if (part.includes('unlocked') && existsSync('/proc/self/environ')) {
        for (const [where, text] of processTexts(child.pid!)) processes.set(where, text)
        // Its own environment is what it was started with.
        processes.delete(`${child.pid!} environ`)
      }
    })
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect(code, outputs.stderr).toBe(0)
    expect(outputs.stdout).toContain('"already_minted":false')
    expect(outputs.stderr).toContain('This is not a transaction')
    for (const [name, text] of Object.entries(outputs)) expectNoSecret(name, text)
    if (process.platform === 'linux') {
      const practice = (await lastRecord(home))!
      for (const [where, text] of processTexts(practice.pid)) processes.set(where, text)
      for (const name of ['signer.ts', 'practice-daemon.ts', '/anvil\0']) {
        expect([...processes.values()].some((text) => text.includes(name))).toBe(true)
      }
    }
    for (const [where, text] of processes) {
      expectNoSecret(where, text)
      // A dump after a crash would hold none of the signer's memory.
      const isSigner = processes.get(where.replace(/ .*/, ' cmdline'))?.includes('signer.ts')
      if (isSigner && where.endsWith('coredump_filter')) expect(Number(text)).toBe(0)
      // The signer gets nothing of our environment: neither NODE_OPTIONS nor the path of a pass phrase file.
      if (where.endsWith('environ') && processes.get(where.replace('environ', 'cmdline'))?.includes('signer.ts')) {
        expect(text.split('\0').filter((pair) => pair && !pair.startsWith('NODE_CHANNEL_'))).toEqual([])
      }
    }
    expect(searchFiles(expectNoSecret, home).length).toBeGreaterThan(5)
  })

  it('would have been found: the search sees one that lies about', () => {
    expect(() => expectNoSecret('a log', `key=0x${PLANTED_KEY.toUpperCase()}`)).toThrow()
    expect(() => expectNoSecret('a log', Buffer.from(PLANTED_KEY, 'hex').toString('base64'))).toThrow()
    expect(() => expectNoSecret('a log', `{"passphrase":"${PASSPHRASE}"}`)).toThrow()
  })
})

describe('wallets', () => {
  it('are listed without being opened, privately kept, and not taken over twice', async () => {
    const { wallets, refused } = await listWallets(home)
    expect(refused).toEqual([])
    expect(wallets.map(({ kind }) => kind)).toEqual(['keystore', 'practice'])
    expect(wallets[0]!.address).toBe(PLANTED_ADDRESS)
    for (const { path } of wallets) expect(statSync(path).mode & 0o077).toBe(0)
    const json = await weakKeystore(new Wallet(`0x${PLANTED_KEY}`), PASSPHRASE)
    const again = importWallet({ home, passphrase: PASSPHRASE, source: { kind: 'keystore', json } })
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
    // What follows opens it again and again.
    await plantWallet(home, PLANTED_KEY, PASSPHRASE)
  })

  it('sign only after the right pass phrase, and only for networks they may', async () => {
    const { directory } = writePackage(home, 'wrong pass phrase')
    const options = { home, address: PLANTED_ADDRESS, confirmSigning: () => Promise.resolve(true) }
    const signer = await openSigner({
      ...options,
      networkId: 'practice',
      askPassphrase: () => Promise.resolve('not this one'),
    })
    const mint = mintPackage({ home, packageDirectory: directory, networkId: 'practice', signer })
    await expect(mint).rejects.toMatchObject({ code: 'wrong_passphrase' })
    await signer.close()
    const practice = (await listWallets(home)).wallets.find(({ kind }) => kind === 'practice')!
    const abroad = { ...options, networkId: 'sepolia', askPassphrase: () => Promise.resolve('') }
    await expect(openSigner({ ...abroad, address: practice.address })).rejects.toMatchObject({
      code: 'signing_refused',
    })
    await expect(openSigner({ ...abroad, address: `0x${'00'.repeat(20)}` })).rejects.toMatchObject({
      code: 'not_found',
    })
    expect((await openSigner({ ...abroad, address: PLANTED_ADDRESS })).address).toBe(PLANTED_ADDRESS)
  })
})

describe('the signer process', () => {
  it('refuses the practice key every other chain, and ends when it locks', async () => {
    const signer = new SignerClient(home, forkSigner)
    const { address } = await signer.request<{ address: string }>({ op: 'unlock-practice' })
    const unsigned = mintTransaction(address, { chainId: 11_155_111 })
    const describing = signer.request({ op: 'describe', payload: { kind: 'transaction', unsigned } })
    await expect(describing).rejects.toMatchObject({ code: 'signing_refused' })
    await signer.lock()
    while (!signer.ended) await new Promise((resolve) => setTimeout(resolve, 5))
    await expect(signer.request({ op: 'unlock-practice' })).rejects.toMatchObject({ code: 'wallet_locked' })
  })

  it('that dies while it is asked is an error, not a wait for ever', async () => {
    const signer = new SignerClient(home, forkSigner)
    const unlocking = signer.request({ op: 'unlock', address: PLANTED_ADDRESS, passphrase: PASSPHRASE })
    signer.kill()
    await expect(unlocking).rejects.toMatchObject({ code: 'wallet_locked' })
  })
})
