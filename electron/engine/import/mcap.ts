/**
 * MCAP recordings of robots and headsets (mcap.dev, specification): poses, inertia and point clouds of the topics whose
 * messages are understood, the other topics listed. Worlds of ROS and Foxglove have +Z up, and are turned to +Y up.
 */
import { zstdDecompressSync } from 'node:zlib'
import { McapStreamReader } from '@mcap/core'
import { AsterismError } from '../../../shared/errors.ts'
import type { ImuSamples, PosePath, Scan } from '../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../shared/document/records.ts'
import { withByteStream } from './byte-stream.ts'
import { uprightPosition, uprightRotation } from './camera-poses.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource, StreamDescription } from './importer.ts'
import { decodeLz4Frame } from './lz4-block.ts'
import { mcapDecoder, type McapCloud, type McapDecoder } from './mcap-messages.ts'
import { BATCH_POINTS, PointCollector } from './point-sink.ts'
import { corruptFile, emptyFile, tooLarge, warning } from './refusals.ts'
import { imuSamples, PoseRows, TimedRows, timing } from './timed-rows.ts'

const MAGIC = [0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a]
/** Of one record, packed or not. */
const MAX_RECORD_BYTES = 1 << 30
const UTC_FROM_NANOSECONDS = 10n ** 18n

interface Topic {
  readonly name: string
  readonly schema: string
  readonly decode: McapDecoder | undefined
  readonly poses: PoseRows
  readonly inertia: TimedRows
  cloud: McapCloud | undefined
  messages: number
  unread: number
}

type Stream =
  | { readonly description: StreamDescription; readonly poses: PosePath }
  | { readonly description: StreamDescription; readonly imu: ImuSamples }
  | { readonly description: StreamDescription; readonly cloud: McapCloud }

interface Recording {
  readonly streams: readonly Stream[]
  readonly warnings: readonly ImportWarning[]
  readonly topics: readonly Topic[]
  readonly isUtc: boolean
}

function room(size: bigint): Uint8Array<ArrayBuffer> {
  if (size > BigInt(MAX_RECORD_BYTES)) throw new RangeError(`a chunk of ${size} bytes`)
  return new Uint8Array(Number(size))
}

const decompressHandlers = {
  zstd: (bytes: Uint8Array, size: bigint) =>
    zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, room(size).length) }),
  lz4: (bytes: Uint8Array, size: bigint) => {
    const out = decodeLz4Frame(bytes, room(size))
    if (!out) throw new RangeError('a chunk that does not unpack')
    return out
  },
}

function take(topic: Topic, logTime: bigint, data: Uint8Array): void {
  topic.messages++
  if (!topic.decode) return
  try {
    const content = topic.decode(data)
    if (!content) topic.unread++
    else if (content.kind === 'points') {
      if (topic.cloud) topic.unread++
      else topic.cloud = { ...content, data: content.data.slice() }
    } else if (content.kind === 'pose') {
      topic.poses.add(
        content.timeNanoseconds ?? logTime,
        uprightPosition(content.position),
        uprightRotation(content.rotation),
      )
    } else {
      const row = [...content.acceleration, ...content.rotationRate]
      if (row.every((value) => Math.abs(value) < 1e6)) topic.inertia.add(content.timeNanoseconds ?? logTime, row)
      else topic.inertia.badCount++
    }
  } catch (error) {
    if (error instanceof AsterismError) throw error
    topic.unread++
  }
}

