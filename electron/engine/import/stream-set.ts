/**
 * What importers of recordings with several streams on one clock have in common: they read the recording once and hand
 * over each stream with what it holds.
 */
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { DepthFrame, ImuSamples, PosePath, Scan } from '../../../shared/geometry/data.ts'
import type { JointFrames } from '../../../shared/geometry/joints.ts'
import type { ImportWarning } from '../../../shared/document/records.ts'
import type {
  ClockDescription,
  ImportContext,
  ImportedAsset,
  Importer,
  ImportSource,
  StreamDescription,
} from './importer.ts'
import { derivedFilm } from './media/derived-film.ts'
import { emptyFile } from './refusals.ts'
import { onceASource } from './reading/once-a-source.ts'
import { timing } from './reading/timed-rows.ts'

/** Pictures of depth that stay on disk. */
export interface DepthSequence {
  /** In order of time. */
  readonly times: BigInt64Array
  readonly width: number
  readonly height: number
  readonly codec: string
  load(frameIndex: number, context: ImportContext): Promise<DepthFrame>
}

/** A stream with one of the things that streams hold. */
export interface LoadedStream {
  readonly description: Omit<StreamDescription, 'clock'>
  readonly poses?: PosePath
  /** Put together when it is asked for: `description.jointCount` says that it is there. */
  readonly joints?: () => JointFrames
  readonly imu?: ImuSamples
  readonly depth?: DepthSequence
  readonly scan?: (context: ImportContext) => Promise<Scan>
  /** Writes the pictures of a video stream into a film file. */
  readonly film?: (path: string, context: ImportContext) => Promise<void>
}

export interface StreamSet {
  /** Where the name of the format is narrower than the importer's id. */
  readonly format?: string
  readonly kind: ImportedAsset['kind']
  readonly clock: ClockDescription
  readonly streams: readonly LoadedStream[]
  /** From the first of its streams to the last of them unless it says so itself. */
  readonly durationSeconds?: number
  readonly warnings: readonly ImportWarning[]
  readonly metadata: ImportedAsset['metadata']
}

/** A stream of poses under a title; undefined for a path without any. */
export function poseStream(
  title: string,
  poses: PosePath,
  sensor: 'pose' | 'hands' | 'gaze' = 'pose',
): LoadedStream | undefined {
  if (poses.count === 0) return undefined
  return { description: { sensor, title, sampleCount: poses.count, ...timing(poses.timesNanoseconds) }, poses }
}

/** The same stream, known joint by joint. */
export function withJoints(
  stream: LoadedStream | undefined,
  jointCount: number,
  joints: () => JointFrames,
): LoadedStream | undefined {
  return stream && { ...stream, description: { ...stream.description, jointCount }, joints }
}

export function imuStream(title: string, imu: ImuSamples): LoadedStream | undefined {
  if (imu.count === 0) return undefined
  return { description: { sensor: 'imu', title, sampleCount: imu.count, ...timing(imu.timesNanoseconds) }, imu }
}

function describe(id: string, source: ImportSource, set: StreamSet): ImportedAsset {
  const streams = set.streams.map(({ description }) => ({ clock: 0, ...description }))
  if (streams.length === 0) throw emptyFile(source.path, say('broken.noStreams'))
  const timed = streams.filter(({ durationSeconds }) => durationSeconds !== null)
  const start = Math.min(...timed.map(({ startSeconds }) => startSeconds))
  // From the start, as seconds since 1970 leave float64 no room for the last digits.
  const ends = timed.map(({ startSeconds, durationSeconds }) => startSeconds - start + (durationSeconds ?? 0))
  return {
    format: set.format ?? id,
    kind: set.kind,
    durationSeconds: set.durationSeconds ?? (ends.length > 0 ? Math.max(...ends) : null),
    clocks: [set.clock],
    streams,
    warnings: set.warnings,
    metadata: set.metadata,
  }
}

/** Makes an importer of a reader of stream sets. */
export function streamSetImporter(
  format: Pick<Importer, 'id' | 'title' | 'extensions' | 'isOneFolder' | 'countsFromFilm' | 'supports'> & {
    readSet(source: ImportSource, context: ImportContext): Promise<StreamSet>
    /** Some of its streams are films that lie in it in a form that no player reads. */
    readonly keepsFilms?: true
  },
): Importer {
  const { id, title, extensions, isOneFolder, countsFromFilm } = format
  const setOf = onceASource((source, context) => format.readSet(source, context))
  const streamOf = async (source: ImportSource, streamIndex: number, context: ImportContext) => {
    const stream = (await setOf(source, context)).streams[streamIndex]
    if (stream) return stream
    throw new AsterismError('bad_input', say('broken.streamUnknown', { index: streamIndex }), { path: source.path })
  }
  const absent = (source: ImportSource) =>
    new AsterismError('bad_input', say('broken.streamOther'), { path: source.path })
  return {
    id,
    title,
    extensions,
    isOneFolder,
    countsFromFilm,
    supports: (source) => format.supports(source),
    read: async (source, context) => describe(id, source, await setOf(source, context)),
    async loadPoses(source, streamIndex, context) {
      const { poses } = await streamOf(source, streamIndex, context)
      if (poses) return poses
      throw absent(source)
    },
    async loadJoints(source, streamIndex, context) {
      const { joints } = await streamOf(source, streamIndex, context)
      if (joints) return joints()
      throw absent(source)
    },
    async loadImu(source, streamIndex, context) {
      const { imu } = await streamOf(source, streamIndex, context)
      if (imu) return imu
      throw absent(source)
    },
    async loadScan(source, streamIndex, context) {
      const { scan } = await streamOf(source, streamIndex, context)
      if (scan) return scan(context)
      throw absent(source)
    },
    async loadDepthFrame(source, streamIndex, frameIndex, context) {
      const { depth } = await streamOf(source, streamIndex, context)
      if (depth) return depth.load(frameIndex, context)
      throw absent(source)
    },
    ...(format.keepsFilms && {
      mediaPart: (source: ImportSource, streamIndex: number, context: ImportContext) =>
        derivedFilm(source, streamIndex, context.tools, async (path) => {
          const { film } = await streamOf(source, streamIndex, context)
          if (!film) throw absent(source)
          await film(path, context)
        }),
    }),
  }
}
