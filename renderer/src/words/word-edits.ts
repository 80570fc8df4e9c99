/** Edits of the take by its words. Each is one step of undo and leaves the choice where the person goes on. */
import { lockedBehind } from '../../../shared/document/cut-spans.ts'
import { cutWords } from '../../../shared/document/cut-words.ts'
import { copyStretch, insertStretch, type Stretch } from '../../../shared/document/move-spans.ts'
import type { Span } from '../../../shared/document/spoken-words.ts'
import { joinWords } from '../../../shared/document/word-texts.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { announce, notify } from '../state/session-store.ts'
import { seek } from '../state/transport.ts'
import { t } from '../i18n/text.ts'
import { choose, chosenRange, chosenSpan, placeOf, useWordChoice, type WordLine } from './transcript-order.ts'

/** What was taken along last: of the window, so that it can be put in more than once. */
let taken: Stretch | null = null

const newId = (): string => `part-${crypto.randomUUID()}`

export interface WordEdits {
  /** Cuts stretches out of every track. */
  cut(spans: readonly Span[]): void
  copyChosen(): void
  /** Copies and cuts. */
  takeChosen(): void
  /** Before the word in hand. */
  paste(): void
}

/** Whether a cut may be made; which locked track is in its way is said. */
export function isFree(spans: readonly Span[]): boolean {
  const locked = lockedBehind(useDocument.getState().document, spans)
  if (locked) notify({ kind: 'info', title: t('words.locked', { track: locked.title }) })
  return locked === null
}

export function useWordEdits(line: WordLine): WordEdits {
  const { commit } = useEngine()
  const cut = (spans: readonly Span[]): void => {
    if (spans.length === 0 || !isFree(spans)) return
    const next = chosenRange(line, useWordChoice.getState())
    commit(t('words.cutWords'), (draft) => void cutWords(draft, spans, newId))
    seek(secondsFromTicks(spans.reduce((first, span) => Math.min(first, span.startTicks), Infinity)))
    choose(next ? (line.words[next[1] + 1] ?? null) : null)
  }
  const copyChosen = (): boolean => {
    const range = chosenRange(line, useWordChoice.getState())
    const span = chosenSpan(line)
    if (!range || !span) return false
    taken = copyStretch(useDocument.getState().document, span)
    const texts = line.words.slice(range[0], range[1] + 1).map(({ text }) => text)
    // The stretch is kept here in any case; the text is for other programs, where the browser allows it.
    void navigator.clipboard?.writeText(joinWords(texts)).catch(() => undefined)
    return true
  }
  return {
    cut,
    copyChosen: () => {
      if (copyChosen()) announce(t('words.copied'))
    },
    takeChosen: () => {
      const span = chosenSpan(line)
      if (span && copyChosen()) cut([span])
    },
    paste: () => {
      const place = placeOf(line, useWordChoice.getState().focus)
      const at = line.words[place]
      const stretch = taken
      if (!at || !stretch) {
        announce(t('words.nothingTaken'))
        return
      }
      const { startTicks } = at
      if (!isFree([{ startTicks, endTicks: startTicks + 1 }])) return
      commit(t('words.pasteWords'), (draft) => void insertStretch(draft, stretch, startTicks, newId))
      seek(secondsFromTicks(startTicks))
    },
  }
}
