/** Clips of foreign edits, spread over tracks so that none lies over another. */
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ReadClip, ReadTrack } from './otio-read.ts'

/** More clips at one moment are no work of a person. */
const MOST_TRACKS = 500

export interface LaneClip extends ReadClip {
  readonly kind: 'Video' | 'Audio'
  /** Pictures with a higher lane cover those below. */
  readonly lane: number
}

/** A clip that another program made; nothing of it is our own. */
export function foreignClip(fields: Omit<ReadClip, 'own' | 'timeScalar'>): ReadClip {
  return { ...fields, own: {}, timeScalar: 1 }
}

/**
 * The topmost pictures first, then the sounds; a clip that would cover part of another of its lane goes onto one more.
 * @throws AsterismError `corrupt_file` where hundreds lie over each other.
 */
export function tracksOfLanes(clips: readonly LaneClip[]): ReadTrack[] {
  const ordered = clips.toSorted(
    (a, b) =>
      Number(a.kind === 'Audio') - Number(b.kind === 'Audio') || b.lane - a.lane || a.startSeconds - b.startSeconds,
  )
  const tracks: { kind: string; lane: number; clips: ReadClip[] }[] = []
  for (const { kind, lane, ...clip } of ordered) {
    const fits = (last: ReadClip | undefined) =>
      last === undefined || last.startSeconds + last.durationSeconds <= clip.startSeconds + 1e-6
    let track = tracks.find((each) => each.kind === kind && each.lane === lane && fits(each.clips.at(-1)))
    if (!track && tracks.length === MOST_TRACKS) {
      throw new AsterismError('corrupt_file', say('edit.clipsOverEachOther', { most: MOST_TRACKS }), {
        kept: say('kept.timeline'),
      })
    }
    if (!track) tracks.push((track = { kind, lane, clips: [] }))
    track.clips.push(clip)
  }
  return tracks.map(({ kind, clips: own }, index) => {
    const number = tracks.slice(0, index + 1).filter((each) => each.kind === kind).length
    return { name: `${kind[0]}${number}`, kind, enabled: true, own: {}, clips: own }
  })
}
