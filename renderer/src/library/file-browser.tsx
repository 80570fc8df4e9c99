import { File, Folder, Upload } from 'lucide-react'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { byteWords } from '../ui/format.ts'
import { FolderBar } from './folder-bar.tsx'
import { t } from '../i18n/text.ts'
import { useBrowsing } from './use-browsing.ts'

interface FileBrowserProps {
  /** What for: the title of a dialog of the system. */
  readonly title: string
  /** One file is wanted, no folder and not several. */
  readonly isOne?: boolean
  readonly takeLabel: string
  /** The recording that comes with the program. */
  readonly offersSample?: boolean
  /** @param names of what was chosen in the list; a system dialog gives none */
  readonly onTake: (tokens: readonly string[], names: readonly string[]) => void
}

/**
 * Files and folders of the machine that the engine runs on. The list is one stop for Tab: arrows and first letters go
 * along it, Enter opens a folder or chooses a file, Space chooses either (with Shift all from the one before), Ctrl+A all,
 * Backspace and Left go up, Right goes in.
 */
export function FileBrowser({ title, isOne = false, takeLabel, offersSample = false, onTake }: FileBrowserProps) {
  const browsing = useBrowsing(isOne)
  const { listing, entries, chosen, at, list, setAt, visit, goUp, choose, onKeyDown } = browsing
  const take = (tokens: readonly string[], names: readonly string[] = []): void => {
    if (tokens.length > 0) onTake(tokens, names)
  }

  return (
    <>
      <div className="row">
        <FolderBar names={listing?.names ?? null} onUp={listing?.parent ? goUp : null} />
        <span className="spacer" />
        <OtherSources title={title} isOne={isOne} offersSample={offersSample} onTake={take} />
      </div>
      <ul ref={list} className="import__list" aria-label={t('import.files')} onKeyDown={onKeyDown}>
        {entries.map((entry, n) => (
          <li key={entry.token} className="import__row">
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label={t('import.choose', { name: entry.name })}
              checked={chosen.has(entry.token)}
              onChange={({ nativeEvent }) => choose(n, 'shiftKey' in nativeEvent && nativeEvent.shiftKey === true)}
            />
            {entry.isDirectory ? <Folder size={15} aria-hidden /> : <File size={15} aria-hidden />}
            <button
              className="import__name"
              data-entry
              tabIndex={n === at ? 0 : -1}
              aria-pressed={chosen.has(entry.token)}
              onFocus={() => setAt(n)}
              onClick={({ shiftKey }) => (entry.isDirectory && !shiftKey ? visit(entry.token) : choose(n, shiftKey))}
            >
              {entry.name}
            </button>
            <span className="faint num">{entry.isDirectory ? '' : byteWords(entry.byteLength)}</span>
          </li>
        ))}
        {listing && entries.length === 0 ? (
          <li className="faint import__row" data-entry tabIndex={0}>
            {t('import.emptyFolder')}
          </li>
        ) : null}
      </ul>
      <p className="faint import__keys">{t(isOne ? 'import.keysOfOne' : 'import.keys')}</p>
      <div className="row">
        {isOne ? null : (
          <button className="button" disabled={entries.length === 0} onClick={browsing.chooseAllOrNone}>
            {t(browsing.isAllChosen ? 'import.chooseNone' : 'import.chooseAll')}
          </button>
        )}
        <span className="muted" role="status">
          {chosen.size === 0 ? t('import.noneChosen') : t('import.chosen', { count: chosen.size })}
        </span>
        <span className="spacer" />
        <button
          className="button button--primary"
          disabled={chosen.size === 0}
          onClick={() => take([...chosen.keys()], [...chosen.values()])}
        >
          {takeLabel}
        </button>
      </div>
    </>
  )
}

/** Dialogs of the system, where the host has them, and the sample take. */
function OtherSources({
  title,
  isOne,
  offersSample,
  onTake,
}: Required<Pick<FileBrowserProps, 'title' | 'isOne' | 'offersSample' | 'onTake'>>) {
  const { client, host } = useEngine()
  const pick = (what: 'file' | 'files' | 'folder'): void =>
    void host.pickFiles?.(what, title).then((tokens) => onTake(tokens, []), showFailure)
  return (
    <>
      {host.pickFiles ? (
        <button className="button" onClick={() => pick(isOne ? 'file' : 'files')}>
          <Upload size={14} aria-hidden /> {t('import.pickFiles')}
        </button>
      ) : null}
      {host.pickFiles && !isOne ? (
        <button className="button" onClick={() => pick('folder')}>
          <Folder size={14} aria-hidden /> {t('import.pickFolder')}
        </button>
      ) : null}
      {offersSample ? (
        <button
          className="button"
          onClick={() =>
            void client.files.sample().then((tokens) => onTake(tokens, [t('welcome.sampleTitle')]), showFailure)
          }
        >
          {t('import.sample')}
        </button>
      ) : null}
    </>
  )
}
