/**
 * Folders of the EuRoC MAV benchmark (Burri et al. 2016, ASL dataset format): `mav0/imu0/data.csv` and the body's path in
 * `mav0/state_groundtruth_estimate0/data.csv`. The body frame is the inertial sensor's; the world has +Z up.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { uprightPosition, uprightRotation } from '../reconstructions/camera-poses.ts'
import { entryPath } from './capture-folder.ts'
import { folderImporter, type FolderCapture } from './folder-capture.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import { forEachRowOf } from '../reading/named-table.ts'
import { warning } from '../refusals.ts'
import { imuSamples, PoseRows, TimedRows } from '../reading/timed-rows.ts'

const IMU = /(^|\/)imu0\/data\.csv$/
const STATE = /(^|\/)state_groundtruth_estimate0\/data\.csv$/
const PICTURES = /(^|\/)cam\d+\/data\.csv$/

async function readCapture(source: ImportSource, { signal }: ImportContext): Promise<FolderCapture> {
  const find = (pattern: RegExp) => source.entries.find((entry) => pattern.test(entry))
  const warnings: ImportWarning[] = []
  const inertia = new TimedRows(source.path, 6)
  const poses = new PoseRows(source.path)
  const [imuEntry, stateEntry] = [find(IMU), find(STATE)]
  if (imuEntry) {
    const layout = { separator: ',' as const, columns: [0, 1, 2, 3, 4, 5, 6], timeUnit: 'nanoseconds' as const }
    inertia.badCount += await forEachRowOf(
      entryPath(source, imuEntry),
      layout,
      signal,
      (time, [, wx, wy, wz, ax, ay, az]) => {
        const row = [ax, ay, az, wx, wy, wz]
        if (row.every((value) => Math.abs(value) < 1e6)) inertia.add(time, row)
        else inertia.badCount++
      },
    )
  }
  if (stateEntry) {
    const layout = { separator: ',' as const, columns: [0, 1, 2, 3, 4, 5, 6, 7], timeUnit: 'nanoseconds' as const }
    poses.rows.badCount += await forEachRowOf(
      entryPath(source, stateEntry),
      layout,
      signal,
      (time, [, x, y, z, qw, qx, qy, qz]) => {
        poses.add(time, uprightPosition([x, y, z]), uprightRotation([qx, qy, qz, qw]))
      },
    )
  } else warnings.push(warning('parts_missing', 'It holds no state_groundtruth_estimate0, and so no path.'))
  if (find(PICTURES))
    warnings.push(warning('pictures_ignored', 'Its pictures are single files and were not read as a video.'))
  const path = poses.finish()
  const imu = imuSamples(inertia, { accelerations: true, rotationRates: true })
  return {
    clock: { title: 'Seconds since 1970', source: 'utc', epochUtcNanoseconds: '0', timecode: null },
    poses: path.path,
    imu: imu.samples,
    warnings: [...warnings, ...path.warnings, ...imu.warnings],
    metadata: { axes: 'turned from +Z up to +Y up', deviceAxes: 'those of the inertial sensor' },
  }
}

export const eurocImporter = folderImporter({
  id: 'euroc-folder',
  title: 'folder of the EuRoC MAV benchmark',
  extensions: [],
  supports: (source) => {
    const count = source.isDirectory ? source.entries.filter((entry) => IMU.test(entry)).length : 0
    return count === 1 ? 0.9 : 0
  },
  readCapture,
})
