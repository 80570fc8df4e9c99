/**
 * Where one recording lies on another's clock, by their sound alone.
 *
 * Envelopes find the places (whole length, 20 ms), windows of waveform at 16 kHz vote on them and say how sure that is,
 * all windows together give offset and drift to microseconds, and what one line does not explain becomes knots. What no
 * vote bears out is refused: a wrong answer given with confidence is worse than none.
 */
import { because, type Reason, say } from '../sayings/saying.ts'
import { AsterismError, throwIfCancelled } from '../errors.ts'
import { audioConfidence } from './audio-confidence.ts'
import { type AlignAudioOptions, type AlignmentCurve, type AudioAlignment, curveOf } from './audio-alignment.ts'
import { blurredLine } from './blurred-line.ts'
import { clockPieces } from './clock-pieces.ts'
import { widenedByWander } from './clock-wander.ts'
import { type FftPlans, loadFft } from './fft.ts'
import { resample } from './interpolate.ts'
import { refineLine } from './line-refine.ts'
import {
  CLEAR_PLACE,
  holds,
  LEAST_CONTRAST,
  mayRival,
  type MatchSearch,
  searchMatches,
  type TestedLine,
  type Track,
} from './match-search.ts'
import { onsetEnvelope } from './onset-envelope.ts'
import { evidenceOfPassage, LONGEST_PASSAGE_SECONDS } from './one-passage.ts'
import { playedAnew } from './played-anew.ts'
import { declaredRateFactors, factorScore, likelyFactor } from './sample-rate-faults.ts'
import { settleRivals } from './settle-rivals.ts'
import { unusableReason } from './sound-check.ts'
import { soundSamples, type SoundSamples } from './sound-samples.ts'
import { overlapOnB, planWindows, windowSecondsFor } from './window-plan.ts'

const WORKING_RATE_HZ = 16_000
const LARGEST_WORKING_RATE_HZ = 24_000
const REFINING_WINDOWS = 220
/** Under this score a line may hold in a short stretch only, as where two lines of different slope cross. */
const WELL_EXPLAINED = 22
/** Where B is asked for parts that A holds, and how long they are: what is cut often has a few seconds in one piece. */
const PARTS = [0.1, 0.5, 0.9]
const PART_SECONDS = 6
const PULL_DOWN_FACTORS = [1.001, 1 / 1.001]

/**
 * The map t_a = offsetSeconds + (1 + ratePpm * 1e-6) * t_b between the clocks of two mono recordings.
 * @param sampleRateHz Of both. The work is done at 16 kHz, or below that at the rate given.
 * @throws AsterismError `bad_input` for a sample rate that is none, `cancelled`.
 */
export async function alignAudio(
  a: Float32Array | SoundSamples,
  b: Float32Array | SoundSamples,
  sampleRateHz: number,
  options: AlignAudioOptions = {},
): Promise<AudioAlignment> {
  if (!(sampleRateHz >= 1000 && sampleRateHz <= 1e6)) {
    throw new AsterismError('bad_input', say('misfit.sampleRate', { rate: sampleRateHz }))
  }
  const plans = await loadFft()
  try {
    return await align(plans, soundOf(a), soundOf(b), sampleRateHz, options)
  } finally {
    plans.close()
  }
}

const soundOf = (given: Float32Array | SoundSamples): SoundSamples =>
  given instanceof Float32Array ? soundSamples(given) : given

