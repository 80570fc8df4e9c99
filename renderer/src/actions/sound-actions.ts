/** How loud the selected clips are. */
import { gainWithin, setSound, type ClipSound } from '../../../shared/document/clip-sound.ts'
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import type { Clip } from '../../../shared/document/records.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { t } from '../i18n/text.ts'
import type { EngineAccess } from '../state/engine-context.ts'
import { useDocument } from '../state/document-store.ts'
import { announce, useSession } from '../state/session-store.ts'
import { now } from '../state/transport.ts'
import { withLinked } from '../timeline/gestures.ts'
import { signed } from '../ui/format.ts'
import type { Action, ActionContext } from './action.ts'

const STEP_DB = 1

/** Of clips and what they are linked to those that are heard, on tracks that are not locked. */
export function heardClips(document: Document, clipIds: ReadonlySet<string>): Clip[] {
  if (clipIds.size === 0) return []
  const all = withLinked(document, clipIds)
  return recordsOf(document, 'track').flatMap((track) =>
    track.sensor === 'audio' && !track.locked ? track.clips.filter((clip) => all.has(clip.id)) : [],
  )
}

/** One step for all of them; what it is for each is worked out from the clip. */
export function changeSound(
  { commit }: Pick<EngineAccess, 'commit'>,
  label: 'edit.loudness' | 'edit.fadeIn' | 'edit.fadeOut',
  clips: readonly Clip[],
  change: (clip: Clip) => ClipSound,
): void {
  const ids = new Set(clips.map((clip) => clip.id))
  const trackIds = recordsOf(useDocument.getState().document, 'track')
    .filter((track) => track.clips.some((clip) => ids.has(clip.id)))
    .map((track) => track.id)
  commit(t(label), (draft) => {
    for (const trackId of trackIds) {
      const track = draft.get(trackId)
      if (track?.kind !== 'track') continue
      for (const clip of track.clips) if (ids.has(clip.id)) setSound(clip, change(clip))
    }
  })
}

function selected(): Clip[] {
  return heardClips(useDocument.getState().document, useSession.getState().selectedClipIds)
}

const needsSound = (): string | null => (selected().length > 0 ? null : t('needs.sound'))

/** Of the selected clips those that the playhead is in. */
function underPlayhead(): Clip[] {
  const at = ticksFromSeconds(now())
  return selected().filter((clip) => at > clip.startTicks && at < clip.startTicks + clip.durationTicks)
}

function shift(context: ActionContext, byDecibels: number): void {
  const clips = selected()
  changeSound(context, 'edit.loudness', clips, (clip) => ({ gainDb: (clip.gainDb ?? 0) + byDecibels }))
  const first = gainWithin((clips[0]!.gainDb ?? 0) + byDecibels)
  announce(t('sound.now', { loudness: `${signed(first, 1)} dB` }))
}

export const soundActions: readonly Action[] = [
  {
    id: 'louder',
    group: 'edit',
    shortcuts: ['Ctrl+Alt+ArrowUp'],
    disabledReason: needsSound,
    run: (c) => shift(c, STEP_DB),
  },
  {
    id: 'quieter',
    group: 'edit',
    shortcuts: ['Ctrl+Alt+ArrowDown'],
    disabledReason: needsSound,
    run: (c) => shift(c, -STEP_DB),
  },
  {
    id: 'fadeIn',
    group: 'edit',
    shortcuts: ['Ctrl+Alt+Q'],
    disabledReason: () => (underPlayhead().length > 0 ? null : t('needs.soundHere')),
    run: (c) => {
      const at = ticksFromSeconds(now())
      changeSound(c, 'edit.fadeIn', underPlayhead(), (clip) => ({ fadeInTicks: at - clip.startTicks }))
    },
  },
  {
    id: 'fadeOut',
    group: 'edit',
    shortcuts: ['Ctrl+Alt+W'],
    disabledReason: () => (underPlayhead().length > 0 ? null : t('needs.soundHere')),
    run: (c) => {
      const at = ticksFromSeconds(now())
      changeSound(c, 'edit.fadeOut', underPlayhead(), (clip) => ({
        fadeOutTicks: clip.startTicks + clip.durationTicks - at,
      }))
    },
  },
]
