import { memo } from 'react'
import { Headphones, Lock, LockOpen, Volume2, VolumeX } from 'lucide-react'
import type { Label } from '../../../shared/document/label-records.ts'
import type { Speaker } from '../../../shared/document/speaker-records.ts'
import type { Track } from '../../../shared/document/records.ts'
import { toggleSolo, useSession } from '../state/session-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { HEADER_WIDTH, RULER_HEIGHT, type Row, type TimelineModel } from './rows.ts'
import { t } from '../i18n/text.ts'
import { ShortName } from '../ui/short-name.tsx'

/** Names of the tracks with mute and lock, beside the canvas and scrolled with it. */
export function TrackHeaders({ model, scrollTop }: { model: TimelineModel; scrollTop: number }) {
  return (
    <div className="headers" style={{ width: HEADER_WIDTH }}>
      <div className="headers__corner" style={{ height: RULER_HEIGHT }} />
      <div className="headers__rows">
        {model.rows.map((row) => (
          <div key={keyOf(row)} className="headers__row" style={{ top: row.top - scrollTop, height: row.height }}>
            <Header row={row} />
          </div>
        ))}
      </div>
    </div>
  )
}

function keyOf(row: Row): string {
  if (row.kind === 'track') return row.track.id
  if (row.kind === 'label') return row.label.id
  return row.kind === 'words' && row.speaker ? row.speaker.id : row.kind
}

function Header({ row }: { row: Row }) {
  if (row.kind === 'track') {
    const { id, title, sensor, muted, locked } = row.track
    return <TrackHeader id={id} title={title} sensor={sensor} muted={muted} locked={locked} />
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

/** Of a track all but its clips: an edit of those draws none of them anew. */
const TrackHeader = memo(function TrackHeader({
  id,
  title,
  sensor,
  muted,
  locked,
}: Omit<Track, 'kind' | 'order' | 'clips'>) {
  const { commit } = useEngine()
  const isSolo = useSession((state) => state.soloTrackIds.has(id))
  const names = { track: title, sensor: t(`sensor.${sensor}`) }
  const toggle = (field: 'muted' | 'locked', label: string): void =>
    commit(label, (draft) => {
      const track = draft.get(id)
      if (track?.kind === 'track') track[field] = !track[field]
    })
  return (
    <>
      <HeaderName sensor={sensor} title={`${title}: ${t(`sensor.${sensor}`)}`}>
        {title}
      </HeaderName>
      {sensor === 'audio' || sensor === 'video' ? (
        <button
          className="headers__button"
          title={muted ? t('timeline.unmute') : t('timeline.mute')}
          aria-label={t(muted ? 'timeline.unmuteOf' : 'timeline.muteOf', names)}
          aria-pressed={muted}
          onClick={() => toggle('muted', muted ? t('edit.unmuteTrack') : t('edit.muteTrack'))}
        >
          {muted ? <VolumeX size={13} aria-hidden /> : <Volume2 size={13} aria-hidden />}
        </button>
      ) : null}
      {sensor === 'audio' ? (
        <button
          className="headers__button"
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
