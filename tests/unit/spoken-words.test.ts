/** Words on the time line, and cuts by them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutSpans, lockedBehind } from '../../shared/document/cut-spans.ts'
import { edit, recordsOf, type Document } from '../../shared/document/document.ts'
import type { Caption, DocumentRecord, Marker, Track } from '../../shared/document/records.ts'
import {
  findFillers,
  findPauses,
  mergeSpans,
  withText,
  wordsOf,
  type Span,
} from '../../shared/document/spoken-words.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../shared/units.ts'

const ticks = (seconds: number): number => ticksFromSeconds(seconds)

/** "so um we add the onions": a word every half a second, each 0.3 s long, a pause of 2 s before the onions. */
function caption(fields: Partial<Caption> = {}): Caption {
  const words = ['so', 'um', 'we', 'add', 'the', 'onions'].map((text, n) => {
    const startSeconds = 10 + n * 0.5 + (n === 5 ? 2 : 0)
    return { text, startTicks: ticks(startSeconds), endTicks: ticks(startSeconds + 0.3) }
  })
  return {
    kind: 'caption',
    id: 'words',
    assetId: null,
    startTicks: words[0]!.startTicks,
    endTicks: words.at(-1)!.endTicks,
    text: 'so um we add the onions',
    source: 'transcribed',
    words,
    ...fields,
  }
}

function track(id: string, startSeconds: number, locked = false): Track {
  const clip = {
    id: `clip-${id}`,
    assetId: 'a',
    streamId: `s-${id}`,
    startTicks: ticks(startSeconds),
    durationTicks: ticks(60),
    sourceStartTicks: ticks(5),
    linkId: 'a',
  }
  return { kind: 'track', id, title: id, sensor: 'audio', order: 0, muted: false, locked, clips: [clip] }
}

const marker = (id: string, atSeconds: number, durationSeconds = 0): Marker => ({
  kind: 'marker',
  id,
  atTicks: ticks(atSeconds),
  durationTicks: ticks(durationSeconds),
  title: id,
  color: 'red',
  note: '',
})

const documentOf = (...records: DocumentRecord[]): Document => new Map(records.map((record) => [record.id, record]))

function cut(document: Document, ...spans: Span[]): Document {
  let n = 0
  return edit(document, (draft) => void cutSpans(draft, spans, () => `new-${n++}`)).document
}

const span = (from: number, to: number): Span => ({ startTicks: ticks(from), endTicks: ticks(to) })

/** What each track shows at a moment, in seconds of its recording; null in a gap. */
function shownAt(document: Document, seconds: number): (number | null)[] {
  return recordsOf(document, 'track').map(({ clips }) => {
    const at = ticks(seconds)
    const clip = clips.find((each) => at >= each.startTicks && at < each.startTicks + each.durationTicks)
    return clip ? Math.round(secondsFromTicks(clip.sourceStartTicks + at - clip.startTicks) * 1e6) / 1e6 : null
  })
}

describe('the text of a caption', () => {
  it('keeps the times of words that stay, and lays new ones where the old ones were', () => {
    const edited = withText(caption(), 'so now we  add the onions')
    expect(edited.text).toBe('so now we add the onions')
    expect(edited.words!.map((word) => word.text)).toEqual(['so', 'now', 'we', 'add', 'the', 'onions'])
    expect(edited.words!.map((word) => word.startTicks)).toEqual(caption().words!.map((word) => word.startTicks))
  })

  it('may get longer, shorter or empty, and its words stay in order and inside', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('so', 'we', 'add', 'onions', 'x', 'longer-word'), { maxLength: 12 }),
        (texts) => {
          const { words, text } = withText(caption(), texts.join(' '))
          expect(words!.map((word) => word.text)).toEqual(texts)
          expect(text).toBe(texts.join(' '))
          for (const [n, word] of words!.entries()) {
            expect(word.endTicks).toBeGreaterThanOrEqual(word.startTicks)
            if (n > 0) expect(word.startTicks).toBeGreaterThanOrEqual(words![n - 1]!.startTicks)
            expect(word.startTicks).toBeGreaterThanOrEqual(caption().startTicks)
            expect(word.endTicks).toBeLessThanOrEqual(caption().endTicks)
          }
        },
      ),
    )
  })

  it('without measured words has them where their letters lie', () => {
    const typed = caption({ text: 'aa bbbb', source: 'typed' })
    delete typed.words
    const [first, second] = wordsOf(typed)
    const length = typed.endTicks - typed.startTicks
    expect(first!.endTicks - first!.startTicks).toBeCloseTo(length / 3, -1)
    expect(second!.endTicks).toBe(typed.endTicks)
    expect(withText(typed, ' new   text ')).toMatchObject({ text: 'new text', startTicks: typed.startTicks })
  })
})

