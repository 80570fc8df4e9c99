/**
 * Recordings of a Quest by QuestRealityCapture and OpenQuestCapture (their READMEs): `hmd_poses.csv`, and depth of the left
 * eye as `left_depth/MILLISECONDS.raw` (float32 as the graphics card stores it, bottom row first) with poses and field of
 * view in `left_depth_descriptors.csv`. Unity's axes are left-handed (+Z forward): Z is turned round here.
 */
import { AsterismError } from '../../../../shared/errors.ts'
import type { DepthFrame } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readWhole } from '../reading/byte-stream.ts'
import { entryPath, folderOf } from './folder-parts.ts'
import { folderImporter, type FolderCapture } from './folder-capture.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import { UTC_CLOCK } from '../near-clock.ts'
import { forEachRowOf, headingOf } from '../reading/named-table.ts'
import { corruptFile, warning } from '../refusals.ts'
import type { DepthSequence } from '../stream-set.ts'
import { PoseRows } from '../reading/timed-rows.ts'

const MAX_SIDE = 4096
const POSE_COLUMNS = ['unix_time', 'pos_x', 'pos_y', 'pos_z', 'rot_x', 'rot_y', 'rot_z', 'rot_w']
const DEPTH_COLUMNS = [
  'timestamp_ms',
  'create_pose_location_x',
  'create_pose_location_y',
  'create_pose_location_z',
  'create_pose_rotation_x',
  'create_pose_rotation_y',
  'create_pose_rotation_z',
  'create_pose_rotation_w',
  'fov_left_angle_tangent',
  'fov_right_angle_tangent',
  'fov_top_angle_tangent',
  'fov_down_angle_tangent',
  'near_z',
  'far_z',
  'width',
  'height',
]

const positionOf = (x: number, y: number, z: number): [number, number, number] => [x, y, -z]
const rotationOf = (x: number, y: number, z: number, w: number): [number, number, number, number] => [-x, -y, z, w]

async function columnsOf(path: string, names: readonly string[], signal: AbortSignal): Promise<number[]> {
  const heading = await headingOf(path, ',', signal)
  const columns = names.map((name) => heading.indexOf(name))
  const missing = names.filter((_, index) => columns[index] < 0)
  if (missing.length > 0) throw corruptFile(path, say('capture.headingLacks', { columns: missing.join(', ') }))
  return columns
}

interface DepthDescriptor {
  readonly timeNanoseconds: bigint
  readonly entry: string
  readonly values: readonly number[]
}

/** Metres along the view axis of a value of the depth buffer. */
function linearDepth(near: number, far: number): (value: number) => number {
  const endless = !Number.isFinite(far) || far < near
  const [a, b] = endless ? [-2 * near, -1] : [(-2 * far * near) / (far - near), -(far + near) / (far - near)]
  return (value) => {
    const metres = a / (2 * value - 1 + b)
    return value < 1 && metres > 0 && metres < 1000 ? metres : 0
  }
}

async function loadDepth(
  source: ImportSource,
  { timeNanoseconds, entry, values }: DepthDescriptor,
  { signal }: ImportContext,
): Promise<DepthFrame> {
  const [, x, y, z, qx, qy, qz, qw, left, right, top, down, near, far, width, height] = values
  const path = entryPath(source, entry)
  const bytes = await readWhole(path, 4 * MAX_SIDE * MAX_SIDE, signal)
  if (bytes.length !== 4 * width * height)
    throw corruptFile(path, say('capture.otherLength', { bytes: bytes.length, wanted: 4 * width * height }))
  const view = new DataView(bytes.buffer)
  const toMetres = linearDepth(near, far)
  const depthMetres = new Float32Array(width * height)
  for (let row = 0; row < height; row++) {
    const from = (height - 1 - row) * width
    for (let column = 0; column < width; column++)
      depthMetres[row * width + column] = toMetres(view.getFloat32(4 * (from + column), true))
  }
  const [across, upright] = [left + right, top + down]
  const intrinsics = {
    width,
    height,
    fx: width / across,
    fy: height / upright,
    cx: (width * left) / across,
    cy: (height * top) / upright,
  }
  const length = Math.hypot(qx, qy, qz, qw)
  const pose = {
    position: positionOf(x, y, z),
    rotation: rotationOf(qx / length, qy / length, qz / length, qw / length),
  }
  return { width, height, depthMetres, intrinsics, timeNanoseconds, pose }
}

