import type { StarsAnswer } from '../../../shared/contract/stars.ts'
import { signed } from '../ui/format.ts'
import { reasonWords } from '../ui/saying-words.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { signalName } from './signal-names.ts'

type Term = StarsAnswer['signals'][number]

interface Step {
  readonly term: Term
  readonly from: number
  readonly to: number
}

/** The terms of the prediction, one below the other; together they are the stars. */
export function Waterfall({ answer }: { answer: StarsAnswer }) {
  const steps: Step[] = []
  let sum = 0
  for (const term of answer.signals) {
    const from = sum
    sum += term.contribution_stars
    steps.push({ term, from, to: sum })
  }
  const most = Math.max(1, ...steps.map(({ to }) => to))
  const at = (value: number): number => (Math.max(0, value) / most) * 100
  const counting = steps.filter(({ from, to }) => Math.abs(to - from) >= 0.0005)
  const silent = steps.filter((step) => !counting.includes(step))
  return (
    <div className="waterfall" role="group" aria-label={t('stars.reasons')}>
      {counting.map((step) => (
        <Row key={step.term.id} step={step} at={at} />
      ))}
      {silent.length > 0 ? (
        // Where nothing counts, why nothing does is what there is to say.
        <details className="waterfall__silent" open={counting.length === 0}>
          <summary>{t('stars.silent', { count: silent.length })}</summary>
          {silent.map((step) => (
            <Row key={step.term.id} step={step} at={at} />
          ))}
        </details>
      ) : null}
      <div className="waterfall__row waterfall__row--sum">
        <span>{t('stars.together')}</span>
        <span className="waterfall__track">
          <i className="waterfall__bar" style={{ left: 0, width: `${at(answer.stars)}%` }} />
        </span>
        <span className="num">{decimalWords(answer.stars, 2)}</span>
      </div>
    </div>
  )
}

function Row({ step: { term, from, to }, at }: { step: Step; at: (value: number) => number }) {
  const [left, right] = [at(Math.min(from, to)), at(Math.max(from, to))]
  return (
    <div className="waterfall__row">
      <span className="waterfall__name">{signalName(term.id)}</span>
      <span className="waterfall__track" aria-hidden>
        <i
          className={to >= from ? 'waterfall__bar' : 'waterfall__bar waterfall__bar--down'}
          style={{ left: `${left}%`, width: `${Math.max(0.8, right - left)}%` }}
        />
      </span>
      <span className="num">{signed(term.contribution_stars, 2)}</span>
      <span className="waterfall__why muted">{reasonWords({ reason: term.why, said: term.said })}</span>
    </div>
  )
}
