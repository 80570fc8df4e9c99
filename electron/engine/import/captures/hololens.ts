/**
 * Folders of HoloLens 2 StreamRecorder (github.com/microsoft/HoloLens2ForCV): `*_head_hand_eye.csv` (ticks of 100 ns, head
 * 4x4, 26 joints of each hand 4x4 behind a flag, gaze), `*_pv.txt` (the colour camera's path), and depth in
 * `Depth Long Throw` or `Depth AHaT` beside `*_lut.bin`, `*_extrinsics.txt` and `*_rig2world.txt`. Matrices are written
 * row by row; the world has +Y up; the depth camera looks along +Z.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { invertSimilarity, multiply, type Matrix4 } from '../../../../shared/geometry/matrix4.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readText, readWhole } from '../reading/byte-stream.ts'
import { poseOfRows, turnedToLookAlongMinusZ, turnTowards } from '../reconstructions/camera-poses.ts'
import { entryPath } from './folder-parts.ts'
import { pinholeDepth, pinholeOf, readPgm, readRays } from './hololens-depth.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import { UTC_CLOCK } from '../near-clock.ts'
import { forEachRowOf } from '../reading/named-table.ts'
import { corruptFile, warning } from '../refusals.ts'
import { poseStream, streamSetImporter, withJoints, type LoadedStream, type StreamSet } from '../stream-set.ts'
import { JointRows, PoseRows, timing } from '../reading/timed-rows.ts'

const JOINTS = 26
/** Of HandJointKind (Windows.Perception.People): palm, wrist, four joints of the thumb, five of each other finger. */
const BONES = [
  [1, 0],
  ...[2, 6, 11, 16, 21].flatMap((root) =>
    Array.from({ length: root === 2 ? 4 : 5 }, (_, n) => [n === 0 ? 1 : root + n - 1, root + n] as const),
  ),
] as const
const LEFT = 17
const RIGHT = LEFT + 1 + 16 * JOINTS
const GAZE = RIGHT + 1 + 16 * JOINTS
const DEPTH_CAMERAS = ['Depth Long Throw', 'Depth AHaT'] as const
const MAX_PICTURE_BYTES = 64 << 20
/** Ticks from 1601, where Windows begins to count, to 1970. */
const TICKS_TO_1970 = 116_444_736_000_000_000n
const FILE_TIME_FROM = 10n ** 17n

/** Newer recordings count from 1970 already. */
function nanosecondsOf(ticks: bigint): bigint {
  return (ticks >= FILE_TIME_FROM ? ticks - TICKS_TO_1970 : ticks) * 100n
}

function rootOf(source: ImportSource): string | undefined {
  const known = /^(.*?)[^/]*(?:_head_hand_eye\.csv|Depth (?:Long Throw|AHaT)_rig2world\.txt)$/
  const roots = new Set(source.entries.flatMap((entry) => known.exec(entry)?.[1] ?? []))
  const [root] = roots
  return roots.size === 1 ? root : undefined
}

const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)
const rowsOf = (values: readonly number[]) => [0, 4, 8].map((at) => values.slice(at, at + 4))

/** Visits rows that begin with ticks. @returns How many were damaged. */
function forEachTick(
  path: string,
  columns: readonly number[],
  signal: AbortSignal,
  visit: (timeNanoseconds: bigint, values: readonly number[]) => void,
): Promise<number> {
  const layout = { separator: ',' as const, columns: [0, ...columns], timeUnit: 'nanoseconds' as const }
  return forEachRowOf(path, layout, signal, (ticks, [, ...values]) => visit(nanosecondsOf(ticks), values))
}

