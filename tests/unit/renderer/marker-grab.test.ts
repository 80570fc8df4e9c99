/** What a press on the ruler takes hold of, and what drags and keys make of it. */
import { expect, test, vi } from 'vitest'
import { edit, type Document, type Recipe } from '../../../shared/document/document.ts'
import type { Marker } from '../../../shared/document/records.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { loadFromWindow } from './window-modules.ts'

// What changes asks for a frame, which nothing is drawn in here.
vi.stubGlobal('requestAnimationFrame', () => 1)

const { markerGrabAt, markerDragOf, MARK_BAND_TOP } = await loadFromWindow('timeline/marker-grab')
const { rangeMarkAt, dragRangeMark } = await loadFromWindow('timeline/range-marks')
const { timelineModeller } = await loadFromWindow('timeline/rows')
const { TimelineView } = await loadFromWindow('timeline/view-state')
const { useTransport } = await loadFromWindow('state/transport')
const { useDocument } = await loadFromWindow('state/document-store')
const { useSession } = await loadFromWindow('state/session-store')
const { actions } = await loadFromWindow('actions/actions')

const marker = (id: string, at: number, lasts = 0): Marker => ({
  kind: 'marker',
  id,
  atTicks: ticksFromSeconds(at),
  durationTicks: ticksFromSeconds(lasts),
  title: id,
  color: 'accent',
  note: '',
})
const document: Document = new Map([marker('point', 10), marker('range', 20, 10)].map((each) => [each.id, each]))
const model = timelineModeller()(document, [])
const view = new TimelineView()
view.setWidth(1000)
view.restore({ startSeconds: 0, pixelsPerSecond: 20 })
const [HEAD, STRIP] = [MARK_BAND_TOP + 4, MARK_BAND_TOP + 10]
const grabbed = (x: number, y: number): readonly unknown[] | null => {
  const grab = markerGrabAt(model, view, x, y, 0)
  return grab && [grab.marker.id, grab.edge]
}

test('heads and ends are taken hold of, the strip of a range as a whole, and nothing above the band of the markers', () => {
  expect(grabbed(203, HEAD)).toEqual(['point', null])
  expect(grabbed(203, MARK_BAND_TOP - 1)).toBeNull()
  expect(grabbed(215, HEAD)).toBeNull()
  expect(grabbed(402, HEAD)).toEqual(['range', 'start'])
  expect(grabbed(599, STRIP)).toEqual(['range', 'end'])
  expect(grabbed(500, STRIP)).toEqual(['range', null])
  expect(grabbed(500, HEAD)).toBeNull()
})

test.each([
  [203, HEAD, 'Move marker', [12, 0]],
  [402, HEAD, 'Change the length of a range', [22, 8]],
  [599, STRIP, 'Change the length of a range', [20, 12]],
  [500, STRIP, 'Move range', [22, 10]],
])('two seconds on from %i, %i: %s', (x, y, label, expected) => {
  const grab = markerGrabAt(model, view, x, y, 0)!
  const drag = markerDragOf(grab)
  const after = edit(document, (draft) => drag.apply(draft, ticksFromSeconds(2), null)).document.get(grab.marker.id)
  expect(drag.label).toBe(label)
  expect(after?.kind === 'marker' && [after.atTicks, after.durationTicks]).toEqual(expected.map(ticksFromSeconds))
})

test('in and out are dragged, and not past one another', () => {
  useTransport.setState({ inSeconds: 12, outSeconds: 30 })
  expect([rangeMarkAt(view, 243, HEAD), rangeMarkAt(view, 236, HEAD)]).toEqual(['inSeconds', null])
  expect([rangeMarkAt(view, 597, HEAD), rangeMarkAt(view, 597, 8)]).toEqual(['outSeconds', null])
  dragRangeMark('inSeconds', 25)
  dragRangeMark('outSeconds', 20)
  const { inSeconds, outSeconds } = useTransport.getState()
  expect(inSeconds).toBe(25)
  expect(outSeconds).toBeCloseTo(25.001, 6)
})

test('a selected marker goes by a sample with the keys of clips', () => {
  useDocument.setState({ document })
  useSession.setState({ selectedMarkerId: 'point', selectedClipIds: new Set() })
  const nudge = actions.find((each) => each.id === 'nudgeSampleOn')!
  expect(nudge.disabledReason?.()).toBeNull()
  void nudge.run({
    commit: (_label: string, recipe: Recipe) => useDocument.setState({ document: edit(document, recipe).document }),
  })
  const after = useDocument.getState().document.get('point')
  expect(after?.kind === 'marker' && after.atTicks).toBe(ticksFromSeconds(10) + ticksFromSeconds(1 / 48_000))
})
