/**
 * `transforms.json` of nerfstudio and instant-ngp (docs.nerf.studio, "Data conventions"): `camera-to-world` matrices,
 * cameras along -Z with +Y up, world +Z up, which is turned to +Y up here.
 */
import { z } from 'zod'
import type { PosePath } from '../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../shared/document/records.ts'
import {
  NO_TIMES,
  ORDER_CLOCK,
  pathOf,
  poseOfRows,
  SCALE_UNKNOWN,
  uprightPosition,
  uprightRotation,
} from './camera-poses.ts'
import { entryPath, folderOf } from './capture-folder.ts'
import type { ImportContext, Importer, ImportSource } from './importer.ts'
import { readJsonFile } from './json-file.ts'
import { corruptFile, emptyFile, warning } from './refusals.ts'
import { requireStream } from './scan-importer.ts'
import { asciiText } from './text-lines.ts'
import { timing } from './timed-rows.ts'

const FILE = 'transforms.json'
const frameSchema = z.object({
  file_path: z.string().optional(),
  transform_matrix: z.array(z.array(z.number())).min(3).max(4),
  timestamp: z.number().optional(),
})
const schema = z.object({
  frames: z.array(frameSchema).max(1_000_000),
  camera_model: z.string().optional(),
  w: z.number().optional(),
  h: z.number().optional(),
})

interface Trajectory {
  readonly path: PosePath
  readonly timed: boolean
  readonly warnings: readonly ImportWarning[]
  readonly metadata: Record<string, string | number>
}

function fileOf(source: ImportSource): string {
  if (!source.isDirectory) return source.path
  const folder = folderOf(source, FILE)
  if (folder === undefined) throw corruptFile(source.path, `It holds no ${FILE}, or several.`)
  return entryPath(source, folder + FILE)
}

async function readTrajectory(source: ImportSource, context: ImportContext): Promise<Trajectory> {
  const file = fileOf(source)
  const { frames, w, h, camera_model } = await readJsonFile(file, schema, context.signal)
  if (frames.length === 0) throw emptyFile(source.path, 'It lists no frames.')
  const timed = frames.every(({ timestamp }) => timestamp !== undefined && Math.abs(timestamp) < 1e10)
  // Pictures are numbered in the order in which they were taken; the list need not be in that order.
  const ordered = timed
    ? frames
    : frames.toSorted((a, b) => (a.file_path ?? '').localeCompare(b.file_path ?? '', 'en', { numeric: true }))
  const poses = ordered.flatMap(({ transform_matrix, timestamp }) => {
    const pose = poseOfRows(transform_matrix)
    if (!pose) return []
    const timeNanoseconds = timed ? BigInt(Math.round((timestamp ?? 0) * 1e9)) : undefined
    return [{ timeNanoseconds, position: uprightPosition(pose.position), rotation: uprightRotation(pose.rotation) }]
  })
  if (poses.length === 0) throw corruptFile(source.path, 'None of its matrices is a rigid motion.')
  const { path, warnings } = pathOf(file, poses)
  const bad = frames.length - poses.length
  if (bad > 0)
    warnings.push(
      warning('samples_dropped', `${bad} of ${frames.length} matrices are no rigid motion and were left out.`),
    )
  if (!timed) warnings.push(NO_TIMES)
  const metadata = {
    axes: 'turned from +Z up to +Y up',
    ...(w && h && { pictureWidth: w, pictureHeight: h }),
    ...(camera_model && { cameraModel: camera_model }),
  }
  return { path, timed, warnings: [...warnings, SCALE_UNKNOWN], metadata }
}

export const nerfstudioImporter: Importer = {
  id: 'nerfstudio',
  title: 'camera path of nerfstudio (transforms.json)',
  extensions: ['json'],
  supports(source) {
    if (source.isDirectory) return folderOf(source, FILE) === undefined ? 0 : 0.6
    const text = asciiText(source.head)
    return /^\s*\{/.test(text.slice(0, 64)) && /"transform_matrix"/.test(text) && /"frames"/.test(text) ? 0.9 : 0
  },
  async read(source, context) {
    const { path, timed, warnings, metadata } = await readTrajectory(source, context)
    const span = timed ? timing(path.timesNanoseconds) : { startSeconds: 0, durationSeconds: null }
    return {
      format: 'nerfstudio',
      kind: 'data',
      durationSeconds: span.durationSeconds,
      clocks: [timed ? { ...ORDER_CLOCK, title: 'Times of the pictures', source: 'device' } : ORDER_CLOCK],
      streams: [{ clock: 0, sensor: 'pose', sampleCount: path.count, ...span }],
      warnings,
      metadata,
    }
  },
  async loadPoses(source, streamIndex, context) {
    requireStream(source, streamIndex, 1)
    return (await readTrajectory(source, context)).path
  },
}
