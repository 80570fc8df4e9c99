/** What phone captures made of single keyframes share: a pose for each, often a depth picture, perhaps a finished scan. */
import { AsterismError } from '../../../../shared/errors.ts'
import type { DepthFrame, Intrinsics, PosePath, Scan } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { readRange, readWhole } from '../reading/byte-stream.ts'
import { NO_TIMES, ORDER_CLOCK, pathOf } from '../reconstructions/camera-poses.ts'
import { entryPath } from './capture-folder.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource, StreamDescription } from '../importer.ts'
import { decodeGrayPng, readPngHeader } from '../reading/png-gray.ts'
import { corruptFile, emptyFile, warning } from '../refusals.ts'
import { timing } from '../reading/timed-rows.ts'

export interface Keyframe {
  /** Undefined where the app wrote no time. */
  readonly timeNanoseconds: bigint | undefined
  /** `world_from_camera` in metres, +Y up, camera along -Z; quaternion x, y, z, w. */
  readonly position: readonly number[]
  readonly rotation: readonly number[]
  /** In pixels of a picture of this size. */
  readonly intrinsics: Intrinsics | undefined
  /** Entries of the source. */
  readonly depth: string | undefined
  readonly confidence: string | undefined
}

/** The finished scan inside a capture: described like an asset of its own, in the capture's frame. */
export interface InnerScan {
  readonly description: Omit<StreamDescription, 'clock'>
  readonly warnings: readonly ImportWarning[]
  load(context: ImportContext): Promise<Scan>
}

export interface KeyframeCapture {
  readonly format: string
  readonly keyframes: readonly Keyframe[]
  readonly scan: InnerScan | undefined
  readonly warnings: readonly ImportWarning[]
  readonly metadata: ImportedAsset['metadata']
  /** 0 low, 1 medium, 2 high for a value of a confidence picture. */
  confidenceOf(value: number): number
}

interface ReadCapture extends KeyframeCapture {
  readonly path: PosePath
  readonly timed: boolean
  readonly depthFrames: readonly (Keyframe & { readonly depth: string; readonly at: bigint })[]
  readonly streams: readonly StreamDescription[]
  readonly pathWarnings: readonly ImportWarning[]
}

const MAX_PNG_BYTES = 64 << 20

async function prepare(source: ImportSource, capture: KeyframeCapture): Promise<ReadCapture> {
  const { keyframes } = capture
  if (keyframes.length === 0) throw emptyFile(source.path, 'It holds no keyframes with a pose.')
  const timed = keyframes.every(({ timeNanoseconds }) => timeNanoseconds !== undefined)
  const times = keyframes.map(({ timeNanoseconds }, index) =>
    timed && timeNanoseconds !== undefined ? timeNanoseconds : BigInt(index),
  )
  const poses = keyframes.map(({ position, rotation }, index) => ({
    timeNanoseconds: times[index],
    position,
    rotation,
  }))
  const { path, warnings } = pathOf(source.path, poses)
  if (path.count === 0) throw corruptFile(source.path, 'None of its keyframes has a usable pose.')
  const depthFrames = keyframes
    .flatMap((keyframe, index) =>
      keyframe.depth === undefined ? [] : [{ ...keyframe, depth: keyframe.depth, at: times[index] }],
    )
    .toSorted((a, b) => Number(a.at - b.at))
  const pathWarnings = timed ? warnings : [...warnings, NO_TIMES]
  const span = (list: BigInt64Array) => (timed ? timing(list) : { startSeconds: 0, durationSeconds: null })
  const streams: StreamDescription[] = [
    { clock: 0, sensor: 'pose', sampleCount: path.count, ...span(path.timesNanoseconds) },
  ]
  const depth = await depthSize(source, depthFrames, pathWarnings)
  if (depth) {
    const sampleCount = depthFrames.length
    streams.push({
      clock: 0,
      sensor: 'depth',
      codec: 'png',
      sampleCount,
      ...depth,
      ...span(BigInt64Array.from(depthFrames, ({ at }) => at)),
    })
  }
  if (capture.scan) streams.push({ clock: 0, ...capture.scan.description })
  return { ...capture, path, timed, depthFrames: depth ? depthFrames : [], streams, pathWarnings }
}

/** Of the first depth picture that can be read; when several cannot, there is no depth stream. */
async function depthSize(
  source: ImportSource,
  frames: readonly { readonly depth: string }[],
  warnings: ImportWarning[],
): Promise<{ width: number; height: number } | undefined> {
  for (const { depth } of frames.slice(0, 5)) {
    const path = entryPath(source, depth)
    try {
      const { width, height } = readPngHeader(path, await readRange(path, 0, 64))
      return { width, height }
    } catch (error) {
      if (!(error instanceof AsterismError)) throw error
      warnings.push(warning('depth_unreadable', `${depth}: ${error.message}`))
    }
  }
  return undefined
}

