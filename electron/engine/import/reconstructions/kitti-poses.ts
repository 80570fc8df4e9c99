/**
 * Poses of KITTI odometry (cvlibs.net/datasets/kitti, devkit readme): twelve numbers a line, `world_from_camera` row by row;
 * camera and world have +X right, +Y down, +Z forward. Times, one a line in seconds, stand in `times.txt` beside it.
 */
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PosePath } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { NO_TIMES, ORDER_CLOCK, poseOfRows, turnedToLookAlongMinusZ } from './camera-poses.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { corruptFile } from '../refusals.ts'
import { requireStream } from '../scans/scan-importer.ts'
import { textTable } from '../reading/text-head.ts'
import { asciiText, forEachLine, NumberRow } from '../reading/text-lines.ts'
import { exactNanoseconds } from '../reading/time-table.ts'
import { PoseRows, timing } from '../reading/timed-rows.ts'

const COLUMNS = 12

function rowsOf(values: ArrayLike<number>): number[][] {
  return [0, 4, 8].map((start) => [0, 1, 2, 3].map((column) => values[start + column]))
}

/** Times beside the file, where there are as many as poses. */
async function timesBeside(source: ImportSource, count: number, signal: AbortSignal): Promise<bigint[] | undefined> {
  const path = join(dirname(source.path), 'times.txt')
  const exists = await open(path).then(
    async (file) => file.close().then(() => true),
    () => false,
  )
  if (!exists || path === source.path) return undefined
  const times: bigint[] = []
  await forEachLine(path, {}, signal, (bytes, from, to) => {
    const time = exactNanoseconds(asciiText(bytes, from, to).trim(), 'seconds')
    if (time !== undefined) times.push(time)
    return times.length <= count
  })
  return times.length === count ? times : undefined
}

async function readPath(
  source: ImportSource,
  { signal }: ImportContext,
): Promise<{ path: PosePath; timed: boolean; warnings: ImportWarning[] }> {
  const row = new NumberRow(COLUMNS)
  const found: (ReturnType<typeof poseOfRows> | undefined)[] = []
  await forEachLine(source.path, {}, signal, (bytes, from, to) => {
    row.parse(bytes, from, to)
    if (row.count === 0) return
    found.push(row.count === COLUMNS && row.textCount === 0 ? poseOfRows(rowsOf(row.values)) : undefined)
  })
  const times = await timesBeside(source, found.length, signal)
  const poses = new PoseRows(source.path)
  found.forEach((pose, index) => {
    if (!pose) {
      poses.rows.badCount++
      return
    }
    const [x, y, z] = pose.position
    // The world is turned like the camera, by half a turn about X.
    const [qx, qy, qz, qw] = turnedToLookAlongMinusZ(pose.rotation)
    poses.add(times?.[index] ?? BigInt(index), [x, -y, -z], [qw, -qz, qy, -qx])
  })
  const { path, warnings } = poses.finish()
  if (path.count === 0 || poses.rows.badCount > path.count)
    throw corruptFile(source.path, say('capture.linesNotRigid', { bad: poses.rows.badCount, total: found.length }))
  return { path, timed: times !== undefined, warnings: times ? warnings : [...warnings, NO_TIMES] }
}

function supports(source: ImportSource): number {
  if (source.isDirectory) return 0
  const table = textTable(source, COLUMNS)
  if (!table || table.separator !== 'blank' || table.columnCount !== COLUMNS || table.names.length > 0) return 0
  return table.rows.every((row) => poseOfRows(rowsOf(row)) !== undefined) ? 0.85 : 0
}

export const kittiImporter: Importer = {
  id: 'kitti-poses',
  title: say('readable.kittiPoses'),
  extensions: ['txt'],
  supports,
  async read(source, context) {
    const { path, timed, warnings } = await readPath(source, context)
    const span = timed ? timing(path.timesNanoseconds) : { startSeconds: 0, durationSeconds: null }
    return {
      format: 'kitti-poses',
      kind: 'data',
      durationSeconds: span.durationSeconds,
      clocks: [timed ? { ...ORDER_CLOCK, title: 'Seconds of times.txt', source: 'device' } : ORDER_CLOCK],
      streams: [{ clock: 0, sensor: 'pose', sampleCount: path.count, ...span }],
      warnings,
      metadata: { axes: 'turned from +Y down, +Z forward to +Y up, -Z forward' },
    }
  },
  async loadPoses(source, streamIndex, context) {
    requireStream(source, streamIndex, 1)
    return (await readPath(source, context)).path
  },
}
