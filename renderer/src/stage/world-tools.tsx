import { BoxSelect, Camera, Crosshair, History, Move3d, Rotate3d, Ruler } from 'lucide-react'
import type { Document } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { t } from '../i18n/text.ts'
import { BoxBar } from './box-bar.tsx'
import { farthestShown } from './distance-colors.tsx'
import { LandmarkBar } from './landmark-bar.tsx'
import { chooseTool, measuredMetres, useStage, type WorldTool } from './stage-store.ts'

interface WorldToolsProps {
  readonly document: Document
  /** The pose streams that have a place in the world. */
  readonly devices: readonly Stream[]
  /** Why the selected recording cannot be moved; null when it can. */
  readonly fixedBecause: string | null
}

/** Measuring, moving, and looking through the cameras that were there. */
export function WorldTools({ document, devices, fixedBecause }: WorldToolsProps) {
  const { tool, measured, distances, lookThroughStreamId, pictureOpacity, asRecorded } = useStage()
  const metres = measuredMetres(measured)
  const toggle = (wanted: WorldTool) => () => chooseTool(tool === wanted ? 'look' : wanted)
  return (
    <div className="world__tools" role="toolbar" aria-label={t('stage.tools')}>
      <button
        className="button button--icon"
        aria-label={t('stage.measure')}
        title={t('stage.measureHint')}
        aria-pressed={tool === 'measure'}
        onClick={toggle('measure')}
      >
        <Ruler size={14} aria-hidden />
      </button>
      <button
        className="button button--icon"
        aria-label={t('stage.landmarks')}
        title={t('stage.landmarksHint')}
        aria-pressed={tool === 'landmarks'}
        onClick={toggle('landmarks')}
      >
        <Crosshair size={14} aria-hidden />
      </button>
      <button
        className="button button--icon"
        aria-label={t('stage.boxes')}
        title={t('stage.boxesHint')}
        aria-pressed={tool === 'boxes'}
        onClick={toggle('boxes')}
      >
        <BoxSelect size={14} aria-hidden />
      </button>
      <button
        className="button button--icon"
        aria-label={t('stage.before')}
        title={t('stage.beforeHint')}
        aria-pressed={asRecorded}
        onClick={() => useStage.setState({ asRecorded: !asRecorded })}
      >
        <History size={14} aria-hidden />
      </button>
      <button
        className="button button--icon"
        aria-label={t('stage.move')}
        title={fixedBecause ?? t('stage.move')}
        aria-pressed={tool === 'move'}
        disabled={fixedBecause !== null}
        onClick={toggle('move')}
      >
        <Move3d size={14} aria-hidden />
      </button>
      <button
        className="button button--icon"
        aria-label={t('stage.turn')}
        title={fixedBecause ?? t('stage.turn')}
        aria-pressed={tool === 'turn'}
        disabled={fixedBecause !== null}
        onClick={toggle('turn')}
      >
        <Rotate3d size={14} aria-hidden />
      </button>
      {devices.map((device) => {
        const title = titleOf(document, device.assetId)
        const looking = lookThroughStreamId === device.id
        const label = looking ? t('stage.lookAround') : t('stage.lookThrough', { title })
        return (
          <button
            key={device.id}
            className="button button--icon"
            aria-label={label}
            title={label}
            aria-pressed={looking}
            onClick={() => useStage.setState({ lookThroughStreamId: looking ? null : device.id })}
          >
            <Camera size={14} aria-hidden />
          </button>
        )
      })}
      {lookThroughStreamId === null ? null : (
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={pictureOpacity}
          aria-label={t('stage.overlay')}
          title={t('stage.overlay')}
          onChange={(event) => useStage.setState({ pictureOpacity: Number(event.target.value) })}
        />
      )}
      {tool === 'measure' ? (
        <span className="world__reading num" role="status">
          {metres !== null
            ? t('stage.distance', { metres: metres.toFixed(3) })
            : t(measured.length === 0 ? 'stage.measureFirst' : 'stage.measureSecond')}
        </span>
      ) : null}
      {tool === 'landmarks' ? <LandmarkBar document={document} /> : null}
      {tool === 'boxes' ? <BoxBar document={document} /> : null}
      {asRecorded ? (
        <span className="world__reading" role="status">
          {t('stage.beforeShown')}
        </span>
      ) : null}
      {distances ? <DistanceLegend distances={distances.distancesMetres} /> : null}
    </div>
  )
}

/** What the colours mean, and the way back to those of the scan. */
function DistanceLegend({ distances }: { distances: readonly number[] }) {
  const millimetres = (farthestShown(distances) * 1000).toFixed(1)
  return (
    <button className="button" onClick={() => useStage.setState({ distances: null })}>
      <span className="world__scale" aria-hidden /> {t('stage.distances', { millimetres })}
    </button>
  )
}

/** Why the gizmo has nothing to hold; null when it has. */
export function reasonNotToMove(
  document: Document,
  assetId: string | null,
  movable: ReadonlySet<string>,
): string | null {
  if (assetId === null || !movable.has(assetId)) return t('stage.chooseScan')
  const project = document.get('project')
  const isWorld = project?.kind === 'project' && project.worldAssetId === assetId
  return isWorld ? t('stage.worldFixed', { title: titleOf(document, assetId) }) : null
}

function titleOf(document: Document, assetId: string): string {
  const asset = document.get(assetId)
  return asset?.kind === 'asset' ? asset.title : assetId
}
