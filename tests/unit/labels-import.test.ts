/** Labels that come back: what was written is read as it was, beside what is there and nothing twice. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { labelsCsv, labelsJson, labelsVtt } from '../../electron/engine/publish/formats/labels.ts'
import { viewProject } from '../../electron/engine/publish/package/project-view.ts'
import { readEdit } from '../../electron/engine/work/import-edit.ts'
import { assertValid, edit, type Document } from '../../shared/document/document.ts'
import { addSpan, attributesFromText, labelsInOrder, newLabel, spansInOrder } from '../../shared/document/labels.ts'
import type { DocumentRecord } from '../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../shared/units.ts'
import { say } from '../../shared/sayings/saying.ts'
import { projectRecord } from '../fixtures/publish/project.ts'

const EMPTY: Document = new Map([['project', projectRecord({ title: 'Kitchen' })]])

/** Two labels, of which one asks; spans with answers and notes that every form has to write with care. */
function kitchen(): Document {
  const document = new Map<string, DocumentRecord>(EMPTY)
  const pour = newLabel(document, 'pour', 'pour, slowly', ['blue'])
  document.set('pour', { ...pour, attributes: attributesFromText('hand = left, right') })
  document.set('cut', newLabel(document, 'cut', 'cut', ['red']))
  addSpan(document, 'a', 'pour', ticksFromSeconds(1), ticksFromSeconds(2.5))
  addSpan(document, 'b', 'cut', ticksFromSeconds(2), ticksFromSeconds(3 + 1 / 3))
  const [a, b] = [document.get('a'), document.get('b')]
  if (a?.kind !== 'marker' || b?.kind !== 'marker') throw new Error('no span')
  document.set('a', { ...a, values: { hand: 'left' }, note: 'a "cup" <b>\nsecond line' })
  document.set('b', { ...b, note: 'twice' })
  return document
}

const told = (document: Document) =>
  spansInOrder(document).map((span) => {
    const times = [span.atTicks, span.atTicks + span.durationTicks].map((ticks) => secondsFromTicks(ticks).toFixed(3))
    return [span.title, ...times, span.values ?? {}, span.note]
  })

describe('files of labels', () => {
  const view = viewProject(kitchen().values())
  const spans = spansInOrder(kitchen())
  const FILES = {
    'labels.csv': labelsCsv(view, spans),
    'labels.json': labelsJson(view, spans),
    'labels.vtt': labelsVtt(spans),
  }
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'asterism-labels-'))
  })
  afterAll(async () => await rm(folder, { recursive: true, force: true }))

  const read = async (name: string, content: string) => {
    await writeFile(join(folder, name), content)
    return await readEdit(join(folder, name))
  }
  const put = async (name: string, content: string, document: Document) => {
    const found = await read(name, content)
    if (!found) throw new Error('it is no file of labels')
    let answer: ReturnType<typeof found.apply> | undefined
    const { document: after } = edit(document, (draft) => void (answer = found.apply(draft)))
    assertValid(after, after.keys())
    return { after, answer: answer! }
  }

  test.each(Object.entries(FILES))(
    '%s comes back as it was, and a second time brings nothing',
    async (name, content) => {
      const { after, answer } = await put(name, content, EMPTY)
      expect(answer).toMatchObject({ labels: 2, markers: 2, captions: 0, warnings: [] })
      expect(told(after)).toEqual(told(kitchen()))
      const again = await put(name, content, after)
      expect(again.answer).toMatchObject({
        labels: 0,
        markers: 0,
        warnings: ['2 spans were there already.'],
        warnings_said: [say('edit.leftOut.knownSpans', { spans: 2 })],
      })
      expect(again.after).toEqual(after)
      // Into the project that it is from it brings nothing either, however its numbers were rounded.
      if (name !== 'labels.vtt') expect((await put(name, content, kitchen())).answer.markers).toBe(0)
    },
  )

  test('JSON brings colours and the answers that a question has', async () => {
    const { after } = await put('labels.json', FILES['labels.json'], EMPTY)
    expect(labelsInOrder(after)).toMatchObject([
      { name: 'pour, slowly', color: 'blue', key: '1', attributes: [{ name: 'hand', values: ['left', 'right'] }] },
      { name: 'cut', color: 'red', key: '2' },
    ])
  })

  test('a schema alone brings labels, and adds its questions to those of the same name', async () => {
    const schema = {
      categories: [{ name: 'cut', attributes: [{ name: 'tool', values: ['knife', 7] }] }, { name: 'stir' }],
    }
    const { after, answer } = await put('schema.json', JSON.stringify(schema), kitchen())
    expect(answer).toMatchObject({ labels: 1, markers: 0 })
    expect(labelsInOrder(after).map(({ name }) => name)).toEqual(['pour, slowly', 'cut', 'stir'])
    expect(labelsInOrder(after)[1]!.attributes).toEqual([{ name: 'tool', values: ['knife', '7'] }])
  })

  test('the columns of a table stand in any order', async () => {
    const { after } = await put('turned.csv', '\uFEFF"start_s",end_s,"label",hand\n1,3,"cut, ""deep""",left\n', EMPTY)
    expect(told(after)).toEqual([['cut, "deep"', '1.000', '3.000', { hand: 'left' }, '']])
  })

  test('broken spans are left out and counted', async () => {
    const table = 'label,start_s,duration_s\r\ncut,1,2\ncut,x,2\n,1,2\ncut,5,-1\n\ncut,5'
    const { after, answer } = await put('broken.csv', table, EMPTY)
    expect(told(after)).toEqual([['cut', '1.000', '3.000', {}, '']])
    expect(answer.warnings).toEqual(['4 spans could not be read and are left out.'])
  })

  test('tables of motion, other JSON and captions are none', async () => {
    expect(await read('imu.csv', 'time,ax,ay,az\n0,1,2,3\n')).toBeNull()
    expect(await read('transforms.json', '{"frames": []}')).toBeNull()
    expect(await read('torn.json', '{"categories": [')).toBeNull()
    const captions = await read('words.vtt', 'WEBVTT\n\n00:01.000 --> 00:02.000\ncut\n')
    expect(captions?.format).toBe('vtt')
  })
})
