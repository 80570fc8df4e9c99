/**
 * A COLMAP model folder: `cameras`, `images` and `points3D`, in text or binary. Poses are stored as `camera_from_world` with cameras
 * along +Z; the world's axes and unit of length are whatever the reconstruction gave them.
 */
import { stat } from 'node:fs/promises'
import { AsterismError, isCancellation } from '../../../../shared/errors.ts'
import type { PosePath, Scan } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { NO_TIMES, ORDER_CLOCK, pathOf, SCALE_UNKNOWN, turnedToLookAlongMinusZ } from './camera-poses.ts'
import { entryPath } from '../captures/folder-parts.ts'
import { readCamerasBinary, readCamerasText } from './colmap-cameras.ts'
import {
  readImagesBinary,
  readImagesText,
  readPointsBinary,
  readPointsText,
  type ColmapImage,
} from './colmap-tables.ts'
import type { ImportContext, Importer, ImportSource, StreamDescription } from '../importer.ts'
import { PointCollector } from '../scans/point-sink.ts'
import { corruptFile, emptyFile, warning } from '../refusals.ts'
import { requireStream } from '../scans/scan-importer.ts'

interface Model {
  /** Relative to the source, ending in `/` or empty. */
  readonly folder: string
  readonly cameras: string
  readonly images: string
  readonly points: string | undefined
  readonly isBinary: boolean
}

/**
 * The models in the folder, the likeliest first: COLMAP numbers them (`sparse/0`, `sparse/1`: pictures that it could not
 * tie together), and undistorting copies one of them to `dense`. Binary ones where a model has both, as COLMAP prefers.
 */
