/** What phone captures made of single keyframes share: a pose for each, often a depth picture and a colour picture, perhaps a finished scan. */
import type { Intrinsics } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { NO_TIMES, ORDER_CLOCK, pathOf } from '../reconstructions/camera-poses.ts'
import { entryPath, filePictures } from './folder-parts.ts'
import { folderImporter, lackOf, pngDepth, type FolderCapture } from './folder-capture.ts'
import type { ImportContext, ImportedAsset, Importer, ImportSource } from '../importer.ts'
import type { InnerScan } from './inner-scan.ts'
import { pictureSequence } from '../media/picture-sequence.ts'
import { corruptFile, emptyFile } from '../refusals.ts'

export interface Keyframe {
  /** Undefined where the app wrote no time. */
  readonly timeNanoseconds: bigint | undefined
  /** `world_from_camera` in metres, +Y up, camera along -Z; quaternion x, y, z, w. */
  readonly position: readonly number[]
  readonly rotation: readonly number[]
  /** In pixels of a picture of this size. */
  readonly intrinsics: Intrinsics | undefined
  /** Entries of the source. */
  readonly depth: string | undefined
  readonly confidence: string | undefined
  readonly picture: string | undefined
}

export interface KeyframeCapture {
  readonly keyframes: readonly Keyframe[]
  readonly scan: InnerScan | undefined
  /** Also those whose keyframe is not there. */
  readonly pictureCount: number
  readonly warnings: readonly ImportWarning[]
  readonly metadata: ImportedAsset['metadata']
  /** 0 low, 1 medium, 2 high for a value of a confidence picture. */
  confidenceOf(value: number): number
}

async function folderCapture(
  source: ImportSource,
  capture: KeyframeCapture,
  { signal }: ImportContext,
): Promise<FolderCapture> {
  const { keyframes, scan, confidenceOf } = capture
  if (keyframes.length === 0) throw emptyFile(source.path, say('capture.noKeyframes'))
  const isTimed = keyframes.every(({ timeNanoseconds }) => timeNanoseconds !== undefined)
  const placed = keyframes.map((keyframe, index) => ({
    ...keyframe,
    timeNanoseconds: isTimed ? (keyframe.timeNanoseconds ?? 0n) : BigInt(index),
  }))
  const { path, warnings: pathWarnings } = pathOf(source.path, placed)
  if (path.count === 0) throw corruptFile(source.path, say('capture.keyframesUnusable'))
  const warnings = [...capture.warnings, ...pathWarnings, ...(isTimed ? [] : [NO_TIMES])]
  const frames = placed.flatMap(({ depth: entry, ...keyframe }) =>
    entry === undefined ? [] : [{ ...keyframe, entry }],
  )
  const depth = await pngDepth(
    source,
    frames,
    0.001,
    ({ entry, intrinsics: camera }, { width, height }) => {
      if (!camera) throw corruptFile(entryPath(source, entry), say('capture.keyframeCamera'))
      const [sx, sy] = [width / camera.width, height / camera.height]
      return { width, height, fx: camera.fx * sx, fy: camera.fy * sy, cx: camera.cx * sx, cy: camera.cy * sy }
    },
    warnings,
    confidenceOf,
  )
  const pictures = placed.flatMap(({ picture: entry, timeNanoseconds }) =>
    entry === undefined ? [] : [{ entry, timeNanoseconds }],
  )
  warnings.push(
    ...lackOf('pose', keyframes.length, capture.pictureCount),
    ...lackOf('depth', frames.length, placed.length),
    ...lackOf('picture', pictures.length, placed.length),
  )
  // Without times there is nothing to play.
  const film = isTimed
    ? await pictureSequence(source, 'keyframes', filePictures(source, pictures), warnings, { signal })
    : undefined
  const deviceClock = {
    title: `${source.name}: the phone's own seconds`,
    source: 'device',
    epochUtcNanoseconds: null,
    timecode: null,
  } as const
  return {
    clock: isTimed ? deviceClock : ORDER_CLOCK,
    isTimeless: !isTimed,
    poses: path,
    ...(depth && { depth }),
    films: [film],
    ...(scan && { scan }),
    warnings,
    metadata: { axes: '+Y up', keyframeCount: keyframes.length, ...capture.metadata },
  }
}

/** The picture's size where only its camera is known: phones' picture formats have these sizes, and the axis lies near the middle. */
export function likelyPictureSize(cx: number, cy: number): { width: number; height: number } {
  const near = (value: number, sizes: readonly number[]) =>
    sizes.reduce((best, size) => (Math.abs(size - value) < Math.abs(best - value) ? size : best))
  return {
    width: near(2 * cx, [640, 1280, 1440, 1920, 3840, 4032]),
    height: near(2 * cy, [480, 720, 1080, 1440, 2160, 3024]),
  }
}

/** Makes an importer of a reader of keyframes. */
export function keyframeImporter(
  format: Pick<Importer, 'id' | 'title' | 'extensions' | 'isOneFolder' | 'supports'> & {
    readCapture(source: ImportSource, context: ImportContext): Promise<KeyframeCapture>
  },
): Importer {
  return folderImporter({
    ...format,
    readCapture: async (source, context) => folderCapture(source, await format.readCapture(source, context), context),
  })
}
