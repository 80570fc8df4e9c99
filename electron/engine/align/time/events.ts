/**
 * Evidence from moments that stand out in both: claps that were heard, light or hands that were seen, words that were
 * said. Claps, the sticks of a slate or its flash tie a camera without sound to a recorder; the words of two transcripts
 * tie recordings whose sound has nothing else in common.
 */
import { because, type Reason } from '../../../../shared/sayings/saying.ts'
import { matchEvents, type MatchedEvents, type UnmatchedEvents } from '../../../../shared/signal/match-events.ts'
import { matchWords } from '../../../../shared/signal/match-words.ts'
import { soundEvents, type TimedEvent } from '../../../../shared/signal/timed-events.ts'
import type { Curve } from '../../../../shared/document/records.ts'
import { mostBelieved } from './agreement.ts'
import type {
  GatherContext,
  GatheredEvidence,
  MeasuredTimeMap,
  NotFound,
  TimedSource,
  TimeEvidenceGatherer,
} from './gatherer.ts'
import type { OwnDelay, OwnDelays } from './graph-model.ts'
import { overlapSeconds } from './overlap.ts'

/** What two recordings may have in common. */
type EventKind = 'claps' | 'flashes' | 'words'
type Kind = 'sound' | 'light' | 'claps'

/** Sound reaches a microphone 3 ms a metre later than light does a lens: people clap at a step or some metres from it. */
const TRAVEL_SECONDS = 0.004
const TRAVEL_SIGMA_SECONDS = 0.005
/** Cameras stamp the beginning, the end or the middle of an exposure: all events of a picture are off by as much. */
const EXPOSURE_SIGMA_FRAMES = 0.2

/** Cheap first; two pictures last. */
const COMPARISONS: readonly (readonly [Kind, Kind])[] = [
  ['sound', 'sound'],
  ['sound', 'light'],
  ['light', 'sound'],
  ['light', 'light'],
  ['sound', 'claps'],
  ['claps', 'sound'],
  ['claps', 'claps'],
]

const holds = (source: TimedSource, kind: Kind): boolean =>
  kind === 'sound' ? source.loadSound !== undefined : source.loadSeen !== undefined

/** What lies nearer than this to where a passage was found is the passage. */
const PASSAGE_SECONDS = 0.1
const SAME_PLACE_SIGMAS = 5

/** Answers less likely right than wrong are none. */
const LEAST_CONFIDENCE = 0.5

interface Events {
  readonly list: readonly TimedEvent[]
  /** What all of them are off by alike. */
  readonly delay: OwnDelay
}

async function eventsOf(source: TimedSource, kind: Kind, signal: AbortSignal): Promise<Events> {
  if (kind !== 'sound') {
    const seen = await source.loadSeen?.(signal)
    const sigmaSeconds = EXPOSURE_SIGMA_FRAMES * (seen?.frameSeconds ?? 0)
    return { list: seen?.[kind] ?? [], delay: { by: 'eye', sigmaSeconds } }
  }
  const sound = await source.loadSound?.(signal)
  const list = sound ? soundEvents(sound.samples, sound.sampleRateHz, sound.startSeconds) : []
  return { list, delay: { by: 'ear', sigmaSeconds: sound?.startSigmaSeconds ?? 0 } }
}

export const eventGatherer: TimeEvidenceGatherer = {
  id: 'event',
  title: 'Claps, flashes and words',
  supports: (a, b) =>
    (a.words !== undefined && b.words !== undefined) ||
    COMPARISONS.some(([kindA, kindB]) => holds(a, kindA) && holds(b, kindB)),
  async gather(a, b, context): Promise<MeasuredTimeMap | NotFound> {
    const reasons: Reason[] = []
    const found: GatheredEvidence[] = []
    const consider = (match: MatchedEvents | UnmatchedEvents, what: EventKind, shared: Shared): void => {
      if (!match.matched) return void reasons.push(match)
      const map = mapOf(a, b, match, what, shared)
      if (isOfPassage(map, what, context)) reasons.push(because('time.jingle'))
      else found.push({ method: what, map })
    }
    if (a.words && b.words) consider(matchWords(a.words, b.words), 'words', { lateSeconds: 0, travelSigma: 0 })
    for (const [kindA, kindB] of comparisons(a, b, context)) {
      // What was heard in both, or said, is worth more than what is seen.
      if (found.some(({ method }) => method !== 'flashes') && !(kindA === 'sound' && kindB === 'sound')) break
      const eventsA = await eventsOf(a, kindA, context.signal)
      const eventsB = await eventsOf(b, kindB, context.signal)
      const heardMore = Number(kindA === 'sound') - Number(kindB === 'sound')
      consider(matchEvents(eventsA.list, eventsB.list), kindA === 'light' || kindB === 'light' ? 'flashes' : 'claps', {
        lateSeconds: heardMore * TRAVEL_SECONDS,
        travelSigma: heardMore === 0 ? 0 : TRAVEL_SIGMA_SECONDS,
        ownDelays: [eventsA.delay, eventsB.delay],
      })
    }
    const best = mostBelieved(found)
    if (best && best.map.confidence >= LEAST_CONFIDENCE) return best.map
    const untried = because(context.isSure ? 'time.eventsLeft' : 'time.noEvents')
    const { reason, said } = best ? because('time.eventsContradict') : (reasons.at(-1) ?? untried)
    return { found: false, reason, said, curves: [] }
  },
}

/** True of what is heard or said in a passage that both play, which its own sound has shown to be all that they share. */
function isOfPassage(map: MeasuredTimeMap, what: EventKind, { passageOffsetSeconds }: GatherContext): boolean {
  if (passageOffsetSeconds === undefined || what === 'flashes') return false
  const apart = Math.abs(map.offsetSeconds - passageOffsetSeconds)
  return apart <= PASSAGE_SECONDS + SAME_PLACE_SIGMAS * Math.sqrt(map.covariance[0])
}

/** By how much all events of A come later than those of B, and how sure that is but for what their devices delay. */
interface Shared {
  readonly lateSeconds: number
  readonly travelSigma: number
  readonly ownDelays?: OwnDelays
}

function mapOf(
  a: TimedSource,
  b: TimedSource,
  match: MatchedEvents,
  what: EventKind,
  { lateSeconds, travelSigma, ownDelays }: Shared,
): MeasuredTimeMap {
  const [oo, or, rr] = match.covariance
  const sigmas = [travelSigma, ...(ownDelays ?? []).map((delay) => delay?.sigmaSeconds ?? 0)]
  return {
    found: true,
    offsetSeconds: match.offsetSeconds - lateSeconds,
    ratePpm: match.ratePpm,
    covariance: [oo + Math.hypot(...sigmas) ** 2, or, rr],
    confidence: match.confidence,
    overlapSeconds: overlapSeconds(a, b, match.offsetSeconds),
    ownDelays,
    curves: [curveOf(match, what)],
  }
}

function comparisons(a: TimedSource, b: TimedSource, { isSure }: GatherContext): typeof COMPARISONS {
  return isSure ? [] : COMPARISONS.filter(([kindA, kindB]) => holds(a, kindA) && holds(b, kindB))
}

/** What each pair of events leaves beside the line. */
function curveOf(match: MatchedEvents, what: EventKind): Curve {
  const scale = 1 + match.ratePpm * 1e-6
  return {
    kind: what,
    x: match.pairs.map(([, secondsB]) => secondsB),
    y: match.pairs.map(([secondsA, secondsB]) => (secondsA - match.offsetSeconds - scale * secondsB) * 1e3),
  }
}
