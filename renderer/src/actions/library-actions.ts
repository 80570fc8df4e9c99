/** What is done to the recordings that are chosen in the library. */
import { GOES_THROUGH_RECORDINGS } from '../../../shared/contract/media.ts'
import type { EngineClient } from '../../../shared/contract/client.ts'
import type { Asset } from '../../../shared/document/records.ts'
import { trackThatHolds, whatGoesWith } from '../../../shared/document/remove-recordings.ts'
import { t } from '../i18n/text.ts'
import { jobWords } from '../jobs/job-words.ts'
import { chosenRecordings } from '../state/chosen-recordings.ts'
import { useDocument } from '../state/document-store.ts'
import { useJobs } from '../state/jobs-store.ts'
import { announce, useSession } from '../state/session-store.ts'
import type { Action } from './action.ts'
import { needsProject } from './requirements.ts'

/** Long titles are shortened in the history. */
const MOST_LABEL_LETTERS = 60

/** As they were chosen; what has gone since is left out. */
export function recordingsToRemove(): Asset[] {
  const { document } = useDocument.getState()
  return [...chosenRecordings(useSession.getState())].flatMap((id) => {
    const asset = document.get(id)
    return asset?.kind === 'asset' ? [asset] : []
  })
}

export async function removeChosen(client: EngineClient): Promise<void> {
  const assets = recordingsToRemove()
  const title = assets[0]!.title
  const short = title.length > MOST_LABEL_LETTERS ? `${title.slice(0, MOST_LABEL_LETTERS)}…` : title
  const label =
    assets.length === 1
      ? t('edit.removeRecording', { title: short })
      : t('edit.removeRecordings', { count: assets.length })
  const keepKeys = placeInLibrary()
  await client.media.remove({ assetIds: assets.map(({ id }) => id), label })
  announce(label)
  await untilGone(assets[0]!.id)
  keepKeys()
}

async function untilGone(assetId: string): Promise<void> {
  if (!useDocument.getState().document.has(assetId)) return
  await new Promise<void>((resolve) => {
    const off = useDocument.subscribe(({ document }) => {
      if (document.has(assetId)) return
      off()
      resolve()
    })
  })
}

/** Where the keys are to go once what is chosen is gone: whoever removes one after the other stays where they are. */
function placeInLibrary(): () => void {
  const cards = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-keys="library"]')]
  const at = Math.max(
    0,
    cards().findIndex((card) => card.ariaPressed === 'true'),
  )
  return () =>
    requestAnimationFrame(() => {
      const left = cards()
      const next = left[at] ?? left.at(-1)
      next?.focus({ preventScroll: true })
    })
}

function reasonNotToRemove(): string | null {
  const assets = recordingsToRemove()
  if (assets.length === 0) return needsProject() ?? t('needs.chosenRecording')
  const held = trackThatHolds(useDocument.getState().document, new Set(assets.map(({ id }) => id)))
  if (held) return t('timeline.isLocked', { track: held.title })
  for (const job of useJobs.getState().jobs.values())
    if ((job.state === 'running' || job.state === 'queued') && GOES_THROUGH_RECORDINGS.includes(job.kind))
      return t('needs.underWayEnds', { work: jobWords(job) })
  return null
}

export const libraryActions: readonly Action[] = [
  {
    id: 'removeRecordings',
    group: 'project',
    place: 'library',
    shortcuts: ['Delete', 'Backspace'],
    disabledReason: reasonNotToRemove,
    run: async ({ client }) => {
      const ids = new Set(recordingsToRemove().map(({ id }) => id))
      // What nobody did anything with goes without a question.
      const isUsed = Object.values(whatGoesWith(useDocument.getState().document, ids)).some((count) => count > 0)
      if (isUsed) useSession.setState({ dialog: 'removeRecordings' })
      else await removeChosen(client)
    },
  },
]
