/** Finding and replacing what is said, captions by rules, words that are taken elsewhere; and words that nobody expects. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CAPTION_RULES, captionsByRules, PARAGRAPH_RULES } from '../../shared/document/caption-rules.ts'
import { cutSpans } from '../../shared/document/cut-spans.ts'
import { assertValid, edit, recordsOf, type Document } from '../../shared/document/document.ts'
import { findPhrase, indexWords, replaceFound, type SearchWay } from '../../shared/document/find-words.ts'
import { copyStretch, insertStretch } from '../../shared/document/move-spans.ts'
import type { Caption, Clip, DocumentRecord, Track } from '../../shared/document/records.ts'
import { captionsInOrder, findFillers, untimedFillers, withText, wordsOf } from '../../shared/document/spoken-words.ts'
import { joinWords, wordsIn } from '../../shared/document/word-texts.ts'
import { secondsFromTicks, ticksFromSeconds as ticks } from '../../shared/units.ts'

/** Words half a second apart, each 0.4 s long, of one caption. */
function spoken(id: string, startSeconds: number, text: string, measured = true): Caption {
  const words = wordsIn(text).map((word, n) => ({
    text: word,
    startTicks: ticks(startSeconds + n * 0.5),
    endTicks: ticks(startSeconds + n * 0.5 + 0.4),
  }))
  const base: Caption = {
    kind: 'caption',
    id,
    assetId: null,
    startTicks: ticks(startSeconds),
    endTicks: words.at(-1)?.endTicks ?? ticks(startSeconds + 1),
    text,
    source: measured ? 'transcribed' : 'imported',
  }
  return measured ? { ...base, words } : base
}

const ANY: SearchWay = { matchCase: false, wholeWords: false }

function search(texts: readonly string[], phrase: string, way: Partial<SearchWay> = {}): [number, number][] {
  const whole = { ...ANY, ...way }
  return findPhrase(indexWords(texts, whole.matchCase), phrase, whole).map(({ from, to }) => [from, to])
}

function replaced(captions: readonly Caption[], phrase: string, by: string, way: Partial<SearchWay> = {}): string[] {
  const words = captions.flatMap((caption) =>
    wordsOf(caption).map((word, index) => ({ ...word, captionId: caption.id, index })),
  )
  const whole = { ...ANY, ...way }
  const index = indexWords(
    words.map(({ text }) => text),
    whole.matchCase,
  )
  const changed = replaceFound(
    (id) => captions.find((each) => each.id === id),
    words,
    findPhrase(index, phrase, whole),
    by,
  )
  return captions.map((caption) => (changed.has(caption.id) ? (changed.get(caption.id)?.text ?? '') : caption.text))
}

