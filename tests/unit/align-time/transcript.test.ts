import { expect, test } from 'vitest'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { cutSpans } from '../../../shared/document/cut-spans.ts'
import { edit, recordsOf } from '../../../shared/document/document.ts'
import { copyStretch, insertStretch } from '../../../shared/document/move-spans.ts'
import { retimeTranscript, wordsOnClock } from '../../../shared/document/transcript.ts'
import { matchWords } from '../../../shared/signal/match-words.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'

const TEXT = 'we fold the paper twice then turn it over and press the long edge down until it holds by itself'.split(
  ' ',
)

/** A recording whose words were understood before it was placed: its clock is the project's. */
function transcribed(name: string, firstSeconds: number) {
  const clock = {
    kind: 'clock' as const,
    id: `clock:${name}`,
    assetId: name,
    title: name,
    source: 'container' as const,
    epochUtcNanoseconds: null,
    timecode: null,
  }
  const at = (index: number): number => firstSeconds + 0.4 * index + 0.05 * (index % 3)
  const records: DocumentRecord[] = [
    clock,
    {
      kind: 'stream',
      id: `stream:${name}`,
      assetId: name,
      clockId: clock.id,
      index: 0,
      sensor: 'audio',
      startSeconds: 0,
      durationSeconds: 60,
    },
    {
      kind: 'caption',
      id: `caption:${name}`,
      assetId: name,
      startTicks: ticksFromSeconds(at(0)),
      endTicks: ticksFromSeconds(at(TEXT.length)),
      text: TEXT.join(' '),
      source: 'transcribed',
      words: TEXT.map((text, index) => ({
        text,
        startTicks: ticksFromSeconds(at(index)),
        endTicks: ticksFromSeconds(at(index) + 0.3),
      })),
    },
  ]
  return { clock, records }
}

test('the words of two transcripts, read on their own clocks, place one on the other', () => {
  const [a, b] = [transcribed('a', 14), transcribed('b', 2.5)]
  const document = new Map([...a.records, ...b.records].map((record) => [record.id, record]))
  const match = matchWords(wordsOnClock(document, a.clock), wordsOnClock(document, b.clock))
  if (!match.matched) throw new Error(match.reason)
  expect(match.offsetSeconds).toBeCloseTo(11.5, 1)
  expect(match.confidence).toBeGreaterThan(0.9)
})

test('words follow the clock they were spoken on, and say the same of it as before', () => {
  const { clock, records } = transcribed('b', 2.5)
  const draft = new Map(records.map((record) => [record.id, record]))
  const before = wordsOnClock(draft, clock)
  const map = { offsetSeconds: 11.5, ratePpm: 80 }
  retimeTranscript(draft, clock, undefined, map)
  const caption = draft.get('caption:b')
  if (caption?.kind !== 'caption') throw new Error('the caption is gone')
  expect(secondsFromTicks(caption.startTicks)).toBeCloseTo(14, 3)
  draft.set(`timeMap:${clock.id}`, {
    kind: 'timeMap',
    id: `timeMap:${clock.id}`,
    clockId: clock.id,
    ...map,
    sigmaOffsetSeconds: 0,
    sigmaRatePpm: 0,
    covariance: [0, 0, 0],
    confidence: 1,
    method: 'audio',
    evidenceIds: [],
    manual: false,
  })
  wordsOnClock(draft, clock).forEach(({ seconds }, index) => expect(seconds).toBeCloseTo(before[index].seconds, 3))
})

test('words that moved up in a cut still say when they were spoken, also once their clock is placed', () => {
  const { clock, records } = transcribed('b', 2.5)
  const whole = new Map(records.map((record) => [record.id, record]))
  const spoken = wordsOnClock(whole, clock)
  const cut = { startTicks: ticksFromSeconds(spoken[4]!.seconds), endTicks: ticksFromSeconds(spoken[7]!.seconds) }
  const { document } = edit(whole, (draft) => void cutSpans(draft, [cut], () => 'new'))
  const left = spoken.filter((_, index) => index < 4 || index >= 7)
  const timesOf = (words: readonly { seconds: number }[]): number[] => words.map((word) => word.seconds)
  const expectSpoken = (from: typeof document, laterSeconds: number): void =>
    timesOf(wordsOnClock(from, clock)).forEach((seconds, index) =>
      expect(seconds).toBeCloseTo(left[index]!.seconds + laterSeconds, 3),
    )
  expect(wordsOnClock(document, clock)).toHaveLength(left.length)
  expectSpoken(document, 0)
  // Placed 100 s later; no map is on record, so that the clock reads as the project does.
  const placed = edit(document, (draft) =>
    retimeTranscript(draft, clock, undefined, { offsetSeconds: 100, ratePpm: 0 }),
  ).document
  expectSpoken(placed, 100)
})

test('words that were copied to another place were spoken once', () => {
  const { clock, records } = transcribed('a', 14)
  const document = new Map(records.map((record) => [record.id, record]))
  const stretch = copyStretch(document, { startTicks: ticksFromSeconds(14), endTicks: ticksFromSeconds(18) })
  const { document: after } = edit(document, (draft) => {
    insertStretch(draft, stretch, ticksFromSeconds(20), () => `new-${Math.random()}`)
  })
  const spoken = wordsOnClock(document, clock)
  expect(recordsOf(after, 'caption').length).toBeGreaterThan(1)
  expect(wordsOnClock(after, clock)).toHaveLength(spoken.length)
})
