/** Encodes the pictures around a cut as those of the recording are coded, so that they can stand before and behind them. */
import { join } from 'node:path'
import { AsterismError } from '../../../../shared/errors.ts'
import type { MediaStream } from '../../media/probe.ts'
import { COMMON_ARGUMENTS, fileUrl, inputArguments, refuseFailure, runTool } from '../../media/run-tool.ts'
import { toolFeatures } from '../../media/tool-features.ts'
import { requireTool, type MediaTool, type MediaTools } from '../../media/tools.ts'
import type { CutPiece, EdgePictures } from './exact-pieces.ts'
import { readMovie, type MovieTrack } from './movie.ts'
import { freeNumbers, joinedSets, lengthBytes, parameterSetsOf, type ParameterSets } from './parameter-sets.ts'

export interface EncodedEdge {
  readonly piece: EdgePictures
  /** One sample a picture, in the order in which they are shown. */
  readonly track: MovieTrack
}

export interface EncodedEdges {
  readonly edges: readonly EncodedEdge[]
  /** Of the recording's pictures and of all edges. */
  readonly sets: ParameterSets
}

const ENCODER = 'libx264'
/** By `profile_idc`. Others code more than 8 bits or more than one colour for four pixels. */
const PROFILES: ReadonlyMap<number, string> = new Map([
  [66, 'baseline'],
  [77, 'main'],
  [88, 'main'],
  [100, 'high'],
])
const PIXEL_FORMATS = new Set(['yuv420p', 'yuvj420p'])
/** Nobody sees a difference at this factor; edges are short. */
const QUALITY = ['-preset', 'medium', '-crf', '14']
const STALL_MILLISECONDS = 180_000
const SECONDS_PER_PICTURE_AT_MOST = 30

/** Why the edges of this recording cannot be encoded; null when they can. */
export async function whyNoEdges(
  track: MovieTrack,
  stream: MediaStream,
  tools: MediaTools,
  signal: AbortSignal,
): Promise<string | null> {
  const sets = parameterSetsOf(track.description)
  if (!sets) return `its pictures are ${stream.codec}, and only the edges of H.264 can be encoded to fit`
  const profile = PROFILES.get(sets.head[1]!)
  if (profile === undefined || !PIXEL_FORMATS.has(stream.pixelFormat ?? ''))
    return `its pictures are ${stream.pixelFormat ?? 'of an unknown kind'}, and only 8 bits in 4:2:0 can be encoded to fit`
  if (lengthBytes(sets) !== 4 || freeNumbers(sets).length === 0)
    return 'its pictures are described in a way that leaves no room for others'
  const features = await toolFeatures(requireTool(tools, 'ffmpeg'), signal)
  return features.encoders.has(ENCODER) ? null : `this ffmpeg has no ${ENCODER}`
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
  profile: string,
  number: number,
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
    ENCODER,
    ...QUALITY,
    '-profile:v',
    profile,
    // Pictures that lean on later ones would need to be decoded before what is copied allows.
    '-bf',
    '0',
    '-x264-params',
    `keyint=infinite:scenecut=0:sps-id=${number}`,
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
  refuseFailure(result, 'The pictures around a cut could not be encoded', { path: out })
  const track = (await readMovie(out)).tracks.find((each) => each.handler === 'vide')
  const count = track?.table.byteLengths.length ?? 0
  if (!track || count !== piece.pictures.length) {
    throw new AsterismError(
      'corrupt_file',
      `Around a cut the recording has ${piece.pictures.length} pictures, of which ${count} could be decoded.`,
      { kept: 'Nothing was written.', fix: 'Export with the preset "lossless" or "standard".' },
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
  let sets = parameterSetsOf(track.description)!
  const profile = PROFILES.get(sets.head[1]!)!
  const [first] = freeNumbers(sets)
  let number = first!
  let done = 0
  for (const piece of wanted) {
    const out = join(folder, `edge-${edges.length}.mp4`)
    const encode = async (): Promise<{ readonly edge: MovieTrack; readonly joined: ParameterSets | null }> => {
      const args = encodeArguments(path, stream, piece, halfPicture, profile, number)
      const edge = await encodeEdge(ffmpeg, args, piece, out, signal)
      const own = parameterSetsOf(edge.description)
      return { edge, joined: own && lengthBytes(own) === 4 ? joinedSets(sets, own) : null }
    }
    let { edge, joined } = await encode()
    const [free] = freeNumbers(sets)
    if (!joined && free !== undefined) {
      // The encoder chose otherwise than for the edge before: its sets need a number of their own.
      number = free
      ;({ edge, joined } = await encode())
    }
    if (!joined) {
      throw new AsterismError('tool_failed', 'The pictures around a cut could not be encoded to fit the recording.', {
        kept: 'Nothing was written.',
        fix: 'Export with the preset "lossless" or "standard".',
      })
    }
    sets = joined
    edges.push({ piece, track: edge })
    done += piece.pictures.length
    onProgress(done / total)
  }
  return { edges, sets }
}
