/**
 * Recordings of robots and headsets in MCAP, bags of ROS 1 and databases of ROS 2: poses, inertia, point clouds and films of
 * the topics whose messages are understood, the other topics listed. Worlds of ROS and Foxglove have +Z up, and are turned to +Y up.
 */
import { AsterismError } from '../../../../shared/errors.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { similarity, transformPoint } from '../../../../shared/geometry/matrix4.ts'
import { rotationFromQuaternion } from '../../../../shared/geometry/rotation.ts'
import { say, type Wording } from '../../../../shared/sayings/saying.ts'
import { uprightPosition, uprightRotation } from '../reconstructions/camera-poses.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import type { McapCloud, McapContent, McapReader } from './mcap-content.ts'
import { McapFilm } from './mcap-films.ts'
import { walkMcap, type MessageWalk } from './mcap-walk.ts'
import { isRosDatabase, walkRosDatabase } from './ros-database.ts'
import { BAG_MAGIC, walkRosbag } from './rosbag.ts'
import { BATCH_POINTS, PointCollector } from '../scans/point-sink.ts'
import { corruptFile, emptyFile, warning } from '../refusals.ts'
import { imuStream, poseStream, streamSetImporter, type LoadedStream, type StreamSet } from '../stream-set.ts'
import { asciiText } from '../reading/text-lines.ts'
import { imuSamples, PoseRows, TimedRows } from '../reading/timed-rows.ts'

const MAGIC = [0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a]
const UTC_FROM_NANOSECONDS = 10n ** 18n

/** Of one topic. A recording with more is a robot's whole tree of frames, whose fixed ones say nothing of motion. */
const MAX_FRAMES = 64

interface Topic {
  readonly name: string
  readonly schema: string
  /** Whether its messages are of a kind that is read. */
  isRead: boolean
  /** By the frame whose poses they are; one without a name where the topic carries one. */
  readonly poses: Map<string, PoseRows>
  readonly inertia: TimedRows
  readonly film: McapFilm
  cloud: McapCloud | undefined
  /** Nanoseconds from the stamp of its first message to when that was recorded; undefined where none has a stamp. */
  lag: bigint | undefined
  messages: number
  unread: number
}

function posesOf(path: string, topic: Topic, frame: string): PoseRows | undefined {
  const found = topic.poses.get(frame)
  if (found || topic.poses.size === MAX_FRAMES) return found
  const rows = new PoseRows(path)
  topic.poses.set(frame, rows)
  return rows
}

/** @returns Whether it could be used. */
function keep(path: string, topic: Topic, logTime: bigint, content: McapContent): boolean {
  if (content.kind === 'points') {
    if (topic.cloud) return false
    topic.cloud = { ...content, data: content.data.slice() }
    return true
  }
  if (content.timeNanoseconds !== undefined) topic.lag ??= logTime - content.timeNanoseconds
  if (content.kind === 'picture') return topic.film.take(content, logTime)
  const time = content.timeNanoseconds ?? logTime
  if (content.kind === 'imu') {
    const row = [...content.acceleration, ...content.rotationRate]
    if (row.every((value) => Math.abs(value) < 1e6)) topic.inertia.add(time, row)
    else topic.inertia.badCount++
    return true
  }
  const rows = posesOf(path, topic, content.frame ?? '')
  rows?.add(time, uprightPosition(content.position), uprightRotation(content.rotation))
  return rows !== undefined
}

function take(path: string, topic: Topic, read: McapReader | undefined, logTime: bigint, data: Uint8Array): void {
  topic.messages++
  if (!read) return
  topic.isRead = true
  try {
    const contents = read(data)
    const kept = contents.filter((content) => keep(path, topic, logTime, content))
    if (kept.length === 0) topic.unread++
  } catch (error) {
    if (error instanceof AsterismError) throw error
    topic.unread++
  }
}

