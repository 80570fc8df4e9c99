import type { StarsAnswer } from '../../../shared/contract/answers.ts'
import { signed } from '../ui/format.ts'
import { t } from '../i18n/text.ts'

/** The terms of the prediction, one below the other; together they are the stars. */
export function Waterfall({ answer }: { answer: StarsAnswer }) {
  const ends: number[] = []
  let sum = 0
  for (const signal of answer.signals) ends.push((sum += signal.contribution_stars))
  const least = Math.min(0, ...ends)
  const most = Math.max(5, ...ends)
  const at = (value: number): number => ((value - least) / (most - least)) * 100
  return (
    <div className="waterfall" role="table" aria-label={t('stars.reasons')}>
      {answer.signals.map((signal, n) => {
        const from = n === 0 ? 0 : ends[n - 1]!
        const to = ends[n]!
        return (
          <div key={signal.id} className="waterfall__row" role="row" title={signal.why}>
            <span role="cell" className="waterfall__name">
              {signal.id.replaceAll(/[-_]/g, ' ')}
            </span>
            <span role="cell" className="waterfall__track">
              <i
                className={to >= from ? 'waterfall__bar' : 'waterfall__bar waterfall__bar--down'}
                style={{
                  left: `${at(Math.min(from, to))}%`,
                  width: `${Math.max(0.6, at(Math.max(from, to)) - at(Math.min(from, to)))}%`,
                }}
              />
            </span>
            <span role="cell" className="num">
              {signed(signal.contribution_stars, 2)}
            </span>
            <span role="cell" className="waterfall__why muted">
              {signal.why}
            </span>
          </div>
        )
      })}
      <div className="waterfall__row waterfall__row--sum" role="row">
        <span role="cell">{t('stars.together')}</span>
        <span role="cell" />
        <span role="cell" className="num">
          {answer.stars.toFixed(2)}
        </span>
      </div>
    </div>
  )
}
