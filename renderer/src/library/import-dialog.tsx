import { showFailure, useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FileBrowser } from './file-browser.tsx'
import { importTokens } from './import-tokens.ts'
import { t } from '../i18n/text.ts'

/** Chooses recordings on the machine that the engine runs on. */
export function ImportDialog() {
  const { run } = useEngine()
  const open = useSession((state) => state.dialog === 'import')
  const close = (): void => useSession.setState({ dialog: null })
  const take = (tokens: readonly string[]): void => {
    close()
    importTokens(run, tokens).catch(showFailure)
  }
  return (
    <Dialog open={open} title={t('library.import')} className="import" onClose={close}>
      <p className="muted">{t('import.what')}</p>
      <FileBrowser title={t('library.import')} takeLabel={t('import.import')} offersSample onTake={take} />
    </Dialog>
  )
}
