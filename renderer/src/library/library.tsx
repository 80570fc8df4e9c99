import { useMemo, useState } from 'react'
import {
  Box,
  Camera,
  FolderSearch,
  Headphones,
  Image,
  Plus,
  Search,
  Smartphone,
  TriangleAlert,
  Waypoints,
  type LucideIcon,
} from 'lucide-react'
import { recordsOf } from '../../../shared/document/document.ts'
import type { Asset, Sensor, Stream } from '../../../shared/document/records.ts'
import { useDocument } from '../state/document-store.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { notify, useSession } from '../state/session-store.ts'
import { byteWords, clockTime } from '../ui/format.ts'
import { HoverThumbnail } from './hover-thumbnail.tsx'
import './library.css'
import { t, type PlainKey } from '../i18n/text.ts'

interface Entry {
  readonly asset: Asset
  readonly streams: readonly Stream[]
}

const FILTERS: readonly { readonly label: PlainKey; readonly sensors: readonly Sensor[] }[] = [
  { label: 'library.all', sensors: [] },
  { label: 'library.video', sensors: ['video'] },
  { label: 'library.sound', sensors: ['audio'] },
  { label: 'library.space', sensors: ['points', 'mesh', 'splats', 'depth'] },
  { label: 'library.motion', sensors: ['pose', 'imu'] },
]

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

export function Library() {
  const document = useDocument((state) => state.document)
  const [query, setQuery] = useState('')
  const [filter, setFilter] = useState(FILTERS[0]!)
  const entries = useMemo(() => entriesOf(document), [document])
  const shown = entries.filter(
    ({ asset, streams }) =>
      `${asset.title} ${asset.fileName} ${asset.format}`.toLowerCase().includes(query.toLowerCase()) &&
      (filter.sensors.length === 0 || streams.some((stream) => filter.sensors.includes(stream.sensor))),
  )
  const missing = entries.filter(({ asset }) => asset.missing).length
  return (
    <section className="panel" aria-label={t('library.title')}>
      <div className="panel__head">
        <h2>{t('library.title')}</h2>
        <span className="faint num">{entries.length}</span>
        <span className="spacer" />
        <button
          className="button button--quiet button--icon"
          aria-label={t('library.import')}
          onClick={() => useSession.setState({ dialog: 'import' })}
        >
          <Plus size={16} aria-hidden />
        </button>
      </div>
      <div className="library__tools">
        <label className="library__search">
          <Search size={14} aria-hidden />
          <input
            className="input"
            type="search"
            placeholder={t('library.search')}
            aria-label={t('library.searchIn')}
            value={query}
            onChange={(e) => setQuery(e.target.value)}
          />
        </label>
        <div className="library__filters" role="group" aria-label={t('library.show')}>
          {FILTERS.map((each) => (
            <button
              key={each.label}
              className="button button--quiet"
              aria-pressed={each === filter}
              onClick={() => setFilter(each)}
            >
              {t(each.label)}
            </button>
          ))}
        </div>
      </div>
      {missing > 0 ? <MissingMedia count={missing} /> : null}
      <div className="panel__body library__body">
        {entries.length === 0 ? (
          <div className="empty">
            <p>{t('library.empty')}</p>
            <button className="button button--primary" onClick={() => useSession.setState({ dialog: 'import' })}>
              <Plus size={15} aria-hidden /> {t('library.importButton')}
            </button>
          </div>
        ) : (
          <ul className="library__list">
            {shown.map((entry) => (
              <LibraryRow key={entry.asset.id} entry={entry} />
            ))}
            {shown.length === 0 ? <li className="faint">{t('library.nothing')}</li> : null}
          </ul>
        )}
      </div>
    </section>
  )
}

function LibraryRow({ entry: { asset, streams } }: { entry: Entry }) {
  const selected = useSession((state) => state.selectedAssetId === asset.id)
  const Icon = ICONS[pictureOf(asset, streams)]
  const video = streams.find((stream) => stream.sensor === 'video')
  const points = streams.find((stream) => stream.pointCount ?? stream.triangleCount)
  const select = (): void =>
    useSession.setState((state) => ({ selectedAssetId: asset.id, viewedStreamId: video?.id ?? state.viewedStreamId }))
  return (
    <li>
      <button className={`asset ${selected ? 'asset--selected' : ''}`} aria-pressed={selected} onClick={select}>
        {video ? (
          <HoverThumbnail assetId={asset.id} Icon={Icon} />
        ) : (
          <span className="asset__icon">
            <Icon size={19} aria-hidden />
          </span>
        )}
        <span className="asset__text">
          <span className="asset__title">{asset.title}</span>
          <span className="asset__facts faint num">
            {asset.format}
            {asset.durationSeconds !== null && asset.durationSeconds > 0
              ? ` · ${clockTime(asset.durationSeconds).slice(3, 11)}`
              : ''}
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
        </span>
        {asset.warnings.length > 0 ? (
          <TriangleAlert
            size={14}
            className="asset__warning"
            aria-label={t('library.warnings', { count: asset.warnings.length })}
          />
        ) : null}
      </button>
    </li>
  )
}

function MissingMedia({ count }: { count: number }) {
  const { client, host } = useEngine()
  const relink = async (): Promise<void> => {
    const [folder] = (await host.pickFiles?.('folder')) ?? []
    if (!folder) {
      notify({
        kind: 'info',
        title: t('library.importMoved'),
        detail: t('library.importMovedWhy'),
      })
      return
    }
    const { relinked, missing } = await client.media.relink({ folder })
    notify({
      kind: missing.length > 0 ? 'info' : 'success',
      title: t('library.found', { count: relinked.length }),
      detail: missing.length > 0 ? t('library.stillMissing', { count: missing.length }) : undefined,
    })
  }
  return (
    <div className="library__missing" role="status">
      <TriangleAlert size={15} aria-hidden />
      <span>{t('library.missing', { count })}</span>
      <button className="button" onClick={() => void relink().catch(showFailure)}>
        <FolderSearch size={14} aria-hidden /> {t('library.find')}
      </button>
    </div>
  )
}

function entriesOf(document: ReturnType<typeof useDocument.getState>['document']): Entry[] {
  const streams = new Map<string, Stream[]>()
  for (const stream of recordsOf(document, 'stream'))
    streams.set(stream.assetId, [...(streams.get(stream.assetId) ?? []), stream])
  return recordsOf(document, 'asset').map((asset) => ({ asset, streams: streams.get(asset.id) ?? [] }))
}
