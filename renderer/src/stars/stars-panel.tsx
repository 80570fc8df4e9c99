import { Sparkles } from 'lucide-react'
import { recordsOf, reportId, timeMapId, transformId } from '../../../shared/document/document.ts'
import { starsAnswer, type StarsAnswer } from '../../../shared/contract/answers.ts'
import { OriginalityMatches } from '../publish/originality-matches.tsx'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { seek } from '../state/transport.ts'
import { clockTime } from '../ui/format.ts'
import { StarScale } from './star-scale.tsx'
import { Waterfall } from './waterfall.tsx'
import './stars.css'
import { dateWords, t } from '../i18n/text.ts'

/** The prediction, its interval, its reasons, and what would raise it. */
export function StarsPanel() {
  const document = useDocument((state) => state.document)
  const { run } = useEngine()
  const running = useRunning('stars')
  const report = document.get(reportId('stars'))
  const parsed = report?.kind === 'report' ? starsAnswer.safeParse(report.data) : null
  const hasAssets = recordsOf(document, 'asset').length > 0
  const aligned =
    recordsOf(document, 'clock').some((clock) => document.has(timeMapId(clock.id))) ||
    recordsOf(document, 'asset').some((asset) => document.has(transformId(asset.id)))
  return (
    <section className="panel" aria-label={t('stars.title')}>
      <div className="panel__head">
        <h2>{t('stars.title')}</h2>
        <span className="spacer" />
        {report?.kind === 'report' ? <span className="faint">{dateWords(new Date(report.createdAt))}</span> : null}
      </div>
      <div className="panel__body stack">
        <button
          className="button button--primary"
          disabled={!hasAssets || running !== undefined}
          onClick={() => void run('stars', { pack: null })}
        >
          <Sparkles size={15} aria-hidden /> {parsed ? t('stars.again') : t('stars.predict')}
        </button>
        {running ? <RunningJob job={running} /> : null}
        {parsed?.success ? (
          <Prediction answer={parsed.data} />
        ) : (
          <p className="muted">
            {t('stars.what')}
            {aligned ? '' : ` ${t('stars.alignFirst')}`}
          </p>
        )}
      </div>
    </section>
  )
}

function Prediction({ answer }: { answer: StarsAnswer }) {
  return (
    <>
      <StarScale stars={answer.stars} low={answer.low} high={answer.high} />
      <p className="faint">{t('stars.under', { pack: answer.pack.id, note: answer.pack.note })}</p>
      <Waterfall answer={answer} />
      <h3>{t('stars.moments')}</h3>
      <div className="heat" role="group" aria-label={t('stars.perMoment')}>
        {answer.segments.map((segment) => (
          <button
            key={segment.start_s}
            className="heat__cell"
            style={{ opacity: 0.18 + (0.82 * segment.stars) / 5 }}
            title={t('stars.moment', { time: clockTime(segment.start_s).slice(3), stars: segment.stars.toFixed(2) })}
            aria-label={t('stars.moment', { time: clockTime(segment.start_s), stars: segment.stars.toFixed(2) })}
            onClick={() => seek(segment.start_s)}
          />
        ))}
      </div>
      <h3>{t('stars.raise')}</h3>
      {answer.suggestions.length === 0 ? <p className="muted">{t('stars.nothingRaises')}</p> : null}
      <ul className="suggestions">
        {answer.suggestions.map((suggestion) => (
          <li key={suggestion.action} className="card">
            <span className="suggestions__gain num">+{suggestion.delta_stars.toFixed(2)}</span>
            <span>
              <strong>{suggestion.action}</strong>
              <span className="muted">{suggestion.why}</span>
            </span>
          </li>
        ))}
      </ul>
      <h3>{t('stars.originality')}</h3>
      <p>
        <span className={answer.originality.matches.length === 0 ? 'badge badge--good' : 'badge badge--warn'}>
          {answer.originality.status}
        </span>{' '}
        <span className="muted">
          {answer.originality.matches.length === 0
            ? t('stars.noMatch')
            : t('stars.matches', { count: answer.originality.matches.length })}
        </span>
      </p>
      <OriginalityMatches originality={answer.originality} />
      <h3>{t('stars.contribution')}</h3>
      <p className="muted num">
        {t('stars.share', {
          percent: answer.contribution.percent.toFixed(2),
          low: answer.contribution.low.toFixed(2),
          high: answer.contribution.high.toFixed(2),
          benchmark: answer.contribution.benchmark,
        })}
      </p>
    </>
  )
}
