/**
 * Folders of the TUM RGB-D benchmark (cvg.cit.tum.de/data/datasets/rgbd-dataset/file_formats): `groundtruth.txt`,
 * `accelerometer.txt`, and `depth.txt` naming pictures of 16 bits, 5000 to the metre. The world has +Z up; cameras look
 * along +Z with +Y down.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { turnedToLookAlongMinusZ, uprightPosition, uprightRotation } from '../reconstructions/camera-poses.ts'
import { entryPath, filePictures, folderOf } from './folder-parts.ts'
import { folderImporter, movementOf, pngDepth, type FolderCapture, type PngDepthFrame } from './folder-capture.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import { UTC_CLOCK } from '../near-clock.ts'
import { forEachRowOf } from '../reading/named-table.ts'
import { pictureSequence } from '../media/picture-sequence.ts'
import { corruptFile, warning } from '../refusals.ts'
import { asciiText, forEachLine } from '../reading/text-lines.ts'
import { exactNanoseconds } from '../reading/time-table.ts'
import { PoseRows, TimedRows } from '../reading/timed-rows.ts'

const METRES_PER_UNIT = 1 / 5000
/** The camera that the benchmark names for all sequences whose own calibration is not known, for 640 x 480 pixels. */
const DEFAULT_CAMERA = { fx: 525, fy: 525, cx: 319.5, cy: 239.5, width: 640 }

/** `timestamp path` lines; paths may only lead to files of the folder. */
async function listedPictures(
  source: ImportSource,
  folder: string,
  list: string,
  signal: AbortSignal,
): Promise<{ frames: PngDepthFrame[]; missing: number }> {
  const entries = new Set(source.entries)
  const frames: PngDepthFrame[] = []
  let missing = 0
  await forEachLine(entryPath(source, folder + list), {}, signal, (bytes, from, to) => {
    const [stamp, name] = asciiText(bytes, from, to).trim().split(/\s+/)
    if (!stamp || stamp.startsWith('#') || !name) return
    const timeNanoseconds = exactNanoseconds(stamp, 'seconds')
    if (timeNanoseconds !== undefined && entries.has(folder + name))
      frames.push({ timeNanoseconds, entry: folder + name })
    else missing++
  })
  return { frames, missing }
}

async function readCapture(source: ImportSource, { signal }: ImportContext): Promise<FolderCapture> {
  const folder = folderOf(source, 'depth.txt') ?? folderOf(source, 'groundtruth.txt')
  if (folder === undefined) throw corruptFile(source.path, say('capture.several'))
  const has = (name: string) => source.entries.includes(folder + name)
  const part = (name: string) => entryPath(source, folder + name)
  const warnings: ImportWarning[] = []
  const poses = new PoseRows(source.path)
  if (has('groundtruth.txt')) {
    const layout = { separator: 'blank' as const, columns: [0, 1, 2, 3, 4, 5, 6, 7], timeUnit: 'seconds' as const }
    poses.rows.badCount += await forEachRowOf(part('groundtruth.txt'), layout, signal, (time, row) => {
      poses.add(time, uprightPosition(row.slice(1, 4)), uprightRotation(turnedToLookAlongMinusZ(row.slice(4, 8))))
    })
  }
  const inertia = new TimedRows(source.path, 6)
  if (has('accelerometer.txt')) {
    const layout = { separator: 'blank' as const, columns: [0, 1, 2, 3], timeUnit: 'seconds' as const }
    inertia.badCount += await forEachRowOf(part('accelerometer.txt'), layout, signal, (time, [, x, y, z]) => {
      if ([x, y, z].every((value) => Math.abs(value) < 1e6)) inertia.add(time, [x, y, z, 0, 0, 0])
      else inertia.badCount++
    })
  }
  const { frames, missing } = has('depth.txt')
    ? await listedPictures(source, folder, 'depth.txt', signal)
    : { frames: [], missing: 0 }
  if (missing > 0) warnings.push(warning('depth_missing', say('import.depthNotThere', { missing })))
  const camera = (_frame: PngDepthFrame, { width, height }: { width: number; height: number }) => {
    const scale = width / DEFAULT_CAMERA.width
    const { fx, fy, cx, cy } = DEFAULT_CAMERA
    return { width, height, fx: fx * scale, fy: fy * scale, cx: cx * scale, cy: cy * scale }
  }
  const depth = await pngDepth(source, frames, METRES_PER_UNIT, camera, warnings)
  if (depth) warnings.push(warning('camera_assumed', say('import.cameraOfBenchmark')))
  const pictures = has('rgb.txt') ? await listedPictures(source, folder, 'rgb.txt', signal) : { frames: [], missing: 0 }
  if (pictures.missing > 0)
    warnings.push(warning('pictures_missing', say('import.colourNotThere', { missing: pictures.missing })))
  const film = await pictureSequence(source, 'rgb', filePictures(source, pictures.frames), warnings, { signal })
  return {
    clock: UTC_CLOCK,
    ...movementOf(poses, inertia, warnings, { accelerations: true, rotationRates: false }),
    ...(depth && { depth }),
    films: [film],
    metadata: { axes: 'turned from +Z up to +Y up', depthUnit: '1/5000 m' },
  }
}

export const tumRgbdImporter = folderImporter({
  id: 'tum-rgbd',
  title: say('readable.tumRgbd'),
  extensions: [],
  supports: (source) =>
    source.isDirectory && folderOf(source, 'rgb.txt') !== undefined && folderOf(source, 'depth.txt') !== undefined
      ? 0.9
      : 0,
  readCapture,
})
