/**
 * From two envelopes to lines that the waveform bears out: candidates by envelope, drift by envelope, then the vote of
 * the windows.
 */
import { throwIfCancelled } from '../errors.ts'
import { type CoarseCandidate, type CoarseCorrelation, coarseCorrelation } from './coarse-correlation.ts'
import { type EnvelopeLine, overlapFrames, searchDrift } from './drift-search.ts'
import type { FftPlans } from './fft.ts'
import { correlograms } from './correlograms.ts'
import { type FoundLine, searchLine } from './line-search.ts'
import type { OnsetEnvelope } from './onset-envelope.ts'
import type { SoundSamples } from './sound-samples.ts'
import { overlapOnB, planWindows, windowSecondsFor } from './window-plan.ts'

/** One recording with what has been computed of it. */
export interface Track {
  readonly samples: SoundSamples
  readonly sampleRateHz: number
  readonly envelope: OnsetEnvelope
  readonly durationSeconds: number
}

/** A line that was put to the vote. */
export interface TestedLine extends FoundLine {
  readonly coarseScore: number
  readonly overlapSeconds: number
}

export interface MatchSearch {
  readonly coarse: CoarseCorrelation
  /** Strongest first. */
  readonly lines: readonly TestedLine[]
}

/** A line holds if its windows vote at least so strongly … */
const LEAST_SCORE = 8
/** … as much counted against what lies beside it (unrelated sounds reach 6, of one beat grid 6.5), … */
export const LEAST_CONTRAST = 7
/** … and its peak stands out of all lags at least so far. */
const LEAST_SHARPNESS = 5

export const holds = (line: FoundLine): boolean => mayRival(line) && line.sharpness >= LEAST_SHARPNESS

/** Enough of a line to be the true one beside one that holds: echoes take the sharpness of one peak and not of another. */
export const mayRival = (line: FoundLine): boolean =>
  Math.abs(line.score) >= LEAST_SCORE && line.contrast >= LEAST_CONTRAST

/** How far a clock's rate may be from what a longer stretch of it said. */
const KNOWN_RATE_TOLERANCE_PPM = 40

/** Envelopes that stand out by so many deviations are of one event, or of one beat; which of both, and at what rate, the windows say. */
export const CLEAR_PLACE = 7
/** How much further from the envelopes' own rate is looked there: two frames of twenty milliseconds are hard to tell apart. */
const WIDER = 3
/** In so many parts a clear place is looked at by itself where no line holds through all of it: blocks may have been lost. */
const PARTS = 4
const SHORTEST_PART_SECONDS = 8
/** A part must stand out further than a whole, deviations, since there are several. */
const LEAST_CONTRAST_OF_PART = 9.5

const LAG_SECONDS = 0.045
export const VERIFYING_WINDOWS = 72

export function searchMatches(
  plans: FftPlans,
  a: Track,
  b: Track,
  options: {
    readonly maxRatePpm: number
    readonly limit: number
    readonly signal?: AbortSignal
    /** Look only at this part of B, whose clock is known to run at about this rate. */
    readonly span?: { readonly from: number; readonly to: number; readonly ratePpm: number }
  },
): MatchSearch {
  const frame = b.envelope.frameSeconds
  const part = options.span
    ? sliceEnvelope(b.envelope, Math.floor(options.span.from / frame), Math.ceil(options.span.to / frame))
    : { envelope: b.envelope, firstFrame: 0 }
  // A little more than asked for, so that a drift at the limit is not at the edge of the search.
  const reach = options.maxRatePpm * 1.1
  const shortest = Math.min(a.envelope.frameCount, part.envelope.frameCount)
  const coarse = coarseCorrelation(plans, a.envelope, part.envelope, {
    maxRatePpm: reach,
    minOverlapFrames: Math.min(Math.round(3 / frame), Math.floor(shortest / 2)),
    limit: options.limit,
    signal: options.signal,
  })
  const lines: TestedLine[] = []
  let strongest = 0
  for (const candidate of coarse.candidates) {
    throwIfCancelled(options.signal)
    // Once a line holds, only places that looked nearly as good could be its rivals.
    if (strongest > 0 && candidate.score < strongest * 0.35) break
    const drift = options.span
      ? atKnownRate(candidate.lagFrames, part.envelope, options.span.ratePpm)
      : searchDrift(plans, a.envelope, part.envelope, candidate.lagFrames, candidate.widthFrames, reach)
    if (!drift) continue
    const shifted = shiftLine(drift, part.firstFrame * frame)
    const line = testLineOf(plans, a, b, shifted, candidate.score, reach, options)
    if (!line) continue
    const tested = { ...line, coarseScore: candidate.score }
    lines.push(tested)
    if (holds(tested)) strongest = Math.max(strongest, candidate.score)
  }
  const [clearest] = coarse.candidates
  if (strongest === 0 && !options.span && clearest && clearest.score >= CLEAR_PLACE) {
    const line = lineOfPart(plans, a, b, clearest, reach, options.signal)
    if (line) lines.push({ ...line, coarseScore: clearest.score })
  }
  lines.sort((first, second) => Math.abs(second.score) - Math.abs(first.score))
  return { coarse, lines }
}

