/** Candidates of a pair that the recordings cannot tell apart: looked at one by one on the stage, then taken. */
import { Matrix4 } from 'three'
import { recordsOf, transformId, type Document } from '../../../shared/document/document.ts'
import type { SpaceEvidence } from '../../../shared/document/records.ts'
import type { Placement } from './placement.ts'
import type { CandidatePreview } from './stage-store.ts'

/** A candidate that is likelier wrong than this is not offered. */
const LEAST_CHANCE = 0.01

/** Which of a pair's candidates can be looked at; none once a person has taken one. */
export function offeredCandidates(piece: SpaceEvidence): number[] {
  if (piece.verdict === 'accept') return []
  return piece.candidates.flatMap(({ confidence }, n) => (confidence < LEAST_CHANCE ? [] : [n]))
}

/** Pairs that wait for the person's word first, then those that are used, then those that show different places. */
export function pairsOf(document: Document): SpaceEvidence[] {
  const rank = (piece: SpaceEvidence): number => {
    const waits = piece.verdict === null && piece.unresolved && piece.reason?.startsWith('ambiguous')
    return waits ? 0 : piece.accepted ? 1 : 2
  }
  return recordsOf(document, 'spaceEvidence').toSorted((a, b) => rank(a) - rank(b))
}

/** The pair whose candidates the number keys mean: the one that is looked at, else the first that is open. */
export function openPair(document: Document, preview: CandidatePreview | null): SpaceEvidence | undefined {
  const open = pairsOf(document).filter((piece) => offeredCandidates(piece).length > 0)
  return open.find(({ id }) => id === preview?.evidenceId) ?? open[0]
}

/** Where everything stands with a candidate taken on trial: the source moves, unless it is the world. */
export function withCandidate(
  document: Document,
  placements: ReadonlyMap<string, Placement>,
  preview: CandidatePreview | null,
): ReadonlyMap<string, Placement> {
  const piece = preview ? document.get(preview.evidenceId) : undefined
  if (!preview || piece?.kind !== 'spaceEvidence') return placements
  const pose = piece.candidates[preview.candidate]?.targetFromSource
  if (!pose) return placements
  const target = placements.get(piece.targetAssetId) ?? placeOf(document, piece.targetAssetId)
  const source = placements.get(piece.sourceAssetId) ?? placeOf(document, piece.sourceAssetId)
  const targetFromSource = new Matrix4().fromArray(pose)
  const project = document.get('project')
  const next = new Map(placements)
  const sourceStays = project?.kind === 'project' && project.worldAssetId === piece.sourceAssetId
  if (sourceStays && source) {
    const matrix = new Matrix4().fromArray(source.matrix).multiply(targetFromSource.invert()).toArray()
    next.set(piece.targetAssetId, { matrix, isPlaced: true })
  } else if (target) {
    const matrix = new Matrix4().fromArray(target.matrix).multiply(targetFromSource).toArray()
    next.set(piece.sourceAssetId, { matrix, isPlaced: target.isPlaced })
  }
  return next
}

/** Of what has a path and no scan. */
function placeOf(document: Document, assetId: string): Placement | undefined {
  const transform = document.get(transformId(assetId))
  return transform?.kind === 'transform' ? { matrix: transform.worldFromAsset, isPlaced: true } : undefined
}

/** Every recording in its own frame, as if nothing had been aligned. */
export function asRecorded(placements: ReadonlyMap<string, Placement>): ReadonlyMap<string, Placement> {
  const own = new Matrix4().toArray()
  return new Map([...placements].map(([assetId, { isPlaced }]) => [assetId, { matrix: own, isPlaced }]))
}
