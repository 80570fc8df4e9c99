/** The order in which tracks stand below one another. Number keys count cameras along it. */
import { asRead, type Document } from './document.ts'
import type { DocumentRecord } from './records.ts'
import { tracksInOrder } from './timeline.ts'

type Draft = Map<string, DocumentRecord>

/** Gives the tracks this order; those that stay where they were are not touched. */
function setOrder(draft: Draft, ids: readonly string[]): void {
  const places = tracksInOrder(asRead(draft)).map(({ order }) => order)
  const areApart = places.every((place, n) => n === 0 || place > places[n - 1]!)
  for (const [n, id] of ids.entries()) {
    const order = areApart ? places[n]! : n
    const track = draft.get(id)
    if (track?.kind === 'track' && track.order !== order) track.order = order
  }
}

/** Puts a track where another stands, which makes room downwards; null: below all. Returns false where it stands there. */
export function placeTrack(draft: Draft, id: string, beforeId: string | null): boolean {
  const before = tracksInOrder(asRead(draft)).map((track) => track.id)
  const others = before.filter((each) => each !== id)
  const at = beforeId === null ? others.length : others.indexOf(beforeId)
  if (beforeId === id || at < 0 || others.length === before.length) return false
  const after = others.toSpliced(at, 0, id)
  if (after.every((each, n) => each === before[n])) return false
  setOrder(draft, after)
  return true
}

/** What `stepTracks` makes of the order; null where no track can go further. */
function stepped(document: Document, ids: ReadonlySet<string>, by: -1 | 1): string[] | null {
  const before = tracksInOrder(document).map((track) => track.id)
  const after = by < 0 ? [...before] : before.toReversed()
  for (const [n, id] of after.entries()) {
    const last = after[n - 1]
    if (last !== undefined && ids.has(id) && !ids.has(last)) after.splice(n - 1, 2, id, last)
  }
  if (by > 0) after.reverse()
  return after.every((id, n) => id === before[n]) ? null : after
}

export function canStepTracks(document: Document, ids: ReadonlySet<string>, by: -1 | 1): boolean {
  return stepped(document, ids, by) !== null
}

/** Moves tracks one place up (-1) or down (1); those at the edge stay, and keep their order among each other. */
export function stepTracks(draft: Draft, ids: ReadonlySet<string>, by: -1 | 1): void {
  const order = stepped(asRead(draft), ids, by)
  if (order) setOrder(draft, order)
}
