/** Small grey pictures of a recording with their times, for what is measured in pictures. */
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { MediaProbe } from './probe.ts'
import { COMMON_ARGUMENTS, inputArguments, refuseFailure, runTool } from './run-tool.ts'
import { requireTool } from './tools.ts'
import type { MediaTools } from './tools.ts'

export interface GrayFramesOptions {
  readonly width: number
  readonly height: number
  /** From the start of the recording. */
  readonly longestSeconds: number
  readonly signal: AbortSignal
}

const STALL_MILLISECONDS = 120_000
/** The longest that a second of recording may take to be decoded. */
const SLOWEST_SECONDS_PER_SECOND = 10

/**
 * @param onFrame gets the grey values of each frame, row by row; they are valid only during the call
 * @returns the clock times of the frames in seconds, in the same order
 * @throws AsterismError `bad_input` (no picture), `corrupt_file`, `tool_missing`, `timeout`, `cancelled`
 */
export async function grayFrames(
  tools: MediaTools,
  probe: MediaProbe,
  { width, height, longestSeconds, signal }: GrayFramesOptions,
  onFrame: (pixels: Uint8Array) => void,
): Promise<Float64Array> {
  const ffmpeg = requireTool(tools, 'ffmpeg')
  const video = probe.streams.find((stream) => stream.kind === 'video' && !stream.attachedPicture)
  if (!video) throw new AsterismError('bad_input', say('media.noMovingPicture'), { path: probe.path })
  const times: number[] = []
  const frame = new Uint8Array(width * height)
  let filled = 0
  let frames = 0
  const seconds = Math.min(longestSeconds, probe.durationSeconds ?? longestSeconds)
  const filters = `scale=${width}:${height}:flags=area,format=gray,showinfo=checksum=0`
  const args = [...COMMON_ARGUMENTS, '-v', 'info', '-nostats', '-copyts', ...inputArguments(probe.path)]
  args.push('-map', `0:v:${video.kindIndex}`, '-to', String(longestSeconds + probe.clockOriginSeconds))
  args.push('-vf', filters, '-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1')
  const result = await runTool(ffmpeg, args, {
    signal,
    timeoutMilliseconds: 60_000 + seconds * SLOWEST_SECONDS_PER_SECOND * 1000,
    stallMilliseconds: STALL_MILLISECONDS,
    onStderrLine: (line) => {
      const time = line.includes('showinfo') ? /\bpts_time:\s*(-?[\d.]+)/.exec(line) : null
      if (time) times.push(Number(time[1]) - probe.clockOriginSeconds)
    },
    onStdout: (chunk) => {
      for (let at = 0; at < chunk.length;) {
        const part = chunk.subarray(at, at + frame.length - filled)
        frame.set(part, filled)
        filled += part.length
        at += part.length
        if (filled < frame.length) continue
        onFrame(frame)
        frames++
        filled = 0
      }
    },
  })
  refuseFailure(result, say('tool.pictureDecoded'), {
    path: probe.path,
    code: 'corrupt_file',
    hasOutput: frames > 0,
  })
  return Float64Array.from(times.slice(0, frames))
}
