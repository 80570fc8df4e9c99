/**
 * Words where the time maps put what is shown under them. An edit takes words along with their pictures; whoever counts
 * moments as they were recorded, as the stars do, needs them back beside what they were said over.
 */
import { momentsOfStream, shiftOf } from './clip-clock.ts'
import { recordsOf, type Document } from './document.ts'
import type { Caption, Clip } from './records.ts'
import { clipAt, tracksInOrder } from './timeline.ts'
import { ticksFromSeconds } from '../units.ts'

/** Clips that lie nearer to where their map puts them were not moved. */
export const UNMOVED_SECONDS = 1e-3

/** All captions; those over clips that were moved by as much as these, their own recording's before any other's. */
export function captionsAsRecorded(document: Document): readonly Caption[] {
  const captions = recordsOf(document, 'caption')
  const tracks = tracksInOrder(document)
  const movedTicks = (clip: Clip): number => {
    const seconds = shiftOf(clip, momentsOfStream(document, clip.streamId))
    return Math.abs(seconds) < UNMOVED_SECONDS ? 0 : ticksFromSeconds(seconds)
  }
  if (!tracks.some(({ clips }) => clips.some((clip) => movedTicks(clip) !== 0))) return captions
  return captions.map((caption) => {
    const middle = (caption.startTicks + caption.endTicks) / 2
    const under = tracks.flatMap((track) => clipAt(track, middle) ?? [])
    const clip = under.find(({ assetId }) => assetId === caption.assetId) ?? under[0]
    const by = clip ? movedTicks(clip) : 0
    return by === 0 ? caption : { ...caption, startTicks: caption.startTicks - by, endTicks: caption.endTicks - by }
  })
}
