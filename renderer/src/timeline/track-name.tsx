import { useSession } from '../state/session-store.ts'
import { useEngine } from '../state/engine-context.ts'
import type { Track } from '../../../shared/document/records.ts'
import { t } from '../i18n/text.ts'
import { ShortName } from '../ui/short-name.tsx'

type TrackNameProps = Pick<Track, 'id' | 'title' | 'sensor'>

/** What a track is called, or the field in which it is called something else. */
export function TrackName({ id, title, sensor }: TrackNameProps) {
  const { commit } = useEngine()
  const isRenaming = useSession((state) => state.renamingTrackId === id)
  const rename = (name: string): void => {
    useSession.setState({ renamingTrackId: null })
    if (name === '' || name === title) return
    commit(t('edit.renameTrack'), (draft) => {
      const track = draft.get(id)
      if (track?.kind === 'track') track.title = name
    })
  }
  if (isRenaming) return <NameField title={title} onDone={rename} />
  return (
    <span
      className={`sensor sensor--${sensor} headers__name headers__name--track`}
      title={t('timeline.trackHint', { title, sensor: t(`sensor.${sensor}`) })}
      onDoubleClick={() => useSession.setState({ renamingTrackId: id })}
    >
      <span className="headers__text">
        <ShortName>{title}</ShortName>
      </span>
    </span>
  )
}

function NameField({ title, onDone }: { title: string; onDone: (name: string) => void }) {
  return (
    <input
      className="headers__rename"
      aria-label={t('timeline.trackName')}
      defaultValue={title}
      maxLength={200}
      ref={(field) => field?.select()}
      onBlur={({ currentTarget }) => onDone(currentTarget.value.trim())}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key !== 'Enter' && event.key !== 'Escape') return
        // Else Enter would press what has the focus next.
        event.preventDefault()
        if (event.key === 'Escape') event.currentTarget.value = title
        // The lock beside it has the keys again; leaving the field ends it.
        event.currentTarget.parentElement?.querySelector<HTMLElement>('[data-button="lock"]')?.focus()
      }}
    />
  )
}
