import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { computeAddress, Transaction, verifyMessage } from 'ethers'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { ChainSigner } from '../../../electron/engine/chain/chain-signer.ts'
import type { SigningDescription } from '../../../electron/engine/chain/signer/description.ts'
import { ledgerAddress, ledgerKey, ledgerPath } from '../../../electron/engine/chain/signer/ledger-app.ts'
import { ledgerOver, packetsOf } from '../../../electron/engine/chain/signer/ledger-hid.ts'
import { signInMessage, type SignIn } from '../../../electron/engine/chain/signer/sign-in-policy.ts'
import type { TypedData } from '../../../electron/engine/chain/signer/typed-data-policy.ts'
import { connectWallet, listWallets, openSigner } from '../../../electron/engine/chain/wallet.ts'
import {
  fakeFrame,
  playedLedger,
  replayed,
  type FakeFrame,
  type PlayedLedger,
} from '../../fixtures/chain/fake-devices.ts'
import { signerWith } from '../../fixtures/chain/signer-here.ts'
import { mintTransaction, PLANTED_ADDRESS, PLANTED_KEY } from '../../fixtures/chain/signing.ts'

const keyOf = (record: string, path = ledgerPath(0)) => ledgerKey(() => Promise.resolve(replayed(record)), path)

/** Exchanges that the makers of wallets recorded on devices, as their tests publish them. */
describe('a Ledger device, as it was recorded', () => {
  it('tells the address of its key', async () => {
    const publicKey =
      '0453390dcc1e6f1be0fb34f837b278ed1b4c84097c7493c13a0d915c735af1d8aa445d2738a95e8f50bc22abd2e17cb868d4db22a623d99d861740eb93373d50a3'
    const letters = '38373544373639453533333736333836373238613637463246356432643566656137463735623339'
    const device = replayed(`=> e00200000d038000002c8000ce1080000000\n<= 41${publicKey}28${letters}9000`)
    expect(await ledgerAddress(device, "44'/52752'/0'")).toBe(computeAddress(`0x${publicKey}`))
  })

  it('signs a transaction, also in pieces', async () => {
    const transaction = Transaction.from({
      to: '0xB0b5B0106D69fE64545A60A68C014f7570D3F861',
      value: 1n,
      gasLimit: 21_000n,
      maxPriorityFeePerGas: 400_000_000n,
      maxFeePerGas: 52_925_678_988n,
      chainId: 1,
      nonce: 0,
      type: 2,
    })
    const what = { kind: 'transaction', digest: transaction.unsignedHash, transaction } as const
    const signed = await keyOf(`
      => e00400003f058000002c8000003c80000000000000000000000002e801808417d78400850c529dc58c82520894b0b5b0106d69fe64545a60a68c014f7570d3f8610180c0
      <= 00339a8118c0329e403415129205d1d019e5fc5c95bc746b7e9e6efde3ddebfc1107c0393a6bba61a6f3eabc9a1d8298820fd0316436b49b0bc4082bfab81531e39000
    `).sign(what)
    expect(signed).toBe(
      '0x339a8118c0329e403415129205d1d019e5fc5c95bc746b7e9e6efde3ddebfc1107c0393a6bba61a6f3eabc9a1d8298820fd0316436b49b0bc4082bfab81531e31b',
    )
    const longer = Transaction.from(
      '0x02f88e018084448b9b80851278cdd392830238699460f80121c31a0d46b5279700f9df786054aa5ee580b86442842e0e0000000000000000000000006cbcd73cd8e8a42844662f0a0e76d7f79afd933d000000000000000000000000b0b5b0106d69fe64545a60a68c014f7570d3f8610000000000000000000000000000000000000000000000000000000000112999c0',
    )
    const inPieces = await keyOf(`
      => e004000096058000002c8000003c80000000000000000000000002f88e018084448b9b80851278cdd392830238699460f80121c31a0d46b5279700f9df786054aa5ee580b86442842e0e0000000000000000000000006cbcd73cd8e8a42844662f0a0e76d7f79afd933d000000000000000000000000b0b5b0106d69fe64545a60a68c014f7570d3f8610000000000000000000000000000000000
      <= 9000
      => e004800010000000000000000000000000112999c0
      <= 0187ce0994bbdfdfd93990a5afc03d7cf70a14c9efaabac810724a41f6375f54236c0056a02dc07650b1e68f86b9f18a92ff689a9eddf710bd9f76739260fff1939000
    `).sign({ kind: 'transaction', digest: longer.unsignedHash, transaction: longer })
    // Both by the one key of the device that was recorded.
    transaction.signature = signed
    longer.signature = inPieces
    expect(longer.from).toBe(transaction.from)
  })

  it('signs a message and typed data', async () => {
    const signed = await keyOf(
      `
      => e008000026058000002c8000003c8000000000000000000000020000000d68656c6c6f2c204672616d6521
      <= 1b5dfbee187e688cddacd854f3ed514c5a0a84ae972fe9ddeafb06436c92d7b1421ad9b725c7270d2c5b32ef824e0700ae354471a644d9cd06cb9f3422feba21319000
    `,
      "44'/60'/0'/0/2",
    ).sign({ kind: 'message', digest: '', text: 'hello, Frame!' })
    expect(verifyMessage('hello, Frame!', signed)).toMatch(/^0x/)
    const r = 'ee800a5a7e4e1668a8ebab2a5bce4c96424e0f80b7ba08fc48e063393196e085'
    const s = '1c0f9dab8909655368974e8aec6dba5c15772d575189e31b894fb7f8286c63b9'
    const typed = await keyOf(`
      => e00c000055058000002c8000003c800000000000000000000000239f83f0e5cffb0066b29194d820885963cf4631edc247a93465edf245fe2a743ae9302329ea4532e9dfd49237157e053215d5e0fa97711ed9ab4e607ae24b1c
      <= 1b${r}${s}9000
    `).sign({
      kind: 'typed-data',
      digest: '',
      data: {
        domain: { name: 'ReefKnot', version: '1', chainId: 1 },
        primaryType: 'Mail',
        message: { contents: 'hi' },
      },
      types: { Mail: [{ name: 'contents', type: 'string' }] },
    })
    expect(typed).toBe(`0x${r}${s}1b`)
  })

  it('gets its commands in packets, and answers in them', async () => {
    const packets = packetsOf(Buffer.alloc(100, 7))
    expect(packets.map((packet) => packet.subarray(0, 7).toString('hex'))).toEqual(['01010500000064', '01010500010707'])
    expect(packets.every((packet) => packet.length === 64)).toBe(true)
    const answer = packetsOf(Buffer.alloc(70, 9))
    const device = (came: Buffer[]) =>
      ledgerOver({
        write: () => Promise.resolve(),
        read: () => Promise.resolve(came.shift()),
        close: () => Promise.resolve(),
      })
    expect(Buffer.from(await device([...answer]).exchange(Buffer.of(1)))).toEqual(Buffer.alloc(70, 9))
    await expect(device([answer[1]!]).exchange(Buffer.of(1))).rejects.toMatchObject({ code: 'tool_failed' })
    await expect(device([answer[0]!]).exchange(Buffer.of(1))).rejects.toMatchObject({ code: 'timeout' })
  })
})

