/** Does the sound of two clocks coincide where their maps say it does? How far off it is found to lie, where that shows. */
import { ONSET_HZ } from './measurements.ts'

export interface PlacedOnsets {
  readonly startSeconds: number
  readonly values: readonly number[]
  toProjectSeconds(clockSeconds: number): number
}

const REACH_SECONDS = 1
const FEWEST_FRAMES = 4 * ONSET_HZ
/** Standard deviations of chance that a peak must stand out by. */
const SURE = 6

function standardised(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return deviation > 0 ? values.map((value) => (value - mean) / deviation) : values.fill(0)
}

/** The onsets of a clock on an even grid of project time; 0 outside. */
function onGrid(onsets: PlacedOnsets, firstFrame: number, frames: number): Float64Array {
  const grid = new Float64Array(frames)
  onsets.values.forEach((value, at) => {
    const frame = Math.round(onsets.toProjectSeconds(onsets.startSeconds + at / ONSET_HZ) * ONSET_HZ) - firstFrame
    if (frame >= 0 && frame < frames) grid[frame] = Math.max(grid[frame], value)
  })
  return grid
}

function boundsOf(onsets: PlacedOnsets): [number, number] {
  const last = onsets.startSeconds + onsets.values.length / ONSET_HZ
  return [onsets.toProjectSeconds(onsets.startSeconds), onsets.toProjectSeconds(last)]
}

/**
 * Seconds by which the second sound lies late against the first; null when they share too little or nothing stands out
 * within a second.
 */
export function onsetResidual(a: PlacedOnsets, b: PlacedOnsets): number | null {
  const [startA, endA] = boundsOf(a)
  const [startB, endB] = boundsOf(b)
  const first = Math.ceil(Math.max(startA, startB) * ONSET_HZ)
  const frames = Math.floor(Math.min(endA, endB) * ONSET_HZ) - first
  if (!(frames >= FEWEST_FRAMES)) return null
  const x = standardised(onGrid(a, first, frames))
  const y = standardised(onGrid(b, first, frames))
  const reach = REACH_SECONDS * ONSET_HZ
  let best = -Infinity
  let at = 0
  const scores = Array.from({ length: 2 * reach + 1 }, (_, index) => {
    const lag = index - reach
    let sum = 0
    for (let i = Math.max(0, -lag); i < Math.min(frames, frames - lag); i++) sum += x[i] * y[i + lag]
    const score = sum / Math.sqrt(frames - Math.abs(lag))
    if (score > best) {
      best = score
      at = lag
    }
    return score
  })
  if (best < SURE) return null
  const before = scores[at + reach - 1] ?? best
  const after = scores[at + reach + 1] ?? best
  const curvature = before - 2 * best + after
  const fine = curvature < 0 ? (before - after) / (2 * curvature) : 0
  const residual = (at + Math.max(-0.5, Math.min(0.5, fine))) / ONSET_HZ
  // Within a frame it is as well in place as this can tell.
  return Math.abs(residual) < 1 / ONSET_HZ ? 0 : residual
}