/** What the waveform says of a line from the envelopes; of other rates too where the place is clear and the line does not hold. */
function testLineOf(
  plans: FftPlans,
  a: Track,
  b: Track,
  line: EnvelopeLine,
  coarseScore: number,
  maxRatePpm: number,
  { span, signal }: { readonly span?: { readonly from: number; readonly to: number }; readonly signal?: AbortSignal },
): Omit<TestedLine, 'coarseScore'> | undefined {
  const tested = testLine(plans, a, b, line, span, signal)
  if (!tested || holds(tested) || coarseScore < CLEAR_PLACE || span) return tested
  const room = Math.max(line.rateTolerancePpm, maxRatePpm - Math.abs(line.ratePpm))
  const rateTolerancePpm = Math.min(room, line.rateTolerancePpm * WIDER)
  const wider = testLine(plans, a, b, { ...line, rateTolerancePpm }, span, signal)
  return wider && holds(wider) ? wider : tested
}

/** The surest line through a part of the overlap at a clear place, where samples were lost between the parts. */
function lineOfPart(
  plans: FftPlans,
  a: Track,
  b: Track,
  candidate: CoarseCandidate,
  maxRatePpm: number,
  signal?: AbortSignal,
): Omit<TestedLine, 'coarseScore'> | undefined {
  const frame = b.envelope.frameSeconds
  const { from, to } = overlapFrames(a.envelope, b.envelope, candidate.lagFrames)
  const length = Math.floor((to - from) / PARTS)
  if (length * frame < SHORTEST_PART_SECONDS) return undefined
  let best: Omit<TestedLine, 'coarseScore'> | undefined
  for (let index = 0; index < PARTS; index++) {
    throwIfCancelled(signal)
    const first = from + index * length
    const part = sliceEnvelope(b.envelope, first, first + length).envelope
    const lag = candidate.lagFrames + first
    const drift = searchDrift(plans, a.envelope, part, lag, candidate.widthFrames, maxRatePpm)
    if (!drift) continue
    const span = { from: first * frame, to: (first + length) * frame }
    const line = testLine(plans, a, b, shiftLine(drift, span.from), span, signal)
    if (!line || !holds(line) || line.contrast < LEAST_CONTRAST_OF_PART) continue
    if (!best || Math.abs(line.score) > Math.abs(best.score)) best = line
  }
  return best
}

/** The line of a lag that was measured over the whole of a part, for a clock whose rate is known. */
function atKnownRate(lagFrames: number, part: OnsetEnvelope, ratePpm: number): EnvelopeLine {
  const middle = (part.frameCount / 2) * part.frameSeconds
  const offsetSeconds = lagFrames * part.frameSeconds - ratePpm * 1e-6 * middle
  return { offsetSeconds, ratePpm, rateTolerancePpm: KNOWN_RATE_TOLERANCE_PPM, score: 0 }
}

/** A line measured on a part of B that starts at `startSeconds`, in B's own time. */
function shiftLine(line: EnvelopeLine, startSeconds: number): EnvelopeLine {
  return { ...line, offsetSeconds: line.offsetSeconds - (1 + line.ratePpm * 1e-6) * startSeconds }
}

/** Puts a line from the envelopes to the vote of the waveform. */
export function testLine(
  plans: FftPlans,
  a: Track,
  b: Track,
  line: EnvelopeLine,
  span: { readonly from: number; readonly to: number } | undefined,
  signal: AbortSignal | undefined,
): Omit<TestedLine, 'coarseScore'> | undefined {
  const whole = overlapOnB(line, a.durationSeconds, b.durationSeconds)
  const within = span ? { from: Math.max(whole.from, span.from), to: Math.min(whole.to, span.to) } : whole
  const seconds = within.to - within.from
  if (seconds < 0.8) return undefined
  const plan = planWindows(
    a.envelope,
    b.envelope,
    line,
    within,
    Math.min(1, windowSecondsFor(seconds)),
    VERIFYING_WINDOWS,
  )
  let best: FoundLine | undefined
  const smear = line.rateTolerancePpm * 1e-6 * plan.windowSeconds
  // If a window at the far end of the tolerance is smeared out, other rates are tried for the windows themselves.
  const turns = smear > 2e-4 ? [0, 0.6, -0.6] : [0]
  for (const turn of turns) {
    const ratePpm = line.ratePpm + turn * line.rateTolerancePpm
    const middle = (within.from + within.to) / 2
    const map = { offsetSeconds: line.offsetSeconds - turn * line.rateTolerancePpm * 1e-6 * middle, ratePpm }
    const data = correlograms(plans, a.samples, b.samples, a.sampleRateHz, plan, map, LAG_SECONDS, signal)
    const found = searchLine(data, turns.length > 1 ? line.rateTolerancePpm * 0.5 : line.rateTolerancePpm)
    if (found && (!best || Math.abs(found.score) > Math.abs(best.score))) best = found
    if (best && Math.abs(best.score) > 25 && turn === 0) break
  }
  return best && { ...best, overlapSeconds: seconds }
}

function sliceEnvelope(
  envelope: OnsetEnvelope,
  from: number,
  to: number,
): { envelope: OnsetEnvelope; firstFrame: number } {
  const first = Math.max(0, from)
  const last = Math.min(envelope.frameCount, to)
  return {
    firstFrame: first,
    envelope: {
      ...envelope,
      frameCount: Math.max(0, last - first),
      bands: envelope.bands.map((band) => band.subarray(first, last)),
      activity: envelope.activity.subarray(first, last),
    },
  }
}
