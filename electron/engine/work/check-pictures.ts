/** Pictures against scans as part of aligning in space: whether the films of captures show the scans where these now lie. */
import type { PictureCheckAnswer } from '../../../shared/contract/space-answers.ts'
import { streamsOf } from '../../../shared/document/document.ts'
import type { Asset, Stream } from '../../../shared/document/records.ts'
import { AsterismError, isCancellation } from '../../../shared/errors.ts'
import type { DepthFrame, Intrinsics, PosePath, Scan } from '../../../shared/geometry/data.ts'
import {
  invertSimilarity,
  type Matrix4,
  multiply,
  rotationOf,
  similarity,
  translationOf,
} from '../../../shared/geometry/matrix4.ts'
import { poseAt } from '../../../shared/geometry/pose-at.ts'
import {
  checkPictures,
  type PictureCheck,
  PICTURES_TAKEN,
  type PictureShot,
  viewedSurface,
} from '../align/space/index.ts'
import type { ImportContext, Importer, ImportSource } from '../import/importer.ts'
import { locateMedia } from '../import/media/location.ts'
import { clockShiftSeconds } from '../media/file-clock.ts'
import { grayPicturesAt } from '../media/gray-pictures.ts'
import { probeMedia } from '../media/probe.ts'
import type { Session } from '../session.ts'

/** What of an asset is already at hand when places are known. */
export interface PlacedAsset {
  readonly asset: Asset
  readonly importer: Importer
  readonly source: ImportSource
  readonly path: PosePath | undefined
  /** Only of what is a scan itself, not the depth of a capture. */
  readonly scan: (() => Promise<Scan>) | undefined
}

const VIEW_WIDTH = 160
/** Pairs of a film and a scan looked at in one run; each takes some seconds. */
const MOST_PAIRS = 6
/** A film of another shape than the depth beside it was cut: nobody knows how its lens looks at it. */
const SAME_SHAPE = 0.03

interface Moment extends Omit<PictureShot, 'position' | 'rotation'> {
  readonly assetFromCamera: Matrix4
}

/** @param worldFrom The places that were found. */
export async function pictureChecksOf(
  session: Session,
  placed: readonly PlacedAsset[],
  worldFrom: ReadonlyMap<string, Matrix4>,
  context: ImportContext,
): Promise<PictureCheckAnswer[]> {
  const answers: PictureCheckAnswer[] = []
  const scans = placed.filter(({ asset, scan }) => scan && worldFrom.has(asset.id))
  for (const camera of placed) {
    const world = worldFrom.get(camera.asset.id)
    const streams = streamsOf(session.document, camera.asset.id)
    const others = scans.filter(({ asset }) => asset.id !== camera.asset.id)
    if (!world || others.length === 0 || answers.length >= MOST_PAIRS) continue
    const film = await filmOf(camera, streams, context)
    if (!film) continue
    for (const { asset, scan } of others.slice(0, MOST_PAIRS - answers.length)) {
      const check = await against(
        film,
        (await scan?.())!,
        multiply(invertSimilarity(worldFrom.get(asset.id)!), world),
        context.signal,
      )
      answers.push(answerOf(camera.asset.id, asset.id, check, film.lens))
    }
  }
  return answers
}

async function against(
  { moments, lens }: { readonly moments: readonly Moment[]; readonly lens: Intrinsics },
  scan: Scan,
  scanFromAsset: Matrix4,
  signal: AbortSignal,
): Promise<PictureCheck> {
  const { origin = [0, 0, 0] } = scan.kind === 'mesh' ? scan.mesh : scan.points
  const shots = moments.map(({ assetFromCamera, ...moment }): PictureShot => {
    const pose = multiply(scanFromAsset, assetFromCamera)
    return {
      ...moment,
      position: translationOf(pose).map((value, axis) => value - origin[axis]!),
      rotation: rotationOf(pose),
    }
  })
  return await checkPictures(viewedSurface(scan), shots, lens, signal)
}

