import { PROGRAM_TRACK_ID } from '../../../shared/document/timeline-multicam.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { clipAt } from '../../../shared/document/timeline.ts'

/** While cutting, the picture is what the cut shows at the playhead. Called once a frame. */
export function followCut(seconds: number): void {
  const { cutting, viewedStreamId } = useSession.getState()
  const program = cutting ? useDocument.getState().document.get(PROGRAM_TRACK_ID) : undefined
  if (program?.kind !== 'track') return
  const streamId = clipAt(program, ticksFromSeconds(seconds))?.streamId
  if (streamId !== undefined && streamId !== viewedStreamId) useSession.setState({ viewedStreamId: streamId })
}
