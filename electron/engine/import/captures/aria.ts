/**
 * What Project Aria's machine perception services make of a recording: trajectory, semi-dense points, gaze and hands, as
 * a folder of them or one file by itself (layouts as github.com/facebookresearch/projectaria_tools core/mps reads them).
 * World +Z up, turned to +Y up. Times are microseconds of the device.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import type { PosePath } from '../../../../shared/geometry/data.ts'
import { poseAt } from '../../../../shared/geometry/pose-at.ts'
import {
  rotationFromQuaternion,
  quaternionFromRotation,
  multiplyRotations,
} from '../../../../shared/geometry/rotation.ts'
import { readAriaPoints, tableStart } from './aria-points.ts'
import { turnTowards, uprightPosition, uprightRotation } from '../reconstructions/camera-poses.ts'
import { entryPath } from './folder-parts.ts'
import type { ClockDescription, ImportContext, ImportSource } from '../importer.ts'
import { forEachRowOf, headingOf } from '../reading/named-table.ts'
import { PointCollector } from '../scans/point-sink.ts'
import { corruptFile, warning } from '../refusals.ts'
import {
  imuStream,
  poseStream,
  streamSetImporter,
  withJoints,
  type LoadedStream,
  type StreamSet,
} from '../stream-set.ts'
import { imuSamples, JointRows, PoseRows, TimedRows } from '../reading/timed-rows.ts'
import { say } from '../../../../shared/sayings/saying.ts'

type Part = 'trajectory' | 'points' | 'gaze' | 'hands'

/** The better file of each kind first. */
const FILES: readonly (readonly [Part, string])[] = [
  ['trajectory', 'closed_loop_trajectory.csv'],
  ['trajectory', 'open_loop_trajectory.csv'],
  ['points', 'semidense_points.csv.gz'],
  ['points', 'semidense_points.csv'],
  ['points', 'global_points.csv.gz'],
  ['gaze', 'personalized_eye_gaze.csv'],
  ['gaze', 'general_eye_gaze.csv'],
  ['gaze', 'calibrated_eye_gaze.csv'],
  ['gaze', 'generalized_eye_gaze.csv'],
  ['hands', 'hand_tracking_results.csv'],
  ['hands', 'wrist_and_palm_poses.csv'],
]

/** The kinds of files that are read outside their folder too; for trajectories the reader of pose tables does that. */
function partOfFile(source: ImportSource): Part | undefined {
  const [heading = ''] = tableStart(source.head).split('\n')
  if (heading.startsWith('uid,') && heading.includes('px_world')) return 'points'
  if (!heading.startsWith('tracking_timestamp_us')) return undefined
  if (heading.includes('pitch_rads_cpf')) return 'gaze'
  return /left_(wrist|device_wrist)/.test(heading) ? 'hands' : undefined
}

/** Paths of the parts. A folder with several recordings has none. */
function partsOf(source: ImportSource): ReadonlyMap<Part, string> {
  const parts = new Map<Part, string>()
  if (!source.isDirectory) {
    const part = partOfFile(source)
    return part ? parts.set(part, source.path) : parts
  }
  for (const [part, name] of FILES) {
    const found = source.entries.filter((entry) => entry === name || entry.endsWith(`/${name}`))
    if (found.length > 1) return new Map()
    if (found[0] !== undefined && !parts.has(part)) parts.set(part, entryPath(source, found[0]))
  }
  return parts
}

interface Table {
  /** Columns of names, or undefined where one is missing. */
  columns(names: readonly string[]): number[] | undefined
  /** @returns How many rows were damaged. */
  rows(columns: readonly number[], visit: (time: bigint, values: readonly number[]) => void): Promise<number>
}

async function tableAt(path: string, signal: AbortSignal): Promise<Table> {
  const names = await headingOf(path, ',', signal)
  const time = names.indexOf('tracking_timestamp_us')
  if (time < 0) throw corruptFile(path, say('capture.lacksColumn', { column: 'tracking_timestamp_us' }))
  return {
    columns(wanted) {
      const found = wanted.map((name) => names.indexOf(name))
      return found.every((column) => column >= 0) ? found : undefined
    },
    rows: (columns, visit) =>
      forEachRowOf(path, { separator: ',', columns: [time, ...columns], timeUnit: 'microseconds' }, signal, (at, row) =>
        visit(at, row.slice(1)),
      ),
  }
}

const IDENTITY3 = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const
const suffixed = (prefixes: string, suffix: string) => [...prefixes].map((axis) => `t${axis}_${suffix}`)
const rotationNames = (suffix: string) => [...'xyzw'].map((axis) => `q${axis}_${suffix}`)

