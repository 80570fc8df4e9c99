/**
 * Cutting between cameras that recorded the same moments. The cut is a track like any other, above the cameras: its
 * clips show the moments that the cameras' own clips show, so that what is aligned stays aligned.
 */
import { sourceTicksAt } from './clip-clock.ts'
import { recordsOf, type Document } from './document.ts'
import type { Clip, DocumentRecord, Track } from './records.ts'
import { overwrite } from './timeline-clipboard.ts'
import { clipAt, tracksInOrder } from './timeline.ts'

type Draft = Map<string, DocumentRecord>

export const PROGRAM_TRACK_ID = 'track:program'

/** The tracks of the cameras in the order of the window: number keys count along it. */
export function cameraTracks(document: Document): Track[] {
  return tracksInOrder(document).filter((track) => track.sensor === 'video' && track.id !== PROGRAM_TRACK_ID)
}

/** What a camera's track shows; undefined for one that is empty. */
export const cameraStreamId = (track: Track): string | undefined => track.clips[0]?.streamId

export interface CameraCut {
  readonly trackId: string
  readonly atTicks: number
  /** The camera that was shown until now: the cut begins with it where there is none yet. */
  readonly shownTrackId: string | null
  /** What the track of the cut is called when it is made. */
  readonly title: string
}

/**
 * Shows a camera from a tick on, until the cut that comes next or the camera ends.
 *
 * @returns false, changing nothing, where the camera recorded nothing at the tick or is shown already
 */
export function cutToCamera(draft: Draft, cut: CameraCut, newId: () => string): boolean {
  const camera = draft.get(cut.trackId)
  const clip = camera?.kind === 'track' ? clipAt(camera, cut.atTicks) : undefined
  if (!clip) return false
  const program = programTrack(draft, cut.title)
  if (program.locked) return false
  if (program.clips.length === 0 && cut.shownTrackId !== null && cut.shownTrackId !== cut.trackId) {
    const shown = draft.get(cut.shownTrackId)
    if (shown?.kind === 'track') program.clips = runsOf(draft, shown, newId)
  }
  const current = clipAt(program, cut.atTicks)
  if (current?.streamId === clip.streamId) return false
  const next = program.clips.find((each) => each.startTicks > cut.atTicks)
  const until = Math.min(
    clip.startTicks + clip.durationTicks,
    current ? current.startTicks + current.durationTicks : (next?.startTicks ?? Infinity),
  )
  const shown = { ...shownOf(draft, clip, cut.atTicks, newId), durationTicks: until - cut.atTicks }
  overwrite(draft, program, shown, newId)
  joinAround(draft, program, cut.atTicks)
  return true
}

/** Joins what now begins at a tick with its neighbours that show the same going on: going back to a camera is no cut. */
function joinAround(draft: Draft, program: Track, atTicks: number): void {
  const at = program.clips.findIndex((each) => each.startTicks === atTicks)
  const from = Math.max(0, at - 1)
  const near = program.clips.slice(from, at + 2)
  const runs = joined(draft, near)
  if (runs.length < near.length) program.clips.splice(from, near.length, ...runs)
}

function programTrack(draft: Draft, title: string): Track {
  const known = draft.get(PROGRAM_TRACK_ID)
  if (known?.kind === 'track') return known
  const order = Math.min(0, ...recordsOf(draft, 'track').map((track) => track.order)) - 1
  draft.set(PROGRAM_TRACK_ID, {
    kind: 'track',
    id: PROGRAM_TRACK_ID,
    title,
    sensor: 'video',
    order,
    muted: false,
    locked: false,
    clips: [],
  })
  return draft.get(PROGRAM_TRACK_ID) as Track
}

/** What a camera shows, as clips of the cut: where it was only split, it runs on. */
function runsOf(draft: Draft, camera: Track, newId: () => string): Clip[] {
  return joined(
    draft,
    camera.clips.map((clip) => shownOf(draft, clip, clip.startTicks, newId)),
  )
}

/** Where a clip begins in its recording is rounded to a tick, twice for what was cut out of what was cut. */
const ROUNDING_TICKS = 2

/** Clips in order, those made one that show one recording going on. */
function joined(draft: Draft, clips: readonly Clip[]): Clip[] {
  const runs: Clip[] = []
  for (const clip of clips) {
    const last = runs.at(-1)
    const end = last ? last.startTicks + last.durationTicks : NaN
    const goesOn =
      last?.streamId === clip.streamId &&
      end === clip.startTicks &&
      Math.abs(sourceTicksAt(draft, last, end) - clip.sourceStartTicks) <= ROUNDING_TICKS
    if (last && goesOn) runs[runs.length - 1] = { ...last, durationTicks: last.durationTicks + clip.durationTicks }
    else runs.push({ ...clip })
  }
  return runs
}

/** The rest of a camera's clip from a tick on, as a clip of the cut; linked to nothing. */
function shownOf(draft: Draft, clip: Clip, fromTicks: number, newId: () => string): Clip {
  return {
    ...clip,
    id: newId(),
    startTicks: fromTicks,
    durationTicks: clip.startTicks + clip.durationTicks - fromTicks,
    sourceStartTicks: sourceTicksAt(draft, clip, fromTicks),
    linkId: null,
  }
}