describe('a phrase', () => {
  const said = ['The', 'lamp,', '—', 'the', 'Lamp', 'and', 'lamps.']

  it('is found over signs, as part of words, in any case', () => {
    expect(search(said, 'lamp')).toEqual([
      [1, 1],
      [4, 4],
      [6, 6],
    ])
    expect(search(said, 'lamp the')).toEqual([[1, 3]])
    expect(search(said, 'amp THE l')).toEqual([[1, 4]])
    expect(search(said, '  ')).toEqual([])
    expect(search(said, '—')).toEqual([])
    expect(search([], 'lamp')).toEqual([])
  })

  it('is found as whole words and with its capitals where that is asked', () => {
    expect(search(said, 'lamp', { wholeWords: true })).toEqual([
      [1, 1],
      [4, 4],
    ])
    expect(search(said, 'amp', { wholeWords: true })).toEqual([])
    expect(search(said, 'Lamp', { matchCase: true })).toEqual([[4, 4]])
  })

  it('is found in scripts without spaces, from right to left, and however its letters were composed', () => {
    expect(search(wordsIn('今日は料理をします。次に玉ねぎを切ります。'), '料理を')).toHaveLength(1)
    expect(search(wordsIn('שלום עולם, זה טקסט'), 'עולם זה')).toEqual([[1, 2]])
    expect(search(['u\u0308ber'], 'über')).toEqual([[0, 0]])
    expect(search(['σοφός'], 'ΣΟΦΌΣ'.toLowerCase())).toEqual([[0, 0]])
  })

  it('is said otherwise: signs stay, as do the words around with their times', () => {
    const before = spoken('a', 0, 'the lamp, the "lamp" and lamps')
    expect(replaced([before], 'lamp', 'big light')).toEqual(['the big light, the "big light" and big lights'])
    expect(replaced([before], 'lamp', 'light', { wholeWords: true })).toEqual(['the light, the "light" and lamps'])
    expect(replaced([before], 'the', '')).toEqual(['lamp, "lamp" and lamps'])
    expect(replaced([spoken('a', 0, 'banana')], 'an', 'oo')).toEqual(['booooa'])
  })

  it('that runs from one caption into the next is replaced in the first; one with nothing left goes', () => {
    const captions = [spoken('a', 0, 'we live in New'), spoken('b', 5, 'York'), spoken('c', 9, 'and York')]
    expect(replaced(captions, 'new york', 'Rome')).toEqual(['we live in Rome', '', 'and York'])
  })

  it('leaves words in order and every other word where it was, whatever is replaced by whatever', () => {
    const word = fc.constantFrom('ab', 'ba,', 'a', '«b»', '料理', 'aab.')
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 12 }),
        word,
        fc.constantFrom('', 'x', 'x y', '煮る'),
        (all, phrase, by) => {
          const caption = spoken('a', 0, all.join(' '))
          const words = wordsOf(caption).map((each, index) => ({ ...each, captionId: 'a', index }))
          const index = indexWords(
            words.map(({ text }) => text),
            false,
          )
          const found = findPhrase(index, phrase, ANY)
          const after = replaceFound(() => caption, words, found, by).get('a')
          if (after === undefined) {
            expect(found).toEqual([])
            return
          }
          const left = after?.words ?? []
          for (const [n, each] of left.entries()) {
            if (n > 0) expect(each.startTicks).toBeGreaterThanOrEqual(left[n - 1]!.startTicks)
            expect(each.startTicks).toBeGreaterThanOrEqual(caption.startTicks)
            expect(each.endTicks).toBeLessThanOrEqual(caption.endTicks)
          }
          const touched = new Set(
            found.flatMap(({ from, to }) => words.slice(from, to + 1).map(({ startTicks }) => startTicks)),
          )
          for (const each of words)
            if (!touched.has(each.startTicks))
              expect(left).toContainEqual({ text: each.text, startTicks: each.startTicks, endTicks: each.endTicks })
        },
      ),
    )
  })
})

describe('words', () => {
  it('of texts without spaces are told apart and put together again as they were', () => {
    for (const text of [
      '今日は料理をします。次に「玉ねぎ」を切ります。',
      'สวัสดีครับผมชื่อสมชาย',
      'mixed 日本語と English です',
    ])
      expect(joinWords(wordsIn(text)), text).toBe(text)
    expect(wordsIn('今日は料理をします。').length).toBeGreaterThan(2)
    expect(wordsIn(' \n ')).toEqual([])
  })

  it('that are put in where none was have the pause, and not the time of others', () => {
    const before = spoken('a', 0, 'one two')
    const first = withText(before, 'zero one two').words!
    expect(first.map(({ text }) => text)).toEqual(['zero', 'one', 'two'])
    expect(first[0]!.endTicks).toBeLessThanOrEqual(first[1]!.startTicks)
    const middle = withText(before, 'one and two').words!
    expect([middle[1]!.startTicks, middle[1]!.endTicks]).toEqual([ticks(0.4), ticks(0.5)])
  })

  it('that lie over each other, have no length or no time go with the stretch that they are in, and no others', () => {
    const overlapping = spoken('a', 0, 'one two three')
    overlapping.words![1] = { text: 'two', startTicks: ticks(0.1), endTicks: ticks(1.4) }
    overlapping.words![2] = { text: 'three', startTicks: ticks(0.2), endTicks: ticks(0.2) }
    const untimed = spoken('b', 2, 'some words', false)
    const empty = { ...spoken('c', 5, 'x'), text: '', words: [] }
    const document: Document = new Map([overlapping, untimed, empty].map((each) => [each.id, each]))
    const after = edit(
      document,
      (draft) => void cutSpans(draft, [{ startTicks: 0, endTicks: ticks(0.45) }], String),
    ).document
    expect((after.get('a') as Caption).text).toBe('two')
    expect((after.get('b') as Caption).text).toBe('some words')
    expect(secondsFromTicks((after.get('b') as Caption).startTicks)).toBeCloseTo(1.55)
    expect(captionsByRules([empty], CAPTION_RULES, String)).toEqual([])
  })
})

