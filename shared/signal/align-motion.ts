/**
 * Where one sensor's motion lies on another's clock, for devices that were fixed to each other or carried together.
 *
 * The rates of rotation are correlated over the whole length; then each piece says its own lag, axis by axis
 * (align-axes.ts), and a robust line through the lags gives offset and drift.
 */
import { because, type Reason, say, type Saying } from '../sayings/saying.ts'
import { throwIfCancelled } from '../errors.ts'
import { lagsByAxes } from './align-axes.ts'
import { type AlignmentCurve, curveOf } from './audio-alignment.ts'
import { type FftPlans, fftSizeFor, loadFft } from './fft.ts'
import { likeliestLag } from './likeliest-lag.ts'
import { separateMoves } from './separate-moves.ts'
import { fitRobustLine, type LinePoint, type RobustLine } from './robust-line.ts'
import { evenly, stampScatter, type TimedValues, usualStep } from './rotation-rate.ts'

export interface AlignedMotion {
  readonly aligned: true
  readonly offsetSeconds: number
  readonly ratePpm: number
  /** Of (offset in s, rate in ppm): [var offset, covariance, var rate]. */
  readonly covariance: readonly [number, number, number]
  readonly confidence: number
  readonly overlapSeconds: number
  readonly curves: readonly AlignmentCurve[]
}

export interface UnalignedMotion {
  readonly aligned: false
  readonly reason: string
  readonly said: Saying
  readonly curves: readonly AlignmentCurve[]
}

const COARSE_STEP = 0.02
const LEAST_OVERLAP_SECONDS = 6
const LEAST_SCORE = 8
const LEAST_CORRELATION = 0.6
const LARGEST_RUNNER_UP = 0.75
/** In roots of equal moves, so five of them: strangers who turned once to three times were seen to reach 1.97. */
const LEAST_MOVES = 2.2
/** rad/s: what stays under it is a tripod. */
const LEAST_MOTION = 0.02
const LARGEST_RATE_PPM = 500
/** Of one device's clock against another's: crystals of cheap loggers are 50 ppm off, warm ones more. */
const PRIOR_RATE_PPM = 100
const LONGEST_SECONDS = 8 * 3600

/** The map t_a = offsetSeconds + (1 + ratePpm * 1e-6) * t_b, from two rates of rotation. */
export async function alignMotion(
  a: TimedValues,
  b: TimedValues,
  signal?: AbortSignal,
): Promise<AlignedMotion | UnalignedMotion> {
  for (const [which, series] of [
    ['time.firstMotion', a],
    ['time.secondMotion', b],
  ] as const) {
    const reason = unusable(series, say(which))
    if (reason) return { aligned: false, ...reason, curves: [] }
  }
  const plans = await loadFft()
  try {
    return align(plans, a, b, signal)
  } finally {
    plans.close()
  }
}

function unusable(series: TimedValues, which: Saying): Reason | undefined {
  const { seconds, values } = series
  if (seconds.length < 32) return because('time.fewSamples', { which })
  const span = seconds[seconds.length - 1] - seconds[0]
  if (span < LEAST_OVERLAP_SECONDS) return because('time.shortMotion', { which, seconds: Number(span.toFixed(1)) })
  if (span > LONGEST_SECONDS) return because('time.longMotion', { which })
  if (usualStep(series) > 0.2) return because('time.slowMotion', { which })
  let power = 0
  for (const value of values) power += value * value
  if (Math.sqrt(power / values.length) < LEAST_MOTION) return because('time.still', { which })
  return undefined
}

function align(
  plans: FftPlans,
  a: TimedValues,
  b: TimedValues,
  signal: AbortSignal | undefined,
): AlignedMotion | UnalignedMotion {
  const hole = Math.max(0.25, 4 * Math.max(usualStep(a), usualStep(b)))
  const coarseA = evenly(a, COARSE_STEP, hole)
  const coarseB = evenly(b, COARSE_STEP, hole)
  const [shapedA, shapedB] = [shaped(coarseA.values), shaped(coarseB.values)]
  const scores = correlation(plans, shapedA, shapedB)
  throwIfCancelled(signal)
  const firstLag = -(coarseB.values.length - 1)
  let best = 0
  for (let index = 1; index < scores.length; index++) if (scores[index] > scores[best]) best = index
  const apart = Math.round(0.6 / COARSE_STEP)
  let runnerUp = 0
  for (let index = 0; index < scores.length; index++) {
    if (Math.abs(index - best) > apart) runnerUp = Math.max(runnerUp, scores[index])
  }
  const startGap = coarseA.from - coarseB.from
  const curves = [curveOf('rotations', (index) => startGap + (index + firstLag) * COARSE_STEP, scores, 1200)]
  const plain = { score: scores[best] ?? 0, runnerUp, lag: best + firstLag }
  const standsOut = plain.score >= LEAST_SCORE && runnerUp <= LARGEST_RUNNER_UP * plain.score
  // Where both move slowly or briefly no lag stands out in deviations; how likely each lag is may still decide.
  const likely = standsOut ? null : likeliestLag(shapedA, shapedB, COARSE_STEP, apart)
  const chosen = likely ?? plain
  const offset = startGap + chosen.lag * COARSE_STEP
  if (!standsOut && !likely) {
    return { aligned: false, ...because('time.notAlike'), curves }
  }
  if (separateMoves(shapedA, shapedB, chosen.lag, COARSE_STEP) < LEAST_MOVES) {
    return { aligned: false, ...because('time.fewMoves'), curves }
  }
  return refine(a, b, offset, chosen.score, chosen.runnerUp, curves)
}