/** Pictures of a capture spread over its time, each with its camera's place; undefined where lens or film is not known. */
async function filmOf(
  { importer, source, path }: PlacedAsset,
  streams: readonly Stream[],
  context: ImportContext,
): Promise<{ moments: Moment[]; lens: Intrinsics } | undefined> {
  const video = streams.find((stream) => stream.sensor === 'video')
  const depth = streams.find((stream) => stream.sensor === 'depth')
  const count = depth?.sampleCount ?? 0
  if (!video || !depth || !path || count < 2 || !importer.loadDepthFrame) return undefined
  try {
    const location = await locateMedia({ source, importer }, video, streams, context)
    const probe = await probeMedia(location.path, context.tools, context.signal)
    const inFile = probe.streams.find(
      ({ kind, kindIndex, attachedPicture }) => kind === 'video' && !attachedPicture && kindIndex === location.rank,
    )
    if (!inFile?.width || !inFile.height) return undefined
    const shift = clockShiftSeconds(video, inFile)
    const size = { width: VIEW_WIDTH, height: Math.round((VIEW_WIDTH * inFile.height) / inFile.width) }
    const seen: { frame: DepthFrame; assetFromCamera: Matrix4 }[] = []
    for (let k = 0; k < Math.min(PICTURES_TAKEN, count); k++) {
      const index = Math.floor(((k + 0.5) * count) / Math.min(PICTURES_TAKEN, count))
      const frame = await importer.loadDepthFrame(source, depth.index, index, context)
      const { width, height } = frame
      if (Math.abs((width / height) * (size.height / size.width) - 1) > SAME_SHAPE) return undefined
      const pose = frame.pose ? { ...frame.pose, rotation: undefined } : poseAt(path, frame.timeNanoseconds)
      if (pose?.rotation) seen.push({ frame, assetFromCamera: similarity(pose.rotation, pose.position) })
    }
    const times = seen.map(({ frame }) => Number(frame.timeNanoseconds) * 1e-9 - shift)
    const pictures = await grayPicturesAt(context.tools, probe, inFile, times, size, context.signal)
    const shown = seen.flatMap(({ frame, assetFromCamera }, at) => {
      const gray = pictures[at]
      return gray ? [{ frame, gray, assetFromCamera }] : []
    })
    const lens = shown[0] && lensOf(shown[0].frame, size)
    const moments = shown.map(({ frame, gray, assetFromCamera }): Moment => ({
      gray,
      ownDepth: resized(frame, size),
      assetFromCamera,
    }))
    return lens && { moments, lens }
  } catch (error) {
    // A film that cannot be decoded says nothing about where a scan lies.
    if (isCancellation(error) || !(error instanceof AsterismError)) throw error
    return undefined
  }
}

function lensOf({ intrinsics, width }: DepthFrame, size: { width: number; height: number }): Intrinsics {
  const scale = size.width / width
  const { fx, fy, cx, cy } = intrinsics
  return { ...size, fx: fx * scale, fy: fy * scale, cx: cx * scale, cy: cy * scale }
}

function resized({ depthMetres, width, height }: DepthFrame, size: { width: number; height: number }): Float32Array {
  return Float32Array.from({ length: size.width * size.height }, (_, at) => {
    const x = Math.floor((((at % size.width) + 0.5) * width) / size.width)
    const y = Math.floor(((Math.floor(at / size.width) + 0.5) * height) / size.height)
    return depthMetres[y * width + x] ?? 0
  })
}

function answerOf(asset: string, scan: string, check: PictureCheck, lens: Intrinsics): PictureCheckAnswer {
  const degrees = (pixels: number, focal: number) => (Math.atan(pixels / focal) * 180) / Math.PI
  const [across, down] = check.offsetPixels
  return {
    asset,
    scan,
    verdict: check.verdict,
    score: check.score,
    sigmas: check.sigmas,
    offset_degrees: [degrees(across, lens.fx), degrees(-down, lens.fy)],
    pictures: check.pictures,
    reason: check.reason,
    said: check.said,
  }
}
