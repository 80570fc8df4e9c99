/**
 * `transforms.json` of nerfstudio and instant-ngp (docs.nerf.studio, "Data conventions"): `camera-to-world` matrices,
 * cameras along -Z with +Y up, world +Z up, which is turned to +Y up here. A folder also gives its depth pictures
 * (`depth_file_path`, whole numbers of 16 bits) and its points (`ply_file_path`).
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import {
  NO_TIMES,
  ORDER_CLOCK,
  pathOf,
  poseOfRows,
  SCALE_UNKNOWN,
  uprightPosition,
  uprightRotation,
} from './camera-poses.ts'
import { entryPath, folderOf } from '../captures/folder-parts.ts'
import { pngDepth } from '../captures/folder-capture.ts'
import type { ImportContext, Importer, ImportSource } from '../importer.ts'
import { innerScan } from '../captures/inner-scan.ts'
import { readJsonFile } from '../reading/json-file.ts'
import {
  fieldsOf,
  intrinsicsOf,
  isDistorted,
  isPinhole,
  transformsSchema,
  type Transforms,
  type TransformsFrame,
} from './nerfstudio-cameras.ts'
import { plyImporter } from '../scans/ply.ts'
import { corruptFile, emptyFile, warning } from '../refusals.ts'
import { streamSetImporter, type DepthSequence, type LoadedStream, type StreamSet } from '../stream-set.ts'
import { asciiText } from '../reading/text-lines.ts'
import { timing } from '../reading/timed-rows.ts'

/** In order of preference: one file of all cameras, else those to learn from, as Blender's data sets split them. */
const FILES = ['transforms.json', 'transforms_train.json']
/** A quarter turn about X, column-major: +Z up to +Y up. */
const UPRIGHT = [1, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1]
/** Metres of one step of a depth picture: nerfstudio's default, a millimetre. */
const DEPTH_UNIT = 1e-3

interface Located {
  readonly file: string
  /** The folder of the file, relative to the source; undefined where only the file was handed in. */
  readonly folder: string | undefined
}

function find(source: ImportSource): Located | undefined {
  if (!source.isDirectory) return { file: source.path, folder: undefined }
  for (const name of FILES) {
    const folder = folderOf(source, name)
    if (folder !== undefined) return { file: entryPath(source, folder + name), folder }
  }
  return undefined
}

interface TimedFrame {
  readonly frame: TransformsFrame
  readonly at: bigint
  readonly position: readonly number[]
  readonly rotation: readonly number[]
}

function framesOf(
  source: ImportSource,
  transforms: Transforms,
  warnings: ImportWarning[],
): { frames: TimedFrame[]; timed: boolean } {
  const { frames } = transforms
  if (frames.length === 0) throw emptyFile(source.path, say('capture.noFrames'))
  const timed = frames.every(({ timestamp }) => timestamp !== undefined && Math.abs(timestamp) < 1e10)
  // Pictures are numbered in the order in which they were taken; the list need not be in that order.
  const ordered = timed
    ? frames
    : frames.toSorted((a, b) => (a.file_path ?? '').localeCompare(b.file_path ?? '', 'en', { numeric: true }))
  const posed = ordered.flatMap((frame) => {
    const pose = poseOfRows(frame.transform_matrix)
    return pose ? [{ frame, position: uprightPosition(pose.position), rotation: uprightRotation(pose.rotation) }] : []
  })
  if (posed.length === 0) throw corruptFile(source.path, say('capture.matricesNotRigid'))
  const bad = frames.length - posed.length
  if (bad > 0) warnings.push(warning('samples_dropped', say('import.matrices', { bad, total: frames.length })))
  if (!timed) warnings.push(NO_TIMES)
  const timeOf = ({ timestamp }: TransformsFrame, index: number) =>
    timed ? BigInt(Math.round((timestamp ?? 0) * 1e9)) : BigInt(index)
  return { frames: posed.map((each, index) => ({ ...each, at: timeOf(each.frame, index) })), timed }
}

/** An entry of the source that a path in the file names; undefined when it leads elsewhere or to nothing. */
function entryOf(source: ImportSource, folder: string, path: string): string | undefined {
  const entry = folder + path.replaceAll('\\', '/').replace(/^(\.\/)+/, '')
  return source.entries.includes(entry) ? entry : undefined
}

async function depthOf(
  source: ImportSource,
  folder: string,
  transforms: Transforms,
  frames: readonly TimedFrame[],
  warnings: ImportWarning[],
): Promise<DepthSequence | undefined> {
  const named = frames.flatMap(({ frame, at }) => {
    const path = frame.depth_file_path ?? frame.depth_path
    return path === undefined ? [] : [{ frame, at, path }]
  })
  if (named.length === 0) return undefined
  const fields = named.map(({ frame }) => fieldsOf(transforms, frame))
  const unfit = fields.find((each) => isPinhole(each) !== true)
  if (unfit) {
    const message = say('import.depthNoPinhole', { model: unfit.camera_model ?? say('import.fisheye') })
    warnings.push(warning('camera_not_pinhole', message))
    return undefined
  }
  const found = named.flatMap(({ at, path }, index) => {
    const entry = /\.png$/i.test(path) ? entryOf(source, folder, path) : undefined
    return entry === undefined ? [] : [{ timeNanoseconds: at, entry, fields: fields[index] }]
  })
  if (found.length < named.length) {
    const message = say('import.depthNoPng', { bad: named.length - found.length, total: named.length })
    warnings.push(warning('depth_missing', message))
  }
  if (found.length === 0) return undefined
  if (found.some((each) => isDistorted(each.fields))) {
    const message = say('import.lensBends')
    warnings.push(warning('distortion_ignored', message))
  }
  // Depth stays as the camera measured it; whatever made the cameras larger or smaller makes it so too.
  const metresPerUnit =
    (transforms.depth_unit_scale_factor ?? transforms.integer_depth_scale ?? DEPTH_UNIT) *
    (transforms.applied_scale ?? 1)
  return pngDepth(
    source,
    found,
    metresPerUnit,
    ({ fields: own }, { width, height }) => {
      const camera = intrinsicsOf(own, { width, height })
      if (!camera) throw corruptFile(source.path, say('capture.noFocalLength'))
      const [sx, sy] = [width / camera.width, height / camera.height]
      return { width, height, fx: camera.fx * sx, fy: camera.fy * sy, cx: camera.cx * sx, cy: camera.cy * sy }
    },
    warnings,
  )
}

