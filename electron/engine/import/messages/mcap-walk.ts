/** One walk over the messages of an MCAP file (mcap.dev, specification), chunk by chunk, in the order of the file. */
import { say, type Wording } from '../../../../shared/sayings/saying.ts'
import { Damage, damageOf } from '../reading/damage.ts'
import { zstdDecompressSync } from 'node:zlib'
import { McapStreamReader } from '@mcap/core'
import { AsterismError } from '../../../../shared/errors.ts'
import { withByteStream } from '../reading/byte-stream.ts'
import type { ImportSource } from '../importer.ts'
import { decodeLz4Frame } from '../reading/lz4-block.ts'
import type { McapReader } from './mcap-content.ts'
import { mcapReader } from './mcap-messages.ts'
import { tooLarge } from '../refusals.ts'

/** Of one record, packed or not. */
const MAX_RECORD_BYTES = 1 << 30

export interface McapChannel {
  readonly id: number
  readonly topic: string
  readonly schema: string
  /** Undefined for messages of a kind that is not read. */
  readonly read: McapReader | undefined
}

/** Called for every message; what it returns is waited for before the next. */
export type McapTaker = (channel: McapChannel, logTime: bigint, data: Uint8Array) => Promise<void> | void

/** A walk over the messages of a recording in the order of its file. @returns What is damaged, where something is. */
export type MessageWalk = (source: ImportSource, signal: AbortSignal, take: McapTaker) => Promise<Wording | undefined>

function room(size: bigint): Uint8Array<ArrayBuffer> {
  if (size > BigInt(MAX_RECORD_BYTES)) throw new Damage(say('broken.chunkLong', { bytes: Number(size) }))
  return new Uint8Array(Number(size))
}

const decompressHandlers = {
  zstd: (bytes: Uint8Array, size: bigint) =>
    zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, room(size).length) }),
  lz4: (bytes: Uint8Array, size: bigint) => {
    const out = decodeLz4Frame(bytes, room(size))
    if (!out) throw new Damage(say('broken.chunkPacked'))
    return out
  },
}

/** @returns What is damaged, where something is: what came before it was taken, what comes behind is lost. */
export async function walkMcap(
  source: ImportSource,
  signal: AbortSignal,
  take: McapTaker,
): Promise<Wording | undefined> {
  const schemas = new Map<number, { readonly name: string; readonly data: Uint8Array }>()
  const channels = new Map<number, McapChannel>()
  const reader = new McapStreamReader({ decompressHandlers, validateCrcs: true })
  let damage: Wording | undefined
  await withByteStream(source.path, {}, signal, async (stream) => {
    while (damage === undefined && (await stream.fill(1))) {
      if (reader.bytesRemaining() > MAX_RECORD_BYTES) throw tooLarge(source.path, say('broken.recordLarge'))
      try {
        reader.append(stream.bytes.slice(stream.position, stream.end))
        stream.position = stream.end
        for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
          if (record.type === 'Schema') schemas.set(record.id, { name: record.name, data: record.data.slice() })
          else if (record.type === 'Channel' && !channels.has(record.id)) {
            const schema = schemas.get(record.schemaId) ?? { name: '', data: new Uint8Array(0) }
            const { id, messageEncoding, topic } = record
            const read = mcapReader({ messageEncoding, schemaName: schema.name, schemaData: schema.data })
            channels.set(id, { id, topic, schema: schema.name, read })
          } else if (record.type === 'Message') {
            const channel = channels.get(record.channelId)
            const taken = channel && take(channel, record.logTime, record.data)
            if (taken) await taken
          }
        }
      } catch (error) {
        if (error instanceof AsterismError || isFileFailure(error)) throw error
        damage = damageOf(error)
      }
      await new Promise(setImmediate)
    }
  })
  if (damage === undefined && !reader.done()) damage = say('broken.endsBeforeLast')
  return damage
}

/** A disk that is full says nothing of the file that is read. */
function isFileFailure(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && 'syscall' in error
}
