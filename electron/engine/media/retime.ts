/**
 * Applies a time map to pictures, as ffmpeg filters.
 *
 * No picture is made up: each frame of the answer is a whole frame of the recording, the one whose moment lies nearest
 * to it, held until a nearer one comes. So a picture is at most half a project frame off its true place (more only where
 * the recording itself has no frame), and the error has no trend.
 */
import { applyTimeMap, type ClockMap, invertTimeMap } from '../../../shared/signal/time-map.ts'

export interface FrameRate {
  readonly numerator: number
  readonly denominator: number
}

/** The part of the recording's clock that a project time span needs, for `-ss` and `-t` with some seconds to spare. */
export function clockSpanOf(map: ClockMap, fromSeconds: number, toSeconds: number): { from: number; to: number } {
  const back = invertTimeMap(map)
  return { from: applyTimeMap(back, fromSeconds), to: applyTimeMap(back, toSeconds) }
}

/**
 * The chain of ffmpeg filters that gives the nearest frame of the recording at each frame of the project, the first at
 * time 0. Before the recording's first frame that frame is held: a caller shows something else there. To be used behind
 * `-copyts`, so that frames carry their container times.
 *
 * @param clockOriginSeconds container time of the clock's zero (`MediaProbe.clockOriginSeconds`)
 */
export function retimeFilters(
  map: ClockMap,
  fromSeconds: number,
  toSeconds: number,
  rate: FrameRate,
  clockOriginSeconds: number,
): string {
  const count = Math.round(((toSeconds - fromSeconds) * rate.numerator) / rate.denominator)
  const time = `(T-${exact(clockOriginSeconds)})`
  const microseconds = `1000000*(${mapExpression(map, time)}-${exact(fromSeconds)})`
  return [
    'settb=1/1000000',
    `setpts='round(${microseconds})'`,
    `fps=fps=${rate.numerator}/${rate.denominator}:start_time=0:round=near`,
    `trim=end_frame=${count}`,
  ].join(',')
}

/** The map as an expression: its line, and for every knot a change of slope from there on. */
function mapExpression(map: ClockMap, time: string): string {
  const usual = 1 + map.ratePpm * 1e-6
  const { knots } = map
  if (!knots || knots.length < 2) return `(${exact(map.offsetSeconds)}+${exact(usual)}*${time})`
  const [first] = knots as [NonNullable<typeof knots>[number]]
  let slope = usual
  let expression = `${exact(first.projectSeconds)}+${exact(usual)}*(${time}-${exact(first.clockSeconds)})`
  for (const [index, knot] of knots.entries()) {
    const next = knots[index + 1]
    const following = next
      ? (next.projectSeconds - knot.projectSeconds) / (next.clockSeconds - knot.clockSeconds)
      : usual
    expression += `+${exact(following - slope)}*max(0,${time}-${exact(knot.clockSeconds)})`
    slope = following
  }
  return `(${expression})`
}

/** A number as ffmpeg's expressions read it, to the last digit. */
function exact(value: number): string {
  return value < 0 ? `(${value})` : String(value)
}
