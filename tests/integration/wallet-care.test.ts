import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { HDNodeWallet, Mnemonic } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { performAct } from '../../electron/engine/chain/act.ts'
import { PRACTICE_CHAIN_ID } from '../../electron/engine/chain/chain-policies.ts'
import { collectionAddress } from '../../electron/engine/chain/contracts.ts'
import { fileMintJournal } from '../../electron/engine/chain/mint-journal.ts'
import { mintPackage } from '../../electron/engine/chain/mint.ts'
import { changePending, listPending } from '../../electron/engine/chain/pending.ts'
import { backupOf } from '../../electron/engine/chain/keystore.ts'
import { parseUnsigned, offlineFolder, signFile, takeSigned } from '../../electron/engine/chain/offline-signing.ts'
import { startPracticeNetwork } from '../../electron/engine/chain/practice-network.ts'
import { SignerClient } from '../../electron/engine/chain/signer/signer-client.ts'
import {
  checkBackup,
  createWallet,
  deriveWallet,
  listWallets,
  openSigner,
  watchWallet,
  wordsOfWallet,
} from '../../electron/engine/chain/wallet.ts'
import { makeHome, practiceRpc, removeHome, writePackage } from '../fixtures/chain/chain-home.ts'
import { mintTransaction } from '../fixtures/chain/signing.ts'
import { signerInThisProcess } from '../fixtures/chain/signer-here.ts'
import { weaken } from '../fixtures/chain/weak-wallet.ts'

const PASSPHRASE = 'of a careful person'
const MAIN = 1

let home: string
/** The machine without a network. */
let apart: string
beforeAll(async () => {
  home = makeHome()
  apart = makeHome()
  await startPracticeNetwork({ home })
})
afterAll(async () => {
  await removeHome(home)
  await removeHome(apart)
})

const spawn = signerInThisProcess
let words = ''
const keyed = (address: string) => ({ home: apart, address, passphrase: PASSPHRASE, spawn })

/** Whether the signer would describe a mint on a main network. */
async function onMainNetwork(address: string): Promise<string> {
  const client = new SignerClient(apart, spawn)
  try {
    await client.request({ op: 'unlock', address, passphrase: PASSPHRASE })
    const unsigned = mintTransaction(address, { chainId: MAIN })
    await client.request({ op: 'describe', payload: { kind: 'transaction', unsigned } })
    return 'described'
  } catch (error) {
    return (error as Error).message
  } finally {
    client.kill()
  }
}

type Waiting = Awaited<ReturnType<typeof listPending>>

/** What waits on the practice network, once there is such a one. */
async function waitingFor(fits: (one: Waiting[number]) => boolean, least = 1): Promise<Waiting> {
  for (;;) {
    const waiting = (await listPending(fileMintJournal(home), PRACTICE_CHAIN_ID)).filter(fits)
    if (waiting.length >= least) return waiting
    await sleep(20)
  }
}

describe('a new wallet', () => {
  it('comes from words, and signs on no main network before they were entered again', async () => {
    const { address, path } = await createWallet({ home: apart, passphrase: PASSPHRASE, spawn })
    await weaken(path, PASSPHRASE)
    words = await wordsOfWallet(keyed(address))
    expect(HDNodeWallet.fromPhrase(words).address).toBe(address)
    expect(await onMainNetwork(address)).toContain('have not been entered again')
    const others = Mnemonic.fromEntropy(new Uint8Array(16)).phrase
    await expect(checkBackup({ ...keyed(address), words: others })).rejects.toMatchObject({ code: 'bad_input' })
    expect(backupOf(readFileSync(path, 'utf8'))).toBe('unchecked')
    await checkBackup({ ...keyed(address), words: `  ${words.toUpperCase()}\n` })
    expect(backupOf(readFileSync(path, 'utf8'))).toBe('checked')
    expect(readFileSync(path, 'utf8')).not.toContain(words.split(' ')[0])
    expect(statSync(path).mode & 0o077).toBe(0)
  })

  it('gives further keys from the same words, as other wallets derive them', async () => {
    const { wallets } = await listWallets(apart)
    const second = await deriveWallet({ ...keyed(wallets[0]!.address), index: 1 })
    expect(second.address).toBe(HDNodeWallet.fromPhrase(words, undefined, "m/44'/60'/0'/0/1").address)
    expect(backupOf(readFileSync(second.path, 'utf8'))).toBe('checked')
  })
})

