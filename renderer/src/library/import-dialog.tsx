import { useSession } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FileBrowser } from './file-browser.tsx'
import { t } from '../i18n/text.ts'

/** Chooses recordings on the machine that the engine runs on. */
export function ImportDialog() {
  const open = useSession((state) => state.dialog === 'import')
  const close = (): void => useSession.setState({ dialog: null })
  return (
    <Dialog open={open} title={t('library.import')} className="import" onClose={close}>
      <p className="muted">{t('import.what')}</p>
      <FileBrowser onDone={close} />
    </Dialog>
  )
}
