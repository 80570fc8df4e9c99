import { useEffect, useMemo, useState, useSyncExternalStore, type KeyboardEvent } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Pencil, Trash2 } from 'lucide-react'
import type { Caption } from '../../../shared/document/records.ts'
import { withText, wordsOf } from '../../../shared/document/spoken-words.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { useEngine } from '../state/engine-context.ts'
import { now, seek, useTransport } from '../state/transport.ts'
import { clockTime } from '../ui/format.ts'
import { useLatest } from '../ui/use-latest.ts'
import { t } from '../i18n/text.ts'
import { choose, chosenRange, placeOf, useWordChoice, type PlacedWord } from './transcript-order.ts'

interface TranscriptProps {
  readonly captions: readonly Caption[]
  /** The words of all of them in one line. */
  readonly words: readonly PlacedWord[]
  /** Cuts what is chosen. */
  readonly onCut: () => void
}

/** How often the word under the playhead is looked up while it plays. */
const FOLLOW_MILLISECONDS = 100

/** The playhead in seconds, as it was looked up last. */
let seenSeconds = 0
const seen = (): number => seenSeconds

/** Looks the playhead up a few times a second, and whenever it is set. */
function followPlayhead(changed: () => void): () => void {
  const look = (): void => {
    seenSeconds = now()
    changed()
  }
  const timer = setInterval(look, FOLLOW_MILLISECONDS)
  const off = useTransport.subscribe(look)
  return () => {
    clearInterval(timer)
    off()
  }
}

