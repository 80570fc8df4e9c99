/** Whether the first pictures and sounds of a file can really be decoded: headers outlive the data they describe. */
import { AsterismError } from '../../../shared/errors.ts'
import { KnownFiles } from './known-files.ts'
import type { MediaProbe, MediaStream } from './probe.ts'
import { COMMON_ARGUMENTS, inputArguments, runTool } from './run-tool.ts'
import type { MediaTool } from './tools.ts'

const TIMEOUT_MILLISECONDS = 2_500
const FRAMES = '2'
/** Of a stream: whether it gives pictures or sound. */
const tried = new KnownFiles<boolean | null>(512)

/**
 * The streams of which not one of the first frames came out; `null` when looking took too long to say.
 * Only the first video and the first audio stream are tried, each by itself: in a common run the one that has its
 * frames ends the other.
 */
export async function undecodableStreams(
  ffmpeg: MediaTool,
  path: string,
  probe: MediaProbe,
  signal: AbortSignal,
): Promise<MediaStream[] | null> {
  const silent: MediaStream[] = []
  for (const kind of ['video', 'audio'] as const) {
    const stream = probe.streams.find((candidate) => candidate.kind === kind && !candidate.attachedPicture)
    if (!stream) continue
    const gives = await tried.about(
      path,
      `${ffmpeg.path}\n${stream.index}`,
      () => givesFrames(ffmpeg, path, stream, signal),
      (answer) => answer !== null,
    )
    if (gives === null) return null
    if (!gives) silent.push(stream)
  }
  return silent
}

async function givesFrames(
  ffmpeg: MediaTool,
  path: string,
  stream: MediaStream,
  signal: AbortSignal,
): Promise<boolean | null> {
  const input = [...COMMON_ARGUMENTS, '-v', 'error', ...inputArguments(path), '-map', `0:${stream.index}`]
  const limit = stream.kind === 'video' ? '-frames:v' : '-frames:a'
  try {
    const result = await runTool(ffmpeg, [...input, limit, FRAMES, '-f', 'framecrc', 'pipe:1'], {
      signal,
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    })
    // A line a frame, beginning with the output stream; the lines of the header begin with `#`.
    return /^0,/m.test(result.stdout.toString('latin1'))
  } catch (error) {
    if (error instanceof AsterismError && error.code === 'timeout') return null
    throw error
  }
}