/** Lets timers run, so that an abort can reach the work. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

async function align(
  plans: FftPlans,
  givenA: SoundSamples,
  givenB: SoundSamples,
  givenRateHz: number,
  options: AlignAudioOptions,
): Promise<AudioAlignment> {
  const { signal, onProgress } = options
  const maxRatePpm = options.maxRatePpm ?? 500
  throwIfCancelled(signal)
  for (const [which, samples] of [
    ['time.firstRecording', givenA],
    ['time.secondRecording', givenB],
  ] as const) {
    const unusable = unusableReason(plans, samples, givenRateHz, say(which))
    if (unusable) return { aligned: false, ...unusable, curves: [] }
  }
  const rate = givenRateHz > LARGEST_WORKING_RATE_HZ ? WORKING_RATE_HZ : givenRateHz
  const a = makeTrack(plans, resample(givenA, givenRateHz, rate, signal), rate, signal)
  await breathe()
  onProgress?.(0.2)
  const b = makeTrack(plans, resample(givenB, givenRateHz, rate, signal), rate, signal)
  await breathe()
  onProgress?.(0.4)
  const search = searchMatches(plans, a, b, { maxRatePpm, limit: 8, signal })
  await breathe()
  onProgress?.(0.6)
  const found = search.lines.find(holds)
  const rival =
    found && Math.abs(found.score) < WELL_EXPLAINED
      ? pulledDown(plans, a, b, search, found, maxRatePpm, signal)
      : undefined
  if (found && !rival) return conclude(plans, a, b, search, maxRatePpm, 1, options)
  const factor = rival?.factor ?? likelyFactor(plans, a, b, declaredRateFactors, signal)
  if (factor !== undefined) {
    const stretched = rival?.track ?? makeTrack(plans, resample(b.samples, rate, rate * factor, signal), rate, signal)
    const again = rival?.search ?? searchMatches(plans, a, stretched, { maxRatePpm, limit: 4, signal })
    await breathe()
    if (again.lines.some(holds)) return conclude(plans, a, stretched, again, maxRatePpm, factor, options)
  }
  const blurred = blurredLine(plans, a, b, search, signal)
  if (blurred) {
    const { line, offsetSeconds, ratePpm, covariance } = blurred
    return {
      aligned: true,
      offsetSeconds,
      ratePpm,
      sigmaOffsetSeconds: Math.sqrt(covariance[0]),
      sigmaRatePpm: Math.sqrt(covariance[2]),
      covariance,
      confidence: audioConfidence(line, 1, false),
      overlapSeconds: line.overlapSeconds,
      inverted: false,
      curves: coarseCurves(search, a),
    }
  }
  const places = placesOfParts(plans, a, b, maxRatePpm, signal)
  const reason = places ? because('time.cutUp', places) : refusal(search.lines[0])
  return { aligned: false, ...reason, curves: coarseCurves(search, a) }
}

/** Offsets (s) of two parts of B that A holds each at another place: no line runs through what was cut again and again. */
function placesOfParts(
  plans: FftPlans,
  a: Track,
  b: Track,
  maxRatePpm: number,
  signal?: AbortSignal,
): { one: number; other: number } | undefined {
  let one: number | undefined
  for (const share of PARTS) {
    const from = share * (b.durationSeconds - PART_SECONDS)
    if (from < 0) return undefined
    const span = { from, to: from + PART_SECONDS, ratePpm: 0 }
    const part = searchMatches(plans, a, b, { maxRatePpm, limit: 2, span, signal }).lines.find(holds)
    if (!part) continue
    const other = Number(part.offsetSeconds.toFixed(3))
    if (one !== undefined && Math.abs(other - one) > 0.01) return { one, other }
    one ??= other
  }
  return undefined
}

/** The 0.1 % of television frame rates between the clocks, if that explains clearly more than the line that was found. */
function pulledDown(
  plans: FftPlans,
  a: Track,
  b: Track,
  search: MatchSearch,
  found: TestedLine,
  maxRatePpm: number,
  signal?: AbortSignal,
): { factor: number; track: Track; search: MatchSearch } | undefined {
  for (const factor of PULL_DOWN_FACTORS) {
    // In a long recording the envelopes alone tell, and are cheap.
    const straight = search.coarse.candidates[0]?.score ?? 0
    if (b.durationSeconds > 600 && factorScore(plans, a, b, factor, signal) < straight * 1.1) continue
    const samples = resample(b.samples, b.sampleRateHz, b.sampleRateHz * factor, signal)
    const track = makeTrack(plans, samples, b.sampleRateHz, signal)
    const again = searchMatches(plans, a, track, { maxRatePpm: Math.min(maxRatePpm, 400), limit: 3, signal })
    if (Math.abs(again.lines[0]?.score ?? 0) > 1.3 * Math.abs(found.score)) return { factor, track, search: again }
  }
  return undefined
}

function makeTrack(plans: FftPlans, samples: SoundSamples, sampleRateHz: number, signal?: AbortSignal): Track {
  const envelope = onsetEnvelope(plans, samples, sampleRateHz, signal)
  return { samples, sampleRateHz, envelope, durationSeconds: samples.length / sampleRateHz }
}

