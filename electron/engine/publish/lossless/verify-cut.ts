/** A finished cut, looked at again before it gets its name. */
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { MediaStream } from '../../media/probe.ts'
import { fileUrl, refuseFailure, runTool } from '../../media/run-tool.ts'
import { requireTool, type MediaTools } from '../../media/tools.ts'
import { edgeInput } from './encode-edges.ts'
import type { EdgePictures } from './exact-pieces.ts'
import type { CutTrack } from './write-movie.ts'

const WANTED = ['-show_data_hash', 'md5', '-show_entries', 'packet=pts_time,data_hash']
const TIME_TOLERANCE_SECONDS = 0.0011
/** Pictures are compared at this size, in grey. */
const GLANCE = { width: 32, height: 18 }
/** Of 255, on average over a glance: coding costs less, another picture more. */
const MOST_DIFFERENCE = 6

function fault(what: string, path: string): AsterismError {
  return new AsterismError('tool_failed', say('export.checkFailed', { what }), {
    path,
    kept: say('export.notNamed'),
    fix: say('export.fix.standardAndReport'),
  })
}

/** Every picture is read back by ffprobe: as many as were written, each the same bytes, each at its time. */
export async function verifyPictures(
  tools: MediaTools,
  path: string,
  cut: CutTrack,
  digests: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { timescale } = cut.track.table
  let rest = ''
  let n = 0
  let wrong: string | null = null
  const look = (line: string): void => {
    const [time, hash] = line.split(',')
    if (!hash) return
    const delay = cut.compositionTicks?.[n] ?? 0
    const expected = (cut.decodeTicks[n]! + delay - cut.startTicks) / timescale
    if (hash.trim() !== `MD5:${digests[n]}`) wrong ??= `picture ${n} is not that of the recording`
    else if (!(Math.abs(Number(time) - expected) < TIME_TOLERANCE_SECONDS)) wrong ??= `picture ${n} stands at ${time} s`
    n++
  }
  const result = await runTool(
    requireTool(tools, 'ffprobe'),
    ['-v', 'error', '-of', 'csv=p=0', '-select_streams', 'v:0', ...WANTED, '-i', fileUrl(path)],
    {
      signal,
      timeoutMilliseconds: 6 * 3600_000,
      onStdout: (chunk) => {
        const lines = (rest + chunk.toString('latin1')).split('\n')
        rest = lines.pop() ?? ''
        lines.forEach(look)
      },
    },
  )
  look(rest)
  if (result.exitCode !== 0) throw fault('it cannot be read', path)
  if (wrong !== null) throw fault(wrong, path)
  if (n !== digests.length) throw fault(`it has ${n} pictures instead of ${digests.length}`, path)
}

/** The pictures of a span as small grey ones, one behind the other. @param most of pictures; more is an error */
async function glances(
  tools: MediaTools,
  file: { readonly path: string; readonly stream: MediaStream },
  decodeFromSeconds: number,
  from: number,
  to: number,
  most: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const { width, height } = GLANCE
  const args = [
    ...edgeInput(file.path, file.stream, decodeFromSeconds),
    '-vf',
    `trim=start=${from.toFixed(6)}:end=${to.toFixed(6)},scale=${width}:${height}:flags=area,format=gray`,
    '-vsync',
    'passthrough',
    '-f',
    'rawvideo',
    'pipe:1',
  ]
  const result = await runTool(requireTool(tools, 'ffmpeg'), args, {
    signal,
    timeoutMilliseconds: 3600_000,
    maxOutputBytes: most * width * height,
  })
  refuseFailure(result, say('tool.cutDecoded'), { path: file.path })
  return result.stdout
}

/**
 * The pictures of an edge and the first behind it, decoded from the finished file and from the recording: as many, and
 * the same to the eye.
 *
 * @param startSeconds where the edge begins in the finished file @param next whether the recording goes on behind it
 */
export async function verifyEdge(
  tools: MediaTools,
  recording: { readonly path: string; readonly stream: MediaStream },
  written: { readonly path: string; readonly stream: MediaStream },
  piece: EdgePictures,
  startSeconds: number,
  next: boolean,
  halfPicture: number,
  signal: AbortSignal,
): Promise<void> {
  const length = piece.toSeconds - piece.fromSeconds + (next ? halfPicture : -halfPicture)
  const begin = piece.fromSeconds - halfPicture
  // One behind the edge, and one that would be too many: a film of open groups is a single edge, of any length.
  const most = piece.pictures.length + 2
  const end = piece.fromSeconds + length
  const before = await glances(tools, recording, piece.decodeFromSeconds, begin, end, most, signal)
  const at = startSeconds - halfPicture
  const after = await glances(tools, written, startSeconds, at, startSeconds + length, most, signal)
  const size = GLANCE.width * GLANCE.height
  if (before.length !== after.length || before.length === 0)
    throw fault(
      `around ${startSeconds.toFixed(3)} s it shows ${after.length / size} pictures instead of ${before.length / size}`,
      written.path,
    )
  for (let n = 0; n < before.length; n += size) {
    let difference = 0
    for (let i = n; i < n + size; i++) difference += Math.abs(before[i]! - after[i]!)
    if (difference > MOST_DIFFERENCE * size) {
      throw fault(`picture ${n / size} behind ${startSeconds.toFixed(3)} s is not that of the recording`, written.path)
    }
  }
}
