import { useState } from 'react'
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import { useEngine } from '../state/engine-context.ts'
import { now } from '../state/transport.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { runningClocks, secondsOnClock, titleOfClock } from './hand-moments.ts'

/** Two moments that the person says are one: always honoured, never overwritten. */
export function SyncPointForm({ document }: { document: Document }) {
  const { commit } = useEngine()
  const clocks = runningClocks(document)
  const points = recordsOf(document, 'syncPoint')
  const [a, setA] = useState('')
  const [b, setB] = useState('')
  const [secondsA, setSecondsA] = useState('')
  const [secondsB, setSecondsB] = useState('')
  const label = (clockId: string): string => titleOfClock(document, clockId)
  const atPlayhead = (clockId: string): string => secondsOnClock(document, clockId, now()).toFixed(4)
  const ready =
    a !== '' &&
    b !== '' &&
    a !== b &&
    Number.isFinite(Number.parseFloat(secondsA)) &&
    Number.isFinite(Number.parseFloat(secondsB))
  const add = (): void => {
    const id = `syncPoint-${crypto.randomUUID()}`
    commit(t('align.addPoint'), (draft) => {
      draft.set(id, {
        kind: 'syncPoint',
        id,
        clockA: a,
        secondsA: Number.parseFloat(secondsA),
        clockB: b,
        secondsB: Number.parseFloat(secondsB),
      })
    })
  }
  const side = (
    name: string,
    clock: string,
    setClock: (id: string) => void,
    seconds: string,
    setSeconds: (text: string) => void,
  ) => (
    <div className="row">
      <select
        className="input"
        aria-label={t('align.recordingOf', { name })}
        value={clock}
        onChange={(event) => setClock(event.target.value)}
      >
        <option value="">{t('align.recordingOf', { name })}</option>
        {clocks.map((each) => (
          <option key={each.id} value={each.id}>
            {label(each.id)}
          </option>
        ))}
      </select>
      <input
        className="input num"
        aria-label={t('align.secondsOn', { name })}
        placeholder={t('align.seconds')}
        inputMode="decimal"
        value={seconds}
        onChange={(event) => setSeconds(event.target.value)}
      />
      <button className="button" disabled={clock === ''} onClick={() => setSeconds(atPlayhead(clock))} type="button">
        {t('align.playhead')}
      </button>
    </div>
  )
  return (
    <details>
      <summary className="muted">{t('align.points', { count: points.length })}</summary>
      <div className="stack sync-point">
        {points.map((point) => (
          <div key={point.id} className="row">
            <span className="num">
              {label(point.clockA)} {decimalWords(point.secondsA, 4)} s = {label(point.clockB)}{' '}
              {decimalWords(point.secondsB, 4)} s
            </span>
            <span className="spacer" />
            <button
              className="button button--quiet"
              onClick={() => commit(t('align.removePoint'), (draft) => void draft.delete(point.id))}
            >
              {t('app.remove')}
            </button>
          </div>
        ))}
        {side('A', a, setA, secondsA, setSecondsA)}
        {side('B', b, setB, secondsB, setSecondsB)}
        <button className="button" disabled={!ready} onClick={add}>
          {t('align.addPoint')}
        </button>
      </div>
    </details>
  )
}
