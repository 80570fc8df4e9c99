/**
 * Evidence from moments that stand out in both: claps that were heard, light that was seen, words that were said. A clap
 * or a slate with a flash ties a camera without sound to a recorder; the words of two transcripts tie recordings whose
 * sound has nothing else in common.
 */
import { matchEvents, type MatchedEvents, type UnmatchedEvents } from '../../../../shared/signal/match-events.ts'
import { matchWords } from '../../../../shared/signal/match-words.ts'
import { soundEvents, type TimedEvent } from '../../../../shared/signal/timed-events.ts'
import type { Curve } from '../../../../shared/document/records.ts'
import type { GatherContext, MeasuredTimeMap, NotFound, TimedSource, TimeEvidenceGatherer } from './gatherer.ts'
import { overlapSeconds } from './overlap.ts'

type Kind = 'sound' | 'light'

/** Sound reaches a microphone 3 ms a metre later than light does a lens: nobody claps further than some metres away. */
const TRAVEL_SIGMA_SECONDS = 0.006

/** Cheap first; two pictures last. */
const COMPARISONS: readonly (readonly [Kind, Kind])[] = [
  ['sound', 'sound'],
  ['sound', 'light'],
  ['light', 'sound'],
  ['light', 'light'],
]

const holds = (source: TimedSource, kind: Kind): boolean =>
  kind === 'sound' ? source.loadSound !== undefined : source.loadLight !== undefined

async function eventsOf(source: TimedSource, kind: Kind, signal: AbortSignal): Promise<readonly TimedEvent[]> {
  if (kind === 'light') return (await source.loadLight?.(signal)) ?? []
  const sound = await source.loadSound?.(signal)
  return sound ? soundEvents(sound.samples, sound.sampleRateHz, sound.startSeconds) : []
}

export const eventGatherer: TimeEvidenceGatherer = {
  id: 'event',
  title: 'Claps, flashes and words',
  supports: (a, b) =>
    (a.words !== undefined && b.words !== undefined) ||
    COMPARISONS.some(([kindA, kindB]) => holds(a, kindA) && holds(b, kindB)),
  async gather(a, b, context): Promise<MeasuredTimeMap | NotFound> {
    const tried: UnmatchedEvents[] = []
    let best: { match: MatchedEvents; what: string; crossed: boolean } | undefined
    const consider = (match: MatchedEvents | UnmatchedEvents, what: string, crossed: boolean): void => {
      if (!match.matched) tried.push(match)
      else if (!best || match.confidence > best.match.confidence) best = { match, what, crossed }
    }
    if (a.words && b.words) consider(matchWords(a.words, b.words), 'Words', false)
    for (const [kindA, kindB] of comparisons(a, b, context)) {
      if (best) break
      const eventsA = await eventsOf(a, kindA, context.signal)
      const eventsB = await eventsOf(b, kindB, context.signal)
      consider(
        matchEvents(eventsA, eventsB),
        kindA === kindB && kindA === 'sound' ? 'Claps' : 'Flashes',
        kindA !== kindB,
      )
    }
    if (!best) {
      const untried = context.isSure
        ? 'Claps and flashes were not compared, since they were placed already.'
        : 'There is no sound and no light to compare.'
      return { found: false, reason: tried.at(-1)?.reason ?? untried, curves: [] }
    }
    const { match, what, crossed } = best
    const [oo, or, rr] = match.covariance
    return {
      found: true,
      offsetSeconds: match.offsetSeconds,
      ratePpm: match.ratePpm,
      covariance: [oo + (crossed ? TRAVEL_SIGMA_SECONDS ** 2 : 0), or, rr],
      confidence: match.confidence,
      overlapSeconds: overlapSeconds(a, b, match.offsetSeconds),
      curves: [curveOf(match, what)],
    }
  },
}

function comparisons(a: TimedSource, b: TimedSource, { isSure }: GatherContext): typeof COMPARISONS {
  return isSure ? [] : COMPARISONS.filter(([kindA, kindB]) => holds(a, kindA) && holds(b, kindB))
}

/** What each pair of events leaves beside the line. */
function curveOf(match: MatchedEvents, what: string): Curve {
  const scale = 1 + match.ratePpm * 1e-6
  return {
    title: `${what} in both`,
    xLabel: 'B (s)',
    yLabel: 'beside the line (ms)',
    x: match.pairs.map(([, secondsB]) => secondsB),
    y: match.pairs.map(([secondsA, secondsB]) => (secondsA - match.offsetSeconds - scale * secondsB) * 1e3),
  }
}
