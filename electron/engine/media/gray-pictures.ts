/** Small grey pictures of a film at moments of it, as the sensor saw them. */
import { say } from '../../../shared/sayings/saying.ts'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MediaProbe, MediaStream } from './probe.ts'
import { COMMON_ARGUMENTS, fileUrl, inputArguments, refuseFailure, runTool } from './run-tool.ts'
import { requireTool, type MediaTool, type MediaTools } from './tools.ts'

const TIMEOUT_MILLISECONDS = 60_000
/** The picture that is shown at a moment may have begun a little before it. */
const EARLIER_SECONDS = 0.008
/** Every moment of a run has a decoder of its own, which holds some pictures: full ones of them all, in pixels. */
const MOST_PIXELS_AT_ONCE = 32e6

/**
 * For each moment the first picture from there on, in seconds of the file's own time, row by row; null behind the end.
 * Not turned upright: what a lens does is described in the sensor's own frame.
 * @throws AsterismError `corrupt_file`, `tool_missing`, `timeout`, `cancelled`
 */
export async function grayPicturesAt(
  tools: MediaTools,
  probe: MediaProbe,
  stream: MediaStream,
  moments: readonly number[],
  size: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<(Uint8Array | null)[]> {
  const ffmpeg = requireTool(tools, 'ffmpeg')
  const pixels = (stream.width ?? size.width) * (stream.height ?? size.height)
  const atOnce = Math.max(1, Math.floor(MOST_PIXELS_AT_ONCE / pixels))
  const pictures: (Uint8Array | null)[] = []
  const folder = await mkdtemp(join(tmpdir(), 'asterism-pictures-'))
  try {
    for (let from = 0; from < moments.length; from += atOnce) {
      const files = moments
        .slice(from, from + atOnce)
        .map((seconds, at) => ({ seconds, path: join(folder, String(at)) }))
      await writePictures(ffmpeg, probe, stream, files, size, signal)
      for (const { path } of files) {
        const bytes = await readFile(path).catch(() => null)
        await rm(path, { force: true })
        pictures.push(bytes?.length === size.width * size.height ? new Uint8Array(bytes) : null)
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return pictures
}

/** One run of ffmpeg, which opens the film once for each moment: each is sought for, nothing between them is decoded. */
async function writePictures(
  ffmpeg: MediaTool,
  probe: MediaProbe,
  stream: MediaStream,
  files: readonly { readonly seconds: number; readonly path: string }[],
  size: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<void> {
  const args = [...COMMON_ARGUMENTS, '-v', 'error']
  for (const { seconds } of files) {
    const from = Math.max(0, seconds - EARLIER_SECONDS) + probe.clockOriginSeconds
    args.push('-threads', '1', '-noautorotate', '-seek_timestamp', '1', '-ss', from.toFixed(6))
    args.push(...inputArguments(probe.path))
  }
  for (const [at, { path }] of files.entries()) {
    args.push('-map', `${at}:${stream.index}`, '-frames:v', '1')
    args.push('-vf', `scale=${size.width}:${size.height}:flags=area,format=gray`, '-f', 'rawvideo', fileUrl(path))
  }
  const result = await runTool(ffmpeg, args, { signal, timeoutMilliseconds: TIMEOUT_MILLISECONDS })
  refuseFailure(result, say('tool.pictureOfFilm'), { path: probe.path, code: 'corrupt_file' })
}
