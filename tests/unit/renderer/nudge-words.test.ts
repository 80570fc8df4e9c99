/** Keys that move something say how far it went, and presses that are one gesture how far they went together. */
import { expect, test, vi } from 'vitest'
import { edit, type Recipe } from '../../../shared/document/document.ts'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { loadFromWindow } from './window-modules.ts'

const { actions } = await loadFromWindow('actions/actions')
const { useDocument } = await loadFromWindow('state/document-store')
const { useSession } = await loadFromWindow('state/session-store')

// What changes asks for a frame, which nothing is drawn in here.
vi.stubGlobal('requestAnimationFrame', () => 1)

const clip = {
  id: 'c',
  assetId: 'front',
  streamId: 'picture',
  startTicks: ticksFromSeconds(2),
  durationTicks: ticksFromSeconds(4),
  sourceStartTicks: 0,
  linkId: null,
}
const RECORDS: Record<string, object> = {
  front: { kind: 'asset', title: 'Front' },
  clock: { kind: 'clock', assetId: 'front' },
  picture: {
    kind: 'stream',
    assetId: 'front',
    clockId: 'clock',
    sensor: 'video',
    startSeconds: 0,
    durationSeconds: 60,
  },
  track: { kind: 'track', title: 'Front', sensor: 'video', order: 0, muted: false, locked: false, clips: [clip] },
}

/** What is told of a key. */
function told(id: string): string {
  let words = ''
  void actions
    .find((each) => each.id === id)!
    .run({
      commit(label: string, recipe: Recipe, _mergeKey?: string, said: () => string = () => label) {
        useDocument.setState({ document: edit(useDocument.getState().document, recipe).document })
        words = said()
      },
    })
  return words
}

test('a clip, and a recording, say by how much they went and where they are now', () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
  const records = Object.entries(RECORDS).map(([id, record]) => [id, { id, ...record } as DocumentRecord] as const)
  useDocument.setState({ document: new Map(records) })
  useSession.setState({ selectedClipIds: new Set(['c']) })
  expect(told('nudgeOn')).toBe('Nudge: +00:00:00:01, now at 00:00:02:01')
  expect(told('nudgeOn')).toBe('Nudge: +00:00:00:02, now at 00:00:02:02')
  clock.mockReturnValue(9000)
  expect(told('nudgeOn'), 'much later').toBe('Nudge: +00:00:00:01, now at 00:00:02:03')
  expect(told('alignMillisecondOn')).toBe('Front: +0.0010 s, offset now 0.00100 s')
  expect(told('alignMillisecondOn')).toBe('Front: +0.0020 s, offset now 0.00200 s')
  told('nudgeOn')
  useDocument.setState({ document: new Map(useDocument.getState().document) })
  expect(told('nudgeSampleBack'), 'something else was done in between').toBe('Nudge: −20.8 µs, now at 00:00:02:04')
})
