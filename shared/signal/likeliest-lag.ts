/**
 * The lag under which two smooth, short series are most likely the same one, if it is likely enough.
 *
 * Under a lag with correlation r over n independent pieces, "the same" is -n/2 ln(1 - r^2) (nats) likelier than "unrelated"
 * (normal values). How many pieces there are says Bartlett's formula from the autocorrelations: slow motion has few. The
 * answer must beat chance over all lags that were tried, and every other lag.
 */

const LEAST_OVERLAP_SECONDS = 8
/** Nats beyond the logarithm of the number of independent lags: one wrong in some twenty thousand. */
const LEAST_EVIDENCE = 10
const LEAST_LEAD = 8
const LEAST_CORRELATION = 0.6
const LONGEST_MEMORY_SECONDS = 4
/** `alignMotion` counts in deviations; so many nats are worth as much as its least score of 8. */
const NATS_A_DEVIATION = 2

export interface LikelyLag {
  /** Steps of `a` against `b`. */
  readonly lag: number
  readonly score: number
  readonly runnerUp: number
}

/**
 * @param a without its slow changes, zero where nothing is known
 * @param apart steps within which two lags are the same answer
 */
export function likeliestLag(a: Float32Array, b: Float32Array, stepSeconds: number, apart: number): LikelyLag | null {
  const memory = memorySteps(a, b, Math.round(LONGEST_MEMORY_SECONDS / stepSeconds))
  const [energyA, energyB] = [energies(a), energies(b)]
  const least = Math.round(LEAST_OVERLAP_SECONDS / stepSeconds)
  // Two steps are finer than anything a smooth series shows.
  const stride = 2
  const lags: { lag: number; evidence: number; correlation: number }[] = []
  for (let lag = least - b.length; lag <= a.length - least; lag += stride) {
    const from = Math.max(0, -lag)
    const to = Math.min(b.length, a.length - lag)
    if (to - from < least) continue
    let sum = 0
    for (let index = from; index < to; index++) sum += a[index + lag]! * b[index]!
    const scale = Math.sqrt((energyA[to + lag]! - energyA[from + lag]!) * (energyB[to]! - energyB[from]!))
    const correlation = scale > 0 ? Math.min(0.999, sum / scale) : 0
    const evidence = correlation > 0 ? (-(to - from) / memory / 2) * Math.log(1 - correlation ** 2) : 0
    lags.push({ lag, evidence, correlation })
  }
  const best = lags.reduce((most, each) => (each.evidence > most.evidence ? each : most), {
    lag: 0,
    evidence: 0,
    correlation: 0,
  })
  const second = lags
    .filter((each) => Math.abs(each.lag - best.lag) > apart)
    .reduce((most, each) => Math.max(most, each.evidence), 0)
  const tried = Math.log(Math.max(1, (lags.length * stride) / memory))
  const isLikely =
    best.correlation >= LEAST_CORRELATION &&
    best.evidence >= LEAST_EVIDENCE + tried &&
    best.evidence - second >= LEAST_LEAD
  if (!isLikely) return null
  return {
    lag: best.lag,
    score: 8 + (best.evidence - tried - LEAST_EVIDENCE) / NATS_A_DEVIATION,
    runnerUp: 8 * Math.max(0, second / best.evidence),
  }
}

/** Steps a piece: the sum of the product of the two autocorrelations (Bartlett 1946). */
function memorySteps(a: Float32Array, b: Float32Array, longest: number): number {
  let sum = 1
  const [wholeA, wholeB] = [product(a, 0), product(b, 0)]
  for (let lag = 1; lag < Math.min(longest, a.length, b.length); lag++) {
    sum += (2 * product(a, lag) * product(b, lag)) / (wholeA * wholeB)
  }
  return Math.max(2, sum)
}

function product(values: Float32Array, lag: number): number {
  let sum = 0
  for (let index = lag; index < values.length; index++) sum += values[index]! * values[index - lag]!
  return sum
}

/** Running sums of squares. */
function energies(values: Float32Array): Float64Array {
  const out = new Float64Array(values.length + 1)
  for (let index = 0; index < values.length; index++) out[index + 1] = out[index]! + values[index]! ** 2
  return out
}
