/** What of wanted ranges can be copied, and which pictures around their ends have to be encoded anew. */
import { shownSeconds, type MovieTrack } from './movie.ts'
import { rangeBetween, startBy, type CutPoint, type SampleRange, type Span } from './ranges.ts'

/** Pictures of a range before the first that can be copied, or behind the last. */
export interface EdgePictures extends Span {
  readonly kind: 'encoded'
  /** Samples of the recording in the order in which they are shown. */
  readonly pictures: Uint32Array
  /** From here the decoder has all that it needs, on the container's clock. */
  readonly decodeFromSeconds: number
}

export interface CopiedPictures extends SampleRange {
  readonly kind: 'copied'
}

export type CutPiece = CopiedPictures | EdgePictures

export function copied(range: SampleRange): CopiedPictures {
  return { kind: 'copied', ...range }
}

/**
 * Ranges to the picture: from the picture nearest to where each begins to the one nearest to where it ends, copied
 * between the first key picture and the last place at which the film parts.
 *
 * @param points where the film parts, in their order @param halfPicture seconds
 */
export function exactPieces(
  track: MovieTrack,
  points: readonly CutPoint[],
  wanted: readonly Span[],
  halfPicture: number,
): CutPiece[] {
  const shown = Float64Array.from({ length: track.table.byteLengths.length }, (_, n) => shownSeconds(track, n))
  const order = Uint32Array.from(shown.keys()).sort((a, b) => shown[a]! - shown[b]!)
  const end = points.at(-1)!.seconds
  const firstFrom = (seconds: number): number => {
    let low = 0
    let high = order.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (shown[order[middle]!]! < seconds) low = middle + 1
      else high = middle
    }
    return low
  }
  const edge = (fromSeconds: number, toSeconds: number): EdgePictures[] => {
    const first = firstFrom(fromSeconds - halfPicture)
    const behind = firstFrom(toSeconds - halfPicture)
    if (behind <= first) return []
    const begins = shown[order[first]!]!
    const next = order[behind]
    const before = startBy(points, begins + halfPicture)
    return [
      {
        kind: 'encoded',
        pictures: order.slice(first, behind),
        fromSeconds: begins,
        toSeconds: next === undefined ? end : shown[next]!,
        decodeFromSeconds: before?.start?.seconds ?? points[0]!.seconds,
      },
    ]
  }
  return wanted.flatMap(({ fromSeconds, toSeconds }): CutPiece[] => {
    const start = points.find((point) => point.start && point.start.seconds >= fromSeconds - halfPicture)
    const stop = points.findLast((point) => point.seconds <= toSeconds + halfPicture)
    if (!start || !stop || stop.sample <= start.sample) return edge(fromSeconds, toSeconds)
    const range = copied(rangeBetween(start, stop))
    return [...edge(fromSeconds, range.fromSeconds), range, ...edge(range.toSeconds, toSeconds)]
  })
}

/** Pieces that follow each other in the recording as one span. */
export function joinedSpans(pieces: readonly Span[]): Span[] {
  const spans: Span[] = []
  for (const { fromSeconds, toSeconds } of pieces) {
    const last = spans.at(-1)
    if (last && Math.abs(last.toSeconds - fromSeconds) < 1e-9) spans[spans.length - 1] = { ...last, toSeconds }
    else spans.push({ fromSeconds, toSeconds })
  }
  return spans
}
