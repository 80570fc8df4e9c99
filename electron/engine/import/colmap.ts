/**
 * A COLMAP model folder: `images` and `points3D`, in text or binary. Poses are stored as `camera_from_world` with cameras
 * along +Z; the world's axes and unit of length are whatever the reconstruction gave them.
 */
import { stat } from 'node:fs/promises'
import { AsterismError } from '../../../shared/errors.ts'
import type { PosePath, Scan } from '../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../shared/document/records.ts'
import { NO_TIMES, ORDER_CLOCK, pathOf, SCALE_UNKNOWN, turnedToLookAlongMinusZ } from './camera-poses.ts'
import { entryPath, folderOf } from './capture-folder.ts'
import {
  readImagesBinary,
  readImagesText,
  readPointsBinary,
  readPointsText,
  type ColmapImage,
} from './colmap-tables.ts'
import type { ImportContext, Importer, ImportSource, StreamDescription } from './importer.ts'
import { PointCollector } from './point-sink.ts'
import { corruptFile, emptyFile } from './refusals.ts'
import { requireStream } from './scan-importer.ts'

/** The model in the folder: the binary one where there are both, as COLMAP itself prefers. */
function modelOf(source: ImportSource): { images: string; points: string | undefined; isBinary: boolean } | undefined {
  for (const ending of ['bin', 'txt']) {
    const folder = folderOf(source, `images.${ending}`)
    if (folder === undefined || !source.entries.includes(`${folder}cameras.${ending}`)) continue
    const points = `${folder}points3D.${ending}`
    return {
      images: entryPath(source, `${folder}images.${ending}`),
      points: source.entries.includes(points) ? entryPath(source, points) : undefined,
      isBinary: ending === 'bin',
    }
  }
  return undefined
}

function requireModel(source: ImportSource): NonNullable<ReturnType<typeof modelOf>> {
  const model = modelOf(source)
  if (!model) throw corruptFile(source.path, 'It holds no cameras and images of COLMAP, or several models.')
  return model
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
  title: 'COLMAP model folder',
  extensions: [],
  supports: (source) => (source.isDirectory && modelOf(source) ? 0.95 : 0),
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
    if (streams.length === 0) throw emptyFile(source.path, 'Its model holds no pictures and no points.')
    return {
      format: 'colmap',
      kind: 'data',
      durationSeconds: null,
      clocks: [ORDER_CLOCK],
      streams,
      warnings: [...warnings, ...pointWarnings, NO_TIMES, SCALE_UNKNOWN],
      metadata: { axes: 'as in the file', cameraAxes: 'converted from +Z forward to -Z forward' },
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
      throw new AsterismError('bad_input', 'It holds no points.', { path: source.path })
    }
    collector.conclude()
    return { kind: 'points', points: collector.cloud() }
  },
}