/** Compressed, slow changes taken away, unit variance; holes are zero. */
function shaped(values: Float64Array): Float32Array {
  const roots = Float64Array.from(values, (value) => (Number.isFinite(value) ? Math.sqrt(value) : Number.NaN))
  const half = Math.round(2 / COARSE_STEP)
  const sums = new Float64Array(roots.length + 1)
  const counts = new Float64Array(roots.length + 1)
  for (let index = 0; index < roots.length; index++) {
    const known = Number.isFinite(roots[index])
    sums[index + 1] = sums[index] + (known ? roots[index] : 0)
    counts[index + 1] = counts[index] + (known ? 1 : 0)
  }
  const out = new Float32Array(roots.length)
  let power = 0
  for (let index = 0; index < out.length; index++) {
    const from = Math.max(0, index - half)
    const to = Math.min(out.length, index + half + 1)
    const count = counts[to] - counts[from]
    if (!Number.isFinite(roots[index]) || count === 0) continue
    out[index] = roots[index] - (sums[to] - sums[from]) / count
    power += out[index] * out[index]
  }
  const scale = power > 0 ? 1 / Math.sqrt(power / out.length) : 0
  for (let index = 0; index < out.length; index++) out[index] = Math.max(-4, Math.min(4, out[index] * scale))
  return out
}

/** Correlation at every lag of B against A, in robust standard deviations, per root of the overlap. */
function correlation(plans: FftPlans, a: Float32Array, b: Float32Array): Float32Array {
  const size = fftSizeFor(a.length + b.length)
  const fft = plans.real(size)
  fft.input.fill(0)
  fft.input.set(a)
  const spectrumA = fft.forward().slice()
  fft.input.fill(0)
  fft.input.set(b)
  const spectrumB = fft.forward().slice()
  const product = fft.input
  product[0] = spectrumA[0] * spectrumB[0]
  product[1] = spectrumA[1] * spectrumB[1]
  for (let bin = 2; bin < size; bin += 2) {
    product[bin] = spectrumA[bin] * spectrumB[bin] + spectrumA[bin + 1] * spectrumB[bin + 1]
    product[bin + 1] = spectrumA[bin + 1] * spectrumB[bin] - spectrumA[bin] * spectrumB[bin + 1]
  }
  const circular = fft.inverse()
  const out = new Float32Array(a.length + b.length - 1)
  const least = LEAST_OVERLAP_SECONDS / COARSE_STEP
  const sizes: number[] = []
  for (let index = 0; index < out.length; index++) {
    const lag = index - (b.length - 1)
    const overlap = Math.min(a.length, b.length + lag) - Math.max(0, lag)
    if (overlap < least) continue
    out[index] = circular[lag < 0 ? size + lag : lag] / Math.sqrt(overlap)
    sizes.push(Math.abs(out[index]))
  }
  sizes.sort((first, second) => first - second)
  const deviation = Math.max(1e-9, (sizes[sizes.length >> 1] ?? 0) / 0.6745)
  for (let index = 0; index < out.length; index++) out[index] /= deviation
  return out
}

interface Found {
  /** Where the points' x begins on B's clock. */
  readonly from: number
  readonly span: number
  readonly coarseOffset: number
  readonly score: number
  readonly runnerUp: number
  /** Usual correlation of a stretch. */
  readonly usual: number
}

/**
 * How far what a picture shows may lie from its stamp. Cameras stamp where the first row's exposure begins (as Android
 * says) or the middle of the picture, and nothing in the file tells which. Of cameras that read their rows over 5 to 30 ms
 * and expose for 1 to 20 ms, half of either kind, 95 % lie within twice this; of faster ones within the share of a frame.
 */
