import { Plus } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { useSession } from '../state/session-store.ts'

/** Where there is nothing yet: the way to something. */
export function ImportButton() {
  return (
    <button className="button button--primary" onClick={() => useSession.setState({ dialog: 'import' })}>
      <Plus size={15} aria-hidden /> {t('library.importButton')}
    </button>
  )
}
