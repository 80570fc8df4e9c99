/** The pictures of a video or image stream about once a second, brought into the form that somebody looks at. */
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { clockShiftSeconds } from '../media/file-clock.ts'
import type { MediaProbe, MediaStream } from '../media/probe.ts'
import { probeMedia } from '../media/probe.ts'
import { COMMON_ARGUMENTS, inputArguments, refuseFailure, runTool } from '../media/run-tool.ts'
import type { MediaTools } from '../media/tools.ts'
import { requireTool } from '../media/tools.ts'
import { MOST_LOOKS } from './measurements.ts'

/** Recordings longer than this are looked at by their key frames only, since decoding every frame would take minutes. */
const KEY_FRAMES_BEYOND_SECONDS = MOST_LOOKS

export interface WhichPictures {
  /** Its place among the file's video streams. */
  readonly rank: number
  /** Where it starts on its clock. */
  readonly startSeconds: number
}

export interface PictureStream {
  readonly path: string
  /** Among all streams of the file, as ffmpeg counts. */
  readonly index: number
  /** As it is shown, turned by its rotation. */
  readonly width: number
  readonly height: number
  readonly startSeconds: number
  /** 0 where the file does not say. */
  readonly durationSeconds: number
}

/** The stream's own part of the file: cover pictures do not count. */
function videoStreamOf(probe: MediaProbe, rank: number): MediaStream {
  const found = probe.streams.filter((stream) => stream.kind === 'video' && !stream.attachedPicture)[rank]
  if (!found) throw new AsterismError('bad_input', say('recording.noVideoStream', { rank }), { path: probe.path })
  return found
}

/** @throws AsterismError `bad_input` where there is no such stream, `corrupt_file` for one without a size */
export async function openPictures(
  path: string,
  which: WhichPictures,
  tools: MediaTools,
  signal: AbortSignal,
): Promise<PictureStream> {
  const probe = await probeMedia(path, tools, signal)
  const stream = videoStreamOf(probe, which.rank)
  const isTurned = ((stream.rotationDegrees ?? 0) / 90) % 2 === 1
  const width = (isTurned ? stream.height : stream.width) ?? 0
  const height = (isTurned ? stream.width : stream.height) ?? 0
  if (width < 1 || height < 1) throw new AsterismError('corrupt_file', say('recording.noSize'))
  return {
    path,
    index: stream.index,
    width,
    height,
    startSeconds: stream.startSeconds + clockShiftSeconds(which, stream),
    durationSeconds: stream.durationSeconds ?? probe.durationSeconds ?? 0,
  }
}

export interface Looks {
  readonly perSecond: number
  /** Of ffmpeg, from all pictures to those that are looked at. */
  readonly filter: string
  readonly mostFrames: number
}

/** A look a second, fewer where that would be more than `most`. A key picture stands for what follows, up to the end. */
export function looksAt({ durationSeconds }: PictureStream, most: number): Looks {
  const perSecond = durationSeconds > most ? most / durationSeconds : 1
  const filter = `fps=${perSecond}:eof_action=pass`
  return durationSeconds > KEY_FRAMES_BEYOND_SECONDS
    ? {
        perSecond,
        filter: `${filter},tpad=stop=-1:stop_mode=clone`,
        mostFrames: Math.ceil(durationSeconds * perSecond),
      }
    : { perSecond, filter, mostFrames: most + 10 }
}

export interface WantedFrames {
  /** Of ffmpeg, from `[0:index]` to `[out]`. */
  readonly filterGraph: string
  readonly pixelFormat: 'gray' | 'rgb24'
  readonly frameBytes: number
  /** The decoder ends after these, whatever follows. */
  readonly mostFrames: number
}

/**
 * Decodes and gives one frame after another, the same memory each time; the decoder waits while `onFrame` does.
 *
 * @throws AsterismError `corrupt_file` where no frame came out, `tool_missing`, `timeout`, `cancelled`
 */
export async function forEachFrame(
  stream: PictureStream,
  { filterGraph, pixelFormat, frameBytes, mostFrames }: WantedFrames,
  tools: MediaTools,
  signal: AbortSignal,
  onFrame: (frame: Uint8Array) => Promise<void>,
): Promise<void> {
  const { path, durationSeconds } = stream
  const frame = new Uint8Array(frameBytes)
  let filled = 0
  let frames = 0
  const result = await runTool(
    requireTool(tools, 'ffmpeg'),
    [
      ...COMMON_ARGUMENTS,
      '-v',
      'error',
      // The reader leaves the others out as well where the format can: a day of film is read in a tenth of the time.
      ...(durationSeconds > KEY_FRAMES_BEYOND_SECONDS ? ['-discard:v', 'nokey', '-skip_frame', 'nokey'] : []),
      ...inputArguments(path),
      '-filter_complex',
      filterGraph,
      '-map',
      '[out]',
      '-frames:v',
      String(mostFrames),
      '-f',
      'rawvideo',
      '-pix_fmt',
      pixelFormat,
      'pipe:1',
    ],
    {
      signal,
      timeoutMilliseconds: 120_000 + durationSeconds * 2000,
      onStdout: async (chunk) => {
        for (let at = 0; at < chunk.length;) {
          const count = Math.min(chunk.length - at, frameBytes - filled)
          frame.set(chunk.subarray(at, at + count), filled)
          filled += count
          at += count
          if (filled < frameBytes) continue
          filled = 0
          frames++
          await onFrame(frame)
        }
      },
    },
  )
  refuseFailure(result, say('tool.picturesDecoded'), { path, code: 'corrupt_file', hasOutput: frames > 0 })
  if (frames === 0) throw new AsterismError('corrupt_file', say('recording.noPicture'), { path })
}
