/** Candidates of an ambiguous pair under the number keys: shown on the stage one by one, and the one that is right taken. */
import type { EngineClient } from '../../../shared/contract/client.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { offeredCandidates, openPair } from '../stage/candidate-preview.ts'
import { useStage } from '../stage/stage-store.ts'

/** Brings the world and the pairs to the front. */
export function showWorld(): void {
  useSession.setState(({ stageView }) => ({
    workspace: 'align',
    alignTab: 'space',
    stageView: stageView === 'picture' ? 'both' : stageView,
  }))
}

/** Whether a number means a candidate: only where pairs are looked at, and one is open. */
export function canShowCandidate(candidate: number): boolean {
  const { workspace, alignTab } = useSession.getState()
  if (workspace !== 'align' || alignTab !== 'space') return false
  const piece = openPair(useDocument.getState().document, useStage.getState().preview)
  return piece !== undefined && offeredCandidates(piece).includes(candidate)
}

/** Shows a candidate of the pair that is open; shown already, everything goes back to where it stands. */
export function showCandidate(candidate: number): boolean {
  if (!canShowCandidate(candidate)) return false
  const { preview } = useStage.getState()
  const piece = openPair(useDocument.getState().document, preview)
  if (piece) previewCandidate(piece.id, candidate)
  return true
}

export function previewCandidate(evidenceId: string, candidate: number): void {
  const { preview } = useStage.getState()
  const isShown = preview?.evidenceId === evidenceId && preview.candidate === candidate
  useStage.setState({ preview: isShown ? null : { evidenceId, candidate }, asRecorded: false, distances: null })
  showWorld()
}

/** Everything is placed anew by the pose that is shown, as one gesture. */
export async function takeShownCandidate(client: EngineClient): Promise<void> {
  const { preview } = useStage.getState()
  if (!preview) return
  await client.space.judge({ ...preview, verdict: 'accept' })
  useStage.setState({ preview: null })
}
