/** The surface that a recording saw, whatever it saw it with: a scan as it is, a capture by its depth along its path. */
import type { ImportWarning, Sensor, Stream } from '../../../shared/document/records.ts'
import { SCAN_SENSORS } from '../../../shared/document/seen-streams.ts'
import type { DepthFrame, PosePath, Scan } from '../../../shared/geometry/data.ts'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { cloudFromDepth } from '../align/space/index.ts'
import { SCALE_UNKNOWN } from '../import/reconstructions/camera-poses.ts'
import type { ImportContext, Importer, ImportSource } from '../import/importer.ts'

/** The streams of a recording, in its own order; `sampleCount` says how many depth frames there are. */
export interface SurfaceStreams {
  readonly streams: readonly Pick<Stream, 'sensor' | 'sampleCount' | 'rotationUnknown'>[]
}

/** Depth pictures beyond this add little to a cloud of 2 cm cells. */
const MOST_DEPTH_FRAMES = 300

/** Whether it is a scan itself, and not only depth along a path. */
export function hasScan({ streams }: SurfaceStreams): boolean {
  return streams.some(({ sensor }) => SCAN_SENSORS.has(sensor))
}

/** Whether it says where the device was and how it was turned. */
export function hasTurns({ sensor, rotationUnknown }: SurfaceStreams['streams'][number]): boolean {
  return sensor === 'pose' && !rotationUnknown
}

export function hasSurface({ streams }: SurfaceStreams): boolean {
  const has = (sensor: Sensor): boolean => streams.some((stream) => stream.sensor === sensor)
  return hasScan({ streams }) || (has('depth') && streams.some(hasTurns))
}

/**
 * Whether a recording has a place in space at all: a surface it saw, or the way its device went and looked. The way alone,
 * as satellites saw it, is right to metres: nothing places it in a room.
 */
export function hasPlace({ streams }: SurfaceStreams): boolean {
  return hasSurface({ streams }) || streams.some(hasTurns)
}

/** Whether its lengths are metres: splats and what was computed from pictures come in a unit of their own. */
export function isMetric(warnings: readonly ImportWarning[], { streams }: SurfaceStreams): boolean {
  return !streams.some(({ sensor }) => sensor === 'splats') && !warnings.some(({ code }) => code === SCALE_UNKNOWN.code)
}

/** @throws AsterismError unsupported_format when the recording has no surface. */
export async function loadSurface(
  importer: Importer,
  source: ImportSource,
  recording: SurfaceStreams,
  context: ImportContext,
): Promise<Scan> {
  const index = recording.streams.findIndex(({ sensor }) => SCAN_SENSORS.has(sensor))
  if (index >= 0 && importer.loadScan) return await importer.loadScan(source, index, context)
  const path = await loadPath(importer, source, recording, context)
  const depth = recording.streams.findIndex((stream) => stream.sensor === 'depth')
  if (!path || depth < 0 || !importer.loadDepthFrame) {
    throw new AsterismError('unsupported_format', say('space.noSurface'), {
      path: source.path,
    })
  }
  const frames = depthFrames(importer, source, depth, recording.streams[depth]?.sampleCount ?? 0, context)
  const points = await cloudFromDepth(frames, path, { signal: context.signal })
  if (points.count === 0) throw new AsterismError('corrupt_file', say('space.noDepthPose'), { path: source.path })
  return { kind: 'points', points }
}

/** Where the device went and how it was turned, or null when the recording does not say. */
export async function loadPath(
  importer: Importer,
  source: ImportSource,
  { streams }: SurfaceStreams,
  context: ImportContext,
): Promise<PosePath | null> {
  return await loadPoses(importer, source, streams.findIndex(hasTurns), context)
}

/** Where the device went; its rotations say nothing where no path of the recording has any. */
export async function loadWay(
  importer: Importer,
  source: ImportSource,
  { streams }: SurfaceStreams,
  context: ImportContext,
): Promise<PosePath | null> {
  const turned = streams.findIndex(hasTurns)
  const index = turned >= 0 ? turned : streams.findIndex(({ sensor }) => sensor === 'pose')
  return await loadPoses(importer, source, index, context)
}

async function loadPoses(importer: Importer, source: ImportSource, index: number, context: ImportContext) {
  return index >= 0 && importer.loadPoses ? await importer.loadPoses(source, index, context) : null
}

/** The depth pictures of a capture in the order of time, at most so many; none where it has no depth. */
export async function* depthFramesOf(
  importer: Importer,
  source: ImportSource,
  { streams }: SurfaceStreams,
  context: ImportContext,
  most: number,
): AsyncGenerator<DepthFrame> {
  const index = streams.findIndex((stream) => stream.sensor === 'depth')
  if (index < 0 || !importer.loadDepthFrame) return
  yield* depthFrames(importer, source, index, streams[index]?.sampleCount ?? 0, context, most)
}

async function* depthFrames(
  importer: Importer,
  source: ImportSource,
  streamIndex: number,
  count: number,
  context: ImportContext,
  most = MOST_DEPTH_FRAMES,
): AsyncGenerator<DepthFrame> {
  const step = Math.max(1, Math.ceil(count / most))
  for (let frame = 0; frame < count; frame += step) {
    throwIfCancelled(context.signal)
    yield await importer.loadDepthFrame!(source, streamIndex, frame, context)
  }
}
