/** The pictures of an H.264 film one by one, as Annex B access units with the parameter sets before every key frame. */
import { say } from '../../../../shared/sayings/saying.ts'
import { COMMON_ARGUMENTS, fileUrl, refuseFailure, runTool } from '../../media/run-tool.ts'
import { requireTool, type MediaTools } from '../../media/tools.ts'

/** A start code and the head of an access unit delimiter. */
const DELIMITER = Buffer.from([0, 0, 0, 1, 9])
/** Films are read whole; at 20 Mb/s this is three hours. */
const MOST_BYTES = 2 ** 31 - 1

export async function* accessUnits(tools: MediaTools, path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const result = await runTool(
    requireTool(tools, 'ffmpeg'),
    [
      ...COMMON_ARGUMENTS,
      '-v',
      'error',
      '-i',
      fileUrl(path),
      '-map',
      '0:v:0',
      '-c',
      'copy',
      '-bsf:v',
      'h264_mp4toannexb,h264_metadata=aud=insert',
      '-f',
      'h264',
      'pipe:1',
    ],
    { signal, timeoutMilliseconds: 3600_000, maxOutputBytes: MOST_BYTES },
  )
  refuseFailure(result, say('tool.filmTakenApart'), { path })
  const bytes = result.stdout
  let start = bytes.indexOf(DELIMITER)
  while (start >= 0) {
    const next = bytes.indexOf(DELIMITER, start + DELIMITER.length)
    yield bytes.subarray(start, next < 0 ? bytes.length : next)
    start = next
  }
}