/** Walks over the whole file. What comes behind damage is lost; what came before is kept. */
async function readTopics(
  source: ImportSource,
  signal: AbortSignal,
): Promise<{ topics: Topic[]; damage: string | undefined }> {
  const schemas = new Map<number, string>()
  const topics = new Map<number, Topic>()
  const reader = new McapStreamReader({ decompressHandlers, validateCrcs: true })
  let damage: string | undefined
  await withByteStream(source.path, {}, signal, async (stream) => {
    while (damage === undefined && (await stream.fill(1))) {
      if (reader.bytesRemaining() > MAX_RECORD_BYTES)
        throw tooLarge(source.path, 'One of its records is larger than 1 GiB.')
      try {
        reader.append(stream.bytes.slice(stream.position, stream.end))
        stream.position = stream.end
        for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
          if (record.type === 'Schema') schemas.set(record.id, record.name)
          else if (record.type === 'Channel' && !topics.has(record.id)) {
            const schema = schemas.get(record.schemaId) ?? ''
            const decode = mcapDecoder(record.messageEncoding, schema)
            const rows = { poses: new PoseRows(source.path), inertia: new TimedRows(source.path, 6) }
            topics.set(record.id, {
              name: record.topic,
              schema,
              decode,
              ...rows,
              cloud: undefined,
              messages: 0,
              unread: 0,
            })
          } else if (record.type === 'Message') {
            const topic = topics.get(record.channelId)
            if (topic) take(topic, record.logTime, record.data)
          }
        }
      } catch (error) {
        if (error instanceof AsterismError) throw error
        damage = error instanceof Error ? error.message : String(error)
      }
      await new Promise(setImmediate)
    }
  })
  if (damage === undefined && !reader.done()) damage = 'it ends before its last record'
  return { topics: [...topics.values()], damage }
}

function measure(source: ImportSource, cloud: McapCloud, keep: boolean): PointCollector {
  const collector = new PointCollector(source.path, keep)
  const { count, stride, offsets, wide, littleEndian, data } = cloud
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const read = (at: number) => (wide ? view.getFloat64(at, littleEndian) : view.getFloat32(at, littleEndian))
  collector.begin({ expectedCount: count, hasColors: false, hasNormals: false })
  for (let start = 0; start < count; start += BATCH_POINTS) {
    const batch = Math.min(BATCH_POINTS, count - start)
    for (let i = 0; i < batch; i++) {
      const at = (start + i) * stride
      const [x, y, z] = offsets.map((offset) => read(at + offset))
      collector.positions.set(uprightPosition([x, y, z]), 3 * i)
    }
    collector.flush(batch)
  }
  return collector
}

function streamsOf(source: ImportSource, topic: Topic, warnings: ImportWarning[]): Stream[] {
  const streams: Stream[] = []
  const poses = topic.poses.finish()
  const imu = imuSamples(topic.inertia, { accelerations: true, rotationRates: true })
  if (poses.path.count > 0) {
    const { path } = poses
    streams.push({
      description: { clock: 0, sensor: 'pose', sampleCount: path.count, ...timing(path.timesNanoseconds) },
      poses: path,
    })
    warnings.push(...poses.warnings)
  }
  if (imu.samples.count > 0) {
    const { samples } = imu
    streams.push({
      description: { clock: 0, sensor: 'imu', sampleCount: samples.count, ...timing(samples.timesNanoseconds) },
      imu: samples,
    })
    warnings.push(...imu.warnings)
  }
  const collector = topic.cloud && measure(source, topic.cloud, false)
  if (topic.cloud && collector && collector.count > 0) {
    const { count, bounds } = collector
    const description: StreamDescription = {
      clock: 0,
      sensor: 'points',
      startSeconds: 0,
      durationSeconds: null,
      pointCount: count,
      hasColor: false,
      boundsMetres: bounds,
    }
    streams.push({ description, cloud: topic.cloud })
  }
  if (topic.unread > 0) {
    const rest = topic.cloud ? 'Only the first cloud of each topic is read.' : 'They are damaged or of another form.'
    warnings.push(
      warning(
        'messages_skipped',
        `${topic.unread} of ${topic.messages} messages of ${topic.name} were left out. ${rest}`,
      ),
    )
  }
  return streams
}

