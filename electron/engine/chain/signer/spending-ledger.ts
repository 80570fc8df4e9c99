/** How much was spent by signatures within the last 24 hours, kept across signer processes. */
import { join } from 'node:path'
import { z } from 'zod'
import { networkWords, type ChainPolicy } from '../chain-policies.ts'
import { readIfThere, writeDurably } from '../durable-file.ts'
import { parseJson } from '../durable-file.ts'
import { waitForLock } from '../process-lock.ts'
import { ether, refuse } from './description.ts'
import { say } from '../../../../shared/sayings/saying.ts'

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000
const LOCK_TIMEOUT_MILLISECONDS = 10_000

const ledgerSchema = z.object({
  format: z.literal(1),
  entries: z.array(
    z.object({
      chain_id: z.number().int(),
      account: z.string(),
      /** Hash of the bytes to be signed: signing the same bytes again spends nothing more. */
      digest: z.string(),
      wei: z.string().regex(/^\d+$/),
      signed_at: z.number(),
    }),
  ),
})
type Ledger = z.infer<typeof ledgerSchema>

export class SpendingLedger {
  readonly #path: string
  readonly #now: () => number

  /** @param now Unix time in milliseconds. */
  constructor(home: string, now: () => number = Date.now) {
    this.#path = join(home, 'wallets', 'spending.json')
    this.#now = now
  }

  /** @throws AsterismError `signing_refused` if this would exceed the daily limit. */
  async check(policy: ChainPolicy, account: string, digest: string, wei: bigint): Promise<void> {
    this.#judge(await this.#read(), policy, account, digest, wei)
  }

  /** Checks again and records it, before anything is signed. */
  async reserve(policy: ChainPolicy, account: string, digest: string, wei: bigint): Promise<void> {
    const lock = await waitForLock(`${this.#path}.lock`, LOCK_TIMEOUT_MILLISECONDS)
    try {
      const ledger = await this.#read()
      if (!this.#judge(ledger, policy, account, digest, wei)) return
      const entry = { chain_id: policy.chainId, account, digest, wei: wei.toString(), signed_at: this.#now() }
      await writeDurably(
        this.#path,
        JSON.stringify({ format: 1, entries: [...ledger.entries, entry] } satisfies Ledger),
      )
    } finally {
      lock.release()
    }
  }

  /** False if these bytes are already recorded. */
  #judge(ledger: Ledger, policy: ChainPolicy, account: string, digest: string, wei: bigint): boolean {
    const own = ledger.entries.filter((entry) => entry.chain_id === policy.chainId && entry.account === account)
    if (own.some((entry) => entry.digest === digest)) return false
    const spent = own.reduce((sum, entry) => sum + BigInt(entry.wei), 0n)
    if (spent + wei > policy.perDayWei) {
      return refuse(
        say('signing.dearDay', {
          cost: ether(spent + wei),
          network: networkWords(policy),
          most: ether(policy.perDayWei),
        }),
        say('signing.fix.tomorrow'),
      )
    }
    return true
  }

  /** Entries of the last 24 hours, and any from the future, since a clock may have been set back. */
  async #read(): Promise<Ledger> {
    const text = await readIfThere(this.#path)
    if (text === null) return { format: 1, entries: [] }
    const parsed = ledgerSchema.safeParse(parseJson(text))
    if (!parsed.success) return refuse(say('signing.noRecord'), say('signing.fix.moveRecord', { path: this.#path }))
    const since = this.#now() - DAY_MILLISECONDS
    return { format: 1, entries: parsed.data.entries.filter((entry) => entry.signed_at > since) }
  }
}
