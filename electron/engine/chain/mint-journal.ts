/**
 * Transactions on their way to a chain, written down before they are sent. So a mint can be killed at any point and run
 * again: the same bytes are sent again, or none.
 */
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { parseJson, readIfThere, writeDurably } from './durable-file.ts'

/** planned -> signed (on disk) -> sent -> mined -> final. */
const JOURNAL_STAGES = ['planned', 'signed', 'sent', 'mined', 'final'] as const

const entrySchema = z.object({
  format: z.literal(1),
  /** Chain, contract and act; one entry for each. */
  key: z.string().min(1),
  stage: z.enum(JOURNAL_STAGES),
  chainId: z.number().int(),
  account: z.string(),
  contract: z.string(),
  /** `0x` and 64 digits; null for the creation of a collection. */
  tokenId: z.string().nullable(),
  /** Owner of the called collection, if it is not the account's own. */
  creator: z.string().nullable().default(null),
  /** From `signed` on: the transaction exactly as sent, its hash and its nonce. */
  rawTransaction: z.string().nullable(),
  transactionHash: z.string().nullable(),
  nonce: z.number().int().nullable(),
  /** Hashes of transactions with the same nonce that this one replaces; any of them may be the one that is mined. */
  replacedHashes: z.array(z.string()),
  /** Their bytes: after a reorganisation the one that was mined is sent again. */
  replacedTransactions: z.array(z.string()).default([]),
  /** Transactions reported as reverted: checked again before anything replaces them. */
  refusedTransactions: z.array(z.string()).default([]),
  /** The transaction is a mere cancellation of those that it replaces. */
  cancels: z.boolean().default(false),
  /** From `mined` on. */
  blockNumber: z.number().int().nullable(),
  gasUsed: z.number().int().nullable(),
  feeWei: z.string().nullable(),
})
export type MintJournalEntry = z.infer<typeof entrySchema>

export interface MintJournal {
  find(key: string): Promise<MintJournalEntry | null>
  /** Resolves once the entry would survive a power failure. */
  put(entry: MintJournalEntry): Promise<void>
  /** Entries that are signed and not final; unreadable ones are left out. */
  underWay(): Promise<MintJournalEntry[]>
}

/** A journal of one private file per entry, under `<home>/mint-journal`. */
export function fileMintJournal(home: string): MintJournal {
  const pathOf = (key: string): string =>
    join(home, 'mint-journal', `${createHash('sha256').update(key).digest('hex').slice(0, 40)}.json`)
  return {
    async find(key) {
      const path = pathOf(key)
      const text = await readIfThere(path)
      if (text === null) return null
      const parsed = entrySchema.safeParse(parseJson(text))
      if (parsed.success && parsed.data.key === key) return parsed.data
      throw new AsterismError('corrupt_file', say('chain.journalUnreadable'), {
        fix: say('chain.fix.journalUnreadable'),
        path,
      })
    },
    async underWay() {
      const names = await readdir(join(home, 'mint-journal')).catch(() => [])
      const texts = await Promise.all(
        names.filter((name) => name.endsWith('.json')).map((name) => readIfThere(join(home, 'mint-journal', name))),
      )
      return texts
        .flatMap((text) => (text === null ? [] : (entrySchema.safeParse(parseJson(text)).data ?? [])))
        .filter(({ stage, rawTransaction }) => rawTransaction !== null && stage !== 'final')
        .sort((a, b) => (a.nonce ?? 0) - (b.nonce ?? 0))
    },
    put: (entry) => writeDurably(pathOf(entry.key), `${JSON.stringify(entry, null, 2)}\n`),
  }
}