describe('captions by rules', () => {
  const long = spoken(
    'long',
    0,
    'So first we put the water on, because it takes a while to boil. Then we cut the onions into small pieces, and the carrots too, and everything goes into the large pot with a little oil.',
  )

  it('hold no more letters, lines and seconds than the rules allow, and say all words once', () => {
    const made = captionsByRules([long], CAPTION_RULES, () => `id-${Math.random()}`)
    expect(made.length).toBeGreaterThan(2)
    expect(made[0]!.id).toBe('long')
    for (const { text, startTicks, endTicks } of made) {
      const lines = text.split('\n')
      expect(lines.length).toBeLessThanOrEqual(2)
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(42)
      expect(secondsFromTicks(endTicks - startTicks)).toBeLessThanOrEqual(6)
    }
    expect(made.flatMap((caption) => wordsOf(caption)).map(({ text }) => text)).toEqual(wordsIn(long.text))
    expect(made[0]!.text.replace('\n', ' ')).toMatch(/,$|\.$/)
  })

  it('become the paragraph that they were', () => {
    const made = captionsByRules([long], CAPTION_RULES, () => `id-${Math.random()}`)
    const [again, ...more] = captionsByRules(made, PARAGRAPH_RULES, String)
    expect(more).toEqual([])
    expect(again).toEqual(long)
  })

  it('stay long enough to be read, never into the next, and begin anew after a pause and with another voice', () => {
    const captions = [
      spoken('a', 0, 'Yes.'),
      spoken('b', 0.8, 'No.'),
      { ...spoken('c', 1.3, 'Why?'), assetId: 'other' },
    ]
    const made = captionsByRules(captions, { ...CAPTION_RULES, pauseSeconds: 0.2 }, String)
    expect(made.map(({ text }) => text)).toEqual(['Yes.', 'No.', 'Why?'])
    expect(made.map(({ endTicks }) => Math.round(100 * secondsFromTicks(endTicks)) / 100)).toEqual([0.8, 1.3, 2.3])
  })

  it('take words that nobody measured only apart', () => {
    const typed = [spoken('a', 0, 'one', false), spoken('b', 1, 'two', false)]
    expect(captionsByRules(typed, PARAGRAPH_RULES, String).map(({ text }) => text)).toEqual(['one', 'two'])
  })
})

