/** A lab's need: what is fitted, what it says of windows whose words name a class, how stars follow it. */
import { describe, expect, it } from 'vitest'
import { matrixFromRows } from '../../../shared/stars/algebra/dense.ts'
import { randomStream } from '../../../shared/stars/algebra/random.ts'
import { estimateStars, starsOf } from '../../../shared/stars/estimate/estimate-stars.ts'
import { ALIGNED } from '../../../shared/stars/estimate/stars-input.ts'
import type { StarsInput } from '../../../shared/stars/estimate/stars-input.ts'
import { fitCaptionTask } from '../../../shared/stars/task/fit-caption-task.ts'
import { fitTask } from '../../../shared/stars/task/fit-task.ts'
import { BLIND_HALF_WIDTH, doubtsOf } from '../../../shared/stars/task/held-out.ts'
import { gainPercentile, taskGain } from '../../../shared/stars/task/pack-task.ts'
import { rarityIn } from '../../../shared/stars/task/reference-sketch.ts'
import { influenceOfSample, taskInfluence } from '../../../shared/stars/task/task-influence.ts'
import { TEST_PACK } from '../../fixtures/stars/stars-inputs.ts'

const CLASSES = ['cup', 'garden tool', 'lamp']
const DIMENSION = 6
/** What coding a picture once more does to its vector is of this order. */
const ENCODED_ANEW = 1.03
/** So much that a small base has much left to learn. */
const NOISE = 0.6
const CENTRES = [
  [1, 0, 0, 0.5, 0, 0],
  [0, 1, 0, 0, 0.5, 0],
  [0, 0, 1, 0, 0, 0.5],
]

function vectorOf(label: number, random: ReturnType<typeof randomStream>): number[] {
  return CENTRES[label].map((value) => value + NOISE * random.normal())
}

function samples(count: number, seed: number) {
  const random = randomStream(seed)
  const y = Array.from({ length: count }, (_, at) => at % CLASSES.length)
  return { x: matrixFromRows(y.map((label) => vectorOf(label, random))), y: Int32Array.from(y) }
}

const fitted = fitTask('household', CLASSES, samples(60, 1))
/** Of a base on which one sample more is little. */
const larger = fitTask('larger', CLASSES, samples(300, 1))
const pack = { ...TEST_PACK, halfWidth: fitted.halfWidth, task: fitted.task }

/** A take of windows that show things, with words over each. */
function take(words: readonly string[], shown: readonly number[]): StarsInput {
  const random = randomStream(5)
  return {
    windowSeconds: 2,
    assets: [{ assetId: 'a', title: 'A', sha256: 'a'.repeat(64) }],
    clocks: [
      {
        clockId: 'k',
        assetId: 'a',
        title: 'A',
        group: ALIGNED,
        isReference: true,
        confidence: 1,
        sigmaSeconds: 0,
        residualSeconds: null,
      },
    ],
    units: shown.map((label, window) => ({
      assetId: 'a',
      clockId: 'k',
      group: ALIGNED,
      window,
      picture: { vector: [window, -window], clarity: 0.9, exposure: 1, motion: 0.1, meaning: vectorOf(label, random) },
      sound: null,
      motion: null,
    })),
    captions: words.map((text, window) => ({
      id: `c${window}`,
      startSeconds: 2 * window,
      endSeconds: 2 * window + 1.9,
      text,
    })),
    scans: [],
    rights: { licence: 'CC-BY-4.0', trainingUse: 'allowed' },
    library: [],
  }
}

const SHOWN = Array.from({ length: 18 }, (_, at) => at % 3)
const named = SHOWN.map((label) => `here is a ${CLASSES[label]}`)
const misnamed = SHOWN.map((label) => `here is a ${CLASSES[(label + 1) % 3]}`)

