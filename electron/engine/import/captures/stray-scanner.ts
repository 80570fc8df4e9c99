/**
 * A folder of Stray Scanner, an app for phones with lidar. Layout: docs/format.md of github.com/strayrobots/scanner;
 * conventions from its encoders: positions are those of ARKit (+Y up), rotations have the camera look along +Z with +Y
 * down (half a turn about X from ours), inertial values are those of Core Motion, video frames are numbered, not stamped.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import type { DepthFrame, ImuSamples, PosePath } from '../../../../shared/geometry/data.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readRange, readWhole } from '../reading/byte-stream.ts'
import { entryPath, folderOf, mediaStreams, numberedFiles, probePart, type VideoPart } from './folder-parts.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource, StreamDescription } from '../importer.ts'
import { likelyPictureSize } from './keyframe-capture.ts'
import { decodeGrayPng, readPngHeader } from '../reading/png-gray.ts'
import { onceASource } from '../reading/once-a-source.ts'
import { corruptFile, emptyFile, warning } from '../refusals.ts'
import { requireStream } from '../scans/scan-importer.ts'
import {
  readStrayImu,
  readStrayMatrix,
  readStrayOdometry,
  type CameraMatrix,
  type StrayOdometry,
} from './stray-tables.ts'
import { timing } from '../reading/timed-rows.ts'

const MAX_PNG_BYTES = 64 << 20

interface StrayDepth {
  /** In order of time. */
  readonly frames: readonly { readonly timeNanoseconds: bigint; readonly frame: number; readonly entry: string }[]
  readonly width: number
  readonly height: number
}

/** The parts of one capture as found on disk. */
interface StrayCapture {
  readonly folder: string
  readonly odometry: StrayOdometry
  readonly imu: { samples: ImuSamples; warnings: ImportWarning[] } | undefined
  readonly matrix: CameraMatrix | undefined
  readonly video: VideoPart | undefined
  readonly depth: StrayDepth | undefined
  readonly warnings: readonly ImportWarning[]
}

/** The tables; frames of depth are read one by one later. */
const captureOf = onceASource(readCapture)

async function readCapture(source: ImportSource, context: ImportContext): Promise<StrayCapture> {
  const folder = folderOf(source, 'odometry.csv')
  if (folder === undefined) throw corruptFile(source.path, say('capture.noOdometry'))
  const has = (name: string) => source.entries.includes(folder + name)
  const warnings: ImportWarning[] = []
  const missing = ['camera_matrix.csv', 'imu.csv', 'rgb.mp4'].filter((name) => !has(name))
  if (missing.length > 0)
    warnings.push(warning('parts_missing', say('import.captureLacks', { parts: missing.join(', ') })))
  const part = (name: string) => entryPath(source, folder + name)
  const odometry = await readStrayOdometry(part('odometry.csv'), context.signal)
  if (odometry.path.count === 0) throw emptyFile(source.path, say('capture.odometryEmpty'))
  const imu = has('imu.csv') ? await readStrayImu(part('imu.csv'), context.signal) : undefined
  const matrix = has('camera_matrix.csv') ? await readStrayMatrix(part('camera_matrix.csv'), context.signal) : undefined
  const video = has('rgb.mp4') ? await probePart(source, `${folder}rgb.mp4`, context) : undefined
  const depth = await findDepth(source, folder, odometry, warnings)
  return { folder, odometry, imu, matrix, video, depth, warnings }
}

async function findDepth(
  source: ImportSource,
  folder: string,
  odometry: StrayOdometry,
  warnings: ImportWarning[],
): Promise<StrayDepth | undefined> {
  const files = numberedFiles(source, `${folder}depth/`, /^(\d+)\.png$/)
  const frames = [...files]
    .flatMap(([frame, entry]) => {
      const timeNanoseconds = odometry.timeOfFrame.get(frame)
      return timeNanoseconds === undefined ? [] : [{ timeNanoseconds, frame, entry }]
    })
    .toSorted((a, b) => Number(a.timeNanoseconds - b.timeNanoseconds))
  if (frames.length < files.size) {
    const message = say('import.depthWithoutTime', { bad: files.size - frames.length, total: files.size })
    warnings.push(warning('depth_without_time', message))
  }
  for (const { entry } of frames.slice(0, 5)) {
    const path = entryPath(source, entry)
    try {
      const { width, height } = readPngHeader(path, await readRange(path, 0, 64))
      return { frames, width, height }
    } catch (error) {
      if (!(error instanceof AsterismError)) throw error
      warnings.push(
        warning('depth_unreadable', say('import.partUnreadable', { entry, why: error.said?.what ?? error.message })),
      )
    }
  }
  return undefined
}

function describeDepth(depth: StrayDepth): StreamDescription {
  const times = BigInt64Array.from(depth.frames, ({ timeNanoseconds }) => timeNanoseconds)
  const { width, height } = depth
  return { clock: 0, sensor: 'depth', codec: 'png', width, height, sampleCount: times.length, ...timing(times) }
}

