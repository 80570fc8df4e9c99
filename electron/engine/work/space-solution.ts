/** Between the pose graph and the document: evidence as measurements, solutions as records, one gesture each. */
import type { RegisterAnswer } from '../../../shared/contract/answers.ts'
import type { PictureCheckAnswer } from '../../../shared/contract/space-answers.ts'
import { recordsOf, streamsOf, transformId, type Document } from '../../../shared/document/document.ts'
import type { DocumentRecord, SpaceEvidence, Transform } from '../../../shared/document/records.ts'
import {
  solvePoseGraph,
  type LoopClosure,
  type PairMeasurement,
  type PoseGraphSolution,
  type SpaceRegistration,
} from '../align/space/index.ts'
import { loopClosureAnswerOf } from './close-loops.ts'
import { inEnglish, type Saying, type Why } from '../../../shared/sayings/saying.ts'
import type { Session } from '../session.ts'
import { hasPlace, isMetric } from '../assets/surface.ts'

type Draft = Map<string, DocumentRecord>

/** What a pose is trusted to where its method states no uncertainty: a degree and three centimetres. */
/** Evidence of versions that kept no reason. */
const WITHOUT_REASON = 'ambiguous'
const UNSTATED = Array.from({ length: 36 }, (_, i) => (i % 7 !== 0 ? 0 : i < 18 ? (Math.PI / 180) ** 2 : 0.03 ** 2))

export function sizeOf(document: Document, assetId: string): number {
  const bounds = streamsOf(document, assetId).find((stream) => stream.boundsMetres)?.boundsMetres
  return bounds ? Math.hypot(...bounds.max.map((value, axis) => value - bounds.min[axis]!)) : 0
}

/** The evidence of two assets, whichever of them is its target. */
export function evidenceBetween(document: Document, a: string, b: string): SpaceEvidence | undefined {
  return recordsOf(document, 'spaceEvidence').find(
    (record) =>
      (record.targetAssetId === a && record.sourceAssetId === b) ||
      (record.targetAssetId === b && record.sourceAssetId === a),
  )
}

/** Kept evidence as the solver takes it. What the person accepted counts as certain. */
export function measurementOf(record: SpaceEvidence): PairMeasurement {
  const { id: pairId, targetAssetId, sourceAssetId, verdict } = record
  const candidates = record.candidates.map((each) => ({ ...each, targetFromSource: [...each.targetFromSource] }))
  const open = record.unresolved && verdict !== 'accept'
  const registration: SpaceRegistration = open
    ? { registered: false, reason: record.reason ?? WITHOUT_REASON, said: record.said, candidates }
    : {
        registered: true,
        targetFromSource: [...record.targetFromSource],
        scale: record.scale,
        rmseMetres: record.rmseMetres,
        overlap: record.overlap,
        confidence: verdict === 'accept' ? 1 : record.confidence,
        method: record.method,
        covariance: [...(record.covariance ?? UNSTATED)],
        candidates,
      }
  return { pairId, targetAssetId, sourceAssetId, verdict, registration }
}

/** A judged pair as a record; null where there is not even a candidate to show. */
export function evidenceRecord(pair: PoseGraphSolution['pairs'][number], before?: SpaceEvidence): SpaceEvidence | null {
  const { registration } = pair
  const candidates = registration.candidates.map((candidate) => ({
    targetFromSource: [...candidate.targetFromSource],
    confidence: candidate.confidence,
  }))
  const base = {
    kind: 'spaceEvidence' as const,
    id: pair.pairId,
    targetAssetId: pair.targetAssetId,
    sourceAssetId: pair.sourceAssetId,
    accepted: pair.accepted,
    reason: pair.reason,
    ...(pair.said && { said: pair.said }),
    verdict: pair.verdict ?? null,
    candidates,
  }
  if (registration.registered) {
    return {
      ...base,
      targetFromSource: [...registration.targetFromSource],
      scale: registration.scale,
      covariance: [...registration.covariance],
      rmseMetres: registration.rmseMetres,
      overlap: registration.overlap,
      confidence: registration.confidence,
      method: registration.method,
      // A pose that a person took is still none that was found.
      ...(before?.unresolved && pair.verdict === 'accept' ? { unresolved: true } : {}),
    }
  }
  const [likeliest] = candidates
  if (!likeliest) return null
  return {
    ...base,
    targetFromSource: likeliest.targetFromSource,
    scale: 1,
    covariance: null,
    rmseMetres: null,
    overlap: null,
    confidence: likeliest.confidence,
    method: 'scan-to-scan',
    unresolved: true,
  }
}

