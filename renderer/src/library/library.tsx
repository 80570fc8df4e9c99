import { useEffect, useMemo, useState, type KeyboardEvent } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  Box,
  Camera,
  FolderSearch,
  Headphones,
  Image,
  Plus,
  Search,
  Smartphone,
  Star,
  TriangleAlert,
  Waypoints,
  type LucideIcon,
} from 'lucide-react'
import type { Asset, Sensor, Stream } from '../../../shared/document/records.ts'
import { SCAN_SENSORS, thumbnailStream } from '../../../shared/document/seen-streams.ts'
import { actionById } from '../actions/actions.ts'
import { perform, useActionContext } from '../actions/use-actions.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { ImportButton } from './import-button.tsx'
import { notify, useSession } from '../state/session-store.ts'
import { useRecords } from '../state/use-records.ts'
import { byteWords, shortClock, signed } from '../ui/format.ts'
import { ShortName } from '../ui/short-name.tsx'
import { useStarsReport } from '../stars/stars-report.ts'
import { HoverThumbnail } from './hover-thumbnail.tsx'
import { TakingIn } from './taking-in.tsx'
import { StillImage } from './still-image.tsx'
import { useRelink } from './relink.ts'
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
  { label: 'library.space', sensors: [...SCAN_SENSORS, 'depth'] },
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
  const assets = useRecords('asset')
  const streams = useRecords('stream')
  const [query, setQuery] = useState('')
  const [filter, setFilter] = useState(FILTERS[0]!)
  const report = useStarsReport()
  const byWorth = useSession((state) => state.libraryByWorth)
  const entries = useMemo(() => {
    const all = entriesOf(assets, streams)
    if (!byWorth || !report) return all
    const rank = new Map(report.answer.assets.map(({ asset }, at) => [asset, at]))
    return all.sort((a, b) => (rank.get(a.asset.id) ?? Infinity) - (rank.get(b.asset.id) ?? Infinity))
  }, [assets, streams, byWorth, report])
  const shown = useMemo(
    () =>
      entries.filter(
        ({ asset, streams }) =>
          `${asset.title} ${asset.fileName} ${asset.format}`.toLowerCase().includes(query.toLowerCase()) &&
          (filter.sensors.length === 0 || streams.some((stream) => filter.sensors.includes(stream.sensor))),
      ),
    [entries, query, filter],
  )
  // State, not a ref: what is below is mounted before the element is known, and must hear of it.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null)
  const missing = entries.filter(({ asset }) => asset.missing).length
  return (
    <section className="panel" aria-label={t('library.title')} data-part>
      <div className="panel__head">
        <h2>{t('library.title')}</h2>
        <span className="faint num">{entries.length}</span>
        <span className="spacer" />
        {report ? (
          <button
            className="button button--quiet button--icon"
            aria-pressed={byWorth}
            aria-label={t('library.byWorth')}
            title={t('library.byWorth')}
            onClick={() => useSession.setState({ libraryByWorth: !byWorth })}
          >
            <Star size={15} aria-hidden />
          </button>
        ) : null}
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
      <div ref={setScroller} className="panel__body library__body">
        {entries.length === 0 ? (
          <div className="empty">
            <p>{t('library.empty')}</p>
            <ImportButton />
          </div>
        ) : shown.length === 0 ? (
          <p className="faint">{t('library.nothing')}</p>
        ) : (
          <LibraryList entries={shown} scroller={scroller} />
        )}
      </div>
      <TakingIn />
    </section>
  )
}

interface Take {
  readonly take: string
}

/** Recordings under the take that they belong to, where any belongs to one. */
function withTakes(entries: readonly Entry[]): readonly (Entry | Take)[] {
  if (!entries.some(({ asset }) => asset.take !== null)) return entries
  const takes = Map.groupBy(entries, ({ asset }) => asset.take)
  return [...takes].flatMap(([take, inTake]) => [
    { take: take === null ? t('library.noTake') : t('library.take', { name: take }) },
    ...inTake,
  ])
}