describe('a task', () => {
  it('predicts the gain of retrained models on samples that it has not seen', () => {
    expect(fitted.figures.spearman_gain).toBeGreaterThan(0.5)
    expect(fitted.figures.accuracy_base).toBeGreaterThan(0.5)
    expect(larger.halfWidth).toBeLessThan(2)
    expect(doubtsOf(larger.heldOut, larger.scores.current)).toEqual([])
  })

  it('that chance could have made says so, and its interval is no narrower than of one who knows nothing', () => {
    const random = randomStream(3)
    const tossed = Array.from({ length: 8 }, (_, seed) => {
      const { x, y } = samples(60, 40 + seed)
      return fitTask('coins', CLASSES, { x, y: y.map(() => random.below(CLASSES.length)) })
    })
    const doubted = tossed.filter(({ heldOut, scores }) => doubtsOf(heldOut, scores.current).length > 0)
    expect(doubted.length).toBeGreaterThanOrEqual(7)
    for (const { heldOut, halfWidth } of doubted)
      if (heldOut.spearmanLow <= 0) expect(halfWidth).toBeGreaterThanOrEqual(BLIND_HALF_WIDTH)
    const worse = { ...fitted.heldOut, spearman: -0.4, spearmanLow: -0.6 }
    expect(doubtsOf(worse, worse.chance).map(({ code }) => code)).toEqual(['stars.pack.worse', 'stars.pack.unlearned'])
  })

  it('gains from right labels, loses from wrong ones, and is not moved by nothing', () => {
    const { x, y } = samples(30, 9)
    const rows = Array.from(y.keys(), (n) => Array.from(x.data.subarray(n * DIMENSION, (n + 1) * DIMENSION)))
    const right = taskGain(fitted.task, { x: rows, y: Array.from(y) })
    const wrong = taskGain(fitted.task, { x: rows, y: Array.from(y, (label) => (label + 1) % 3) })
    expect(right).toBeGreaterThan(0)
    expect(wrong).toBeLessThan(0)
    expect(taskGain(fitted.task, { x: [], y: [] })).toBe(0)
    expect(gainPercentile(fitted.task, wrong)).toBeLessThanOrEqual(0.2)
    expect(gainPercentile(fitted.task, right)).toBeGreaterThan(gainPercentile(fitted.task, right / 4))
  })

  it('carries what one sample more does: what a refit shows where the base is so large that one sample is little', () => {
    const { gram, moment, count } = fitted.task.statistics
    const often = (matrix: typeof gram) => ({ ...matrix, data: matrix.data.map((value) => 1e5 * value) })
    const large = {
      ...fitted.task,
      lambda: 1e5 * fitted.task.lambda,
      statistics: { gram: often(gram), moment: often(moment), count },
    }
    const known = { ...large, influence: taskInfluence(large) }
    const { x, y } = samples(9, 4)
    y.forEach((label, n) => {
      const row = Array.from(x.data.subarray(n * DIMENSION, (n + 1) * DIMENSION))
      const target = CLASSES.map((_, c) => (c === label ? 1 : 0))
      const [gain, influence] = [taskGain(large, { x: [row], y: [label] }), influenceOfSample(known, row, target)!]
      expect(Math.abs(influence - gain)).toBeLessThan(0.01 * Math.abs(gain) + 1e-13)
    })
    expect(influenceOfSample({ ...known, influence: null }, [0, 0, 0, 0, 0, 0], [1, 0, 0])).toBeNull()
  })

  it('carries a sketch by which its own kind is usual, other things are rare, and likes are found', () => {
    const { task } = larger
    const sketch = task.sketch!
    expect(sketch.counts.reduce((sum, count) => sum + count, 0)).toBe(task.statistics.count)
    const { x, y } = samples(60, 8)
    const rows = Array.from(y.keys(), (n) => Array.from(x.data.subarray(n * DIMENSION, (n + 1) * DIMENSION)))
    const own = rows.map((row) => rarityIn(sketch, row))
    const mean = own.reduce((sum, { rarity }) => sum + rarity, 0) / own.length
    expect(mean).toBeGreaterThan(0.35)
    expect(mean).toBeLessThan(0.65)
    const likes = own.filter(({ nearest }, n) => sketch.labels[nearest] === y[n]).length
    expect(likes).toBeGreaterThan(30)
    expect(rarityIn(sketch, [-3, -3, -3, 0, 0, 0]).rarity).toBeGreaterThan(0.9)
  })

  it('holds for rows longer than models are retrained on', () => {
    // The same in a hundred numbers: turned, and with noise of its own on the axes that say nothing.
    const random = randomStream(3)
    const { x, y } = samples(90, 1)
    const turn = Array.from({ length: DIMENSION }, () => Array.from({ length: 100 }, () => random.normal() / 10))
    const long = Array.from(y.keys(), (n) =>
      Array.from({ length: 100 }, (_, j) => {
        const signal = turn.reduce((sum, axis, i) => sum + axis[j]! * x.data[n * DIMENSION + i]!, 0)
        return signal + 0.01 * random.normal()
      }),
    )
    const { figures, task } = fitTask('long', CLASSES, { x: matrixFromRows(long), y })
    expect(task.dimension).toBe(100)
    expect(figures.accuracy_base).toBeGreaterThan(0.5)
    expect(figures.spearman_gain).toBeGreaterThan(0.3)
  })

  it('refuses what is too little', () => {
    expect(() => fitTask('t', CLASSES, samples(20, 1))).toThrow('too few')
    const lopsided = samples(90, 1)
    expect(() => fitTask('t', [...CLASSES, 'chair'], lopsided)).toThrow('"chair" has 0 samples')
  })
})

