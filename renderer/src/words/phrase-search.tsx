import { useEffect, useMemo, useRef, useState } from 'react'
import { ChevronDown, ChevronUp, Replace, Search, type LucideIcon } from 'lucide-react'
import { findPhrase, indexWords, replaceFound, type Found } from '../../../shared/document/find-words.ts'
import { asRead } from '../../../shared/document/document.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { useEngine } from '../state/engine-context.ts'
import { announce, useSession } from '../state/session-store.ts'
import { seek } from '../state/transport.ts'
import { t } from '../i18n/text.ts'
import { useWordChoice, type WordLine } from './transcript-order.ts'
import { useWordSearch, type WordSearch } from './word-search.ts'

/** Where the phrase is said that is searched for. */
export function useFound(line: WordLine): readonly Found[] {
  const { phrase, matchCase, wholeWords } = useWordSearch()
  const isAsked = phrase.trim() !== ''
  const index = useMemo(
    () =>
      isAsked
        ? indexWords(
            line.words.map(({ text }) => text),
            matchCase,
          )
        : null,
    [line, matchCase, isAsked],
  )
  return useMemo(
    () => (index ? findPhrase(index, phrase, { matchCase, wholeWords }) : []),
    [index, phrase, matchCase, wholeWords],
  )
}

interface PlaceInHand {
  /** Which of the places it is; -1 for none. */
  readonly place: number
  /** To the next place, or the one before; round from one end to the other. */
  go(by: 1 | -1): void
  /** Another phrase is searched for: none is in hand. */
  letGo(): void
  /** The one in hand is no longer there, once the places are known anew. */
  onReplaced(): void
}

