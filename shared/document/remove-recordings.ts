/**
 * Taking recordings out of a project, with all that is of them. What was answered about them before (reports, the stars of
 * kept cuts) stays as it was answered; their files are not this document's to touch.
 */
import { asRead, recordsOf, type Document } from './document.ts'
import type { DocumentRecord, RecordKind, RecordOf, Track } from './records.ts'

type Draft = Map<string, DocumentRecord>

const OF_NOTHING = (): readonly string[] => []
const ofAsset = ({ assetId }: { readonly assetId: string }): readonly string[] => [assetId]
const ofClocks = ({ clockA, clockB }: { readonly clockA: string; readonly clockB: string }): readonly string[] => [
  clockA,
  clockB,
]
const ofPair = (pair: { readonly targetAssetId: string; readonly sourceAssetId: string }): readonly string[] => [
  pair.targetAssetId,
  pair.sourceAssetId,
]

/** What a record of each kind is of, by id: where one of these goes, it goes too. */
const SUBJECTS: { readonly [K in RecordKind]: (record: RecordOf<K>) => readonly string[] } = {
  asset: OF_NOTHING,
  location: ofAsset,
  stream: ofAsset,
  clock: ofAsset,
  timeMap: ({ clockId }) => [clockId],
  timeEvidence: ofClocks,
  syncPoint: ofClocks,
  transform: ofAsset,
  spaceEvidence: ofPair,
  landmarks: ofPair,
  pathCorrection: ofAsset,
  caption: ({ assetId }) => (assetId === null ? [] : [assetId]),
  commentaryTake: ofAsset,
  // These lose their part in it and stay.
  track: OF_NOTHING,
  cut: OF_NOTHING,
  project: OF_NOTHING,
  // These are of the project.
  marker: OF_NOTHING,
  label: OF_NOTHING,
  speaker: OF_NOTHING,
  rights: OF_NOTHING,
  consent: OF_NOTHING,
  report: OF_NOTHING,
}

function subjectsOf(record: DocumentRecord): readonly string[] {
  return (SUBJECTS[record.kind] as (record: DocumentRecord) => readonly string[])(record)
}

/** Recordings, and every record that is of one of them, of its clocks, and so on. */
function goingWith(document: Document, assetIds: ReadonlySet<string>): Set<string> {
  const going = new Set([...assetIds].filter((id) => document.get(id)?.kind === 'asset'))
  for (let before = -1; before < going.size;) {
    before = going.size
    for (const record of document.values()) if (subjectsOf(record).some((id) => going.has(id))) going.add(record.id)
  }
  return going
}

/** How much of what somebody made or found goes with recordings. */
export interface GoesWith {
  readonly clips: number
  readonly takes: number
  readonly captions: number
  /** Places in time. */
  readonly timeMaps: number
  /** Places in the world. */
  readonly transforms: number
  /** Sync points and sets of landmarks that were set by hand. */
  readonly handPoints: number
  /** Kept cuts that show something of them: they stay, without it. */
  readonly cuts: number
}

export function whatGoesWith(document: Document, assetIds: ReadonlySet<string>): GoesWith {
  const kinds = new Map<RecordKind, number>()
  for (const id of goingWith(document, assetIds)) {
    const { kind } = document.get(id)!
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  const of = (kind: RecordKind): number => kinds.get(kind) ?? 0
  const clips = recordsOf(document, 'track').flatMap((track) => track.clips)
  return {
    clips: clips.filter((clip) => assetIds.has(clip.assetId)).length,
    takes: of('commentaryTake'),
    captions: of('caption'),
    timeMaps: of('timeMap'),
    transforms: of('transform'),
    handPoints: of('syncPoint') + of('landmarks'),
    cuts: recordsOf(document, 'cut').filter(({ tracks }) => tracks?.some((track) => shows(track, assetIds))).length,
  }
}

function shows({ clips }: Pick<Track, 'clips'>, assetIds: ReadonlySet<string>): boolean {
  return clips.some((clip) => assetIds.has(clip.assetId))
}

/** A locked track that would lose clips; null where there is none. */
export function trackThatHolds(document: Document, assetIds: ReadonlySet<string>): Track | null {
  return recordsOf(document, 'track').find((track) => track.locked && shows(track, assetIds)) ?? null
}

/** Tracks without the clips of recordings; one that is left with none goes, one that had none stays. */
function tracksWithout(tracks: readonly Track[], assetIds: ReadonlySet<string>): Track[] {
  return tracks.flatMap((track) => {
    if (!shows(track, assetIds)) return [track]
    const clips = track.clips.filter((clip) => !assetIds.has(clip.assetId))
    return clips.length > 0 ? [{ ...track, clips }] : []
  })
}

/** Leaves nothing behind that refers to what goes; what was placed in time and space beside it stays where it is. */
export function removeRecordings(draft: Draft, assetIds: ReadonlySet<string>): void {
  const before: Document = asRead(draft)
  const going = goingWith(before, assetIds)
  const stays = (id: string): boolean => !going.has(id)
  for (const id of going) draft.delete(id)
  const tracks = recordsOf(before, 'track')
  const left = new Map(tracksWithout(tracks, assetIds).map((track) => [track.id, track]))
  for (const track of tracks) {
    const without = left.get(track.id)
    if (!without) draft.delete(track.id)
    else if (without !== track) draft.set(track.id, without)
  }
  for (const cut of recordsOf(before, 'cut'))
    if (cut.tracks?.some((track) => shows(track, assetIds)))
      draft.set(cut.id, { ...cut, tracks: tracksWithout(cut.tracks, assetIds) })
  for (const record of before.values()) {
    if ((record.kind !== 'timeMap' && record.kind !== 'transform') || going.has(record.id)) continue
    if (!record.evidenceIds.every(stays))
      draft.set(record.id, { ...record, evidenceIds: record.evidenceIds.filter(stays) })
  }
  const project = draft.get('project')
  if (project?.kind !== 'project') return
  if (project.referenceClockId !== null && going.has(project.referenceClockId)) project.referenceClockId = null
  if (project.worldAssetId !== null && going.has(project.worldAssetId)) project.worldAssetId = null
}
