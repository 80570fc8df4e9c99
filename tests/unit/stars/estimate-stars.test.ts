import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cholesky, logDeterminant } from '../../../shared/stars/algebra/dense.ts'
import { randomStream } from '../../../shared/stars/algebra/random.ts'
import { estimateStars, starsOf } from '../../../shared/stars/estimate/estimate-stars.ts'
import type { StarsInput } from '../../../shared/stars/estimate/stars-input.ts'
import { ALIGNED } from '../../../shared/stars/estimate/stars-input.ts'
import { momentsOf } from '../../../shared/stars/estimate/unit-information.ts'
import { prepareStars, viewOf } from '../../../shared/stars/estimate/unit-state.ts'
import { isSaidOver, wordsAgreement } from '../../../shared/stars/estimate/words-agreement.ts'
import { STAR_GATES } from '../../../shared/stars/estimate/gates.ts'
import { STAR_SIGNALS } from '../../../shared/stars/estimate/signals.ts'
import { HARMS, madeUpTake, TEST_PACK } from '../../fixtures/stars/stars-inputs.ts'

const seed = fc.integer({ min: 1, max: 1e6 })
const TRIALS = 40

describe('estimateStars', () => {
  it('gives terms that add up to the stars exactly, and everything within bounds', () => {
    fc.assert(
      fc.property(seed, (s) => {
        const report = estimateStars(madeUpTake(s), TEST_PACK)
        const sum = report.signals.reduce((total, term) => total + Math.round(term.contribution_stars * 1000), 0)
        expect(sum / 1000).toBe(report.stars)
        expect(report.signals.map((term) => term.id)).toEqual([...STAR_SIGNALS, ...STAR_GATES].map(({ id }) => id))
        expect(report.low).toBeGreaterThanOrEqual(0)
        expect(report.low).toBeLessThanOrEqual(report.stars)
        expect(report.high).toBeGreaterThanOrEqual(report.stars)
        expect(report.high).toBeLessThanOrEqual(5)
        for (const segment of report.segments) {
          expect(segment.end_s - segment.start_s).toBe(2)
          expect(segment.stars).toBeGreaterThanOrEqual(0)
          expect(segment.stars).toBeLessThanOrEqual(5)
        }
        for (const { delta_stars } of report.suggestions) expect(delta_stars).toBeGreaterThan(0)
        expect(report.contribution.low).toBeLessThanOrEqual(report.contribution.percent)
        expect(report.contribution.high).toBeGreaterThanOrEqual(report.contribution.percent)
      }),
      { seed: 1, numRuns: 8 },
    )
  })

  it('weighs signals to five stars', () => {
    expect(STAR_SIGNALS.reduce((sum, signal) => sum + signal.weight, 0)).toBeCloseTo(5, 12)
  })

  it('is the same for the same input', () => {
    expect(estimateStars(madeUpTake(4), TEST_PACK)).toEqual(estimateStars(structuredClone(madeUpTake(4)), TEST_PACK))
  })

  it.each(Object.entries(HARMS))('is not raised by %s', (_name, harm) => {
    let raised = 0
    for (let trial = 1; trial <= TRIALS; trial++) {
      const input = madeUpTake(trial)
      if (starsOf(harm(input, randomStream(trial))) > starsOf(input)) raised++
    }
    expect(raised / TRIALS).toBeLessThanOrEqual(0.05)
  })

  it.each([
    'shuffling captions',
    'blurring',
    'misaligning a device',
    'importing a file twice',
    'appending the same scenes again, cropped and graded',
    'minting a part of it before',
    'removing the commentary',
  ])('is really lowered by %s', (name) => {
    let lowered = 0
    for (let trial = 1; trial <= TRIALS; trial++) {
      const input = madeUpTake(trial)
      if (starsOf(HARMS[name](input, randomStream(trial))) < starsOf(input)) lowered++
    }
    expect(lowered / TRIALS).toBeGreaterThan(0.75)
  })

  it('suggests to align what stands alone, and what it promises comes true', () => {
    const input = HARMS['losing the alignment'](madeUpTake(3), randomStream(1))
    const report = estimateStars(input, TEST_PACK)
    const suggestion = report.suggestions.find(({ target }) => target.clock === 'phone-clock')
    expect(suggestion?.action).toBe('Align "Phone" in time')
    const aligned: StarsInput = {
      ...input,
      clocks: input.clocks.map((clock) =>
        clock.isReference
          ? clock
          : { ...clock, group: ALIGNED, confidence: 0.95, sigmaSeconds: 0.005, residualSeconds: 0 },
      ),
      units: input.units.map((unit) => ({ ...unit, group: ALIGNED })),
    }
    expect(starsOf(aligned) - report.stars).toBeCloseTo(suggestion?.delta_stars ?? Number.NaN, 9)
  })

  it('suggests words where nobody speaks, to leave out copies, and to choose a licence', () => {
    const input = HARMS['importing a file twice'](
      { ...madeUpTake(5), captions: [], rights: { licence: null, trainingUse: 'allowed' } },
      randomStream(1),
    )
    const targets = estimateStars(input, TEST_PACK).suggestions.map(({ target }) => target)
    expect(targets).toContainEqual(expect.objectContaining({ kind: 'speech', start_s: 0 }))
    expect(targets).toContainEqual({ kind: 'asset', asset: 'copy' })
    expect(targets).toContainEqual({ kind: 'rights' })
  })

  it('never asks for words before the time line begins', () => {
    const take = madeUpTake(5)
    const early = take.units.map((unit) => ({
      ...unit,
      window: unit.window - 3,
      sound: unit.sound && { ...unit.sound, speech: 0 },
    }))
    const { suggestions } = estimateStars({ ...take, units: early, captions: [] }, TEST_PACK)
    const spans = suggestions.filter(({ target }) => target.kind === 'span')
    expect(spans).toHaveLength(1)
    expect(spans[0].target.start_s).toBe(0)
  })

  it('hears what captions mean where they share no word', () => {
    const take = madeUpTake(5)
    const worded = take.captions.map((caption, at) => ({ ...caption, text: `w${at}a w${at}b w${at}c` }))
    const place = (at: number): number => Math.floor((at * 4) / worded.length)
    const meant = worded.map((caption, at) => ({
      ...caption,
      meaning: Float32Array.from({ length: 4 }, (_, axis) => Number(axis === place(at))),
    }))
    const agreement = (captions: StarsInput['captions']): number =>
      estimateStars({ ...take, captions }, TEST_PACK).signals.find(({ id }) => id === 'words-agreement')?.value ?? 0
    expect(agreement(worded)).toBe(0)
    expect(agreement(meant)).toBeGreaterThan(0.1)
  })

  it('hears chance in a few captions no oftener than chance is', () => {
    const takes = 160
    let heard = 0
    for (let seed = 1; seed <= takes; seed++) {
      const random = randomStream(1000 + seed)
      const take = madeUpTake(1 + (seed % 4))
      const captions = take.captions.slice(0, 7).map((caption, at) => ({
        ...caption,
        startSeconds: 3 * at,
        endSeconds: 3 * at + 2,
        text: `word${random.below(4)} word${random.below(4)} word${random.below(4)}`,
      }))
      if ((wordsAgreement(viewOf(prepareStars({ ...take, captions })))?.value ?? 0) > 0) heard++
    }
    // One in eighty-one is expected; two standard deviations alone are reached by one in twenty.
    expect(heard / takes).toBeLessThan(0.025)
  })

  it('says what is not original, and of what', () => {
    const twice = estimateStars(HARMS['importing a file twice'](madeUpTake(5), randomStream(1)), TEST_PACK).originality
    expect(twice.status).toBe('repeats')
    expect(twice.matches).toContainEqual({
      kind: 'duplicate-asset',
      asset: 'copy',
      of: 'camera',
      start_s: null,
      end_s: null,
    })
    const known = estimateStars(HARMS['publishing it before'](madeUpTake(5), randomStream(1)), TEST_PACK).originality
    expect(known.status).toBe('seen-before')
    expect(known.matches[0]).toMatchObject({ kind: 'library', asset: 'phone', of: 'old' })
    expect(estimateStars(madeUpTake(5), TEST_PACK).originality).toEqual({ status: 'original', matches: [] })
  })

  it('gives little to a window that adds little', () => {
    const input = madeUpTake(8)
    const dull = input.units.find((unit) => unit.window === 3)
    // Window 4 shows and sounds just what window 3 did, badly, and nobody speaks.
    const units = input.units.map((unit) =>
      unit.window === 4 && dull?.picture && dull.sound
        ? { ...unit, picture: { ...dull.picture, clarity: 0 }, sound: { ...dull.sound, clearness: 0 }, motion: null }
        : unit,
    )
    const captions = input.captions.filter((caption) => caption.startSeconds !== 8)
    const { segments } = estimateStars({ ...input, units, captions }, TEST_PACK)
    const sorted = segments.map((segment) => segment.stars).sort((a, b) => a - b)
    const dullest = segments.find((segment) => segment.start_s === 8)
    expect(dullest?.stars).toBeLessThan(sorted[sorted.length >> 1] / 2)
  })

  it('gives each window the stars where they fall with none of them', () => {
    const take = madeUpTake(8)
    const [{ picture }] = take.units
    // A picture that stands still and tells nothing.
    const still = picture && { ...picture, clarity: 0, exposure: 0 }
    const units = take.units.map((unit) => ({ ...unit, picture: still, sound: null, motion: null }))
    const { stars, segments } = estimateStars({ ...take, units, captions: [], scans: [] }, TEST_PACK)
    expect(stars).toBeGreaterThan(0)
    expect(new Set(segments.map((segment) => segment.stars))).toEqual(new Set([stars]))
  })

  it('answers for scans alone, refuses nothing at all and too much', () => {
    const take = madeUpTake(2)
    const empty = { ...take, units: [], captions: [], clocks: [] }
    expect(estimateStars(empty, TEST_PACK).stars).toBeGreaterThan(0)
    expect(() => estimateStars({ ...empty, scans: [] }, TEST_PACK)).toThrow('nothing')
    const wordsAlone = { ...empty, captions: take.captions, scans: [] }
    expect(() => estimateStars(wordsAlone, TEST_PACK)).toThrow('no recording that they say anything of')
    const many = { ...take, units: Array.from({ length: 401 }, (_, window) => ({ ...take.units[0], window })) }
    expect(() => estimateStars(many, TEST_PACK)).toThrow('more than')
  })
})

