import { useState } from 'react'
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import type { SyncPoint } from '../../../shared/document/records.ts'
import { useEngine } from '../state/engine-context.ts'
import { now } from '../state/transport.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { fieldFigure } from '../ui/typed-number.ts'
import { runningClocks, secondsOnClock, titleOfClock } from './hand-moments.ts'
import { syncPointOf, type TypedMoment } from './typed-sync-point.ts'

const NO_MOMENT: TypedMoment = { clockId: '', seconds: '' }

/** Two moments that the person says are one: always honoured, never overwritten. */
export function SyncPointForm({ document }: { document: Document }) {
  const { commit } = useEngine()
  const points = recordsOf(document, 'syncPoint')
  const [a, setA] = useState(NO_MOMENT)
  const [b, setB] = useState(NO_MOMENT)
  const typed = syncPointOf(a, b)
  const add = (): void => {
    if (!typed) return
    const id = `syncPoint-${crypto.randomUUID()}`
    commit(t('align.addPoint'), (draft) => void draft.set(id, { kind: 'syncPoint', id, ...typed }))
  }
  return (
    <details>
      <summary className="muted">{t('align.points', { count: points.length })}</summary>
      <div className="stack sync-point">
        {points.map((point) => (
          <PointRow key={point.id} document={document} point={point} />
        ))}
        <MomentRow name="A" document={document} moment={a} onChange={setA} />
        <MomentRow name="B" document={document} moment={b} onChange={setB} />
        <button className="button" disabled={!typed} onClick={add}>
          {t('align.addPoint')}
        </button>
      </div>
    </details>
  )
}

function PointRow({ document, point }: { readonly document: Document; readonly point: SyncPoint }) {
  const { commit } = useEngine()
  return (
    <div className="row">
      <span className="num">
        {titleOfClock(document, point.clockA)} {decimalWords(point.secondsA, 4)} s ={' '}
        {titleOfClock(document, point.clockB)} {decimalWords(point.secondsB, 4)} s
      </span>
      <span className="spacer" />
      <button
        className="button button--quiet"
        onClick={() => commit(t('align.removePoint'), (draft) => void draft.delete(point.id))}
      >
        {t('app.remove')}
      </button>
    </div>
  )
}

interface MomentRowProps {
  readonly name: 'A' | 'B'
  readonly document: Document
  readonly moment: TypedMoment
  readonly onChange: (moment: TypedMoment) => void
}

/** A recording and a moment of it, typed or taken from under the playhead. */
function MomentRow({ name, document, moment, onChange }: MomentRowProps) {
  const takePlayhead = (): void =>
    onChange({ ...moment, seconds: fieldFigure(secondsOnClock(document, moment.clockId, now()), 4) })
  return (
    <div className="row">
      <select
        className="input"
        aria-label={t('align.recordingOf', { name })}
        value={moment.clockId}
        onChange={(event) => onChange({ ...moment, clockId: event.target.value })}
      >
        <option value="">{t('align.recordingOf', { name })}</option>
        {runningClocks(document).map(({ id }) => (
          <option key={id} value={id}>
            {titleOfClock(document, id)}
          </option>
        ))}
      </select>
      <input
        className="input num"
        aria-label={t('align.secondsOn', { name })}
        placeholder={t('align.seconds')}
        inputMode="decimal"
        value={moment.seconds}
        onChange={(event) => onChange({ ...moment, seconds: event.target.value })}
      />
      <button className="button" disabled={moment.clockId === ''} onClick={takePlayhead} type="button">
        {t('align.playhead')}
      </button>
    </div>
  )
}
