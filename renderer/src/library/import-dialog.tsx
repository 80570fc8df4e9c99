import { showFailure, useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { FileBrowser } from './file-browser.tsx'
import { importTokens } from './import-tokens.ts'
import { t } from '../i18n/text.ts'

/**
 * Chooses recordings on the machine that the engine runs on.
 * @param prepare makes what they are imported into, by the name of the first, where no project is open yet
 */
export function ImportDialog({ prepare }: { prepare?: (name: string) => Promise<unknown> }) {
  const { run } = useEngine()
  const open = useSession((state) => state.dialog === 'import')
  const close = (): void => useSession.setState({ dialog: null })
  const take = async (tokens: readonly string[], names: readonly string[]): Promise<void> => {
    close()
    await prepare?.(names[0] ?? '')
    await importTokens(run, tokens)
  }
  return (
    <Dialog open={open} title={t('library.import')} className="import" onClose={close}>
      <p className="muted">{t('import.what')}</p>
      <FileBrowser
        title={t('library.import')}
        takeLabel={t('import.import')}
        offersSample
        onTake={(...chosen) => void take(...chosen).catch(showFailure)}
      />
    </Dialog>
  )
}
