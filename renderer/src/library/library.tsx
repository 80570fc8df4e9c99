import { useEffect, useMemo, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Plus, Search, Star } from 'lucide-react'
import type { Asset, Sensor, Stream } from '../../../shared/document/records.ts'
import { SCAN_SENSORS } from '../../../shared/document/seen-streams.ts'
import { MenuOfActions, type MenuEntry } from '../actions/menu-of-actions.tsx'
import { useActionContext } from '../actions/use-actions.ts'
import { chooseRecordingsUpTo, isChosenRecording } from '../state/chosen-recordings.ts'
import { AssetCard, chooseOnly, type Entry } from './asset-card.tsx'
import { ImportButton } from './import-button.tsx'
import { useSession } from '../state/session-store.ts'
import { useRecords } from '../state/use-records.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { useStarsReport } from '../stars/stars-report.ts'
import { takeWords } from './take-words.ts'
import { TakingIn } from './taking-in.tsx'
import { MissingMedia } from './missing-media.tsx'
import './library.css'
import { t, type PlainKey } from '../i18n/text.ts'

const FILTERS: readonly { readonly label: PlainKey; readonly sensors: readonly Sensor[] }[] = [
  { label: 'library.all', sensors: [] },
  { label: 'library.video', sensors: ['video'] },
  { label: 'library.sound', sensors: ['audio'] },
  { label: 'library.space', sensors: [...SCAN_SENSORS, 'depth'] },
  { label: 'library.motion', sensors: ['pose', 'imu'] },
]

interface Shown {
  readonly all: readonly Entry[]
  readonly shown: readonly Entry[]
  /** Worth was predicted: they can be sorted by it. */
  readonly hasWorth: boolean
}

/** What is in the library, as it came in or the worthiest first, and the part of it that is asked for. */
function useShown(query: string, sensors: readonly Sensor[]): Shown {
  const assets = useRecords('asset')
  const streams = useRecords('stream')
  const report = useStarsReport()
  const byWorth = useSession((state) => state.libraryByWorth)
  const all = useMemo(() => {
    const entries = entriesOf(assets, streams)
    if (!byWorth || !report) return entries
    const rank = new Map(report.answer.assets.map(({ asset }, at) => [asset, at]))
    return entries.sort((a, b) => (rank.get(a.asset.id) ?? Infinity) - (rank.get(b.asset.id) ?? Infinity))
  }, [assets, streams, byWorth, report])
  const shown = useMemo(
    () =>
      all.filter(
        ({ asset, streams: own }) =>
          `${asset.title} ${asset.fileName} ${asset.format}`.toLowerCase().includes(query.toLowerCase()) &&
          (sensors.length === 0 || own.some((stream) => sensors.includes(stream.sensor))),
      ),
    [all, query, sensors],
  )
  return { all, shown, hasWorth: report !== null }
}

export function Library() {
  const [query, setQuery] = useState('')
  const [filter, setFilter] = useState(FILTERS[0]!)
  const { all, shown, hasWorth } = useShown(query, filter.sensors)
  const importing = useRunning('import')
  // State, not a ref: what is below is mounted before the element is known, and must hear of it.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null)
  const missing = all.filter(({ asset }) => asset.missing).length
  return (
    <section className="panel" aria-label={t('library.title')} data-part>
      <LibraryHead count={all.length} hasWorth={hasWorth} />
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
        {all.length === 0 && importing ? null : all.length === 0 ? (
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
      {importing ? <RunningJob job={importing} /> : null}
    </section>
  )
}

function LibraryHead({ count, hasWorth }: { count: number; hasWorth: boolean }) {
  const byWorth = useSession((state) => state.libraryByWorth)
  return (
    <div className="panel__head">
      <h2>{t('library.title')}</h2>
      <span className="faint num">{count}</span>
      <span className="spacer" />
      {hasWorth ? (
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
  )
}

const MENU: readonly (readonly MenuEntry[])[] = [
  [{ id: 'showOnTimeline' }],
  [{ id: 'removeRecordings', label: 'library.remove' }],
]

interface Take {
  readonly take: string
}

/** Recordings under the take that they belong to, where any belongs to one. */
function withTakes(entries: readonly Entry[]): readonly (Entry | Take)[] {
  if (!entries.some(({ asset }) => asset.take !== null)) return entries
  const takes = Map.groupBy(entries, ({ asset }) => asset.take)
  return [...takes].flatMap(([take, inTake]) => [{ take: takeWords(take) }, ...inTake])
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
  const context = useActionContext()
  const order = useMemo(() => rows.flatMap((row) => ('asset' in row ? [row.asset.id] : [])), [rows])
  /** What the menu is about to be for is selected first, unless it is chosen already. */
  const askForMenu = (event: MouseEvent<HTMLUListElement>): void => {
    const row = rows[rowAt(event.target)]
    if (row === undefined || 'take' in row) event.preventDefault()
    else if (!isChosenRecording(useSession.getState(), row.asset.id)) chooseOnly(row)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const at = rowAt(event.target)
    if (by === 0 || !Number.isFinite(at)) return
    event.preventDefault()
    let next = at + by
    if (rows[next] && 'take' in rows[next]) next += by
    if (!rows[next]) return
    virtual.scrollToIndex(next)
    const row = rows[next]
    if (event.shiftKey && 'asset' in row) chooseRecordingsUpTo(row.asset.id, order)
    const list = event.currentTarget
    requestAnimationFrame(() => list.querySelector<HTMLElement>(`[data-index="${next}"] button`)?.focus())
  }
  return (
    <MenuOfActions label={t('library.menu')} groups={MENU} context={context}>
      <ul
        className="library__list"
        aria-label={t('library.list')}
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
        onContextMenu={askForMenu}
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
              {'take' in row ? <h3 className="library__take">{row.take}</h3> : <AssetCard entry={row} order={order} />}
            </li>
          )
        })}
      </ul>
    </MenuOfActions>
  )
}

/** Which row something of the page lies in; NaN: in none. */
function rowAt(target: EventTarget): number {
  return Number((target as HTMLElement).closest('li')?.dataset['index'])
}

/** As they came in: one that was removed and is back has its place again. */
function entriesOf(assets: readonly Asset[], streams: readonly Stream[]): Entry[] {
  const ofAsset = Map.groupBy(streams, (stream) => stream.assetId)
  return [...assets]
    .sort((a, b) => (a.importedAt < b.importedAt ? -1 : a.importedAt > b.importedAt ? 1 : 0))
    .map((asset) => ({ asset, streams: ofAsset.get(asset.id) ?? [] }))
}
