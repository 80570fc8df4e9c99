/** The selection holds only what is there: a key must not do anything to a clip that a cut or an undo took away. */
import { recordsOf } from '../../../shared/document/document.ts'
import { useDocument } from './document-store.ts'
import { useSession } from './session-store.ts'

/** Follows the document until the answer is called. */
export function dropWhatIsGone(): () => void {
  return useDocument.subscribe(({ document }, before) => {
    if (document === before.document) return
    const { selectedClipIds, selectedMarkerId, selectedAssetId } = useSession.getState()
    if (selectedAssetId !== null && before.document.has(selectedAssetId) && !document.has(selectedAssetId))
      useSession.setState(({ dialog }) => ({
        selectedAssetId: null,
        libraryChoice: null,
        // There is nothing left to ask about.
        dialog: dialog === 'removeRecordings' ? null : dialog,
      }))
    if (selectedMarkerId !== null && !document.has(selectedMarkerId)) useSession.setState({ selectedMarkerId: null })
    if (selectedClipIds.size === 0) return
    const left = new Set(
      recordsOf(document, 'track').flatMap(({ clips }) =>
        clips.flatMap(({ id }) => (selectedClipIds.has(id) ? [id] : [])),
      ),
    )
    if (left.size < selectedClipIds.size) useSession.setState({ selectedClipIds: left })
  })
}
