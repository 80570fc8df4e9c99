/** Copying clips, putting them in again, and overwriting what lies where they come. */
import { sourceTicksAt } from './clip-clock.ts'
import { partFades } from './clip-sound.ts'
import { asRead, recordsOf, type Document } from './document.ts'
import type { Clip, DocumentRecord, Track } from './records.ts'

type Draft = Map<string, DocumentRecord>

/** Clips with the tracks that they lay on, earliest first. */
export interface Clipboard {
  readonly clips: readonly { readonly trackId: string; readonly clip: Clip }[]
}

export function copyClips(document: Document, clipIds: ReadonlySet<string>): Clipboard {
  const clips = recordsOf(document, 'track').flatMap((track) =>
    asRead(track.clips)
      .filter((clip) => clipIds.has(clip.id))
      .map((clip) => ({ trackId: track.id, clip: { ...clip } })),
  )
  return { clips: clips.sort((a, b) => a.clip.startTicks - b.clip.startTicks) }
}

/**
 * Puts copied clips in so that the earliest starts at a tick, each on the track that it came from, and overwrites what
 * lies there. What was linked among them is linked among the copies. Clips of tracks that are gone or locked, and of
 * recordings that are gone, are left out.
 *
 * @returns the ids of the copies
 */
export function pasteClips(draft: Draft, { clips }: Clipboard, atTicks: number, newId: () => string): string[] {
  const first = clips[0]?.clip.startTicks ?? 0
  const links = new Map<string, string>()
  const pasted: string[] = []
  for (const { trackId, clip } of clips) {
    const track = draft.get(trackId)
    if (track?.kind !== 'track' || track.locked || !draft.has(clip.assetId)) continue
    const copy: Clip = {
      ...clip,
      id: newId(),
      startTicks: clip.startTicks - first + atTicks,
      linkId: clip.linkId === null ? null : (links.get(clip.linkId) ?? newId()),
    }
    if (clip.linkId !== null && copy.linkId !== null) links.set(clip.linkId, copy.linkId)
    overwrite(draft, track, copy, newId)
    pasted.push(copy.id)
  }
  return pasted
}

/** Lays a clip onto a track: what it covers goes, what it covers in part is trimmed or cut in two. */
export function overwrite(draft: Draft, track: Track, clip: Clip, newId: () => string): void {
  const end = clip.startTicks + clip.durationTicks
  const kept: Clip[] = []
  for (const other of asRead(track.clips)) {
    const otherEnd = other.startTicks + other.durationTicks
    if (otherEnd <= clip.startTicks || other.startTicks >= end) {
      kept.push({ ...other })
      continue
    }
    const before: Clip = { ...other, durationTicks: clip.startTicks - other.startTicks }
    const behind: Clip = {
      ...other,
      // A clip that is cut in two keeps its name on the side that begins it.
      id: other.startTicks < clip.startTicks ? newId() : other.id,
      startTicks: end,
      durationTicks: otherEnd - end,
      sourceStartTicks: otherEnd > end ? sourceTicksAt(draft, other, end) : other.sourceStartTicks,
    }
    partFades(before, behind)
    if (other.startTicks < clip.startTicks) kept.push(before)
    if (otherEnd > end) kept.push(behind)
  }
  track.clips = [...kept, clip].sort((a, b) => a.startTicks - b.startTicks)
}

/** Links clips so that they move and are trimmed together, or, with null, lets each go alone. */
export function linkClips(draft: Draft, clipIds: ReadonlySet<string>, linkId: string | null): void {
  for (const { id, clips } of recordsOf(draft, 'track')) {
    if (!asRead(clips).some((clip) => clipIds.has(clip.id))) continue
    const track = draft.get(id)
    if (track?.kind !== 'track' || track.locked) continue
    for (const clip of track.clips) if (clipIds.has(clip.id)) clip.linkId = linkId
  }
}
