/** An answer against the truth, and how benches say what came of many. */

export interface MeasuredLine {
  readonly offsetSeconds: number
  readonly ratePpm: number
}

export interface Judged {
  /** Error at the middle of the overlap (s), and in its own sigma. */
  readonly error: number
  readonly sigmas: number
  /** Of the offset at B's zero, in its own sigma. */
  readonly offsetSigmas: number
  readonly rateError: number
  readonly rateSigmas: number
  readonly confidence: number
}

/** @param secondsA @param secondsB how long the two last */
export function judge(
  answer: MeasuredLine & { readonly covariance: readonly [number, number, number]; readonly confidence: number },
  truth: MeasuredLine,
  secondsA: number,
  secondsB: number,
): Judged {
  const from = Math.max(0, -truth.offsetSeconds)
  const to = Math.min(secondsB, secondsA - truth.offsetSeconds)
  const middle = ((from + to) / 2) * 1e-6
  const [oo, or, rr] = answer.covariance
  const rateError = answer.ratePpm - truth.ratePpm
  const offsetError = answer.offsetSeconds - truth.offsetSeconds
  const error = offsetError + rateError * middle
  return {
    error,
    sigmas: error / Math.sqrt(oo + 2 * middle * or + middle * middle * rr),
    offsetSigmas: offsetError / Math.sqrt(oo),
    rateError,
    rateSigmas: rateError / Math.sqrt(rr),
    confidence: answer.confidence,
  }
}

export const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((one, two) => one - two)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
  Number.NaN

/** How many lie within two sigma, with the 95 % interval of that share itself (Wilson). */
export function insideTwoSigma(sigmas: readonly number[]): string {
  const count = sigmas.length
  if (count === 0) return 'of none'
  const inside = sigmas.filter((value) => Math.abs(value) <= 2).length
  const share = inside / count
  const z2 = 1.96 ** 2
  const middle = (share + z2 / (2 * count)) / (1 + z2 / count)
  const reach = (1.96 / (1 + z2 / count)) * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count))
  const band = [middle - reach, middle + reach].map((each) => (each * 100).toFixed(1)).join(' to ')
  return `${(share * 100).toFixed(1)} % of ${count} (${band})`
}

/** What the work is held to, beside what was measured. */
export const held = (print: (line: string) => void, to: string, measured: string, isKept: boolean): void =>
  print(`held to ${to}: ${measured}  ${isKept ? 'kept' : 'NOT KEPT'}`)