describe('what is not worth keeping', () => {
  it('is found: fillers with their times, pauses without their edges', () => {
    expect(findFillers([caption()]).map((word) => word.text)).toEqual(['um'])
    expect(findPauses([caption()], 1)).toEqual([span(12.45, 14.35)])
    expect(findPauses([caption()], 3)).toEqual([])
  })

  it('is no pause while another transcript speaks', () => {
    const other = caption({ id: 'other', words: [{ text: 'yes', startTicks: ticks(13), endTicks: ticks(13.6) }] })
    expect(findPauses([caption(), other], 1)).toEqual([])
    expect(mergeSpans([span(3, 4), span(1, 2), span(2, 3), span(6, 7)])).toEqual([span(1, 4), span(6, 7)])
  })
})

describe('a cut by words', () => {
  const whole = documentOf(track('camera', 0), track('microphone', 2), caption(), marker('m', 10.6), marker('r', 9, 4))

  it('takes the stretch out of every track and brings what follows up', () => {
    const after = cut(whole, span(10.5, 11))
    expect(shownAt(after, 10.4)).toEqual(shownAt(whole, 10.4))
    expect(shownAt(after, 10.6)).toEqual(shownAt(whole, 11.1))
    expect(shownAt(after, 59.4)).toEqual(shownAt(whole, 59.9))
    expect(shownAt(after, 59.6)).toEqual([null, 62.6 + 0.5])
  })

  it('takes the words along, moves markers to the cut and shortens ranges', () => {
    const after = cut(whole, span(10.5, 11))
    expect(recordsOf(after, 'caption')[0]).toMatchObject({ text: 'so we add the onions', startTicks: ticks(10) })
    expect(recordsOf(after, 'caption')[0]!.words![1]).toMatchObject({ text: 'we', startTicks: ticks(10.5) })
    expect(after.get('m')).toMatchObject({ atTicks: ticks(10.5) })
    expect(after.get('r')).toMatchObject({ atTicks: ticks(9), durationTicks: ticks(3.5) })
    expect(recordsOf(cut(whole, span(9, 20)), 'caption')).toEqual([])
  })

  it('is not made where a locked track would fall out of step', () => {
    const locked = documentOf(track('camera', 0, true), track('microphone', 2), caption())
    expect(cut(locked, span(10, 20))).toEqual(locked)
    expect(lockedBehind(locked, [span(10, 20)])?.id).toBe('camera')
    // It ends before the cut, so nothing of it would move.
    expect(shownAt(cut(locked, span(61, 61.5)), 61.2)[1]).toBe(shownAt(locked, 61.7)[1])
  })

  it('shows every moment that was not cut, in step, wherever the spans lie', () => {
    const spans = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 80 }))
        .map(([from, length]) => span(from / 10, (from + length) / 10)),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(spans, fc.integer({ min: 0, max: 6399 }), (chosen, hundredths) => {
        const seconds = hundredths / 100 + 0.005
        const merged = mergeSpans(chosen)
        const at = ticks(seconds)
        if (merged.some((each) => at >= each.startTicks && at < each.endTicks)) return
        const before = merged.filter((each) => each.endTicks <= at)
        const gone = before.reduce((sum, each) => sum + each.endTicks - each.startTicks, 0)
        const after = cut(whole, ...chosen)
        expect(shownAt(after, seconds - secondsFromTicks(gone))).toEqual(shownAt(whole, seconds))
      }),
    )
  })
})
