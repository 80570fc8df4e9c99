import { recordsOf } from '../../../shared/document/document.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'

/** From the first to the last moment of the selected clips, or of the selected marker, ticks; null where nothing is selected. */
export function selectedSpan(): readonly [from: number, to: number] | null {
  const { selectedClipIds, selectedMarkerId } = useSession.getState()
  const { document } = useDocument.getState()
  const clips = recordsOf(document, 'track').flatMap((track) =>
    track.clips.filter((clip) => selectedClipIds.has(clip.id)),
  )
  if (clips.length > 0)
    return [
      clips.reduce((first, { startTicks }) => Math.min(first, startTicks), Infinity),
      clips.reduce((last, { startTicks, durationTicks }) => Math.max(last, startTicks + durationTicks), -Infinity),
    ]
  const marker = selectedMarkerId === null ? undefined : document.get(selectedMarkerId)
  return marker?.kind === 'marker' ? [marker.atTicks, marker.atTicks + marker.durationTicks] : null
}
