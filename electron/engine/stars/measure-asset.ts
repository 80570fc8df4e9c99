/** Measures every stream of an asset, or takes the figures from the cache. */
import type { Asset, Sensor, Stream } from '../../../shared/document/records.ts'
import { AsterismError, isCancellation } from '../../../shared/errors.ts'
import { say, type Saying } from '../../../shared/sayings/saying.ts'
import { depthFramesOf, loadPath } from '../assets/surface.ts'
import { chooseImporter } from '../import/describe.ts'
import type { Importer, ImportSource } from '../import/importer.ts'
import { locateMedia, type MediaLocation } from '../import/media/location.ts'
import { openSource } from '../import/source.ts'
import type { MediaTools } from '../media/tools.ts'
import type { ModelId } from '../models/catalogue.ts'
import type { Encoders } from '../models/encoders.ts'
import type { PictureTextEncoder } from '../models/picture-text-encoder.ts'
import { measureJoint } from './joint-pictures.ts'
import { measureDepth, MOST_DEPTH_LOOKS } from './measure-depth.ts'
import { measureImu, measurePoses } from './measure-motion.ts'
import { measurePicture } from './measure-picture.ts'
import { measureScan } from './measure-scan.ts'
import { measureSound } from './measure-sound.ts'
import type { ByteCache } from '../folder-cache.ts'
import type { Measurement } from './measurements.ts'
import { JOINT_VERSION, MEASUREMENT_VERSION, measurementSchema } from './measurements.ts'
import { pictureEncoder } from './picture-meaning.ts'
import { soundEncoder } from './sound-meaning.ts'

export interface MeasuredStream {
  readonly stream: Stream
  readonly measurement: Measurement
}

export interface SkippedStream {
  readonly asset: string
  readonly stream: string
  readonly reason: string
  readonly said?: Saying
}

interface Opened {
  readonly source: ImportSource
  readonly importer: Importer
}

interface Task {
  readonly asset: Asset
  readonly stream: Stream
  /** All streams of the asset. */
  readonly streams: readonly Stream[]
  readonly tools: MediaTools
  readonly signal: AbortSignal
  /** Null where the learned model for this sensor is not on this machine. */
  readonly encoders: Encoders | null
  open(): Promise<Opened>
  /** 0 to 1, of one measurement. */
  onProgress(fraction: number): void
}

const mediaOf = async (task: Pick<Task, 'open' | 'stream' | 'streams' | 'tools' | 'signal'>): Promise<MediaLocation> =>
  locateMedia(await task.open(), task.stream, task.streams, task)

/** The file that a stream of an asset lies in, and which of its streams of that sensor it is. */
export async function mediaOfStream(
  path: string,
  stream: Stream,
  streams: readonly Stream[],
  context: Pick<Task, 'tools' | 'signal'>,
): Promise<MediaLocation> {
  return mediaOf({ open: () => openMedia(path), stream, streams, ...context })
}

async function openMedia(path: string): Promise<Opened> {
  const source = await openSource(path)
  return { source, importer: chooseImporter(source) }
}

function unreadable(task: Task): AsterismError {
  return new AsterismError(
    'unsupported_format',
    say('recording.noSamples', { format: task.asset.format, sensor: task.stream.sensor }),
  )
}

async function picture(task: Task): Promise<Measurement> {
  const { path, rank } = await mediaOf(task)
  const which = { rank, startSeconds: task.stream.startSeconds }
  return measurePicture(path, which, task.tools, task.signal, task.encoders, task.onProgress)
}

async function sound(task: Task): Promise<Measurement> {
  const { path, rank } = await mediaOf(task)
  const which = { rank, startSeconds: task.stream.startSeconds }
  return measureSound(path, which, task.tools, task.signal, task.encoders, task.onProgress)
}

async function poses(task: Task): Promise<Measurement> {
  const { source, importer } = await task.open()
  if (!importer.loadPoses) throw unreadable(task)
  return measurePoses(await importer.loadPoses(source, task.stream.index, task))
}

async function inertial(task: Task): Promise<Measurement> {
  const { source, importer } = await task.open()
  if (!importer.loadImu) throw unreadable(task)
  return measureImu(await importer.loadImu(source, task.stream.index, task))
}

async function geometry(task: Task): Promise<Measurement> {
  const { source, importer } = await task.open()
  if (!importer.loadScan) throw unreadable(task)
  return measureScan(await importer.loadScan(source, task.stream.index, task))
}

async function depth(task: Task): Promise<Measurement> {
  const { source, importer } = await task.open()
  if (!importer.loadDepthFrame) throw unreadable(task)
  const hasColor = task.streams.some(({ sensor }) => sensor === 'video' || sensor === 'image')
  const path = await loadPath(importer, source, task, task)
  return measureDepth(depthFramesOf(importer, source, task, task, MOST_DEPTH_LOOKS), path, hasColor)
}

/** How each sensor is measured; what is not listed says nothing yet. */
const MEASURERS: Partial<Record<Sensor, (task: Task) => Promise<Measurement>>> = {
  video: picture,
  image: picture,
  audio: sound,
  pose: poses,
  imu: inertial,
  depth,
  points: geometry,
  mesh: geometry,
  splats: geometry,
}

