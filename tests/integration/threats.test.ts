/** What docs/security.md names a threat and no other test already tries: each ends with nothing signed, lost or told. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { getAddress } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { performAct } from '../../electron/engine/chain/act.ts'
import {
  collectionAddress,
  contentInterface,
  FACTORY_ADDRESS,
  factoryInterface,
} from '../../electron/engine/chain/contracts.ts'
import { eventStoreOf } from '../../electron/engine/chain/ledger/event-store.ts'
import { readLedger } from '../../electron/engine/chain/ledger/ledger.ts'
import { mintPackage } from '../../electron/engine/chain/mint.ts'
import { openNetwork } from '../../electron/engine/chain/networks.ts'
import { startPracticeNetwork } from '../../electron/engine/chain/practice-network.ts'
import type { Rpc } from '../../electron/engine/chain/rpc.ts'
import type { SigningDescription } from '../../electron/engine/chain/signer/description.ts'
import { importWallet } from '../../electron/engine/chain/wallet.ts'
import type { ChainSigner } from '../../electron/engine/chain/chain-signer.ts'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { ProjectStore } from '../../electron/engine/project/store.ts'
import type { EngineHost } from '../../electron/engine/session.ts'
import { asEngineError, runJob } from '../../shared/contract/client.ts'
import { makeHome, practiceRpc, practiceSigner, removeHome, writePackage } from '../fixtures/chain/chain-home.ts'
import { interpose } from '../fixtures/chain/rpc-proxy.ts'
import { PLANTED_ADDRESS, PLANTED_KEY } from '../fixtures/chain/signing.ts'

const PASSPHRASE = 'planted pass phrase 4711'
const SOMEBODY = `0x${'ab'.repeat(20)}`

let home: string
let rpc: Rpc
let signer: ChainSigner
let uploadUrl: string
let rpcUrl: string

beforeAll(async () => {
  home = makeHome()
  const status = await startPracticeNetwork({ home })
  rpcUrl = status.rpc_url!
  uploadUrl = status.upload_url!
  rpc = await practiceRpc(home)
  signer = await practiceSigner(home)
})
afterAll(async () => {
  await signer.close()
  await removeHome(home)
})

const nonces = async (account: string): Promise<number> =>
  Number(await rpc.call('eth_getTransactionCount', [account, 'pending']))

async function minted(name: string): Promise<string> {
  const { directory, tokenId } = writePackage(home, name)
  await mintPackage({ home, packageDirectory: directory, networkId: 'practice', signer })
  return tokenId
}

async function withEngine<T>(host: EngineHost, use: (engine: Engine) => Promise<T>, resumeJobs = false): Promise<T> {
  const engine = await createEngine({ home, resumeJobs, host })
  try {
    return await use(engine)
  } finally {
    await engine.close()
  }
}
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  await work.then(
    () => 'done',
    (error: unknown) => asEngineError(error).code,
  )

describe('a hostile window', () => {
  it('gets nothing signed, no path and no key', async () => {
    const tokenId = await minted('coveted')
    const before = await nonces(signer.address)
    const asked: SigningDescription[] = []
    const confirmSigning = (request: SigningDescription) => Promise.resolve(asked.push(request) < 0)
    const act = { act: 'transfer', work: { collection: null, tokenId }, to: SOMEBODY } as const
    const give = { network: 'practice', account: null, act, dryRun: false }
    // The person is asked outside the window and says no; a host that cannot ask is no yes.
    await withEngine({ confirmSigning }, async ({ client }) => {
      expect(await codeOf(runJob(client, 'chainAct', give))).toBe('signing_refused')
      const told = [client.chain.accounts(), client.chain.practice(), client.chain.pending({ network: 'practice' })]
      for (const answer of await Promise.all(told)) expect(JSON.stringify(answer)).not.toContain(home)
    })
    await withEngine({}, async ({ client }) => {
      expect(await codeOf(runJob(client, 'chainAct', give))).toBe('signing_refused')
    })
    expect(asked).toHaveLength(1)
    expect(asked[0]!.words.join(' ').toLowerCase()).toContain(SOMEBODY)
    expect(await nonces(signer.address)).toBe(before)
  })
})

describe('a page that finds a port of this machine', () => {
  it('reads nothing of the practice chain and uploads nothing', async () => {
    const Origin = 'https://evil.example'
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_accounts', params: [] })
    const answer = await fetch(rpcUrl, {
      method: 'POST',
      body,
      headers: { Origin, 'Content-Type': 'application/json' },
    })
    await answer.text()
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    const upload = await fetch(uploadUrl, {
      method: 'POST',
      headers: { Origin, 'Tus-Resumable': '1.0.0', 'Upload-Length': '1' },
    })
    expect(upload.status).toBe(403)
  })
})

describe('a node that wants a high fee', () => {
  it('gets at most the tip that is ever paid', async () => {
    const { directory } = writePackage(home, 'griefed')
    const proxy = await interpose(home)
    proxy.behave = async (request, forward) => {
      if (request.method !== 'eth_feeHistory') return await forward()
      const base = '0x3b9aca00'
      return { id: request.id, result: { baseFeePerGas: [base, base], gasUsedRatio: [1], reward: [['0x174876e800']] } }
    }
    const shown: SigningDescription[] = []
    const griefed = await practiceSigner(home, shown)
    await mintPackage({ home, packageDirectory: directory, networkId: 'practice', signer: griefed })
    await griefed.close()
    await proxy.close()
    expect(shown.at(-1)!.fields).toContainEqual({ name: 'tip per gas', value: '3.0 gwei' })
  })
})

describe('dust', () => {
  it('of strangers is neither a work nor income', async () => {
    const stranger = getAddress(`0x${'5e'.repeat(20)}`)
    await rpc.call('anvil_impersonateAccount', [stranger])
    await rpc.call('anvil_setBalance', [stranger, '0xde0b6b3a7640000'])
    const send = async (to: string, data: string, value = '0x0') => {
      await rpc.call('eth_sendTransaction', [{ from: stranger, to, data, value, gas: '0x7a1200' }])
    }
    const theirs = collectionAddress(stranger)
    const id = `0x${'d5'.repeat(32)}`
    await send(FACTORY_ADDRESS, factoryInterface.encodeFunctionData('create', [1000]))
    await send(theirs, contentInterface.encodeFunctionData('mint', [id]))
    await send(theirs, contentInterface.encodeFunctionData('transferFrom', [stranger, signer.address, id]))
    await send(signer.address, '0x', '0x1')
    const project = ProjectStore.create(join(home, 'dust.asterism'), 'Dust')
    const answer = await readLedger({
      network: await openNetwork(home, 'practice'),
      store: eventStoreOf(project.database),
      collections: [collectionAddress(signer.address)],
      account: signer.address,
    })
    project.close()
    expect(answer.works.map((work) => work.token_id)).not.toContain(id)
    expect(answer.income).toMatchObject({ total_wei: '0', owed_wei: '0' })
  })
})

describe('what lies on the clipboard', () => {
  it('and was changed in a letter is no address, and a whole one is shown in full', async () => {
    const tokenId = await minted('pasted')
    const to = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359'
    const give = async (address: string): Promise<unknown> =>
      await performAct({
        home,
        networkId: 'practice',
        signer,
        act: { act: 'transfer', work: { collection: null, tokenId }, to: address },
        dryRun: true,
      })
    await expect(give(to.replace('fB', 'fA'))).rejects.toMatchObject({ code: 'bad_input' })
    await expect(give(to.replace('5ca1', '5cA1'))).rejects.toMatchObject({ code: 'bad_input' })
    expect(await give(to)).toMatchObject({ dry_run: true })
  })
})

describe('a project file', () => {
  it('that comes from somebody else starts nothing that signs when it is opened', async () => {
    const path = join(home, 'foreign.asterism')
    const store = ProjectStore.create(path, 'Foreign')
    const tokenId = await minted('wanted by a file')
    const input = JSON.stringify({
      network: 'practice',
      account: null,
      act: { act: 'transfer', work: { collection: null, tokenId }, to: SOMEBODY },
      dryRun: false,
    })
    store.close()
    const asked: unknown[] = []
    const confirmSigning = (request: SigningDescription) => Promise.resolve(asked.push(request) > 0)
    // First a run that is broken off while the person is asked, as a crash leaves it in the file.
    await withEngine({ confirmSigning: () => new Promise(() => undefined) }, async (engine) => {
      await engine.session.openProject(path)
      await engine.client.jobs.start({ kind: 'chainAct', input: JSON.parse(input) as unknown })
    })
    await withEngine(
      { confirmSigning },
      async (engine) => {
        await engine.session.openProject(path)
        const jobs = await engine.client.jobs.list()
        expect(jobs.map(({ kind }) => kind)).toContain('chainAct')
        expect(jobs.every(({ state }) => state !== 'running' && state !== 'queued')).toBe(true)
      },
      true,
    )
    expect(asked).toEqual([])
  })

  it('that is stolen holds no key and no pass phrase; nor does what the window is told, nor a crash report', async () => {
    await importWallet({ home, passphrase: PASSPHRASE, source: { kind: 'secret', secret: PLANTED_KEY } })
    await rpc.call('anvil_setBalance', [PLANTED_ADDRESS, '0x3635c9adc5dea00000'])
    const path = join(home, 'stolen.asterism')
    ProjectStore.create(path, 'Stolen').close()
    const told: string[] = []
    const report = await withEngine(
      { confirmSigning: () => Promise.resolve(true), askPassphrase: () => Promise.resolve(PASSPHRASE) },
      async (engine) => {
        await engine.session.openProject(path)
        const attestation = {
          kind: 'contribution',
          issuer: PLANTED_ADDRESS,
          collection: collectionAddress(signer.address),
          tokenId: `0x${'11'.repeat(32)}`,
          partsPerMillion: 1,
          model: 'a model',
          benchmark: 'a benchmark',
          evidence: `0x${'00'.repeat(32)}`,
          issuedAt: 1,
        } as const
        const input = { network: 'practice', account: PLANTED_ADDRESS, attestation }
        const signed = await runJob(engine.client, 'attest', input)
        expect(signed.signature).toMatch(/^0x[0-9a-f]{130}$/)
        told.push(JSON.stringify(signed))
        told.push(
          JSON.stringify(await engine.client.jobs.list()),
          JSON.stringify([...engine.session.document.values()]),
        )
        told.push(JSON.stringify(await engine.client.chain.accounts()))
        return JSON.stringify(process.report?.getReport())
      },
    )
    const files = readdirSync(home)
      .filter((name) => name.startsWith('stolen') && statSync(join(home, name)).isFile())
      .map((name) => readFileSync(join(home, name), 'latin1'))
    expect(files.length).toBeGreaterThan(0)
    for (const text of [...files, ...told, report]) {
      for (const secret of [PLANTED_KEY, PASSPHRASE]) expect(text.toLowerCase().includes(secret)).toBe(false)
    }
  })
})