function modelsOf(source: ImportSource): Model[] {
  const entries = new Set(source.entries)
  const folders = new Map<string, 'bin' | 'txt'>()
  for (const ending of ['bin', 'txt'] as const) {
    for (const entry of entries) {
      if (entry !== `images.${ending}` && !entry.endsWith(`/images.${ending}`)) continue
      const folder = entry.slice(0, entry.length - `images.${ending}`.length)
      if (entries.has(`${folder}cameras.${ending}`) && !folders.has(folder)) folders.set(folder, ending)
    }
  }
  const isCopy = (folder: string) => Number(/(^|\/)dense\//.test(folder))
  return [...folders]
    .toSorted(([a], [b]) => isCopy(a) - isCopy(b) || a.localeCompare(b, 'en', { numeric: true }))
    .map(([folder, ending]) => {
      const points = `${folder}points3D.${ending}`
      return {
        folder,
        cameras: entryPath(source, `${folder}cameras.${ending}`),
        images: entryPath(source, `${folder}images.${ending}`),
        points: entries.has(points) ? entryPath(source, points) : undefined,
        isBinary: ending === 'bin',
      }
    })
}

function requireModel(source: ImportSource): Model {
  const [model] = modelsOf(source)
  if (!model) throw corruptFile(source.path, say('capture.noColmap'))
  return model
}

/** The camera that took the first picture, and how many there are; a table that cannot be read costs only this. */
async function describeCameras(
  source: ImportSource,
  warnings: ImportWarning[],
  signal: AbortSignal,
): Promise<Record<string, string | number>> {
  const { cameras: path, isBinary } = requireModel(source)
  try {
    const cameras = await (isBinary ? readCamerasBinary : readCamerasText)(path, signal)
    const [first] = cameras
    if (!first) return {}
    return {
      cameraCount: cameras.length,
      cameraModel: first.model,
      pictureWidth: first.width,
      pictureHeight: first.height,
      camera: first.parameters.join(' '),
    }
  } catch (error) {
    if (isCancellation(error) || !(error instanceof AsterismError)) throw error
    warnings.push(
      warning('cameras_unreadable', say('import.camerasUnreadable', { why: error.said?.what ?? error.message })),
    )
    return {}
  }
}

/** `world_from_camera` of `camera_from_world`. */
function poseOf({ rotation: [w, x, y, z], translation }: ColmapImage): { position: number[]; rotation: number[] } {
  const n = w * w + x * x + y * y + z * z
  const conjugate = [-x, -y, -z, w]
  // p = -R^T t, by rotating t with the conjugate.
  const [a, b, c] = translation
  const [qx, qy, qz] = conjugate
  const [ux, uy, uz] = [qy * c - qz * b, qz * a - qx * c, qx * b - qy * a]
  const [vx, vy, vz] = [qy * uz - qz * uy, qz * ux - qx * uz, qx * uy - qy * ux]
  const rotated = [a + (2 * (w * ux + vx)) / n, b + (2 * (w * uy + vy)) / n, c + (2 * (w * uz + vz)) / n]
  return { position: rotated.map((value) => -value), rotation: turnedToLookAlongMinusZ(conjugate) }
}

async function readPath(
  source: ImportSource,
  signal: AbortSignal,
): Promise<{ path: PosePath; warnings: ImportWarning[] }> {
  const { images, isBinary } = requireModel(source)
  const list = isBinary
    ? await readImagesBinary(images, (await stat(images)).size, signal)
    : await readImagesText(images, signal)
  const ordered = list.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
  return pathOf(images, ordered.map(poseOf))
}

async function readPoints(
  source: ImportSource,
  keep: boolean,
  signal: AbortSignal,
): Promise<PointCollector | undefined> {
  const { points, isBinary } = requireModel(source)
  if (points === undefined) return undefined
  const collector = new PointCollector(points, keep)
  await (isBinary ? readPointsBinary : readPointsText)(points, (await stat(points)).size, collector, signal)
  return collector
}

export const colmapImporter: Importer = {
  id: 'colmap',
  title: say('readable.colmap'),
  extensions: [],
  supports: (source) => (source.isDirectory && modelsOf(source).length > 0 ? 0.95 : 0),
  async read(source, { signal }) {
    const { path, warnings } = await readPath(source, signal)
    const collector = await readPoints(source, false, signal)
    const pointWarnings = collector?.conclude() ?? []
    const streams: StreamDescription[] = []
    if (path.count > 0)
      streams.push({ clock: 0, sensor: 'pose', sampleCount: path.count, startSeconds: 0, durationSeconds: null })
    if (collector && collector.count > 0) {
      const { count: pointCount, bounds: boundsMetres } = collector
      streams.push({
        clock: 0,
        sensor: 'points',
        startSeconds: 0,
        durationSeconds: null,
        pointCount,
        hasColor: true,
        boundsMetres,
      })
    }
    if (streams.length === 0) throw emptyFile(source.path, say('capture.modelEmpty'))
    const cameras = await describeCameras(source, warnings, signal)
    const [{ folder }, ...others] = modelsOf(source)
    if (others.length > 0) {
      const read = folder || say('import.modelOnTop')
      const message = say('import.severalModels', { models: others.length + 1, read })
      warnings.push(warning('several_models', message))
    }
    return {
      format: 'colmap',
      kind: 'data',
      durationSeconds: null,
      clocks: [ORDER_CLOCK],
      streams,
      warnings: [...warnings, ...pointWarnings, NO_TIMES, SCALE_UNKNOWN],
      metadata: { axes: 'as in the file', cameraAxes: 'converted from +Z forward to -Z forward', ...cameras },
    }
  },
  async loadPoses(source, streamIndex, { signal }) {
    requireStream(source, streamIndex, 1)
    return (await readPath(source, signal)).path
  },
  async loadScan(source: ImportSource, streamIndex: number, { signal }: ImportContext): Promise<Scan> {
    requireStream(source, streamIndex, 2)
    const collector = await readPoints(source, true, signal)
    if (!collector || collector.count === 0) {
      throw new AsterismError('bad_input', say('capture.noPoints'), { path: source.path })
    }
    collector.conclude()
    return { kind: 'points', points: collector.cloud() }
  },
}
