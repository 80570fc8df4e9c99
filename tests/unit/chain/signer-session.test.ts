import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transaction } from 'ethers'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { policyOf, PRACTICE_CHAIN_ID } from '../../../electron/engine/chain/chain-policies.ts'
import type {
  Described,
  Signed,
  SignerAnswer,
  SignerRequest,
  SigningPayload,
} from '../../../electron/engine/chain/signer/protocol.ts'
import { IDLE_LOCK_MILLISECONDS, SignerSession } from '../../../electron/engine/chain/signer/signer-session.ts'
import { mintTransaction, PLANTED_ADDRESS, PLANTED_KEY } from '../../fixtures/chain/signing.ts'

const TOKEN = 't'.repeat(43)
const payload: SigningPayload = { kind: 'transaction', unsigned: mintTransaction(PLANTED_ADDRESS) }
const other: SigningPayload = { kind: 'transaction', unsigned: mintTransaction(PLANTED_ADDRESS, { nonce: 8 }) }

let home: string
let answers: SignerAnswer[]
let locked: number
let session: SignerSession

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'asterism-signer-'))
  mkdirSync(join(home, 'practice'))
  const account = { label: '', chain_id: PRACTICE_CHAIN_ID, address: PLANTED_ADDRESS, private_key: `0x${PLANTED_KEY}` }
  writeFileSync(join(home, 'practice', 'account.json'), JSON.stringify(account))
  answers = []
  locked = 0
  session = new SignerSession({
    send: (answer) => answers.push(answer),
    onLocked: () => (locked += 1),
    connections: null,
  })
  await session.receive({ open: { token: TOKEN, home } })
})
afterEach(() => {
  session.lock()
  vi.useRealTimers()
  rmSync(home, { recursive: true, force: true })
})

async function ask<T>(request: SignerRequest, token = TOKEN): Promise<T> {
  await session.receive({ id: answers.length, token, request })
  const answer = answers.at(-1)!
  if (!answer.ok) throw Object.assign(new Error(answer.error.message), answer.error)
  return answer.result as T
}

