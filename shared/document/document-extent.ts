import { secondsFromTicks } from '../units.ts'
import type { Document } from './document.ts'
import { timelineExtent as extentTicks } from './timeline.ts'

/** First and last moment of everything on the timeline, seconds. */
export function timelineExtent(document: Document): [startSeconds: number, endSeconds: number] {
  const [start, end] = extentTicks(document)
  return [secondsFromTicks(start), secondsFromTicks(end)]
}
