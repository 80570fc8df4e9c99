/** The three tables of a Stray Scanner capture. Columns are found by name, since versions of the app added some. */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import type { ImuSamples, PosePath } from '../../../../shared/geometry/data.ts'
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readText } from '../reading/byte-stream.ts'
import { STANDARD_GRAVITY } from '../motion/motion-units.ts'
import { corruptFile, warning } from '../refusals.ts'
import { forEachTimedRow } from '../reading/time-table.ts'
import { imuSamples, PoseRows, TimedRows } from '../reading/timed-rows.ts'
import { forEachLine, asciiText } from '../reading/text-lines.ts'

/** In pixels of the colour picture. */
export interface CameraMatrix {
  readonly fx: number
  readonly fy: number
  readonly cx: number
  readonly cy: number
}

export interface StrayOdometry {
  readonly path: PosePath
  readonly timeOfFrame: ReadonlyMap<number, bigint>
  /** Newer versions write the intrinsics of each frame. */
  readonly intrinsicsOfFrame: ReadonlyMap<number, CameraMatrix>
  readonly warnings: readonly ImportWarning[]
}

async function columnsOf(path: string, signal: AbortSignal, fallback: readonly string[]): Promise<readonly string[]> {
  let names: string[] = []
  await forEachLine(path, {}, signal, (bytes, from, to) => {
    if (to === from) return true
    names = asciiText(bytes, from, Math.min(to, from + 1000))
      .replace(/^\u00ef\u00bb\u00bf/, '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
    return false
  })
  return names.some((name) => name === 'timestamp') ? names : fallback
}

function place(path: string, names: readonly string[], wanted: readonly string[]): number[] {
  const found = wanted.map((name) => names.indexOf(name))
  const missing = wanted.filter((_, index) => found[index] < 0)
  if (missing.length > 0) throw corruptFile(path, say('capture.headingLacks', { columns: missing.join(', ') }))
  return found
}

const ODOMETRY = ['timestamp', 'frame', 'x', 'y', 'z', 'qx', 'qy', 'qz', 'qw']

export async function readStrayOdometry(path: string, signal: AbortSignal): Promise<StrayOdometry> {
  const names = await columnsOf(path, signal, ODOMETRY)
  const [time, frame, x, y, z, qx, qy, qz, qw] = place(path, names, ODOMETRY)
  const [fx, fy, cx, cy] = ['fx', 'fy', 'cx', 'cy'].map((name) => names.indexOf(name))
  const poses = new PoseRows(path)
  const timeOfFrame = new Map<number, bigint>()
  const intrinsicsOfFrame = new Map<number, CameraMatrix>()
  const layout = {
    table: { separator: ',' as const, decimalComma: false, columnCount: names.length },
    timeColumn: time,
    timeUnit: 'seconds' as const,
    minimumColumns: 1 + Math.max(time, frame, x, y, z, qx, qy, qz, qw),
  }
  const bad = await forEachTimedRow(path, layout, signal, (timeNanoseconds, row) => {
    // Half a turn about the camera's X: q * (1, 0, 0, 0) turns +Z forward into -Z forward.
    poses.add(timeNanoseconds, [row[x], row[y], row[z]], [row[qw], row[qz], -row[qy], -row[qx]])
    if (!Number.isFinite(row[frame])) return
    timeOfFrame.set(row[frame], timeNanoseconds)
    const matrix = { fx: row[fx], fy: row[fy], cx: row[cx], cy: row[cy] }
    if (isCamera(matrix)) intrinsicsOfFrame.set(row[frame], matrix)
  })
  poses.rows.badCount += bad
  if (poses.rows.count === 0 && poses.rows.badCount > 0) throw corruptFile(path, say('capture.linesPoseless'))
  const { path: posePath, warnings } = poses.finish()
  return { path: posePath, timeOfFrame, intrinsicsOfFrame, warnings }
}

const IMU = ['timestamp', 'a_x', 'a_y', 'a_z', 'alpha_x', 'alpha_y', 'alpha_z']

/**
 * Core Motion gives gravity's pull, not the force against it, in axes of an upright phone; versions of the app write it
 * in g or in m/s^2. Here: specific force in m/s^2 and rad/s in the camera's axes, the same as those of the poses.
 */
export async function readStrayImu(
  path: string,
  signal: AbortSignal,
): Promise<{ samples: ImuSamples; warnings: ImportWarning[] }> {
  const names = await columnsOf(path, signal, IMU)
  const [time, ax, ay, az, gx, gy, gz] = place(path, names, IMU)
  const rows = new TimedRows(path, 6)
  const layout = {
    table: { separator: ',' as const, decimalComma: false, columnCount: names.length },
    timeColumn: time,
    timeUnit: 'seconds' as const,
    minimumColumns: 1 + Math.max(time, ax, ay, az, gx, gy, gz),
  }
  rows.badCount += await forEachTimedRow(path, layout, signal, (timeNanoseconds, row) => {
    const values = [row[ay], -row[ax], -row[az], -row[gy], row[gx], row[gz]]
    if (values.every((value) => Math.abs(value) < 1e6)) rows.add(timeNanoseconds, values)
    else rows.badCount++
  })
  const { samples, warnings } = imuSamples(rows, { accelerations: true, rotationRates: true })
  const lengths = Array.from({ length: Math.min(samples.count, 2000) }, (_, i) => lengthAt(samples, i)).toSorted(
    (a, b) => a - b,
  )
  const median = lengths[lengths.length >> 1] ?? 0
  if (median > 0.5 && median < 2 && samples.accelerations) {
    for (let i = 0; i < samples.accelerations.length; i++) samples.accelerations[i] *= STANDARD_GRAVITY
  } else if (samples.count > 0 && !(median > 6 && median < 14)) {
    const message = say('import.gravityDoubtful', { median: fixedAmount(median, 2) })
    warnings.push(warning('unit_doubtful', message))
  }
  return { samples, warnings }
}

function lengthAt({ accelerations }: ImuSamples, index: number): number {
  if (!accelerations) return 0
  return Math.hypot(accelerations[3 * index], accelerations[3 * index + 1], accelerations[3 * index + 2])
}

function isCamera({ fx, fy, cx, cy }: CameraMatrix): boolean {
  return fx > 1 && fy > 1 && fx < 1e5 && fy < 1e5 && Math.abs(cx) < 1e5 && Math.abs(cy) < 1e5
}

/** Three lines of three numbers; undefined when they are no camera. */
export async function readStrayMatrix(path: string, signal: AbortSignal): Promise<CameraMatrix | undefined> {
  const text = await readText(path, 1 << 16, signal)
  const numbers = text
    .split(/[\s,;]+/)
    .filter((word) => word !== '')
    .map(Number)
  const matrix = { fx: numbers[0], fy: numbers[4], cx: numbers[2], cy: numbers[5] }
  return numbers.length === 9 && isCamera(matrix) ? matrix : undefined
}
