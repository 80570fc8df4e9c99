import { Trash2 } from 'lucide-react'
import {
  attributesFromText,
  attributesText,
  changeLabel,
  giveKey,
  LABEL_KEYS,
  type LabelSpan,
} from '../../../shared/document/labels.ts'
import type { Label } from '../../../shared/document/label-records.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { useEngine } from '../state/engine-context.ts'
import { MARKER_COLORS } from '../timeline/palette.ts'

interface LabelEditorProps {
  readonly label: Label
  readonly spans: readonly LabelSpan[]
  readonly onRemove: () => void
}

/** One label: its key, colour, name and attributes; every change is a gesture. */
export function LabelEditor({ label, spans, onRemove }: LabelEditorProps) {
  const { commit } = useEngine()
  const { id, name } = label
  const ticks = spans.reduce((sum, span) => sum + span.durationTicks, 0)
  const seconds = decimalWords(secondsFromTicks(ticks), 1)
  const rename = (wanted: string): void => {
    if (wanted && wanted !== name) commit(t('edit.changeLabel'), (draft) => changeLabel(draft, id, { name: wanted }))
  }
  const ask = (text: string): void => {
    if (text.trim() === attributesText(label.attributes)) return
    commit(t('edit.changeLabel'), (draft) => {
      const record = draft.get(id)
      if (record?.kind === 'label') draft.set(id, { ...record, attributes: attributesFromText(text) })
    })
  }
  return (
    <li className="card labels__label">
      <div className="row">
        <i className="label__dot" style={{ background: `var(--marker-${label.color})` }} aria-hidden />
        <input
          key={name}
          className="input"
          aria-label={t('labels.nameOf', { name })}
          maxLength={80}
          defaultValue={name}
          onBlur={(event) => rename(event.target.value.trim())}
        />
        <button
          className="button button--quiet button--icon"
          aria-label={t('labels.remove', { name })}
          title={t('labels.remove', { name })}
          onClick={onRemove}
        >
          <Trash2 size={13} aria-hidden />
        </button>
      </div>
      <div className="row">
        <select
          className="input labels__key"
          aria-label={t('labels.keyOf', { name })}
          title={t('labels.keyOf', { name })}
          value={label.key ?? ''}
          onChange={(event) => {
            const key = event.target.value || null
            commit(t('edit.changeLabel'), (draft) => giveKey(draft, id, key))
          }}
        >
          <option value="">{t('labels.noKey')}</option>
          {LABEL_KEYS.map((key) => (
            <option key={key}>{key}</option>
          ))}
        </select>
        <select
          className="input labels__color"
          aria-label={t('labels.colorOf', { name })}
          value={label.color}
          onChange={(event) => {
            const color = event.target.value
            commit(t('edit.changeLabel'), (draft) => changeLabel(draft, id, { color }))
          }}
        >
          {MARKER_COLORS.map((color) => (
            <option key={color} value={color}>
              {t(`marker.${color}`)}
            </option>
          ))}
        </select>
        <span className="num faint">{t('labels.total', { count: spans.length, seconds })}</span>
      </div>
      <input
        key={attributesText(label.attributes)}
        className="input"
        aria-label={t('labels.attributesOf', { name })}
        placeholder={t('labels.attributesHint')}
        defaultValue={attributesText(label.attributes)}
        onBlur={(event) => ask(event.target.value)}
      />
    </li>
  )
}
