import { Check, Clock, Rotate3d, X } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { recordsOf, timeMapId, type Document } from '../../../shared/document/document.ts'
import { releaseClock } from '../../../shared/document/place-clock.ts'
import type { TimeEvidence } from '../../../shared/document/records.ts'
import { shortcutWords } from '../actions/action.ts'
import { actionById } from '../actions/actions.ts'
import { currentKeys } from '../actions/keymap.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { percentWords, sigmaWords, signed, withSigma } from '../ui/format.ts'
import { Belief, UnalignedList, confidenceBadge, methodWords, titleOfAsset, unalignedIn } from './align-facts.tsx'
import { CurvePlot } from './curve-plot.tsx'
import { chosenMoment, referenceClockId, runningClocks, titleOfClock } from './hand-moments.ts'
import { SpaceResults } from './space-results.tsx'
import { SyncGraph } from './sync-graph.tsx'
import { SyncPointForm } from './sync-point-form.tsx'
import { WaveformOverlay } from './waveform-overlay.tsx'
import './align.css'
import { reasonWords } from '../ui/saying-words.ts'
import { decimalWords, t } from '../i18n/text.ts'

/** Time and space of the take: what was found, how sure it is, and what it rests on. */
export function AlignPanel() {
  const document = useDocument((state) => state.document)
  const { run } = useEngine()
  const tab = useSession((state) => state.alignTab)
  const running = useRunning('sync', 'register', 'registerPair')
  const busy = running !== undefined
  const hasAssets = recordsOf(document, 'asset').length > 0
  return (
    <section className="panel" aria-label={t('align.title')}>
      <Tabs.Root
        value={tab}
        onValueChange={(value) => useSession.setState({ alignTab: value === 'space' ? 'space' : 'time' })}
        className="panel"
      >
        <div className="panel__head">
          <h2>{t('align.title')}</h2>
          <Tabs.List className="subtabs" aria-label={t('align.in')}>
            <Tabs.Trigger value="time" className="subtabs__tab">
              <Clock size={13} aria-hidden /> {t('align.time')}
            </Tabs.Trigger>
            <Tabs.Trigger value="space" className="subtabs__tab">
              <Rotate3d size={13} aria-hidden /> {t('align.space')}
            </Tabs.Trigger>
          </Tabs.List>
        </div>
        <Tabs.Content value="time" className="panel__body stack">
          <button
            className="button button--primary"
            disabled={!hasAssets || busy}
            onClick={() => void run('sync', { referenceAssetId: null, method: 'auto' })}
          >
            <Clock size={15} aria-hidden /> {t('align.inTime')}
          </button>
          {running?.kind === 'sync' ? <RunningJob job={running} /> : null}
          <TimeResults document={document} />
        </Tabs.Content>
        <Tabs.Content value="space" className="panel__body stack">
          <button
            className="button button--primary"
            disabled={!hasAssets || busy}
            onClick={() => void run('register', { referenceAssetId: null })}
          >
            <Rotate3d size={15} aria-hidden /> {t('align.inSpace')}
          </button>
          {running?.kind === 'register' || running?.kind === 'registerPair' ? <RunningJob job={running} /> : null}
          <SpaceResults document={document} />
        </Tabs.Content>
      </Tabs.Root>
    </section>
  )
}

