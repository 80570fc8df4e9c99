import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { Document } from '../../../shared/document/document.ts'
import type { Clip, Track } from '../../../shared/document/records.ts'
import { TICKS_PER_SECOND } from '../../../shared/units.ts'
import { loadFromWindow } from './window-modules.ts'

fc.configureGlobal({ seed: 20_260_731 })

const { neighbourOf, editPointFrom } = await loadFromWindow('timeline/clip-navigation')
const { TimelineView } = await loadFromWindow('timeline/view-state')
const { timecode, rulerMark, rulerStep } = await loadFromWindow('timeline/ruler')
const { clockTime, shortClock, withSigma, byteWords, durationWords } = await loadFromWindow('ui/format')

function track(order: number, spans: readonly (readonly [startSeconds: number, endSeconds: number])[]): Track {
  const clips = spans.map(([start, end], n): Clip => ({
    id: `${order}.${n}`,
    assetId: 'asset',
    streamId: `stream-${order}`,
    startTicks: start * TICKS_PER_SECOND,
    durationTicks: (end - start) * TICKS_PER_SECOND,
    sourceStartTicks: 0,
    linkId: null,
  }))
  return { kind: 'track', id: `track-${order}`, title: 't', sensor: 'video', order, muted: false, locked: false, clips }
}

const document: Document = new Map(
  [
    track(0, [
      [0, 4],
      [6, 9],
    ]),
    track(1, []),
    track(2, [
      [1, 2],
      [5, 8],
      [8, 12],
    ]),
  ].map((each) => [each.id, each]),
)

describe('going from clip to clip', () => {
  const go = (from: string | null, direction: Parameters<typeof neighbourOf>[2], atSeconds = 0): string | undefined =>
    neighbourOf(document, from, direction, atSeconds * TICKS_PER_SECOND)?.clip.id

  test('from nothing, the clip nearest to the playhead on the first track', () => {
    expect(go(null, 'below')).toBe('0.0')
    expect(go(null, 'after', 8)).toBe('0.1')
  })
  test('along a track, to its ends', () => {
    expect(go('2.0', 'after')).toBe('2.1')
    expect(go('2.2', 'after')).toBeUndefined()
    expect(go('2.1', 'before')).toBe('2.0')
    expect(go('0.0', 'before')).toBeUndefined()
  })
  test('across tracks, over empty ones, to what lies at the same time', () => {
    expect(go('0.1', 'below')).toBe('2.1')
    expect(go('2.0', 'above')).toBe('0.0')
    expect(go('2.0', 'below')).toBeUndefined()
  })
  test('from edge to edge', () => {
    expect(editPointFrom(document, 0, 1)).toBe(1)
    expect(editPointFrom(document, 4, 1)).toBe(5)
    expect(editPointFrom(document, 5, -1)).toBe(4)
    expect(editPointFrom(document, 12, 1)).toBeNull()
  })
})

describe('the part of time that is shown', () => {
  test('zooming keeps the moment under the pointer where it is', () => {
    const view = new TimelineView()
    view.setWidth(1000)
    view.setExtent(0, 3600)
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3600, noNaN: true }), fc.double({ min: 0.2, max: 5 }), (at, factor) => {
        view.fit()
        view.zoomAround(at, 4)
        const x = view.xOf(at)
        view.zoomAround(at, factor)
        expect(view.xOf(at)).toBeCloseTo(x, 3)
        expect(view.secondsAt(view.xOf(at))).toBeCloseTo(at, 6)
      }),
    )
  })
  test('everything stays in view until the person zooms', () => {
    const view = new TimelineView()
    view.setWidth(1000)
    view.setExtent(0, 10)
    view.setExtent(-5, 60)
    expect(view.xOf(-5)).toBeGreaterThan(10)
    expect(view.xOf(60)).toBeLessThan(990)
    view.setWidth(400)
    expect(view.xOf(60)).toBeLessThan(400)
    view.zoomAround(0, 8)
    expect(view.showsAll).toBe(false)
    const { pixelsPerSecond } = view.window
    view.setExtent(-5, 600)
    expect(view.window.pixelsPerSecond).toBe(pixelsPerSecond)
  })
  test('an end that moves within the window moves nothing else and draws nothing anew', () => {
    const view = new TimelineView()
    view.setWidth(1000)
    view.setExtent(0, 30)
    const before = view.window
    const told = vi.fn()
    view.subscribe(told)
    view.setExtent(0, 28)
    view.setExtent(1, 30.5)
    expect(view.window).toBe(before)
    expect(told).not.toHaveBeenCalled()
  })
  test('a playhead that leaves is followed by a page on or back, and into the middle where it was sent far', () => {
    const view = new TimelineView()
    view.setWidth(1000)
    view.setExtent(0, 1000)
    const from = (startSeconds: number, playhead: number): number => {
      view.restore({ startSeconds, pixelsPerSecond: 10 })
      view.setExtent(0, 1000)
      view.follow(playhead)
      return Math.round(view.xOf(playhead))
    }
    expect([from(200, 250), from(200, 300.1), from(200, 199.9), from(200, 700)]).toEqual([500, 80, 920, 500])
    // At the beginning nothing empty is shown that need not be.
    expect([from(50, 0), from(900, 0), from(5, 3)]).toEqual([80, 80, 110])
  })

  test('what was kept is shown again', () => {
    const view = new TimelineView()
    view.setWidth(1000)
    view.restore({ startSeconds: 12, pixelsPerSecond: 300 })
    view.setExtent(0, 30)
    expect(view.window).toEqual({ startSeconds: 12, pixelsPerSecond: 300 })
  })
})

