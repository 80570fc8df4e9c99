import { useCallback, useEffect, useState } from 'react'
import { ArrowUp, File, Folder, Upload } from 'lucide-react'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { byteWords } from '../ui/format.ts'
import { importTokens } from './import-tokens.ts'
import { t } from '../i18n/text.ts'

interface Listing {
  readonly name: string
  readonly parent: string | null
  readonly entries: readonly { token: string; name: string; isDirectory: boolean; byteLength: number }[]
}

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

function FileBrowser({ onDone }: { onDone: () => void }) {
  const { client, host, run } = useEngine()
  const [listing, setListing] = useState<Listing | null>(null)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())

  const visit = useCallback(
    (folder: string | null): void => void client.files.browse({ folder }).then(setListing, showFailure),
    [client],
  )
  useEffect(() => visit(null), [visit])

  const toggle = (token: string): void => {
    const next = new Set(chosen)
    if (!next.delete(token)) next.add(token)
    setChosen(next)
  }

  const take = (tokens: readonly string[]): void => {
    if (tokens.length === 0) return
    onDone()
    importTokens(run, tokens).catch(showFailure)
  }

  return (
    <>
      <div className="row">
        <button
          className="button button--icon"
          aria-label={t('import.up')}
          disabled={!listing?.parent}
          onClick={() => visit(listing?.parent ?? null)}
        >
          <ArrowUp size={15} aria-hidden />
        </button>
        <strong>{listing?.name ?? '…'}</strong>
        <span className="spacer" />
        {host.pickFiles ? (
          <>
            <button className="button" onClick={() => void host.pickFiles?.('recordings').then(take, showFailure)}>
              <Upload size={14} aria-hidden /> {t('import.pickFiles')}
            </button>
            <button className="button" onClick={() => void host.pickFiles?.('folder').then(take, showFailure)}>
              <Folder size={14} aria-hidden /> {t('import.pickFolder')}
            </button>
          </>
        ) : null}
        <button className="button" onClick={() => void client.files.sample().then(take, showFailure)}>
          {t('import.sample')}
        </button>
      </div>
      <ul className="import__list" aria-label={t('import.files')}>
        {listing?.entries.map((entry) => (
          <li key={entry.token} className="import__row">
            <input
              type="checkbox"
              aria-label={t('import.choose', { name: entry.name })}
              checked={chosen.has(entry.token)}
              onChange={() => toggle(entry.token)}
            />
            {entry.isDirectory ? <Folder size={15} aria-hidden /> : <File size={15} aria-hidden />}
            <button
              className="import__name"
              onClick={() => (entry.isDirectory ? visit(entry.token) : toggle(entry.token))}
            >
              {entry.name}
            </button>
            <span className="faint num">{entry.isDirectory ? '' : byteWords(entry.byteLength)}</span>
          </li>
        ))}
        {listing && listing.entries.length === 0 ? (
          <li className="faint import__row">{t('import.emptyFolder')}</li>
        ) : null}
      </ul>
      <div className="row">
        <span className="muted">
          {chosen.size === 0 ? t('import.noneChosen') : t('import.chosen', { count: chosen.size })}
        </span>
        <span className="spacer" />
        <button className="button button--primary" disabled={chosen.size === 0} onClick={() => take([...chosen])}>
          {t('import.import')}
        </button>
      </div>
    </>
  )
}
