import { useState } from 'react'
import { Pencil, Trash2 } from 'lucide-react'
import type { Caption } from '../../../shared/document/records.ts'
import type { Speaker } from '../../../shared/document/speaker-records.ts'
import { withText } from '../../../shared/document/spoken-words.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { useEngine } from '../state/engine-context.ts'
import { seek } from '../state/transport.ts'
import { shortClock } from '../ui/format.ts'
import { t } from '../i18n/text.ts'
import { choose, placedWordsOf } from './transcript-order.ts'

interface CaptionRowProps {
  readonly caption: Caption
  /** Who begins to speak here; null for somebody without a name, undefined where the same goes on. */
  readonly speaker: Speaker | null | undefined
  /** Of its first word, in the line of all words. */
  readonly firstPlace: number
  readonly range: readonly [number, number] | null
  /** Whether the word at a place is part of what was searched for. */
  readonly isFound: (place: number) => boolean
  readonly tabPlace: number
  readonly seconds: number
  readonly onEdit: () => void
}

/** What was said in one breath, word by word. */
export function CaptionRow({
  caption,
  speaker,
  firstPlace,
  range,
  isFound,
  tabPlace,
  seconds,
  onEdit,
}: CaptionRowProps) {
  const { commit } = useEngine()
  const start = secondsFromTicks(caption.startTicks)
  const shownTime = shortClock(start)
  const words = placedWordsOf(caption)
  // As few stops for Tab as a list of any length can have: of the row in hand alone.
  const tabIndex = tabPlace >= firstPlace && tabPlace < firstPlace + words.length ? 0 : -1
  return (
    <>
      {speaker === undefined ? null : (
        <span className="words__speaker">
          {speaker ? (
            <i className="label__dot" style={{ background: `var(--marker-${speaker.color})` }} aria-hidden />
          ) : null}
          {speaker?.name ?? <span className="faint">{t('speakers.nobody')}</span>}
        </span>
      )}
      <button
        className="words__time num faint"
        tabIndex={tabIndex}
        onClick={() => seek(start)}
        // What is read on the button is part of what it is called: people who speak to the window say what they see.
        aria-label={`${shownTime} ${t('words.goTo', { text: caption.text })}`}
      >
        {shownTime}
      </button>
      <span className={`words__text words__text--${caption.source}`} dir="auto">
        {words.map((word, index) => {
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
              data-found={isFound(place) || undefined}
              aria-pressed={isChosen}
              tabIndex={place === tabPlace ? 0 : -1}
              onClick={(event) => {
                choose(word, event.shiftKey)
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
          tabIndex={tabIndex}
          aria-label={t('words.edit', { text: caption.text })}
          title={t('words.editHint')}
          onClick={onEdit}
        >
          <Pencil size={13} aria-hidden />
        </button>
        <button
          className="button button--quiet button--icon"
          tabIndex={tabIndex}
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

interface CaptionEditorProps {
  readonly caption: Caption
  /** The word to begin with, which is marked; the first where there is none. */
  readonly index: number
  readonly onEnd: () => void
}

/** The text of a caption, to be corrected: Enter keeps it, Escape leaves it as it was. */
export function CaptionEditor({ caption, index, onEnd }: CaptionEditorProps) {
  const { commit } = useEngine()
  const [text, setText] = useState(caption.text)
  const keep = (): void => {
    if (text.trim() && text.trim() !== caption.text) {
      commit(t('words.editWords'), (draft) => void draft.set(caption.id, withText(caption, text)))
    }
    onEnd()
  }
  const markWord = (field: HTMLTextAreaElement): void => {
    const words = placedWordsOf(caption)
    // Looked for behind the words before it: the same word may stand there too.
    const from = words
      .slice(0, index + 1)
      .reduce((at, word, n) => caption.text.indexOf(word.text, n === 0 ? 0 : at + words[n - 1]!.text.length), 0)
    if (from >= 0) field.setSelectionRange(from, from + (words[index]?.text.length ?? 0))
  }
  return (
    <textarea
      className="input words__editor"
      dir="auto"
      // The person asked to type here by the press that opened it.
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      onFocus={(event) => markWord(event.currentTarget)}
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