const NTSC = { numerator: 30_000, denominator: 1001 }

describe('how time and numbers read', () => {
  test('timecode, also dropped and negative', () => {
    expect(timecode(3661.5, { numerator: 25, denominator: 1 })).toBe('01:01:01:12')
    expect(timecode(60.06, { numerator: 30_000, denominator: 1001 })).toBe('00:01:00;02')
    expect(timecode(600.6, { numerator: 30_000, denominator: 1001 })).toBe('00:10:00;18')
    expect(timecode(9.99998, { numerator: 30, denominator: 1 })).toBe('00:00:10:00')
    expect(timecode(9.999, { numerator: 30, denominator: 1 })).toBe('00:00:09:29')
    expect(timecode(-1.5, { numerator: 30, denominator: 1 })).toBe('−00:00:01:15')
  })
  test('labels of the ruler do not touch at any zoom', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.02, max: 480_000, noNaN: true }), (pixelsPerSecond) => {
        for (const format of ['timecode', 'frames', 'seconds', 'samples']) {
          const step = rulerStep(pixelsPerSecond, 92, format, NTSC)
          expect(step * pixelsPerSecond).toBeGreaterThanOrEqual(92)
          // What is counted in frames is labelled at whole frames, and within one at whole samples.
          const counted = step < 1001 / 30_000 ? step * 48_000 : (step * 30_000) / 1001
          if (format === 'frames' && step < 14_000) expect(Math.abs(counted - Math.round(counted))).toBeLessThan(1e-6)
        }
      }),
    )
  })
  test('within a frame, samples after its begin, at the end of a day too', () => {
    const second = { numerator: 1, denominator: 1 }
    expect(rulerStep(480_000, 92, 'timecode', second) * 48_000).toBeCloseTo(10)
    expect(rulerMark(86_399 + 480 / 48_000, 'timecode', second)).toBe('+480')
    expect(rulerMark(86_399, 'timecode', second)).toBe('23:59:59:00')
    expect(rulerMark(2.5, 'seconds', second)).toBe('00:02.500')
  })
  test('times, sizes and uncertainty', () => {
    expect(clockTime(-0.0004)).toBe('00:00:00.000')
    expect(clockTime(3723.0456)).toBe('01:02:03.046')
    expect([-2.2, 62.345, 3723, -3723].map(shortClock)).toEqual(['−00:02.20', '01:02.34', '01:02:03', '−01:02:03'])
    expect(withSigma(3.70021, 0.00012)).toBe('+3.7002 s ± 0.12 ms')
    expect(withSigma(-2, 0.25)).toBe('−2.0000 s ± 250 ms')
    expect(withSigma(-0.00001, 0.00002)).toBe('+0.0000 s ± 0.02 ms')
    expect(byteWords(999)).toBe('999 B')
    expect(byteWords(1_540_000)).toBe('1.5 MB')
    expect(durationWords(200)).toBe('3 min 20 s')
    expect(durationWords(7199)).toBe('2 h 0 min')
  })
})
