/** What actions need before they can be done: null when it is there, else why not, as a sentence. */
import { recordsOf } from '../../../shared/document/document.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { t } from '../i18n/text.ts'

export const needsProject = (): string | null => (useDocument.getState().open ? null : t('needs.project'))

export const needsClips = (): string | null =>
  useSession.getState().selectedClipIds.size > 0 ? null : t('needs.clips')

export const needsTracks = (): string | null =>
  recordsOf(useDocument.getState().document, 'track').length > 0 ? null : t('needs.tracks')

export const needsAssets = (): string | null =>
  recordsOf(useDocument.getState().document, 'asset').length > 0 ? null : t('needs.assets')
