/** What actions need before they can be done: null when it is there, else why not, as a sentence. */
import { recordsOf } from '../../../shared/document/document.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'

export const needsProject = (): string | null => (useDocument.getState().open ? null : 'No project is open.')

export const needsClips = (): string | null =>
  useSession.getState().selectedClipIds.size > 0 ? null : 'No clip is selected.'

export const needsTracks = (): string | null =>
  recordsOf(useDocument.getState().document, 'track').length > 0 ? null : 'There is nothing on the timeline.'

export const needsAssets = (): string | null =>
  recordsOf(useDocument.getState().document, 'asset').length > 0 ? null : 'Import recordings first.'
