import { useMemo, useState } from 'react'
import { Trash2, UserCheck } from 'lucide-react'
import { asRead } from '../../../shared/document/document.ts'
import { LABEL_KEYS } from '../../../shared/document/labels.ts'
import type { Caption } from '../../../shared/document/records.ts'
import { MOST_NAME_LETTERS, type Speaker } from '../../../shared/document/speaker-records.ts'
import {
  giveSpeaker,
  removeSpeaker,
  renameSpeaker,
  speakerName,
  speakerNamed,
  speakersInOrder,
} from '../../../shared/document/speakers.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { announce } from '../state/session-store.ts'
import { useRecords } from '../state/use-records.ts'
import { MARKER_COLORS } from '../timeline/palette.ts'
import { t } from '../i18n/text.ts'
import { chosenCaptions, useWordChoice, type WordLine } from './transcript-order.ts'

const newId = (): string => `speaker-${crypto.randomUUID()}`

/** From the top of the list: the same list as long as none changed. */
export function useSpeakers(): readonly Speaker[] {
  const speakers = useRecords('speaker')
  return useMemo(() => speakers.toSorted((a, b) => a.order - b.order), [speakers])
}

/** Says who speaks the chosen words, by the number of a speaker in the list; 0 for nobody. */
export function useGiveSpeaker(line: WordLine): (number: number) => void {
  const { commit } = useEngine()
  return (number) => {
    const speaker = number === 0 ? null : speakersInOrder(useDocument.getState().document)[number - 1]
    const chosen = chosenCaptions(line, useWordChoice.getState())
    if (speaker === undefined) announce(t('speakers.noNumber', { number }))
    else if (chosen.length > 0) {
      commit(speaker ? t('speakers.gave', { name: speaker.name }) : t('speakers.tookAway'), (draft) =>
        giveSpeaker(draft, chosen, speaker?.id ?? null, newId),
      )
    }
  }
}

/** Who speaks: named, coloured, given to what is chosen by a press or by the number keys. */
export function Speakers({ captions, line }: { captions: readonly Caption[]; line: WordLine }) {
  const { commit } = useEngine()
  const speakers = useSpeakers()
  const give = useGiveSpeaker(line)
  const [name, setName] = useState('')
  const counts = useMemo(() => {
    const all = new Map<string, number>()
    for (const { speakerId } of captions) if (speakerId) all.set(speakerId, (all.get(speakerId) ?? 0) + 1)
    return all
  }, [captions])
  const add = (): void => {
    const chosen = chosenCaptions(line, useWordChoice.getState())
    commit(t('speakers.add'), (draft) => {
      const speaker = speakerNamed(draft, name, newId)
      if (speaker) giveSpeaker(draft, chosen, asRead(speaker).id, newId)
    })
    setName('')
  }
  return (
    <details className="words__section">
      <summary>
        {t('speakers.title')} <span className="faint num">{speakers.length}</span>
      </summary>
      <p className="faint words__hint">{t('speakers.how')}</p>
      <ul className="speakers" aria-label={t('speakers.title')}>
        {speakers.map((speaker, n) => (
          <SpeakerRow
            key={speaker.id}
            speaker={speaker}
            keyName={LABEL_KEYS[n] ?? null}
            count={counts.get(speaker.id) ?? 0}
            onGive={() => give(n + 1)}
          />
        ))}
      </ul>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault()
          if (speakerName(name)) add()
        }}
      >
        <input
          className="input"
          aria-label={t('speakers.new')}
          placeholder={t('speakers.new')}
          maxLength={MOST_NAME_LETTERS}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button className="button" disabled={!speakerName(name)}>
          {t('words.add')}
        </button>
      </form>
    </details>
  )
}

interface SpeakerRowProps {
  readonly speaker: Speaker
  readonly keyName: string | null
  readonly count: number
  readonly onGive: () => void
}

function SpeakerRow({ speaker, keyName, count, onGive }: SpeakerRowProps) {
  const { commit } = useEngine()
  const { id, name, color } = speaker
  /** What is being typed; null while nothing is. */
  const [typed, setTyped] = useState<string | null>(null)
  const rename = (): void => {
    const wanted = speakerName(typed ?? '')
    if (wanted && wanted !== name) commit(t('speakers.rename'), (draft) => renameSpeaker(draft, id, wanted))
    setTyped(null)
  }
  return (
    <li className="row">
      <i className="label__dot" style={{ background: `var(--marker-${color})` }} aria-hidden />
      <kbd>{keyName}</kbd>
      <input
        className="input"
        aria-label={t('speakers.nameOf', { name })}
        maxLength={MOST_NAME_LETTERS}
        value={typed ?? name}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={rename}
        onKeyDown={(event) => {
          if (event.key === 'Enter') rename()
        }}
      />
      <select
        className="input speakers__color"
        aria-label={t('speakers.colorOf', { name })}
        value={color}
        onChange={(event) => {
          const wanted = event.target.value
          commit(t('speakers.recolor'), (draft) => void draft.set(id, { ...speaker, color: wanted }))
        }}
      >
        {MARKER_COLORS.map((each) => (
          <option key={each} value={each}>
            {t(`marker.${each}`)}
          </option>
        ))}
      </select>
      <button
        className="button button--quiet button--icon"
        aria-label={t('speakers.give', { name, count })}
        title={t('speakers.give', { name, count })}
        onClick={onGive}
      >
        <UserCheck size={13} aria-hidden />
      </button>
      <button
        className="button button--quiet button--icon"
        aria-label={t('speakers.remove', { name })}
        title={t('speakers.remove', { name })}
        onClick={() => commit(t('speakers.removed'), (draft) => removeSpeaker(draft, id))}
      >
        <Trash2 size={13} aria-hidden />
      </button>
    </li>
  )
}
