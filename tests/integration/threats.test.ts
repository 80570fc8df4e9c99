/** What docs/security.md names a threat and no other test already tries: each ends with nothing signed, lost or told. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { getAddress, ZeroHash, zeroPadValue } from 'ethers'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
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
import { RpcRefusal, type Rpc } from '../../electron/engine/chain/rpc.ts'
import type { SigningDescription } from '../../electron/engine/chain/signer/description.ts'
import type { ChainSigner } from '../../electron/engine/chain/chain-signer.ts'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { readSealed } from '../../electron/engine/publish/sealed/open-package.ts'
import { lesseeKey, lesseeKeyPath } from '../../electron/engine/publish/sealed/release.ts'
import {
  parseAgeKey,
  sealingSecret,
  sealingSecretPath,
  workKey,
  type AgeKey,
} from '../../electron/engine/publish/sealed/work-key.ts'
import { ProjectStore } from '../../electron/engine/project/store.ts'
import type { EngineHost } from '../../electron/engine/session.ts'
import { asEngineError, runJob, type EngineClient } from '../../shared/contract/client.ts'
import type { JobInput, JobKind, JobOutput } from '../../shared/contract/jobs.ts'
import { makeHome, practiceRpc, practiceSigner, removeHome, writePackage } from '../fixtures/chain/chain-home.ts'
import { searchFiles, searchFor } from '../fixtures/chain/planted.ts'
import { interpose } from '../fixtures/chain/rpc-proxy.ts'
import { PLANTED_ADDRESS, PLANTED_KEY } from '../fixtures/chain/signing.ts'
import { plantWallet } from '../fixtures/chain/weak-wallet.ts'
import { startKubo } from '../fixtures/publish/kubo-server.ts'
import { startPinning } from '../fixtures/publish/pinning-server.ts'
import { plyText } from '../fixtures/publish/project.ts'
import { child, line } from '../fixtures/publish/sending.ts'
import { signInServer } from '../fixtures/publish/sign-in-server.ts'

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
      const told = [client.wallets.list(), client.chain.practice(), client.chain.pending({ network: 'practice' })]
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
  it('of strangers stands apart from what was bought, is no income, and nothing where no collection of ours holds it', async () => {
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
    // A contract that says that it has minted a work for somebody, as soon as it is made.
    const pretended = `0x${'d6'.repeat(32)}`
    const transfer = contentInterface.getEvent('Transfer')!.topicHash
    const topics = [pretended, zeroPadValue(signer.address, 32), ZeroHash, transfer].map((each) => `7f${each.slice(2)}`)
    const code = `0x${topics.join('')}60006000a460016000f3`
    await rpc.call('eth_sendTransaction', [{ from: stranger, data: code, gas: '0x7a1200' }])
    const project = ProjectStore.create(join(home, 'dust.asterism'), 'Dust')
    const network = await openNetwork(home, 'practice')
    const call: Rpc['call'] = async (...asked) => await network.rpc.call(...asked)
    const read = async (rpc: Rpc) =>
      await readLedger({
        network: { ...network, rpc },
        store: eventStoreOf(project.database),
        collections: [collectionAddress(signer.address)],
        account: signer.address,
      })
    // A node that answers for one contract at a time tells of own works all the same, and that others are missing.
    const strict = await read({
      origin: 'strict',
      async call(method, params, signal) {
        const isOfAny = method === 'eth_getLogs' && !Object.hasOwn(params[0] as object, 'address')
        if (isOfAny) throw new RpcRefusal(method, -32_602, 'specify an address', null)
        return await call(method, params, signal)
      },
    })
    const answer = await read(network.rpc)
    project.close()
    expect(strict).toMatchObject({ others_unread: true, works: answer.works.filter(({ came }) => came === 'minted') })
    expect(answer.others_unread).toBe(false)
    expect(answer.works.find((work) => work.token_id === id)).toMatchObject({ came: 'given', contract: theirs })
    expect(answer.works.map((work) => work.token_id)).not.toContain(pretended)
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

  it('that is stolen holds no secret, nor does a package, a job, a journal, a crash report, or what the window is told', async () => {
    const uploads = join(home, 'uploads-of-server')
    mkdirSync(uploads)
    const server = await signInServer(uploads, 'token')
    onTestFinished(async () => await server.close())
    const credential = 'upload credential 90210'
    const headersFile = join(home, 'headers.txt')
    writeFileSync(headersFile, `X-Credential: ${credential}\n`)
    const node = await startKubo()
    const pinning = await startPinning(node)
    onTestFinished(() => (node.close(), pinning.close()))
    const tokenFile = join(home, 'pinning-headers.txt')
    writeFileSync(tokenFile, `Authorization: Bearer ${pinning.token}\n`)
    const storeSecret = 'secret of a store 31337'
    const ofStore = join(home, 'store-of-server')
    mkdirSync(ofStore)
    const store = child(new URL('../fixtures/publish/s3-server-child.ts', import.meta.url), [ofStore, '0'])
    const storePort = await line(store, (text) => /^\d+$/.test(text))
    await plantWallet(home, PLANTED_KEY, PASSPHRASE)
    await rpc.call('anvil_setBalance', [PLANTED_ADDRESS, '0x3635c9adc5dea00000'])
    const told: string[] = []
    writeFileSync(join(home, 'scan.ply'), plyText(500))
    const host: EngineHost = {
      confirmSigning: (request) => Promise.resolve(told.push(JSON.stringify(request)) > 0),
      askPassphrase: () => Promise.resolve(PASSPHRASE),
    }
    let workSecret: AgeKey
    const report = await withEngine(host, async (engine) => {
      const window = createRouterClient(engine.router) as EngineClient
      const file = (name: string): string => engine.grantFile(join(home, name))
      const run = async <K extends JobKind>(kind: K, input: JobInput<K>): Promise<JobOutput<K>> => {
        const answer = await runJob(window, kind, input, { onProgress: (job) => told.push(JSON.stringify(job)) })
        told.push(JSON.stringify(answer))
        return answer
      }
      const failing = async <K extends JobKind>(kind: K, input: JobInput<K>): Promise<void> => {
        const error = asEngineError(
          await run(kind, input).then(
            () => null,
            (failure: unknown) => failure,
          ),
        )
        told.push(JSON.stringify([error, error.message, error.stack]))
      }
      await window.projects.openFile({ file: file('stolen.asterism'), create: true })
      await run('import', { files: [file('scan.ply')] })
      const packed = await run('pack', { out: file('sealed'), licence: 'CC-BY-4.0', profile: null, seal: true })
      const upload = {
        package: null,
        to: { address: `${server.origin}/files` },
        headers: file('headers.txt'),
        bytesPerSecond: null,
      }
      await failing('upload', upload)
      const signIn = { at: `${server.origin}/auth`, network: 'practice', account: PLANTED_ADDRESS }
      expect(await run('upload', { ...upload, signIn })).toMatchObject({ verified: true })
      const via = `via=${node.url}&gateway=${pinning.gateway}`
      const pin = { ...upload, to: { address: `pin+${pinning.url}?${via}` }, headers: file('pinning-headers.txt') }
      expect(await run('upload', pin)).toMatchObject({ target: 'pinning', verified: true })
      // Where every S3 program finds them; the store knows one account, and not the other.
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', storeSecret)
      const toStore = {
        ...upload,
        to: { address: `s3://takes/x?endpoint=http://127.0.0.1:${storePort}` },
        headers: null,
      }
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'NOBODY')
      await failing('upload', toStore)
      expect(told.at(-1)).toContain('does not let you in')
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER')
      expect(await run('upload', toStore)).toMatchObject({ target: 's3', verified: true })
      vi.unstubAllEnvs()
      const { token_id: tokenId } = await run('mint', { package: null, network: 'practice', dryRun: false })
      const work = { collection: collectionAddress(signer.address), tokenId }
      const expires = Math.floor(Date.now() / 1000) + 86_400
      const grant = { act: 'grant', work, user: PLANTED_ADDRESS, expires } as const
      await run('chainAct', { network: 'practice', account: null, act: grant, dryRun: false })
      await run('keyRequest', { network: 'practice', account: PLANTED_ADDRESS, work, out: file('asked.json') })
      const release = { request: file('asked.json'), package: null, network: null, out: file('given.json') }
      await run('keyRelease', release)
      const opening = { package: file(`sealed/${packed.path}`), key: file('given.json'), out: file('opened') }
      expect(await run('keyOpen', opening)).toMatchObject({ token_id: tokenId })
      told.push(JSON.stringify([await window.jobs.list(), await window.wallets.list(), await window.app.info()]))
      told.push(JSON.stringify((await (await window.document.watch()).next()).value))
      const { files } = await readSealed(join(home, 'sealed', packed.path))
      const digests = files.map(({ sha256 }) => sha256)
      workSecret = workKey(await sealingSecret(home), digests)
      return JSON.stringify([process.report?.getReport(), process.argv, process.env])
    })
    const machine = parseAgeKey(readFileSync(sealingSecretPath(home), 'utf8'))
    const lessee = await lesseeKey(home, PLANTED_ADDRESS)
    const keys = [machine, lessee, workSecret!].flatMap(({ identity, secret }) => [identity, secret])
    expect(server.tokens.size).toBe(1)
    const search = searchFor([
      ...keys,
      Buffer.from(PLANTED_KEY, 'hex'),
      PASSPHRASE,
      credential,
      storeSecret,
      pinning.token,
      ...server.tokens,
    ])
    for (const [n, text] of [...told, report].entries()) search(`told ${n}`, text)
    const holders = [headersFile, tokenFile, sealingSecretPath(home), lesseeKeyPath(home, PLANTED_ADDRESS)]
    for (const holder of holders.slice(2)) expect(statSync(holder).mode & 0o077).toBe(0)
    const searched = searchFiles(search, home, holders).map((path) => relative(home, path))
    // All of these were there to be searched.
    const parts = ['stolen.asterism', 'sealed/stolen/sealed.json', 'sealed/stolen.car', 'opened/', 'uploads-of-server/']
    parts.push('asked.json', 'given.json', 'uploads/', 'wallets/', 'mint-journal/', 'practice/practice.log')
    for (const part of parts)
      expect(
        searched.some((path) => path.startsWith(part)),
        part,
      ).toBe(true)
  })
})
