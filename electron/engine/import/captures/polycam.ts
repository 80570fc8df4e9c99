/**
 * Raw export of Polycam (github.com/PolyCam/polyform README): `keyframes/{images,corrected_images,cameras,corrected_cameras,depth,confidence}`,
 * files named by microseconds. Poses are ARKit's: +Y up, camera along -Z. `raw.glb` stands in another frame, which
 * `alignmentTransform` of `mesh_info.json` (column-major) leads to.
 */
import { z } from 'zod'
import { isCancellation, AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { IDENTITY4, invertSimilarity, isSimilarity, type Matrix4 } from '../../../../shared/geometry/matrix4.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { poseOfRows } from '../reconstructions/camera-poses.ts'
import { entryPath, numberedFiles } from './folder-parts.ts'
import { gltfImporter } from '../scenes/gltf.ts'
import type { ImportContext, ImportSource } from '../importer.ts'
import { innerScan } from './inner-scan.ts'
import { readJsonFile } from '../reading/json-file.ts'
import { keyframeImporter, type Keyframe, type KeyframeCapture } from './keyframe-capture.ts'
import { warning } from '../refusals.ts'

const numberFields = ['fx', 'fy', 'cx', 'cy', 'width', 'height'] as const
const matrixFields = [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => `t_${row}${column}`))
const cameraSchema = z.record(z.string(), z.unknown())

/** The folder that holds `keyframes/cameras/`, relative and ending in `/` or empty. */
function rootOf(source: ImportSource): string | undefined {
  const roots = new Set(
    source.entries.flatMap((entry) => {
      const match = /^(.*?)keyframes\/(?:corrected_)?cameras\/\d+\.json$/.exec(entry)
      return match ? [match[1]] : []
    }),
  )
  return roots.size === 1 ? [...roots][0] : undefined
}

function cameraOf(json: Record<string, unknown>): Pick<Keyframe, 'position' | 'rotation' | 'intrinsics'> | undefined {
  const rows = matrixFields.map((names) => names.map((name) => Number(json[name])))
  const pose = poseOfRows(rows)
  const [fx, fy, cx, cy, width, height] = numberFields.map((name) => Number(json[name]))
  const usable = [fx, fy, width, height].every((value) => value > 0) && Number.isFinite(cx) && Number.isFinite(cy)
  return pose && { ...pose, intrinsics: usable ? { fx, fy, cx, cy, width, height } : undefined }
}

/** `capture_from_scan` for raw.glb. */
async function alignment(
  source: ImportSource,
  root: string,
  context: ImportContext,
  warnings: ImportWarning[],
): Promise<Matrix4> {
  const entry = `${root}mesh_info.json`
  if (!source.entries.includes(entry)) return IDENTITY4
  try {
    const { alignmentTransform } = await readJsonFile(
      entryPath(source, entry),
      z.object({ alignmentTransform: z.array(z.number()).length(16).optional() }),
      context.signal,
    )
    if (!alignmentTransform) return IDENTITY4
    if (isSimilarity(alignmentTransform)) return invertSimilarity(alignmentTransform)
    warnings.push(warning('alignment_unusable', say('import.alignmentNotRigid', { entry })))
  } catch (error) {
    if (isCancellation(error) || !(error instanceof AsterismError)) throw error
    warnings.push(
      warning(
        'alignment_unusable',
        say('import.alignmentUnreadable', { entry, why: error.said?.what ?? error.message }),
      ),
    )
  }
  return IDENTITY4
}

async function readCapture(source: ImportSource, context: ImportContext): Promise<KeyframeCapture> {
  const root = rootOf(source) ?? ''
  const part = (folder: string, ending: string) =>
    numberedFiles(source, `${root}keyframes/${folder}/`, new RegExp(`^(\\d+)\\.${ending}$`))
  const corrected = part('corrected_cameras', 'json')
  const cameras = new Map([...part('cameras', 'json'), ...corrected])
  const depth = part('depth', 'png')
  const confidence = part('confidence', 'png')
  const pictures = part('images', 'jpg')
  const correctedPictures = part('corrected_images', 'jpg')
  const warnings: ImportWarning[] = []
  const keyframes: Keyframe[] = []
  let bad = 0
  for (const [microseconds, entry] of [...cameras].toSorted((a, b) => a[0] - b[0])) {
    throwIfCancelled(context.signal)
    const camera = await readCamera(source, entry, context)
    if (!camera) bad++
    else {
      const timeNanoseconds = BigInt(microseconds) * 1000n
      keyframes.push({
        timeNanoseconds,
        ...camera,
        depth: depth.get(microseconds),
        confidence: confidence.get(microseconds),
        picture: (corrected.size > 0 ? correctedPictures.get(microseconds) : undefined) ?? pictures.get(microseconds),
      })
    }
  }
  if (bad > 0) warnings.push(warning('samples_dropped', say('import.camerasDropped', { bad, total: cameras.size })))
  const glb = `${root}raw.glb`
  const inner = source.entries.includes(glb)
    ? await innerScan(entryPath(source, glb), gltfImporter, await alignment(source, root, context, warnings), context)
    : undefined
  return {
    keyframes,
    scan: inner?.scan,
    pictureCount: Math.max(pictures.size, correctedPictures.size),
    warnings: [...warnings, ...(inner?.warnings ?? [])],
    metadata: { poses: corrected.size > 0 ? 'corrected by Polycam' : 'as ARKit gave them' },
    confidenceOf: (value) => (value < 64 ? 0 : value < 191 ? 1 : 2),
  }
}

async function readCamera(
  source: ImportSource,
  entry: string,
  context: ImportContext,
): Promise<ReturnType<typeof cameraOf>> {
  try {
    return cameraOf(await readJsonFile(entryPath(source, entry), cameraSchema, context.signal))
  } catch (error) {
    // One damaged keyframe among hundreds is counted, not fatal.
    if (isCancellation(error) || !(error instanceof AsterismError)) throw error
    return undefined
  }
}

export const polycamImporter = keyframeImporter({
  id: 'polycam',
  title: say('readable.polycam'),
  extensions: [],
  supports: (source) => (source.isDirectory && rootOf(source) !== undefined ? 1 : 0),
  readCapture,
})
