/** A track whose samples lie in several files: those of a recording, and those of its edges behind them. */
import { shownSeconds, type MovieTrack } from './movie.ts'
import type { EncodedEdges } from './encode-edges.ts'
import type { CutPiece } from './exact-pieces.ts'
import { withParameterSets } from './parameter-sets.ts'
import type { SampleRange } from './ranges.ts'

function joined(first: Float64Array, others: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(first.length + others.reduce((sum, each) => sum + each.length, 0))
  all.set(first)
  let at = first.length
  for (const each of others) {
    all.set(each, at)
    at += each.length
  }
  return all
}

/** How long each picture of an edge is shown, as the recording had it, in units of its timescale. */
function shownTicks(track: MovieTrack, pictures: Uint32Array, toSeconds: number): Float64Array {
  const { timescale } = track.table
  const at = (n: number): number => (n < pictures.length ? shownSeconds(track, pictures[n]!) : toSeconds)
  return Float64Array.from(pictures, (_, n) => Math.max(1, Math.round((at(n + 1) - at(n)) * timescale)))
}

/** @returns the track, and where in it each piece lies */
export function spliceEdges(
  track: MovieTrack,
  pieces: readonly CutPiece[],
  { edges, sets }: EncodedEdges,
): { readonly track: MovieTrack; readonly ranges: SampleRange[] } {
  const ticks = edges.map(({ piece }) => shownTicks(track, piece.pictures, piece.toSeconds))
  const decodeTicks = ticks.map((each) => {
    let at = 0
    return each.map((length) => (at += length) - length)
  })
  const tables = edges.map((edge) => edge.track.table)
  const { table } = track
  const count = table.byteLengths.length
  const all = count + ticks.reduce((sum, each) => sum + each.length, 0)
  // Pictures of an edge are decoded in the order in which they are shown, as much earlier as a copied key picture is.
  const key = pieces.find((piece) => piece.kind === 'copied')?.first
  const compositionTicks = track.compositionTicks && new Int32Array(all)
  compositionTicks?.set(track.compositionTicks!)
  compositionTicks?.fill(key === undefined ? 0 : track.compositionTicks![key]!, count)
  const isKey = new Uint8Array(all)
  if (track.isKey) isKey.set(track.isKey)
  else isKey.fill(1, 0, count)
  const fileOf = new Uint16Array(all)
  const firstOf = new Map<CutPiece, number>()
  let at = count
  edges.forEach((edge, n) => {
    firstOf.set(edge.piece, at)
    isKey.set(edge.track.isKey ?? new Uint8Array(edge.piece.pictures.length).fill(1), at)
    fileOf.fill(n + 1, at, at + edge.piece.pictures.length)
    at += edge.piece.pictures.length
  })
  const ranges = pieces.map((piece): SampleRange => {
    const { fromSeconds, toSeconds } = piece
    if (piece.kind === 'copied') return { first: piece.first, end: piece.end, fromSeconds, toSeconds }
    const first = firstOf.get(piece)!
    return { first, end: first + piece.pictures.length, fromSeconds, toSeconds }
  })
  return {
    track: {
      ...track,
      description: withParameterSets(track.description, sets),
      files: [...track.files, ...edges.flatMap((edge) => edge.track.files)],
      fileOf,
      table: {
        timescale: table.timescale,
        byteLengths: joined(
          table.byteLengths,
          tables.map((each) => each.byteLengths),
        ),
        offsets: joined(
          table.offsets,
          tables.map((each) => each.offsets),
        ),
        ticks: joined(table.ticks, ticks),
      },
      decodeTicks: joined(track.decodeTicks, decodeTicks),
      compositionTicks,
      isKey,
    },
    ranges,
  }
}