/** Several publishers of one topic have a channel each. */
async function readTopics(
  source: ImportSource,
  walk: MessageWalk,
  signal: AbortSignal,
): Promise<{ topics: Topic[]; damage: Wording | undefined }> {
  const topics = new Map<string, Topic>()
  const damage = await walk(source, signal, ({ topic: name, schema, read }, logTime, data) => {
    const key = `${name}\0${schema}`
    const topic: Topic = topics.get(key) ?? {
      name,
      schema,
      isRead: false,
      poses: new Map<string, PoseRows>(),
      inertia: new TimedRows(source.path, 6),
      film: new McapFilm(),
      cloud: undefined,
      lag: undefined,
      messages: 0,
      unread: 0,
    }
    topics.set(key, topic)
    take(source.path, topic, read, logTime, data)
  })
  return { topics: [...topics.values()], damage }
}

/** red, green, blue of the point that begins at `at`, each 0 to 255. */
function colorAt(view: DataView, at: number, { color, littleEndian }: McapCloud): readonly number[] {
  if (!color) return [255, 255, 255]
  if ('packed' in color) {
    const word = view.getUint32(at + color.packed, littleEndian)
    return [(word >> 16) & 255, (word >> 8) & 255, word & 255]
  }
  const { channels, asFloats } = color
  return channels.map((offset) =>
    asFloats ? 255 * view.getFloat32(at + offset, littleEndian) : view.getUint8(at + offset),
  )
}

function measure(source: ImportSource, cloud: McapCloud, keepsPoints: boolean): PointCollector {
  const collector = new PointCollector(source.path, keepsPoints)
  const { count, stride, offsets, wide, littleEndian, data, color, pose } = cloud
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const read = (at: number) => (wide ? view.getFloat64(at, littleEndian) : view.getFloat32(at, littleEndian))
  const place = pose && similarity(rotationFromQuaternion(pose.rotation), pose.position)
  collector.begin({ expectedCount: count, hasColors: color !== undefined, hasNormals: false })
  for (let start = 0; start < count; start += BATCH_POINTS) {
    const batch = Math.min(BATCH_POINTS, count - start)
    for (let i = 0; i < batch; i++) {
      const at = (start + i) * stride
      const own = offsets.map((offset) => read(at + offset))
      collector.positions.set(uprightPosition(place ? transformPoint(place, own) : own), 3 * i)
      if (color) collector.colors.set(colorAt(view, at, cloud), 3 * i)
    }
    collector.flush(batch)
  }
  return collector
}

function cloudStream(source: ImportSource, title: string, cloud: McapCloud): LoadedStream | undefined {
  const { count, bounds, hasColors: hasColor } = measure(source, cloud, false)
  if (count === 0) return undefined
  return {
    description: {
      sensor: 'points',
      title,
      startSeconds: 0,
      durationSeconds: null,
      pointCount: count,
      hasColor,
      boundsMetres: bounds,
    },
    scan: async () => ({ kind: 'points', points: measure(source, cloud, true).cloud() }),
  }
}

/** A day: no recorder writes a message that late. */
const FARTHEST_LAG_NANOSECONDS = 86_400n * 10n ** 9n

/**
 * Nanoseconds by which stamps of each topic are to be moved: sensors may stamp by a clock of their own, as the seconds since
 * they were switched on, beside others that stamp by the recorder's. Where all do, they are left as they are.
 */
function lagsOf(topics: readonly Topic[], warnings: ImportWarning[]): Map<Topic, bigint> {
  const isFar = ({ lag = 0n }: Topic) => lag > FARTHEST_LAG_NANOSECONDS || lag < -FARTHEST_LAG_NANOSECONDS
  const moving = topics.filter(({ poses, inertia, film }) => poses.size > 0 || inertia.count > 0 || film.hasPictures)
  const far = moving.filter(isFar)
  if (far.length === 0 || far.length === moving.length) return new Map()
  const names = far.map(({ name }) => name).join(', ')
  warnings.push(warning('clock_moved', say('import.clockMoved', { names })))
  return new Map(far.map((topic) => [topic, topic.lag ?? 0n]))
}

function moved<T extends { readonly timesNanoseconds: BigInt64Array }>(timed: T, lag: bigint): T {
  return lag === 0n ? timed : { ...timed, timesNanoseconds: timed.timesNanoseconds.map((time) => time + lag) }
}

