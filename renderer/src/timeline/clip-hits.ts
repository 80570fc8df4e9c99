/**
 * Where clips are on screen, and which one is under the pointer. However long the timeline is, an isolated clip is
 * drawn wide enough to be seen, and can be grabbed where it is drawn.
 */
import { clipAt } from '../../../shared/document/timeline.ts'
import type { Clip, Track } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { clipsWithin } from './rows.ts'
import type { TimelineView } from './view-state.ts'

/** The least width of a clip without neighbours. */
export const LEAST_PIXELS = 4
/** A narrow clip is also hit this far beside it. */
const REACH_PIXELS = 3

/**
 * The horizontal extent of a drawn clip, whole pixels.
 *
 * @param nextStartTicks start of the next clip, which a widened clip must not cover
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

/** The clip at a place of a track, otherwise the nearest narrow one within reach. */
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
