import { t } from '../i18n/text.ts'

interface TextFieldProps {
  readonly label: string
  readonly text: string
  readonly isWrong: boolean
  readonly onText: (text: string) => void
}

/** A field of a dialog; what is wrong is marked once something stands in it. */
export function TextField({ label, text, isWrong, onText }: TextFieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        type="text"
        className="input"
        value={text}
        aria-invalid={isWrong && text !== ''}
        onChange={(event) => onText(event.target.value)}
      />
      {isWrong && text !== '' ? <span className="bad">{t('ledger.field.wrong')}</span> : null}
    </label>
  )
}
