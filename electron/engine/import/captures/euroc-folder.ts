/**
 * Folders of the EuRoC MAV benchmark (Burri et al. 2016, ASL dataset format): `mav0/imu0/data.csv` and the body's path in
 * `mav0/state_groundtruth_estimate0/data.csv`, pictures in `mav0/camN`. The body frame is the inertial sensor's; the world has +Z up.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { uprightPosition, uprightRotation } from '../reconstructions/camera-poses.ts'
import { entryPath, filePictures, type PictureFile } from './folder-parts.ts'
import { folderImporter, movementOf, supportsOne, type FolderCapture } from './folder-capture.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import { UTC_CLOCK } from '../near-clock.ts'
import { forEachRowOf } from '../reading/named-table.ts'
import { pictureSequence } from '../media/picture-sequence.ts'
import { asciiText, forEachLine } from '../reading/text-lines.ts'
import { exactNanoseconds } from '../reading/time-table.ts'
import { warning } from '../refusals.ts'
import type { LoadedStream } from '../stream-set.ts'
import { PoseRows, TimedRows } from '../reading/timed-rows.ts'

const IMU = /(^|\/)imu0\/data\.csv$/
const STATE = /(^|\/)state_groundtruth_estimate0\/data\.csv$/
const CAMERA = /(?:^|\/)(cam\d+)\/data\.csv$/

/** The pictures of a camera are named in its table; they lie in `data` beside it. */
async function cameraFilm(source: ImportSource, table: string, warnings: ImportWarning[], signal: AbortSignal) {
  const entries = new Set(source.entries)
  const folder = `${table.slice(0, -'data.csv'.length)}data/`
  const frames: PictureFile[] = []
  let missing = 0
  await forEachLine(entryPath(source, table), {}, signal, (bytes, from, to) => {
    const [stamp, name] = asciiText(bytes, from, to).split(',')
    const timeNanoseconds = name === undefined ? undefined : exactNanoseconds(stamp.trim(), 'nanoseconds')
    if (timeNanoseconds === undefined) return
    const entry = folder + name.trim()
    if (entries.has(entry)) frames.push({ timeNanoseconds, entry })
    else missing++
  })
  const title = CAMERA.exec(table)?.[1] ?? table
  if (missing > 0) warnings.push(warning('pictures_missing', say('import.picturesNotThere', { missing, name: title })))
  return pictureSequence(source, title, filePictures(source, frames), warnings, { signal, title })
}

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
  } else warnings.push(warning('parts_missing', say('import.noGroundTruth')))
  const films: (LoadedStream | undefined)[] = []
  for (const table of source.entries.filter((entry) => CAMERA.test(entry)))
    films.push(await cameraFilm(source, table, warnings, signal))
  return {
    clock: UTC_CLOCK,
    ...movementOf(poses, inertia, warnings),
    films,
    metadata: { axes: 'turned from +Z up to +Y up', deviceAxes: 'those of the inertial sensor' },
  }
}

export const eurocImporter = folderImporter({
  id: 'euroc-folder',
  title: say('readable.eurocFolder'),
  extensions: [],
  supports: supportsOne(IMU),
  readCapture,
})
