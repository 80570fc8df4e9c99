/** Walks the folders of the engine's machine by pointer and keys, and chooses files in them. */
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { isAllChosen, withAllOrNone, withOther, withSpan, type ChosenEntries } from './chosen-entries.ts'

interface Listing {
  readonly names: readonly string[]
  readonly parent: string | null
  readonly entries: readonly { token: string; name: string; isDirectory: boolean; byteLength: number }[]
}

/** How long letters make one word that leads to an entry, milliseconds. */
const TYPING_MILLISECONDS = 1000

interface Browsing {
  /** Null until the first folder is read. */
  readonly listing: Listing | null
  readonly entries: Listing['entries']
  /** Names by token. */
  readonly chosen: ChosenEntries
  readonly isAllChosen: boolean
  /** Index of the entry that Tab reaches. */
  readonly at: number
  readonly list: RefObject<HTMLUListElement | null>
  readonly setAt: (n: number) => void
  readonly visit: (folder: string) => void
  readonly goUp: () => void
  /** @param isUpTo all between the entry that was chosen last and this one */
  readonly choose: (n: number, isUpTo: boolean) => void
  /** Everything in the folder, or nothing where everything is chosen. */
  readonly chooseAllOrNone: () => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** @param isOne one file is wanted, no folder and not several */
export function useBrowsing(isOne: boolean): Browsing {
  const { client } = useEngine()
  const [listing, setListing] = useState<Listing | null>(null)
  const [chosen, setChosen] = useState<ChosenEntries>(new Map())
  /** Index of the entry that was chosen last in this folder, from which Shift goes on. */
  const [last, setLast] = useState<number | null>(null)
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
        setLast(null)
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
  const choose = (n: number, isUpTo: boolean): void => {
    const entry = entries[n]
    if (!entry || (isOne && entry.isDirectory)) return
    if (isOne) setChosen(chosen.has(entry.token) ? new Map() : new Map([[entry.token, entry.name]]))
    else if (isUpTo && last !== null) setChosen(withSpan(chosen, entries, last, n))
    else setChosen(withOther(chosen, entries, entry))
    setLast(n)
  }
  const chooseAllOrNone = (): void => {
    if (!isOne) setChosen(withAllOrNone(chosen, entries))
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
    const isAll = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'a'
    if ((event.ctrlKey || event.altKey || event.metaKey) && !isAll) return
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
      ' ': () => choose(at, event.shiftKey),
    }
    const move = isAll ? chooseAllOrNone : moves[event.key]
    if (move) move()
    else if (event.key.length === 1) goToLetters(event.key, event.timeStamp)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return {
    listing,
    entries,
    chosen,
    isAllChosen: isAllChosen(chosen, entries),
    at,
    list,
    setAt,
    visit,
    goUp,
    choose,
    chooseAllOrNone,
    onKeyDown,
  }
}
