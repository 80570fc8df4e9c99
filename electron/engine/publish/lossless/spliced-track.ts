/** A track whose samples lie in several files: those of a recording, and behind them those that stand in for others. */
import { shownSeconds, type MovieTrack } from './movie.ts'
import type { EncodedEdge } from './encode-edges.ts'
import type { CutPiece } from './exact-pieces.ts'
import { firstDelayTicks, type SampleRange } from './ranges.ts'

/** Samples for a piece: all of an encoded one, the first of a copied one. */
export interface Addition {
  readonly piece: CutPiece
  readonly file: string
  readonly byteLengths: Float64Array
  readonly offsets: Float64Array
  /** How long each is, when it is decoded and how much later it is shown, in units of the track's timescale. */
  readonly ticks: Float64Array
  readonly decodeTicks: Float64Array
  readonly delayTicks: Int32Array
  readonly isKey: Uint8Array
}

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

/** Edges as what is added to the track of a recording. */
export function edgeAdditions(
  track: MovieTrack,
  pieces: readonly CutPiece[],
  edges: readonly EncodedEdge[],
): Addition[] {
  // Pictures of an edge are decoded in the order in which they are shown, as much earlier as a copied key picture is.
  const copied = pieces.find((piece) => piece.kind === 'copied')
  const delay = copied ? firstDelayTicks(track, copied) : 0
  return edges.map(({ piece, track: edge }) => {
    const ticks = shownTicks(track, piece.pictures, piece.toSeconds)
    const count = ticks.length
    let at = 0
    return {
      piece,
      file: edge.files[0]!,
      byteLengths: edge.table.byteLengths,
      offsets: edge.table.offsets,
      ticks,
      decodeTicks: ticks.map((length) => (at += length) - length),
      delayTicks: new Int32Array(count).fill(delay),
      isKey: edge.isKey ?? new Uint8Array(count).fill(1),
    }
  })
}

/** @returns the track, and where in it each piece lies */
export function spliced(
  track: MovieTrack,
  pieces: readonly CutPiece[],
  additions: readonly Addition[],
  description: DataView,
): { readonly track: MovieTrack; readonly ranges: SampleRange[] } {
  const { table } = track
  const count = table.byteLengths.length
  const all = count + additions.reduce((sum, { ticks }) => sum + ticks.length, 0)
  const compositionTicks = track.compositionTicks && new Int32Array(all)
  compositionTicks?.set(track.compositionTicks!)
  const isKey = new Uint8Array(all)
  if (track.isKey) isKey.set(track.isKey)
  else isKey.fill(1, 0, count)
  const files = [...new Set([...track.files, ...additions.map(({ file }) => file)])]
  const fileOf = new Uint16Array(all)
  const firstOf = new Map<CutPiece, number>()
  let at = count
  for (const addition of additions) {
    const end = at + addition.ticks.length
    firstOf.set(addition.piece, at)
    compositionTicks?.set(addition.delayTicks, at)
    isKey.set(addition.isKey, at)
    fileOf.fill(files.indexOf(addition.file), at, end)
    at = end
  }
  const ranges = pieces.map((piece): SampleRange => {
    const { fromSeconds, toSeconds } = piece
    const first = firstOf.get(piece)
    if (piece.kind === 'copied') return first === undefined ? piece : { ...piece, first }
    return { first: first!, behind: first! + 1, end: first! + piece.pictures.length, fromSeconds, toSeconds }
  })
  const withAdded = (own: Float64Array, key: 'byteLengths' | 'offsets' | 'ticks' | 'decodeTicks'): Float64Array =>
    joined(
      own,
      additions.map((each) => each[key]),
    )
  return {
    track: {
      ...track,
      description,
      files,
      fileOf,
      table: {
        timescale: table.timescale,
        byteLengths: withAdded(table.byteLengths, 'byteLengths'),
        offsets: withAdded(table.offsets, 'offsets'),
        ticks: withAdded(table.ticks, 'ticks'),
      },
      decodeTicks: withAdded(track.decodeTicks, 'decodeTicks'),
      compositionTicks,
      isKey,
    },
    ranges,
  }
}
