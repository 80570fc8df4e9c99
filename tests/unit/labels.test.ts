/** Labels and their spans: made, moved, renamed, taken away, and written as files that others read. */
import { describe, expect, test } from 'vitest'
import { readCaptions } from '../../electron/engine/publish/formats/captions-read.ts'
import { labelsCsv, labelsJson, labelsVtt } from '../../electron/engine/publish/formats/labels.ts'
import { viewProject } from '../../electron/engine/publish/package/project-view.ts'
import { assertValid, edit, type Document } from '../../shared/document/document.ts'
import {
  addSpan,
  attributesFromText,
  attributesText,
  changeLabel,
  giveKey,
  moveSpan,
  newLabel,
  removeLabel,
  spansInOrder,
} from '../../shared/document/labels.ts'
import { labelSchema } from '../../shared/document/label-records.ts'
import type { DocumentRecord } from '../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../shared/units.ts'
import { captionRecord, markerRecord, projectRecord } from '../fixtures/publish/project.ts'

const seconds = ticksFromSeconds
const COLORS = ['red', 'blue']

function withLabels(...names: string[]): Document {
  const document = new Map<string, DocumentRecord>([['project', projectRecord({ title: 'Kitchen' })]])
  for (const name of names) document.set(name, newLabel(document, name, name, COLORS))
  return document
}

/** Two labels; one was marked twice, once backwards, the other once with answers that a table must quote. */
function kitchen(): Document {
  const marker = markerRecord('clap', 0.5, 'clap')
  const document = new Map(withLabels('pour', 'cut')).set(marker.id, marker)
  addSpan(document, 'b', 'pour', seconds(5), seconds(4))
  addSpan(document, 'a', 'pour', seconds(1), seconds(2.5))
  addSpan(document, 'c', 'cut', seconds(2), seconds(3))
  const span = document.get('c')
  const label = document.get('cut')
  if (span?.kind !== 'marker' || label?.kind !== 'label') throw new Error('no span')
  document.set('c', { ...span, values: { hand: 'left, "mostly"' }, note: 'a <b>\nsecond line' })
  document.set('cut', { ...label, attributes: attributesFromText('hand = left, right') })
  return document
}

const times = (document: Document): number[][] =>
  spansInOrder(document).map((span) => [span.atTicks, span.atTicks + span.durationTicks].map(secondsFromTicks))

describe('labels', () => {
  test('have a key and a colour each; a key that is given away is nobody else’s', () => {
    const labels = [...withLabels('pour', 'cut', 'stir').values()].filter((each) => each.kind === 'label')
    expect(labels.map(({ key, color, order }) => [key, color, order])).toEqual([
      ['1', 'red', 0],
      ['2', 'blue', 1],
      ['3', 'red', 2],
    ])
    const { document } = edit(withLabels('pour', 'cut'), (draft) => giveKey(draft, 'cut', '1'))
    expect([document.get('pour'), document.get('cut')]).toMatchObject([{ key: null }, { key: '1' }])
  })

  test('ask questions that are written in a line and read back', () => {
    const asked = attributesFromText(' hand = left, right ,left; object ;; = x; hand = again')
    expect(asked).toEqual([
      { name: 'hand', values: ['left', 'right'] },
      { name: 'object', values: [] },
    ])
    expect(attributesFromText(attributesText(asked))).toEqual(asked)
    // What a record cannot hold is left out, not refused with all the rest.
    const many = attributesFromText(Array.from({ length: 30 }, (_, n) => `question ${n}`).join(';'))
    const label = newLabel(new Map(), 'pour', 'pour', COLORS)
    expect(labelSchema.parse({ ...label, attributes: many }).attributes).toHaveLength(20)
  })

  test('are renamed and coloured with their spans, and taken away with them in one gesture', () => {
    const before = kitchen()
    const renamed = edit(before, (draft) => changeLabel(draft, 'pour', { name: 'fill', color: 'green' })).document
    expect(spansInOrder(renamed).map((span) => [span.title, span.color])).toEqual([
      ['fill', 'green'],
      ['cut', 'blue'],
      ['fill', 'green'],
    ])
    const gone = edit(before, (draft) => removeLabel(draft, 'pour'))
    expect(spansInOrder(gone.document).map((span) => span.id)).toEqual(['c'])
    expect(gone.document.has('clap')).toBe(true)
  })

  test('a span needs its label', () => {
    const stray = { ...markerRecord('stray', 1, 'stray'), labelId: 'nowhere' }
    const document = new Map(kitchen()).set('stray', stray)
    expect(() => assertValid(document, ['a', 'b', 'c', 'cut'])).not.toThrow()
    expect(() => assertValid(document, ['stray'])).toThrow(/nowhere/)
  })
})

describe('spans', () => {
  test('begin where the earlier press was', () => {
    expect(times(kitchen())).toEqual([
      [1, 2.5],
      [2, 3],
      [4, 5],
    ])
  })

  test.each([
    ['whole', 2, [3, 4.5]],
    ['start', 1, [2, 2.5]],
    ['start', 9, [2.499, 2.5]],
    ['end', 1, [1, 3.5]],
    ['end', -9, [1, 1.001]],
  ] as const)('%s by %d s', (part, by, expected) => {
    const { document } = edit(kitchen(), (draft) => moveSpan(draft, 'a', part, seconds(by)))
    const span = document.get('a')
    if (span?.kind !== 'marker') throw new Error('gone')
    expect(secondsFromTicks(span.atTicks)).toBeCloseTo(expected[0], 6)
    expect(secondsFromTicks(span.atTicks + span.durationTicks)).toBeCloseTo(expected[1], 6)
  })
})

describe('files of labels', () => {
  const view = viewProject(kitchen().values())
  const spans = spansInOrder(kitchen())

  test('a table quotes what would break it', () => {
    expect(labelsCsv(view, spans)).toBe(
      [
        'label,start_s,end_s,duration_s,hand,note',
        'pour,1,2.5,1.5,,',
        'cut,2,3,1,"left, ""mostly""","a <b>\nsecond line"',
        'pour,4,5,1,,',
        '',
      ].join('\r\n'),
    )
  })

  test('cues are read back by a reader of captions', () => {
    const { cues, broken } = readCaptions(labelsVtt(spans))
    expect(broken).toBe(0)
    expect(cues.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual(times(kitchen()))
    expect(cues[1]!.text).toContain('hand: left')
  })

  test('JSON names every category and points at it', () => {
    const { categories, annotations } = JSON.parse(labelsJson(view, spans))
    expect(categories).toMatchObject([
      { id: 1, name: 'pour' },
      { id: 2, name: 'cut', attributes: [{ name: 'hand', values: ['left', 'right'] }] },
    ])
    expect(annotations).toMatchObject([
      { id: 1, category_id: 1, start_s: 1, end_s: 2.5 },
      { id: 2, category_id: 2, attributes: { hand: 'left, "mostly"' } },
      { id: 3, category_id: 1, start_s: 4, end_s: 5 },
    ])
  })

  test('words are not labels', () => {
    const only = [projectRecord(), captionRecord('words', 0, 1, 'Hello')]
    expect(viewProject(only).labels).toEqual([])
  })
})
