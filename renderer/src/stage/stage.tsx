import { useMemo } from 'react'
import { Columns2, Film, Rotate3d } from 'lucide-react'
import type { Stream } from '../../../shared/document/records.ts'
import { WORLD_SENSORS } from '../../../shared/document/seen-streams.ts'
import { useSession, type StageView } from '../state/session-store.ts'
import { useRecords } from '../state/use-records.ts'
import { FailureShield } from '../ui/failure-shield.tsx'
import { PictureView } from './picture-view.tsx'
import { SoundPlayers } from './sound-players.tsx'
import { WorldPart } from './world-part.tsx'
import './stage.css'
import { t, type PlainKey } from '../i18n/text.ts'

const VIEWS: readonly { readonly id: StageView; readonly title: PlainKey; readonly Icon: typeof Film }[] = [
  { id: 'picture', title: 'stage.picture', Icon: Film },
  { id: 'both', title: 'stage.both', Icon: Columns2 },
  { id: 'world', title: 'stage.world', Icon: Rotate3d },
]

/** The picture, the 3D world, or both side by side; one playhead drives all. */
export function Stage() {
  const chosen = useSession((state) => state.stageView)
  const streams = useRecords('stream')
  const view = useMemo(() => withoutEmptyHalf(chosen, streams), [chosen, streams])
  return (
    <section className="stage" data-part data-view={view} aria-label={t('stage.title')}>
      <div className="stage__views" role="group" aria-label={t('stage.show')}>
        {VIEWS.map(({ id, title, Icon }) => (
          <button
            key={id}
            className="button button--quiet button--icon"
            aria-label={t(title)}
            title={t(title)}
            aria-pressed={chosen === id}
            onClick={() => useSession.setState({ stageView: id })}
          >
            <Icon size={15} aria-hidden />
          </button>
        ))}
      </div>
      <div className="stage__panes">
        {view === 'world' ? null : <PictureView />}
        {view === 'picture' ? null : (
          <FailureShield>
            <WorldPart />
          </FailureShield>
        )}
      </div>
      <SoundPlayers />
    </section>
  )
}

/** Both side by side are both only where there is something to see in each. */
function withoutEmptyHalf(chosen: StageView, streams: readonly Stream[]): StageView {
  if (chosen !== 'both' || streams.length === 0) return chosen
  if (!streams.some((stream) => WORLD_SENSORS.has(stream.sensor))) return 'picture'
  return streams.some((stream) => stream.sensor === 'video') ? 'both' : 'world'
}
