/**
 * Which moment of a recording a clip shows. A clip that was never moved by hand lies where its clock's time map says;
 * one that was moved keeps the map's rate and knots, shifted by as much as it was moved.
 */
import { applyTimeMap, clockSecondsOf, type MomentMap } from '../signal/time-map.ts'
import { secondsFromTicks, ticksFromSeconds } from '../units.ts'
import { timeMapId, type Document } from './document.ts'
import type { Clip } from './records.ts'

export const IDENTITY_MOMENTS: MomentMap = { offsetSeconds: 0, ratePpm: 0 }

/** The map of the clock that stamped a stream; the identity where it has none yet. */
export function momentsOfStream(document: Document, streamId: string): MomentMap {
  const stream = document.get(streamId)
  const map = stream?.kind === 'stream' ? document.get(timeMapId(stream.clockId)) : undefined
  return map?.kind === 'timeMap' ? map : IDENTITY_MOMENTS
}

type Placed = Pick<Clip, 'startTicks' | 'sourceStartTicks'>

/** By how much a clip was moved from where its map puts it, seconds. */
export function shiftOf(clip: Placed, map: MomentMap): number {
  return secondsFromTicks(clip.startTicks) - applyTimeMap(map, secondsFromTicks(clip.sourceStartTicks))
}

/** The moment on the stream's own clock that a clip shows at a moment of the project, both in seconds. */
export function sourceSecondsAt(clip: Placed, map: MomentMap, projectSeconds: number): number {
  return clockSecondsOf(map, projectSeconds - shiftOf(clip, map))
}

/** Where on the project's time line a clip shows a moment of its stream, both in seconds. */
export function projectSecondsAt(clip: Placed, map: MomentMap, sourceSeconds: number): number {
  return applyTimeMap(map, sourceSeconds) + shiftOf(clip, map)
}

/** `sourceSecondsAt` in whole ticks, with the map that the document holds. */
export function sourceTicksAt(document: Document, clip: Clip, projectTicks: number): number {
  const map = momentsOfStream(document, clip.streamId)
  return ticksFromSeconds(sourceSecondsAt(clip, map, secondsFromTicks(projectTicks)))
}

/** `projectSecondsAt` in whole ticks, with the map that the document holds. */
export function projectTicksAt(document: Document, clip: Clip, sourceTicks: number): number {
  const map = momentsOfStream(document, clip.streamId)
  return ticksFromSeconds(projectSecondsAt(clip, map, secondsFromTicks(sourceTicks)))
}
