/**
 * The selection holds only what is there: a key must not do anything to a clip that a cut or an undo took away. What was
 * selected when it went is selected again once it is put back, where nothing else is by then.
 */
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import { useDocument } from './document-store.ts'
import { useSession } from './session-store.ts'

/** As many removals are remembered as somebody takes back in one go. */
const MOST_REMOVALS = 50

/** Follows the document until the answer is called. */
export function dropWhatIsGone(): () => void {
  /** What went while it was selected, a set for each time. */
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
