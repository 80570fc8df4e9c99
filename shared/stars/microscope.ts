/** Which units of a network a work excites most: those that stand out, each different from the others. */

/** What one stream excites, bin by bin: standard deviations above the reference, by unit. */
export interface ExcitedStream {
  readonly asset: string
  readonly seconds: readonly number[]
  readonly units: readonly Float32Array[]
}

export interface UnitFinding {
  readonly unit: number
  /** The unit and all that rise and fall with it: what the finding stands for. */
  readonly together: readonly number[]
  /** The most, standard deviations above the mean of the reference. */
  readonly peak: number
  /** The moments that excite it most, apart from one another. */
  readonly exemplars: readonly { readonly asset: string; readonly seconds: number; readonly deviations: number }[]
}

/** A unit is judged by this many of its strongest bins: one odd picture is no finding. */
const STRONGEST = 3
const MOST_ALIKE = 0.85
const LEAST_BINS = 3
const EXEMPLARS = 4
const EXEMPLARS_APART_SECONDS = 3

/** Null where one of them stays as it is. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const n = a.length
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0]
  for (let i = 0; i < n; i++) {
    sumA += a[i]
    sumB += b[i]
    squareA += a[i] * a[i]
    squareB += b[i] * b[i]
    product += a[i] * b[i]
  }
  const spread = Math.sqrt((squareA - (sumA * sumA) / n) * (squareB - (sumB * sumB) / n))
  return spread > 1e-12 ? (product - (sumA * sumB) / n) / spread : null
}

function strength(values: Float64Array): number {
  const strongest = Float64Array.from(values).sort().slice(-STRONGEST)
  return strongest.reduce((sum, value) => sum + value, 0) / Math.max(1, strongest.length)
}

function exemplarsOf(streams: readonly ExcitedStream[], unit: number): UnitFinding['exemplars'] {
  const moments = streams.flatMap(({ asset, seconds, units }) =>
    units.map((values, at) => ({ asset, seconds: seconds[at], deviations: values[unit] })),
  )
  moments.sort((a, b) => b.deviations - a.deviations)
  const chosen: (typeof moments)[number][] = []
  for (const moment of moments) {
    if (chosen.length >= EXEMPLARS) break
    const isNear = chosen.some(
      (other) => other.asset === moment.asset && Math.abs(other.seconds - moment.seconds) < EXEMPLARS_APART_SECONDS,
    )
    if (!isNear) chosen.push(moment)
  }
  return chosen
}

/** The strongest units first; a unit that rises and falls with one before it is left out. */
export function excitedUnits(streams: readonly ExcitedStream[], most: number): UnitFinding[] {
  const bins = streams.flatMap(({ units }) => units)
  if (bins.length === 0) return []
  const traces = Array.from({ length: bins[0].length }, (_, unit) => Float64Array.from(bins, (values) => values[unit]))
  const order = traces.map((trace, unit) => ({ unit, by: strength(trace) })).sort((a, b) => b.by - a.by)
  // Of two pictures any two units rise and fall together.
  const likeness = (unit: number, other: number): number | null =>
    bins.length < LEAST_BINS ? 0 : correlation(traces[unit], traces[other])
  const chosen: number[] = []
  for (const { unit, by } of order) {
    if (chosen.length >= most || by <= 0) break
    const isNew = chosen.every((other) => (likeness(unit, other) ?? 1) < MOST_ALIKE)
    if (isNew) chosen.push(unit)
  }
  return chosen.map((unit) => ({
    unit,
    together: traces.flatMap((_, other) =>
      other === unit || (likeness(other, unit) ?? 0) >= MOST_ALIKE ? [other] : [],
    ),
    peak: traces[unit].reduce((top, value) => Math.max(top, value), -Infinity),
    exemplars: exemplarsOf(streams, unit),
  }))
}