describe('stars under a task', () => {
  it('come from windows whose words name a class, and all terms add up', () => {
    const report = estimateStars(take(named, SHOWN), pack)
    const sum = report.signals.reduce((total, term) => total + Math.round(1000 * term.contribution_stars), 0)
    expect(sum / 1000).toBe(report.stars)
    expect(report.signals[0]).toMatchObject({ id: 'usefulness' })
    expect(report.signals[0].why).toMatch(/^18 of 18 windows name a class of "household"/)
    expect(report.stars).toBeGreaterThan(1)
    expect(report.signals.find((term) => term.id === 'diversity')?.contribution_stars).toBe(0)
    const taught = report.task_windows!
    expect(taught.map(({ named }) => named)).toEqual(SHOWN.map((label) => CLASSES[label]))
    expect(taught[3]).toMatchObject({ start_s: 6, end_s: 8 })
    const points = (words: readonly string[]): number =>
      estimateStars(take(words, SHOWN), { ...pack, task: larger.task }).task_windows!.reduce(
        (sum, own) => sum + own.influence_points!,
        0,
      )
    expect(points(misnamed)).toBeLessThan(Math.min(0, points(named)))
    expect(estimateStars(take([], SHOWN), pack).task_windows![0]).toMatchObject({ named: null, influence_points: null })
  })

  it('count nothing of windows that the lab is judged by, and say so', () => {
    const input = take(named, SHOWN)
    const { probe } = fitted.task
    const items = [0, 1, 2].map((n) => Array.from(probe.data.subarray(n * probe.columns, (n + 1) * probe.columns - 1)))
    const units = input.units.map((unit, at) =>
      at < 3
        ? { ...unit, picture: { ...unit.picture!, meaning: items[at].map((value) => value * ENCODED_ANEW) } }
        : unit,
    )
    const report = estimateStars({ ...input, units }, pack)
    expect(report.task_windows!.filter((window) => window.of_probe).map((window) => window.start_s)).toEqual([0, 2, 4])
    expect(report.task_windows![0].influence_points).toBeNull()
    expect(report.signals[0].why).toMatch(/^15 of 18 windows/)
    expect(report.pack.warnings!.at(-1)!.reason).toMatch(/^3 windows are items that "household" is judged by/)
    expect(estimateStars(input, pack).task_windows!.some((window) => window.of_probe)).toBe(false)
  })

  it('fall to one at most with wrong words, and to none without words', () => {
    expect(starsOf(take(misnamed, SHOWN), pack.task)).toBeLessThanOrEqual(1)
    expect(starsOf(take(named, SHOWN), pack.task)).toBeGreaterThan(1)
    const report = estimateStars(take([], SHOWN), pack)
    expect(report.stars).toBe(0)
    expect(report.signals[0].why).toMatch(/No words over its 18 pictures name one class/)
  })

  it('contribute what works with so many stars did: nothing where nothing is taught, less than nothing where it harms', () => {
    const shareQuantiles = [-3, 1, 2]
    const share = (words: readonly string[]): number =>
      estimateStars(take(words, SHOWN), { ...pack, shareQuantiles }).contribution.percent
    expect(share([])).toBe(0)
    expect(share(misnamed)).toBeLessThan(0)
    // Also where a market has harmed so seldom that works with so few stars brought something there.
    expect(estimateStars(take(misnamed, SHOWN), { ...pack, shareQuantiles: [1, 2, 3] }).contribution.percent).toBe(0)
    expect(share(named)).toBeGreaterThan(0)
    const twice = { ...take(named, SHOWN), library: [{ id: 'work', title: 'Work', sha256: 'a'.repeat(64) }] }
    // Both denominators, and where the figures come from.
    const { contribution } = estimateStars(take(named, SHOWN), { ...pack, shareQuantiles, improvedShare: 0.25 })
    expect(contribution.percent_of_score).toBeCloseTo(share(named) / 4, 2)
    expect(contribution).toMatchObject({ basis: 'simulated_markets', creators: 60 })
    // What gates take away: all of it, or the half of it that must not be trained on.
    const seen = estimateStars(twice, { ...TEST_PACK, shareQuantiles })
    expect(seen.stars).toBe(0)
    expect(seen.contribution).toMatchObject({ percent: 0, low: -3 })
    const forbidden = { licence: 'CC-BY-4.0', trainingUse: 'notAllowed' } as const
    const gated = estimateStars({ ...take(named, SHOWN), rights: forbidden }, { ...pack, shareQuantiles })
    expect(gated.contribution.percent).toBeCloseTo(share(named) / 2, 2)
  })

  it('takes plurals, and leaves windows out that name two classes', () => {
    const words = SHOWN.map((label, at) => (at === 0 ? 'cup beside a lamp' : `some ${CLASSES[label]}s`))
    expect(estimateStars(take(words, SHOWN), pack).signals[0].why).toMatch(/^17 of 18/)
  })
})

