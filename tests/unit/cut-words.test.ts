/** Cuts that are made by choosing words, over captions of which nobody measured when each word was spoken. */
import { expect, test } from 'vitest'
import { cutWords } from '../../shared/document/cut-words.ts'
import { edit, recordsOf, type Document } from '../../shared/document/document.ts'
import type { Caption, Track } from '../../shared/document/records.ts'
import { wordsOf, type Span } from '../../shared/document/spoken-words.ts'

function caption(id: string, startTicks: number, text: string): Caption {
  return { kind: 'caption', id, assetId: null, startTicks, endTicks: startTicks + 1000, text, source: 'imported' }
}

const FIRST = caption('first', 1000, 'we cut um the onions')
const SECOND = caption('second', 3000, 'and stir')

const documentOf = (locked = false): Document => {
  const clip = { assetId: 'a', streamId: 'a.0', startTicks: 0, durationTicks: 9000, sourceStartTicks: 0, linkId: null }
  const look = { title: 'track', sensor: 'video', order: 0, muted: false } as const
  const track: Track = { kind: 'track', id: 'track', ...look, locked, clips: [{ id: 'clip', ...clip }] }
  return new Map([FIRST, SECOND, track].map((record) => [record.id, record]))
}

function cut(document: Document, ...spans: Span[]): Document {
  let n = 0
  return edit(document, (draft) => void cutWords(draft, spans, () => `new-${n++}`)).document
}

const told = (document: Document): unknown[] =>
  recordsOf(document, 'caption').map(({ id, text, startTicks, endTicks }) => [id, text, startTicks, endTicks])

test('the words that were chosen leave the text as they leave the time line, and no others', () => {
  const [word] = wordsOf(FIRST).filter(({ text }) => text === 'um')
  const gone = word!.endTicks - word!.startTicks
  expect(told(cut(documentOf(), word!))).toEqual([
    ['first', 'we cut the onions', 1000, 2000 - gone],
    ['second', 'and stir', 3000 - gone, 4000 - gone],
  ])
})

test('a caption of which every word was chosen goes', () => {
  expect(told(cut(documentOf(), FIRST))).toEqual([['second', 'and stir', 2000, 3000]])
})

test('a locked track holds the words as it holds the pictures', () => {
  expect(told(cut(documentOf(true), FIRST))).toEqual(told(documentOf()))
})
