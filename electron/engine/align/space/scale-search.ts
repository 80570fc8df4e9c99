/**
 * The search with the source's scale unknown. The sizes of the two scans give a first ratio, which partial overlap may
 * put out by a third; scales around it are tried coarsely, the best of them searched in full with the scale left free.
 */
import { type RefinedHypothesis, quickValue, searchPoses } from './pose-search.ts'
import { cellFor, prepareScan } from './prepared-scan.ts'
import type { RegisterOptions } from './registration.ts'
import type { ScanCloud } from './scan-cloud.ts'
import { everyNth } from '../../../../shared/geometry/icp.ts'
import { throwIfCancelled } from '../../../../shared/errors.ts'

/** Cells across the smaller scan in the coarse pass: a step of the scale then moves its edge by half a cell. */
const QUICK_CELLS = 28
const STEP = 1.06
const STEPS_EACH_WAY = 9
const FULL_SEARCHES = 3
const QUICK_POINTS = 20_000

/** Hypotheses whose poses carry the scale, over the centred scans, best first. */
export function searchWithScale(
  target: ScanCloud,
  source: ScanCloud,
  cellsAcross: number,
  options: RegisterOptions,
): RefinedHypothesis[] {
  const gravityKnown = options.gravity === 'known'
  const base = target.extentMetres / source.extentMetres
  const thinTarget = { ...target, positions: everyNth(target.positions, QUICK_POINTS) }
  const thinSource = { ...source, positions: everyNth(source.positions, QUICK_POINTS) }
  const tried: { scale: number; value: number }[] = []
  const steps = 2 * STEPS_EACH_WAY + 1
  for (let step = -STEPS_EACH_WAY; step <= STEPS_EACH_WAY; step++) {
    throwIfCancelled(options.signal)
    const scale = base * STEP ** step
    const scaled = scaledCloud(thinSource, scale)
    const cell = Math.min(target.extentMetres, scaled.extentMetres) / QUICK_CELLS
    const value = quickValue(prepareScan(thinTarget, cell), prepareScan(scaled, cell), {
      gravityKnown,
      signal: options.signal,
    })
    tried.push({ scale, value })
    options.onProgress?.(0.05 + (0.5 * tried.length) / steps)
  }
  tried.sort((a, b) => b.value - a.value)
  const chosen: number[] = []
  for (const { scale } of tried) {
    if (chosen.length < FULL_SEARCHES && chosen.every((other) => Math.abs(Math.log(other / scale)) > 0.06)) {
      chosen.push(scale)
    }
  }
  const found: RefinedHypothesis[] = []
  chosen.forEach((scale, i) => {
    const scaled = scaledCloud(source, scale)
    const wanted = Math.min(target.extentMetres, scaled.extentMetres) / cellsAcross
    const cell = Math.max(cellFor(target, wanted), cellFor(scaled, wanted))
    const hypotheses = searchPoses(prepareScan(target, cell), prepareScan(scaled, cell), {
      gravityKnown,
      withScale: true,
      signal: options.signal,
      onProgress: (fraction) => options.onProgress?.(0.55 + (0.45 * (i + fraction)) / chosen.length),
    })
    // The pose was found for the scaled source: the scale goes into the linear part.
    for (const h of hypotheses) {
      const pose = h.pose.map((value, k) => (k < 12 ? value * scale : value))
      found.push({ ...h, pose, score: { ...h.score, value: h.score.value * spread(h.score.lesserMatched) } })
    }
  })
  found.sort((a, b) => b.score.value - a.score.value)
  return found.filter((h, i) =>
    found.slice(0, i).every((better) => !sameSimilarity(better.pose, h.pose, target, source)),
  )
}

/** Below this share of both scans a scale is doubted. */
const BOTH_MATCHED = 0.3

/** A scan made small enough fits into a corner of anything: what counts is that much of both is explained. */
function spread(lesserMatched: number): number {
  return Math.sqrt(Math.min(1, lesserMatched / BOTH_MATCHED))
}

function scaledCloud(cloud: ScanCloud, scale: number): ScanCloud {
  return {
    ...cloud,
    positions: cloud.positions.map((value) => value * scale),
    centre: [cloud.centre[0] * scale, cloud.centre[1] * scale, cloud.centre[2] * scale],
    extentMetres: cloud.extentMetres * scale,
  }
}

/** Poses that put the source's box in the same place to within a few per cent of the target. */
function sameSimilarity(a: readonly number[], b: readonly number[], target: ScanCloud, source: ScanCloud): boolean {
  const half = source.extentMetres / 2
  let furthest = 0
  for (let axis = 0; axis < 3; axis++) {
    for (const sign of [-half, half]) {
      const d = [0, 1, 2].map((k) => (a[axis * 4 + k] - b[axis * 4 + k]) * sign + a[12 + k] - b[12 + k])
      furthest = Math.max(furthest, Math.hypot(d[0], d[1], d[2]))
    }
  }
  return furthest < target.extentMetres * 0.06
}
