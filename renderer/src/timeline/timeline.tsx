import { memo, useEffect, useMemo, useRef } from 'react'
import {
  ArrowRightFromLine,
  BetweenVerticalStart,
  Clapperboard,
  FoldHorizontal,
  Magnet,
  Maximize2,
  MousePointer2,
  MoveHorizontal,
  Pause,
  Play,
  Scissors,
  SkipBack,
  UnfoldHorizontal,
  ZoomIn,
  ZoomOut,
  type LucideIcon,
} from 'lucide-react'
import { recordsOf, reportId } from '../../../shared/document/document.ts'
import type { Clip, DocumentRecord, Sensor, Track } from '../../../shared/document/records.ts'
import { starsAnswer } from '../../../shared/contract/stars.ts'
import { secondsFromTicks, type FrameRate } from '../../../shared/units.ts'
import type { ActionContext, ActionId } from '../actions/action.ts'
import { ActionButton } from '../app/top-bar.tsx'
import { useDocument } from '../state/document-store.ts'
import { useSession, type RulerFormat, type Tool } from '../state/session-store.ts'
import { now, useTransport } from '../state/transport.ts'
import { prefetchStreams } from '../state/stream-media.ts'
import { useJobs } from '../state/jobs-store.ts'
import { countDerived } from '../state/derived-cache.ts'
import { clockTime } from '../ui/format.ts'
import { projectFrameRate } from './frame-rate.ts'
import { TrackHeaders } from './track-headers.tsx'
import { timelineModel, type StarSegment } from './rows.ts'
import { rulerLabel, timecode } from './ruler.ts'
import { TrackScrollbar, useTrackScroll } from './track-scroll.tsx'
import { useTimelineCanvas } from './use-timeline-canvas.ts'
import './timeline.css'
import { t } from '../i18n/text.ts'

const TOOL_BUTTONS: readonly { readonly id: ActionId; readonly tool: Tool; readonly Icon: LucideIcon }[] = [
  { id: 'toolSelect', tool: 'select', Icon: MousePointer2 },
  { id: 'toolTrackSelect', tool: 'trackSelect', Icon: ArrowRightFromLine },
  { id: 'toolBlade', tool: 'blade', Icon: Scissors },
  { id: 'toolRipple', tool: 'ripple', Icon: UnfoldHorizontal },
  { id: 'toolRoll', tool: 'roll', Icon: FoldHorizontal },
  { id: 'toolSlip', tool: 'slip', Icon: MoveHorizontal },
  { id: 'toolSlide', tool: 'slide', Icon: BetweenVerticalStart },
]

const RULERS: readonly RulerFormat[] = ['timecode', 'frames', 'seconds', 'samples']

export function Timeline({ context }: { context: ActionContext }) {
  const document = useDocument((state) => state.document)
  const tool = useSession((state) => state.tool)
  const snapping = useSession((state) => state.snapping)
  const cutting = useSession((state) => state.cutting)
  const derived = useJobs((state) => countDerived(state.jobs))
  const report = document.get(reportId('stars'))
  const segments = useMemo(() => segmentsOf(report), [report])
  const model = useMemo(() => timelineModel(document, segments), [document, segments])
  const frameRate = useMemo(() => projectFrameRate(document), [document])
  const canvas = useRef<HTMLCanvasElement>(null)
  const playhead = useRef<HTMLDivElement>(null)
  const snap = useRef<HTMLDivElement>(null)
  const [scrollTop, setScrollTop] = useTrackScroll(canvas, model)

  useEffect(() => prefetchStreams(document), [document, derived])
  useTimelineCanvas(canvas, playhead, snap, { model, frameRate, scrollTop, setScrollTop, context })

  return (
    <section className="timeline" aria-label={t('timeline.title')}>
      <div className="timeline__tools">
        <ActionButton id="start" context={context}>
          <SkipBack size={15} aria-hidden />
        </ActionButton>
        <PlayButton context={context} />
        <TimeReadout frameRate={frameRate} />
        <span className="timeline__gap" />
        <span role="group" aria-label={t('timeline.tools')} className="row">
          {TOOL_BUTTONS.map(({ id, tool: each, Icon }) => (
            <ToolButton key={each} active={tool === each}>
              <ActionButton id={id} context={context} pressed={tool === each}>
                <Icon size={15} aria-hidden />
              </ActionButton>
            </ToolButton>
          ))}
          <ToolButton active={snapping}>
            <ActionButton
              id="snapping"
              context={context}
              label={snapping ? t('timeline.snappingOn') : t('timeline.snappingOff')}
            >
              <Magnet size={15} aria-hidden />
            </ActionButton>
          </ToolButton>
        </span>
        <ToolButton active={cutting}>
          <ActionButton id="cutting" context={context} pressed={cutting}>
            <Clapperboard size={15} aria-hidden />
          </ActionButton>
        </ToolButton>
        <span className="spacer" />
        <RulerChoice />
        <ActionButton id="zoomOut" context={context}>
          <ZoomOut size={15} aria-hidden />
        </ActionButton>
        <ActionButton id="zoomIn" context={context}>
          <ZoomIn size={15} aria-hidden />
        </ActionButton>
        <ActionButton id="zoomFit" context={context}>
          <Maximize2 size={14} aria-hidden />
        </ActionButton>
      </div>
      <div className="timeline__body">
        <TrackHeaders model={model} scrollTop={scrollTop} />
        <div className="timeline__view">
          <canvas
            ref={canvas}
            className="timeline__canvas"
            tabIndex={0}
            role="application"
            aria-label={t('timeline.canvas')}
          />
          <div ref={snap} className="timeline__snap" aria-hidden />
          <div ref={playhead} className="timeline__playhead" aria-hidden />
        </div>
        <TrackScrollbar canvas={canvas} model={model} scrollTop={scrollTop} setScrollTop={setScrollTop} />
        {model.rows.length === 0 ? <p className="timeline__empty muted">{t('timeline.empty')}</p> : null}
      </div>
      <ClipList />
      <Announcement />
    </section>
  )
}

