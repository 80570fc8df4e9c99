/**
 * Split-conformal intervals (Vovk et al.; Lei et al., Distribution-free predictive inference for regression, JASA 2018):
 * the half-width is the ceil((n + 1) * level)-th smallest absolute residual on data that the fit did not see.
 */
export function conformalHalfWidth(absoluteResiduals: ArrayLike<number>, level: number): number {
  const sorted = Float64Array.from(absoluteResiduals as ArrayLike<number>).sort()
  const rank = Math.ceil((sorted.length + 1) * level)
  return rank > sorted.length ? Number.POSITIVE_INFINITY : sorted[Math.max(0, rank - 1)]
}