async function readRecording(source: ImportSource, { signal }: ImportContext): Promise<Recording> {
  const { topics, damage } = await readTopics(source, signal)
  const warnings: ImportWarning[] = []
  if (damage)
    warnings.push(warning('broken_off', `It is damaged or was cut off (${damage}); what came before is used.`))
  const streams = topics.flatMap((topic) => streamsOf(source, topic, warnings))
  const others = topics.filter(({ decode, messages }) => !decode && messages > 0)
  if (streams.length === 0) {
    if (damage) throw corruptFile(source.path, `Nothing in it can be used: ${damage}.`)
    const names = others.map(({ name, schema }) => `${name} (${schema})`).join(', ')
    throw emptyFile(
      source.path,
      `It holds no poses, inertia or point clouds that are read here. Its topics: ${names.slice(0, 400) || 'none'}.`,
    )
  }
  if (others.length > 0) {
    const list = others.map(({ name, schema, messages }) => `${name} (${schema}, ${messages})`).join(', ')
    warnings.push(warning('topics_ignored', `Not read: ${list.slice(0, 800)}.`))
  }
  const first = streams.find(({ description }) => description.sampleCount !== undefined)
  const start = first && BigInt(Math.round(first.description.startSeconds)) * 1_000_000_000n
  return { streams, warnings, topics, isUtc: start !== undefined && start > UTC_FROM_NANOSECONDS }
}

const known = new WeakMap<ImportSource, Promise<Recording>>()

function recordingOf(source: ImportSource, context: ImportContext): Promise<Recording> {
  const found = known.get(source)
  if (found) return found
  const recording = readRecording(source, context)
  known.set(source, recording)
  recording.catch(() => known.delete(source))
  return recording
}

function describe(source: ImportSource, { streams, warnings, topics, isUtc }: Recording): ImportedAsset {
  const descriptions = streams.map(({ description }) => description)
  const timed = descriptions.filter(({ durationSeconds }) => durationSeconds !== null)
  const start = Math.min(...timed.map(({ startSeconds }) => startSeconds))
  const ends = timed.map(({ startSeconds, durationSeconds }) => startSeconds - start + (durationSeconds ?? 0))
  return {
    format: 'mcap',
    kind: 'capture',
    durationSeconds: ends.length > 0 ? Math.max(...ends) : null,
    clocks: [
      {
        title: isUtc ? 'Seconds since 1970' : `${source.name}: the recorder's own seconds`,
        source: isUtc ? 'utc' : 'device',
        epochUtcNanoseconds: isUtc ? '0' : null,
        timecode: null,
      },
    ],
    streams: descriptions,
    warnings,
    metadata: {
      axes: 'turned from +Z up to +Y up',
      topics: topics
        .map(({ name }) => name)
        .join(' ')
        .slice(0, 1000),
    },
  }
}

async function streamOf(source: ImportSource, streamIndex: number, context: ImportContext): Promise<Stream> {
  const stream = (await recordingOf(source, context)).streams[streamIndex]
  if (stream) return stream
  throw new AsterismError('bad_input', `There is no stream ${streamIndex}.`, { path: source.path })
}

const otherKind = (source: ImportSource) =>
  new AsterismError('bad_input', 'That stream holds something else.', { path: source.path })

export const mcapImporter: Importer = {
  id: 'mcap',
  title: 'recording of a robot (MCAP)',
  extensions: ['mcap'],
  supports: ({ head }) => (MAGIC.every((byte, index) => head[index] === byte) ? 1 : 0),
  read: async (source, context) => describe(source, await recordingOf(source, context)),
  async loadPoses(source, streamIndex, context) {
    const stream = await streamOf(source, streamIndex, context)
    if ('poses' in stream) return stream.poses
    throw otherKind(source)
  },
  async loadImu(source, streamIndex, context) {
    const stream = await streamOf(source, streamIndex, context)
    if ('imu' in stream) return stream.imu
    throw otherKind(source)
  },
  async loadScan(source, streamIndex, context): Promise<Scan> {
    const stream = await streamOf(source, streamIndex, context)
    if ('cloud' in stream) return { kind: 'points', points: measure(source, stream.cloud, true).cloud() }
    throw otherKind(source)
  },
}
