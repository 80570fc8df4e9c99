/** Accuracy's smooth cousin for targets that are vectors: how surely a row is said better than the middling row was. */

/** Sharpness of the soft "right" of a cosine, around the median cosine of the model before. */
const SHARPNESS = 0.08

/** The mean over rows; `middle` counts one half. */
export function softAccuracy(values: Float64Array, middle: number): number {
  let sum = 0
  for (const value of values) sum += 1 / (1 + Math.exp((middle - value) / SHARPNESS))
  return values.length > 0 ? sum / values.length : 0
}

/** The upper median; 0 of nothing. */
export function medianOf(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[sorted.length >> 1] ?? 0
}
