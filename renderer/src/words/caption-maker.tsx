import { useMemo, useState } from 'react'
import { Captions, Pilcrow } from 'lucide-react'
import {
  CAPTION_RULES,
  captionsByRules,
  PARAGRAPH_RULES,
  type CaptionRules,
} from '../../../shared/document/caption-rules.ts'
import type { Caption } from '../../../shared/document/records.ts'
import { useEngine } from '../state/engine-context.ts'
import { announce } from '../state/session-store.ts'
import { t } from '../i18n/text.ts'

const newId = (): string => `caption-${crypto.randomUUID()}`

const LIMITS = {
  lettersPerLine: { min: 10, max: 100, step: 1 },
  lines: { min: 1, max: 3, step: 1 },
  secondsAtMost: { min: 1, max: 20, step: 0.5 },
  secondsAtLeast: { min: 0, max: 5, step: 0.1 },
} as const
type Rule = keyof typeof LIMITS
const RULES = Object.keys(LIMITS) as Rule[]

/** Captions that can be read, made anew from all that is said; or paragraphs again. */
export function CaptionMaker({ captions }: { captions: readonly Caption[] }) {
  const { commit } = useEngine()
  const [isOpen, setOpen] = useState(false)
  const [rules, setRules] = useState(CAPTION_RULES)
  const made = useMemo(() => (isOpen ? captionsByRules(captions, rules, newId) : captions), [captions, rules, isOpen])
  const make = (by: CaptionRules): void => {
    const next = captionsByRules(captions, by, newId)
    commit(t('words.makeCaptions'), (draft) => {
      const kept = new Set(next.map(({ id }) => id))
      for (const { id } of captions) if (!kept.has(id)) draft.delete(id)
      for (const caption of next) draft.set(caption.id, caption)
    })
    announce(t('words.captionsMade', { count: next.length }))
  }
  return (
    <details className="words__section" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('words.captionRules')}</summary>
      {RULES.map((rule) => (
        <label key={rule} className="row">
          <span className="muted">{t(`words.rule.${rule}`)}</span>
          <span className="spacer" />
          <input
            className="input words__rule"
            type="number"
            {...LIMITS[rule]}
            value={rules[rule]}
            onChange={(event) => {
              const { min, max } = LIMITS[rule]
              const value = event.target.valueAsNumber
              if (value >= min && value <= max) setRules({ ...rules, [rule]: value })
            }}
          />
        </label>
      ))}
      <div className="row words__tasks">
        <button className="button" onClick={() => make(rules)}>
          <Captions size={14} aria-hidden /> {t('words.makeCount', { count: made.length })}
        </button>
        <button
          className="button button--quiet"
          title={t('words.paragraphsHint')}
          onClick={() => make(PARAGRAPH_RULES)}
        >
          <Pilcrow size={14} aria-hidden /> {t('words.paragraphs')}
        </button>
      </div>
    </details>
  )
}