describe('a stretch that is taken elsewhere', () => {
  const clip = (id: string, streamId: string): Clip => ({
    id,
    assetId: 'asset',
    streamId,
    startTicks: 0,
    durationTicks: ticks(20),
    sourceStartTicks: ticks(3),
    linkId: 'asset',
  })
  const track = (id: string, locked = false): Track => ({
    kind: 'track',
    id,
    title: id,
    sensor: 'audio',
    order: 0,
    muted: false,
    locked,
    clips: [clip(`clip-${id}`, `stream-${id}`)],
  })
  const asset = {
    kind: 'asset',
    id: 'asset',
    title: 'a',
    fileName: 'a.wav',
    format: 'wav',
    assetKind: 'recording',
    byteLength: 1,
    sha256: '0'.repeat(64),
    durationSeconds: 30,
    importedAt: '',
    take: null,
    warnings: [],
    metadata: {},
    missing: false,
  } as const
  const documentOf = (locked = false): Document =>
    new Map(
      (
        [
          asset,
          track('one'),
          track('two', locked),
          spoken('a', 0, 'first we sing'),
          spoken('b', 4, 'then we dance'),
        ] as DocumentRecord[]
      ).map((record) => [record.id, record]),
    )
  let n = 0
  const newId = (): string => `new-${n++}`
  const said = (document: Document): string =>
    captionsInOrder(document)
      .map(({ text }) => text)
      .join(' | ')
  /** What each track shows at a moment, seconds of its recording. */
  const shown = (document: Document, seconds: number): (number | null)[] =>
    recordsOf(document, 'track').map(({ clips }) => {
      const there = clips.find(
        (each) => ticks(seconds) >= each.startTicks && ticks(seconds) < each.startTicks + each.durationTicks,
      )
      return there ? secondsFromTicks(there.sourceStartTicks + ticks(seconds) - there.startTicks) : null
    })

  it('is put in before a word, with its pictures and sounds; what follows makes room', () => {
    const before = documentOf()
    const span = { startTicks: ticks(0.5), endTicks: ticks(1.4) }
    const taken = copyStretch(before, span)
    expect(taken.captions.map(({ text }) => text)).toEqual(['we sing'])
    const cut = edit(before, (draft) => void cutSpans(draft, [span], newId)).document
    expect(said(cut)).toBe('first | then we dance')
    const after = edit(cut, (draft) => void insertStretch(draft, taken, ticks(4 - 0.9 + 0.5), newId)).document
    assertValid(after, after.keys())
    expect(said(after)).toBe('first | then | we sing | we dance')
    for (const each of shown(after, 3.7)) expect(each).toBeCloseTo(3 + 0.6, 6)
    for (const each of shown(after, 10)) expect(each).toBeCloseTo(13, 6)
    // Every word still knows when it was spoken.
    for (const word of captionsInOrder(after).flatMap((caption) => caption.words ?? [])) {
      const original = captionsInOrder(before)
        .flatMap((caption) => caption.words ?? [])
        .filter(({ text }) => text === word.text)
      expect(original.map(({ startTicks }) => startTicks)).toContain(word.startTicks + (word.earlierByTicks ?? 0))
    }
  })

  it('is not put in where a locked track would fall out of step', () => {
    const locked = documentOf(true)
    const taken = copyStretch(locked, { startTicks: 0, endTicks: ticks(1) })
    const after = edit(locked, (draft) => expect(insertStretch(draft, taken, ticks(2), newId)).toBe(false))
    expect(after.document).toEqual(locked)
  })
})

describe('a hundred thousand words', () => {
  const captions = Array.from({ length: 10_000 }, (_, n) =>
    spoken(
      `caption-${n}`,
      n * 8.64,
      n % 5 === 0 ? 'so um we do it once more and then again' : 'so now we do it once more and then again',
    ),
  )
  const document: Document = new Map(captions.map((caption) => [caption.id, caption]))

  it('have fillers that are told but not cut where nobody measured when words are said', () => {
    const typed = [
      spoken('a', 0, 'So, um, uh welcome', false),
      spoken('b', 5, 'um', true),
      spoken('c', 9, 'Um?', false),
    ]
    expect(findFillers(typed)).toHaveLength(1)
    expect(untimedFillers(typed)).toBe(3)
  })

  it('are searched, and all their fillers cut in one gesture', () => {
    const words = captions.flatMap(wordsOf)
    expect(words).toHaveLength(100_000)
    const index = indexWords(
      words.map(({ text }) => text),
      false,
    )
    expect(findPhrase(index, 'once more', ANY)).toHaveLength(10_000)
    const fillers = findFillers(captions)
    expect(fillers).toHaveLength(2000)
    const after = edit(document, (draft) => void cutSpans(draft, fillers, String)).document
    expect(findFillers(captionsInOrder(after))).toEqual([])
    const last = after.get('caption-9999') as Caption
    expect(secondsFromTicks(last.startTicks)).toBeCloseTo(9999 * 8.64 - 2000 * 0.4, 6)
  })
})
