/** The pointer over the timeline, from the press to what the document is afterwards, on the stores of the window. */
import { beforeEach, expect, test, vi } from 'vitest'
import { edit, recordsOf, type Recipe } from '../../../shared/document/document.ts'
import type { Clip, Track } from '../../../shared/document/records.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { loadFromWindow } from './window-modules.ts'

vi.stubGlobal('requestAnimationFrame', () => 1)

const { PointerGestures } = await loadFromWindow('timeline/pointer-gestures')
const { timelineModeller } = await loadFromWindow('timeline/rows')
const { timelineView } = await loadFromWindow('timeline/view-state')
const { useDocument } = await loadFromWindow('state/document-store')
const { useSession } = await loadFromWindow('state/session-store')
const { setTransportBounds, useTransport } = await loadFromWindow('state/transport')

const WIDTH = 1000
const HEIGHT = 200
const RULER = 32
/** Rows of other sensors than pictures and sound. */
const ROW = 30

const clip = (id: string, from: number, to: number): Clip => ({
  id,
  assetId: 'asset',
  streamId: 'stream',
  startTicks: ticksFromSeconds(from),
  durationTicks: ticksFromSeconds(to - from),
  sourceStartTicks: ticksFromSeconds(from),
  linkId: null,
})
const track = (order: number, clips: readonly Clip[], locked = false): Track => ({
  kind: 'track',
  id: `track-${order}`,
  title: `track ${order}`,
  sensor: 'imu',
  order,
  muted: false,
  locked,
  clips: [...clips],
})

const element = () => ({ hidden: true, textContent: '', offsetWidth: 0, style: {} as Record<string, string> })

/** A timeline of 100 s on 1,000 pixels, under a canvas that only hears. */
function timeline(tracks: readonly Track[]) {
  const marks = { snap: element(), playhead: element(), marquee: element(), readout: element() }
  const canvas = Object.assign(new EventTarget(), {
    style: {} as Record<string, string>,
    getBoundingClientRect: () => ({ left: 0, top: 0 }),
    focus: () => undefined,
    setPointerCapture: () => undefined,
    hasPointerCapture: () => false,
  })
  const done: string[] = []
  let menu = ''
  let scrollTop = 0
  useDocument.setState({ document: new Map(tracks.map((each) => [each.id, each])) })
  const input = () => ({
    model: timelineModeller()(useDocument.getState().document, []),
    frameRate: { numerator: 25, denominator: 1 },
    scrollTop,
    setScrollTop: (top: number) => (scrollTop = top),
    setMenuPlace: (place: string) => (menu = place),
    context: {
      commit: (label: string, recipe: Recipe) => {
        done.push(label)
        useDocument.setState({ document: edit(useDocument.getState().document, recipe).document })
      },
    },
  })
  const painter = { zoom: 1, width: WIDTH, height: HEIGHT }
  const pointer = new PointerGestures(canvas, painter, marks, input, () => undefined, new AbortController().signal)
  const send = (type: string, x: number, y: number, other: Record<string, unknown> = {}): void => {
    const keys = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
    const facts = { clientX: x, clientY: y, button: 0, pointerId: 1, ...keys, ...other }
    canvas.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), facts))
    pointer.frame()
  }
  return {
    send,
    frame: () => pointer.frame(),
    marks,
    canvas,
    done,
    menu: () => menu,
    scrollTop: () => scrollTop,
    drag(from: readonly [number, number], to: readonly [number, number], other: Record<string, unknown> = {}): void {
      send('pointerdown', ...from, other)
      send('pointermove', (from[0] + to[0]) / 2, (from[1] + to[1]) / 2, other)
      send('pointermove', ...to, other)
    },
  }
}

const selected = (): string[] => [...useSession.getState().selectedClipIds].sort()
const row = (n: number): number => RULER + n * ROW + ROW / 2
const starts = (): number[] =>
  recordsOf(useDocument.getState().document, 'track').flatMap(({ clips }) =>
    clips.map(({ startTicks }) => startTicks / ticksFromSeconds(1)),
  )

beforeEach(() => {
  setTransportBounds(0, 100)
  useTransport.setState({ rate: 0, anchorSeconds: 1, inSeconds: null, outSeconds: null })
  useSession.setState({ selectedClipIds: new Set(), selectedMarkerId: null, snapping: false } as object)
  timelineView.setWidth(WIDTH)
  timelineView.setExtent(0, 1000)
  timelineView.restore({ startSeconds: 0, pixelsPerSecond: 10 })
})

const TWO = [track(0, [clip('a', 10, 20), clip('b', 30, 40)]), track(1, [clip('c', 12, 18)])]

test('a rectangle selects what it touches while it is drawn, beside the selection with Shift, and leaves the playhead', () => {
  const { drag, send, marks } = timeline(TWO)
  drag([50, row(0)], [150, row(1)])
  expect(selected()).toEqual(['a', 'c'])
  expect(marks.marquee.hidden).toBe(false)
  send('pointermove', 110, row(0))
  expect(selected()).toEqual(['a'])
  send('pointerup', 110, row(0))
  expect(marks.marquee.hidden).toBe(true)
  drag([250, row(0)], [350, row(0)], { shiftKey: true })
  send('pointerup', 350, row(0))
  expect(selected()).toEqual(['a', 'b'])
  expect(useTransport.getState().anchorSeconds).toBe(1)
  // Pressed and not drawn, it is the playhead that goes there.
  send('pointerdown', 250, row(0))
  send('pointerup', 250, row(0))
  expect([useTransport.getState().anchorSeconds, selected()]).toEqual([25, []])
})

