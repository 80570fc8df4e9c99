/** Scan to scan: the pose of one scan in another from nothing but the two, or the reason why none can be given. */
import type { Scan } from '../../../../shared/geometry/data.ts'
import { type Matrix4, multiply, scaleOf, similarity } from '../../../../shared/geometry/matrix4.ts'
import { because, type Reason, say } from '../../../../shared/sayings/saying.ts'
import { lookCloser } from './closer-look.ts'
import { decide } from './decision.ts'
import { type RefinedHypothesis, searchPoses } from './pose-search.ts'
import { type PreparedScan, prepareScan, cellFor } from './prepared-scan.ts'
import { METHOD, type RegisterOptions, type SpaceRegistration } from './registration.ts'
import { cloudFromScan, type ScanCloud } from './scan-cloud.ts'
import { searchWithScale } from './scale-search.ts'

/** Cells across the smaller scan. */
const CELLS_ACROSS = 64
/** Scans whose sizes differ by more are not compared without a scale. */
const LARGEST_SIZE_RATIO = 25

/**
 * @throws AsterismError `cancelled` when the signal fires. Bad scans are an answer, not an error.
 */
export function registerScans(target: Scan, source: Scan, options: RegisterOptions = {}): SpaceRegistration {
  const clouds = [cloudFromScan(target), cloudFromScan(source)] as const
  const [a, b] = clouds
  if ('reason' in a) return refusal(because('space.targetBad', { why: a.said }))
  if ('reason' in b) return refusal(because('space.sourceBad', { why: b.said }))
  options.onProgress?.(0.05)
  if (options.allowScale) return answer(a, b, searchWithScale(a, b, CELLS_ACROSS, options), true)
  const ratio = Math.max(a.extentMetres, b.extentMetres) / Math.min(a.extentMetres, b.extentMetres)
  if (ratio > LARGEST_SIZE_RATIO) {
    const larger = a.extentMetres > b.extentMetres ? 'space.targetLarge' : 'space.sourceLarge'
    return refusal(because(larger, { factor: Number(ratio.toPrecision(2)), unit: say(unitOf(ratio)) }))
  }
  const wanted = Math.min(a.extentMetres, b.extentMetres) / CELLS_ACROSS
  const cells = [cellFor(a, wanted), cellFor(b, wanted)] as const
  const cell = Math.max(...cells)
  const prepared: [PreparedScan, PreparedScan] = [prepareScan(a, cell), prepareScan(b, cell)]
  options.onProgress?.(0.15)
  const hypotheses = searchPoses(prepared[0], prepared[1], {
    gravityKnown: options.gravity === 'known',
    signal: options.signal,
    onProgress: (fraction) => options.onProgress?.(0.15 + fraction * 0.85),
  })
  const said = answer(a, b, hypotheses)
  if (said.registered) return said
  const closer = lookCloser(...prepared, cells, hypotheses, options.signal)
  const again = closer && answer(a, b, closer)
  return again?.registered ? again : said
}

/** Units that files are written in although metres are meant, and how many make a metre. */
const UNITS = [
  ['space.millimetres', 1000],
  ['space.centimetres', 100],
  ['space.inches', 39.37],
] as const

/** What the unit that would explain a ratio of sizes is called, overlap aside. */
function unitOf(ratio: number) {
  const unit = UNITS.find(([, count]) => Math.abs(Math.log(ratio / count)) < Math.log(1.5))
  return unit?.[0] ?? 'space.otherUnits'
}

function refusal(reason: Reason): SpaceRegistration {
  return { registered: false, ...reason, candidates: [] }
}

function answer(
  target: ScanCloud,
  source: ScanCloud,
  hypotheses: readonly RefinedHypothesis[],
  allowedScale = false,
): SpaceRegistration {
  const decision = decide(hypotheses)
  const outside = (pose: Matrix4) => multiply(multiply(shift(target.centre, 1), pose), shift(source.centre, -1))
  if (decision.kind !== 'accepted') {
    const candidates = decision.confidences
      .slice(0, 4)
      .map((confidence, i) => ({ targetFromSource: outside(hypotheses[i].pose), confidence }))
    return { registered: false, reason: decision.reason, said: decision.said, candidates }
  }
  const [best] = hypotheses
  const matrix = outside(best.pose)
  return {
    registered: true,
    targetFromSource: matrix,
    scale: allowedScale ? scaleOf(matrix) : 1,
    rmseMetres: best.icp.rmseMetres,
    overlap: best.overlap,
    confidence: decision.confidence,
    method: METHOD,
    covariance: [...(best.covariance ?? [])],
    candidates: [],
  }
}

function shift(by: readonly number[], sign: number): number[] {
  return similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], [by[0] * sign, by[1] * sign, by[2] * sign])
}
