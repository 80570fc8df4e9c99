import { useState } from 'react'
import { Check, Undo2 } from 'lucide-react'
import type { Document } from '../../../shared/document/document.ts'
import { titleOfAsset } from '../align/align-facts.tsx'
import { decimalWords, t } from '../i18n/text.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { notify } from '../state/session-store.ts'
import { chooseTool, landmarkPairs, takeBack, useStage } from './stage-store.ts'

const LEAST_PAIRS = 3

/** What to click next, and the recording placed by what was clicked. */
export function LandmarkBar({ document }: { document: Document }) {
  const { client } = useEngine()
  const landmarks = useStage((state) => state.landmarks)
  const [busy, setBusy] = useState(false)
  const pairs = landmarkPairs(landmarks)
  const [target, source] = landmarks
  const place = async (): Promise<void> => {
    if (!target || !source) return
    setBusy(true)
    try {
      const { rmseMetres, residualsMetres } = await client.space.landmarks({
        targetAssetId: target.assetId,
        sourceAssetId: source.assetId,
        points: pairs.map((pair) => ({ target: pair.target, source: pair.source })),
        withScale: false,
      })
      const worst = Math.max(...residualsMetres)
      const slots = {
        name: titleOfAsset(document, source.assetId),
        mm: millimetres(rmseMetres),
        worst: millimetres(worst),
      }
      notify({ kind: 'success', title: t('stage.landmarksPlaced', slots) })
      chooseTool('look')
    } catch (error) {
      showFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <span className="world__reading" role="status">
        {t('stage.landmarkPairs', { count: pairs.length })}{' '}
        {landmarks.length % 2 === 1
          ? t('stage.landmarkOther', { name: titleOfAsset(document, landmarks.at(-1)!.assetId) })
          : target
            ? t('stage.landmarkNext', { name: titleOfAsset(document, target.assetId) })
            : t('stage.landmarkFirst')}
      </span>
      <button className="button" disabled={landmarks.length === 0 || busy} onClick={takeBack}>
        <Undo2 size={13} aria-hidden /> {t('stage.landmarkBack')}
      </button>
      <button
        className="button"
        disabled={pairs.length < LEAST_PAIRS || busy}
        title={t('stage.landmarksNeed')}
        onClick={() => void place()}
      >
        <Check size={13} aria-hidden /> {t('stage.landmarksPlace')}
      </button>
    </>
  )
}

function millimetres(metres: number): string {
  return decimalWords(metres * 1000, 1)
}
