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

interface Entry {
  readonly asset: Asset
  readonly streams: readonly Stream[]
}

const FILTERS: readonly { readonly label: string; readonly sensors: readonly Sensor[] }[] = [
  { label: 'All', sensors: [] },
  { label: 'Video', sensors: ['video'] },
  { label: 'Sound', sensors: ['audio'] },
  { label: '3D', sensors: ['points', 'mesh', 'splats', 'depth'] },
  { label: 'Motion', sensors: ['pose', 'imu'] },
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
    <section className="panel" aria-label="Library">
      <div className="panel__head">
        <h2>Library</h2>
        <span className="faint num">{entries.length}</span>
        <span className="spacer" />
        <button
          className="button button--quiet button--icon"
          aria-label="Import recordings"
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
            placeholder="Search"
            aria-label="Search the library"
            value={query}
            onChange={(e) => setQuery(e.target.value)}
          />
        </label>
        <div className="library__filters" role="group" aria-label="Show">
          {FILTERS.map((each) => (
            <button
              key={each.label}
              className="button button--quiet"
              aria-pressed={each === filter}
              onClick={() => setFilter(each)}
            >
              {each.label}
            </button>
          ))}
        </div>
      </div>
      {missing > 0 ? <MissingMedia count={missing} /> : null}
      <div className="panel__body library__body">
        {entries.length === 0 ? (
          <div className="empty">
            <p>Drop recordings here: video, sound, scans, phone captures.</p>
            <button className="button button--primary" onClick={() => useSession.setState({ dialog: 'import' })}>
              <Plus size={15} aria-hidden /> Import…
            </button>
          </div>
        ) : (
          <ul className="library__list">
            {shown.map((entry) => (
              <LibraryRow key={entry.asset.id} entry={entry} />
            ))}
            {shown.length === 0 ? <li className="faint">Nothing matches.</li> : null}
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
            {points?.pointCount ? ` · ${points.pointCount.toLocaleString()} pts` : ''}
            {points?.triangleCount ? ` · ${points.triangleCount.toLocaleString()} tri` : ''}
            {asset.durationSeconds === null && !points ? ` · ${byteWords(asset.byteLength)}` : ''}
          </span>
          <span className="asset__sensors">
            {[...new Set(streams.map((stream) => stream.sensor))].map((sensor) => (
              <span key={sensor} className={`sensor sensor--${sensor}`}>
                {sensor}
              </span>
            ))}
          </span>
        </span>
        {asset.warnings.length > 0 ? (
          <TriangleAlert size={14} className="asset__warning" aria-label={`${asset.warnings.length} warning(s)`} />
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
        title: 'Import the moved files again',
        detail: 'They are recognised by their content and take their old place.',
      })
      return
    }
    const { relinked, missing } = await client.media.relink({ folder })
    notify({
      kind: missing.length > 0 ? 'info' : 'success',
      title: `${relinked.length} found again`,
      detail: missing.length > 0 ? `${missing.length} still missing.` : undefined,
    })
  }
  return (
    <div className="library__missing" role="status">
      <TriangleAlert size={15} aria-hidden />
      <span>{count} missing. The project keeps everything you did with them.</span>
      <button className="button" onClick={() => void relink().catch(showFailure)}>
        <FolderSearch size={14} aria-hidden /> Find…
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
