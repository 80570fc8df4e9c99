/** Pictures in the form that a model of pictures and words wants: from a stream through ffmpeg, from a file through sharp. */
import sharp, { type KernelEnum } from 'sharp'
import { throwIfCancelled } from '../../../shared/errors.ts'
import type { MediaTools } from '../media/tools.ts'
import type { PictureTextEncoder } from '../models/picture-text-encoder.ts'
import type { PictureTextFacts } from '../models/picture-text-files.ts'
import type { JointMeasurement } from './measurements.ts'
import { rounded } from './measurements.ts'
import { forEachFrame, looksAt, openPictures, type WhichPictures } from './picture-frames.ts'

/** Such models are slow: a picture a second up to ten minutes, fewer beyond. */
const MOST_PICTURES = 600
const MOST_WAITING = 4
const MOST_PIXELS = 100_000_000

/** By the numbers of the library that such models are made with. */
const FFMPEG_SCALERS = ['neighbor', 'lanczos', 'bilinear', 'bicubic', 'area', 'bicubic'] as const
const SHARP_KERNELS: readonly (keyof KernelEnum)[] = ['nearest', 'lanczos3', 'linear', 'cubic', 'linear', 'cubic']

/** Of a picture whose shorter edge is brought to a length. */
function sizeOf(width: number, height: number, shortestEdge: number): { width: number; height: number } {
  const scale = shortestEdge / Math.min(width, height)
  return {
    width: Math.max(shortestEdge, Math.round(width * scale)),
    height: Math.max(shortestEdge, Math.round(height * scale)),
  }
}

/** A picture so long that its shorter edge cannot be brought to size is drawn to the square like any other shape. */
const LONGEST_EDGES = 16

function scaling({ side, shortestEdge, resample }: PictureTextFacts, width: number, height: number): string {
  const flags = `flags=${FFMPEG_SCALERS[resample]}+accurate_rnd`
  if (shortestEdge === null || Math.max(width, height) > LONGEST_EDGES * Math.min(width, height))
    return `scale=${side}:${side}:${flags}`
  const size = sizeOf(width, height, shortestEdge)
  return `scale=${size.width}:${size.height}:${flags},crop=${side}:${side}`
}

/** One vector for each second of a stream. @throws as `forEachFrame`, and what the model refused */
export async function measureJoint(
  path: string,
  which: WhichPictures,
  tools: MediaTools,
  signal: AbortSignal,
  encoder: PictureTextEncoder,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<JointMeasurement> {
  const facts = await encoder.facts()
  const stream = await openPictures(path, which, tools, signal)
  const { perSecond: rate, filter, mostFrames } = looksAt(stream, MOST_PICTURES)
  const { side } = facts
  const frames = {
    filterGraph: `[0:${stream.index}]${filter},${scaling(facts, stream.width, stream.height)}[out]`,
    pixelFormat: 'rgb24',
    frameBytes: 3 * side * side,
    mostFrames,
  } as const
  const vectors: Promise<Float32Array>[] = []
  await forEachFrame(stream, frames, tools, signal, async (frame) => {
    throwIfCancelled(signal)
    const vector = encoder.picture(frame.slice())
    // Refused, it is told below: until then nobody waits for it.
    vector.catch(() => undefined)
    vectors.push(vector)
    onProgress(Math.min(1, vectors.length / rate / Math.max(1, stream.durationSeconds)))
    await vectors.at(-MOST_WAITING)
  })
  const bins = (await Promise.all(vectors)).map((vector, at) => ({
    t: stream.startSeconds + at / rate,
    vector: rounded(vector),
  }))
  return { kind: 'joint', binSeconds: 1 / rate, bins }
}

/** The picture of a file as the model wants it. @throws what sharp throws for a file that is no picture */
export async function pictureForModel(path: string, facts: PictureTextFacts): Promise<Uint8Array> {
  const { side, shortestEdge, resample } = facts
  const edge = shortestEdge ?? side
  const { data, info } = await sharp(path, { limitInputPixels: MOST_PIXELS })
    .rotate()
    .resize(edge, edge, { fit: shortestEdge === null ? 'fill' : 'outside', kernel: SHARP_KERNELS[resample] })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const left = Math.floor((info.width - side) / 2)
  const top = Math.floor((info.height - side) / 2)
  const rgb = new Uint8Array(3 * side * side)
  for (let y = 0; y < side; y++) {
    const start = 3 * ((top + y) * info.width + left)
    rgb.set(data.subarray(start, start + 3 * side), 3 * y * side)
  }
  return rgb
}
