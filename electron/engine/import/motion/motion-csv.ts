/**
 * Trajectories and inertial logs as tables of text: TUM RGB-D (`timestamp tx ty tz qx qy qz qw`), EuRoC MAV
 * (`imu0/data.csv`, `state_groundtruth_estimate0/data.csv`), ARKitScenes `.traj`, and any table with a heading that
 * names time and axes. Axes stay those of the file: there is no common convention.
 */
import type { ImuSamples, PosePath } from '../../../../shared/geometry/data.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { quaternionFromRotation, rotationFromVector, transposeRotation } from '../../../../shared/geometry/rotation.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource, StreamDescription } from '../importer.ts'
import { uprightPosition, uprightRotation } from '../reconstructions/camera-poses.ts'
import { CounterTurns } from './counter-turns.ts'
import { motionColumns, type MotionColumns } from './motion-columns.ts'
import { gravityWarnings } from './motion-units.ts'
import { turnedBy } from './roll-pitch-yaw.ts'
import { corruptFile, warning } from '../refusals.ts'
import { requireStream } from '../scans/scan-importer.ts'
import { textTable, type TextTable } from '../reading/text-head.ts'
import { forEachTimedRow } from '../reading/time-table.ts'
import { imuSamples, PoseRows, TimedRows, timing } from '../reading/timed-rows.ts'

interface Motion {
  readonly columns: MotionColumns
  readonly poses: PosePath | undefined
  /** One, or one for each sensor where they come at times of their own, turning first. */
  readonly inertia: readonly ImuSamples[]
  readonly warnings: readonly ImportWarning[]
}

const NO_TURN = [0, 0, 0, 1] as const
const isUnturned = ({ position, rotation, angles, inverseRotationVector }: MotionColumns): boolean =>
  position !== undefined && !rotation && !angles && !inverseRotationVector

function tableOf(source: ImportSource): { table: TextTable; columns: MotionColumns } | undefined {
  const table = textTable(source, 4)
  const columns = table && motionColumns(table, source)
  return table && columns ? { table, columns } : undefined
}

/** `world_from_camera` with -Z forward of ARKitScenes' `camera_from_world` with +Z forward. */
function inverted(
  rotationVector: readonly number[],
  translation: readonly number[],
): { position: number[]; rotation: number[] } {
  const worldFromCamera = transposeRotation(rotationFromVector(rotationVector[0], rotationVector[1], rotationVector[2]))
  const [tx, ty, tz] = translation
  const position = [0, 1, 2].map(
    (row) => -(worldFromCamera[row] * tx + worldFromCamera[3 + row] * ty + worldFromCamera[6 + row] * tz),
  )
  const [x, y, z, w] = quaternionFromRotation(worldFromCamera)
  return { position, rotation: [w, z, -y, -x] }
}

/** x, y, z, w; of a path that tells no turning none. */
function turnIn(row: Float64Array, { rotation, angles }: MotionColumns): readonly number[] {
  if (!angles) return rotation ? pick(row, rotation) : NO_TURN
  const [roll, pitch, yaw] = pick(row, angles.columns, angles.radians)
  return turnedBy(roll!, pitch!, yaw!)
}

function pick(row: Float64Array, columns: readonly number[] | undefined, scale = 1): number[] {
  return (columns ?? []).map((column) => row[column] * scale)
}

async function readMotion(source: ImportSource, context: ImportContext): Promise<Motion> {
  const found = tableOf(source)
  if (!found) throw corruptFile(source.path, say('capture.noRows'))
  const { table, columns } = found
  const { position, rotation, inverseRotationVector, acceleration, rotationRate } = columns
  const poses = new PoseRows(source.path)
  const inertia = new TimedRows(source.path, 6)
  const turning = columns.isApart ? new TimedRows(source.path, 6) : undefined
  const hasPoses = position !== undefined
  const hasInertia = acceleration !== undefined || rotationRate !== undefined
  const used = [
    columns.time,
    ...(position ?? []),
    ...(rotation ?? columns.angles?.columns ?? []),
    ...(acceleration ?? []),
    ...(rotationRate ?? []),
  ]
  const { timeUnit, nanoseconds, secondsPerCount } = columns
  const layout = {
    table,
    timeColumn: columns.time,
    timeUnit,
    ...(nanoseconds !== undefined && { nanosecondColumn: nanoseconds }),
    ...(secondsPerCount && { secondsPerCount }),
    minimumColumns: 1 + Math.max(...used, nanoseconds ?? 0),
  }
  const counter = new CounterTurns(columns.timeUnit)
  const bad = await forEachTimedRow(source.path, layout, context.signal, (written, row) => {
    const time = counter.continued(written)
    if (hasPoses) {
      const turn = turnIn(row, columns)
      if (inverseRotationVector) {
        const pose = inverted(pick(row, inverseRotationVector), pick(row, position))
        poses.add(time, pose.position, pose.rotation)
      } else if (columns.isUpZ) {
        poses.add(time, uprightPosition(pick(row, position)), uprightRotation(turn))
      } else poses.add(time, pick(row, position, columns.positionScale), turn)
    }
    if (!hasInertia) return
    const force = acceleration ? pick(row, acceleration, columns.accelerationScale) : [0, 0, 0]
    const rate = rotationRate ? pick(row, rotationRate, columns.rotationRateScale) : [0, 0, 0]
    const isSound = (values: readonly number[]) => values.every((value) => Math.abs(value) < 1e6)
    if (turning) {
      if (isSound(force)) inertia.add(time, [...force, 0, 0, 0])
      if (isSound(rate)) turning.add(time, [0, 0, 0, ...rate])
      if (!isSound(force) && !isSound(rate)) inertia.badCount++
      return
    }
    const values = [...force, ...rate]
    if (isSound(values)) inertia.add(time, values)
    else inertia.badCount++
  })
  if (hasPoses) poses.rows.badCount += bad
  else inertia.badCount += bad
  const motion = concludeMotion(
    source,
    columns,
    hasPoses ? poses : undefined,
    hasInertia ? inertia : undefined,
    turning,
  )
  if (counter.turns === 0) return motion
  const message = timeUnit === 'day' ? say('import.midnight') : say('import.counterWrapped', { unit: timeUnit })
  return { ...motion, warnings: [...motion.warnings, warning('clock_wrapped', message)] }
}