interface Trajectory {
  readonly path: PosePath
  readonly streams: readonly (LoadedStream | undefined)[]
  readonly warnings: readonly ImportWarning[]
  /** UTC of the device's zero, nanoseconds. */
  readonly epoch: bigint | undefined
}

async function readTrajectory(path: string, signal: AbortSignal): Promise<Trajectory> {
  const table = await tableAt(path, signal)
  const frame = table.columns(['tx_world_device']) ? 'world_device' : 'odometry_device'
  const pose = table.columns([...suffixed('xyz', frame), ...rotationNames(frame)])
  if (!pose) throw corruptFile(path, say('capture.noTrajectory'))
  const rate = table.columns([...'xyz'].map((axis) => `angular_velocity_${axis}_device`)) ?? []
  const utc = table.columns(['utc_timestamp_ns']) ?? []
  const poses = new PoseRows(path)
  const turning = new TimedRows(path, 6)
  let epoch: bigint | undefined
  poses.rows.badCount += await table.rows([...pose, ...rate, ...utc], (time, row) => {
    poses.add(time, uprightPosition(row.slice(0, 3)), uprightRotation(row.slice(3, 7)))
    const rates = rate.length > 0 ? row.slice(7, 10) : []
    if (rates.length === 3 && rates.every((value) => Math.abs(value) < 1e4)) turning.add(time, [0, 0, 0, ...rates])
    // Written as whole nanoseconds; float64 keeps them to a quarter of a microsecond.
    const stamp = utc.length > 0 ? (row.at(-1) ?? -1) : -1
    if (epoch === undefined && stamp > 1e18 && stamp < 4e18) epoch = BigInt(Math.round(stamp)) - time
  })
  const { path: found, warnings } = poses.finish()
  const imu = imuSamples(turning, { accelerations: false, rotationRates: true })
  return { path: found, warnings, epoch, streams: [poseStream('device', found), imuStream('device', imu.samples)] }
}

const LANDMARKS = 21
/** Of HandLandmark (projectaria_tools core/mps): the tips of five fingers, wrist, two joints of the thumb, three of each other. */
const WRIST = 5
const BONES: readonly (readonly [number, number])[] = [
  [WRIST, 6],
  [6, 7],
  [7, 0],
  ...[1, 2, 3, 4].flatMap((tip) => {
    const root = 8 + 3 * (tip - 1)
    return [WRIST, root, root + 1, root + 2].map((from, n) => [from, [root, root + 1, root + 2, tip][n]] as const)
  }),
  [WRIST, 20],
] as const

async function readHands(
  path: string,
  trajectory: PosePath | undefined,
  signal: AbortSignal,
  warnings: ImportWarning[],
): Promise<(LoadedStream | undefined)[]> {
  const table = await tableAt(path, signal)
  const streams: (LoadedStream | undefined)[] = []
  for (const side of ['left', 'right'] as const) {
    const confidence = table.columns([`${side}_tracking_confidence`])
    const wrist = table.columns([...suffixed('xyz', `${side}_device_wrist`), ...rotationNames(`${side}_device_wrist`)])
    const place = wrist ?? table.columns(suffixed('xyz', `${side}_wrist_device`))
    if (!confidence || !place) continue
    const landmarks =
      table.columns(
        Array.from({ length: LANDMARKS }, (_, n) => suffixed('xyz', `${side}_landmark_${n}_device`)).flat(),
      ) ?? []
    const poses = new PoseRows(path)
    const joints = new JointRows(path, LANDMARKS)
    const columns = [...confidence, ...place, ...landmarks]
    poses.rows.badCount += await table.rows(columns, (time, [sure, ...row]) => {
      // A hand that is not seen has a confidence of -1.
      if (!(sure > 0)) return
      const world = trajectory ? poseAt(trajectory, time) : { position: [0, 0, 0], rotation: IDENTITY3 }
      if (!world) return
      const r = world.rotation
      const inWorld = (at: number): number[] => {
        const [x, y, z] = row.slice(at, at + 3)
        return [0, 1, 2].map((axis) => world.position[axis] + r[axis] * x + r[3 + axis] * y + r[6 + axis] * z)
      }
      const own = wrist ? rotationFromQuaternion(row.slice(3, 7)) : IDENTITY3
      poses.add(time, inWorld(0), quaternionFromRotation(multiplyRotations(r, own)))
      if (landmarks.length > 0)
        joints.add(time, Array.from({ length: LANDMARKS }, (_, n) => inWorld(place.length + 3 * n)).flat())
    })
    const { path: found, warnings: told } = poses.finish()
    warnings.push(...told)
    const stream = poseStream(`${side} wrist`, found, 'hands')
    streams.push(landmarks.length > 0 ? withJoints(stream, LANDMARKS, () => joints.finish(BONES)) : stream)
    if (!wrist && side === 'left') warnings.push(warning('rotation_unknown', say('import.wrists')))
  }
  if (!trajectory) warnings.push(warning('frame_of_device', say('import.handsOfDevice')))
  return streams
}

