/** What lies under the pointer, what a rectangle, a wheel and the edge of the timeline mean, what a drag says of itself. */
import { describe, expect, test } from 'vitest'
import type { Document } from '../../../shared/document/document.ts'
import type { Clip, Track } from '../../../shared/document/records.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { loadFromWindow } from './window-modules.ts'

const { clipUnder, drawnSpan } = await loadFromWindow('timeline/clip-hits')
const { clipsBetween } = await loadFromWindow('timeline/marquee')
const { edgeSpeed } = await loadFromWindow('timeline/edge-scroll')
const { wheelMeaning } = await loadFromWindow('timeline/wheel')
const { readoutWords } = await loadFromWindow('timeline/drag-readout')
const { timelineModeller } = await loadFromWindow('timeline/rows')
const { TimelineView } = await loadFromWindow('timeline/view-state')

const DAY_SECONDS = 86_400
const clip = (id: string, startSeconds: number, seconds: number): Clip => ({
  id,
  assetId: 'asset',
  streamId: 'stream',
  startTicks: ticksFromSeconds(startSeconds),
  durationTicks: ticksFromSeconds(seconds),
  sourceStartTicks: 0,
  linkId: null,
})
const track = (order: number, clips: readonly Clip[], locked = false): Track => ({
  kind: 'track',
  id: `track-${order}`,
  title: 't',
  sensor: 'imu',
  order,
  muted: false,
  locked,
  clips: [...clips],
})

describe('a clip of four seconds in a day', () => {
  const view = new TimelineView()
  view.setWidth(1000)
  view.setExtent(0, DAY_SECONDS)
  const short = clip('short', 40_000, 4)
  const at = Math.round(view.xOf(40_000))

  test('is drawn four pixels wide, and as wide as there is room for before the next', () => {
    expect(drawnSpan(view, short)).toEqual([at, at + 4])
    const next = clip('next', 40_004, 30_000)
    const [left, right] = drawnSpan(view, short, next.startTicks)
    expect([left, right - left < 2]).toEqual([at, true])
    expect(drawnSpan(view, next)).toEqual([Math.round(view.xOf(40_004)), Math.round(view.xOf(70_004))])
  })
  test('is taken hold of where it is drawn and a little beside it, and never in place of what lies there', () => {
    const alone = track(0, [short])
    for (const x of [at - 3, at, at + 3, at + 7]) expect(clipUnder(alone, view, x)?.id, String(x)).toBe('short')
    for (const x of [at - 9, at + 13]) expect(clipUnder(alone, view, x), String(x)).toBeUndefined()
    const beside = track(0, [short, clip('long', 40_004, 30_000)])
    expect(clipUnder(beside, view, at + 3)?.id).toBe('long')
    // The end of a long clip is no closer to the pointer than it looks.
    expect(clipUnder(track(0, [clip('long', 0, 40_000)]), view, at + 3)).toBeUndefined()
  })
  test('fills the window when it is zoomed to', () => {
    view.showSpan(40_000, 40_004)
    expect(view.xOf(40_000)).toBeCloseTo(1000 / 12, 0)
    expect(view.xOf(40_004)).toBeCloseTo(11_000 / 12, 0)
  })
})

test('a rectangle selects the clips that it touches, in either direction, and none of a locked track', () => {
  const tracks = [
    track(0, [clip('a', 0, 5), clip('b', 6, 5)]),
    track(1, [clip('c', 2, 2)]),
    track(2, [clip('d', 0, 9)], true),
  ]
  const document: Document = new Map(tracks.map((each) => [each.id, each]))
  const model = timelineModeller()(document, [])
  const clips = (...corners: readonly (readonly [number, number])[]): string[] => {
    const [one, other] = corners.map(([seconds, top]) => ({ seconds, top })) as [object, object]
    return [...clipsBetween(model, one, other)].sort()
  }
  expect(clips([3, 10], [8, 20])).toEqual(['a', 'b'])
  expect(clips([8, 80], [5.5, 10])).toEqual(['b'])
  expect(clips([0, 500], [3, 0])).toEqual(['a', 'c'])
  expect(clips([5.2, 0], [5.8, 500])).toEqual([])
})

test('the edge scrolls what is held there, faster farther beyond, and nothing between', () => {
  expect([edgeSpeed(4, 0, 900), edgeSpeed(450, 0, 900), edgeSpeed(896, 0, 900)]).toEqual([0, 0, 0])
  expect(edgeSpeed(-20, 0, 900)).toBeLessThan(edgeSpeed(0, 0, 900))
  expect(edgeSpeed(920, 0, 900)).toBeGreaterThan(edgeSpeed(900, 0, 900))
  expect([edgeSpeed(-9999, 0, 900), edgeSpeed(9999, 0, 900)]).toEqual([-1500, 1500])
})

describe('a wheel', () => {
  const turned = (other: Record<string, number | boolean>) => ({
    deltaX: 0,
    deltaY: 0,
    deltaMode: 0,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...other,
  })
  test('zooms with Ctrl and with Alt the same, whichever way the system turns it, and a pinch of few pixels is felt', () => {
    const zoom = (other: Record<string, number | boolean>): number => wheelMeaning(turned(other), true).zoom
    expect(zoom({ deltaY: -100, ctrlKey: true })).toBeCloseTo(Math.exp(0.22))
    expect(zoom({ deltaX: -100, altKey: true })).toBe(zoom({ deltaY: -100, ctrlKey: true }))
    expect(zoom({ deltaY: 4, ctrlKey: true })).toBeCloseTo(Math.exp(-0.032))
  })
  test('goes down where there are more tracks than fit, and else along time; lines are as far as pixels', () => {
    expect(wheelMeaning(turned({ deltaY: 3, deltaMode: 1 }), true)).toEqual({ zoom: 1, sideways: 0, down: 48 })
    expect(wheelMeaning(turned({ deltaY: 100 }), false)).toEqual({ zoom: 1, sideways: 100, down: 0 })
    expect(wheelMeaning(turned({ deltaX: 30, deltaY: 2 }), false)).toEqual({ zoom: 1, sideways: 30, down: 0 })
    expect(wheelMeaning(turned({ deltaY: 100, shiftKey: true }), true)).toEqual({ zoom: 1, sideways: 100, down: 0 })
  })
})

test('a drag says by how much and what it comes to: moved, made longer, slipped, by less than a frame', () => {
  const rate = { numerator: 25, denominator: 1 }
  const extent = (start: number, lasts: number, source = 0) => ({
    startTicks: ticksFromSeconds(start),
    durationTicks: ticksFromSeconds(lasts),
    sourceStartTicks: ticksFromSeconds(source),
  })
  const says = (after: ReturnType<typeof extent>): string => readoutWords(extent(10, 5, 2), after, 'timecode', rate)
  expect(says(extent(8, 5, 2))).toBe('−00:00:02:00, now at 00:00:08:00')
  expect(says(extent(10, 6, 2))).toBe('+00:00:01:00, now 00:00:06:00 long')
  expect(says(extent(11, 4, 3))).toBe('+00:00:01:00, now 00:00:04:00 long')
  expect(says(extent(10, 5, 1))).toBe('+00:00:01:00')
  expect(says(extent(10.01, 5, 2))).toBe('+0.0100 s, now at 00:00:10:00')
  expect(says(extent(10 + 1 / 48_000, 5, 2))).toBe('+20.8 µs, now at 00:00:10:00')
})
