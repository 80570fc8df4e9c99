import { useEffect, useMemo, useRef, useState } from 'react'
import { ChevronDown, ChevronUp, Search } from 'lucide-react'
import { secondsFromTicks } from '../../../shared/units.ts'
import { useSession } from '../state/session-store.ts'
import { seek } from '../state/transport.ts'
import { t } from '../i18n/text.ts'
import { findPhrase, useWordChoice, type PlacedWord } from './transcript-order.ts'

/** Finds where something is said: Enter goes on to the next place, Shift+Enter back. */
export function PhraseSearch({ words }: { words: readonly PlacedWord[] }) {
  const [phrase, setPhrase] = useState('')
  const [at, setAt] = useState(-1)
  const field = useRef<HTMLInputElement>(null)
  const found = useMemo(() => findPhrase(words, phrase), [words, phrase])
  const asked = useSession((state) => state.wordSearches)
  useEffect(() => {
    if (asked > 0) field.current?.select()
  }, [asked])

  const go = (by: 1 | -1): void => {
    if (found.length === 0) return
    const next = (at + by + found.length) % found.length
    const [from, to] = found[next < 0 ? 0 : next]!
    setAt(next)
    useWordChoice.setState({ anchor: words[from]!, focus: words[to]! })
    seek(secondsFromTicks(words[from]!.startTicks))
  }
  return (
    <div className="row words__search" role="search">
      <label className="library__search">
        <Search size={14} aria-hidden />
        <input
          ref={field}
          className="input"
          type="search"
          aria-label={t('words.search')}
          placeholder={t('words.search')}
          value={phrase}
          onChange={(event) => {
            setPhrase(event.target.value)
            setAt(-1)
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            go(event.shiftKey ? -1 : 1)
          }}
        />
      </label>
      {phrase.trim() ? (
        <span className="faint num" role="status">
          {at >= 0 && found.length > 0
            ? t('words.foundAt', { place: at + 1, all: found.length })
            : t('words.found', { count: found.length })}
        </span>
      ) : null}
      <button
        className="button button--quiet button--icon"
        aria-label={t('words.previous')}
        disabled={found.length === 0}
        onClick={() => go(-1)}
      >
        <ChevronUp size={14} aria-hidden />
      </button>
      <button
        className="button button--quiet button--icon"
        aria-label={t('words.next')}
        disabled={found.length === 0}
        onClick={() => go(1)}
      >
        <ChevronDown size={14} aria-hidden />
      </button>
    </div>
  )
}