const STAMP_SIGMA_SECONDS = 0.0088
const STAMP_SIGMA_FRAMES = 0.44

function refine(
  a: TimedValues,
  b: TimedValues,
  coarseOffset: number,
  score: number,
  runnerUp: number,
  curves: AlignmentCurve[],
): AlignedMotion | UnalignedMotion {
  // A picture is what is explained; of two, and of two sensors, it is B.
  const turned = a.isFromPicture === true && b.isFromPicture !== true
  const lags = turned ? lagsByAxes(a, b, -coarseOffset) : lagsByAxes(b, a, coarseOffset)
  const from = b.seconds[0]
  const picture = [a, b].findLast(({ isFromPicture }) => isFromPicture)
  const stamp = picture ? Math.min(STAMP_SIGMA_SECONDS, STAMP_SIGMA_FRAMES * usualStep(picture)) : 0
  const points = lags.map(({ middleSeconds, lagSeconds, sigmaSeconds }) => ({
    x: (turned ? middleSeconds + lagSeconds : middleSeconds) - from,
    y: (turned ? -lagSeconds : lagSeconds) - coarseOffset,
    sigma: sigmaSeconds,
  }))
  const span =
    Math.min(b.seconds[b.seconds.length - 1], a.seconds[a.seconds.length - 1] - coarseOffset) -
    Math.max(from, a.seconds[0] - coarseOffset)
  const explained = lags.map((lag) => lag.explained).sort((first, second) => first - second)
  const usual = Math.sqrt(explained[explained.length >> 1] ?? 0)
  const answer = conclude(points, { from, span, coarseOffset, score, runnerUp, usual }, curves)
  if (!answer.aligned) return answer
  const [oo, or, rr] = answer.covariance
  return { ...answer, covariance: [oo + stamp ** 2 + stampScatter(a) ** 2 + stampScatter(b) ** 2, or, rr] }
}

/** The line through the lags of stretches, with a prior on the rate. */
function conclude(
  points: readonly LinePoint[],
  { from, span, coarseOffset, score, runnerUp, usual }: Found,
  curves: AlignmentCurve[],
): AlignedMotion | UnalignedMotion {
  const line = points.length < 3 ? pointLine(points) : fitRobustLine(points, LARGEST_RATE_PPM * 1e-6, 5e-5)
  if (!line || usual < LEAST_CORRELATION || line.inlierShare < 0.5) {
    return { aligned: false, ...because('time.roughlyAlike'), curves }
  }
  const [ii, is, ss] = line.covariance
  const varRate = ss * 1e12
  const gain = varRate / (varRate + PRIOR_RATE_PPM ** 2)
  const ratePpm = line.slope * 1e6 * (1 - gain)
  const intercept = line.intercept - ((is * 1e6) / (varRate + PRIOR_RATE_PPM ** 2)) * line.slope * 1e6
  const variance = [
    ii - (is * 1e6) ** 2 / (varRate + PRIOR_RATE_PPM ** 2),
    is * 1e6 * (1 - gain),
    varRate * (1 - gain),
  ] as const
  const arm = from * 1e-6
  curves.push(
    curveOf(
      'lagOfStretches',
      (index) => points[index].x + from,
      points.map((point) => point.y * 1e3),
    ),
  )
  return {
    aligned: true,
    offsetSeconds: coarseOffset + intercept - ratePpm * 1e-6 * from,
    ratePpm,
    covariance: [
      variance[0] - 2 * arm * variance[1] + arm * arm * variance[2],
      variance[1] - arm * variance[2],
      variance[2],
    ],
    confidence: Math.min(
      0.99,
      (1 / (1 + Math.exp(-(score - LEAST_SCORE) * 0.5 - 1.5))) *
        Math.min(1, 0.6 + 0.5 * usual) *
        Math.min(1, 1.4 - 0.6 * (runnerUp / score)),
    ),
    overlapSeconds: span,
    curves,
  }
}

/** Through one or two lags: their mean, and a rate of which nothing is known. */
function pointLine(
  points: readonly LinePoint[],
): Pick<RobustLine, 'intercept' | 'slope' | 'covariance' | 'inlierShare'> | undefined {
  if (points.length === 0) return undefined
  const weight = points.reduce((sum, point) => sum + point.sigma ** -2, 0)
  const x = points.reduce((sum, point) => sum + point.x * point.sigma ** -2, 0) / weight
  const intercept = points.reduce((sum, point) => sum + point.y * point.sigma ** -2, 0) / weight
  const varSlope = (1000 * PRIOR_RATE_PPM * 1e-6) ** 2
  return { intercept, slope: 0, covariance: [1 / weight + x * x * varSlope, -x * varSlope, varSlope], inlierShare: 1 }
}