describe('an account that is only watched', () => {
  it('leaves a file, which another machine signs after showing it, and which is then sent', async () => {
    const { address } = (await listWallets(apart)).wallets[0]!
    await watchWallet(home, address.toLowerCase())
    await expect(watchWallet(home, address)).rejects.toMatchObject({ code: 'conflict' })
    await (await practiceRpc(home)).call('anvil_setBalance', [address, '0x3635c9adc5dea00000'])
    const options = {
      home,
      networkId: 'practice',
      address,
      confirmSigning: () => Promise.reject(new Error('nothing can be agreed to here')),
      askPassphrase: () => Promise.reject(new Error('there is no key here')),
    }
    const watched = await openSigner(options)
    const { directory, tokenId } = writePackage(home, 'watched')
    const mint = () => mintPackage({ home, packageDirectory: directory, networkId: 'practice', signer: watched })
    const shown: string[] = []
    const offline = await openSigner({
      ...options,
      home: apart,
      spawn,
      confirmSigning: ({ title }) => Promise.resolve(shown.push(title) > 0),
      askPassphrase: () => Promise.resolve(PASSPHRASE),
    })
    /** What it leaves goes over and comes back. */
    const overThere = async (act: Promise<unknown>, title: string): Promise<void> => {
      const refusal = await act.catch((error: unknown) => error)
      expect(refusal).toMatchObject({
        code: 'signing_refused',
        path: expect.stringContaining(offlineFolder(home)) as string,
      })
      const file = parseUnsigned(JSON.parse(readFileSync((refusal as { path: string }).path, 'utf8')))
      const signed = await signFile(file, offline)
      expect(shown.at(-1)).toBe(title)
      const altered = { ...signed, unsigned: `${signed.unsigned.slice(0, -2)}00` }
      await expect(takeSigned(home, altered)).rejects.toMatchObject({ code: 'corrupt_file' })
      await takeSigned(home, signed)
    }
    // The collection first, then the token.
    for (const title of ['Make your collection', 'Mint one work']) await overThere(mint(), title)
    expect(await mint()).toMatchObject({
      token_id: tokenId,
      contract: collectionAddress(address),
      already_minted: false,
    })
    expect(await mint()).toMatchObject({ already_minted: true })

    // A transaction that waits is made dearer and cancelled there as well, in its place.
    const rpc = await practiceRpc(home)
    const act = { act: 'transfer', work: { collection: null, tokenId }, to: `0x${'ab'.repeat(20)}` } as const
    const abort = new AbortController()
    const { signal } = abort
    const give = () => performAct({ home, networkId: 'practice', signer: watched, act, dryRun: false, signal })
    await overThere(give(), 'Give a work away')
    await rpc.call('evm_setAutomine', [false])
    const left = give().catch((error: unknown) => error)
    /** Once it was sent, and nothing takes it into a block. */
    const sentAfter = async (hash: string | null) =>
      (await waitingFor(({ transaction, stage }) => transaction !== hash && stage === 'sent'))[0]!
    const given = await sentAfter(null)
    abort.abort()
    await left
    const change = (hash: string, what: 'bump' | 'cancel' | 'send', until?: AbortSignal) => () =>
      changePending({
        home,
        networkId: 'practice',
        signer: watched,
        hash,
        change: what,
        ...(until && { signal: until }),
      })
    const impatience = new AbortController()
    const bump = change(given.transaction, 'bump', impatience.signal)
    await overThere(bump(), 'Give a work away')
    const bumped = bump().catch((error: unknown) => error)
    const dearer = await sentAfter(given.transaction)
    expect(dearer.nonce).toBe(given.nonce)
    expect(BigInt(dearer.max_fee_per_gas_wei)).toBeGreaterThan(BigInt(given.max_fee_per_gas_wei))
    impatience.abort()
    await bumped
    const cancel = change(dearer.transaction, 'cancel')
    await overThere(cancel(), 'Cancel a transaction that waits')
    // What was taken goes out by its own name, and asks nobody for a signature.
    const [taken] = await waitingFor(({ stage }) => stage === 'signed')
    expect(taken).toMatchObject({ nonce: given.nonce, cancels: true })
    const cancelled = change(taken!.transaction, 'send')()
    await sentAfter(dearer.transaction)
    await rpc.call('anvil_mine', ['0x1'])
    expect(await cancelled).toMatchObject({ outcome: 'cancelled' })
    expect(await waitingFor(() => true, 0)).toEqual([])
    await rpc.call('evm_setAutomine', [true])
    await offline.close()
    expect((await readdir(join(home, 'wallets'))).filter((name) => name.endsWith('.json'))).toEqual([])
  })

  it('takes nothing that is none of ours', async () => {
    mkdirSync(offlineFolder(home), { recursive: true })
    writeFileSync(join(offlineFolder(home), 'x.json'), '{}')
    expect(existsSync(offlineFolder(home))).toBe(true)
    await expect(takeSigned(home, {})).rejects.toMatchObject({ code: 'corrupt_file' })
    expect(() => parseUnsigned({ format: 'asterism-unsigned-1' })).toThrow()
  })
})