function streamsOf(
  source: ImportSource,
  walk: MessageWalk,
  topic: Topic,
  lag: bigint,
  warnings: ImportWarning[],
): LoadedStream[] {
  const { name, cloud, messages, unread } = topic
  const paths = [...topic.poses].map(([frame, rows]) => {
    const { path, warnings: told } = rows.finish()
    warnings.push(...told)
    return poseStream(frame === '' ? name : `${name} ${frame}`, moved(path, lag))
  })
  const imu = imuSamples(topic.inertia, { accelerations: true, rotationRates: true })
  if (imu.samples.count > 0) warnings.push(...imu.warnings)
  if (unread > 0) {
    const pictures = topic.film.whyLeftOut
    const why = cloud
      ? say('import.firstCloud')
      : pictures
        ? say('import.picturesUnused', { why: pictures })
        : say('import.messagesDamaged')
    warnings.push(warning('messages_skipped', say('import.messagesLeft', { unread, messages, topic: name, why })))
  }
  const film = topic.film.stream(source, walk, name, lag, warnings)
  const streams = [...paths, imuStream(name, moved(imu.samples, lag)), cloud && cloudStream(source, name, cloud), film]
  return streams.filter((stream) => stream !== undefined)
}

async function readSet(source: ImportSource, walk: MessageWalk, { signal }: ImportContext): Promise<StreamSet> {
  const { topics, damage } = await readTopics(source, walk, signal)
  const warnings: ImportWarning[] = []
  if (damage) warnings.push(warning('broken_off', say('import.cutOff', { why: damage })))
  const lags = lagsOf(topics, warnings)
  const streams = topics.flatMap((topic) => streamsOf(source, walk, topic, lags.get(topic) ?? 0n, warnings))
  const others = topics.filter(({ isRead, messages }) => messages > 0 && (!isRead || streams.length === 0))
  if (streams.length === 0) {
    if (damage) throw corruptFile(source.path, say('broken.nothingUsable', { why: damage }))
    const names = others.map(({ name, schema }) => `${name} (${schema})`).join(', ')
    throw emptyFile(source.path, say('broken.noKnownTopics', { topics: names.slice(0, 400) || say('broken.noTopics') }))
  }
  if (others.length > 0) {
    const list = others.map(({ name, schema, messages }) => `${name} (${schema}, ${messages})`).join(', ')
    warnings.push(warning('topics_ignored', say('import.topicsUnread', { list: list.slice(0, 800) })))
  }
  const first = streams.find(({ description }) => description.sampleCount !== undefined)
  const start = first && BigInt(Math.round(first.description.startSeconds)) * 1_000_000_000n
  const isUtc = start !== undefined && start > UTC_FROM_NANOSECONDS
  return {
    kind: 'capture',
    clock: {
      title: isUtc ? 'Seconds since 1970' : `${source.name}: the recorder's own seconds`,
      source: isUtc ? 'utc' : 'device',
      epochUtcNanoseconds: isUtc ? '0' : null,
      timecode: null,
    },
    streams,
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

export const mcapImporter = streamSetImporter({
  id: 'mcap',
  title: say('readable.mcap'),
  extensions: ['mcap'],
  keepsFilms: true,
  supports: ({ head }) => (MAGIC.every((byte, index) => head[index] === byte) ? 1 : 0),
  readSet: (source, context) => readSet(source, walkMcap, context),
})

export const rosbagImporter = streamSetImporter({
  id: 'rosbag',
  title: say('readable.rosbag'),
  extensions: ['bag'],
  keepsFilms: true,
  supports: ({ head }) => (asciiText(head, 0, BAG_MAGIC.length) === BAG_MAGIC ? 1 : 0),
  readSet: (source, context) => readSet(source, walkRosbag, context),
})

export const rosDatabaseImporter = streamSetImporter({
  id: 'ros-database',
  title: say('readable.rosDatabase'),
  extensions: ['db3'],
  keepsFilms: true,
  supports: ({ head }) => (isRosDatabase(head) ? 1 : 0),
  readSet: (source, context) => readSet(source, walkRosDatabase, context),
})
