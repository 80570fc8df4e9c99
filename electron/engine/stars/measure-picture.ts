/** Looks at a video about once a second: a 64 x 64 picture for colours and edges, a larger grey one for detail. */
import { throwIfCancelled } from '../../../shared/errors.ts'
import { PDQ_SIDE, pdqCoefficients, pdqForm, pdqHash, pdqHex, pdqQuality } from '../../../shared/originality/pdq.ts'
import { areaPicture } from '../../../shared/originality/resample-picture.ts'
import { LOOK_CROPS } from '../../../shared/stars/estimate/near-duplicates.ts'
import { clarityOf } from '../../../shared/stars/estimate/picture-clarity.ts'
import {
  exposureOf,
  pictureChange,
  PICTURE_SIDE,
  pictureVector,
} from '../../../shared/stars/estimate/picture-vector.ts'
import type { MediaTools } from '../media/tools.ts'
import type { Encoders } from '../models/encoders.ts'
import { PICTURE_ENCODER_SIDE } from '../models/encoders.ts'
import { meaningOf } from './picture-meaning.ts'
import { forEachFrame, looksAt, openPictures, type PictureStream, type WhichPictures } from './picture-frames.ts'
import { packUnits } from './picture-units.ts'
import type { PictureMeasurement } from './measurements.ts'
import { MOST_LOOKS, rounded } from './measurements.ts'

const LARGEST_SIDE = 640
const MOST_PICTURES_WAITING = 4

interface Layout {
  /** Of the grey picture. */
  readonly width: number
  readonly height: number
  /** Of a row of the frame: the grey picture above, three planes of 64 x 64 below, three for the learned model under them. */
  readonly stride: number
  /** Side of the planes for the learned model; 0 without one. */
  readonly learned: number
}

function layoutOf({ width, height }: PictureStream, learned: number): Layout {
  const scale = Math.min(1, LARGEST_SIDE / width, LARGEST_SIDE / height)
  const size = { width: Math.max(2, Math.round(width * scale)), height: Math.max(2, Math.round(height * scale)) }
  return { ...size, learned, stride: Math.max(size.width, 3 * PICTURE_SIDE, 3 * learned) }
}

/** Three colour planes of a square picture, side by side. */
function planesOf(from: string, side: number, stride: number, to: string): string[] {
  return [
    `[${from}]scale=${side}:${side}:flags=area,format=gbrp,extractplanes=g+b+r[${to}g][${to}b][${to}r]`,
    `[${to}r][${to}g][${to}b]hstack=inputs=3,pad=${stride}:${side}[${to}]`,
  ]
}

/** All looks in one grey frame: the detail above, the colour planes below. */
function filterGraph(streamIndex: number, each: string, { width, height, stride, learned }: Layout): string {
  const looks = learned > 0 ? 3 : 2
  return [
    `[0:${streamIndex}]${each},split=${looks}[a][b]${learned > 0 ? '[c]' : ''}`,
    `[a]scale=${width}:${height}:flags=area,format=gray,pad=${stride}:${height}[detail]`,
    ...planesOf('b', PICTURE_SIDE, stride, 'small'),
    ...(learned > 0 ? planesOf('c', learned, stride, 'large') : []),
    `[detail][small]${learned > 0 ? '[large]' : ''}vstack=inputs=${looks}[out]`,
  ].join(';')
}

/** Three planes back to interleaved bytes, from the given row of the frame on. */
function interleave(frame: Uint8Array, layout: Layout, top: number, side: number): Uint8Array {
  const rgb = new Uint8Array(side * side * 3)
  for (let y = 0; y < side; y++) {
    const row = (top + y) * layout.stride
    for (let x = 0; x < side; x++) {
      const at = (y * side + x) * 3
      rgb[at] = frame[row + x]
      rgb[at + 1] = frame[row + side + x]
      rgb[at + 2] = frame[row + 2 * side + x]
    }
  }
  return rgb
}