describe('a task of captions', () => {
  /** Words are what a picture shows, in other numbers. */
  const TURN = Array.from({ length: 4 }, (_, i) =>
    Array.from({ length: DIMENSION }, (_v, j) => ((i * 5 + j * 3) % 7) - 3),
  )
  const unit = (row: number[]): number[] => row.map((value) => value / Math.hypot(...row))
  const said = (vector: readonly number[]): number[] =>
    unit(TURN.map((axis) => axis.reduce((sum, value, j) => sum + value * vector[j], 0)))
  const random = randomStream(8)
  const seen = Array.from({ length: 120 }, () => Array.from({ length: DIMENSION }, () => random.normal()))
  const noisy = (vector: readonly number[]): number[] => vector.map((value) => value + 0.3 * random.normal())
  const told = fitCaptionTask('told', {
    x: matrixFromRows(seen),
    y: matrixFromRows(seen.map((vector) => said(noisy(vector)))),
  })
  const own = take([], SHOWN)
  const words = own.units.map(({ picture }) => Float32Array.from(said(picture!.meaning!)))

  it('knows what one pair more does', () => {
    const { task } = told
    const { gram, moment } = task.statistics
    const often = (matrix: typeof gram) => ({ ...matrix, data: matrix.data.map((value) => 1e5 * value) })
    const large = {
      ...task,
      lambda: 1e5 * task.lambda,
      statistics: { ...task.statistics, gram: often(gram), moment: often(moment) },
    }
    const known = { ...large, influence: taskInfluence(large) }
    for (const vector of seen.slice(0, 5)) {
      const target = said(vector.toReversed())
      const gain = taskGain(large, { x: [vector], said: [target] })
      expect(Math.abs(influenceOfSample(known, vector, target)! - gain)).toBeLessThan(0.01 * Math.abs(gain) + 1e-13)
    }
  })

  const captioned = (shift: number): StarsInput => ({
    ...own,
    captions: words.map((_, at) => ({
      id: `c${at}`,
      startSeconds: 2 * at,
      endSeconds: 2 * at + 1.9,
      text: `words ${at}`,
      meaning: words[(at + shift) % words.length],
    })),
  })

  it('predicts what models of another kind gain on pairs that it has not seen', () => {
    expect(told.figures['spearman_gain']).toBeGreaterThan(0.5)
    expect(told.figures['cosine_base']).toBeGreaterThan(0.5)
    expect(told.scores.current).toBeGreaterThan(told.scores.base)
    expect(told.halfWidth).toBeLessThan(2)
  })

  it('gains from words that belong to their pictures, and none from those of others', () => {
    expect(starsOf(captioned(0), told.task)).toBeGreaterThan(1)
    expect(starsOf(captioned(1), told.task)).toBeLessThanOrEqual(1)
    const [why, none] = [captioned(0), own].map((input) => {
      const report = estimateStars(input, { ...TEST_PACK, halfWidth: told.halfWidth, task: told.task })
      return report.signals[0].why
    })
    expect(why).toMatch(/^18 of 18 windows have words over them.* nearer to their captions/)
    expect(none).toMatch(/No words lie over its 18 pictures/)
  })

  it('refuses too little, and pictures or captions that are all one', () => {
    const few = seen.slice(0, 30)
    expect(() => fitCaptionTask('t', { x: matrixFromRows(few), y: matrixFromRows(few) })).toThrow('too few')
    const x = matrixFromRows(seen)
    const same = matrixFromRows(seen.map(() => [1, 0]))
    expect(() => fitCaptionTask('t', { x, y: same })).toThrow('All captions are the same')
    expect(() => fitCaptionTask('t', { x: same, y: x })).toThrow('All pictures are the same')
  })
})