async function readDepth(
  source: ImportSource,
  folder: string,
  warnings: ImportWarning[],
  signal: AbortSignal,
): Promise<DepthSequence | undefined> {
  const table = `${folder}left_depth_descriptors.csv`
  if (!source.entries.includes(table)) return undefined
  const path = entryPath(source, table)
  const columns = await columnsOf(path, DEPTH_COLUMNS, signal)
  const entries = new Set(source.entries)
  const frames: DepthDescriptor[] = []
  let unusable = 0
  unusable += await forEachRowOf(
    path,
    { separator: ',', columns, timeUnit: 'milliseconds' },
    signal,
    (time, values) => {
      const entry = `${folder}left_depth/${time / 1_000_000n}.raw`
      const [width, height] = values.slice(14)
      const sizes = [width, height].every((side) => Number.isInteger(side) && side > 0 && side <= MAX_SIDE)
      const lens = values[8] + values[9] > 0 && values[10] + values[11] > 0 && values[12] > 0
      const turn = Math.hypot(...values.slice(4, 8))
      if (sizes && lens && turn > 1e-6 && values.slice(1, 13).every(Number.isFinite) && entries.has(entry))
        frames.push({ timeNanoseconds: time, entry, values })
      else unusable++
    },
  )
  if (unusable > 0) warnings.push(warning('depth_missing', say('import.depthDamaged', { unusable })))
  const ordered = frames.toSorted((a, b) => Number(a.timeNanoseconds - b.timeNanoseconds))
  if (ordered.length === 0) return undefined
  const [width, height] = ordered[0].values.slice(14)
  return {
    times: BigInt64Array.from(ordered, ({ timeNanoseconds }) => timeNanoseconds),
    width,
    height,
    codec: 'depth-buffer',
    load(frameIndex, context) {
      const frame = ordered[frameIndex]
      if (frame) return loadDepth(source, frame, context)
      throw new AsterismError('bad_input', say('capture.noDepthFrame', { frame: frameIndex }), { path: source.path })
    },
  }
}

async function readCapture(source: ImportSource, { signal }: ImportContext): Promise<FolderCapture> {
  const folder = folderOf(source, 'hmd_poses.csv')
  if (folder === undefined) throw corruptFile(source.path, say('capture.several'))
  const warnings: ImportWarning[] = []
  const path = entryPath(source, `${folder}hmd_poses.csv`)
  const columns = await columnsOf(path, POSE_COLUMNS, signal)
  const poses = new PoseRows(source.path)
  const layout = { separator: ',' as const, columns, timeUnit: 'milliseconds' as const }
  poses.rows.badCount += await forEachRowOf(path, layout, signal, (time, [, x, y, z, qx, qy, qz, qw]) => {
    poses.add(time, positionOf(x, y, z), rotationOf(qx, qy, qz, qw))
  })
  const depth = await readDepth(source, folder, warnings, signal)
  const has = (pattern: RegExp) => source.entries.some((entry) => pattern.test(entry))
  if (has(/_camera_raw\/\d+\.yuv$/)) warnings.push(warning('pictures_ignored', say('import.picturesRaw')))
  if (has(/_controller_poses\.csv$/)) warnings.push(warning('controllers_ignored', say('import.controllersUnread')))
  if (has(/right_depth\/\d+\.raw$/)) warnings.push(warning('second_eye_ignored', say('import.rightEyeUnread')))
  const read = poses.finish()
  return {
    clock: UTC_CLOCK,
    poses: read.path,
    ...(depth && { depth }),
    warnings: [...warnings, ...read.warnings],
    metadata: { axes: 'turned from left-handed to right-handed, +Y up' },
  }
}

export const questCaptureImporter = folderImporter({
  id: 'quest-capture',
  title: say('readable.questCapture'),
  extensions: [],
  isOneFolder: true,
  supports: (source) => (source.isDirectory && folderOf(source, 'hmd_poses.csv') !== undefined ? 0.95 : 0),
  readCapture,
})