/** Every caption with its words: one is chosen by a press, more with Shift; arrows go from word to word. */
export function Transcript({ captions, words, onCut }: TranscriptProps) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null)
  const [edited, setEdited] = useState<string | null>(null)
  const choice = useWordChoice()
  const seconds = useSyncExternalStore(followPlayhead, seen)
  const range = chosenRange(words, choice)
  const focus = placeOf(words, choice.focus)
  const firstPlaces = useMemo(
    () => new Map(words.flatMap((word, place) => (word.index === 0 ? [[word.captionId, place] as const] : []))),
    [words],
  )
  // Nothing is memoized from what it returns.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: captions.length,
    getScrollElement: () => scroller,
    estimateSize: () => 44,
    getItemKey: (n) => captions[n]!.id,
    overscan: 6,
  })
  const focused = choice.focus ? captions.findIndex((caption) => caption.id === choice.focus?.captionId) : -1
  // The list itself changes with every scroll: only another choice, or what is said next, brings it elsewhere.
  const list = useLatest(virtual)
  useEffect(() => {
    if (focused >= 0) list.current.scrollToIndex(focused)
  }, [focused, list])

  // While it plays, what is said stays in sight.
  const playing = useTransport((state) => state.rate > 0)
  const spoken = playing ? captions.findLastIndex((caption) => secondsFromTicks(caption.startTicks) <= seconds) : -1
  useEffect(() => {
    if (spoken >= 0) list.current.scrollToIndex(spoken, { align: 'auto' })
  }, [spoken, list])

  /** The word that a key leads to from the one in hand: along the line, or to the caption above or below. */
  const wordBy = (key: string): PlacedWord | undefined => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[key]
    if (by !== undefined) return words[focus + by]
    const rows = { ArrowDown: 1, ArrowUp: -1 }[key]
    const caption = rows === undefined ? undefined : captions[Math.max(0, focused) + rows]
    return caption && words[firstPlaces.get(caption.id) ?? -1]
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.target as HTMLElement).tagName === 'TEXTAREA') return
    const next = wordBy(event.key)
    if (next) {
      event.preventDefault()
      choose(next, event.shiftKey)
      const lines = event.currentTarget
      requestAnimationFrame(() =>
        lines.querySelector<HTMLElement>(`[data-word="${CSS.escape(`${next.captionId}/${next.index}`)}"]`)?.focus(),
      )
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && range) {
      event.preventDefault()
      onCut()
    } else if (event.key === 'Escape' && range) {
      event.preventDefault()
      useWordChoice.setState({ anchor: null, focus: null })
    } else if (event.key === 'F2' && choice.focus) {
      event.preventDefault()
      setEdited(choice.focus.captionId)
    }
  }
  return (
    <div className="words__scroll" ref={setScroller}>
      <ul
        className="words__list"
        aria-label={t('words.transcript')}
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {virtual.getVirtualItems().map((item) => {
          const caption = captions[item.index]!
          return (
            <li
              key={item.key}
              data-index={item.index}
              ref={virtual.measureElement}
              className="words__row"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {edited === caption.id ? (
                <CaptionEditor caption={caption} onEnd={() => setEdited(null)} />
              ) : (
                <CaptionRow
                  caption={caption}
                  firstPlace={firstPlaces.get(caption.id) ?? 0}
                  range={range}
                  // One word of the list is reached by Tab: the chosen one, else the first.
                  tabPlace={Math.max(0, focus)}
                  seconds={seconds}
                  onEdit={() => setEdited(caption.id)}
                />
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

interface CaptionRowProps {
  readonly caption: Caption
  /** Of its first word, in the line of all words. */
  readonly firstPlace: number
  readonly range: readonly [number, number] | null
  readonly tabPlace: number
  readonly seconds: number
  readonly onEdit: () => void
}

function CaptionRow({ caption, firstPlace, range, tabPlace, seconds, onEdit }: CaptionRowProps) {
  const { commit } = useEngine()
  const start = secondsFromTicks(caption.startTicks)
  const shownTime = clockTime(start).slice(3, -2)
  return (
    <>
      <button
        className="words__time num faint"
        onClick={() => seek(start)}
        // What is read on the button is part of what it is called: people who speak to the window say what they see.
        aria-label={`${shownTime} ${t('words.goTo', { text: caption.text })}`}
      >
        {shownTime}
      </button>
      <span className={`words__text words__text--${caption.source}`}>
        {wordsOf(caption).map((word, index) => {
          const place = firstPlace + index
          const isChosen = range !== null && place >= range[0] && place <= range[1]
          const isNow = seconds >= secondsFromTicks(word.startTicks) && seconds < secondsFromTicks(word.endTicks)
          return (
            <button
              // The words of a caption are known by their order.
              // oxlint-disable-next-line react/no-array-index-key
              key={index}
              className="word"
              data-word={`${caption.id}/${index}`}
              data-now={isNow || undefined}
              aria-pressed={isChosen}
              tabIndex={place === tabPlace ? 0 : -1}
              onClick={(event) => {
                choose({ captionId: caption.id, index }, event.shiftKey)
                if (!event.shiftKey) seek(secondsFromTicks(word.startTicks))
              }}
              onDoubleClick={onEdit}
            >
              {word.text}
            </button>
          )
        })}
      </span>
      <span className="words__tools">
        <button
          className="button button--quiet button--icon"
          aria-label={t('words.edit', { text: caption.text })}
          title={t('words.editHint')}
          onClick={onEdit}
        >
          <Pencil size={13} aria-hidden />
        </button>
        <button
          className="button button--quiet button--icon"
          aria-label={t('words.remove', { text: caption.text })}
          title={t('words.removeHint')}
          onClick={() => commit(t('words.removeWords'), (draft) => void draft.delete(caption.id))}
        >
          <Trash2 size={13} aria-hidden />
        </button>
      </span>
    </>
  )
}

/** The text of a caption, to be corrected: Enter keeps it, Escape leaves it as it was. */
function CaptionEditor({ caption, onEnd }: { caption: Caption; onEnd: () => void }) {
  const { commit } = useEngine()
  const [text, setText] = useState(caption.text)
  const keep = (): void => {
    if (text.trim() && text.trim() !== caption.text) {
      commit(t('words.editWords'), (draft) => void draft.set(caption.id, withText(caption, text)))
    }
    onEnd()
  }
  return (
    <textarea
      className="input words__editor"
      // The person asked to type here by the press that opened it.
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      rows={Math.max(2, Math.ceil(text.length / 38))}
      aria-label={t('words.edit', { text: caption.text })}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.shiftKey) {
          event.preventDefault()
          event.currentTarget.blur()
        } else if (event.key === 'Escape') {
          event.preventDefault()
          onEnd()
        }
      }}
    />
  )
}