describe('the signer', () => {
  it('signs what was described, once, with the key of the account', async () => {
    await ask({ op: 'unlock-practice' })
    const { confirmation } = await ask<Described>({ op: 'describe', payload })
    const { signed } = await ask<Signed>({ op: 'sign', payload, confirmation })
    const transaction = Transaction.from(signed)
    expect(transaction.from).toBe(PLANTED_ADDRESS)
    expect(transaction.unsignedSerialized).toBe(mintTransaction(PLANTED_ADDRESS))
    await expect(ask({ op: 'sign', payload, confirmation })).rejects.toThrow(/not shown/)
  })

  it('signs nothing unseen: no confirmation, a made-up one, or the one of something else', async () => {
    await ask({ op: 'unlock-practice' })
    await expect(ask({ op: 'sign', payload, confirmation: '' })).rejects.toThrow(/not shown/)
    await expect(ask({ op: 'sign', payload, confirmation: 'f'.repeat(64) })).rejects.toThrow(/not shown/)
    const { confirmation } = await ask<Described>({ op: 'describe', payload })
    await expect(ask({ op: 'sign', payload: other, confirmation })).rejects.toThrow(/not shown/)
    await ask<Described>({ op: 'describe', payload: other })
    await expect(ask({ op: 'sign', payload: other, confirmation })).rejects.toThrow(/not shown/)
  })

  it('answers nobody without the token, and takes no second one', async () => {
    await expect(ask({ op: 'unlock-practice' }, 'x'.repeat(43))).rejects.toMatchObject({ code: 'signing_refused' })
    await expect(ask({ op: 'unlock-practice' }, '')).rejects.toMatchObject({ code: 'signing_refused' })
    await session.receive({ open: { token: 'x'.repeat(43), home } })
    await expect(ask({ op: 'unlock-practice' }, 'x'.repeat(43))).rejects.toMatchObject({ code: 'signing_refused' })
    await ask({ op: 'unlock-practice' })
  })

  it('takes no agreement that was given more than ten minutes ago', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    await ask({ op: 'unlock-practice' })
    const { confirmation } = await ask<Described>({ op: 'describe', payload })
    vi.advanceTimersByTime(600_001)
    await expect(ask({ op: 'sign', payload, confirmation })).rejects.toThrow(/too long ago/)
  })

  it('neither shows nor signs what goes beyond the limit of the day', async () => {
    await ask({ op: 'unlock-practice' })
    const { confirmation } = await ask<Described>({ op: 'describe', payload })
    const { perDayWei, chainId } = policyOf(BigInt(PRACTICE_CHAIN_ID))!
    const spent = {
      chain_id: chainId,
      account: PLANTED_ADDRESS,
      digest: 'x',
      wei: `${perDayWei}`,
      signed_at: Date.now(),
    }
    mkdirSync(join(home, 'wallets'))
    writeFileSync(join(home, 'wallets', 'spending.json'), JSON.stringify({ format: 1, entries: [spent] }))
    await expect(ask({ op: 'sign', payload, confirmation })).rejects.toThrow(/within 24 hours/)
    await expect(ask({ op: 'describe', payload: other })).rejects.toThrow(/within 24 hours/)
  })

  it('wipes the key when it locks', async () => {
    const wiped = vi.spyOn(Buffer.prototype, 'fill')
    onTestFinished(() => wiped.mockRestore())
    await ask({ op: 'unlock-practice' })
    await ask({ op: 'lock' })
    const keys = (wiped.mock.contexts as Buffer[]).filter(({ byteLength }) => byteLength === 32)
    expect(keys).not.toEqual([])
    expect(keys.every((key) => key.equals(Buffer.alloc(32)))).toBe(true)
  })

  it('is locked until it is opened, and after it is locked', async () => {
    await expect(ask({ op: 'describe', payload })).rejects.toMatchObject({ code: 'wallet_locked' })
    await ask({ op: 'unlock-practice' })
    const { confirmation } = await ask<Described>({ op: 'describe', payload })
    await ask({ op: 'lock' })
    expect(locked).toBe(1)
    await expect(ask({ op: 'sign', payload, confirmation })).rejects.toMatchObject({ code: 'wallet_locked' })
    await ask({ op: 'unlock-practice' })
    await expect(ask({ op: 'sign', payload, confirmation })).rejects.toThrow(/not shown/)
  })

  it('locks itself after five idle minutes, counted from the last request of its host', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    session.lock()
    locked = 0
    session = new SignerSession({
      send: (answer) => answers.push(answer),
      onLocked: () => (locked += 1),
      connections: null,
    })
    await session.receive({ open: { token: TOKEN, home } })
    await ask({ op: 'unlock-practice' })
    vi.advanceTimersByTime(IDLE_LOCK_MILLISECONDS - 1)
    await ask({ op: 'describe', payload })
    vi.advanceTimersByTime(IDLE_LOCK_MILLISECONDS - 1)
    expect(locked).toBe(0)
    await session.receive({ id: 99, token: 'wrong', request: { op: 'lock' } })
    vi.advanceTimersByTime(1)
    expect(locked).toBe(1)
    await expect(ask({ op: 'describe', payload })).rejects.toMatchObject({ code: 'wallet_locked' })
    expect(IDLE_LOCK_MILLISECONDS).toBe(300_000)
  })

  it('says nothing secret, whatever it is asked', async () => {
    await ask({ op: 'unlock-practice' })
    const requests: unknown[] = [
      { op: 'export' },
      { op: 'unlock', address: '../../practice/account', passphrase: PLANTED_KEY },
      { op: 'import', passphrase: 'short', source: { kind: 'secret', secret: PLANTED_KEY } },
      { op: 'import', passphrase: 'long enough', source: { kind: 'secret', secret: `${PLANTED_KEY}00` } },
      { op: 'import', passphrase: 'long enough', source: { kind: 'keystore', json: `{"key":"${PLANTED_KEY}"}` } },
      { op: 'describe', payload: { kind: 'transaction', unsigned: `0x${PLANTED_KEY}` } },
    ]
    for (const [id, request] of requests.entries()) await session.receive({ id, token: TOKEN, request })
    expect(answers.filter((answer) => !answer.ok)).toHaveLength(requests.length)
    expect(JSON.stringify(answers).toLowerCase()).not.toContain(PLANTED_KEY)
  })

  it('keeps to itself what libraries say, which may quote what they were given', async () => {
    // No curve has such a key: the library that is given it throws.
    const account = {
      label: '',
      chain_id: PRACTICE_CHAIN_ID,
      address: PLANTED_ADDRESS,
      private_key: `0x${'f'.repeat(64)}`,
    }
    writeFileSync(join(home, 'practice', 'account.json'), JSON.stringify(account))
    await session.receive({ id: 0, token: TOKEN, request: { op: 'unlock-practice' } })
    expect(answers).toEqual([{ id: 0, ok: false, error: { code: 'internal', message: 'The signer failed.' } }])
  })

  it('ignores what is no message', async () => {
    for (const message of [null, 7, 'open', {}, { id: 'x' }, { open: { token: 'short', home } }])
      await session.receive(message)
    expect(answers).toEqual([])
  })
})