async function readBody(path: string, signal: AbortSignal, warnings: ImportWarning[]): Promise<LoadedStream[]> {
  const [head, left, right, gaze] = range(0, 4).map(() => new PoseRows(path))
  const add = (poses: PoseRows, time: bigint, matrix: readonly number[]) => {
    const pose = poseOfRows(rowsOf(matrix))
    if (pose) poses.add(time, pose.position, pose.rotation)
    else poses.rows.badCount++
  }
  // Of each hand its flag, its first joint, the palm, and where the others are.
  const columns = [
    ...range(1, 16),
    ...range(LEFT, 17),
    ...range(RIGHT, 17),
    ...range(GAZE, 9),
    ...[LEFT, RIGHT].flatMap((hand) =>
      range(0, JOINTS).flatMap((joint) => [3, 7, 11].map((slot) => hand + 1 + 16 * joint + slot)),
    ),
  ]
  const [leftJoints, rightJoints] = [new JointRows(path, JOINTS), new JointRows(path, JOINTS)]
  const broken = await forEachTick(path, columns, signal, (time, row) => {
    add(head, time, row.slice(0, 16))
    if (row[16] === 1) {
      add(left, time, row.slice(17, 33))
      leftJoints.add(time, row.slice(59, 59 + 3 * JOINTS))
    }
    if (row[33] === 1) {
      add(right, time, row.slice(34, 50))
      rightJoints.add(time, row.slice(59 + 3 * JOINTS))
    }
    const direction = row.slice(55, 58)
    if (row[50] === 1 && Math.hypot(...direction) > 1e-6) gaze.add(time, row.slice(51, 54), turnTowards(direction))
  })
  if (broken > 0) warnings.push(warning('samples_dropped', say('import.rowsOfHead', { broken })))
  const streams = [
    [head, 'head', 'pose', null],
    [left, 'left palm', 'hands', leftJoints],
    [right, 'right palm', 'hands', rightJoints],
    [gaze, 'gaze', 'gaze', null],
  ] as const
  return streams.flatMap(([rows, title, sensor, joints]) => {
    const { path: found, warnings: told } = rows.finish()
    warnings.push(...told)
    const stream = poseStream(title, found, sensor)
    return (joints ? withJoints(stream, JOINTS, () => joints.finish(BONES)) : stream) ?? []
  })
}

async function readCamera(path: string, signal: AbortSignal): Promise<LoadedStream | undefined> {
  const poses = new PoseRows(path)
  await forEachTick(path, range(3, 16), signal, (time, row) => {
    const pose = poseOfRows(rowsOf(row))
    // While the headset does not know where it is, the matrix is of zeros.
    if (pose) poses.add(time, pose.position, pose.rotation)
  })
  return poseStream('colour camera', poses.finish().path)
}

const columnMajor = (rows: readonly number[]): Matrix4 => range(0, 16).map((slot) => rows[4 * (slot % 4) + (slot >> 2)])

