/** A clip that is made as short as it can be is still seen or heard. */
import { expect, test } from 'vitest'
import { edit, type Document, type Recipe } from '../../shared/document/document.ts'
import type { DocumentRecord, Track } from '../../shared/document/records.ts'
import { rippleTrim, rollCut, slideClips, trimClips } from '../../shared/document/timeline-trims.ts'
import { splitAt } from '../../shared/document/timeline.ts'
import { ticksFromSeconds } from '../../shared/units.ts'
import { clockRecord, streamRecord, trackRecord } from '../fixtures/publish/project.ts'

const SECOND = ticksFromSeconds(1)
const video = streamRecord('cam', {
  sensor: 'video',
  frameRate: { numerator: 25, denominator: 1 },
  durationSeconds: 60,
})
const audio = streamRecord('cam', { index: 1, sensor: 'audio', sampleRateHz: 48_000, durationSeconds: 60 })
const tracks = [video, audio].map((stream, order) => trackRecord(stream, order, 0))
const [PICTURE, SOUND] = tracks.map(({ id, clips }) => ({ track: id, clip: clips[0]!.id })) as [
  { track: string; clip: string },
  { track: string; clip: string },
]
const records: readonly DocumentRecord[] = [clockRecord('cam'), video, audio, ...tracks]
const take: Document = new Map(records.map((record) => [record.id, record]))

const made = (change: Recipe, from = take): Document => edit(from, change).document
const lengths = (document: Document, trackId: string): number[] =>
  (document.get(trackId) as Track).clips.map(({ durationTicks }) => durationTicks / SECOND)
const split = (...seconds: readonly number[]): Document =>
  made((draft) => {
    for (const at of seconds) splitAt(draft, at * SECOND, [PICTURE.track], () => `from-${at}`)
  })

test.each(['start', 'end'] as const)('by its %s to one picture, or to one sample of sound', (edge) => {
  const by = edge === 'start' ? 99 * SECOND : -99 * SECOND
  const short = made((draft) => {
    trimClips(draft, new Set([PICTURE.clip]), edge, by)
    rippleTrim(draft, new Set([SOUND.clip]), edge, by, String)
  })
  expect(lengths(short, PICTURE.track)).toEqual([1 / 25])
  expect(lengths(short, SOUND.track)).toEqual([1 / 48_000])
})

test('by a cut that is rolled, or by a neighbour that is slid over it', () => {
  const rolled = made((draft) => void rollCut(draft, new Set([PICTURE.clip]), 'end', -99 * SECOND), split(30))
  expect(lengths(rolled, PICTURE.track)).toEqual([1 / 25, 60 - 1 / 25])
  const slid = made((draft) => void slideClips(draft, new Set(['from-20']), -99 * SECOND), split(20, 30))
  expect(lengths(slid, PICTURE.track)[0]).toBe(1 / 25)
})

test('and one that is shorter already stays as it is', () => {
  const same = made((draft) => void trimClips(draft, new Set([PICTURE.clip]), 'end', -SECOND), split(0.01))
  expect(lengths(same, PICTURE.track)[0]).toBe(0.01)
})