describe('an account whose key is elsewhere', () => {
  let home: string
  let ledger: PlayedLedger
  let frame: FakeFrame
  let shown: SigningDescription[]
  let agrees: boolean

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'asterism-devices-'))
    ledger = playedLedger(`0x${PLANTED_KEY}`)
    frame = await fakeFrame(`0x${PLANTED_KEY}`, PLANTED_ADDRESS)
    shown = []
    agrees = true
  })
  afterEach(async () => {
    await frame.close()
    rmSync(home, { recursive: true, force: true })
  })

  async function connected(kind: 'ledger' | 'frame'): Promise<ChainSigner> {
    const spawn = signerWith({ frameUrl: frame.url, openLedger: () => Promise.resolve(ledger) })
    const device = kind === 'ledger' ? { kind, path: ledgerPath(1) } : { kind }
    const { address, path } = await connectWallet({ home, device, spawn })
    expect(address).toBe(PLANTED_ADDRESS)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(device)
    expect((await listWallets(home)).wallets).toEqual([{ address, path, kind }])
    await expect(connectWallet({ home, device, spawn })).rejects.toMatchObject({ code: 'conflict' })
    const signer = await openSigner({
      home,
      networkId: 'sepolia',
      spawn,
      confirmSigning(description) {
        shown.push(description)
        return Promise.resolve(agrees)
      },
      askPassphrase: () => Promise.reject(new Error('it has no pass phrase here')),
    })
    onTestFinished(() => signer.close())
    return signer
  }

  const SEPOLIA = 11_155_111
  const unsigned = mintTransaction(PLANTED_ADDRESS, { chainId: SEPOLIA })
  const manifest: TypedData = {
    domain: { name: 'Asterism package', version: '1', chainId: SEPOLIA },
    primaryType: 'PackageManifest',
    message: {
      manifestSha256: `0x${'11'.repeat(32)}`,
      metadataSha256: `0x${'22'.repeat(32)}`,
      creator: PLANTED_ADDRESS,
    },
  }
  const signIn = (): SignIn => ({
    domain: 'works.example',
    uri: 'https://works.example/files/',
    chainId: SEPOLIA,
    nonce: 'abcdefgh1',
    issuedAt: new Date().toISOString(),
    expirationTime: new Date(Date.now() + 3600_000).toISOString(),
  })

  for (const kind of ['ledger', 'frame'] as const) {
    it(`${kind}: signs what was shown here, and nothing else`, async () => {
      const signer = await connected(kind)
      const signed = Transaction.from(await signer.signTransaction(unsigned))
      expect(signed.unsignedSerialized).toBe(unsigned)
      expect(signed.from).toBe(PLANTED_ADDRESS)
      expect(await signer.signTypedData(manifest)).toMatch(/^0x[0-9a-f]{130}$/)
      const asked = signIn()
      expect(verifyMessage(signInMessage(asked, PLANTED_ADDRESS), await signer.signSignIn(asked))).toBe(PLANTED_ADDRESS)
      expect(shown.map((each) => each.fields[0]?.value)).toHaveLength(3)
      // An approval, and what the person declines here, never reaches the device.
      const before = frame.asked.length
      ledger.exchange = () => Promise.reject(new Error('the device was asked'))
      const approval = mintTransaction(PLANTED_ADDRESS, { chainId: SEPOLIA, data: `0x095ea7b3${'00'.repeat(64)}` })
      await expect(signer.signTransaction(approval)).rejects.toMatchObject({ code: 'signing_refused' })
      agrees = false
      await expect(signer.signTransaction(unsigned)).rejects.toThrow(/not agreed/)
      expect(frame.asked).toHaveLength(before)
      expect(frame.asked.every(({ origin }) => origin === 'asterism')).toBe(true)
    })
  }

  it('takes no signature of another key, and none of something else', async () => {
    const other = await connected('ledger')
    const stranger = playedLedger(`0x${'17'.repeat(32)}`)
    ledger.exchange = (command) => stranger.exchange(command)
    await expect(other.signTransaction(unsigned)).rejects.toThrow(/another account/)
    rmSync(join(home, 'wallets'), { recursive: true })
    const signer = await connected('frame')
    frame.change = (transaction) => (transaction.maxFeePerGas = 9_000_000_000n)
    await expect(signer.signTransaction(unsigned)).rejects.toThrow(/something else than was shown/)
  })

  it('says what to do where the device does not sign', async () => {
    const signer = await connected('ledger')
    const said = async (status: string): Promise<unknown> => {
      ledger.status = status
      return await signer.signTypedData(manifest).catch((error: unknown) => error)
    }
    expect(await said('6985')).toMatchObject({ code: 'signing_refused', message: expect.stringContaining('declined') })
    // Over the border of its process, for the window to say it in its own language.
    expect(await said('6985')).toMatchObject({ said: { what: { code: 'signing.deviceDeclined' } } })
    expect(await said('5515')).toMatchObject({ fix: 'Enter its PIN.' })
    expect(await said('6a80')).toMatchObject({ fix: expect.stringContaining('blind signing') })
    expect(await said('6f42')).toMatchObject({ message: expect.stringContaining('6f42') })
    await frame.close()
    const device = { kind: 'frame' } as const
    const spawn = signerWith({ frameUrl: frame.url, openLedger: () => Promise.reject(new Error('none')) })
    await expect(connectWallet({ home, device, spawn })).rejects.toMatchObject({ code: 'network_failed' })
  })
})
