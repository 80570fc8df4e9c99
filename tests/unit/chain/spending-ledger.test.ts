import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { chainPolicies } from '../../../electron/engine/chain/chain-policies.ts'
import { SpendingLedger } from '../../../electron/engine/chain/signer/spending-ledger.ts'

const HOUR_MILLISECONDS = 3_600_000
const policy = chainPolicies.find(({ networkId }) => networkId === 'sepolia')!
const quarter = policy.perDayWei / 4n

let home: string
let now: number
let ledger: SpendingLedger
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'asterism-ledger-'))
  now = Date.UTC(2026, 0, 1)
  ledger = new SpendingLedger(home, () => now)
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

it('stops at the limit of 24 hours, also for the next process, and goes on after them', async () => {
  for (const digest of ['a', 'b', 'c', 'd']) await ledger.reserve(policy, '0x1', digest, quarter)
  const next = new SpendingLedger(home, () => now)
  await expect(next.check(policy, '0x1', 'e', 1n)).rejects.toMatchObject({ code: 'signing_refused' })
  await expect(next.reserve(policy, '0x1', 'e', 1n)).rejects.toThrow(/within 24 hours/)
  now += 24 * HOUR_MILLISECONDS + 1
  await next.reserve(policy, '0x1', 'e', 1n)
})

it('counts the same bytes once, and every account and chain for itself', async () => {
  for (let n = 0; n < 9; n += 1) await ledger.reserve(policy, '0x1', 'same', quarter)
  await ledger.reserve(policy, '0x1', 'other', 3n * quarter)
  await expect(ledger.check(policy, '0x1', 'more', 1n)).rejects.toThrow()
  await ledger.check(policy, '0x2', 'more', policy.perDayWei)
  await ledger.check(chainPolicies[0]!, '0x1', 'more', chainPolicies[0]!.perDayWei)
})

it('is not fooled by a clock that is set back, and loses nothing to processes at the same time', async () => {
  await ledger.reserve(policy, '0x1', 'a', 3n * quarter)
  now -= 48 * HOUR_MILLISECONDS
  await expect(ledger.check(policy, '0x1', 'b', 2n * quarter)).rejects.toThrow()
  const both = await Promise.allSettled(
    ['x', 'y', 'z'].map((digest) => new SpendingLedger(home, () => now).reserve(policy, '0x1', digest, quarter)),
  )
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

it('refuses when it cannot be read, rather than starting from nothing', async () => {
  mkdirSync(join(home, 'wallets'), { recursive: true })
  writeFileSync(join(home, 'wallets', 'spending.json'), '{"format":1,"entries":')
  await expect(ledger.check(policy, '0x1', 'a', 1n)).rejects.toMatchObject({ code: 'signing_refused' })
})
