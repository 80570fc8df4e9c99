/** Events of a chain in the project file, so that what became of works can be read without a network. */
import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { ChainEvent } from '../logs.ts'

/** Up to where events of a scope are known, and the block that was there then. */
export interface Checkpoint {
  readonly block: number
  readonly hash: string
}

/** How many blocks are remembered to find the last one that a reorganised chain still has. */
const CHECKPOINTS_KEPT = 64

const eventRow = z.object({
  block: z.number(),
  position: z.number(),
  transaction_hash: z.string(),
  address: z.string(),
  topics: z.string(),
  data: z.string(),
})

export interface EventStore {
  /** Latest first. */
  checkpoints(scope: string): Checkpoint[]
  /** Adds events up to a block; all of it or nothing. */
  add(scope: string, events: readonly ChainEvent[], upTo: Checkpoint): void
  /** Forgets all that came after a block; all of the scope when it is null. */
  rollBack(scope: string, to: Checkpoint | null): void
  /** In the order of the chain. */
  events(scope: string): ChainEvent[]
}

/** @param db Of a project; its schema holds chain_events and chain_checkpoints. */
export function eventStoreOf(db: Database): EventStore {
  return {
    checkpoints: (scope) =>
      db
        .prepare('SELECT block, hash FROM chain_checkpoints WHERE scope = ? ORDER BY block DESC')
        .all(scope) as Checkpoint[],
    add: db.transaction((scope: string, events: readonly ChainEvent[], { block, hash }: Checkpoint) => {
      const insert = db.prepare('INSERT OR REPLACE INTO chain_events VALUES (?, ?, ?, ?, ?, ?, ?)')
      for (const event of events) {
        const { block: at, position, transaction, address, topics, data } = event
        insert.run(scope, at, position, transaction, address, JSON.stringify(topics), data)
      }
      db.prepare('INSERT OR REPLACE INTO chain_checkpoints VALUES (?, ?, ?)').run(scope, block, hash)
      db.prepare(
        `DELETE FROM chain_checkpoints WHERE scope = @scope AND block NOT IN
         (SELECT block FROM chain_checkpoints WHERE scope = @scope ORDER BY block DESC LIMIT ${CHECKPOINTS_KEPT})`,
      ).run({ scope })
    }),
    rollBack: db.transaction((scope: string, to: Checkpoint | null) => {
      const after = to?.block ?? -1
      db.prepare('DELETE FROM chain_events WHERE scope = ? AND block > ?').run(scope, after)
      db.prepare('DELETE FROM chain_checkpoints WHERE scope = ? AND block > ?').run(scope, after)
    }),
    events: (scope) =>
      db
        .prepare('SELECT * FROM chain_events WHERE scope = ? ORDER BY block, position')
        .all(scope)
        .map((row) => {
          const { block, position, transaction_hash: transaction, address, topics, data } = eventRow.parse(row)
          return { block, position, transaction, address, topics: z.array(z.string()).parse(JSON.parse(topics)), data }
        }),
  }
}