/** Which learned model looks at a sensor. */
const MODEL_OF: Partial<Record<Sensor, ModelId>> = {
  video: 'centernet-c5',
  image: 'centernet-c5',
  audio: 'silero-vad-6',
}

/** Id and digest of the model that looks at a sensor; null where none does or its weights are missing. */
function modelFor(sensor: Sensor, encoders: Encoders): string | null {
  const id = MODEL_OF[sensor]
  return id ? encoders.identity(id) : null
}

function readCached(bytes: Uint8Array | null): Measurement | null {
  if (!bytes) return null
  try {
    return measurementSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data ?? null
  } catch (error) {
    // A spoilt entry is measured again and written over.
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** The axes on which a sensor's vectors lie. */
const AXES_OF: Partial<Record<Sensor, () => { readonly sha256: string }>> = {
  video: pictureEncoder,
  image: pictureEncoder,
  audio: soundEncoder,
}

/** Figures of different models and axes, or of none, are kept apart. */
function keyOf({ asset, stream }: { asset: Asset; stream: Stream }, model: string | null): string {
  const axes = AXES_OF[stream.sensor]?.().sha256 ?? 'none'
  return `stars-v${MEASUREMENT_VERSION}-${asset.sha256}-${stream.index}-${model ?? 'none'}-${axes}`
}

/** What was measured before; null where it was not. */
export async function knownMeasurement(
  asset: Asset,
  stream: Stream,
  { cache, encoders }: { cache: ByteCache; encoders: Encoders },
): Promise<Measurement | null> {
  return readCached(await cache.get(keyOf({ asset, stream }, modelFor(stream.sensor, encoders))))
}

async function measureOnce(key: string, cache: ByteCache, measure: () => Promise<Measurement>): Promise<Measurement> {
  const known = readCached(await cache.get(key))
  if (known) return known
  const measured = await measure()
  await cache.set(key, new TextEncoder().encode(JSON.stringify(measured)))
  return measured
}

/** What of a stream is measured, each under a key of its own: a model that is brought or goes costs nothing else. */
function measurementsOf(
  task: Task,
  model: string | null,
  joint: PictureTextEncoder | null,
): (readonly [key: string, measure: () => Promise<Measurement>])[] {
  const { asset, stream, tools, signal } = task
  const measure = MEASURERS[stream.sensor]
  if (!measure) return []
  const own = [keyOf(task, model), () => measure(task)] as const
  if (!joint || (stream.sensor !== 'video' && stream.sensor !== 'image')) return [own]
  const { id, sha256 } = joint.identity
  const seen = async (): Promise<Measurement> => {
    const { path, rank } = await mediaOf(task)
    return await measureJoint(path, { rank, startSeconds: stream.startSeconds }, tools, signal, joint, task.onProgress)
  }
  return [own, [`joint-v${JOINT_VERSION}-${asset.sha256}-${stream.index}-${id}@${sha256}`, seen]]
}

/** What stops the whole run; anything else costs one stream. */
function isFatal(error: unknown): boolean {
  if (isCancellation(error)) return true
  return !(error instanceof AsterismError) || error.code === 'tool_missing' || error.code === 'disk_full'
}

export interface AssetToMeasure {
  readonly asset: Asset
  readonly streams: readonly Stream[]
  /** Null when the file cannot be found. */
  readonly path: string | null
}

export interface MeasureContext {
  readonly tools: MediaTools
  readonly signal: AbortSignal
  readonly cache: ByteCache
  /** The learned models that ship; what is not on this machine is done without. */
  readonly encoders: Encoders
  /** A model of pictures and words that the person brought. */
  readonly joint?: PictureTextEncoder | null
}

/** Measures an asset's streams. A stream that cannot be read is skipped with the reason. @param onProgress 0 to 1 */
export async function measureAsset(
  entry: AssetToMeasure,
  context: MeasureContext,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<{ measured: MeasuredStream[]; skipped: SkippedStream[] }> {
  const { asset, streams, path } = entry
  let opened: Promise<Opened> | null = null
  const open = (): Promise<Opened> => {
    if (path === null) throw new AsterismError('not_found', say('media.moved', { title: asset.title }))
    opened ??= openMedia(path)
    return opened
  }
  const measured: MeasuredStream[] = []
  const skipped: SkippedStream[] = []
  for (const [index, stream] of streams.entries()) {
    try {
      const model = modelFor(stream.sensor, context.encoders)
      const encoders = model ? context.encoders : null
      const { tools, signal, cache, joint } = context
      let done = 0
      let all = 1
      const tell = (fraction: number): void => onProgress((index + (done + fraction) / all) / streams.length)
      const task = { asset, stream, streams, tools, signal, encoders, open, onProgress: tell }
      const wanted = measurementsOf(task, model, joint ?? null)
      all = wanted.length
      for (const [key, measure] of wanted) {
        measured.push({ stream, measurement: await measureOnce(key, cache, measure) })
        done++
      }
    } catch (error) {
      if (isFatal(error)) throw error
      const why = error instanceof AsterismError ? error.reason : { reason: String(error) }
      skipped.push({ asset: asset.id, stream: stream.id, ...why })
    }
  }
  return { measured, skipped }
}
