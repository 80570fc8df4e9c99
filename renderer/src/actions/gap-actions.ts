/** Gaps on the timeline, closed where the menu was opened, else at the playhead. */
import { recordsOf } from '../../../shared/document/document.ts'
import { clipAt } from '../../../shared/document/timeline.ts'
import { closeGap, closeGaps, gapAt, gapsOn, type Gap } from '../../../shared/document/timeline-gaps.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { now, seek } from '../state/transport.ts'
import { withLinked } from '../timeline/gestures.ts'
import type { Action, ActionContext } from './action.ts'
import { needsTracks } from './requirements.ts'

const newId = (): string => `clip-${crypto.randomUUID()}`

/** The track that the menu is open over, or those of the selection; null where neither is. */
function tracksMeant(): ReadonlySet<string> | null {
  const { pointedRow, selectedClipIds } = useSession.getState()
  if (pointedRow) return new Set([pointedRow.trackId])
  const { document } = useDocument.getState()
  const ids = withLinked(document, selectedClipIds)
  const tracks = recordsOf(document, 'track').filter(({ clips }) => clips.some(({ id }) => ids.has(id)))
  return tracks.length > 0 ? new Set(tracks.map(({ id }) => id)) : null
}

function gapMeant(): Gap | null {
  const { document } = useDocument.getState()
  const atTicks = useSession.getState().pointedRow?.atTicks ?? ticksFromSeconds(now())
  const meant = tracksMeant()
  const whole = meant === null ? gapAt(document, null, atTicks) : null
  if (whole) return whole
  // Nothing is chosen and something lies there: the tracks on which nothing does.
  const tracks = recordsOf(document, 'track').filter((track) => meant?.has(track.id) ?? !clipAt(track, atTicks))
  return gapAt(document, new Set(tracks.map(({ id }) => id)), atTicks)
}

function reasonNotToClose(): string | null {
  const gap = gapMeant()
  if (!gap) return t('needs.gap')
  return gap.isOutOfStep ? t('needs.gapInStep') : null
}

/** Why nothing is closed on what the menu is open over, where a lock is why. */
function lockWords(): string | null {
  const { pointedRow } = useSession.getState()
  const track = pointedRow && useDocument.getState().document.get(pointedRow.trackId)
  return track?.kind === 'track' && track.locked ? t('timeline.isLocked', { track: track.title }) : null
}

function close(context: ActionContext): void {
  const gap = gapMeant()
  if (!gap) return
  const { startTicks, endTicks } = gap.span
  context.commit(t('edit.closeGap'), (draft) => closeGap(draft, gap, newId))
  const at = ticksFromSeconds(now())
  // Within what was closed, the playhead stays at what follows.
  if (at > startTicks && at < endTicks) seek(secondsFromTicks(startTicks))
}

export const gapActions: readonly Action[] = [
  {
    id: 'closeGap',
    group: 'edit',
    shortcuts: ['Alt+Delete', 'Alt+Backspace'],
    disabledReason: () => needsTracks() ?? lockWords() ?? reasonNotToClose(),
    run: close,
  },
  {
    id: 'closeGaps',
    group: 'edit',
    shortcuts: ['Alt+Shift+Delete'],
    disabledReason: () => {
      const { spans, isOutOfStep } = gapsOn(useDocument.getState().document, tracksMeant())
      const reason = spans.length === 0 ? t('needs.gaps') : isOutOfStep ? t('needs.gapInStep') : null
      return needsTracks() ?? lockWords() ?? reason
    },
    run: (context) => {
      const gaps = gapsOn(useDocument.getState().document, tracksMeant())
      context.commit(t('edit.closeGaps'), (draft) => closeGaps(draft, gaps, newId))
    },
  },
]
