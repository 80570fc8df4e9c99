/**
 * Frames of one video of ARKitScenes (github.com/apple/ARKitScenes, DATA.md): `lowres_wide.traj` (`camera_from_world` as
 * axis-angle and translation, camera along +Z), `lowres_depth/ID_SECONDS.png` in millimetres, `confidence` beside it, and
 * `lowres_wide_intrinsics/ID_SECONDS.pincam` (`width height fx fy cx cy`), colour pictures in `lowres_wide` and its like.
 */
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { IDENTITY4 } from '../../../../shared/geometry/matrix4.ts'
import { quaternionFromRotation, rotationFromVector, transposeRotation } from '../../../../shared/geometry/rotation.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readText } from '../reading/byte-stream.ts'
import { turnedToLookAlongMinusZ } from '../reconstructions/camera-poses.ts'
import { entryPath, filePictures, folderOf } from './folder-parts.ts'
import { folderImporter, pngDepth, type FolderCapture, type PngDepthFrame } from './folder-capture.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import { innerScan } from './inner-scan.ts'
import { forEachRowOf } from '../reading/named-table.ts'
import { plyImporter } from '../scans/ply.ts'
import { pictureSequence } from '../media/picture-sequence.ts'
import { corruptFile } from '../refusals.ts'
import type { LoadedStream } from '../stream-set.ts'
import { PoseRows } from '../reading/timed-rows.ts'
import { exactNanoseconds } from '../reading/time-table.ts'

const TRAJECTORY = 'lowres_wide.traj'
/** Folders of colour pictures, of which a video has one or several. */
const CAMERAS = ['lowres_wide', 'vga_wide', 'wide', 'ultrawide']
const STAMPED = /_(\d+(?:\.\d+)?)\.(png|pincam)$/
/** Pictures and cameras of one moment may be stamped a millisecond apart. */
const SAME_MOMENT_NANOSECONDS = 2_000_000n

/** Entries of a part by the time in their names. */
function stamped(source: ImportSource, folder: string): { timeNanoseconds: bigint; entry: string }[] {
  return source.entries.flatMap((entry) => {
    const match = entry.startsWith(folder) ? STAMPED.exec(entry) : null
    const timeNanoseconds = match ? exactNanoseconds(match[1], 'seconds') : undefined
    return timeNanoseconds === undefined ? [] : [{ timeNanoseconds, entry }]
  })
}

function nearest<T extends { timeNanoseconds: bigint }>(list: readonly T[], time: bigint): T | undefined {
  return list.find(({ timeNanoseconds }) => {
    const gap = timeNanoseconds - time
    return gap <= SAME_MOMENT_NANOSECONDS && gap >= -SAME_MOMENT_NANOSECONDS
  })
}

async function readPath(source: ImportSource, path: string, signal: AbortSignal) {
  const poses = new PoseRows(source.path)
  const layout = { separator: 'blank' as const, columns: [0, 1, 2, 3, 4, 5, 6], timeUnit: 'seconds' as const }
  poses.rows.badCount += await forEachRowOf(path, layout, signal, (time, [, rx, ry, rz, tx, ty, tz]) => {
    const r = transposeRotation(rotationFromVector(rx, ry, rz))
    const position = [0, 1, 2].map((row) => -(r[row] * tx + r[3 + row] * ty + r[6 + row] * tz))
    poses.add(time, position, turnedToLookAlongMinusZ(quaternionFromRotation(r)))
  })
  return poses.finish()
}

async function readCapture(source: ImportSource, context: ImportContext): Promise<FolderCapture> {
  const { signal } = context
  const folder = folderOf(source, TRAJECTORY)
  if (folder === undefined) throw corruptFile(source.path, say('capture.notOne', { name: TRAJECTORY }))
  const warnings: ImportWarning[] = []
  const { path, warnings: pathWarnings } = await readPath(source, entryPath(source, folder + TRAJECTORY), signal)
  const confidence = stamped(source, `${folder}confidence/`)
  const cameras = stamped(source, `${folder}lowres_wide_intrinsics/`)
  const confidenceByName = new Map(confidence.map(({ entry }) => [entry.slice(entry.lastIndexOf('/')), entry]))
  const camerasByName = new Map(
    cameras.map(({ entry }) => [entry.slice(entry.lastIndexOf('/')).replace(/\.pincam$/, ''), entry]),
  )
  const frames = stamped(source, `${folder}lowres_depth/`).map(({ timeNanoseconds, entry }): PngDepthFrame => {
    const name = entry.slice(entry.lastIndexOf('/'))
    const beside = confidenceByName.get(name)
    return { timeNanoseconds, entry, ...(beside && { confidence: beside }) }
  })
  const depth = await pngDepth(
    source,
    frames,
    0.001,
    async ({ entry, timeNanoseconds }, { width, height }) => {
      const name = entry.slice(entry.lastIndexOf('/')).replace(/\.png$/, '')
      const camera = camerasByName.get(name) ?? nearest(cameras, timeNanoseconds)?.entry
      if (!camera) throw corruptFile(entryPath(source, entry), say('capture.cameraAtNoTime'))
      const [w, h, fx, fy, cx, cy] = (await readText(entryPath(source, camera), 4096, signal))
        .trim()
        .split(/\s+/)
        .map(Number)
      if (!(w > 0 && h > 0 && fx > 0 && fy > 0 && cx > 0 && cy > 0))
        throw corruptFile(entryPath(source, camera), say('capture.noCamera'))
      return { width, height, fx: (fx * width) / w, fy: (fy * height) / h, cx: (cx * width) / w, cy: (cy * height) / h }
    },
    warnings,
  )
  const mesh = source.entries.find((entry) => entry.endsWith('_3dod_mesh.ply'))
  const inner = mesh ? await innerScan(entryPath(source, mesh), plyImporter, IDENTITY4, context) : undefined
  const films: (LoadedStream | undefined)[] = []
  for (const title of CAMERAS) {
    const pictures = filePictures(source, stamped(source, `${folder}${title}/`))
    films.push(await pictureSequence(source, title, pictures, warnings, { signal, title }))
  }
  return {
    clock: {
      title: `${source.name}: the device's own seconds`,
      source: 'device',
      epochUtcNanoseconds: null,
      timecode: null,
    },
    poses: path,
    ...(depth && { depth }),
    films,
    ...(inner?.scan && { scan: inner.scan }),
    warnings: [...warnings, ...pathWarnings, ...(inner?.warnings ?? [])],
    metadata: { axes: 'as in the file', cameraAxes: 'converted from +Z forward to -Z forward', depthUnit: 'mm' },
  }
}

export const arkitScenesImporter = folderImporter({
  id: 'arkitscenes',
  title: say('readable.arkitscenes'),
  extensions: [],
  supports: (source) => (source.isDirectory && folderOf(source, TRAJECTORY) !== undefined ? 1 : 0),
  readCapture,
})
