import { Sparkles } from 'lucide-react'
import { recordsOf, reportId, timeMapId, transformId } from '../../../shared/document/document.ts'
import { starsAnswer, type StarsAnswer } from '../../../shared/contract/answers.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { seek } from '../state/transport.ts'
import { clockTime } from '../ui/format.ts'
import { StarScale } from './star-scale.tsx'
import { Waterfall } from './waterfall.tsx'
import './stars.css'

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

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
    <section className="panel" aria-label="Stars">
      <div className="panel__head">
        <h2>Stars</h2>
        <span className="spacer" />
        {report?.kind === 'report' ? <span className="faint">{WHEN.format(new Date(report.createdAt))}</span> : null}
      </div>
      <div className="panel__body stack">
        <button
          className="button button--primary"
          disabled={!hasAssets || running !== undefined}
          onClick={() => void run('stars', { pack: null })}
        >
          <Sparkles size={15} aria-hidden /> {parsed ? 'Predict again' : 'Predict the stars'}
        </button>
        {running ? <RunningJob job={running} /> : null}
        {parsed?.success ? (
          <Prediction answer={parsed.data} />
        ) : (
          <p className="muted">
            Estimates, on this machine and offline, what the take is worth for training: how much it shows that is new,
            how well its senses agree, and what would make it worth more.
            {aligned ? '' : ' Align the take first: what cannot be tied together counts for little.'}
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
      <p className="faint">
        Under {answer.pack.id}. {answer.pack.note} A prediction, never a promise.
      </p>
      <Waterfall answer={answer} />
      <h3>Moment by moment</h3>
      <div className="heat" role="group" aria-label="Stars per moment">
        {answer.segments.map((segment) => (
          <button
            key={segment.start_s}
            className="heat__cell"
            style={{ opacity: 0.18 + (0.82 * segment.stars) / 5 }}
            title={`${clockTime(segment.start_s).slice(3)}: ${segment.stars.toFixed(2)} stars`}
            aria-label={`${clockTime(segment.start_s)}, ${segment.stars.toFixed(2)} stars`}
            onClick={() => seek(segment.start_s)}
          />
        ))}
      </div>
      <h3>What would raise it</h3>
      {answer.suggestions.length === 0 ? (
        <p className="muted">Nothing that could be tried here would raise it.</p>
      ) : null}
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
      <h3>Originality</h3>
      <p>
        <span className={answer.originality.matches.length === 0 ? 'badge badge--good' : 'badge badge--warn'}>
          {answer.originality.status}
        </span>{' '}
        <span className="muted">
          {answer.originality.matches.length === 0
            ? 'Nothing in your library is the same.'
            : `${answer.originality.matches.length} match(es).`}
        </span>
      </p>
      <h3>Contribution</h3>
      <p className="muted num">
        {answer.contribution.percent.toFixed(2)} % ({answer.contribution.low.toFixed(2)}–
        {answer.contribution.high.toFixed(2)}) of the improvement on {answer.contribution.benchmark}, predicted.
      </p>
    </>
  )
}
