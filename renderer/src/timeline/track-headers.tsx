import { Headphones, Lock, LockOpen, Volume2, VolumeX } from 'lucide-react'
import type { Track } from '../../../shared/document/records.ts'
import { toggleSolo, useSession } from '../state/session-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { HEADER_WIDTH, RULER_HEIGHT, type TimelineModel } from './rows.ts'
import { t } from '../i18n/text.ts'

/** Names of the tracks with mute and lock, beside the canvas and scrolled with it. */
export function TrackHeaders({ model, scrollTop }: { model: TimelineModel; scrollTop: number }) {
  const { commit } = useEngine()
  const solo = useSession((state) => state.soloTrackIds)
  const toggle = (trackId: string, field: 'muted' | 'locked', label: string): void =>
    commit(label, (draft) => {
      const track = draft.get(trackId)
      if (track?.kind === 'track') track[field] = !track[field]
    })
  return (
    <div className="headers" style={{ width: HEADER_WIDTH }}>
      <div className="headers__corner" style={{ height: RULER_HEIGHT }} />
      <div className="headers__rows">
        {model.rows.map((row) => (
          <div
            key={row.kind === 'track' ? row.track.id : row.kind === 'label' ? row.label.id : row.kind}
            className="headers__row"
            style={{ top: row.top - scrollTop, height: row.height }}
          >
            {row.kind === 'stars' ? (
              <HeaderName sensor="stars" title={t('timeline.starsHint')}>
                {t('timeline.stars')}
              </HeaderName>
            ) : row.kind === 'label' ? (
              <span className="headers__name" title={t('labels.rowHint', { name: row.label.name })}>
                <i className="label__dot" style={{ background: `var(--marker-${row.label.color})` }} aria-hidden />
                <span className="headers__text">{row.label.name}</span>
                {row.label.key ? <kbd>{row.label.key}</kbd> : null}
              </span>
            ) : row.kind === 'words' ? (
              <HeaderName sensor="text" title={t('timeline.wordsHint')}>
                {t('timeline.words')}
              </HeaderName>
            ) : (
              <>
                <HeaderName sensor={row.track.sensor} title={`${row.track.title}: ${t(`sensor.${row.track.sensor}`)}`}>
                  {row.track.title}
                </HeaderName>
                {row.track.sensor === 'audio' || row.track.sensor === 'video' ? (
                  <button
                    className="headers__button"
                    title={row.track.muted ? t('timeline.unmute') : t('timeline.mute')}
                    aria-label={t(row.track.muted ? 'timeline.unmuteOf' : 'timeline.muteOf', nameOf(row.track))}
                    aria-pressed={row.track.muted}
                    onClick={() =>
                      toggle(row.track.id, 'muted', row.track.muted ? t('edit.unmuteTrack') : t('edit.muteTrack'))
                    }
                  >
                    {row.track.muted ? <VolumeX size={13} aria-hidden /> : <Volume2 size={13} aria-hidden />}
                  </button>
                ) : null}
                {row.track.sensor === 'audio' ? (
                  <button
                    className="headers__button"
                    title={t(solo.has(row.track.id) ? 'timeline.unsoloOf' : 'timeline.soloOf', {
                      track: row.track.title,
                    })}
                    aria-label={t(solo.has(row.track.id) ? 'timeline.unsoloOf' : 'timeline.soloOf', {
                      track: row.track.title,
                    })}
                    aria-pressed={solo.has(row.track.id)}
                    onClick={() => toggleSolo([row.track.id])}
                  >
                    <Headphones size={13} aria-hidden />
                  </button>
                ) : null}
                <button
                  className="headers__button"
                  title={row.track.locked ? t('timeline.unlock') : t('timeline.lock')}
                  aria-label={t(row.track.locked ? 'timeline.unlockOf' : 'timeline.lockOf', nameOf(row.track))}
                  aria-pressed={row.track.locked}
                  onClick={() =>
                    toggle(row.track.id, 'locked', row.track.locked ? t('edit.unlockTrack') : t('edit.lockTrack'))
                  }
                >
                  {row.track.locked ? <Lock size={13} aria-hidden /> : <LockOpen size={13} aria-hidden />}
                </button>
              </>
            )}
          </div>
        ))}
      </div>
    </div>
  )
}

function nameOf(track: Track): { track: string; sensor: string } {
  return { track: track.title, sensor: t(`sensor.${track.sensor}`) }
}

function HeaderName({ sensor, title, children }: { sensor: string; title: string; children: string }) {
  return (
    <span className={`sensor sensor--${sensor} headers__name`} title={title}>
      <span className="headers__text">{children}</span>
    </span>
  )
}
