/** What is done to whole tracks: of the header in which the keys are or the menu is open, else of the selected clips. */
import { recordsOf } from '../../../shared/document/document.ts'
import type { Track } from '../../../shared/document/records.ts'
import { canStepTracks, stepTracks } from '../../../shared/document/track-order.ts'
import { namesWords } from '../i18n/names.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { toggleSolo, useSession } from '../state/session-store.ts'
import type { Action, ActionContext } from './action.ts'

function tracksMeant(): Track[] {
  const { selectedClipIds, pointedTrackId } = useSession.getState()
  const tracks = recordsOf(useDocument.getState().document, 'track')
  const pointed = tracks.filter(({ id }) => id === pointedTrackId)
  return pointed.length > 0 ? pointed : tracks.filter(({ clips }) => clips.some(({ id }) => selectedClipIds.has(id)))
}

const idsMeant = (): string[] => tracksMeant().map(({ id }) => id)

const needsTrack = (): string | null => (tracksMeant().length > 0 ? null : t('needs.track'))

function toggleTracks(context: ActionContext, field: 'muted' | 'locked'): void {
  const ids = idsMeant()
  context.commit(t(field === 'muted' ? 'edit.muteTracks' : 'edit.lockTracks'), (draft) => {
    const tracks = ids.flatMap((id) => {
      const track = draft.get(id)
      return track?.kind === 'track' ? [track] : []
    })
    const on = !tracks.every((track) => track[field])
    for (const track of tracks) track[field] = on
  })
}

function soloWords(): string {
  const { soloTrackIds } = useSession.getState()
  const alone = recordsOf(useDocument.getState().document, 'track').filter(({ id }) => soloTrackIds.has(id))
  const tracks = namesWords(alone.map(({ title }) => title))
  return tracks === '' ? t('timeline.nothingAlone') : t('timeline.heardAlone', { tracks })
}

function needsRoom(by: -1 | 1): string | null {
  const { document } = useDocument.getState()
  if (needsTrack()) return needsTrack()
  if (canStepTracks(document, new Set(idsMeant()), by)) return null
  return t(by < 0 ? 'needs.trackAbove' : 'needs.trackBelow')
}

function step(context: ActionContext, by: -1 | 1): void {
  const ids = new Set(idsMeant())
  context.commit(t('edit.moveTracks'), (draft) => stepTracks(draft, ids, by))
}

const emptyMeant = (): Track[] => tracksMeant().filter(({ clips, locked }) => clips.length === 0 && !locked)

export const trackActions: readonly Action[] = [
  {
    id: 'muteTracks',
    group: 'edit',
    shortcuts: ['Ctrl+Alt+M'],
    disabledReason: needsTrack,
    run: (c) => toggleTracks(c, 'muted'),
  },
  {
    id: 'soloTracks',
    group: 'edit',
    shortcuts: ['Ctrl+Alt+S'],
    disabledReason: needsTrack,
    run: () => toggleSolo(idsMeant()),
    said: soloWords,
  },
  {
    id: 'lockTracks',
    group: 'edit',
    shortcuts: ['Ctrl+Alt+L'],
    disabledReason: needsTrack,
    run: (c) => toggleTracks(c, 'locked'),
  },
  {
    id: 'tracksUp',
    group: 'edit',
    shortcuts: ['Ctrl+Shift+ArrowUp'],
    disabledReason: () => needsRoom(-1),
    run: (c) => step(c, -1),
  },
  {
    id: 'tracksDown',
    group: 'edit',
    shortcuts: ['Ctrl+Shift+ArrowDown'],
    disabledReason: () => needsRoom(1),
    run: (c) => step(c, 1),
  },
  {
    id: 'renameTrack',
    group: 'edit',
    shortcuts: [],
    disabledReason: needsTrack,
    run: () => useSession.setState({ renamingTrackId: idsMeant()[0] ?? null }),
  },
  {
    id: 'removeTracks',
    group: 'edit',
    shortcuts: [],
    disabledReason: () => (emptyMeant().length > 0 ? null : (needsTrack() ?? t('needs.emptyTrack'))),
    run: (c) => {
      const ids = emptyMeant().map(({ id }) => id)
      c.commit(t('edit.removeTracks'), (draft) => {
        for (const id of ids) draft.delete(id)
      })
    },
  },
]
