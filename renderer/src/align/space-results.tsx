import { useState } from 'react'
import { ArrowDownToLine, Check, Palette, RotateCw, X } from 'lucide-react'
import { recordsOf, transformId, type Document } from '../../../shared/document/document.ts'
import type { Asset, SpaceEvidence } from '../../../shared/document/records.ts'
import type { PathCorrection } from '../../../shared/document/space-records.ts'
import { useRunning } from '../jobs/running-job.tsx'
import { offeredCandidates, pairsOf } from '../stage/candidate-preview.ts'
import { useStage } from '../stage/stage-store.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { notify, useSession } from '../state/session-store.ts'
import { percentWords } from '../ui/format.ts'
import { reasonWords } from '../ui/saying-words.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { previewCandidate, takeShownCandidate } from './candidates.ts'
import { measurePair } from './measure-pair.ts'
import {
  methodWords,
  Belief,
  UnalignedList,
  confidenceBadge,
  pictureChecksIn,
  titleOfAsset,
  unalignedIn,
} from './align-facts.tsx'

/** Where every recording stands in the world, and the measured pairs behind it. */
export function SpaceResults({ document }: { document: Document }) {
  const assets = recordsOf(document, 'asset')
  const project = document.get('project')
  const world = project?.kind === 'project' ? project.worldAssetId : null
  const evidence = pairsOf(document)
  const placed = assets.filter((asset) => document.get(transformId(asset.id))?.kind === 'transform')
  // The last run did not place it; a person may have since.
  const stillUnaligned = unalignedIn(document, 'register', 'unregistered').filter(
    ({ asset }) => document.get(transformId(asset)) === undefined,
  )
  if (placed.length === 0 && evidence.length === 0) {
    return <p className="muted">{t('align.spaceWhat')}</p>
  }
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th>{t('align.recording')}</th>
            <th className="num">{t('align.residual')}</th>
          </tr>
        </thead>
        <tbody>
          {placed.map((asset) => (
            <PlacedRow key={asset.id} asset={asset} document={document} isWorld={asset.id === world} />
          ))}
        </tbody>
      </table>
      <UnalignedList items={stillUnaligned} document={document} />
      {world && placed.length > 0 ? <FloorButton assetId={world} /> : null}
      {recordsOf(document, 'pathCorrection').map((correction) => (
        <CorrectedPath key={correction.id} correction={correction} document={document} />
      ))}
      <h3>{t('align.pairs')}</h3>
      {evidence.map((piece) => (
        <div key={piece.id} className={`card evidence ${piece.accepted ? '' : 'evidence--rejected'}`}>
          <div className="row">
            <span>
              {titleOfAsset(document, piece.targetAssetId)} ↔ {titleOfAsset(document, piece.sourceAssetId)}
            </span>
            <span className="spacer" />
            {piece.verdict === 'accept' ? (
              <span className="badge badge--good">{t('align.takenByHand')}</span>
            ) : (
              <span className={confidenceBadge(piece.confidence)}>{percentWords(piece.confidence)}</span>
            )}
          </div>
          {piece.rmseMetres === null || piece.overlap === null ? null : (
            <div className="num muted">
              {t('align.pair', {
                residual: decimalWords(piece.rmseMetres * 1000, 1),
                overlap: percentWords(piece.overlap),
                method: methodWords(piece.method),
              })}
            </div>
          )}
          {piece.reason && !piece.accepted ? (
            <div className="muted">
              {t('align.notUsed', { reason: reasonWords({ reason: piece.reason, said: piece.said }) })}
            </div>
          ) : null}
          <PicturesOf piece={piece} document={document} />
          {piece.unresolved ? null : <Distances piece={piece} />}
          <SpaceVerdict piece={piece} />
        </div>
      ))}
    </>
  )
}

/** A path whose loops were closed, and the way back to what was recorded. */
function CorrectedPath({ correction, document }: { correction: PathCorrection; document: Document }) {
  const { commit } = useEngine()
  const slots = {
    name: titleOfAsset(document, correction.assetId),
    metres: decimalWords(correction.largestCorrectionMetres, 2),
  }
  return (
    <div className="card evidence">
      <div>{t('align.pathCorrected', slots)}</div>
      <button
        className="button button--quiet"
        onClick={() => commit(t('align.asRecorded'), (draft) => void draft.delete(correction.id))}
      >
        {t('align.asRecorded')}
      </button>
    </div>
  )
}

const PICTURE_WORDS = {
  fits: 'align.picturesFit',
  'does not fit': 'align.picturesDoNotFit',
  'cannot tell': 'align.picturesCannotTell',
} as const

/** What the film of one of the two says of the other, as last measured. */
function PicturesOf({ piece, document }: { piece: SpaceEvidence; document: Document }) {
  const pair = [piece.targetAssetId, piece.sourceAssetId]
  return pictureChecksIn(document)
    .filter(({ asset, scan }) => pair.includes(asset) && pair.includes(scan))
    .map((check) => (
      <div
        key={check.asset}
        className={check.verdict === 'does not fit' ? 'badge badge--bad' : 'muted'}
        title={reasonWords(check)}
      >
        {t(PICTURE_WORDS[check.verdict], { count: check.pictures })}
      </div>
    ))
}