async function readDepth(
  source: ImportSource,
  root: string,
  { signal }: ImportContext,
  warnings: ImportWarning[],
): Promise<LoadedStream | undefined> {
  const camera = DEPTH_CAMERAS.find((name) => source.entries.includes(`${root}${name}_rig2world.txt`))
  const parts = ['_lut.bin', '_extrinsics.txt', '_rig2world.txt'].map((suffix) => `${root}${camera}${suffix}`)
  if (!camera || !parts.every((part) => source.entries.includes(part))) return undefined
  const [lut, extrinsics, rig] = parts.map((part) => entryPath(source, part))
  const rigToCamera = (await readText(extrinsics, 1 << 16, signal))
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  if (rigToCamera.length !== 16 || !poseOfRows(rowsOf(rigToCamera)))
    throw corruptFile(extrinsics, say('capture.depthCameraUnplaced'))
  const rigFromCamera = invertSimilarity(columnMajor(rigToCamera))
  const placed = new Map<bigint, NonNullable<ReturnType<typeof poseOfRows>>>()
  await forEachTick(rig, range(1, 16), signal, (time, row) => {
    if (!poseOfRows(rowsOf(row))) return
    const m = multiply(columnMajor(row), rigFromCamera)
    const pose = poseOfRows(range(0, 3).map((line) => [m[line], m[4 + line], m[8 + line], m[12 + line]]))
    if (pose) placed.set(time, { ...pose, rotation: turnedToLookAlongMinusZ(pose.rotation) })
  })
  const folder = `${root}${camera}/`
  const pictures = source.entries.flatMap((entry) => {
    const ticks = entry.startsWith(folder) ? /^(\d{1,19})\.pgm$/.exec(entry.slice(folder.length))?.[1] : undefined
    return ticks === undefined ? [] : [{ entry, time: nanosecondsOf(BigInt(ticks)) }]
  })
  const frames = pictures.filter(({ time }) => placed.has(time)).sort((a, b) => Number(a.time - b.time))
  if (frames.length < pictures.length)
    warnings.push(warning('depth_unplaced', say('import.depthUnplaced', { bad: pictures.length - frames.length })))
  const [first] = frames
  if (!first) {
    if (source.entries.includes(`${root}${camera}.tar`))
      warnings.push(warning('archive_unread', say('import.depthArchived', { camera })))
    return undefined
  }
  const picture = (entry: string) => readWhole(entryPath(source, entry), MAX_PICTURE_BYTES, signal)
  const { width, height } = readPgm(entryPath(source, first.entry), await picture(first.entry))
  const rays = readRays(lut, await readWhole(lut, MAX_PICTURE_BYTES, signal))
  const intrinsics = pinholeOf(rays, width, height)
  if (!intrinsics) throw corruptFile(lut, say('capture.otherRays'))
  const times = BigInt64Array.from(frames, ({ time }) => time)
  const load = async (frameIndex: number, context: ImportContext) => {
    const frame = frames[frameIndex]
    if (!frame) throw corruptFile(source.path, say('capture.noDepthFrame', { frame: frameIndex }))
    const path = entryPath(source, frame.entry)
    const pose = placed.get(frame.time)
    const [x, y, z] = pose?.position ?? [0, 0, 0]
    const [qx, qy, qz, qw] = pose?.rotation ?? [0, 0, 0, 1]
    return pinholeDepth(path, await readWhole(path, MAX_PICTURE_BYTES, context.signal), rays, intrinsics, {
      timeNanoseconds: frame.time,
      pose: { position: [x, y, z], rotation: [qx, qy, qz, qw] },
    })
  }
  return {
    description: {
      sensor: 'depth',
      title: camera,
      codec: 'pgm',
      width,
      height,
      sampleCount: times.length,
      ...timing(times),
    },
    depth: { times, width, height, codec: 'pgm', load },
  }
}

async function readSet(source: ImportSource, context: ImportContext): Promise<StreamSet> {
  const root = rootOf(source) ?? ''
  const warnings: ImportWarning[] = []
  const entry = (suffix: string) =>
    source.entries.find(
      (each) => each.startsWith(root) && !each.slice(root.length).includes('/') && each.endsWith(suffix),
    )
  const [body, camera] = [entry('_head_hand_eye.csv'), entry('_pv.txt')]
  const streams = [
    ...(body === undefined ? [] : await readBody(entryPath(source, body), context.signal, warnings)),
    camera === undefined ? undefined : await readCamera(entryPath(source, camera), context.signal),
    await readDepth(source, root, context, warnings),
  ].filter((stream) => stream !== undefined)
  if (source.entries.some((each) => /\/VLC |\/PV\/|\.bytes$/.test(`/${each}`)))
    warnings.push(warning('pictures_ignored', say('import.picturesUncompressed')))
  return {
    kind: 'capture',
    clock: UTC_CLOCK,
    streams,
    warnings,
    metadata: { axes: '+Y up', depthUnit: 'mm along the ray' },
  }
}

export const hololensImporter = streamSetImporter({
  id: 'hololens',
  title: say('readable.hololens'),
  extensions: [],
  isOneFolder: true,
  supports: (source) => (source.isDirectory && rootOf(source) !== undefined ? 0.95 : 0),
  readSet,
})
