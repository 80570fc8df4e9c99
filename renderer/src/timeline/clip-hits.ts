/**
 * Where clips are on screen and which of them lies under the pointer. However long the timeline is, a clip that stands
 * free is drawn wide enough to be seen, and is taken hold of where it is drawn.
 */
import { clipAt } from '../../../shared/document/timeline.ts'
import type { Clip, Track } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { clipsWithin } from './rows.ts'
import type { TimelineView } from './view-state.ts'

/** As wide as a clip is drawn at least, where nothing lies beside it. */
export const LEAST_PIXELS = 4
/** Beside a clip that is narrower than a fingertip it is still meant. */
const REACH_PIXELS = 3

/**
 * From where to where a clip is drawn, whole pixels.
 *
 * @param nextStartTicks where the clip after it begins: what is made wider covers no other
 */
export function drawnSpan(
  view: Pick<TimelineView, 'xOf'>,
  { startTicks, durationTicks }: Pick<Clip, 'startTicks' | 'durationTicks'>,
  nextStartTicks = Infinity,
): readonly [left: number, right: number] {
  const left = Math.round(view.xOf(secondsFromTicks(startTicks)))
  const right = Math.round(view.xOf(secondsFromTicks(startTicks + durationTicks)))
  if (right - left >= LEAST_PIXELS) return [left, right]
  const free = nextStartTicks === Infinity ? Infinity : Math.round(view.xOf(secondsFromTicks(nextStartTicks)))
  return [left, Math.max(right, Math.min(left + LEAST_PIXELS, free))]
}

/** The clip at a place of a track: the one that lies there, else the nearest narrow one within reach. */
export function clipUnder(track: Track, view: Pick<TimelineView, 'xOf' | 'secondsAt'>, x: number): Clip | undefined {
  const at = clipAt(track, ticksFromSeconds(view.secondsAt(x)))
  if (at) return at
  const reach = LEAST_PIXELS + REACH_PIXELS
  const near = clipsWithin(
    track,
    ticksFromSeconds(view.secondsAt(x - reach)),
    ticksFromSeconds(view.secondsAt(x + reach)),
  )
  let best: Clip | undefined
  let nearest = REACH_PIXELS + 0.5
  for (const [n, clip] of near.entries()) {
    const [left, right] = drawnSpan(view, clip, near[n + 1]?.startTicks)
    if (right - left > LEAST_PIXELS) continue
    const away = Math.max(left - x, x - right, 0)
    if (away >= nearest) continue
    nearest = away
    best = clip
  }
  return best
}
