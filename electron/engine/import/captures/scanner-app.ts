/**
 * Raw export of 3D Scanner App (Laan Labs): `frame_00000.json` with `cameraPoseARFrame` (16 numbers, row-major,
 * `world_from_camera` of ARKit: +Y up, camera along -Z) and `intrinsics` (9, row-major), `depth_00000.png` in
 * millimetres, `conf_00000.png` of 0 to 2, pictures `frame_00000.jpg`, and the fused `points.ply`. Layout as several public readers of it agree.
 */
import { z } from 'zod'
import { AsterismError, isCancellation, throwIfCancelled } from '../../../../shared/errors.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { IDENTITY4 } from '../../../../shared/geometry/matrix4.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { poseOfRows } from '../reconstructions/camera-poses.ts'
import { entryPath, folderOf, numberedFiles } from './folder-parts.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import { innerScan } from './inner-scan.ts'
import { readJsonFile } from '../reading/json-file.ts'
import { keyframeImporter, likelyPictureSize, type Keyframe, type KeyframeCapture } from './keyframe-capture.ts'
import { plyImporter } from '../scans/ply.ts'
import { warning } from '../refusals.ts'

const FRAME = /^(.*?)frame_(\d+)\.json$/
const frameSchema = z.object({
  cameraPoseARFrame: z.array(z.number()).length(16),
  intrinsics: z.array(z.number()).length(9).optional(),
  time: z.number().optional(),
})

function rootOf(source: ImportSource): string | undefined {
  const roots = new Set(source.entries.flatMap((entry) => FRAME.exec(entry)?.[1] ?? []))
  const [root] = roots
  const known = (entry: string) =>
    entry === `${root}info.json` || entry.startsWith(`${root}depth_`) || entry.startsWith(`${root}conf_`)
  return roots.size === 1 && source.entries.some(known) ? root : undefined
}

async function readFrame(
  source: ImportSource,
  entry: string,
  context: ImportContext,
): Promise<Omit<Keyframe, 'depth' | 'confidence' | 'picture'> | undefined> {
  try {
    const frame = await readJsonFile(entryPath(source, entry), frameSchema, context.signal)
    const rows = [0, 4, 8].map((start) => frame.cameraPoseARFrame.slice(start, start + 4))
    const pose = poseOfRows(rows)
    if (!pose) return undefined
    const [fx, , cx, , fy, cy] = frame.intrinsics ?? []
    const usable = fx > 0 && fy > 0 && cx > 0 && cy > 0
    const timeNanoseconds =
      frame.time !== undefined && Math.abs(frame.time) < 1e10 ? BigInt(Math.round(frame.time * 1e9)) : undefined
    return {
      ...pose,
      timeNanoseconds,
      intrinsics: usable ? { fx, fy, cx, cy, ...likelyPictureSize(cx, cy) } : undefined,
    }
  } catch (error) {
    // One damaged frame among hundreds is counted, not fatal.
    if (isCancellation(error) || !(error instanceof AsterismError)) throw error
    return undefined
  }
}

async function readCapture(source: ImportSource, context: ImportContext): Promise<KeyframeCapture> {
  const root = rootOf(source) ?? ''
  const frames = numberedFiles(source, root, /^frame_(\d+)\.json$/)
  const depth = numberedFiles(source, root, /^depth_(\d+)\.png$/)
  const confidence = numberedFiles(source, root, /^conf_(\d+)\.png$/)
  const pictures = numberedFiles(source, root, /^frame_(\d+)\.(?:jpg|png)$/)
  const warnings: ImportWarning[] = []
  const keyframes: Keyframe[] = []
  for (const [number, entry] of [...frames].toSorted((a, b) => a[0] - b[0])) {
    throwIfCancelled(context.signal)
    const frame = await readFrame(source, entry, context)
    if (!frame) continue
    const parts = { depth: depth.get(number), confidence: confidence.get(number), picture: pictures.get(number) }
    keyframes.push({ ...frame, ...parts })
  }
  const bad = frames.size - keyframes.length
  if (bad > 0) warnings.push(warning('samples_dropped', say('import.framesDropped', { bad, total: frames.size })))
  const folder = folderOf(source, 'points.ply')
  const inner =
    folder === undefined
      ? undefined
      : await innerScan(entryPath(source, `${folder}points.ply`), plyImporter, IDENTITY4, context)
  return {
    keyframes,
    scan: inner?.scan,
    pictureCount: pictures.size,
    warnings: [...warnings, ...(inner?.warnings ?? [])],
    metadata: { depthUnit: 'mm' },
    confidenceOf: (value) => Math.min(2, value),
  }
}

export const scannerAppImporter = keyframeImporter({
  id: 'scanner-app',
  title: say('readable.scannerApp'),
  extensions: [],
  isOneFolder: true,
  supports: (source) => (source.isDirectory && rootOf(source) !== undefined ? 0.95 : 0),
  readCapture,
})
