/** Scans, paths and motion curves in the form that the window draws, made once and kept in the cache beside the project. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImuSamples, Intrinsics, PointCloud, PosePath, Scan } from '../../../shared/geometry/data.ts'
import { encodeJoints, singleJoint, type JointFrames } from '../../../shared/geometry/joints.ts'
import { chunkPoints } from '../../../shared/geometry/point-chunks.ts'
import { encodePath, encodeScan } from '../../../shared/geometry/scan-blob.ts'
import { streamsOf } from '../../../shared/document/document.ts'
import type { Sensor, Stream } from '../../../shared/document/records.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { correctionOf, openAsset, type OpenAsset } from './asset-location.ts'
import type { Session } from '../session.ts'

/** Changes whenever what is written below does: old files in the cache are then made anew. */
const RECIPE = 'geometry-3'
const MOST_POSES = 20_000
const MOTION_POINTS = 4000

export const GEOMETRY_KINDS = ['scan', 'poses', 'joints', 'motion', 'camera'] as const
export type GeometryKind = (typeof GEOMETRY_KINDS)[number]

/** The path of the file, made first where it is not there yet. */
export async function geometryFile(
  session: Session,
  kind: GeometryKind,
  stream: Stream,
  budget: number,
  signal: AbortSignal,
): Promise<string> {
  const opened = await openAsset(session, stream.assetId)
  const key = createHash('sha256')
    .update(
      [
        RECIPE,
        kind,
        opened.asset.sha256,
        stream.index,
        kind === 'scan' ? budget : 0,
        correctionKey(session, stream.assetId),
      ].join(':'),
    )
    .digest('hex')
  const path = join(session.cacheFolder(), `${key.slice(0, 40)}.bin`)
  if (!existsSync(path)) await writeWhole(path, await MAKERS[kind](session, opened, stream, budget, signal))
  return path
}

/** A path that is put right otherwise is another file. */
function correctionKey(session: Session, assetId: string): string {
  return JSON.stringify(correctionOf(session.document, assetId)?.knots ?? [])
}

type Maker = (
  session: Session,
  opened: OpenAsset,
  stream: Stream,
  budget: number,
  signal: AbortSignal,
) => Promise<Uint8Array>

/** What is a path of something through space. */
const PATHS: readonly Sensor[] = ['pose', 'hands', 'gaze']

const MAKERS: Readonly<Record<GeometryKind, Maker>> = {
  async scan(session, { importer, source }, stream, budget, signal) {
    if (!importer.loadScan) throw nothingThere(source.path)
    const scan = await importer.loadScan(source, stream.index, { tools: await session.tools(), signal })
    const drawn = withinBudget(scan, budget)
    if (drawn.kind === 'mesh') return encodeScan(drawn)
    const { points, chunks } = chunkPoints(drawn.points)
    return encodeScan({ kind: drawn.kind, points }, chunks)
  },
  async poses(session, { importer, source }, stream, _budget, signal) {
    if (!importer.loadPoses) throw nothingThere(source.path)
    const path = await importer.loadPoses(source, stream.index, { tools: await session.tools(), signal })
    return encodePath(thinned(path))
  },
  /** What is known of a hand or a body as one place only is a single joint. */
  async joints(session, { importer, source }, stream, _budget, signal) {
    const context = { tools: await session.tools(), signal }
    if (stream.jointCount !== undefined && importer.loadJoints)
      return encodeJoints(thinnedJoints(await importer.loadJoints(source, stream.index, context)))
    if (!importer.loadPoses) throw nothingThere(source.path)
    return encodeJoints(singleJoint(thinned(await importer.loadPoses(source, stream.index, context))))
  },
  async motion(session, { importer, source }, stream, _budget, signal) {
    const context = { tools: await session.tools(), signal }
    if (stream.sensor === 'imu' && importer.loadImu)
      return encodeMotion(turning(await importer.loadImu(source, stream.index, context)))
    if (importer.loadPoses && PATHS.includes(stream.sensor))
      return encodeMotion(moving(await importer.loadPoses(source, stream.index, context)))
    throw nothingThere(source.path)
  },
  async camera(session, opened, _stream, _budget, signal) {
    return new TextEncoder().encode(JSON.stringify(await intrinsicsOf(session, opened, signal)))
  },
}

/** Which of an asset's streams shows its camera: the depth pictures say how the picture beside them was taken. */
async function intrinsicsOf(session: Session, opened: OpenAsset, signal: AbortSignal): Promise<Intrinsics> {
  const { importer, source, asset } = opened
  const depth = streamsOf(session.document, asset.id).find((stream) => stream.sensor === 'depth')
  if (!depth || !importer.loadDepthFrame) throw nothingThere(source.path)
  const frame = await importer.loadDepthFrame(source, depth.index, 0, { tools: await session.tools(), signal })
  return frame.intrinsics
}