test('several clips take along what they are linked with, and with Alt they go alone', () => {
  const linked = (id: string, from: number, to: number, linkId: string): Clip => ({ ...clip(id, from, to), linkId })
  const tracks = [
    track(0, [linked('a', 10, 20, 'one'), linked('b', 30, 40, 'two')]),
    track(1, [linked('c', 10, 20, 'one'), linked('d', 30, 40, 'two')]),
  ]
  const both = timeline(tracks)
  useSession.setState({ selectedClipIds: new Set(['a', 'b']) })
  both.drag([150, row(0)], [200, row(0)])
  both.send('pointerup', 200, row(0))
  expect(starts()).toEqual([15, 35, 15, 35])
  const alone = timeline(tracks)
  useSession.setState({ selectedClipIds: new Set(['a', 'b']) })
  alone.drag([150, row(0)], [200, row(0)], { altKey: true })
  alone.send('pointerup', 200, row(0))
  expect(starts()).toEqual([15, 35, 10, 30])
})

test('Escape takes a rectangle and what it selected back', () => {
  const { drag, canvas } = timeline(TWO)
  drag([50, row(0)], [150, row(1)])
  canvas.dispatchEvent(Object.assign(new Event('keydown', { cancelable: true }), { key: 'Escape' }))
  expect(selected()).toEqual([])
})

test('a drag straight onto another track says where there is no room, and moves where there is', () => {
  const { drag, send, marks, done } = timeline([
    track(0, [clip('a', 10, 20), clip('b', 30, 40)]),
    track(1, [clip('c', 12, 18)]),
  ])
  drag([150, row(0)], [150, row(1)])
  expect(marks.readout.textContent).toBe('There is no room there')
  send('pointerup', 150, row(1))
  expect(done).toEqual([])
  drag([350, row(0)], [350, row(1)])
  send('pointerup', 350, row(1))
  expect(starts()).toEqual([10, 12, 30])
})

test('a drag says what it comes to, holds while it scrolls at the edge, and is one step', () => {
  const { drag, send, frame, marks, done, canvas } = timeline(TWO)
  drag([350, row(0)], [400, row(0)])
  expect(canvas.style['cursor']).toBe('grabbing')
  expect(marks.readout.textContent).toBe('+00:00:05:00, now at 00:00:35:00')
  vi.useFakeTimers({ toFake: ['performance'] })
  const wait = (frames: number): void => {
    for (let n = 0; n < frames; n++) {
      vi.advanceTimersByTime(16)
      frame()
    }
  }
  // A quick throw beyond the edge leaves the view where it is.
  send('pointermove', WIDTH + 20, row(0))
  wait(10)
  send('pointermove', 400, row(0))
  wait(10)
  expect(timelineView.window.startSeconds).toBe(0)
  send('pointermove', WIDTH + 20, row(0))
  wait(30)
  vi.useRealTimers()
  const scrolled = timelineView.window.startSeconds
  expect(scrolled).toBeGreaterThan(5)
  send('pointerup', WIDTH + 20, row(0))
  expect(done).toEqual(['Move'])
  expect(marks.readout.hidden).toBe(true)
  // The clip lies where the pointer is, though the view moved on below it.
  expect(starts()[1]).toBeCloseTo(scrolled + (WIDTH + 20) / 10 - 5, 3)
  const stands = timelineView.window.startSeconds
  frame()
  expect(timelineView.window.startSeconds).toBe(stands)
})

test('what is locked stays, and says so where it is pulled', () => {
  const { drag, send, marks, done, canvas } = timeline([track(0, [clip('a', 10, 20)], true)])
  drag([150, row(0)], [300, row(0)])
  expect(marks.readout.textContent).toBe('track 0 is locked')
  expect(canvas.style['cursor']).toBe('not-allowed')
  send('pointerup', 300, row(0))
  expect([done, starts()]).toEqual([[], [10]])
})

test('the middle button moves the view and nothing else', () => {
  const { drag, send, done, scrollTop } = timeline([...TWO, ...[2, 3, 4, 5, 6, 7].map((n) => track(n, []))])
  drag([350, row(2)], [250, row(0)], { button: 1 })
  send('pointerup', 250, row(0), { button: 1 })
  expect(timelineView.window.startSeconds).toBeCloseTo(10)
  expect([done, selected(), scrollTop()]).toEqual([[], [], 2 * ROW])
})

test('the menu is for what lies under the pointer, which is selected, or for all that is where that is a part of it', () => {
  const { send, menu } = timeline(TWO)
  const ask = (x: number, y: number, other = {}): [string, string[]] => {
    send('contextmenu', x, y, { button: 2, ...other })
    return [menu(), selected()]
  }
  expect(ask(150, row(0))).toEqual(['clip', ['a']])
  expect(ask(350, row(0))).toEqual(['clip', ['b']])
  useSession.setState({ selectedClipIds: new Set(['a', 'c']) })
  expect(ask(150, row(0))).toEqual(['clip', ['a', 'c']])
  expect(ask(500, row(0))).toEqual(['rows', ['a', 'c']])
  expect(ask(500, 5)[0]).toBe('ruler')
  // Keys ask without a place.
  expect(ask(0, 0, { button: 0 })).toEqual(['clip', ['a', 'c']])
})
