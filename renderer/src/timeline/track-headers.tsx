import { memo, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react'
import { Eye, EyeOff, Headphones, Lock, LockOpen, Volume2, VolumeX } from 'lucide-react'
import type { Label } from '../../../shared/document/label-records.ts'
import type { Speaker } from '../../../shared/document/speaker-records.ts'
import type { Track } from '../../../shared/document/records.ts'
import type { ActionContext } from '../actions/action.ts'
import { MenuOfActions } from '../actions/menu-of-actions.tsx'
import { toggleSolo, useSession } from '../state/session-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { HEADER_WIDTH, RULER_HEIGHT, type Row, type TimelineModel } from './rows.ts'
import { t } from '../i18n/text.ts'
import { ShortName } from '../ui/short-name.tsx'
import { TRACK_MENU } from './menu-entries.ts'
import { TrackName } from './track-name.tsx'
import type { TrackScroll } from './track-scroll.tsx'
import { useTrackDrag } from './use-track-drag.ts'

const HEADER_BUTTONS = ['mute', 'solo', 'lock'] as const
type HeaderButton = (typeof HEADER_BUTTONS)[number]

/** What the header of a track can switch, in the order in which it stands there. */
function buttonsOf(sensor: Track['sensor']): readonly HeaderButton[] {
  return HEADER_BUTTONS.filter(
    (button) => button === 'lock' || sensor === 'audio' || (sensor === 'video' && button === 'mute'),
  )
}

/** Where Tab stops among the headers. */
interface Stop {
  readonly trackId: string
  readonly button: HeaderButton
}

/** The row and the button that an arrow leads to, the nearest there is; undefined for other keys and at the edges. */
function stopBy(key: string, from: Stop, tracks: readonly Track[]): Stop | undefined {
  const rows = { ArrowUp: -1, ArrowDown: 1 }[key] ?? 0
  const places = { ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0
  const track = tracks[tracks.findIndex(({ id }) => id === from.trackId) + rows]
  if (!track || (rows === 0 && places === 0)) return undefined
  const buttons = buttonsOf(track.sensor)
  if (places === 0) return { trackId: track.id, button: buttons.includes(from.button) ? from.button : 'lock' }
  const button = buttons[buttons.indexOf(from.button) + places]
  return button && { trackId: track.id, button }
}

interface TrackHeadersProps {
  readonly model: TimelineModel
  readonly scroll: TrackScroll
  readonly context: ActionContext
}

/** The track of whatever of a header an event came to. */
function trackOf({ target }: { readonly target: EventTarget }): string | null {
  return (target as HTMLElement).closest<HTMLElement>('[data-track-row]')?.dataset['trackRow'] ?? null
}

/**
 * Names of the tracks with mute and lock, beside the canvas and scrolled with it. Tab stops at one button among them
 * all, arrows go from there: forty tracks have a hundred buttons.
 */
export function TrackHeaders({ model, scroll, context }: TrackHeadersProps) {
  const [wanted, setWanted] = useState<Stop | null>(null)
  const rows = useRef<HTMLDivElement>(null)
  const drag = useTrackDrag(rows, model, scroll)
  const tracks = model.rows.flatMap((row) => (row.kind === 'track' ? [row.track] : []))
  const [first] = tracks
  const stop = tracks.some(({ id }) => id === wanted?.trackId)
    ? wanted
    : first && { trackId: first.id, button: buttonsOf(first.sensor)[0]! }
  const stopAt = (event: FocusEvent): void => {
    const { track, button } = (event.target as HTMLElement).dataset
    const row = model.rows.find((each) => each.kind === 'track' && each.track.id === track)
    if (!row || track === undefined) return
    setWanted({ trackId: track, button: button as HeaderButton })
    useSession.setState({ pointedTrackId: track })
    scroll.reveal(row)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return
    const next = stop && stopBy(event.key, stop, tracks)
    if (!next) return
    event.preventDefault()
    focusOn(event.currentTarget, next)
  }
  return (
    <div
      className="headers"
      role="group"
      aria-label={t('timeline.headers')}
      style={{ width: HEADER_WIDTH }}
      onFocus={stopAt}
      onBlur={({ currentTarget, relatedTarget }) => {
        const isMenu = relatedTarget instanceof Element && relatedTarget.closest('[role="menu"]') !== null
        if (!isMenu && !currentTarget.contains(relatedTarget)) useSession.setState({ pointedTrackId: null })
      }}
      onKeyDown={onKeyDown}
      onWheel={(event) => scroll.setTop(scroll.top + event.deltaY)}
    >
      <div className="headers__corner" style={{ height: RULER_HEIGHT }} />
      <MenuOfActions
        label={t('timeline.trackMenu')}
        groups={TRACK_MENU}
        context={context}
        onClose={() => {
          const field = rows.current?.querySelector('input')
          if (field) field.focus()
          else if (stop) focusOn(rows.current, stop)
        }}
      >
        <div
          ref={rows}
          className="headers__rows"
          onContextMenu={(event) => {
            const track = trackOf(event)
            // Words, labels and stars have no menu.
            if (track === null) event.preventDefault()
            else {
              useSession.setState({ pointedTrackId: track })
              setWanted({ trackId: track, button: 'lock' })
            }
          }}
          onPointerDown={(event) => {
            const track = trackOf(event)
            if (track !== null && !(event.target as HTMLElement).closest('button, input'))
              drag.onPointerDown(event, track)
          }}
          onPointerMove={drag.onPointerMove}
          onPointerUp={drag.onPointerUp}
          onPointerCancel={drag.onPointerCancel}
        >
          {model.rows.map((row) => (
            <div
              key={keyOf(row)}
              className="headers__row"
              data-track-row={row.kind === 'track' ? row.track.id : undefined}
              style={{ top: row.top - scroll.top, height: row.height }}
            >
              <Header row={row} stop={row.kind === 'track' && row.track.id === stop?.trackId ? stop.button : null} />
            </div>
          ))}
          {drag.lineTop === null ? null : <div className="headers__drop" style={{ top: drag.lineTop }} />}
        </div>
      </MenuOfActions>
    </div>
  )
}

function focusOn(within: HTMLElement | null, { trackId, button }: Stop): void {
  within?.querySelector<HTMLElement>(`[data-track="${CSS.escape(trackId)}"][data-button="${button}"]`)?.focus()
}

function keyOf(row: Row): string {
  if (row.kind === 'track') return row.track.id
  if (row.kind === 'label') return row.label.id
  return row.kind === 'words' && row.speaker ? row.speaker.id : row.kind
}

function Header({ row, stop }: { row: Row; stop: HeaderButton | null }) {
  if (row.kind === 'track') {
    const { id, title, sensor, muted, locked } = row.track
    return <TrackHeader id={id} title={title} sensor={sensor} muted={muted} locked={locked} stop={stop} />
  }
  if (row.kind === 'label') return <LabelHeader label={row.label} />
  if (row.kind === 'words' && row.speaker) return <SpeakerHeader speaker={row.speaker} />
  return row.kind === 'stars' ? (
    <HeaderName sensor="stars" title={t('timeline.starsHint')}>
      {t('timeline.stars')}
    </HeaderName>
  ) : (
    <HeaderName sensor="text" title={t('timeline.wordsHint')}>
      {t('timeline.words')}
    </HeaderName>
  )
}

function SpeakerHeader({ speaker }: { speaker: Speaker }) {
  return (
    <span className="headers__name" title={t('timeline.speakerHint', { name: speaker.name })}>
      <i className="label__dot" style={{ background: `var(--marker-${speaker.color})` }} aria-hidden />
      <span className="headers__text">
        <ShortName>{speaker.name}</ShortName>
      </span>
    </span>
  )
}

function LabelHeader({ label }: { label: Label }) {
  return (
    <span className="headers__name" title={t('labels.rowHint', { name: label.name })}>
      <i className="label__dot" style={{ background: `var(--marker-${label.color})` }} aria-hidden />
      <span className="headers__text">
        <ShortName>{label.name}</ShortName>
      </span>
      {label.key ? <kbd>{label.key}</kbd> : null}
    </span>
  )
}

/** What the first button does, of a track that is on and of one that is off. */
const SOUNDS = {
  on: { Icon: Volume2, title: 'timeline.mute', label: 'timeline.muteOf', edit: 'edit.muteTrack' },
  off: { Icon: VolumeX, title: 'timeline.unmute', label: 'timeline.unmuteOf', edit: 'edit.unmuteTrack' },
} as const
const PICTURES = {
  on: { Icon: Eye, title: 'timeline.hide', label: 'timeline.hideOf', edit: 'edit.hideTrack' },
  off: { Icon: EyeOff, title: 'timeline.show', label: 'timeline.showOf', edit: 'edit.showTrack' },
} as const

interface TrackHeaderProps extends Omit<Track, 'kind' | 'order' | 'clips'> {
  /** The button at which Tab stops, where it is one of these. */
  readonly stop: HeaderButton | null
}

/** Of a track all but its clips: an edit of those draws none of them anew. */
const TrackHeader = memo(function TrackHeader({ id, title, sensor, muted, locked, stop }: TrackHeaderProps) {
  const { commit } = useEngine()
  const isSolo = useSession((state) => state.soloTrackIds.has(id))
  const names = { track: title, sensor: t(`sensor.${sensor}`) }
  const buttons = buttonsOf(sensor)
  const mute = (sensor === 'video' ? PICTURES : SOUNDS)[muted ? 'off' : 'on']
  const place = (button: HeaderButton) => ({
    'data-track': id,
    'data-button': button,
    tabIndex: button === stop ? 0 : -1,
  })
  const toggle = (field: 'muted' | 'locked', label: string): void =>
    commit(label, (draft) => {
      const track = draft.get(id)
      if (track?.kind === 'track') track[field] = !track[field]
    })
  return (
    <>
      <TrackName id={id} title={title} sensor={sensor} />
      {buttons.includes('mute') ? (
        <button
          className="headers__button"
          {...place('mute')}
          title={t(mute.title)}
          aria-label={t(mute.label, names)}
          aria-pressed={muted}
          onClick={() => toggle('muted', t(mute.edit))}
        >
          <mute.Icon size={13} aria-hidden />
        </button>
      ) : null}
      {buttons.includes('solo') ? (
        <button
          className="headers__button"
          {...place('solo')}
          title={t(isSolo ? 'timeline.unsoloOf' : 'timeline.soloOf', { track: title })}
          aria-label={t(isSolo ? 'timeline.unsoloOf' : 'timeline.soloOf', { track: title })}
          aria-pressed={isSolo}
          onClick={() => toggleSolo([id])}
        >
          <Headphones size={13} aria-hidden />
        </button>
      ) : null}
      <button
        className="headers__button"
        {...place('lock')}
        title={locked ? t('timeline.unlock') : t('timeline.lock')}
        aria-label={t(locked ? 'timeline.unlockOf' : 'timeline.lockOf', names)}
        aria-pressed={locked}
        onClick={() => toggle('locked', locked ? t('edit.unlockTrack') : t('edit.lockTrack'))}
      >
        {locked ? <Lock size={13} aria-hidden /> : <LockOpen size={13} aria-hidden />}
      </button>
    </>
  )
})

function HeaderName({ sensor, title, children }: { sensor: string; title: string; children: string }) {
  return (
    <span className={`sensor sensor--${sensor} headers__name`} title={title}>
      <span className="headers__text">
        <ShortName>{children}</ShortName>
      </span>
    </span>
  )
}
