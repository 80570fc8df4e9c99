import { BoxSelect, Maximize, Move3d, ScanSearch, Undo2 } from 'lucide-react'
import type { Document } from '../../../shared/document/document.ts'
import { titleOfAsset } from '../align/align-facts.tsx'
import { measurePair } from '../align/measure-pair.ts'
import { t } from '../i18n/text.ts'
import { useRunning } from '../jobs/running-job.tsx'
import { useEngine } from '../state/engine-context.ts'
import { takeBack, useStage } from './stage-store.ts'

/** What to click next, and the pair measured again by what lies in the boxes alone. */
export function BoxBar({ document }: { document: Document }) {
  const engine = useEngine()
  const { boxes, boxMode, clipsToBox } = useStage()
  const busy = useRunning('register', 'registerPair') !== undefined
  const [first, second] = boxes
  const active = boxes.at(-1)
  const compare = (): void => {
    if (!first || !second) return
    void measurePair(engine, {
      targetAssetId: first.assetId,
      sourceAssetId: second.assetId,
      targetRegion: { min: [...first.min], max: [...first.max] },
      sourceRegion: { min: [...second.min], max: [...second.max] },
    })
  }
  return (
    <>
      <span className="world__reading" role="status">
        {active && second
          ? t('stage.boxesReady', {
              one: titleOfAsset(document, first!.assetId),
              two: titleOfAsset(document, second.assetId),
            })
          : active
            ? t('stage.boxOther', { name: titleOfAsset(document, active.assetId) })
            : t('stage.boxFirst')}
      </span>
      <button
        className="button button--icon"
        disabled={!active}
        aria-pressed={boxMode === 'translate'}
        aria-label={t('stage.boxMove')}
        title={t('stage.boxMove')}
        onClick={() => useStage.setState({ boxMode: 'translate' })}
      >
        <Move3d size={13} aria-hidden />
      </button>
      <button
        className="button button--icon"
        disabled={!active}
        aria-pressed={boxMode === 'scale'}
        aria-label={t('stage.boxSize')}
        title={t('stage.boxSize')}
        onClick={() => useStage.setState({ boxMode: 'scale' })}
      >
        <Maximize size={13} aria-hidden />
      </button>
      <button
        className="button"
        disabled={!active}
        aria-pressed={clipsToBox}
        title={t('stage.boxClipHint')}
        onClick={() => useStage.setState({ clipsToBox: !clipsToBox })}
      >
        <BoxSelect size={13} aria-hidden /> {t('stage.boxClip')}
      </button>
      <button className="button" disabled={!active} onClick={takeBack}>
        <Undo2 size={13} aria-hidden /> {t('stage.landmarkBack')}
      </button>
      <button className="button" disabled={!second || busy} title={t('stage.boxCompareHint')} onClick={compare}>
        <ScanSearch size={13} aria-hidden /> {t('stage.boxCompare')}
      </button>
    </>
  )
}