/** Gaze as the look of a camera at the wearer's eyes: origin between them, along -Z. The file's frame has X left, Z ahead. */
async function readGaze(
  path: string,
  signal: AbortSignal,
  warnings: ImportWarning[],
): Promise<LoadedStream | undefined> {
  const table = await tableAt(path, signal)
  const pitch = table.columns(['pitch_rads_cpf'])
  const combined = table.columns(['yaw_rads_cpf'])
  const yaw = combined ?? table.columns(['left_yaw_rads_cpf', 'right_yaw_rads_cpf'])
  if (!pitch || !yaw) throw corruptFile(path, say('capture.noGaze'))
  const poses = new PoseRows(path)
  poses.rows.badCount += await table.rows([...pitch, ...yaw], (time, [up, ...sides]) => {
    // Seen from between the eyes, the tangents of both are averaged.
    const x = -sides.reduce((sum, angle) => sum + Math.tan(angle), 0) / sides.length
    const y = Math.tan(up)
    if (!Number.isFinite(x + y) || Math.hypot(x, y) > 100) poses.rows.badCount++
    else poses.add(time, [0, 0, 0], turnTowards([x, y, -1]))
  })
  const { path: found, warnings: told } = poses.finish()
  warnings.push(...told, warning('frame_of_eyes', say('import.gazeOfEyes')))
  return poseStream('gaze', found, 'gaze')
}

async function readPoints(
  path: string,
  context: ImportContext,
  warnings: ImportWarning[],
): Promise<LoadedStream | undefined> {
  const collector = new PointCollector(path, false)
  const { unsure, broken } = await readAriaPoints(path, collector, context.signal)
  warnings.push(...collector.conclude())
  if (unsure > 0) warnings.push(warning('points_unsure', say('import.pointsUnsure', { points: unsure })))
  if (broken > 0) warnings.push(warning('samples_dropped', say('import.pointRows', { rows: broken })))
  if (collector.count === 0) return undefined
  const { count: pointCount, bounds } = collector
  return {
    description: {
      sensor: 'points',
      startSeconds: 0,
      durationSeconds: null,
      pointCount,
      hasColor: false,
      boundsMetres: bounds,
    },
    async scan({ signal }) {
      const kept = new PointCollector(path, true)
      await readAriaPoints(path, kept, signal)
      kept.conclude()
      return { kind: 'points', points: kept.cloud() }
    },
  }
}

async function readSet(source: ImportSource, context: ImportContext): Promise<StreamSet> {
  const { signal } = context
  const parts = partsOf(source)
  const warnings: ImportWarning[] = []
  const at = (part: Part) => parts.get(part)
  const [trajectoryPath, points, hands, gaze] = [at('trajectory'), at('points'), at('hands'), at('gaze')]
  const trajectory = trajectoryPath === undefined ? undefined : await readTrajectory(trajectoryPath, signal)
  warnings.push(...(trajectory?.warnings ?? []))
  const streams = [
    ...(trajectory?.streams ?? []),
    ...(hands === undefined ? [] : await readHands(hands, trajectory?.path, signal, warnings)),
    gaze === undefined ? undefined : await readGaze(gaze, signal, warnings),
    points === undefined ? undefined : await readPoints(points, context, warnings),
  ]
  const clock: ClockDescription = {
    title: "The glasses' own seconds",
    source: 'device',
    epochUtcNanoseconds: trajectory?.epoch === undefined ? null : String(trajectory.epoch),
    timecode: null,
  }
  return {
    kind: 'capture',
    clock,
    streams: streams.filter((stream) => stream !== undefined),
    warnings,
    metadata: { axes: 'turned from +Z up to +Y up', parts: [...parts.keys()].join(' ') },
  }
}

export const ariaImporter = streamSetImporter({
  id: 'aria-mps',
  title: say('readable.ariaMps'),
  extensions: [],
  supports: (source) => (partsOf(source).size > 0 ? 0.95 : 0),
  readSet,
})
