/** Wanted lists: what is read, what is refused, and how a take is held against them. */
import { describe, expect, it } from 'vitest'
import { estimateStars, starsOf } from '../../../shared/stars/estimate/estimate-stars.ts'
import { contentWords } from '../../../shared/stars/estimate/words-agreement.ts'
import type { WantedNeedVectors, WantedTask } from '../../../shared/stars/wanted/match-wanted.ts'
import { parseWantedList } from '../../../shared/stars/wanted/wanted-list.ts'
import { madeUpTake, TEST_PACK } from '../../fixtures/stars/stars-inputs.ts'

const LIST = {
  format: 'wanted-list',
  version: 1,
  id: 'dogs-2026',
  title: 'Dogs in the rain',
  by: 'Kennel Lab',
  budget: { per_minute: 4 },
  needs: [
    { id: 'rain', text: 'a dog runs through the rain', modalities: ['video', 'audio'], seconds: 20 },
    'somebody sharpens a knife',
    { examples: [{ text: 'a purring cat' }, { picture: 'cat.png' }], weight: 0.5 },
  ],
}

function need(text: string, extra: Partial<WantedNeedVectors> = {}): WantedNeedVectors {
  const words = text === '' ? [] : [contentWords(text)]
  return { id: text, text, meanings: [], words, pictures: [], senses: [], seconds: 2, weight: 1, ...extra }
}

function task(...needs: WantedNeedVectors[]): WantedTask {
  return { id: 'list', title: 'A list', by: 'A lab', needs }
}

describe('a wanted list', () => {
  it('is read with the words that labs use, and what concerns others is left alone', () => {
    const list = parseWantedList(LIST)
    expect(list).toMatchObject({ id: 'dogs-2026', by: 'Kennel Lab' })
    expect(list.needs[0]).toMatchObject({ senses: ['picture', 'sound'], seconds: 20, weight: 1 })
    expect(list.needs[1]).toMatchObject({ id: 'need-2', sentences: ['somebody sharpens a knife'] })
    expect(list.needs[2]).toMatchObject({ text: 'a purring cat', pictures: ['cat.png'], weight: 0.5 })
  })

  it('is read as well in the form that the Ledger takes in', () => {
    const signed = {
      format: 'asterism-list-1',
      kind: 'wanted',
      issuer: '0x00000000000000000000000000000000000000a1',
      content: {
        title: 'Kitchens',
        until: 2_000_000_000,
        needs: [
          {
            id: 'cook',
            title: 'somebody cooks',
            note: 'soup above all',
            sensors: ['video', 'gaze'],
            least_seconds: 90,
          },
        ],
      },
    }
    expect(parseWantedList(signed)).toMatchObject({
      title: 'Kitchens',
      by: signed.issuer,
      needs: [{ id: 'cook', sentences: ['somebody cooks', 'soup above all'], senses: ['picture'], seconds: 90 }],
    })
    expect(() => parseWantedList({ ...signed, kind: 'fingerprints' })).toThrow('not a wanted list')
  })

  it.each<[string, unknown, RegExp]>([
    ['another document', { format: 'starpack', needs: ['a'] }, /not a wanted list/],
    ['a newer version', { version: 2, needs: ['a'] }, /version 2/],
    ['no needs', { needs: [] }, /not well formed at needs/],
    ['a need of nothing', { needs: [{ seconds: 3 }] }, /asks for nothing/],
    ['a sense that nobody has', { needs: [{ text: 'a', modalities: ['smell'] }] }, /"smell" is none of/],
    [
      'two needs of one name',
      {
        needs: [
          { id: 'a', text: 'x' },
          { id: 'a', text: 'y' },
        ],
      },
      /same id/,
    ],
    ['no object', [1, 2], /not well formed/],
  ])('is refused: %s', (_what, value, message) => {
    expect(() => parseWantedList(value)).toThrow(message)
  })
})

describe('a take held against a wanted list', () => {
  const take = madeUpTake(4)
  const captions = take.captions.map((caption, at) =>
    at === 1 ? { ...caption, text: 'the brown dog runs through heavy rain' } : { ...caption, text: `w${at} v${at}` },
  )
  const worded = { ...take, captions, scans: [] }
  const matchOf = (wanted: WantedTask) => estimateStars(worded, TEST_PACK, wanted).wanted?.match ?? -1

  it('matches what is said, and says where', () => {
    const report = estimateStars(worded, TEST_PACK, task(need('a submarine dives'), need('a dog runs in the rain')))
    expect(report.wanted).toMatchObject({ by: 'A lab', match: 1 })
    expect(report.wanted?.needs.map(({ id, match }) => [id, match])).toEqual([
      ['a dog runs in the rain', 1],
      ['a submarine dives', 0],
    ])
    const [place] = report.wanted?.needs[0].best ?? []
    expect(place.start_s).toBeLessThan(captions[1].endSeconds)
    expect(place.end_s).toBeGreaterThan(captions[1].startSeconds)
    const terms = report.signals.map((signal) => Math.round(1000 * signal.contribution_stars))
    expect(terms.reduce((sum, term) => sum + term, 0)).toBe(Math.round(1000 * report.stars))
    expect(report.signals.find(({ id }) => id === 'wanted')?.contribution_stars).toBe(2.5)
  })

  it('matches what is meant and what is shown', () => {
    const axis = (at: number): Float32Array => Float32Array.from({ length: 8 }, (_, i) => Number(i === at))
    const meant = { ...worded, captions: captions.map((caption, at) => ({ ...caption, meaning: axis(at % 8) })) }
    const wanted = task(need('', { meanings: [axis(1)] }))
    expect(estimateStars(meant, TEST_PACK, wanted).wanted?.match).toBeGreaterThan(0.4)
    const shown = {
      ...worded,
      units: take.units.map((unit) => ({
        ...unit,
        picture: unit.picture && { ...unit.picture, meaning: [unit.window, 0] },
      })),
    }
    const like = (at: number) => estimateStars(shown, TEST_PACK, task(need('', { pictures: [[at, 0]] }))).wanted?.match
    expect(like(3)).toBeGreaterThan(0.4)
    expect(like(-50)).toBe(0)
  })

  it('counts senses that are missing, and how much was asked for', () => {
    const rain = 'a dog runs in the rain'
    expect(matchOf(task(need(rain, { senses: ['picture', 'scan'] })))).toBe(0.5)
    expect(matchOf(task(need(rain, { seconds: 400 })))).toBeLessThan(0.1)
    expect(matchOf(task(need('', { senses: ['picture'] })))).toBe(1)
    expect(matchOf(task(need(rain, { weight: 0.1 }), need('a submarine dives')))).toBeCloseTo(0.1, 3)
  })

  it('shows every place once, on one time line, where recordings stand apart', () => {
    const apart = { ...worded, units: worded.units.map((unit) => ({ ...unit, group: unit.clockId })) }
    const wanted = task(need('', { senses: ['picture'], seconds: 8 }))
    const places = estimateStars(apart, TEST_PACK, wanted).wanted?.needs[0].best.map(({ start_s }) => start_s) ?? []
    expect(places.length).toBeGreaterThan(1)
    expect(new Set(places).size).toBe(places.length)
  })

  it('makes a take that a lab looks for worth more than the same take with other words', () => {
    const wanted = task(need('a dog runs in the rain'))
    expect(starsOf(worded, null, wanted)).toBeGreaterThan(starsOf(take, null, wanted) + 1)
  })
})
