/** In and out on the ruler: where they are taken hold of, where a drag may put them, how that is said. */
import { decimalWords, t } from '../i18n/text.ts'
import { announce } from '../state/session-store.ts'
import { useTransport } from '../state/transport.ts'
import { MARK_BAND_TOP } from './marker-grab.ts'
import { RULER_HEIGHT } from './rows.ts'
import type { TimelineView } from './view-state.ts'

export type RangeMark = 'inSeconds' | 'outSeconds'

const INSIDE_PIXELS = 7
const OUTSIDE_PIXELS = 3
/** What a drag leaves between in and out. */
const LEAST_SECONDS = 0.001

/** @param y pixels from the top of the canvas */
export function rangeMarkAt(view: TimelineView, x: number, y: number): RangeMark | null {
  if (y < MARK_BAND_TOP || y >= RULER_HEIGHT) return null
  const { inSeconds, outSeconds } = useTransport.getState()
  const isOn = (seconds: number | null, inwards: 1 | -1): boolean => {
    if (seconds === null) return false
    const off = (x - view.xOf(seconds)) * inwards
    return off >= -OUTSIDE_PIXELS && off <= INSIDE_PIXELS
  }
  return isOn(outSeconds, -1) ? 'outSeconds' : isOn(inSeconds, 1) ? 'inSeconds' : null
}

/** Drags in or out to a moment, but not past the other. */
export function dragRangeMark(mark: RangeMark, seconds: number): void {
  const { inSeconds, outSeconds } = useTransport.getState()
  const at =
    mark === 'inSeconds'
      ? Math.min(seconds, outSeconds === null ? Infinity : outSeconds - LEAST_SECONDS)
      : Math.max(seconds, inSeconds === null ? -Infinity : inSeconds + LEAST_SECONDS)
  useTransport.setState({ [mark]: at })
}

/** Says where in or out is now. */
export function sayRangeMark(mark: RangeMark): void {
  const seconds = useTransport.getState()[mark]
  if (seconds !== null) announce(t(`timeline.marked.${mark}`, { seconds: decimalWords(seconds, 2) }))
}
