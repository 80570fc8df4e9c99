/** Recordings of ROS 2 in SQLite (rosbag2_storage_sqlite3): a table of topics and one of messages in CDR, by the time they came. */
import { say, type Wording } from '../../../../shared/sayings/saying.ts'
import { damageOf } from '../reading/damage.ts'
import Database from 'better-sqlite3'
import { zstdDecompressSync } from 'node:zlib'
import type { ImportSource } from '../importer.ts'
import { patiently } from '../reading/patiently.ts'
import { asciiText } from '../reading/text-lines.ts'
import { mcapReader } from './mcap-messages.ts'
import type { McapChannel, McapTaker } from './mcap-walk.ts'

const ZSTD_MAGIC = 0xfd2fb528
const MAX_MESSAGE_BYTES = 1 << 30

const PLAIN_TABLES =
  "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('topics', 'messages') AND sql LIKE 'CREATE TABLE%'"

/** Whether a database is one of rosbag2, by the tables that its first page declares. */
export function isRosDatabase(head: Uint8Array): boolean {
  if (asciiText(head, 0, 15) !== 'SQLite format 3') return false
  const page = asciiText(head)
  return /CREATE TABLE topics\s*\(.*\bserialization_format\b/s.test(page) && /CREATE TABLE messages\s*\(/.test(page)
}

interface TopicRow {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly serialization_format: string
}

/** Messages that the recorder packed one by one. */
function plain(data: Buffer): Uint8Array {
  const isPacked = data.length > 4 && data.readUInt32LE(0) === ZSTD_MAGIC
  return isPacked ? zstdDecompressSync(data, { maxOutputLength: MAX_MESSAGE_BYTES }) : data
}

/** @returns What is damaged, where something is: what came before it was taken. */
export async function walkRosDatabase(
  source: ImportSource,
  signal: AbortSignal,
  take: McapTaker,
): Promise<Wording | undefined> {
  let database: Database.Database | undefined
  try {
    database = new Database(source.path, { readonly: true, fileMustExist: true })
    // A view in the place of a table would be a program of whoever made the file, and may never end.
    database.pragma('trusted_schema = OFF')
    if (database.prepare(PLAIN_TABLES).pluck().get() !== 2) return say('broken.topicsNoTables')
    const topics = database.prepare('SELECT id, name, type, serialization_format FROM topics').all() as TopicRow[]
    const channels = new Map<number, McapChannel>(
      topics.map(({ id, name, type, serialization_format: format }) => {
        const read = mcapReader({ messageEncoding: format, schemaName: type, schemaData: new Uint8Array(0) })
        return [id, { id, topic: name, schema: type, read }]
      }),
    )
    const rows = database.prepare('SELECT topic_id, timestamp, data FROM messages ORDER BY id').safeIntegers()
    const all = rows.iterate() as IterableIterator<{ topic_id: bigint; timestamp: bigint; data: unknown }>
    await patiently(all, signal, (row) => {
      const channel = channels.get(Number(row.topic_id))
      return channel && Buffer.isBuffer(row.data) ? take(channel, row.timestamp, plain(row.data)) : undefined
    })
    return undefined
  } catch (error) {
    if (error instanceof Database.SqliteError || error instanceof RangeError) return damageOf(error)
    throw error
  } finally {
    database?.close()
  }
}