function ToolButton({ active, children }: { active: boolean; children: React.ReactNode }) {
  return <span className={active ? 'tool tool--active' : 'tool'}>{children}</span>
}

function PlayButton({ context }: { context: ActionContext }) {
  const playing = useTransport((state) => state.rate !== 0)
  return (
    <ActionButton id="play" context={context} label={playing ? t('timeline.pause') : t('timeline.play')}>
      {playing ? <Pause size={17} aria-hidden /> : <Play size={17} aria-hidden />}
    </ActionButton>
  )
}

function RulerChoice() {
  const ruler = useSession((state) => state.ruler)
  return (
    <select
      className="timeline__ruler"
      aria-label={t('timeline.rulerIn')}
      value={ruler}
      onChange={(event) => useSession.setState({ ruler: event.target.value as RulerFormat })}
    >
      {RULERS.map((format) => (
        <option key={format} value={format}>
          {t(`timeline.ruler.${format}`)}
        </option>
      ))}
    </select>
  )
}

/** The time at the playhead, written straight into the page: React need not hear of every frame. */
function TimeReadout({ frameRate }: { frameRate: FrameRate }) {
  const ruler = useSession((state) => state.ruler)
  const main = useRef<HTMLElement>(null)
  const second = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    let handle = 0
    const tick = (): void => {
      const seconds = now()
      write(main.current, rulerLabel(seconds, ruler, frameRate))
      write(
        second.current,
        ruler === 'seconds' ? timecode(seconds, frameRate) : `${seconds.toFixed(3).replace('-', '−')} s`,
      )
      handle = requestAnimationFrame(tick)
    }
    tick()
    return () => cancelAnimationFrame(handle)
  }, [frameRate, ruler])
  return (
    // Not announced: it changes with every frame. The live region of the clips speaks when something was chosen.
    <output className="timeline__time num" aria-label={t('timeline.playhead')} aria-live="off">
      <strong ref={main} />
      <span ref={second} />
    </output>
  )
}

function write(element: HTMLElement | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text
}

/** The clips as a list for those who do not see the canvas; choosing one selects it. */
function ClipList() {
  const document = useDocument((state) => state.document)
  const selected = useSession((state) => state.selectedClipIds)
  const clips = useMemo(
    () =>
      recordsOf(document, 'track')
        .flatMap((track) => track.clips.slice(0, 200).map((clip) => ({ track, clip })))
        .slice(0, 400),
    [document],
  )
  const [first] = [...selected]
  const current = clips.find(({ clip }) => clip.id === first)
  return (
    <div className="visually-hidden">
      <ul aria-label={t('timeline.clips')}>
        {clips.map(({ track, clip }) => (
          <ClipItem
            key={clip.id}
            title={track.title}
            sensor={track.sensor}
            clip={clip}
            selected={selected.has(clip.id)}
          />
        ))}
      </ul>
      <div aria-live="polite">{current ? selectionWords(current.track, current.clip, selected.size) : ''}</div>
    </div>
  )
}

interface ClipItemProps {
  readonly title: string
  readonly sensor: Sensor
  readonly clip: Clip
  readonly selected: boolean
}

/** Drawn anew only when its own clip changed: an edit changes a few of hundreds. */
const ClipItem = memo(function ClipItem({ title, sensor, clip, selected }: ClipItemProps) {
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
    </li>
  )
})

/** What was done last, said to those who hear the window. */
function Announcement() {
  const announcement = useSession((state) => state.announcement)
  return (
    <div className="visually-hidden timeline__done" role="status">
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