/** Only the rows in sight are in the page: ten thousand scroll as ten do. */
function LibraryList({ entries, scroller }: { entries: readonly Entry[]; scroller: HTMLDivElement | null }) {
  const rows = useMemo(() => withTakes(entries), [entries])
  // Nothing is memoized from what it returns.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: (n) => ('take' in rows[n]! ? 28 : 66),
    getItemKey: (n) => {
      const row = rows[n]!
      return 'take' in row ? `take ${row.take}` : row.asset.id
    },
    overscan: 8,
  })
  // Whatever selected it, a clip or the world: what is selected is in sight.
  const selectedAssetId = useSession((state) => state.selectedAssetId)
  const selectedAt = rows.findIndex((row) => 'asset' in row && row.asset.id === selectedAssetId)
  const isHere = scroller !== null
  useEffect(() => {
    if (isHere && selectedAt >= 0) virtual.scrollToIndex(selectedAt)
    // Only when another one is selected: whoever scrolls away is left there.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [isHere, selectedAssetId])
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const at = Number((event.target as HTMLElement).closest('li')?.dataset['index'])
    if (by === 0 || !Number.isFinite(at)) return
    event.preventDefault()
    let next = at + by
    if (rows[next] && 'take' in rows[next]) next += by
    if (!rows[next]) return
    virtual.scrollToIndex(next)
    const list = event.currentTarget
    requestAnimationFrame(() => list.querySelector<HTMLElement>(`[data-index="${next}"] button`)?.focus())
  }
  return (
    <ul
      className="library__list"
      aria-label={t('library.list')}
      style={{ height: virtual.getTotalSize() }}
      onKeyDown={onKeyDown}
    >
      {virtual.getVirtualItems().map((item) => {
        const row = rows[item.index]!
        return (
          <li
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            aria-setsize={rows.length}
            aria-posinset={item.index + 1}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {'take' in row ? <h3 className="library__take">{row.take}</h3> : <LibraryRow entry={row} />}
          </li>
        )
      })}
    </ul>
  )
}

function LibraryRow({ entry: { asset, streams } }: { entry: Entry }) {
  const context = useActionContext()
  const selected = useSession((state) => state.selectedAssetId === asset.id)
  const Icon = ICONS[pictureOf(asset, streams)]
  const video = streams.find((stream) => stream.sensor === 'video')
  const points = streams.find((stream) => stream.pointCount ?? stream.triangleCount)
  const adds = useStarsReport()?.answer.assets.find((each) => each.asset === asset.id)?.adds_stars
  const byWorth = useSession((state) => state.libraryByWorth)
  const select = (): void =>
    useSession.setState((state) => ({ selectedAssetId: asset.id, viewedStreamId: video?.id ?? state.viewedStreamId }))
  return (
    <button
      className={`asset ${selected ? 'asset--selected' : ''}`}
      aria-pressed={selected}
      data-part-beginning
      onClick={select}
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

function MissingMedia({ count }: { count: number }) {
  const { client, host } = useEngine()
  const relink = useRelink()
  const lookIn = async (): Promise<void> => {
    const [folder] = (await host.pickFiles?.('folder', t('library.find'))) ?? []
    if (!folder) return
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
      <button className="button" onClick={() => relink(null)}>
        {t('library.chooseAgain')}
      </button>
      {host.pickFiles ? (
        <button className="button" onClick={() => void lookIn().catch(showFailure)}>
          <FolderSearch size={14} aria-hidden /> {t('library.find')}
        </button>
      ) : null}
    </div>
  )
}

function entriesOf(assets: readonly Asset[], streams: readonly Stream[]): Entry[] {
  const ofAsset = Map.groupBy(streams, (stream) => stream.assetId)
  return assets.map((asset) => ({ asset, streams: ofAsset.get(asset.id) ?? [] }))
}
