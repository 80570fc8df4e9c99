/**
 * Bags of ROS 1 (wiki.ros.org, Bags/Format/2.0): records of named fields, one behind the other; messages lie in chunks, plain,
 * LZ4 or bzip2. Read in the order of the file, without its index, so that what a recorder could not finish is read too.
 */
import { say, type Wording } from '../../../../shared/sayings/saying.ts'
import { Damage, damageOf } from '../reading/damage.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import type { ImportSource } from '../importer.ts'
import { unpackBzip2 } from '../reading/bzip2.ts'
import { withByteStream, type ByteStream } from '../reading/byte-stream.ts'
import { decodeLz4Frame } from '../reading/lz4-block.ts'
import { asciiText } from '../reading/text-lines.ts'
import { tooLarge } from '../refusals.ts'
import { mcapReader } from './mcap-messages.ts'
import type { McapChannel, McapTaker } from './mcap-walk.ts'

export const BAG_MAGIC = '#ROSBAG V2.0\n'
const MAX_HEADER_BYTES = 1 << 24
const MAX_RECORD_BYTES = 1 << 30

const MESSAGE = 2
const CHUNK = 5
const CONNECTION = 7

type Fields = ReadonlyMap<string, DataView>

/** `name=value` behind its length, one after the other. @throws RangeError where one does not fit. */
function fieldsOf(bytes: Uint8Array): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fields = new Map<string, DataView>()
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint32(at, true)
    const equals = bytes.indexOf(61, at + 4)
    if (at + 4 + length > bytes.length || equals < 0 || equals >= at + 4 + length)
      throw new Damage(say('broken.recordHeader'))
    const value = new DataView(bytes.buffer, bytes.byteOffset + equals + 1, at + 4 + length - equals - 1)
    fields.set(asciiText(bytes, at + 4, equals), value)
    at += 4 + length
  }
  return fields
}

const textOf = (value: DataView | undefined) =>
  value ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8') : ''

interface Bag {
  readonly channels: Map<number, McapChannel>
  readonly take: McapTaker
}

function connect({ channels }: Bag, header: Fields, data: Uint8Array): void {
  const id = header.get('conn')?.getUint32(0, true)
  if (id === undefined || channels.has(id)) return
  const schema = textOf(fieldsOf(data).get('type'))
  const read = mcapReader({ messageEncoding: 'ros1', schemaName: schema, schemaData: new Uint8Array(0) })
  channels.set(id, { id, topic: textOf(header.get('topic')), schema, read })
}

function unpacked(header: Fields, data: Uint8Array): Uint8Array {
  const compression = textOf(header.get('compression'))
  const size = header.get('size')?.getUint32(0, true) ?? 0
  if (compression === 'none') return data
  if (size > MAX_RECORD_BYTES) throw new Damage(say('broken.chunkLong', { bytes: size }))
  const out =
    compression === 'lz4'
      ? decodeLz4Frame(data, new Uint8Array(size))
      : compression === 'bz2'
        ? unpackBzip2(data, size)
        : undefined
  if (!out) throw new Damage(say('broken.chunkPackedAs', { compression }))
  return out
}

async function takeRecord(bag: Bag, header: Fields, data: Uint8Array, isWithin = false): Promise<void> {
  const op = header.get('op')?.getUint8(0)
  if (op === CONNECTION) connect(bag, header, data)
  else if (op === MESSAGE) {
    const channel = bag.channels.get(header.get('conn')?.getUint32(0, true) ?? -1)
    const time = header.get('time')
    if (!channel || !time) return
    const logTime = BigInt(time.getUint32(0, true)) * 1_000_000_000n + BigInt(time.getUint32(4, true))
    const taken = bag.take(channel, logTime, data)
    if (taken) await taken
  } else if (op === CHUNK && !isWithin) {
    const inner = unpacked(header, data)
    const view = new DataView(inner.buffer, inner.byteOffset, inner.byteLength)
    for (let at = 0; at < inner.length;) {
      const headerEnd = at + 4 + view.getUint32(at, true)
      const end = headerEnd + 4 + view.getUint32(headerEnd, true)
      if (end > inner.length) throw new Damage(say('broken.recordBeyondChunk'))
      await takeRecord(bag, fieldsOf(inner.subarray(at + 4, headerEnd)), inner.subarray(headerEnd + 4, end), true)
      at = end
    }
  }
}

/** A part behind its length; undefined where the file ends before. */
async function partOf(stream: ByteStream, most: number): Promise<Uint8Array | undefined> {
  if (!(await stream.fill(4))) return undefined
  const length = stream.view.getUint32(stream.position, true)
  if (length > most)
    throw length > MAX_RECORD_BYTES
      ? tooLarge(stream.path, say('broken.recordLarge'))
      : new Damage(say('broken.recordHeader'))
  if (!(await stream.fill(4 + length))) return undefined
  const part = stream.bytes.slice(stream.position + 4, stream.position + 4 + length)
  stream.skip(4 + length)
  return part
}

/** @returns What is damaged, where something is: what came before it was taken. */
export async function walkRosbag(
  source: ImportSource,
  signal: AbortSignal,
  take: McapTaker,
): Promise<Wording | undefined> {
  const bag: Bag = { channels: new Map(), take }
  let damage: Wording | undefined
  await withByteStream(source.path, { start: BAG_MAGIC.length }, signal, async (stream) => {
    while (damage === undefined && (await stream.fill(1))) {
      try {
        const header = await partOf(stream, MAX_HEADER_BYTES)
        const data = header && (await partOf(stream, MAX_RECORD_BYTES))
        if (!data) damage = say('broken.endsWithinRecord')
        else await takeRecord(bag, fieldsOf(header), data)
      } catch (error) {
        if (!(error instanceof RangeError) || error instanceof AsterismError) throw error
        damage = damageOf(error)
      }
      await new Promise(setImmediate)
    }
  })
  return damage
}
