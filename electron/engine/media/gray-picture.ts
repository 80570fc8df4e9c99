/** One small grey picture of a film at a moment, as the sensor saw it. */
import type { MediaProbe, MediaStream } from './probe.ts'
import { COMMON_ARGUMENTS, inputArguments, refuseFailure, runTool } from './run-tool.ts'
import { requireTool, type MediaTools } from './tools.ts'

const TIMEOUT_MILLISECONDS = 30_000
/** The picture that is shown at a moment may have begun a little before it. */
const EARLIER_SECONDS = 0.008

/**
 * The first picture from `seconds` of the file's own time on, row by row; null behind the end. Not turned upright: what a
 * lens does is described in the sensor's own frame.
 * @throws AsterismError `corrupt_file`, `tool_missing`, `timeout`, `cancelled`
 */
export async function grayPictureAt(
  tools: MediaTools,
  probe: MediaProbe,
  stream: MediaStream,
  seconds: number,
  size: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const from = Math.max(0, seconds - EARLIER_SECONDS) + probe.clockOriginSeconds
  const args = [...COMMON_ARGUMENTS, '-v', 'error', '-noautorotate', '-seek_timestamp', '1', '-ss', from.toFixed(6)]
  args.push(...inputArguments(probe.path), '-map', `0:${stream.index}`, '-frames:v', '1')
  args.push('-vf', `scale=${size.width}:${size.height}:flags=area,format=gray`, '-f', 'rawvideo', 'pipe:1')
  const result = await runTool(requireTool(tools, 'ffmpeg'), args, {
    signal,
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
  })
  refuseFailure(result, 'A picture of the film cannot be decoded', { path: probe.path, code: 'corrupt_file' })
  return result.stdout.length === size.width * size.height ? new Uint8Array(result.stdout) : null
}
