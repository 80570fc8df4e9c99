/** What captures in folders share: one clock, perhaps a path, inertia, a sequence of depth pictures that stays on disk, a finished scan. */
import { AsterismError } from '../../../shared/errors.ts'
import type { DepthFrame, ImuSamples, Intrinsics, PosePath } from '../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../shared/document/records.ts'
import { readRange, readWhole } from './byte-stream.ts'
import { entryPath } from './capture-folder.ts'
import type {
  ClockDescription,
  ImportContext,
  ImportedAsset,
  Importer,
  ImportSource,
  StreamDescription,
} from './importer.ts'
import type { InnerScan } from './keyframe-capture.ts'
import { decodeGrayPng, readPngHeader } from './png-gray.ts'
import { corruptFile, emptyFile, warning } from './refusals.ts'
import { timing } from './timed-rows.ts'

export interface DepthSequence {
  /** In order of time. */
  readonly times: BigInt64Array
  readonly width: number
  readonly height: number
  readonly codec: string
  load(frameIndex: number, context: ImportContext): Promise<DepthFrame>
}

export interface FolderCapture {
  readonly clock: ClockDescription
  readonly poses?: PosePath
  readonly imu?: ImuSamples
  readonly depth?: DepthSequence
  readonly scan?: InnerScan
  readonly warnings: readonly ImportWarning[]
  readonly metadata: ImportedAsset['metadata']
}

const MAX_PNG_BYTES = 64 << 20

export interface PngDepthFrame {
  readonly timeNanoseconds: bigint
  readonly entry: string
  readonly confidence?: string
}

/**
 * A sequence of depth pictures of 16 bits. Pictures whose size cannot be read are warned of; when none of the first five
 * can, there is no sequence.
 * @param intrinsicsOf In pixels of the depth picture. @param metresPerUnit Metres of one step of the picture.
 */
export async function pngDepth(
  source: ImportSource,
  frames: readonly PngDepthFrame[],
  metresPerUnit: number,
  intrinsicsOf: (frameIndex: number, size: { width: number; height: number }) => Promise<Intrinsics> | Intrinsics,
  warnings: ImportWarning[],
): Promise<DepthSequence | undefined> {
  const ordered = frames.toSorted((a, b) => Number(a.timeNanoseconds - b.timeNanoseconds))
  const times = BigInt64Array.from(ordered, ({ timeNanoseconds }) => timeNanoseconds)
  for (const { entry } of ordered.slice(0, 5)) {
    const path = entryPath(source, entry)
    try {
      const { width, height } = readPngHeader(path, await readRange(path, 0, 64))
      const load = async (frameIndex: number, { signal }: ImportContext): Promise<DepthFrame> => {
        const frame = ordered[frameIndex]
        if (!frame)
          throw new AsterismError('bad_input', `There is no depth frame ${frameIndex}.`, { path: source.path })
        const file = entryPath(source, frame.entry)
        const image = decodeGrayPng(file, await readWhole(file, MAX_PNG_BYTES, signal))
        if (image.bitDepth !== 16) throw corruptFile(file, 'It is not a depth picture of 16 bits.')
        const confidence = frame.confidence && (await readConfidence(source, frame.confidence, image, signal))
        return {
          width: image.width,
          height: image.height,
          depthMetres: Float32Array.from(image.data, (value) => value * metresPerUnit),
          ...(confidence && { confidence }),
          intrinsics: await intrinsicsOf(frameIndex, image),
          timeNanoseconds: frame.timeNanoseconds,
        }
      }
      return { times, width, height, codec: 'png', load }
    } catch (error) {
      if (!(error instanceof AsterismError)) throw error
      warnings.push(warning('depth_unreadable', `${entry}: ${error.message}`))
    }
  }
  return undefined
}

async function readConfidence(
  source: ImportSource,
  entry: string,
  size: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const path = entryPath(source, entry)
  const image = decodeGrayPng(path, await readWhole(path, MAX_PNG_BYTES, signal))
  if (image.width !== size.width || image.height !== size.height)
    throw corruptFile(path, 'It is not the size of the depth picture that it belongs to.')
  return Uint8Array.from(image.data, (value) => Math.min(2, value))
}

function streamsOf({ poses, imu, depth, scan }: FolderCapture): StreamDescription[] {
  const streams: StreamDescription[] = []
  if (poses && poses.count > 0)
    streams.push({ clock: 0, sensor: 'pose', sampleCount: poses.count, ...timing(poses.timesNanoseconds) })
  if (imu && imu.count > 0)
    streams.push({ clock: 0, sensor: 'imu', sampleCount: imu.count, ...timing(imu.timesNanoseconds) })
  if (depth) {
    const { width, height, codec, times } = depth
    streams.push({ clock: 0, sensor: 'depth', codec, width, height, sampleCount: times.length, ...timing(times) })
  }
  if (scan) streams.push({ clock: 0, ...scan.description })
  return streams
}

/** Makes an importer of a reader of captures. Tables are read once for a source. */
export function folderImporter(
  format: Pick<Importer, 'id' | 'title' | 'extensions' | 'supports'> & {
    readCapture(source: ImportSource, context: ImportContext): Promise<FolderCapture>
  },
): Importer {
  const { id, title, extensions } = format
  const known = new WeakMap<ImportSource, Promise<FolderCapture>>()
  const captureOf = (source: ImportSource, context: ImportContext) => {
    const found = known.get(source)
    if (found) return found
    const capture = format.readCapture(source, context)
    known.set(source, capture)
    capture.catch(() => known.delete(source))
    return capture
  }
  const absent = (source: ImportSource, what: string) =>
    new AsterismError('bad_input', `It holds no ${what}.`, { path: source.path })
  return {
    id,
    title,
    extensions,
    supports: (source) => format.supports(source),
    async read(source, context) {
      const capture = await captureOf(source, context)
      const streams = streamsOf(capture)
      if (streams.length === 0) throw emptyFile(source.path, 'Nothing in it holds poses, inertia, depth or points.')
      const timed = streams.filter(({ durationSeconds }) => durationSeconds !== null)
      const start = Math.min(...timed.map(({ startSeconds }) => startSeconds))
      const ends = timed.map(({ startSeconds, durationSeconds }) => startSeconds - start + (durationSeconds ?? 0))
      return {
        format: id,
        kind: 'capture',
        durationSeconds: ends.length > 0 ? Math.max(...ends) : null,
        clocks: [capture.clock],
        streams,
        warnings: [...capture.warnings, ...(capture.scan?.warnings ?? [])],
        metadata: capture.metadata,
      }
    },
    async loadPoses(source, _streamIndex, context) {
      const { poses } = await captureOf(source, context)
      if (poses) return poses
      throw absent(source, 'poses')
    },
    async loadImu(source, _streamIndex, context) {
      const { imu } = await captureOf(source, context)
      if (imu) return imu
      throw absent(source, 'inertial samples')
    },
    async loadDepthFrame(source, _streamIndex, frameIndex, context) {
      const { depth } = await captureOf(source, context)
      if (depth) return depth.load(frameIndex, context)
      throw absent(source, 'depth')
    },
    async loadScan(source, _streamIndex, context) {
      const { scan } = await captureOf(source, context)
      if (scan) return scan.load(context)
      throw absent(source, 'finished scan')
    },
  }
}
