/** What captures in folders share: one clock, perhaps a path, inertia, depth and colour pictures that stay on disk, a finished scan. */
import { AsterismError } from '../../../../shared/errors.ts'
import type { DepthFrame, ImuSamples, Intrinsics, PosePath } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readRange, readWhole } from '../reading/byte-stream.ts'
import { entryPath, type PictureFile } from './folder-parts.ts'
import type { ClockDescription, ImportContext, ImportedAsset, Importer, ImportSource } from '../importer.ts'
import type { InnerScan } from './inner-scan.ts'
import { decodeGrayPng, readPngHeader, type GrayImage } from '../reading/png-gray.ts'
import { corruptFile, warning } from '../refusals.ts'
import { streamSetImporter, type DepthSequence, type LoadedStream } from '../stream-set.ts'
import { imuSamples, timing, type PoseRows, type TimedRows } from '../reading/timed-rows.ts'

export interface FolderCapture {
  readonly clock: ClockDescription
  /** Set where only the order of things is known. */
  readonly isTimeless?: boolean
  readonly poses?: PosePath
  readonly imu?: ImuSamples
  readonly depth?: DepthSequence
  /** The cameras whose pictures lie in it one by one. */
  readonly films?: readonly (LoadedStream | undefined)[]
  readonly scan?: InnerScan
  readonly warnings: readonly ImportWarning[]
  readonly metadata: ImportedAsset['metadata']
}

/** Path and inertia of a capture out of the rows that were collected, with what was wrong with them. */
export function movementOf(
  poses: PoseRows,
  inertia: TimedRows,
  warnings: readonly ImportWarning[],
  has = { accelerations: true, rotationRates: true },
): Pick<FolderCapture, 'poses' | 'imu' | 'warnings'> {
  const path = poses.finish()
  const imu = imuSamples(inertia, has)
  return { poses: path.path, imu: imu.samples, warnings: [...warnings, ...path.warnings, ...imu.warnings] }
}

type CapturePart = 'pose' | 'depth' | 'picture'

/** Tells where some of a capture's moments lack what others have: half a recording is said to be one. */
export function lackOf(part: CapturePart, found: number, moments: number): ImportWarning[] {
  if (found === 0 || found >= moments) return []
  return [warning('parts_missing', say(`import.lacks.${part}`, { bad: moments - found, total: moments }))]
}

/** How sure a folder is a capture that has one such file; of several, each is a capture of its own. */
export function supportsOne(pattern: RegExp): Importer['supports'] {
  return ({ isDirectory, entries }) =>
    isDirectory && entries.filter((entry) => pattern.test(entry)).length === 1 ? 0.9 : 0
}

const MAX_PNG_BYTES = 64 << 20

export interface PngDepthFrame extends PictureFile {
  readonly confidence?: string
}

/**
 * A sequence of depth pictures of 16 bits. Pictures whose size cannot be read are warned of; when none of the first five
 * can, there is no sequence.
 * @param intrinsicsOf In pixels of the depth picture. @param metresPerUnit Metres of one step of the picture.
 * @param confidenceOf 0 low, 1 medium, 2 high for a value of a confidence picture.
 */
export async function pngDepth<Frame extends PngDepthFrame>(
  source: ImportSource,
  frames: readonly Frame[],
  metresPerUnit: number,
  intrinsicsOf: (frame: Frame, size: { width: number; height: number }) => Promise<Intrinsics> | Intrinsics,
  warnings: ImportWarning[],
  confidenceOf: (value: number) => number = (value) => Math.min(2, value),
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
          throw new AsterismError('bad_input', say('capture.noDepthFrame', { frame: frameIndex }), {
            path: source.path,
          })
        const file = entryPath(source, frame.entry)
        const image = decodeGrayPng(file, await readWhole(file, MAX_PNG_BYTES, signal))
        if (image.bitDepth !== 16) throw corruptFile(file, say('capture.depthNot16Bits'))
        const levels = frame.confidence && (await readConfidence(source, frame.confidence, image, signal))
        const confidence = levels && Uint8Array.from(levels, confidenceOf)
        return {
          width: image.width,
          height: image.height,
          depthMetres: Float32Array.from(image.data, (value) => value * metresPerUnit),
          ...(confidence && { confidence }),
          intrinsics: await intrinsicsOf(frame, image),
          timeNanoseconds: frame.timeNanoseconds,
        }
      }
      return { times, width, height, codec: 'png', load }
    } catch (error) {
      if (!(error instanceof AsterismError)) throw error
      warnings.push(
        warning('depth_unreadable', say('import.partUnreadable', { entry, why: error.said?.what ?? error.message })),
      )
    }
  }
  return undefined
}

async function readConfidence(
  source: ImportSource,
  entry: string,
  size: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<GrayImage['data']> {
  const path = entryPath(source, entry)
  const image = decodeGrayPng(path, await readWhole(path, MAX_PNG_BYTES, signal))
  if (image.width !== size.width || image.height !== size.height) throw corruptFile(path, say('capture.confidenceSize'))
  return image.data
}

/** Each part of a capture as a stream; what has nothing in it is none. */
function streamsOf({ isTimeless, poses, imu, depth, films = [], scan }: FolderCapture): LoadedStream[] {
  const streams: LoadedStream[] = []
  const span = (times: BigInt64Array) => (isTimeless ? { startSeconds: 0, durationSeconds: null } : timing(times))
  if (poses && poses.count > 0)
    streams.push({ description: { sensor: 'pose', sampleCount: poses.count, ...span(poses.timesNanoseconds) }, poses })
  if (imu && imu.count > 0)
    streams.push({ description: { sensor: 'imu', sampleCount: imu.count, ...span(imu.timesNanoseconds) }, imu })
  if (depth) {
    const { width, height, codec, times } = depth
    const description = { sensor: 'depth', codec, width, height, sampleCount: times.length, ...span(times) } as const
    streams.push({ description, depth })
  }
  if (scan) streams.push({ description: scan.description, scan: (context) => scan.load(context) })
  // Last, as projects know streams by their places.
  streams.push(...films.filter((film) => film !== undefined))
  return streams
}

/** Makes an importer of a reader of captures. */
export function folderImporter(
  format: Pick<Importer, 'id' | 'title' | 'extensions' | 'isOneFolder' | 'supports'> & {
    readCapture(source: ImportSource, context: ImportContext): Promise<FolderCapture>
  },
): Importer {
  return streamSetImporter({
    ...format,
    keepsFilms: true,
    async readSet(source, context) {
      const capture = await format.readCapture(source, context)
      const { clock, metadata, scan } = capture
      const warnings = [...capture.warnings, ...(scan?.warnings ?? [])]
      return { kind: 'capture', clock, streams: streamsOf(capture), warnings, metadata }
    },
  })
}