async function pointsOf(
  source: ImportSource,
  folder: string,
  transforms: Transforms,
  context: ImportContext,
  warnings: ImportWarning[],
): Promise<LoadedStream | undefined> {
  const path = transforms.ply_file_path
  if (path === undefined) return undefined
  const entry = entryOf(source, folder, path)
  if (entry === undefined) {
    warnings.push(warning('scan_unreadable', say('import.pointsNotInFolder', { path: path.slice(0, 200) })))
    return undefined
  }
  const { scan, warnings: found } = await innerScan(entryPath(source, entry), plyImporter, UPRIGHT, context)
  warnings.push(...found, ...(scan?.warnings ?? []))
  return scan && { description: scan.description, scan: (loadContext) => scan.load(loadContext) }
}

/** What was done to the poses before they were written: they are used as written, together with their points. */
function appliedWarning({ applied_transform: rows, applied_scale: scale = 1 }: Transforms): ImportWarning[] {
  const isMoved = rows?.some((row, i) => row.some((value, j) => value !== (i === j ? 1 : 0))) ?? false
  if (!isMoved && scale === 1) return []
  const message =
    scale === 1
      ? say('import.camerasMoved')
      : say(isMoved ? 'import.camerasMovedAndScaled' : 'import.camerasScaled', { scale })
  return [warning('applied_transform', message)]
}

function metadataOf(transforms: Transforms, first: TransformsFrame): StreamSet['metadata'] {
  const fields = fieldsOf(transforms, first)
  const camera = intrinsicsOf(fields, { width: 0, height: 0 })
  const { camera_model, applied_transform, applied_scale, w, h } = fields
  return {
    axes: 'turned from +Z up to +Y up',
    ...(w && h && { pictureWidth: w, pictureHeight: h }),
    ...(camera_model && { cameraModel: camera_model }),
    ...(camera && { focalLengthPixels: camera.fx, camera: `${camera.fx} ${camera.fy} ${camera.cx} ${camera.cy}` }),
    ...(applied_transform && { appliedTransform: applied_transform.flat().join(' ').slice(0, 300) }),
    ...(applied_scale !== undefined && { appliedScale: applied_scale }),
  }
}

async function readSet(source: ImportSource, context: ImportContext): Promise<StreamSet> {
  const located = find(source)
  if (!located) throw corruptFile(source.path, say('capture.notOne', { name: FILES[0] }))
  const transforms = await readJsonFile(located.file, transformsSchema, context.signal)
  const warnings: ImportWarning[] = []
  const { frames, timed } = framesOf(source, transforms, warnings)
  const { path, warnings: pathWarnings } = pathOf(
    located.file,
    frames.map(({ at, ...pose }) => ({ timeNanoseconds: at, ...pose })),
  )
  warnings.unshift(...pathWarnings)
  const span = (times: BigInt64Array) => (timed ? timing(times) : { startSeconds: 0, durationSeconds: null })
  const streams: LoadedStream[] = [
    { description: { sensor: 'pose', sampleCount: path.count, ...span(path.timesNanoseconds) }, poses: path },
  ]
  if (located.folder !== undefined) {
    const depth = await depthOf(source, located.folder, transforms, frames, warnings)
    if (depth) {
      const { width, height, codec, times } = depth
      const description = { sensor: 'depth', codec, width, height, sampleCount: times.length, ...span(times) } as const
      streams.push({ description, depth })
    }
    const points = await pointsOf(source, located.folder, transforms, context, warnings)
    if (points) streams.push(points)
  } else if (
    transforms.ply_file_path !== undefined ||
    frames.some(({ frame }) => frame.depth_file_path !== undefined)
  ) {
    const message = say('import.partsBeside')
    warnings.push(warning('parts_beside', message))
  }
  return {
    kind: 'data',
    clock: timed ? { ...ORDER_CLOCK, title: 'Times of the pictures', source: 'device' } : ORDER_CLOCK,
    streams,
    warnings: [...warnings, ...appliedWarning(transforms), SCALE_UNKNOWN],
    metadata: metadataOf(transforms, frames[0].frame),
  }
}

export const nerfstudioImporter: Importer = streamSetImporter({
  id: 'nerfstudio',
  title: say('readable.nerfstudio'),
  extensions: ['json'],
  supports(source) {
    if (source.isDirectory) return find(source) === undefined ? 0 : 0.6
    const text = asciiText(source.head)
    return /^\s*\{/.test(text.slice(0, 64)) && /"transform_matrix"/.test(text) && /"frames"/.test(text) ? 0.9 : 0
  },
  readSet,
})
