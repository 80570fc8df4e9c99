import { useState } from 'react'
import type { ClipSound } from '../../../shared/document/clip-sound.ts'
import type { Clip } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { changeSound } from '../actions/sound-actions.ts'
import { t } from '../i18n/text.ts'
import { useEngine } from '../state/engine-context.ts'

/** How loud the chosen sounds are; every change is a gesture for all of them, within what a clip may be. */
export function SoundFacts({ clips }: { clips: readonly Clip[] }) {
  const engine = useEngine()
  const change = (what: ClipSound): void => changeSound(engine, 'edit.loudness', clips, () => what)
  const seconds = (ticks: number | undefined): number => secondsFromTicks(ticks ?? 0)
  return (
    <>
      <h3>{t('sound.title')}</h3>
      <div className="sound-facts">
        <NumberField
          label={t('sound.loudness')}
          unit="dB"
          values={clips.map((clip) => clip.gainDb ?? 0)}
          onChange={(gainDb) => change({ gainDb })}
        />
        <NumberField
          label={t('sound.fadeIn')}
          unit="s"
          values={clips.map((clip) => seconds(clip.fadeInTicks))}
          onChange={(fade) => change({ fadeInTicks: ticksFromSeconds(fade) })}
        />
        <NumberField
          label={t('sound.fadeOut')}
          unit="s"
          values={clips.map((clip) => seconds(clip.fadeOutTicks))}
          onChange={(fade) => change({ fadeOutTicks: ticksFromSeconds(fade) })}
        />
      </div>
    </>
  )
}

interface NumberFieldProps {
  readonly label: string
  readonly unit: string
  /** One a clip; where they differ the field is empty. */
  readonly values: readonly number[]
  readonly onChange: (value: number) => void
}

function NumberField({ label, unit, values, onChange }: NumberFieldProps) {
  const [first] = values
  const isOne = values.every((value) => value === first)
  const shown = isOne ? String(Number(first!.toFixed(3))) : ''
  // What is being typed; null while the field shows what is so.
  const [typed, setTyped] = useState<string | null>(null)
  const take = (): void => {
    const text = typed?.trim().replace(',', '.').replace('−', '-') ?? ''
    const value = Number(text)
    if (text !== '' && Number.isFinite(value) && !(isOne && value === first)) onChange(value)
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
