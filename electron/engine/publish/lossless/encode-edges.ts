/** Encodes the pictures around a cut as those of the recording are coded, so that they can stand before and behind them. */
import { join } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import type { MediaStream } from '../../media/probe.ts'
import { COMMON_ARGUMENTS, fileUrl, inputArguments, refuseFailure, runTool } from '../../media/run-tool.ts'
import { encodersOf } from '../../media/tool-features.ts'
import { requireTool, type MediaTool, type MediaTools } from '../../media/tools.ts'
import { EDGE_CODINGS } from './edge-codings.ts'
import type { EdgeCoding, EdgeFitter } from './edge-coding.ts'
import type { CutPiece, EdgePictures } from './exact-pieces.ts'
import { readMovie, type MovieTrack } from './movie.ts'

export interface EncodedEdge {
  readonly piece: EdgePictures
  /** One sample a picture, in the order in which they are shown. */
  readonly track: MovieTrack
}

export interface EncodedEdges {
  readonly edges: readonly EncodedEdge[]
  /** What is to be in the `stsd` box for the recording's pictures and all edges. */
  readonly description: DataView
}

const STALL_MILLISECONDS = 180_000
const SECONDS_PER_PICTURE_AT_MOST = 30

interface FittedCoding {
  readonly coding: EdgeCoding
  readonly fitter: EdgeFitter
}

/** How the edges of this recording are coded; a reason, as half a sentence, where they cannot be. */
function codingOf(track: MovieTrack, stream: MediaStream): FittedCoding | Saying {
  for (const coding of EDGE_CODINGS) {
    const fitter = coding.fitterFor(track, stream)
    if (fitter !== null) return 'code' in fitter ? fitter : { coding, fitter }
  }
  return say('export.edges.codec', { codec: stream.codec })
}

/** Why the edges of this recording cannot be encoded; null when they can. */
export async function whyNoEdges(
  track: MovieTrack,
  stream: MediaStream,
  tools: MediaTools,
  signal: AbortSignal,
): Promise<Saying | null> {
  const fitted = codingOf(track, stream)
  if ('code' in fitted) return fitted
  const { encoder } = fitted.coding
  const encoders = await encodersOf(requireTool(tools, 'ffmpeg'), signal)
  return encoders.has(encoder) ? null : say('export.edges.noEncoder', { encoder })
}

/** Opens the recording so that every picture from `piece` on comes out, each under its time in the file. */
export function edgeInput(path: string, stream: MediaStream, decodeFromSeconds: number): string[] {
  return [
    ...COMMON_ARGUMENTS,
    '-v',
    'error',
    '-copyts',
    '-noautorotate',
    '-noaccurate_seek',
    '-seek_timestamp',
    '1',
    '-ss',
    decodeFromSeconds.toFixed(6),
    ...inputArguments(path),
    '-map',
    `0:${stream.index}`,
  ]
}

function encodeArguments(
  path: string,
  stream: MediaStream,
  piece: EdgePictures,
  halfPicture: number,
  { coding, fitter }: FittedCoding,
): string[] {
  const from = (piece.fromSeconds - halfPicture).toFixed(6)
  const to = (piece.toSeconds - halfPicture).toFixed(6)
  return [
    ...edgeInput(path, stream, piece.decodeFromSeconds),
    '-map_metadata',
    '-1',
    '-vf',
    `trim=start=${from}:end=${to},setpts=PTS-STARTPTS`,
    '-vsync',
    'passthrough',
    '-c:v',
    coding.encoder,
    ...fitter.arguments(),
    '-pix_fmt',
    stream.pixelFormat!,
    '-f',
    'mp4',
    '-y',
  ]
}

async function encodeEdge(
  ffmpeg: MediaTool,
  args: readonly string[],
  piece: EdgePictures,
  out: string,
  signal: AbortSignal,
): Promise<MovieTrack> {
  const result = await runTool(ffmpeg, [...args, fileUrl(out)], {
    signal,
    timeoutMilliseconds: 600_000 + piece.pictures.length * SECONDS_PER_PICTURE_AT_MOST * 1000,
    stallMilliseconds: STALL_MILLISECONDS,
  })
  refuseFailure(result, say('tool.edgesEncoded'), { path: out })
  const track = (await readMovie(out)).tracks.find((each) => each.handler === 'vide')
  const count = track?.table.byteLengths.length ?? 0
  if (!track || count !== piece.pictures.length) {
    throw new AsterismError(
      'corrupt_file',
      say('export.picturesAtCut', { pictures: piece.pictures.length, decoded: count }),
      { kept: say('kept.nothingWritten'), fix: say('export.fix.eitherPreset') },
    )
  }
  return track
}

/**
 * @param folder for the encoded edges; whoever calls removes it
 * @param halfPicture seconds
 * @throws AsterismError `corrupt_file` where pictures of the recording cannot be decoded, `tool_failed`
 */
export async function encodeEdges(
  recording: { readonly path: string; readonly track: MovieTrack; readonly stream: MediaStream },
  pieces: readonly CutPiece[],
  options: {
    readonly folder: string
    readonly tools: MediaTools
    readonly halfPicture: number
    readonly signal: AbortSignal
    readonly onProgress: (fraction: number) => void
  },
): Promise<EncodedEdges> {
  const { path, track, stream } = recording
  const { folder, tools, halfPicture, signal, onProgress } = options
  const ffmpeg = requireTool(tools, 'ffmpeg')
  const wanted = pieces.filter((piece) => piece.kind === 'encoded')
  const total = wanted.reduce((sum, piece) => sum + piece.pictures.length, 0)
  const edges: EncodedEdge[] = []
  const fitted = codingOf(track, stream)
  const cannot = (): AsterismError =>
    new AsterismError('tool_failed', say('export.edgesUnfit'), {
      kept: say('kept.nothingWritten'),
      fix: say('export.fix.eitherPreset'),
    })
  if ('code' in fitted) throw cannot()
  let done = 0
  for (const piece of wanted) {
    const out = join(folder, `edge-${edges.length}.mp4`)
    const encode = async (): Promise<MovieTrack | null> => {
      const args = encodeArguments(path, stream, piece, halfPicture, fitted)
      return await fitted.fitter.fit(await encodeEdge(ffmpeg, args, piece, out, signal))
    }
    const edge = (await encode()) ?? (await encode())
    if (!edge) throw cannot()
    edges.push({ piece, track: edge })
    done += piece.pictures.length
    onProgress(done / total)
  }
  return { edges, description: fitted.fitter.description() }
}
