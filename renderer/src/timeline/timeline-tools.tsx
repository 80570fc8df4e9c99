import { memo, useEffect, useRef } from 'react'
import {
  ArrowRightFromLine,
  BetweenVerticalStart,
  Clapperboard,
  Ellipsis,
  FoldHorizontal,
  Magnet,
  Maximize2,
  MousePointer2,
  MoveHorizontal,
  Pause,
  Play,
  Repeat,
  Scissors,
  SkipBack,
  UnfoldHorizontal,
  ZoomIn,
  ZoomOut,
  type LucideIcon,
} from 'lucide-react'
import { Popover } from 'radix-ui'
import type { FrameRate } from '../../../shared/units.ts'
import type { ActionContext, ActionId } from '../actions/action.ts'
import { ActionButton } from '../app/action-button.tsx'
import { useSession, type RulerFormat, type Tool } from '../state/session-store.ts'
import { everyFrame } from '../state/frames.ts'
import { useTransport } from '../state/transport.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { useProjectFrameRate } from './frame-rate.ts'
import { rulerLabel, timecode } from './ruler.ts'

const TOOL_BUTTONS: readonly { readonly id: ActionId; readonly tool: Tool; readonly Icon: LucideIcon }[] = [
  { id: 'toolSelect', tool: 'select', Icon: MousePointer2 },
  { id: 'toolTrackSelect', tool: 'trackSelect', Icon: ArrowRightFromLine },
  { id: 'toolBlade', tool: 'blade', Icon: Scissors },
  { id: 'toolRipple', tool: 'ripple', Icon: UnfoldHorizontal },
  { id: 'toolRoll', tool: 'roll', Icon: FoldHorizontal },
  { id: 'toolSlip', tool: 'slip', Icon: MoveHorizontal },
  { id: 'toolSlide', tool: 'slide', Icon: BetweenVerticalStart },
]

/** Those that wait behind a button where the window is narrow. */
const TRIM_TOOLS: ReadonlySet<Tool> = new Set<Tool>(['trackSelect', 'ripple', 'roll', 'slip', 'slide'])
const TRIM_BUTTONS = TOOL_BUTTONS.filter(({ tool }) => TRIM_TOOLS.has(tool))

const RULERS: readonly RulerFormat[] = ['timecode', 'frames', 'seconds', 'samples']

/** Playing, the time at the playhead, and the tools: none of it changes with an edit. */
export const TimelineTools = memo(function TimelineTools({ context }: { context: ActionContext }) {
  const snapping = useSession((state) => state.snapping)
  const cutting = useSession((state) => state.cutting)
  const frameRate = useProjectFrameRate()
  return (
    <div className="timeline__tools">
      <ActionButton id="start" context={context}>
        <SkipBack size={15} aria-hidden />
      </ActionButton>
      <PlayButton context={context} />
      <LoopButton context={context} />
      <TimeReadout frameRate={frameRate} />
      <span className="timeline__gap" />
      <span role="group" aria-label={t('timeline.tools')} className="row">
        <Tools context={context} which={TOOL_BUTTONS} />
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
      <span className="row timeline__zoom">
        <ViewTools context={context} />
      </span>
      <Popover.Root>
        <Popover.Trigger
          className="button button--quiet button--icon timeline__more"
          aria-label={t('timeline.more')}
          title={t('timeline.more')}
        >
          <Ellipsis size={15} aria-hidden />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            className="popover row timeline__menu"
            align="end"
            sideOffset={6}
            aria-label={t('timeline.more')}
          >
            <Tools context={context} which={TRIM_BUTTONS} />
            <ViewTools context={context} />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
    </div>
  )
})

/** How the timeline is looked at: beside the tools where there is room, else behind a button of their own. */
function ViewTools({ context }: { context: ActionContext }) {
  return (
    <>
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
    </>
  )
}

/** The tools that the pointer may be. */
function Tools({ context, which }: { context: ActionContext; which: typeof TOOL_BUTTONS }) {
  const tool = useSession((state) => state.tool)
  return which.map(({ id, tool: each, Icon }) => (
    <ToolButton key={each} active={tool === each} isTrim={TRIM_TOOLS.has(each)}>
      <ActionButton id={id} context={context} pressed={tool === each}>
        <Icon size={15} aria-hidden />
      </ActionButton>
    </ToolButton>
  ))
}

interface ToolButtonProps {
  readonly active: boolean
  readonly isTrim?: boolean
  readonly children: React.ReactNode
}

function ToolButton({ active, isTrim = false, children }: ToolButtonProps) {
  return <span className={`tool ${active ? 'tool--active' : ''} ${isTrim ? 'tool--trim' : ''}`}>{children}</span>
}

function PlayButton({ context }: { context: ActionContext }) {
  const rate = useTransport((state) => state.rate)
  const playing = rate !== 0
  return (
    <ActionButton id="play" context={context} label={playing ? t('timeline.pause') : t('timeline.play')}>
      {playing ? <Pause size={17} aria-hidden /> : <Play size={17} aria-hidden />}
      {/* How fast, where J or L made it so. */}
      {playing && rate !== 1 ? (
        <span className="timeline__rate num">{`${String(rate).replace('-', '−')}×`}</span>
      ) : null}
    </ActionButton>
  )
}

/** Only while it goes round: what is off has no place here. */
function LoopButton({ context }: { context: ActionContext }) {
  const loop = useTransport((state) => state.loop)
  return loop ? (
    <ToolButton active>
      <ActionButton id="loop" context={context} pressed>
        <Repeat size={15} aria-hidden />
      </ActionButton>
    </ToolButton>
  ) : null
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
  useEffect(
    () =>
      everyFrame((seconds) => {
        write(main.current, rulerLabel(seconds, ruler, frameRate))
        write(second.current, ruler === 'seconds' ? timecode(seconds, frameRate) : `${decimalWords(seconds, 3)} s`)
      }),
    [frameRate, ruler],
  )
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
