import type { MouseEvent } from 'react'
import {
  Box,
  Camera,
  Headphones,
  Image,
  Smartphone,
  Star,
  TriangleAlert,
  Waypoints,
  type LucideIcon,
} from 'lucide-react'
import type { Asset, Stream } from '../../../shared/document/records.ts'
import { thumbnailStream } from '../../../shared/document/seen-streams.ts'
import { actionById } from '../actions/actions.ts'
import { perform, useActionContext } from '../actions/use-actions.ts'
import { chooseRecordingsUpTo, isChosenRecording, toggleRecording } from '../state/chosen-recordings.ts'
import { useSession } from '../state/session-store.ts'
import { useStarsReport } from '../stars/stars-report.ts'
import { byteWords, shortClock, signed } from '../ui/format.ts'
import { ShortName } from '../ui/short-name.tsx'
import { t } from '../i18n/text.ts'
import { HoverThumbnail } from './hover-thumbnail.tsx'
import { StillImage } from './still-image.tsx'

export interface Entry {
  readonly asset: Asset
  readonly streams: readonly Stream[]
}

type Picture = 'scan' | 'capture' | 'image' | 'camera' | 'sound' | 'motion'

const ICONS: Readonly<Record<Picture, LucideIcon>> = {
  scan: Box,
  capture: Smartphone,
  image: Image,
  camera: Camera,
  sound: Headphones,
  motion: Waypoints,
}

function pictureOf(asset: Asset, streams: readonly Stream[]): Picture {
  if (asset.assetKind === 'scan' || asset.assetKind === 'capture' || asset.assetKind === 'image') return asset.assetKind
  if (streams.some((stream) => stream.sensor === 'video')) return 'camera'
  if (streams.some((stream) => stream.sensor === 'audio')) return 'sound'
  return 'motion'
}

/** Selects a recording and nothing beside it; of a camera, its picture is shown. */
export function chooseOnly({ asset, streams }: Entry): void {
  const video = streams.find((stream) => stream.sensor === 'video')
  useSession.setState((state) => ({
    selectedAssetId: asset.id,
    libraryChoice: null,
    viewedStreamId: video?.id ?? state.viewedStreamId,
  }))
}

/** @param order of the recordings that are shown, by id */
export function AssetCard({ entry, order }: { entry: Entry; order: readonly string[] }) {
  const { asset, streams } = entry
  const context = useActionContext()
  const selected = useSession((state) => isChosenRecording(state, asset.id))
  const Icon = ICONS[pictureOf(asset, streams)]
  const points = streams.find((stream) => stream.pointCount ?? stream.triangleCount)
  const adds = useStarsReport()?.answer.assets.find((each) => each.asset === asset.id)?.adds_stars
  const byWorth = useSession((state) => state.libraryByWorth)
  const press = (event: MouseEvent): void => {
    if (event.shiftKey) chooseRecordingsUpTo(asset.id, order)
    else if (event.ctrlKey || event.metaKey) toggleRecording(asset.id)
    else chooseOnly(entry)
  }
  return (
    <button
      className={`asset ${selected ? 'asset--selected' : ''}`}
      aria-pressed={selected}
      data-part-beginning
      data-keys="library"
      onClick={press}
      onDoubleClick={() => perform(actionById('showOnTimeline'), context)}
    >
      {thumbnailStream(streams) ? (
        <HoverThumbnail assetId={asset.id} Icon={Icon} />
      ) : asset.assetKind === 'image' && !asset.missing ? (
        <span className="asset__icon">
          <StillImage assetId={asset.id} className="asset__still" otherwise={<Icon size={19} aria-hidden />} />
        </span>
      ) : (
        <span className="asset__icon">
          <Icon size={19} aria-hidden />
        </span>
      )}
      <span className="asset__text">
        <span className="asset__title">
          <ShortName>{asset.title}</ShortName>
        </span>
        {byWorth && adds !== undefined ? (
          <span className="asset__worth num" title={t('library.adds')}>
            <Star size={11} aria-hidden /> {signed(adds, 2)}
          </span>
        ) : null}
        <span className="asset__facts faint num">
          {asset.format}
          {asset.durationSeconds !== null && asset.durationSeconds > 0 ? ` · ${shortClock(asset.durationSeconds)}` : ''}
          {points?.pointCount ? ` · ${t('library.points', { points: points.pointCount })}` : ''}
          {points?.triangleCount ? ` · ${t('library.triangles', { triangles: points.triangleCount })}` : ''}
          {asset.durationSeconds === null && !points ? ` · ${byteWords(asset.byteLength)}` : ''}
        </span>
        <span className="asset__sensors">
          {[...new Set(streams.map((stream) => stream.sensor))].map((sensor) => (
            <span key={sensor} className={`sensor sensor--${sensor}`}>
              {t(`sensor.${sensor}`)}
            </span>
          ))}
        </span>
        <AssetState asset={asset} />
      </span>
      {asset.warnings.length > 0 ? (
        <TriangleAlert
          size={14}
          className="asset__warning"
          aria-label={t('library.warnings', { count: asset.warnings.length })}
        />
      ) : null}
    </button>
  )
}

/** Why there is nothing to see of a recording, where that is so. */
function AssetState({ asset }: { asset: Asset }) {
  if (asset.missing)
    return (
      <span className="badge badge--bad asset__state">
        {t(asset.changed ? 'library.changedOne' : 'library.missingOne')}
      </span>
    )
  return asset.durationSeconds === 0 ? (
    <span className="badge badge--warn asset__state">{t('library.emptyOne')}</span>
  ) : null
}
