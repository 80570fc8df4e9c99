/** Alignment in space: the registry of methods, and what the rest of the engine calls. */
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { because } from '../../../../shared/sayings/saying.ts'
import type { MeasureContext, SpaceAsset, SpaceMethod } from './method.ts'
import { pathToPath } from './path-to-path.ts'
import type { SpaceRegistration } from './registration.ts'
import { scanToScan } from './scan-to-scan.ts'

/** In the order in which they are tried: what sees the place itself before what only sees the motion. */
const SPACE_METHODS: readonly SpaceMethod[] = [scanToScan, pathToPath]

/** The first method that registers the pair; otherwise the first refusal that names candidates, or the first at all. */
export async function measurePair(
  target: SpaceAsset,
  source: SpaceAsset,
  context: MeasureContext = {},
): Promise<SpaceRegistration> {
  const refusals: SpaceRegistration[] = []
  for (const method of SPACE_METHODS) {
    throwIfCancelled(context.signal)
    if (!method.supports(target, source)) continue
    const answer = await method.measure(target, source, context)
    if (answer.registered) return answer
    refusals.push(answer)
  }
  const nothing: SpaceRegistration = {
    registered: false,
    ...because('space.incomparable'),
    candidates: [],
  }
  return refusals.find((refusal) => refusal.candidates.length > 0) ?? refusals[0] ?? nothing
}

export { fragmentsOf, lengthOf } from './capture-fragments.ts'
export { closeLoops, SHORTEST_LOOP_METRES } from './loop-closure.ts'
export type { LoopClosure } from './loop-model.ts'
export { cloudFromDepth } from './depth-cloud.ts'
export type { SpaceAsset } from './method.ts'
export { checkPictures, PICTURES_TAKEN } from './picture-check.ts'
export type { PictureCheck, PictureShot } from './picture-check.ts'
export { viewedSurface, type ViewedSurface } from './scan-view.ts'
export { solvePoseGraph } from './pose-graph.ts'
export type { PairMeasurement, PoseGraphSolution } from './pose-graph.ts'
export { findFloor } from './floor.ts'
export { fitLandmarks, LANDMARKS_METHOD } from './landmarks.ts'
export { residualsOf } from './residuals.ts'
export { registerScansInWorker } from './register-in-worker.ts'
export type { SpaceRegistration } from './registration.ts'