function concludeMotion(
  source: ImportSource,
  columns: MotionColumns,
  poses: PoseRows | undefined,
  inertia: TimedRows | undefined,
  turning: TimedRows | undefined,
): Motion {
  const all = [poses?.rows, inertia, turning].filter((rows) => rows !== undefined)
  const good = all.reduce((sum, rows) => sum + rows.count, 0)
  const bad = all.reduce((sum, rows) => sum + rows.badCount, 0)
  if (good + bad === 0) throw corruptFile(source.path, say('capture.rowsTimeless'))
  if (good === 0 || bad > good) throw corruptFile(source.path, say('capture.rowsUnusable', { bad, total: good + bad }))
  const path = poses?.finish()
  const has = { accelerations: columns.acceleration !== undefined, rotationRates: columns.rotationRate !== undefined }
  const sensors = turning
    ? [
        imuSamples(turning, { accelerations: false, rotationRates: true }),
        ...(inertia ? [imuSamples(inertia, { accelerations: true, rotationRates: false })] : []),
      ]
    : inertia
      ? [imuSamples(inertia, has)]
      : []
  const told = sensors.flatMap(({ samples, warnings }) => [...warnings, ...gravityWarnings(samples)])
  return {
    columns,
    poses: path?.path,
    inertia: sensors.map(({ samples }) => samples).filter(({ count }) => count > 0),
    warnings: [
      ...columns.warnings,
      ...(isUnturned(columns) ? [warning('rotation_unknown', say('import.pathUnturned'))] : []),
      ...(path?.warnings ?? []),
      ...told,
    ],
  }
}

function describeMotion({ columns, poses, inertia, warnings }: Motion): ImportedAsset {
  const streams: StreamDescription[] = []
  if (poses && poses.count > 0) {
    streams.push({
      clock: 0,
      sensor: 'pose',
      sampleCount: poses.count,
      ...timing(poses.timesNanoseconds),
      ...(isUnturned(columns) && { rotationUnknown: true as const }),
    })
  }
  for (const { count, timesNanoseconds } of inertia)
    streams.push({ clock: 0, sensor: 'imu', sampleCount: count, ...timing(timesNanoseconds) })
  const start = Math.min(...streams.map(({ startSeconds }) => startSeconds))
  // From the start, as seconds since 1970 leave float64 no room for the last digits.
  const ends = streams.map(({ startSeconds, durationSeconds }) => startSeconds - start + (durationSeconds ?? 0))
  return {
    format: columns.layout === 'csv' ? 'motion-csv' : columns.layout,
    kind: 'data',
    durationSeconds: Math.max(...ends),
    clocks: [
      {
        title: columns.isUtc
          ? 'Seconds since 1970'
          : columns.timeUnit === 'day'
            ? 'Seconds since midnight'
            : 'The recorder’s own seconds',
        source: columns.isUtc ? 'utc' : 'device',
        epochUtcNanoseconds: columns.isUtc ? '0' : null,
        timecode: null,
      },
    ],
    streams,
    warnings,
    metadata: {
      axes: columns.isUpZ ? 'turned from +Z up to +Y up' : 'as in the file',
      layout: columns.layout,
      timeUnit: columns.timeUnit,
      ...(columns.orientation !== undefined && { orientation: columns.orientation }),
    },
  }
}

export const motionCsvImporter: Importer = {
  id: 'motion-csv',
  title: say('readable.motionCsv'),
  extensions: ['csv', 'tsv', 'txt', 'tum', 'traj', 'gcsv'],
  supports(source) {
    const plausible = ['csv', 'tsv', 'txt', 'tum', 'traj', 'gcsv', 'log', 'dat', ''].includes(source.extension)
    return plausible && tableOf(source) ? 0.75 : 0
  },
  read: async (source, context) => describeMotion(await readMotion(source, context)),
  async loadPoses(source, streamIndex, context) {
    requireStream(source, streamIndex, 1)
    const { poses } = await readMotion(source, context)
    if (!poses) throw new AsterismError('bad_input', say('capture.noPoses'), { path: source.path })
    return poses
  },
  async loadImu(source, streamIndex, context) {
    const { poses, inertia } = await readMotion(source, context)
    const first = poses && poses.count > 0 ? 1 : 0
    requireStream(source, streamIndex, first + inertia.length)
    const imu = inertia[streamIndex - first]
    if (!imu) throw new AsterismError('bad_input', say('capture.noInertia'), { path: source.path })
    return imu
  },
}