/** Colours the placed scan by its distance to the other, on the stage. */
function Distances({ piece }: { piece: SpaceEvidence }) {
  const { client } = useEngine()
  const shown = useStage((state) => state.distances?.evidenceId === piece.id)
  const show = async (): Promise<void> => {
    if (shown) return useStage.setState({ distances: null })
    try {
      const found = await client.space.residuals({ evidenceId: piece.id, maximumPoints: 20_000 })
      useStage.setState({ distances: { evidenceId: piece.id, ...found } })
      useSession.setState(({ stageView }) => (stageView === 'picture' ? { stageView: 'both' } : {}))
    } catch (error) {
      showFailure(error)
    }
  }
  return (
    <button className="button button--quiet" aria-pressed={shown} onClick={() => void show()}>
      <Palette size={13} aria-hidden /> {t('align.distances')}
    </button>
  )
}

function PlacedRow({ asset, document, isWorld }: { asset: Asset; document: Document; isWorld: boolean }) {
  const transform = document.get(transformId(asset.id))
  if (transform?.kind !== 'transform') return null
  return (
    <tr>
      <td>
        {asset.title}
        <Belief confidence={transform.confidence} by={isWorld ? t('align.theWorld') : methodWords(transform.method)} />
      </td>
      <td className="num">
        {transform.rmseMetres === null ? '–' : `${decimalWords(transform.rmseMetres * 1000, 1)} mm`}
        {transform.overlap === null ? null : (
          <div className="faint">{t('align.overlap', { percent: percentWords(transform.overlap) })}</div>
        )}
      </td>
    </tr>
  )
}

/** The person's word on a pair: everything is placed anew at once. */
function SpaceVerdict({ piece }: { piece: SpaceEvidence }) {
  const { client } = useEngine()
  const toggle = (verdict: 'accept' | 'reject') => (): void => {
    const said = piece.verdict === verdict ? null : verdict
    client.space.judge({ evidenceId: piece.id, verdict: said, candidate: null }).catch(showFailure)
  }
  return (
    <>
      <Candidates piece={piece} />
      <div className="row">
        {piece.unresolved ? null : (
          <button className="button button--quiet" aria-pressed={piece.verdict === 'accept'} onClick={toggle('accept')}>
            <Check size={13} aria-hidden /> {t('align.accept')}
          </button>
        )}
        <button className="button button--quiet" aria-pressed={piece.verdict === 'reject'} onClick={toggle('reject')}>
          <X size={13} aria-hidden /> {t('align.reject')}
        </button>
        {piece.verdict === 'accept' ? null : <MeasureAgain piece={piece} />}
      </div>
    </>
  )
}

/** Poses that explain a pair about as well as each other: each is shown on the stage before one is taken. */
function Candidates({ piece }: { piece: SpaceEvidence }) {
  const { client } = useEngine()
  const shown = useStage(({ preview }) => (preview?.evidenceId === piece.id ? preview.candidate : null))
  const offered = offeredCandidates(piece)
  if (offered.length === 0) return null
  return (
    <div className="stack" role="group" aria-label={t('align.candidates', { count: piece.candidates.length })}>
      <span className="muted">
        {t('align.chooseCandidate')} {t('align.candidateKeys')}
      </span>
      <div className="row row--wrap">
        {offered.map((n) => (
          <button key={n} className="button" aria-pressed={shown === n} onClick={() => previewCandidate(piece.id, n)}>
            {t('align.candidate', { number: n + 1, percent: percentWords(piece.candidates[n]!.confidence) })}
          </button>
        ))}
        {shown === null ? null : (
          <button className="button button--primary" onClick={() => void takeShownCandidate(client).catch(showFailure)}>
            <Check size={13} aria-hidden /> {t('align.takeCandidate', { number: shown + 1 })}
          </button>
        )}
      </div>
    </div>
  )
}

/** The pair alone, as if for the first time. */
function MeasureAgain({ piece }: { piece: SpaceEvidence }) {
  const engine = useEngine()
  const busy = useRunning('register', 'registerPair') !== undefined
  const { targetAssetId, sourceAssetId } = piece
  return (
    <button
      className="button button--quiet"
      disabled={busy}
      onClick={() => void measurePair(engine, { targetAssetId, sourceAssetId, targetRegion: null, sourceRegion: null })}
    >
      <RotateCw size={13} aria-hidden /> {t('align.measureAgain')}
    </button>
  )
}

/** Finds the floor of the world and lays it down: gravity then points along -Y, and the floor lies at zero. */
function FloorButton({ assetId }: { assetId: string }) {
  const { client } = useEngine()
  const [busy, setBusy] = useState(false)
  const lay = async (): Promise<void> => {
    setBusy(true)
    try {
      const { up, heightMetres } = await client.space.floor({ assetId })
      const { tiltDegrees } = await client.space.level({ assetId: null, up, floorMetres: heightMetres })
      notify({ kind: 'success', title: t('align.floorLaid', { degrees: decimalWords(tiltDegrees, 1) }) })
    } catch (error) {
      showFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <button className="button" disabled={busy} title={t('align.floorHint')} onClick={() => void lay()}>
      <ArrowDownToLine size={14} aria-hidden /> {t('align.floor')}
    </button>
  )
}
