/** Where in a picture a unit of the network for pictures looks: its answer with one part after another covered. */
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { probeMedia } from '../media/probe.ts'
import { COMMON_ARGUMENTS, inputArguments, refuseFailure, runTool } from '../media/run-tool.ts'
import type { MediaTools } from '../media/tools.ts'
import { requireTool } from '../media/tools.ts'
import type { Encoders } from '../models/encoders.ts'
import { PICTURE_ENCODER_SIDE } from '../models/encoders.ts'

/** Parts to a side. */
export const OCCLUSION_SIDE = 7
const SIDE = PICTURE_ENCODER_SIDE
const PIXELS = SIDE * SIDE * 3
const TIMEOUT_MILLISECONDS = 30_000

async function pictureAt(
  path: string,
  videoIndex: number,
  seconds: number,
  tools: MediaTools,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const probe = await probeMedia(path, tools, signal)
  const stream = probe.streams.filter((each) => each.kind === 'video' && !each.attachedPicture)[videoIndex]
  if (!stream) throw new AsterismError('bad_input', say('microscope.noSuchPicture'), { path })
  const last = Math.max(0, (stream.durationSeconds ?? probe.durationSeconds ?? 0) - 0.1)
  const at = Math.min(last, Math.max(0, seconds - stream.startSeconds))
  const input = ['-v', 'error', '-ss', at.toFixed(3), ...inputArguments(path), '-map', `0:${stream.index}`]
  const output = ['-frames:v', '1', '-vf', `scale=${SIDE}:${SIDE}:flags=area`, '-f', 'rawvideo', '-pix_fmt', 'rgb24']
  const result = await runTool(requireTool(tools, 'ffmpeg'), [...COMMON_ARGUMENTS, ...input, ...output, 'pipe:1'], {
    signal,
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    maxOutputBytes: 2 * PIXELS,
  })
  refuseFailure(result, say('tool.pictureDecoded'), { path, code: 'corrupt_file', hasOutput: true })
  if (result.stdout.length < PIXELS) throw new AsterismError('corrupt_file', say('microscope.noPictureNow'), { path })
  return result.stdout.subarray(0, PIXELS)
}

/** The picture with one part covered by its own mean colour. */
function covered(rgb: Uint8Array, mean: readonly number[], row: number, column: number): Uint8Array {
  const copy = Uint8Array.from(rgb)
  const edge = (part: number): number => Math.round((part * SIDE) / OCCLUSION_SIDE)
  for (let y = edge(row); y < edge(row + 1); y++)
    for (let x = edge(column); x < edge(column + 1); x++)
      for (let channel = 0; channel < 3; channel++) copy[(y * SIDE + x) * 3 + channel] = mean[channel]
  return copy
}

export interface OcclusionRequest {
  readonly path: string
  readonly videoIndex: number
  readonly seconds: number
  readonly unit: number
}

/** How much of the unit's answer falls when each part is covered, 0 to 1, row by row; about a second of one processor. */
export async function occlusionMap(
  { path, videoIndex, seconds, unit }: OcclusionRequest,
  { tools, encoders, signal }: { tools: MediaTools; encoders: Encoders; signal: AbortSignal },
): Promise<number[]> {
  const rgb = await pictureAt(path, videoIndex, seconds, tools, signal)
  const mean = [0, 1, 2].map((channel) => {
    let sum = 0
    for (let at = channel; at < PIXELS; at += 3) sum += rgb[at]
    return Math.round((3 * sum) / PIXELS)
  })
  const whole = await encoders.pictures(rgb)
  if (unit >= whole.length) throw new AsterismError('bad_input', say('microscope.noSuchUnit', { units: whole.length }))
  const falls: number[] = []
  for (let part = 0; part < OCCLUSION_SIDE ** 2; part++) {
    throwIfCancelled(signal)
    const said = await encoders.pictures(covered(rgb, mean, Math.floor(part / OCCLUSION_SIDE), part % OCCLUSION_SIDE))
    falls.push(Math.max(0, whole[unit] - said[unit]))
  }
  const most = Math.max(1e-6, ...falls)
  return falls.map((fall) => Math.round((1000 * fall) / most) / 1000)
}
