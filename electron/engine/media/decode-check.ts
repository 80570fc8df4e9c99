/** Whether the first pictures and sounds of a file can really be decoded: headers outlive the data they describe. */
import { AsterismError } from '../../../shared/errors.ts'
import { KnownFiles } from './known-files.ts'
import type { MediaProbe, MediaStream } from './probe.ts'
import { COMMON_ARGUMENTS, inputArguments, runTool } from './run-tool.ts'
import type { MediaTool } from './tools.ts'

const TIMEOUT_MILLISECONDS = 2_500
const FRAMES = '2'
/** The indices of the streams that give pictures or sound. */
const tried = new KnownFiles<readonly number[] | null>(512)

/** The streams that are tried: the first video and the first audio stream. */
export function triedStreams(probe: MediaProbe): MediaStream[] {
  return (['video', 'audio'] as const).flatMap(
    (kind) => probe.streams.find((candidate) => candidate.kind === kind && !candidate.attachedPicture) ?? [],
  )
}

/** The tried streams of which not one of the first frames came out; `null` when looking took too long to say. */
export async function undecodableStreams(
  ffmpeg: MediaTool,
  path: string,
  probe: MediaProbe,
  signal: AbortSignal,
): Promise<MediaStream[] | null> {
  const streams = triedStreams(probe)
  const giving = await tried.about(
    path,
    `${ffmpeg.path}\n${streams.map(({ index }) => index).join()}`,
    () => givingStreams(ffmpeg, path, streams, signal),
    (answer) => answer !== null,
  )
  return giving && streams.filter(({ index }) => !giving.includes(index))
}

/**
 * All at once, since a start of ffmpeg takes longer than the frames. Where not all give some, each is tried by itself:
 * a stream that cannot even be opened ends the common run, and one that stays silent makes the others be decoded
 * to the end of the file.
 */
async function givingStreams(
  ffmpeg: MediaTool,
  path: string,
  streams: readonly MediaStream[],
  signal: AbortSignal,
): Promise<readonly number[] | null> {
  if (streams.length > 1) {
    const together = await givingFrames(ffmpeg, path, streams, signal)
    if (together?.length === streams.length) return together
  }
  const giving: number[] = []
  for (const stream of streams) {
    const alone = await givingFrames(ffmpeg, path, [stream], signal)
    if (alone === null) return null
    giving.push(...alone)
  }
  return giving
}

/** Of one run of ffmpeg, which gives every stream an output of its own, so that each ends when it has its frames. */
async function givingFrames(
  ffmpeg: MediaTool,
  path: string,
  streams: readonly MediaStream[],
  signal: AbortSignal,
): Promise<readonly number[] | null> {
  const outputs = streams.flatMap(({ index, kind }) => {
    // The two write other sums behind their frames, by which they are told apart.
    const limit = kind === 'video' ? ['-frames:v', FRAMES, '-f', 'framecrc'] : ['-frames:a', FRAMES, '-f', 'framemd5']
    return ['-map', `0:${index}`, ...limit, 'pipe:1']
  })
  try {
    const result = await runTool(ffmpeg, [...COMMON_ARGUMENTS, '-v', 'error', ...inputArguments(path), ...outputs], {
      signal,
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    })
    // A line a frame, beginning with the output stream; the lines of the header begin with `#`.
    const lines = result.stdout.toString('latin1')
    return streams
      .filter(({ kind }) => (kind === 'video' ? /^0,.* 0x[0-9a-f]{8}\b/m : /^0,.* [0-9a-f]{32}\b/m).test(lines))
      .map(({ index }) => index)
  } catch (error) {
    if (error instanceof AsterismError && error.code === 'timeout') return null
    throw error
  }
}