/** Places everything anew from the evidence in the draft; what was placed by hand stays. */
function placeFromEvidence(draft: Draft): PoseGraphSolution {
  const document: Document = draft
  const project = draft.get('project')
  const reference = project?.kind === 'project' ? project.worldAssetId : null
  const assets = recordsOf(document, 'asset')
    .map(({ id: assetId, warnings }) => ({ assetId, warnings, streams: streamsOf(document, assetId) }))
    .filter(hasPlace)
  const solution = solvePoseGraph({
    assets: assets.map(({ assetId, warnings, streams }) => ({
      assetId,
      sizeMetres: sizeOf(document, assetId),
      scaleKnown: isMetric(warnings, { streams }),
    })),
    pairs: recordsOf(document, 'spaceEvidence').map(measurementOf),
    manual: recordsOf(document, 'transform')
      .filter((transform) => transform.manual)
      .map(({ assetId, worldFromAsset }) => ({ assetId, worldFromAsset: [...worldFromAsset] })),
    referenceAssetId: reference ?? undefined,
  })
  for (const pair of solution.pairs) {
    const record = draft.get(pair.pairId)
    if (record?.kind !== 'spaceEvidence') continue
    record.accepted = pair.accepted
    if (record.unresolved) continue
    record.reason = pair.reason
    if (pair.said) record.said = pair.said
    else delete record.said
  }
  writePlaces(draft, solution)
  return solution
}

/** Transforms and the world as solved. */
export function writePlaces(draft: Draft, solution: PoseGraphSolution): void {
  const placed = new Set(solution.transforms.map((each) => each.assetId))
  for (const record of Array.from(draft.values())) {
    if (record.kind === 'transform' && !record.manual && !placed.has(record.assetId)) draft.delete(record.id)
  }
  for (const each of solution.transforms) {
    const before = draft.get(transformId(each.assetId))
    if (before?.kind === 'transform' && before.manual) continue
    draft.set(transformId(each.assetId), transformRecord(each))
  }
  const project = draft.get('project')
  if (project?.kind === 'project') project.worldAssetId = solution.worldAssetId
}

function transformRecord(each: PoseGraphSolution['transforms'][number]): Transform {
  return {
    kind: 'transform',
    id: transformId(each.assetId),
    assetId: each.assetId,
    worldFromAsset: [...each.worldFromAsset],
    scale: each.scale,
    covariance: each.covariance ? [...each.covariance] : null,
    rmseMetres: each.rmseMetres,
    overlap: each.overlap,
    confidence: each.confidence,
    method: each.method,
    evidenceIds: [...each.evidencePairIds],
    manual: false,
  }
}

export function registerAnswerOf(
  solution: PoseGraphSolution,
  unreadable: readonly ({ assetId: string } & Why)[],
  closures: ReadonlyMap<string, LoopClosure>,
  pictureChecks: readonly PictureCheckAnswer[] = [],
): RegisterAnswer {
  return {
    world: solution.worldAssetId,
    assets: solution.transforms.map((each) => ({
      asset: each.assetId,
      world_from_asset: [...each.worldFromAsset],
      scale: each.scale,
      rmse_m: each.rmseMetres,
      overlap: each.overlap,
      confidence: each.confidence,
      method: each.method,
      covariance: each.covariance ? [...each.covariance] : null,
    })),
    pairs: solution.pairs.map(({ targetAssetId, sourceAssetId, registration, accepted, reason, said }) => ({
      target: targetAssetId,
      source: sourceAssetId,
      method: registration.registered ? registration.method : null,
      overlap: registration.registered ? registration.overlap : null,
      rmse_m: registration.registered ? registration.rmseMetres : null,
      confidence: registration.registered ? registration.confidence : (registration.candidates[0]?.confidence ?? 0),
      accepted,
      reason,
      said,
    })),
    cycles: solution.cycles.map(({ assetIds, degrees, metres, consistent }) => ({
      assets: [...assetIds],
      degrees,
      metres,
      consistent,
    })),
    loop_closures: Array.from(closures, ([assetId, closure]) => loopClosureAnswerOf(assetId, closure)),
    picture_checks: [...pictureChecks],
    unregistered: [...solution.unregistered, ...unreadable].map(({ assetId, ...why }) => ({ asset: assetId, ...why })),
  }
}

/** One gesture that changes evidence or places by hand, after which everything is placed anew. */
export function commitAndPlace(session: Session, step: Saying, recipe: (draft: Draft) => void): PoseGraphSolution {
  let solution: PoseGraphSolution | undefined
  session.requireProject().commit({ label: inEnglish(step) }, (draft) => {
    recipe(draft)
    solution = placeFromEvidence(draft)
  })
  if (!solution) throw new Error('the recipe did not run')
  return solution
}
