import { memo, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { reportId } from '../../../shared/document/document.ts'
import type { Clip, DocumentRecord, Sensor, Track } from '../../../shared/document/records.ts'
import { starsAnswer } from '../../../shared/contract/stars.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { MenuOfActions } from '../actions/menu-of-actions.tsx'
import type { ActionContext } from '../actions/action.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { prefetchStreams } from '../state/stream-media.ts'
import { useJobs } from '../state/jobs-store.ts'
import { useRecords } from '../state/use-records.ts'
import { clockTime } from '../ui/format.ts'
import { useProjectFrameRate } from './frame-rate.ts'
import { MENUS, type MenuPlace } from './menu-entries.ts'
import { TimelineTools } from './timeline-tools.tsx'
import { TrackHeaders } from './track-headers.tsx'
import { jointWords } from './joint-words.ts'
import { timelineModeller, type Row, type StarSegment } from './rows.ts'
import { TrackScrollbar, useTrackScroll } from './track-scroll.tsx'
import { useTimelineCanvas } from './use-timeline-canvas.ts'
import { spansInEdit } from '../stars/in-the-edit.ts'
import './timeline.css'
import { t } from '../i18n/text.ts'

const TOLD_MILLISECONDS = 5000

export function Timeline({ context }: { context: ActionContext }) {
  const document = useDocument((state) => state.document)
  const streams = useRecords('stream')
  const derived = useJobs((state) => state.derived)
  const report = document.get(reportId('stars'))
  const judged = useMemo(() => segmentsOf(report), [report])
  // After the frame that shows an edit.
  const settled = useDeferredValue(document)
  const segments = useMemo(() => spansInEdit(settled, judged), [settled, judged])
  const [modelOf] = useState(timelineModeller)
  const model = useMemo(() => modelOf(document, segments), [modelOf, document, segments])
  // After the frame that shows the change: it is heard, not seen.
  const tracks = useRecords('track')
  const heardTracks = useDeferredValue(tracks)
  const heardRows = useDeferredValue(model.rows)
  const frameRate = useProjectFrameRate()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [menuPlace, setMenuPlace] = useState<MenuPlace>('rows')
  const scroll = useTrackScroll(canvas, model)
  const { top: scrollTop, setTop: setScrollTop } = scroll

  useEffect(() => prefetchStreams(streams), [streams, derived])
  useTimelineCanvas(canvas, { model, frameRate, scrollTop, setScrollTop, setMenuPlace, context })

  return (
    <section className="timeline" aria-label={t('timeline.title')} data-part="timeline">
      <TimelineTools context={context} />
      <div className="timeline__body">
        <TrackHeaders model={model} scroll={scroll} context={context} />
        <div className="timeline__view">
          <MenuOfActions
            label={t('timeline.menu')}
            groups={MENUS[menuPlace]}
            context={context}
            onClose={() => {
              useSession.setState({ pointedRow: null })
              canvas.current?.focus({ preventScroll: true })
            }}
          >
            <canvas
              ref={canvas}
              className="timeline__canvas"
              data-focus-home
              tabIndex={0}
              role="application"
              aria-label={t('timeline.canvas')}
            />
          </MenuOfActions>
          <div data-mark="marquee" className="timeline__marquee" hidden />
          <div data-mark="snap" className="timeline__snap" aria-hidden />
          <div data-mark="playhead" className="timeline__playhead" aria-hidden />
          <div data-mark="readout" className="timeline__readout num" aria-hidden hidden />
          <Told />
          {model.rows.length === 0 ? <p className="timeline__empty muted">{t('timeline.empty')}</p> : null}
        </div>
        <TrackScrollbar canvas={canvas} model={model} scrollTop={scrollTop} setScrollTop={setScrollTop} />
      </div>
      <div className="visually-hidden" aria-busy={heardTracks !== tracks}>
        <ClipList tracks={heardTracks} rows={heardRows} />
      </div>
      <Announcement />
    </section>
  )
}

interface ClipListProps {
  readonly tracks: readonly Track[]
  readonly rows: readonly Row[]
}

/** The clips as a list for those who do not see the canvas; choosing one selects it. */
const ClipList = memo(function ClipList({ tracks, rows }: ClipListProps) {
  const selected = useSession((state) => state.selectedClipIds)
  const clips = useMemo(
    () => tracks.flatMap((track) => track.clips.slice(0, 200).map((clip) => ({ track, clip }))).slice(0, 400),
    [tracks],
  )
  const [first] = [...selected]
  const current = clips.find(({ clip }) => clip.id === first)
  const joints = useMemo(() => jointsByClip(rows), [rows])
  return (
    <>
      <ul aria-label={t('timeline.clips')}>
        {clips.map(({ track, clip }) => (
          <ClipItem
            key={clip.id}
            title={track.title}
            sensor={track.sensor}
            clip={clip}
            joints={joints.get(clip.id) ?? ''}
            selected={selected.has(clip.id)}
          />
        ))}
      </ul>
      <div aria-live="polite">
        {current
          ? [selectionWords(current.track, current.clip, selected.size), joints.get(current.clip.id)]
              .filter(Boolean)
              .join('. ')
          : ''}
      </div>
    </>
  )
})

interface ClipItemProps {
  readonly title: string
  readonly sensor: Sensor
  readonly clip: Clip
  /** What is noted at its ends. */
  readonly joints: string
  readonly selected: boolean
}

/** Drawn anew only when its own clip changed: an edit changes a few of hundreds. */
const ClipItem = memo(function ClipItem({ title, sensor, clip, joints, selected }: ClipItemProps) {
  return (
    <li>
      <button
        tabIndex={-1}
        aria-pressed={selected}
        onClick={() => useSession.setState({ selectedClipIds: new Set([clip.id]), selectedAssetId: clip.assetId })}
      >
        {t('timeline.clip', {
          track: title,
          sensor: t(`sensor.${sensor}`),
          start: clockTime(secondsFromTicks(clip.startTicks)),
          end: clockTime(secondsFromTicks(clip.startTicks + clip.durationTicks)),
        })}
      </button>
      {joints}
    </li>
  )
})

/** What is noted at the ends of clips, by clip. */
function jointsByClip(rows: readonly Row[]): ReadonlyMap<string, string> {
  const words = new Map<string, string>()
  for (const row of rows)
    if (row.kind === 'track')
      for (const joint of row.joints)
        for (const id of joint.clipIds)
          words.set(id, [words.get(id), jointWords(joint, row.track.sensor)].filter(Boolean).join(' '))
  return words
}

/** What was done last, said to those who hear the window. */
function Announcement() {
  const announcement = useSession((state) => state.announcement)
  return (
    <div className="visually-hidden timeline__done" role="status">
      {announcement}
    </div>
  )
}

/** The same for those who see it, for a few seconds: a key that was pressed may have done something out of sight, or nothing. */
function Told() {
  const announcement = useSession((state) => state.announcement)
  const [seen, setSeen] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setSeen(announcement), TOLD_MILLISECONDS)
    return () => clearTimeout(timer)
  }, [announcement])
  return announcement === seen ? null : (
    <div className="timeline__told num" aria-hidden>
      {announcement}
    </div>
  )
}

function selectionWords(track: Track, clip: Clip, count: number): string {
  const facts = {
    track: track.title,
    start: clockTime(secondsFromTicks(clip.startTicks)),
    end: clockTime(secondsFromTicks(clip.startTicks + clip.durationTicks)),
  }
  return count > 1 ? t('timeline.selectedMany', { ...facts, count }) : t('timeline.selected', facts)
}

function segmentsOf(report: DocumentRecord | undefined): readonly StarSegment[] {
  const parsed = report?.kind === 'report' ? starsAnswer.safeParse(report.data) : null
  return parsed?.success ? parsed.data.segments : []
}
