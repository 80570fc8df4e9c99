/**
 * The selection contains only existing things: a key must not act on a clip that a cut or an undo removed. What was
 * selected when it was removed is selected again when it is restored, unless something else is selected by then.
 */
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import { useDocument } from './document-store.ts'
import { useSession } from './session-store.ts'

/** How many removals are remembered. */
const MOST_REMOVALS = 50

/** Follows the document until the returned function is called. */
export function dropWhatIsGone(): () => void {
  /** Removed selections, a set for each removal. */
  let gone: ReadonlySet<string>[] = []
  return useDocument.subscribe(({ document, open }, before) => {
    if (document === before.document) return
    if (open !== before.open) gone = []
    const { selectedClipIds, selectedMarkerId, selectedAssetId } = useSession.getState()
    if (selectedAssetId !== null && before.document.has(selectedAssetId) && !document.has(selectedAssetId))
      useSession.setState(({ dialog }) => ({
        selectedAssetId: null,
        libraryChoice: null,
        // There is nothing left to ask about.
        dialog: dialog === 'removeRecordings' ? null : dialog,
      }))
    if (selectedMarkerId !== null && !document.has(selectedMarkerId)) useSession.setState({ selectedMarkerId: null })
    if (selectedClipIds.size === 0 && gone.length === 0) return
    const there = clipsOf(document)
    const isThere = (id: string): boolean => there.has(id)
    const back = gone.findLast((ids) => [...ids].some(isThere))
    gone = gone.filter((ids) => ![...ids].some(isThere))
    const wanted = selectedClipIds.size === 0 ? (back ?? selectedClipIds) : selectedClipIds
    const left = new Set([...wanted].filter(isThere))
    if (left.size < selectedClipIds.size)
      gone = [...gone, new Set([...selectedClipIds].filter((id) => !left.has(id)))].slice(-MOST_REMOVALS)
    if (left.size !== selectedClipIds.size) useSession.setState({ selectedClipIds: left })
  })
}

function clipsOf(document: Document): Set<string> {
  return new Set(recordsOf(document, 'track').flatMap(({ clips }) => clips.map(({ id }) => id)))
}
