import type { LabelAttribute } from '../../../shared/document/label-records.ts'
import type { LabelSpan } from '../../../shared/document/labels.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'

/** What a label asks of its spans, answered for one of them. */
export function SpanFacts({ span }: { span: LabelSpan }) {
  const { commit } = useEngine()
  const label = useDocument(({ document }) => document.get(span.labelId))
  if (label?.kind !== 'label') return null
  const answer = (name: string, value: string): void => {
    if ((span.values?.[name] ?? '') === value) return
    commit(t('edit.changeMarker'), (draft) => {
      const record = draft.get(span.id)
      if (record?.kind !== 'marker') return
      const { [name]: _, ...others } = record.values ?? {}
      draft.set(span.id, { ...record, values: value === '' ? others : { ...others, [name]: value } })
    })
  }
  return (
    <>
      {label.attributes.map((attribute) => (
        <Answer
          key={attribute.name}
          attribute={attribute}
          value={span.values?.[attribute.name] ?? ''}
          onAnswer={(value) => answer(attribute.name, value)}
        />
      ))}
    </>
  )
}

interface AnswerProps {
  readonly attribute: LabelAttribute
  readonly value: string
  readonly onAnswer: (value: string) => void
}

function Answer({ attribute, value, onAnswer }: AnswerProps) {
  return (
    <label className="field">
      <span>{attribute.name}</span>
      {attribute.values.length > 0 ? (
        <select className="input" value={value} onChange={(event) => onAnswer(event.target.value)}>
          <option value="">{t('labels.answer')}</option>
          {[...new Set([...attribute.values, value])].filter(Boolean).map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      ) : (
        <input
          key={value}
          className="input"
          defaultValue={value}
          onBlur={(event) => onAnswer(event.target.value.trim())}
        />
      )}
    </label>
  )
}
