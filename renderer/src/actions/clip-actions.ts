/** Copies, links, markers, tracks: what is done to the selection beside trimming it. */
import { recordsOf } from '../../../shared/document/document.ts'
import type { Marker } from '../../../shared/document/records.ts'
import { copyClips, linkClips, pasteClips, type Clipboard } from '../../../shared/document/timeline-clipboard.ts'
import { liftClips } from '../../../shared/document/timeline.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { markedRange, now } from '../state/transport.ts'
import { selectedWithLinked } from '../timeline/gestures.ts'
import type { Action, ActionContext } from './action.ts'
import { needsClips, needsProject } from './requirements.ts'
import { selectedSpan } from './selected-span.ts'

/** What was copied last: of the window, not of the project, so that it can be put into another one's tracks. */
let clipboard: Clipboard = { clips: [] }

const newClipId = (): string => `clip-${crypto.randomUUID()}`

function chosen(): ReadonlySet<string> {
  return selectedWithLinked(useDocument.getState().document)
}

function copy(): void {
  clipboard = copyClips(useDocument.getState().document, chosen())
}

const copiedWords = (): string => t('timeline.copied', { count: clipboard.clips.length })

function paste(context: ActionContext, what: Clipboard, atTicks: number, label: string): void {
  let pasted: string[] = []
  context.commit(label, (draft) => {
    pasted = pasteClips(draft, what, atTicks, newClipId)
  })
  // The gesture may wait for the one before it; what it made is selected once it is there.
  const off = useDocument.subscribe(() => {
    off()
    useSession.setState({ selectedClipIds: new Set(pasted) })
  })
}

function duplicate(context: ActionContext): void {
  const what = copyClips(useDocument.getState().document, chosen())
  const end = Math.max(...what.clips.map(({ clip }) => clip.startTicks + clip.durationTicks))
  paste(context, what, end, t('edit.duplicate'))
}

function addMarker(context: ActionContext, atTicks: number, durationTicks: number): void {
  const id = `marker-${crypto.randomUUID()}`
  const number = recordsOf(useDocument.getState().document, 'marker').length + 1
  const title = t(durationTicks > 0 ? 'timeline.rangeName' : 'timeline.markerName', { number })
  const marker: Marker = { kind: 'marker', id, atTicks, durationTicks, title, color: 'accent', note: '' }
  context.commit(t(durationTicks > 0 ? 'edit.addRange' : 'edit.addMarker'), (draft) => void draft.set(id, marker))
  useSession.setState({ selectedMarkerId: id })
}

/** From in to out; else as far as the selection goes. */
function range(): readonly [number, number] | null {
  const marked = markedRange()
  if (marked) return [ticksFromSeconds(marked.from), ticksFromSeconds(marked.to)]
  return useSession.getState().selectedClipIds.size > 0 ? selectedSpan() : null
}

export const clipActions: readonly Action[] = [
  { id: 'copy', group: 'edit', shortcuts: ['Ctrl+C'], disabledReason: needsClips, run: copy, said: copiedWords },
  {
    id: 'cut',
    group: 'edit',
    shortcuts: ['Ctrl+X'],
    disabledReason: needsClips,
    run: (c) => {
      copy()
      const ids = chosen()
      c.commit(t('edit.cutOut'), (draft) => liftClips(draft, ids))
    },
  },
  {
    id: 'paste',
    group: 'edit',
    shortcuts: ['Ctrl+V'],
    disabledReason: () => (clipboard.clips.length > 0 ? null : t('needs.copied')),
    run: (c) => paste(c, clipboard, ticksFromSeconds(now()), t('edit.paste')),
  },
  { id: 'duplicate', group: 'edit', shortcuts: ['Ctrl+D'], disabledReason: needsClips, run: duplicate },
  {
    id: 'link',
    group: 'edit',
    shortcuts: ['Ctrl+G'],
    disabledReason: needsClips,
    run: (c) => {
      const { selectedClipIds } = useSession.getState()
      c.commit(t('edit.link'), (draft) => linkClips(draft, selectedClipIds, `link-${crypto.randomUUID()}`))
    },
  },
  {
    id: 'unlink',
    group: 'edit',
    shortcuts: ['Ctrl+Shift+G'],
    disabledReason: needsClips,
    run: (c) => {
      const ids = chosen()
      c.commit(t('edit.unlink'), (draft) => linkClips(draft, ids, null))
    },
  },
  {
    id: 'marker',
    group: 'edit',
    shortcuts: ['M'],
    disabledReason: needsProject,
    run: (c) => addMarker(c, ticksFromSeconds(now()), 0),
  },
  {
    id: 'rangeMarker',
    group: 'edit',
    shortcuts: ['Shift+M'],
    disabledReason: () => (range() ? null : t('needs.range')),
    run: (c) => {
      const [from, to] = range()!
      addMarker(c, from, to - from)
    },
  },
]