function refusal(best: TestedLine | undefined): Reason {
  if (!best) return because('time.nothingRises')
  if (best.contrast >= LEAST_CONTRAST && Math.abs(best.coarseScore) >= CLEAR_PLACE) {
    return because('time.blurred', { offset: Number(best.offsetSeconds.toFixed(1)) })
  }
  return because('time.noPlace', { contrast: Number(best.contrast.toFixed(1)), least: LEAST_CONTRAST })
}

/** The best line, refined; or the reason why even that may not be believed. */
function conclude(
  plans: FftPlans,
  a: Track,
  b: Track,
  search: MatchSearch,
  maxRatePpm: number,
  factor: number,
  options: AlignAudioOptions,
): AudioAlignment {
  const { signal, onProgress } = options
  const likely = search.lines.filter(mayRival)
  const curves = coarseCurves(search, a)
  const { best, equal } = settleRivals(plans, a, b, likely, signal)
  if (equal) {
    const [one, other] = [best, equal].map((line) => Number(line.offsetSeconds.toFixed(3))) as [number, number]
    return { aligned: false, ...because('time.repeats', { one, other }), curves }
  }
  onProgress?.(0.7)
  const span = overlapOnB(best, a.durationSeconds, b.durationSeconds)
  const plan = planWindows(a.envelope, b.envelope, best, span, windowSecondsFor(span.to - span.from), REFINING_WINDOWS)
  const refined = refineLine(plans, a.samples, b.samples, a.sampleRateHz, plan, best, Math.sign(best.score), signal)
  if (!refined) return { aligned: false, ...because('time.tooLittleSound'), curves }
  onProgress?.(0.85)
  const pieces = clockPieces(plans, a, b, refined, plan, maxRatePpm, Math.sign(best.score), signal)
  const anew = playedAnew(pieces.steps)
  if (anew) {
    const [forth, back] = [anew.forth, -anew.back].map((seconds) => Number(seconds.toFixed(3))) as [number, number]
    return { aligned: false, ...because('time.playedAnew', { forth, back }), curves }
  }
  const agreeingSeconds = pieces.supportedShare * (span.to - span.from)
  const passageNats =
    agreeingSeconds < 1.5 * LONGEST_PASSAGE_SECONDS
      ? evidenceOfPassage(plans, a, b, refined, pieces.knots, span, signal)
      : -Infinity
  if (passageNats > 0) {
    return { aligned: false, ...because('time.jingle'), passageOffsetSeconds: refined.offsetSeconds, curves }
  }
  const width = refined.profileLagSamples
  curves.push(
    curveOf('besideTheLine', (index) => ((index - width) / a.sampleRateHz) * 1e3, refined.profile),
    curveOf(
      'lagAlongOverlap',
      (index) => pieces.path[index].middleSeconds / factor,
      pieces.path.map((point) => point.lagSeconds * 1e3),
    ),
  )
  const scale = (1 + refined.ratePpm * 1e-6) * factor
  const [oo, or, rr] = widenedByWander(refined.covariance, pieces.wander, refined.centreSeconds)
  const covariance = [oo, or * factor, rr * factor * factor] as const
  return {
    aligned: true,
    offsetSeconds: refined.offsetSeconds,
    ratePpm: factor === 1 ? refined.ratePpm : (scale - 1) * 1e6,
    sigmaOffsetSeconds: Math.sqrt(covariance[0]),
    sigmaRatePpm: Math.sqrt(covariance[2]),
    covariance,
    confidence: audioConfidence(best, pieces.supportedShare, factor !== 1, passageNats),
    overlapSeconds: span.to - span.from,
    ...(pieces.knots && {
      knots: pieces.knots.map((knot) => ({ ...knot, secondsB: knot.secondsB / factor })),
    }),
    inverted: best.score < 0,
    ...(factor !== 1 && { declaredRateFactor: factor }),
    curves,
  }
}

function coarseCurves(search: MatchSearch, a: Track): AlignmentCurve[] {
  const { scores, firstLagFrames } = search.coarse
  if (scores.length === 0) return []
  const frame = a.envelope.frameSeconds
  return [curveOf('envelopes', (index) => (index + firstLagFrames) * frame, scores, 1200)]
}
