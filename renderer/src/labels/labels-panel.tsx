import { useDeferredValue, useMemo, useState } from 'react'
import { Download, Tags, Trash2, Upload } from 'lucide-react'
import { labelsInOrder, newLabel, removeLabel, spansInOrder, type LabelSpan } from '../../../shared/document/labels.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { actionById } from '../actions/actions.ts'
import { perform, useActionContext } from '../actions/use-actions.ts'
import { ActionButton } from '../app/action-button.tsx'
import { t } from '../i18n/text.ts'
import { useImportFiles } from '../library/import-tokens.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { seek } from '../state/transport.ts'
import { MARKER_COLORS } from '../timeline/palette.ts'
import { shortClock } from '../ui/format.ts'
import { LabelEditor } from './label-editor.tsx'
import { useLabelling } from './labelling.ts'
import './labels.css'

/** More are found by searching. */
const MOST_SHOWN = 200

/** What is annotated in the take: the labels with their keys, and every span. */
export function LabelsPanel() {
  const context = useActionContext()
  const { commit } = useEngine()
  const document = useDeferredValue(useDocument((state) => state.document))
  const labels = useMemo(() => labelsInOrder(document), [document])
  const spans = useMemo(() => spansInOrder(document), [document])
  const isOn = useLabelling((state) => state.on)
  const [name, setName] = useState('')
  const add = (): void => {
    const id = `label-${crypto.randomUUID()}`
    const label = newLabel(useDocument.getState().document, id, name.trim(), MARKER_COLORS)
    commit(t('edit.addLabel'), (draft) => void draft.set(id, label))
    setName('')
  }
  return (
    <div className="labels stack">
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim()) add()
        }}
      >
        <input
          className="input"
          aria-label={t('labels.new')}
          placeholder={t('labels.new')}
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button className="button" disabled={!name.trim()}>
          {t('labels.add')}
        </button>
      </form>
      {labels.length === 0 ? (
        <div className="empty">
          <Tags size={30} aria-hidden />
          <p>{t('labels.none')}</p>
          <ImportLabels />
        </div>
      ) : (
        <>
          <div className="row">
            <ActionButton
              id="labelling"
              context={context}
              pressed={isOn}
              label={t('labels.byKeys')}
              words={t('labels.byKeys')}
            >
              <Tags size={14} aria-hidden />
            </ActionButton>
          </div>
          <div className="row labels__files">
            <ImportLabels />
            <button className="button button--quiet" onClick={() => perform(actionById('export'), context)}>
              <Download size={14} aria-hidden /> {t('labels.export')}
            </button>
          </div>
          <p className="faint labels__how">{t('labels.how')}</p>
          <ul className="labels__list" aria-label={t('labels.list')}>
            {labels.map((label) => (
              <LabelEditor
                key={label.id}
                label={label}
                spans={spans.filter((span) => span.labelId === label.id)}
                onRemove={() => commit(t('edit.removeLabel'), (draft) => removeLabel(draft, label.id))}
              />
            ))}
          </ul>
          <Spans spans={spans} />
        </>
      )}
    </div>
  )
}

function ImportLabels() {
  const importFiles = useImportFiles()
  return (
    <button className="button button--quiet" title={t('labels.importHint')} onClick={importFiles}>
      <Upload size={14} aria-hidden /> {t('labels.import')}
    </button>
  )
}

function Spans({ spans }: { spans: readonly LabelSpan[] }) {
  const { commit } = useEngine()
  const selected = useSession((state) => state.selectedMarkerId)
  const [wanted, setWanted] = useState('')
  const found = useMemo(
    () => spans.filter((span) => textOf(span).includes(wanted.trim().toLowerCase())),
    [spans, wanted],
  )
  if (spans.length === 0) return null
  const goTo = (span: LabelSpan): void => {
    useSession.setState({ selectedMarkerId: span.id, selectedClipIds: new Set() })
    seek(secondsFromTicks(span.atTicks))
  }
  return (
    <>
      <input
        className="input"
        type="search"
        aria-label={t('labels.search')}
        placeholder={t('labels.search')}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      <ul className="labels__spans" aria-label={t('labels.spans')}>
        {found.slice(0, MOST_SHOWN).map((span) => (
          <li key={span.id} className="row">
            <button className="labels__span" aria-pressed={span.id === selected} onClick={() => goTo(span)}>
              <i className="label__dot" style={{ background: `var(--marker-${span.color})` }} aria-hidden />
              <span className="num muted">
                {shortClock(secondsFromTicks(span.atTicks))} –{' '}
                {shortClock(secondsFromTicks(span.atTicks + span.durationTicks))}
              </span>
              <span className="labels__words">
                {[span.title, ...Object.values(span.values ?? {}), span.note].filter(Boolean).join(' · ')}
              </span>
            </button>
            <button
              className="button button--quiet button--icon"
              aria-label={t('labels.removeSpan', { name: span.title })}
              title={t('edit.removeSpan')}
              onClick={() => commit(t('edit.removeSpan'), (draft) => void draft.delete(span.id))}
            >
              <Trash2 size={13} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      {found.length > MOST_SHOWN ? (
        <p className="faint">{t('app.more', { count: found.length - MOST_SHOWN })}</p>
      ) : null}
    </>
  )
}

function textOf(span: LabelSpan): string {
  return [span.title, span.note, ...Object.values(span.values ?? {})].join('\n').toLowerCase()
}