function describe(source: ImportSource, capture: StrayCapture): ImportedAsset {
  const { odometry, imu, video, depth } = capture
  const poseTiming = timing(odometry.path.timesNanoseconds)
  const start = poseTiming.startSeconds
  const streams: StreamDescription[] = [
    ...(video?.probe ? mediaStreams(video.probe, 0, start) : []),
    { clock: 0, sensor: 'pose', sampleCount: odometry.path.count, ...poseTiming },
  ]
  if (imu && imu.samples.count > 0) {
    streams.push({ clock: 0, sensor: 'imu', sampleCount: imu.samples.count, ...timing(imu.samples.timesNanoseconds) })
  }
  if (depth) streams.push(describeDepth(depth))
  const ends = streams.map((stream) => stream.startSeconds + (stream.durationSeconds ?? 0))
  const created = video?.probe?.creationTimeUtcNanoseconds
  return {
    format: 'stray-scanner',
    kind: 'capture',
    durationSeconds: Math.max(...ends) - Math.min(...streams.map(({ startSeconds }) => startSeconds)),
    clocks: [
      {
        title: `${source.name}: seconds since the phone started`,
        source: 'device',
        epochUtcNanoseconds: created ? String(BigInt(created) - odometry.path.timesNanoseconds[0]) : null,
        timecode: null,
      },
    ],
    streams,
    warnings: [
      ...capture.warnings,
      ...odometry.warnings,
      ...(imu?.warnings ?? []),
      ...(video?.warnings ?? []),
      ...videoLength(capture),
    ],
    metadata: { axes: '+Y up', cameraAxes: 'converted from +Z forward to -Z forward', depthUnit: 'mm' },
  }
}

/** Frames are numbered at a fixed rate: where that rate was not kept, the picture runs away from the poses. */
function videoLength({ video, odometry }: StrayCapture): ImportWarning[] {
  const picture = video?.probe?.streams.find(({ kind }) => kind === 'video')
  const { durationSeconds } = timing(odometry.path.timesNanoseconds)
  if (!picture?.durationSeconds || durationSeconds === 0) return []
  const difference = picture.durationSeconds - durationSeconds
  if (Math.abs(difference) < 0.25) return []
  const message = say('import.videoLonger', { seconds: fixedAmount(difference, 2) })
  return [warning('video_timing_differs', message)]
}

/** The picture's own size, to which the camera matrix refers. */
function pictureSize(capture: StrayCapture, matrix: CameraMatrix): { width: number; height: number } {
  const picture = capture.video?.probe?.streams.find(({ kind }) => kind === 'video')
  if (picture?.width && picture.height) return { width: picture.width, height: picture.height }
  return likelyPictureSize(matrix.cx, matrix.cy)
}

async function loadDepthFrame(
  source: ImportSource,
  _streamIndex: number,
  frameIndex: number,
  context: ImportContext,
): Promise<DepthFrame> {
  const capture = await captureOf(source, context)
  const frame = capture.depth?.frames[frameIndex]
  if (!capture.depth || !frame) {
    throw new AsterismError('bad_input', say('capture.noDepthFrame', { frame: frameIndex }), { path: source.path })
  }
  const matrix = capture.odometry.intrinsicsOfFrame.get(frame.frame) ?? capture.matrix
  if (!matrix) throw corruptFile(source.path, say('capture.noCameraMatrix'))
  const path = entryPath(source, frame.entry)
  const image = decodeGrayPng(path, await readWhole(path, MAX_PNG_BYTES, context.signal))
  if (image.bitDepth !== 16) throw corruptFile(path, say('capture.depthNot16Bits'))
  const { width, height } = image
  const depthMetres = Float32Array.from(image.data, (millimetres) => millimetres / 1000)
  const picture = pictureSize(capture, matrix)
  const [sx, sy] = [width / picture.width, height / picture.height]
  const intrinsics = { width, height, fx: matrix.fx * sx, fy: matrix.fy * sy, cx: matrix.cx * sx, cy: matrix.cy * sy }
  const confidence = await confidenceOf(source, capture, frame.frame, image, context)
  return {
    width,
    height,
    depthMetres,
    ...(confidence && { confidence }),
    intrinsics,
    timeNanoseconds: frame.timeNanoseconds,
  }
}

async function confidenceOf(
  source: ImportSource,
  capture: StrayCapture,
  frame: number,
  size: { readonly width: number; readonly height: number },
  context: ImportContext,
): Promise<Uint8Array | undefined> {
  const entry = numberedFiles(source, `${capture.folder}confidence/`, /^(\d+)\.png$/).get(frame)
  if (entry === undefined) return undefined
  const path = entryPath(source, entry)
  const image = decodeGrayPng(path, await readWhole(path, MAX_PNG_BYTES, context.signal))
  if (image.width !== size.width || image.height !== size.height) {
    throw corruptFile(path, say('capture.confidenceSize'))
  }
  return Uint8Array.from(image.data, (value) => Math.min(2, value))
}

function supports(source: ImportSource): number {
  const folder = folderOf(source, 'odometry.csv')
  if (folder === undefined) return 0
  const beside = (name: string) => source.entries.some((entry) => entry.startsWith(folder + name))
  return beside('camera_matrix.csv') || beside('imu.csv') || beside('depth/') || beside('rgb.mp4') ? 1 : 0
}

export const strayScannerImporter: Importer = {
  id: 'stray-scanner',
  title: say('readable.strayScanner'),
  extensions: [],
  isOneFolder: true,
  supports,
  read: async (source, context) => describe(source, await captureOf(source, context)),
  async loadPoses(source, streamIndex, context): Promise<PosePath> {
    requireStream(source, streamIndex, 5)
    return (await captureOf(source, context)).odometry.path
  },
  async loadImu(source, streamIndex, context) {
    requireStream(source, streamIndex, 5)
    const { imu } = await captureOf(source, context)
    if (!imu) throw new AsterismError('bad_input', say('capture.lacks', { name: 'imu.csv' }), { path: source.path })
    return imu.samples
  },
  loadDepthFrame,
  mediaPart(source) {
    const folder = folderOf(source, 'odometry.csv')
    const entry = `${folder ?? ''}rgb.mp4`
    return source.entries.includes(entry) ? { path: entryPath(source, entry) } : undefined
  },
}