function nothingThere(path: string): AsterismError {
  return new AsterismError('not_found', say('broken.streamNoGeometry'), { path })
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.partial`
  const file = await open(temporary, 'w')
  await file.writeFile(bytes).finally(() => file.close())
  await rename(temporary, path)
}

/** Every n-th point, so that at most `budget` are left. Meshes are kept whole: their size is theirs to say. */
function withinBudget(scan: Scan, budget: number): Scan {
  if (scan.kind === 'mesh' || scan.points.count <= budget) return scan
  const { points } = scan
  const count = Math.max(1, Math.floor(budget))
  const stride = points.count / count
  const pick = <T extends Float32Array | Uint8Array>(from: T, into: T): T => {
    for (let i = 0; i < count; i++) {
      const at = Math.floor(i * stride) * 3
      into[i * 3] = from[at]!
      into[i * 3 + 1] = from[at + 1]!
      into[i * 3 + 2] = from[at + 2]!
    }
    return into
  }
  const thin: PointCloud = {
    count,
    positions: pick(points.positions, new Float32Array(count * 3)),
    ...(points.normals ? { normals: pick(points.normals, new Float32Array(count * 3)) } : {}),
    ...(points.colors ? { colors: pick(points.colors, new Uint8Array(count * 3)) } : {}),
    ...(points.origin ? { origin: points.origin } : {}),
  }
  return { kind: scan.kind, points: thin }
}

/** Which of so many samples are kept; all where they are few enough. */
function keptOf(count: number): number[] {
  const most = Math.min(count, MOST_POSES)
  return Array.from({ length: most }, (_, i) => (most > 1 ? Math.floor((i * (count - 1)) / (most - 1)) : i))
}

function thinnedJoints(frames: JointFrames): JointFrames {
  if (frames.count <= MOST_POSES) return frames
  const kept = keptOf(frames.count)
  const width = 3 * frames.jointCount
  const positions = new Float32Array(width * kept.length)
  kept.forEach((from, to) => positions.set(frames.positions.subarray(from * width, (from + 1) * width), to * width))
  const timesNanoseconds = BigInt64Array.from(kept, (i) => frames.timesNanoseconds[i]!)
  return { ...frames, count: kept.length, timesNanoseconds, positions }
}

function thinned(path: PosePath): PosePath {
  if (path.count <= MOST_POSES) return path
  const indices = keptOf(path.count)
  return {
    count: indices.length,
    timesNanoseconds: BigInt64Array.from(indices, (i) => path.timesNanoseconds[i]!),
    positions: Float64Array.from(indices.flatMap((i) => [...path.positions.subarray(i * 3, i * 3 + 3)])),
    rotations: Float64Array.from(indices.flatMap((i) => [...path.rotations.subarray(i * 4, i * 4 + 4)])),
  }
}

interface Curve {
  readonly seconds: Float64Array
  readonly values: Float64Array
}

/** How fast the device turns, rad/s; where there is no gyroscope, how strongly it is shaken, m/s^2 beyond gravity. */
function turning(imu: ImuSamples): Curve {
  const vectors = imu.rotationRates ?? imu.accelerations ?? new Float64Array(imu.count * 3)
  const rest = imu.rotationRates ? 0 : 9.81
  const seconds = Float64Array.from(imu.timesNanoseconds, (ns) => Number(ns) / 1e9)
  const values = Float64Array.from({ length: imu.count }, (_, i) =>
    Math.abs(Math.hypot(vectors[i * 3]!, vectors[i * 3 + 1]!, vectors[i * 3 + 2]!) - rest),
  )
  return { seconds, values }
}

/** How fast the device moves, m/s. */
function moving(path: PosePath): Curve {
  const seconds = Float64Array.from(path.timesNanoseconds, (ns) => Number(ns) / 1e9)
  const values = Float64Array.from({ length: path.count }, (_, i) => {
    const j = Math.max(1, i)
    const [a, b] = [(j - 1) * 3, j * 3]
    const p = path.positions
    const distance = path.count > 1 ? Math.hypot(p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!) : 0
    const span = path.count > 1 ? seconds[j]! - seconds[j - 1]! : 1
    return span > 0 ? distance / span : 0
  })
  return { seconds, values }
}

/** JSON `{startSeconds, stepSeconds, values}`: the largest value in each of equal steps, scaled to 0..1. */
function encodeMotion({ seconds, values }: Curve): Uint8Array {
  const start = seconds[0] ?? 0
  const span = Math.max(1e-9, (seconds.at(-1) ?? start) - start)
  const count = Math.min(MOTION_POINTS, Math.max(1, values.length))
  const bins = new Float64Array(count)
  values.forEach((value, i) => {
    const bin = Math.min(count - 1, Math.floor(((seconds[i]! - start) / span) * count))
    bins[bin] = Math.max(bins[bin]!, value)
  })
  const most = bins.reduce((a, b) => Math.max(a, b), 1e-12)
  const body = {
    startSeconds: start,
    stepSeconds: span / count,
    values: [...bins].map((value) => Math.round((value / most) * 1000) / 1000),
  }
  return new TextEncoder().encode(JSON.stringify(body))
}