function detailOf(
  frame: Uint8Array,
  { width, height, stride }: Pick<Layout, 'width' | 'height' | 'stride'>,
): Uint8Array {
  if (stride === width) return frame.subarray(0, width * height)
  const luma = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) luma.set(frame.subarray(y * stride, y * stride + width), y * width)
  return luma
}

/** A hash below this says little (shared/originality/pdq.ts). */
const LEAST_QUALITY = 50
const MIRRORED = 1

/** The hashes by which a picture is known again, as near-duplicates.ts reads them; null where it is too flat to tell. */
function lookOf(grey: Uint8Array, { width, height }: Pick<Layout, 'width' | 'height'>): string | null {
  const whole = areaPicture(grey, width, height, PDQ_SIDE)
  if (pdqQuality(whole) < LEAST_QUALITY) return null
  const coefficients = pdqCoefficients(whole)
  const middles = LOOK_CROPS.map((crop) => pdqCoefficients(areaPicture(grey, width, height, PDQ_SIDE, crop)))
  return [coefficients, pdqForm(coefficients, MIRRORED), ...middles].map((each) => pdqHex(pdqHash(each))).join('')
}

/**
 * Measures a video or image stream.
 *
 * @param encoders Says what the pictures show; without it they are compared by colours and edges alone.
 * @param onProgress From 0 to 1, once a look.
 */
export async function measurePicture(
  path: string,
  which: WhichPictures,
  tools: MediaTools,
  signal: AbortSignal,
  encoders: Encoders | null = null,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<PictureMeasurement> {
  const stream = await openPictures(path, which, tools, signal)
  const layout = layoutOf(stream, encoders ? PICTURE_ENCODER_SIDE : 0)
  const { perSecond: rate, filter, mostFrames } = looksAt(stream, MOST_LOOKS)
  const bins: PictureMeasurement['bins'] = []
  const said: Promise<Float32Array>[] = []
  const frameBytes = layout.stride * (layout.height + PICTURE_SIDE + layout.learned)
  const last = Buffer.alloc(frameBytes)
  let before: Uint8Array | null = null
  const take = (frame: Uint8Array): void => {
    throwIfCancelled(signal)
    const t = stream.startSeconds + bins.length / rate
    // The very same picture once more, as between far key frames: every figure of it is known.
    if (before && last.equals(frame)) {
      bins.push({ ...bins[bins.length - 1], t, motion: 0 })
      said.push(...said.slice(-1))
      return
    }
    last.set(frame)
    const rgb = interleave(frame, layout, layout.height, PICTURE_SIDE)
    const large = layout.height + PICTURE_SIDE
    if (encoders) {
      const vector = encoders.pictures(interleave(frame, layout, large, layout.learned))
      // Refused, it is told below: until then nobody waits for it.
      vector.catch(() => undefined)
      said.push(vector)
    }
    const detail = detailOf(frame, layout)
    const look = lookOf(detail, layout)
    bins.push({
      t,
      vector: rounded(pictureVector(rgb)),
      ...(look !== null && { look }),
      clarity: rounded([clarityOf(detail, layout.width, layout.height)])[0],
      exposure: rounded([exposureOf(rgb)])[0],
      motion: before ? rounded([pictureChange(before, rgb)])[0] : 0,
    })
    before = rgb
  }
  const frames = {
    filterGraph: filterGraph(stream.index, filter, layout),
    pixelFormat: 'gray',
    frameBytes,
    mostFrames,
  } as const
  await forEachFrame(stream, frames, tools, signal, async (frame) => {
    take(frame)
    onProgress(Math.min(1, bins.length / rate / Math.max(1, stream.durationSeconds)))
    // The decoder waits for the learned model a few pictures behind, so that they do not pile up in memory.
    await said.at(-MOST_PICTURES_WAITING)
  })
  const known = await Promise.all(said)
  return {
    kind: 'picture',
    binSeconds: 1 / rate,
    bins: encoders
      ? bins.map((bin, at) => ({ ...bin, meaning: meaningOf(known[at]), units: packUnits(known[at]) }))
      : bins,
  }
}
