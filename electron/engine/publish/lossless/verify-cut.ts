/** A finished cut, looked at again before it gets its name. */
import { AsterismError } from '../../../../shared/errors.ts'
import { fixedAmount } from '../../../../shared/sayings/amounts.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
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

function fault(what: Saying, path: string): AsterismError {
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
  let wrong: Saying | null = null
  const look = (line: string): void => {
    const [time, hash] = line.split(',')
    if (!hash) return
    const delay = cut.compositionTicks?.[n] ?? 0
    const expected = (cut.decodeTicks[n]! + delay - cut.startTicks) / timescale
    if (hash.trim() !== `MD5:${digests[n]}`) wrong ??= say('export.found.otherPicture', { picture: n })
    else if (!(Math.abs(Number(time) - expected) < TIME_TOLERANCE_SECONDS))
      wrong ??= say('export.found.pictureTime', { picture: n, seconds: time ?? '' })
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
  if (result.exitCode !== 0) throw fault(say('export.found.unreadable'), path)
  if (wrong !== null) throw fault(wrong, path)
  if (n !== digests.length) throw fault(say('export.found.pictures', { found: n, wanted: digests.length }), path)
}

interface Film {
  readonly path: string
  readonly stream: MediaStream
}

interface Glance {
  readonly decodeFromSeconds: number
  readonly fromSeconds: number
  readonly toSeconds: number
  /** More pictures than this are an error. */
  readonly mostPictures: number
}

/** The pictures of a span as small grey ones, one after the other. */
async function glances(
  tools: MediaTools,
  file: Film,
  { decodeFromSeconds, fromSeconds, toSeconds, mostPictures }: Glance,
  signal: AbortSignal,
): Promise<Buffer> {
  const { width, height } = GLANCE
  const args = [
    ...edgeInput(file.path, file.stream, decodeFromSeconds),
    '-vf',
    `trim=start=${fromSeconds.toFixed(6)}:end=${toSeconds.toFixed(6)},scale=${width}:${height}:flags=area,format=gray`,
    '-vsync',
    'passthrough',
    '-f',
    'rawvideo',
    'pipe:1',
  ]
  const result = await runTool(requireTool(tools, 'ffmpeg'), args, {
    signal,
    timeoutMilliseconds: 3600_000,
    maxOutputBytes: mostPictures * width * height,
  })
  refuseFailure(result, say('tool.cutDecoded'), { path: file.path })
  return result.stdout
}

interface WrittenEdge {
  readonly recording: Film
  readonly written: Film
  readonly piece: EdgePictures
  /** Where the edge begins in the written file. */
  readonly startSeconds: number
  /** Whether the recording goes on behind it. */
  readonly goesOn: boolean
  readonly halfPictureSeconds: number
}

/**
 * Compares the pictures of an edge, and the first behind it, as decoded from the written file and from the recording:
 * they must be as many, and look the same.
 */
export async function verifyEdge(tools: MediaTools, edge: WrittenEdge, signal: AbortSignal): Promise<void> {
  const { recording, written, piece, startSeconds, goesOn, halfPictureSeconds } = edge
  const length = piece.toSeconds - piece.fromSeconds + (goesOn ? halfPictureSeconds : -halfPictureSeconds)
  // One behind the edge, and one that would be too many: a film of open groups is a single edge, of any length.
  const mostPictures = piece.pictures.length + 2
  const span = (decodeFromSeconds: number, startsSeconds: number): Glance => ({
    decodeFromSeconds,
    fromSeconds: startsSeconds - halfPictureSeconds,
    toSeconds: startsSeconds + length,
    mostPictures,
  })
  const before = await glances(tools, recording, span(piece.decodeFromSeconds, piece.fromSeconds), signal)
  const after = await glances(tools, written, span(startSeconds, startSeconds), signal)
  const size = GLANCE.width * GLANCE.height
  if (before.length !== after.length || before.length === 0)
    throw fault(
      say('export.found.picturesAround', {
        seconds: fixedAmount(startSeconds, 3),
        found: after.length / size,
        wanted: before.length / size,
      }),
      written.path,
    )
  for (let n = 0; n < before.length; n += size) {
    let difference = 0
    for (let i = n; i < n + size; i++) difference += Math.abs(before[i]! - after[i]!)
    if (difference > MOST_DIFFERENCE * size) {
      throw fault(
        say('export.found.otherPictureBehind', { picture: n / size, seconds: fixedAmount(startSeconds, 3) }),
        written.path,
      )
    }
  }
}
