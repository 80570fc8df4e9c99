/** Edits as they were when their stars were predicted, kept in the project so that two can be compared. */
import { starsAnswer, type StarsAnswer } from '../../../shared/contract/stars.ts'
import { asRead, recordsOf } from '../../../shared/document/document.ts'
import type { Cut, DocumentRecord } from '../../../shared/document/records.ts'

/** Older edits than these are forgotten, unless the person named them. */
const MOST_CUTS = 24
/** Edits with more clips than this are not kept a second time. */
const MOST_CLIPS_KEPT = 2000

const UNNAMED = /^Cut (\d+)$/

/** By what an edit was judged: stars under another pack, or held against another list, are other stars. */
function judgeOf({ pack, wanted }: StarsAnswer): string {
  return wanted ? `${pack.digest} ${wanted.id}` : pack.digest
}

function judgeOfCut({ stars }: Cut): string | null {
  const kept = starsAnswer.safeParse(stars)
  return kept.success ? judgeOf(kept.data) : null
}

/**
 * Beside the edits that were judged before. The same edit is kept once for each pack and list that it was judged by, and goes
 * by one name.
 */
export function keepCut(draft: Map<string, DocumentRecord>, answer: StarsAnswer, editKey: string): void {
  const cuts = recordsOf(draft, 'cut')
  const same = cuts.filter((cut) => cut.editKey === editKey)
  const known = same.find((cut) => judgeOfCut(cut) === judgeOf(answer))
  const tracks = recordsOf(draft, 'track').map((track) => asRead(track))
  const clips = tracks.reduce((sum, track) => sum + track.clips.length, 0)
  const number = 1 + cuts.reduce((most, cut) => Math.max(most, Number(UNNAMED.exec(cut.title)?.[1] ?? 0)), 0)
  const called = known ?? same[0] ?? { title: `Cut ${number}`, number }
  const id = known?.id ?? freeId(draft, `cut:${editKey}`)
  draft.set(id, {
    kind: 'cut',
    id,
    title: called.title,
    ...(called.number !== undefined && { number: called.number }),
    createdAt: new Date().toISOString(),
    editKey,
    stars: JSON.parse(JSON.stringify(answer)) as Cut['stars'],
    tracks: clips > MOST_CLIPS_KEPT ? null : structuredClone(tracks),
  })
  const unnamed = recordsOf(draft, 'cut').filter((cut) => UNNAMED.test(cut.title))
  unnamed.sort((a, b) => a.createdAt.localeCompare(b.createdAt))
  for (const cut of unnamed.slice(0, Math.max(0, unnamed.length - MOST_CUTS))) draft.delete(cut.id)
}

function freeId(draft: ReadonlyMap<string, DocumentRecord>, wanted: string): string {
  for (let n = 2, id = wanted; ; n++) {
    if (!draft.has(id)) return id
    id = `${wanted}:${n}`
  }
}
