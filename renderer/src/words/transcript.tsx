import { useEffect, useMemo, useRef, useState, type PointerEvent } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { Caption } from '../../../shared/document/records.ts'
import type { Speaker } from '../../../shared/document/speaker-records.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { useLatest } from '../ui/use-latest.ts'
import { t } from '../i18n/text.ts'
import { CaptionEditor, CaptionRow } from './caption-row.tsx'
import { useFollowing, usePlayhead } from './following.ts'
import { useSpeakers } from './speakers.tsx'
import { useTranscriptKeys } from './transcript-keys.ts'
import { choose, chosenRange, placeOf, useWordChoice, type WordAt, type WordLine } from './transcript-order.ts'
import type { WordEdits } from './word-edits.ts'

interface TranscriptProps {
  readonly captions: readonly Caption[]
  /** The words of all of them. */
  readonly line: WordLine
  readonly isFound: (place: number) => boolean
  readonly edits: WordEdits
}

/** The word under the pointer, if any. */
function wordUnder(target: EventTarget): WordAt | null {
  const name = target instanceof HTMLElement ? target.dataset['word'] : undefined
  if (name === undefined) return null
  const slash = name.lastIndexOf('/')
  return { captionId: name.slice(0, slash), index: Number(name.slice(slash + 1)) }
}

/** Scrolls to the row in which the choice is, and gives its word the keys, unless the person is elsewhere. */
function useChoiceInSight(
  list: { readonly current: { scrollToIndex(row: number): void } },
  scroller: HTMLElement | null,
  row: number,
  word: WordAt | null,
): void {
  const name = word && `${word.captionId}/${word.index}`
  useEffect(() => {
    if (row >= 0) list.current.scrollToIndex(row)
    if (name === null || !scroller) return
    // Also where the word that had the keys is gone with its row.
    requestAnimationFrame(() => {
      const holder = document.activeElement
      const isHere = holder === null || holder.contains(scroller) || scroller.contains(holder)
      if (isHere && holder?.tagName !== 'TEXTAREA')
        scroller.querySelector<HTMLElement>(`[data-word="${CSS.escape(name)}"]`)?.focus({ preventScroll: true })
    })
  }, [row, name, scroller, list])
}

interface ListHandlers {
  readonly onPointerDown: (event: PointerEvent) => void
  readonly onPointerOver: (event: PointerEvent) => void
}

/** A press chooses a word, and a drag all that it passes; a press with Shift keeps where the choice began. */
function useWordDrag(): ListHandlers {
  const dragging = useRef(false)
  return {
    onPointerDown: (event) => {
      const word = wordUnder(event.target)
      dragging.current = word !== null && event.button === 0
      if (word && dragging.current && !event.shiftKey) choose(word)
    },
    onPointerOver: (event) => {
      dragging.current &&= event.buttons === 1
      const word = dragging.current ? wordUnder(event.target) : null
      if (word) choose(word, true)
    },
  }
}

/** Every caption with its words: one is chosen by a press, more by a drag or with Shift; keys go from word to word. */
export function Transcript({ captions, line, isFound, edits }: TranscriptProps) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null)
  const [edited, setEdited] = useState<string | null>(null)
  const choice = useWordChoice()
  const seconds = usePlayhead()
  const range = chosenRange(line, choice)
  const focus = placeOf(line, choice.focus)
  const drag = useWordDrag()
  const speakers = useSpeakers()
  const voices = useMemo(() => new Map(speakers.map((speaker) => [speaker.id, speaker])), [speakers])
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
  useChoiceInSight(list, scroller, focused, focus < 0 ? null : choice.focus)

  const onKeyDown = useTranscriptKeys({ captions, line, focus, focused, edits, onEdit: setEdited })

  const spoken = captions.findLastIndex((caption) => secondsFromTicks(caption.startTicks) <= seconds)
  const following = useFollowing(captions[spoken]?.id, () => list.current.scrollToIndex(spoken, { align: 'auto' }))

  const items = virtual.getVirtualItems()
  // One word of the list is reached by Tab: the chosen one, else the first, or the first in sight of a list scrolled on.
  const isInSight = items.some((item) => item.index === Math.max(0, focused))
  const topRow = captions[items[0]?.index ?? 0]
  const tabPlace = isInSight ? Math.max(0, focus) : ((topRow && line.firstPlaces.get(topRow.id)) ?? 0)

  /** Who begins to speak with a caption; undefined where the same goes on. */
  const voiceAt = (n: number): Speaker | null | undefined => {
    const [own, before] = [captions[n]?.speakerId, captions[n - 1]?.speakerId]
    return own === before ? undefined : (voices.get(own ?? '') ?? null)
  }

  return (
    <div
      className="words__scroll"
      ref={setScroller}
      onWheel={following.leave}
      onTouchMove={following.leave}
      // What is pressed beside the list is the bar at its side.
      onPointerDown={(event) => {
        if (event.target === scroller) following.leave()
      }}
    >
      <ul
        className="words__list"
        aria-label={t('words.transcript')}
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
        {...drag}
      >
        {items.map((item) => {
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
                <CaptionEditor
                  caption={caption}
                  index={choice.focus?.captionId === caption.id ? choice.focus.index : 0}
                  onEnd={() => setEdited(null)}
                />
              ) : (
                <CaptionRow
                  caption={caption}
                  // A name stands where somebody else begins to speak.
                  speaker={voiceAt(item.index)}
                  firstPlace={line.firstPlaces.get(caption.id) ?? 0}
                  range={range}
                  isFound={isFound}
                  tabPlace={tabPlace}
                  seconds={seconds}
                  onEdit={() => setEdited(caption.id)}
                />
              )}
            </li>
          )
        })}
      </ul>
      {following.isAway ? (
        <button className="button words__back" onClick={following.comeBack}>
          {t('words.toPlayhead')}
        </button>
      ) : null}
    </div>
  )
}