function TimeResults({ document }: { document: Document }) {
  const clocks = recordsOf(document, 'clock')
  const evidence = recordsOf(document, 'timeEvidence')
  const unsynced = unalignedIn(document, 'sync', 'unsynced')
  const chosen = useSession((state) => state.alignEvidenceId)
  const setChosen = (id: string | null): void => useSession.setState({ alignEvidenceId: id })
  const reference = referenceClockId(document)
  const aligned = clocks.filter((clock) => document.get(timeMapId(clock.id))?.kind === 'timeMap')
  if (aligned.length === 0 && evidence.length === 0) {
    return (
      <>
        <p className="muted">{t('align.timeWhat')}</p>
        <ByHand document={document} />
        <SyncPointForm document={document} />
      </>
    )
  }
  return (
    <>
      <SyncGraph document={document} chosen={chosen} onChoose={setChosen} />
      <ByHand document={document} />
      <table className="table">
        <thead>
          <tr>
            <th>{t('align.recording')}</th>
            <th className="num">{t('align.offset')}</th>
            <th className="num">{t('align.drift')}</th>
          </tr>
        </thead>
        <tbody>
          {aligned.map((clock) => {
            const map = document.get(timeMapId(clock.id))
            if (map?.kind !== 'timeMap') return null
            return (
              <tr key={clock.id}>
                <td>
                  {titleOfAsset(document, clock.assetId)}
                  <Belief
                    confidence={map.confidence}
                    by={
                      clock.id === reference
                        ? t('align.reference')
                        : map.manual
                          ? t('align.byHand')
                          : methodWords(map.method)
                    }
                  />
                  {map.manual ? <Release clockId={clock.id} /> : null}
                </td>
                <td className="num">
                  {clock.id === reference ? '0 s' : `${signed(map.offsetSeconds, 4)} s`}
                  {clock.id === reference ? null : <div className="faint">± {sigmaWords(map.sigmaOffsetSeconds)}</div>}
                </td>
                <td className="num">
                  {clock.id === reference ? '0 ppm' : `${signed(map.ratePpm, 1)} ppm`}
                  {clock.id === reference ? null : (
                    <div className="faint">± {decimalWords(map.sigmaRatePpm, 1)} ppm</div>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <UnalignedList items={unsynced} document={document} />
      <h3>{t('align.evidence')}</h3>
      {evidence.length === 0 ? <p className="muted">{t('align.noEvidence')}</p> : null}
      {evidence.map((piece) => (
        <TimeEvidenceCard
          key={piece.id}
          piece={piece}
          document={document}
          open={chosen === piece.id}
          onToggle={() => setChosen(chosen === piece.id ? null : piece.id)}
        />
      ))}
      <SyncPointForm document={document} />
    </>
  )
}

/** What the eye and the hand have: the two waveforms over each other, the half of a sync point. */
function ByHand({ document }: { document: Document }) {
  const overlay = useSession((state) => state.waveformOverlay)
  const pair = usePair(document)
  return (
    <>
      {overlay && pair ? <WaveformOverlay document={document} clocks={pair} /> : null}
      {overlay && !pair ? <p className="muted">{t('align.overlayNeedsSound')}</p> : null}
      <KeptMoment document={document} />
    </>
  )
}

/** The two recordings in question: those of the chosen evidence; else the selected one and the reference. */
function usePair(document: Document): readonly [string, string] | null {
  const chosen = useSession((state) => state.alignEvidenceId)
  // Read anew whenever the selection changes.
  useSession((state) => state.selectedClipIds)
  useSession((state) => state.selectedAssetId)
  const piece = chosen === null ? undefined : document.get(chosen)
  if (piece?.kind === 'timeEvidence') return [piece.clockA, piece.clockB]
  const clocks = runningClocks(document)
  const reference = referenceClockId(document) ?? clocks[0]?.id
  const selected = chosenMoment()?.clockId
  const other = selected && selected !== reference ? selected : clocks.find((clock) => clock.id !== reference)?.id
  return reference && other ? [reference, other] : null
}

/** The half of a sync point that was set already. */
function KeptMoment({ document }: { document: Document }) {
  const moment = useSession((state) => state.syncMoment)
  if (!moment) return null
  const keys = currentKeys(actionById('syncPoint')).map(shortcutWords)[0] ?? ''
  return (
    <div className="card row" role="status">
      <span>
        {t('align.keptMoment', {
          name: titleOfClock(document, moment.clockId),
          seconds: decimalWords(moment.seconds, 4),
          keys,
        })}
      </span>
      <span className="spacer" />
      <button className="button button--quiet" onClick={() => useSession.setState({ syncMoment: null })}>
        {t('align.forget')}
      </button>
    </div>
  )
}

/** Gives a recording that was placed by hand back to the aligner. */
function Release({ clockId }: { clockId: string }) {
  const { commit } = useEngine()
  return (
    <button
      className="button button--quiet align__release"
      title={t('align.releaseHint')}
      onClick={() => commit(t('align.release'), (draft) => releaseClock(draft, clockId))}
    >
      {t('align.release')}
    </button>
  )
}

interface TimeEvidenceCardProps {
  readonly piece: TimeEvidence
  readonly document: Document
  readonly open: boolean
  readonly onToggle: () => void
}

function TimeEvidenceCard({ piece, document, open, onToggle }: TimeEvidenceCardProps) {
  return (
    <div className={`card evidence ${piece.accepted ? '' : 'evidence--rejected'}`}>
      <button className="evidence__head" aria-expanded={open} onClick={onToggle}>
        <span>
          {titleOfClock(document, piece.clockA)} ↔ {titleOfClock(document, piece.clockB)}
        </span>
        <span className="faint">{methodWords(piece.method)}</span>
        <span className={confidenceBadge(piece.confidence)}>{percentWords(piece.confidence)}</span>
      </button>
      {open ? (
        <>
          <div className="num">
            {t('align.inCommon', {
              offset: withSigma(piece.offsetSeconds, piece.sigmaOffsetSeconds),
              rate: signed(piece.ratePpm, 2),
              seconds: decimalWords(piece.overlapSeconds, 1),
            })}
          </div>
          {piece.curves.map((curve) => (
            <CurvePlot key={curve.kind} curve={curve} />
          ))}
        </>
      ) : null}
      {piece.reason ? (
        <div className="muted">
          {t('align.notUsed', { reason: reasonWords({ reason: piece.reason, said: piece.said }) })}
        </div>
      ) : null}
      <Verdict piece={piece} />
    </div>
  )
}

/** The person's word on a piece of evidence; it outlasts later runs. */
function Verdict({ piece }: { piece: TimeEvidence }) {
  const { commit } = useEngine()
  const say = (verdict: 'accept' | 'reject'): void =>
    commit(verdict === 'accept' ? t('align.acceptEvidence') : t('align.rejectEvidence'), (draft) => {
      const record = draft.get(piece.id)
      if (record?.kind === 'timeEvidence') record.verdict = record.verdict === verdict ? null : verdict
    })
  return (
    <div className="row">
      <button className="button button--quiet" aria-pressed={piece.verdict === 'accept'} onClick={() => say('accept')}>
        <Check size={13} aria-hidden /> {t('align.accept')}
      </button>
      <button className="button button--quiet" aria-pressed={piece.verdict === 'reject'} onClick={() => say('reject')}>
        <X size={13} aria-hidden /> {t('align.reject')}
      </button>
      {piece.verdict ? <span className="faint">{t('align.fromNextRun')}</span> : null}
    </div>
  )
}
