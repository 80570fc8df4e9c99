import { useState } from 'react'
import { fieldFigure, typedNumber } from './typed-number.ts'

interface NumberFieldProps {
  readonly label: string
  readonly unit: string
  /** One of each that is chosen; where they differ the field is empty. */
  readonly values: readonly number[]
  readonly onChange: (value: number) => void
}

/** A figure with its unit: taken with Enter or when the field is left, given up with Escape. */
export function NumberField({ label, unit, values, onChange }: NumberFieldProps) {
  const [first] = values
  const isOne = values.every((value) => value === first)
  const shown = isOne ? fieldFigure(first!, 3) : ''
  // What is being typed; null while the field shows what is so.
  const [typed, setTyped] = useState<string | null>(null)
  const take = (): void => {
    const value = typedNumber(typed ?? '')
    if (value !== null && !(isOne && value === first)) onChange(value)
    setTyped(null)
  }
  return (
    <label className="field">
      <span>
        {label} ({unit})
      </span>
      <input
        className="input num"
        inputMode="decimal"
        value={typed ?? shown}
        placeholder={isOne ? undefined : '…'}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take()
          if (event.key === 'Escape') setTyped(null)
        }}
      />
    </label>
  )
}
