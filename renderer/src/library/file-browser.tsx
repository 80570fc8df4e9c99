import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { File, Folder, Upload } from 'lucide-react'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { byteWords } from '../ui/format.ts'
import { FolderBar } from './folder-bar.tsx'
import { t } from '../i18n/text.ts'

interface Listing {
  readonly names: readonly string[]
  readonly parent: string | null
  readonly entries: readonly { token: string; name: string; isDirectory: boolean; byteLength: number }[]
}

/** How long letters make one word that leads to an entry, milliseconds. */
const TYPING_MILLISECONDS = 1000

interface FileBrowserProps {
  /** What for: the title of a dialog of the system. */
  readonly title: string
  /** One file is wanted, no folder and not several. */
  readonly isOne?: boolean
  readonly takeLabel: string
  /** The recording that comes with the program. */
  readonly offersSample?: boolean
  /** @param names of what was chosen in the list; a dialog of the system tells none */
  readonly onTake: (tokens: readonly string[], names: readonly string[]) => void
}

/**
 * Files and folders of the machine that the engine runs on. The list is one stop for Tab: arrows and first letters go
 * along it, Enter opens a folder or chooses a file, Space chooses either, Backspace and Left go up, Right goes in.
 */
export function FileBrowser({ title, isOne = false, takeLabel, offersSample = false, onTake }: FileBrowserProps) {
  const { client, host } = useEngine()
  const [listing, setListing] = useState<Listing | null>(null)
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map())
  const [at, setAt] = useState(0)
  const list = useRef<HTMLUListElement>(null)
  const typed = useRef({ letters: '', atMilliseconds: 0 })
  const entries = listing?.entries ?? []

  /** @param cameFrom the folder that was left, which has the focus in the one above */
  const visit = useCallback(
    (folder: string | null, cameFrom: string | null = null): void =>
      void client.files.browse({ folder }).then((found) => {
        typed.current = { letters: '', atMilliseconds: 0 }
        setListing(found)
        // At the beginning; an engine that came back knows none of what was chosen before.
        if (folder === null) setChosen(new Map())
        setAt(
          Math.max(
            0,
            found.entries.findIndex(({ name }) => name === cameFrom),
          ),
        )
      }, showFailure),
    [client],
  )
  useEffect(() => visit(null), [visit])
  // Whoever works by keys goes on in the list.
  useEffect(() => list.current?.querySelector<HTMLElement>('[data-entry][tabindex="0"]')?.focus(), [listing])

  const goUp = (): void => {
    if (listing?.parent) visit(listing.parent, listing.names.at(-1))
  }
  const toggle = ({ token, name, isDirectory }: Listing['entries'][number]): void => {
    if (isOne && isDirectory) return
    const next = new Map(chosen)
    if (!next.delete(token)) {
      if (isOne) next.clear()
      next.set(token, name)
    }
    setChosen(next)
  }
  const take = (tokens: readonly string[], names: readonly string[] = []): void => {
    if (tokens.length > 0) onTake(tokens, names)
  }
  const goTo = (n: number): void => {
    const next = Math.max(0, Math.min(n, entries.length - 1))
    setAt(next)
    list.current?.querySelectorAll<HTMLElement>('[data-entry]')[next]?.focus()
  }
  /** The next entry that begins with what was typed just now. */
  const goToLetters = (letter: string, now: number): void => {
    const before = now - typed.current.atMilliseconds < TYPING_MILLISECONDS ? typed.current.letters : ''
    const letters = (before + letter).toLowerCase()
    typed.current = { letters, atMilliseconds: now }
    const from = letters.length === 1 ? at + 1 : at
    const found = [...entries.keys()].find((n) =>
      entries[(from + n) % entries.length]!.name.toLowerCase().startsWith(letters),
    )
    if (found !== undefined) goTo((from + found) % entries.length)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const entry = entries[at]
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => goTo(at + 1),
      ArrowUp: () => goTo(at - 1),
      Home: () => goTo(0),
      End: () => goTo(entries.length - 1),
      Backspace: goUp,
      ArrowLeft: goUp,
      ArrowRight: () => {
        if (entry?.isDirectory) visit(entry.token)
      },
      ' ': () => {
        if (entry) toggle(entry)
      },
    }
    const move = moves[event.key]
    if (move) move()
    else if (event.key.length === 1) goToLetters(event.key, event.timeStamp)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <>
      <div className="row">
        <FolderBar names={listing?.names ?? null} onUp={listing?.parent ? goUp : null} />
        <span className="spacer" />
        {host.pickFiles ? (
          <>
            <button
              className="button"
              onClick={() =>
                void host.pickFiles?.(isOne ? 'file' : 'files', title).then((tokens) => take(tokens), showFailure)
              }
            >
              <Upload size={14} aria-hidden /> {t('import.pickFiles')}
            </button>
            {isOne ? null : (
              <button
                className="button"
                onClick={() => void host.pickFiles?.('folder', title).then((tokens) => take(tokens), showFailure)}
              >
                <Folder size={14} aria-hidden /> {t('import.pickFolder')}
              </button>
            )}
          </>
        ) : null}
        {offersSample ? (
          <button
            className="button"
            onClick={() =>
              void client.files.sample().then((tokens) => take(tokens, [t('welcome.sampleTitle')]), showFailure)
            }
          >
            {t('import.sample')}
          </button>
        ) : null}
      </div>
      <ul ref={list} className="import__list" aria-label={t('import.files')} onKeyDown={onKeyDown}>
        {entries.map((entry, n) => (
          <li key={entry.token} className="import__row">
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label={t('import.choose', { name: entry.name })}
              checked={chosen.has(entry.token)}
              onChange={() => toggle(entry)}
            />
            {entry.isDirectory ? <Folder size={15} aria-hidden /> : <File size={15} aria-hidden />}
            <button
              className="import__name"
              data-entry
              tabIndex={n === at ? 0 : -1}
              aria-pressed={chosen.has(entry.token)}
              onFocus={() => setAt(n)}
              onClick={() => (entry.isDirectory ? visit(entry.token) : toggle(entry))}
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
      <p className="faint import__keys">{t('import.keys')}</p>
      <div className="row">
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
