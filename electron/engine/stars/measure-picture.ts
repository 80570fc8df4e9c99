/** Looks at a video about once a second: a 64 x 64 picture for colours and edges, a larger grey one for detail. */
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { clarityOf } from '../../../shared/stars/estimate/picture-clarity.ts'
import {
  exposureOf,
  pictureChange,
  PICTURE_SIDE,
  pictureVector,
} from '../../../shared/stars/estimate/picture-vector.ts'
import { clockShiftSeconds } from '../media/file-clock.ts'
import type { MediaProbe, MediaStream } from '../media/probe.ts'
import { probeMedia } from '../media/probe.ts'
import { COMMON_ARGUMENTS, inputArguments, refuseFailure, runTool } from '../media/run-tool.ts'
import type { MediaTools } from '../media/tools.ts'
import { requireTool } from '../media/tools.ts'
import type { Encoders } from '../models/encoders.ts'
import { PICTURE_ENCODER_SIDE } from '../models/encoders.ts'
import { meaningOf } from './picture-meaning.ts'
import { packUnits } from './picture-units.ts'
import type { PictureMeasurement } from './measurements.ts'
import { MOST_BINS, rounded } from './measurements.ts'

const LARGEST_SIDE = 640
const MOST_PICTURES_WAITING = 4
/** Recordings longer than this are looked at by their key frames only, since decoding every frame would take minutes. */
const KEY_FRAMES_BEYOND_SECONDS = 1200

interface Layout {
  /** Of the grey picture. */
  readonly width: number
  readonly height: number
  /** Of a row of the frame: the grey picture above, three planes of 64 x 64 below, three for the learned model under them. */
  readonly stride: number
  /** Side of the planes for the learned model; 0 without one. */
  readonly learned: number
}

function layoutOf(stream: MediaStream, learned: number): Layout {
  const turned = ((stream.rotationDegrees ?? 0) / 90) % 2 === 1
  const width = (turned ? stream.height : stream.width) ?? 0
  const height = (turned ? stream.width : stream.height) ?? 0
  if (width < 1 || height < 1) throw new AsterismError('corrupt_file', 'The picture has no size.')
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
function filterGraph(streamIndex: number, rate: number, { width, height, stride, learned }: Layout): string {
  const looks = learned > 0 ? 3 : 2
  return [
    `[0:${streamIndex}]fps=${rate}:eof_action=pass,split=${looks}[a][b]${learned > 0 ? '[c]' : ''}`,
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

/** The stream's own part of the file: cover pictures do not count. */
function videoStreamOf(probe: MediaProbe, videoIndex: number): MediaStream {
  const found = probe.streams.filter((stream) => stream.kind === 'video' && !stream.attachedPicture)[videoIndex]
  if (!found)
    throw new AsterismError('bad_input', `The recording has no video stream ${videoIndex}.`, { path: probe.path })
  return found
}

/**
 * Measures a video or image stream.
 *
 * @param which Its place among the file's video streams, and where it starts on its clock.
 * @param encoders Says what the pictures show; without it they are compared by colours and edges alone.
 */
export async function measurePicture(
  path: string,
  which: { readonly rank: number; readonly startSeconds: number },
  tools: MediaTools,
  signal: AbortSignal,
  encoders: Encoders | null = null,
): Promise<PictureMeasurement> {
  const ffmpeg = requireTool(tools, 'ffmpeg')
  const probe = await probeMedia(path, tools, signal)
  const stream = videoStreamOf(probe, which.rank)
  const startSeconds = stream.startSeconds + clockShiftSeconds(which, stream)
  const duration = stream.durationSeconds ?? probe.durationSeconds ?? 0
  const layout = layoutOf(stream, encoders ? PICTURE_ENCODER_SIDE : 0)
  const rate = duration > MOST_BINS ? MOST_BINS / duration : 1
  const frameBytes = layout.stride * (layout.height + PICTURE_SIDE + layout.learned)
  const bins: PictureMeasurement['bins'] = []
  const said: Promise<Float32Array>[] = []
  const frame = new Uint8Array(frameBytes)
  let filled = 0
  let before: Uint8Array | null = null
  const take = (): void => {
    throwIfCancelled(signal)
    if (bins.length >= MOST_BINS + 10) return
    const rgb = interleave(frame, layout, layout.height, PICTURE_SIDE)
    const large = layout.height + PICTURE_SIDE
    if (encoders) said.push(encoders.pictures(interleave(frame, layout, large, layout.learned)))
    bins.push({
      t: startSeconds + bins.length / rate,
      vector: rounded(pictureVector(rgb)),
      clarity: rounded([clarityOf(detailOf(frame, layout), layout.width, layout.height)])[0],
      exposure: rounded([exposureOf(rgb)])[0],
      motion: before ? rounded([pictureChange(before, rgb)])[0] : 0,
    })
    before = rgb
  }
  const result = await runTool(
    ffmpeg,
    [
      ...COMMON_ARGUMENTS,
      '-v',
      'error',
      ...(duration > KEY_FRAMES_BEYOND_SECONDS ? ['-skip_frame', 'nokey'] : []),
      ...inputArguments(path),
      '-filter_complex',
      filterGraph(stream.index, rate, layout),
      '-map',
      '[out]',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'gray',
      'pipe:1',
    ],
    {
      signal,
      timeoutMilliseconds: 120_000 + duration * 2000,
      onStdout: async (chunk) => {
        for (let at = 0; at < chunk.length;) {
          const count = Math.min(chunk.length - at, frameBytes - filled)
          frame.set(chunk.subarray(at, at + count), filled)
          filled += count
          at += count
          if (filled < frameBytes) continue
          filled = 0
          take()
          // The decoder waits for the learned model a few pictures behind, so that they do not pile up in memory.
          await said.at(-MOST_PICTURES_WAITING)
        }
      },
    },
  )
  refuseFailure(result, 'The pictures cannot be decoded', { path, code: 'corrupt_file', hasOutput: bins.length > 0 })
  if (bins.length === 0)
    throw new AsterismError('corrupt_file', 'The recording holds no picture that can be decoded.', { path })
  const known = await Promise.all(said)
  return {
    kind: 'picture',
    binSeconds: 1 / rate,
    bins: encoders
      ? bins.map((bin, at) => ({ ...bin, meaning: meaningOf(known[at]), units: packUnits(known[at]) }))
      : bins,
  }
}