describe('momentsOf', () => {
  it('equals the determinant of what is left, whichever window is left out', () => {
    fc.assert(
      fc.property(seed, (s) => {
        const prepared = prepareStars(
          HARMS['appending the same scenes again, cropped and graded'](madeUpTake(s), randomStream(s)),
        )
        const windows = new Set(prepared.units.map((unit) => unit.input.window))
        for (const window of windows) {
          const view = viewOf(prepared, { group: ALIGNED, window })
          const left = { ...prepared.input, units: view.distinct.map((unit) => unit.input) }
          const anew = prepareStars(left)
          // The rest by itself: its own kernel, nothing left out, nothing reused.
          const n = anew.units.length
          const matrix = {
            ...anew.kernel,
            data: anew.kernel.data.map((value, at) => 2 * value + (at % (n + 1) === 0 ? 1 : 0)),
          }
          expect(momentsOf(view)).toBeCloseTo(logDeterminant(cholesky(matrix)) / Math.log(3), 8)
          // How fresh each is was not counted anew either, and is what it is by itself to the last digit.
          const fresh = Array.from(view.distinct, (_, at) =>
            view.distinct.slice(0, at).reduce((least, __, other) => {
              return Math.min(least, 1 - anew.kernel.data[at * n + other])
            }, 1),
          )
          expect(view.distinct.map(({ index }) => view.freshness[index])).toEqual(fresh)
        }
      }),
      { seed: 2, numRuns: 5 },
    )
  })

  it('what a recording adds is what is lost without it, and alone it is worth no more than it is', () => {
    const input = madeUpTake(3)
    const { stars, assets } = estimateStars(input, TEST_PACK)
    expect(assets.map(({ asset }) => asset).sort()).toEqual(['camera', 'phone', 'room'])
    for (const { asset, adds_stars: adds, alone_stars: alone } of assets) {
      const without = {
        ...input,
        units: input.units.filter((unit) => unit.assetId !== asset),
        scans: input.scans.filter((scan) => scan.assetId !== asset),
      }
      const only = {
        ...input,
        units: input.units.filter((unit) => unit.assetId === asset),
        scans: input.scans.filter((scan) => scan.assetId === asset),
      }
      expect(adds).toBeCloseTo(stars - starsOf(without), 9)
      expect(alone).toBeCloseTo(starsOf(only), 9)
    }
    expect(assets.map(({ adds_stars: adds }) => adds)).toEqual(
      assets.map(({ adds_stars: adds }) => adds).sort((a, b) => b - a),
    )
  })
})

describe('isSaidOver', () => {
  it('is what asking every caption says, touching ends and captions without words included', () => {
    const caption = fc.record({
      from: fc.integer({ min: 0, max: 20 }),
      length: fc.nat(6),
      text: fc.constantFrom('', 'rain'),
    })
    fc.assert(
      fc.property(
        fc.array(caption, { maxLength: 12 }),
        fc.integer({ min: -2, max: 24 }),
        fc.nat(4),
        (own, from, length) => {
          const captions = own.map((each, at) => ({
            id: `caption-${at}`,
            startSeconds: each.from,
            endSeconds: each.from + each.length,
            text: each.text,
          }))
          const asked = captions.some(
            ({ text, startSeconds, endSeconds }) => text !== '' && endSeconds > from && startSeconds < from + length,
          )
          expect(isSaidOver(captions, from, from + length)).toBe(asked)
        },
      ),
      { seed: 3 },
    )
  })
})