/** The place that the person has come to, chosen in the transcript and under the playhead. */
function usePlaceInHand(line: WordLine, found: readonly Found[]): PlaceInHand {
  const [at, setAt] = useState(-1)
  const place = at < found.length ? at : -1
  /** How many there were before one was replaced: set until the list is known anew. */
  const foundBefore = useRef<number | null>(null)
  const goTo = (n: number): void => {
    const next = found[n]
    const [first, last] = [line.words[next?.from ?? -1], line.words[next?.to ?? -1]]
    if (!first || !last) return
    setAt(n)
    useWordChoice.setState({ anchor: first, focus: last })
    seek(secondsFromTicks(first.startTicks))
  }
  // What was said instead may hold the phrase as well: then the next place is one further on.
  useEffect(() => {
    if (foundBefore.current === null) return
    const isStillThere = found.length >= foundBefore.current
    foundBefore.current = null
    if (found.length > 0) goTo((at + (isStillThere ? 1 : 0)) % found.length)
    // It is the new list that leads on.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [found])
  return {
    place,
    go: (by) => {
      if (found.length === 0) return
      goTo(place < 0 ? (by > 0 ? 0 : found.length - 1) : (place + by + found.length) % found.length)
    },
    letGo: () => setAt(-1),
    onReplaced: () => {
      foundBefore.current = found.length
    },
  }
}

/** Searches that got the keys: a panel that is shown again takes them from nobody. */
let answered = 0

/** Finds where something is said, and says something else there: Enter goes on to the next place, Shift+Enter back. */
export function PhraseSearch({ line, found }: { line: WordLine; found: readonly Found[] }) {
  const search = useWordSearch()
  const field = useRef<HTMLInputElement>(null)
  const asked = useSession((state) => state.wordSearches)
  useEffect(() => {
    if (asked > answered) field.current?.select()
    answered = asked
  }, [asked])
  const { place, go, letGo, onReplaced } = usePlaceInHand(line, found)
  const change = (fields: Partial<WordSearch>): void => {
    useWordSearch.setState(fields)
    letGo()
  }
  const isNoneFound = found.length === 0
  return (
    <div className="words__search" role="search">
      <div className="row">
        <label className="library__search">
          <Search size={14} aria-hidden />
          <input
            ref={field}
            className="input"
            type="search"
            aria-label={t('words.search')}
            placeholder={t('library.search')}
            value={search.phrase}
            onChange={(event) => change({ phrase: event.target.value })}
            onKeyDown={(event) => {
              const isReplace = (event.ctrlKey || event.metaKey) && event.key === 'h'
              if (event.key !== 'Enter' && !isReplace) return
              event.preventDefault()
              if (isReplace) useWordSearch.setState({ isReplacing: true })
              else go(event.shiftKey ? -1 : 1)
            }}
          />
        </label>
        <SearchButton words={t('words.previous')} Icon={ChevronUp} disabled={isNoneFound} onPress={() => go(-1)} />
        <SearchButton words={t('words.next')} Icon={ChevronDown} disabled={isNoneFound} onPress={() => go(1)} />
        <SearchButton
          words={t('words.replaceOpen')}
          Icon={Replace}
          isOpen={search.isReplacing}
          onPress={() => useWordSearch.setState({ isReplacing: !search.isReplacing })}
        />
      </div>
      {search.phrase.trim() || search.isReplacing ? (
        <WaysToSearch search={search} place={place} count={found.length} onChange={change} />
      ) : null}
      {search.isReplacing ? (
        <ReplaceRow line={line} found={found} place={place} onNext={() => go(1)} onReplaced={onReplaced} />
      ) : null}
    </div>
  )
}

interface SearchButtonProps {
  readonly words: string
  readonly Icon: LucideIcon
  readonly disabled?: boolean
  /** Of a button that opens something. */
  readonly isOpen?: boolean
  readonly onPress: () => void
}

function SearchButton({ words, Icon, disabled = false, isOpen, onPress }: SearchButtonProps) {
  return (
    <button
      className="button button--quiet button--icon"
      aria-label={words}
      title={words}
      aria-expanded={isOpen}
      disabled={disabled}
      onClick={onPress}
    >
      <Icon size={14} aria-hidden />
    </button>
  )
}

interface WaysToSearchProps {
  readonly search: WordSearch
  readonly place: number
  readonly count: number
  readonly onChange: (fields: Partial<WordSearch>) => void
}

/** How many places there are, which is in hand, and what counts as one. */
function WaysToSearch({ search, place, count, onChange }: WaysToSearchProps) {
  return (
    <div className="row words__ways">
      {search.phrase.trim() ? (
        <span className="muted num words__count" role="status">
          {place >= 0 ? t('words.foundAt', { place: place + 1, all: count }) : t('words.found', { count })}
        </span>
      ) : null}
      {(['matchCase', 'wholeWords'] as const).map((way) => (
        <label key={way} className="check">
          <input
            type="checkbox"
            checked={search[way]}
            onChange={(event) => onChange({ [way]: event.target.checked })}
          />
          <span>{t(`words.${way}`)}</span>
        </label>
      ))}
    </div>
  )
}

interface ReplaceRowProps {
  readonly line: WordLine
  readonly found: readonly Found[]
  /** Which of them is in hand; -1 for none. */
  readonly place: number
  readonly onNext: () => void
  /** The one in hand is no longer there. */
  readonly onReplaced: () => void
}

function ReplaceRow({ line, found, place, onNext, onReplaced }: ReplaceRowProps) {
  const { commit } = useEngine()
  const [replacement, setReplacement] = useState('')
  const replace = (which: readonly Found[]): void => {
    if (which.length === 0) return
    commit(t('words.replaceWords'), (draft) => {
      const captionOf = (id: string) => {
        const record = draft.get(id)
        return record?.kind === 'caption' ? asRead(record) : undefined
      }
      for (const [id, caption] of replaceFound(captionOf, line.words, which, replacement)) {
        if (caption) draft.set(id, caption)
        else draft.delete(id)
      }
    })
    announce(t('words.replaced', { count: which.length }))
    if (which.length === 1) onReplaced()
  }
  const one = found[place]
  return (
    <form
      className="row words__replace"
      onSubmit={(event) => {
        event.preventDefault()
        if (one) replace([one])
        else onNext()
      }}
    >
      <input
        className="input"
        aria-label={t('words.replacement')}
        placeholder={t('words.replacement')}
        value={replacement}
        onChange={(event) => setReplacement(event.target.value)}
      />
      <button className="button" disabled={!one}>
        {t('words.replace')}
      </button>
      <button type="button" className="button" disabled={found.length === 0} onClick={() => replace(found)}>
        {t('words.replaceAll', { count: found.length })}
      </button>
    </form>
  )
}
