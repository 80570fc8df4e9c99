/**
 * Drives of the KITTI raw data (Geiger et al. 2013; devkit readme, dataformat.txt): `oxts/data/N.txt`, thirty numbers of a
 * satellite and inertial unit each, `oxts/timestamps.txt`, a time a line, and pictures of `image_0N/data` with times of
 * their own. The unit has X forward, Y left, Z up; its world here is east, north, up from where the drive begins.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import { UTC_CLOCK } from '../near-clock.ts'
import { pictureSequence } from '../media/picture-sequence.ts'
import { readText } from '../reading/byte-stream.ts'
import { asciiText, forEachLine } from '../reading/text-lines.ts'
import { calendarNanoseconds } from '../reading/time-table.ts'
import { PoseRows, TimedRows } from '../reading/timed-rows.ts'
import { turnedBy } from '../motion/roll-pitch-yaw.ts'
import { uprightPosition, uprightRotation } from '../reconstructions/camera-poses.ts'
import { corruptFile, warning } from '../refusals.ts'
import { entryPath, filePictures, numberedFiles } from './folder-parts.ts'
import { folderImporter, movementOf, supportsOne, type FolderCapture } from './folder-capture.ts'

const TIMES = /(?:^|\/)oxts\/timestamps\.txt$/
const CAMERA_TIMES = /(?:^|\/)(image_0\d)\/timestamps\.txt$/
const FIELDS = 30
const MAX_TEXT_BYTES = 1 << 16
const EARTH_RADIUS_METRES = 6_378_137
const RADIANS = Math.PI / 180

/** Of each line; undefined for one that is none. */
async function timesOf(source: ImportSource, entry: string, signal: AbortSignal): Promise<(bigint | undefined)[]> {
  const times: (bigint | undefined)[] = []
  await forEachLine(entryPath(source, entry), {}, signal, (bytes, from, to) => {
    if (to > from) times.push(calendarNanoseconds(asciiText(bytes, from, to)))
  })
  return times
}

/** Mercator's projection at the scale of the latitude at which the drive begins, as the devkit has it. */
function projection(firstLatitude: number): (latitude: number, longitude: number) => readonly [number, number] {
  const scale = Math.cos(firstLatitude * RADIANS) * EARTH_RADIUS_METRES
  return (latitude, longitude) => [
    scale * longitude * RADIANS,
    scale * Math.log(Math.tan(((90 + latitude) / 2) * RADIANS)),
  ]
}

async function readCapture(source: ImportSource, { signal }: ImportContext): Promise<FolderCapture> {
  const entry = source.entries.find((candidate) => TIMES.test(candidate))!
  const times = await timesOf(source, entry, signal)
  const files = numberedFiles(source, entry.slice(0, -'timestamps.txt'.length), /^data\/(\d+)\.txt$/)
  const poses = new PoseRows(source.path)
  const inertia = new TimedRows(source.path, 6)
  const warnings: ImportWarning[] = [warning('zone_assumed', say('import.zoneAssumed'))]
  let start: { project: ReturnType<typeof projection>; origin: readonly number[] } | undefined
  for (const [number, file] of files) {
    const values = (await readText(entryPath(source, file), MAX_TEXT_BYTES, signal)).trim().split(/\s+/).map(Number)
    const time = times[number]
    if (time === undefined || values.length < FIELDS || !values.every(Number.isFinite)) {
      inertia.badCount++
      continue
    }
    const [latitude, longitude, height, roll, pitch, yaw] = values as [number, number, number, number, number, number]
    if (!start) {
      const project = projection(latitude)
      start = { project, origin: [...project(latitude, longitude), height] }
    }
    const [east, north] = start.project(latitude, longitude)
    const place = [east - start.origin[0]!, north - start.origin[1]!, height - start.origin[2]!]
    poses.add(time, uprightPosition(place), uprightRotation(turnedBy(roll, pitch, yaw)))
    inertia.add(time, [...values.slice(11, 14), ...values.slice(17, 20)])
  }
  if (inertia.count === 0) throw corruptFile(source.path, say('capture.oxtsUnusable'))
  const films = []
  for (const table of source.entries.filter((candidate) => CAMERA_TIMES.test(candidate))) {
    const title = CAMERA_TIMES.exec(table)![1]!
    const stamps = await timesOf(source, table, signal)
    const pictures = numberedFiles(source, table.slice(0, -'timestamps.txt'.length), /^data\/(\d+)\.(?:png|jpg)$/)
    const frames = [...pictures].flatMap(([number, file]) => {
      const timeNanoseconds = stamps[number]
      return timeNanoseconds === undefined ? [] : [{ timeNanoseconds, entry: file }]
    })
    films.push(await pictureSequence(source, title, filePictures(source, frames), warnings, { signal, title }))
  }
  return {
    clock: UTC_CLOCK,
    ...movementOf(poses, inertia, warnings),
    films,
    metadata: {
      axes: 'turned from +Z up to +Y up',
      deviceAxes: 'X forward, Y left, Z up',
      hasLocation: true,
    },
  }
}

export const kittiRawImporter = folderImporter({
  id: 'kitti-raw',
  title: say('readable.kittiRaw'),
  extensions: [],
  supports: supportsOne(TIMES),
  readCapture,
})