function describe(source: ImportSource, capture: ReadCapture): ImportedAsset {
  const { streams, timed, path } = capture
  return {
    format: capture.format,
    kind: 'capture',
    durationSeconds: timed ? timing(path.timesNanoseconds).durationSeconds : null,
    clocks: [
      timed
        ? {
            title: `${source.name}: the phone's own seconds`,
            source: 'device',
            epochUtcNanoseconds: null,
            timecode: null,
          }
        : ORDER_CLOCK,
    ],
    streams,
    warnings: [...capture.warnings, ...capture.pathWarnings, ...(capture.scan?.warnings ?? [])],
    metadata: { axes: '+Y up', keyframeCount: capture.keyframes.length, ...capture.metadata },
  }
}

async function depthFrame(
  source: ImportSource,
  capture: ReadCapture,
  frameIndex: number,
  context: ImportContext,
): Promise<DepthFrame> {
  const frame = capture.depthFrames[frameIndex]
  if (!frame) throw new AsterismError('bad_input', `There is no depth frame ${frameIndex}.`, { path: source.path })
  const path = entryPath(source, frame.depth)
  if (!frame.intrinsics) throw corruptFile(path, 'Its keyframe has no usable camera, without which depth has no scale.')
  const image = decodeGrayPng(path, await readWhole(path, MAX_PNG_BYTES, context.signal))
  if (image.bitDepth !== 16) throw corruptFile(path, 'It is not a depth picture of 16 bits.')
  const { width, height } = image
  const { fx, fy, cx, cy, width: pictureWidth, height: pictureHeight } = frame.intrinsics
  const [sx, sy] = [width / pictureWidth, height / pictureHeight]
  const confidence = frame.confidence && (await confidenceMap(source, capture, frame.confidence, image, context))
  return {
    width,
    height,
    depthMetres: Float32Array.from(image.data, (millimetres) => millimetres / 1000),
    ...(confidence && { confidence }),
    intrinsics: { width, height, fx: fx * sx, fy: fy * sy, cx: cx * sx, cy: cy * sy },
    timeNanoseconds: frame.at,
  }
}

async function confidenceMap(
  source: ImportSource,
  capture: KeyframeCapture,
  entry: string,
  size: { readonly width: number; readonly height: number },
  context: ImportContext,
): Promise<Uint8Array> {
  const path = entryPath(source, entry)
  const image = decodeGrayPng(path, await readWhole(path, MAX_PNG_BYTES, context.signal))
  if (image.width !== size.width || image.height !== size.height) {
    throw corruptFile(path, 'It is not the size of the depth picture that it belongs to.')
  }
  return Uint8Array.from(image.data, (value) => capture.confidenceOf(value))
}

/** The picture's size where only its camera is known: phones' picture formats have these sizes, and the axis lies near the middle. */
export function likelyPictureSize(cx: number, cy: number): { width: number; height: number } {
  const near = (value: number, sizes: readonly number[]) =>
    sizes.reduce((best, size) => (Math.abs(size - value) < Math.abs(best - value) ? size : best))
  return {
    width: near(2 * cx, [640, 1280, 1440, 1920, 3840, 4032]),
    height: near(2 * cy, [480, 720, 1080, 1440, 2160, 3024]),
  }
}

/** Makes an importer of a reader of keyframes. Tables are read once for a source. */
export function keyframeImporter(
  format: Pick<Importer, 'id' | 'title' | 'extensions' | 'isOneFolder' | 'supports'> & {
    readCapture(source: ImportSource, context: ImportContext): Promise<KeyframeCapture>
  },
): Importer {
  const { id, title, extensions, isOneFolder } = format
  const known = new WeakMap<ImportSource, Promise<ReadCapture>>()
  const captureOf = (source: ImportSource, context: ImportContext) => {
    const found = known.get(source)
    if (found) return found
    const capture = format.readCapture(source, context).then((read) => prepare(source, read))
    known.set(source, capture)
    capture.catch(() => known.delete(source))
    return capture
  }
  return {
    id,
    title,
    extensions,
    isOneFolder,
    supports: (source) => format.supports(source),
    read: async (source, context) => describe(source, await captureOf(source, context)),
    loadPoses: async (source, _streamIndex, context) => (await captureOf(source, context)).path,
    loadDepthFrame: async (source, _streamIndex, frameIndex, context) =>
      depthFrame(source, await captureOf(source, context), frameIndex, context),
    async loadScan(source, _streamIndex, context) {
      const { scan } = await captureOf(source, context)
      if (scan) return scan.load(context)
      throw new AsterismError('bad_input', 'It holds no finished scan.', { path: source.path })
    },
  }
}
