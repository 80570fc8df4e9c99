import { describe, expect, test } from 'vitest'
import { gatherEvidence, TIME_GATHERERS, type TimedSource } from '../../../electron/engine/align/time/index.ts'
import { timecodeSeconds } from '../../../electron/engine/align/time/timecode.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { soundSamples } from '../../../shared/signal/sound-samples.ts'
import { gyroscope, handHeld, tracker } from '../../fixtures/time/motion.ts'
import { recordScene } from '../../fixtures/time/scene.ts'
import { musicLike, speechLike } from '../../fixtures/time/sources.ts'

const RATE = 16_000
const context = { signal: new AbortController().signal }

const source = (clockId: string, rest: Partial<TimedSource>): TimedSource => ({
  clockId,
  title: clockId,
  epochUtcNanoseconds: null,
  timecode: null,
  startSeconds: 0,
  durationSeconds: 60,
  ...rest,
})

const sound =
  (samples: Float32Array, startSeconds: number, startSigmaSeconds = 0): NonNullable<TimedSource['loadSound']> =>
  async () => ({ samples: soundSamples(samples), sampleRateHz: RATE, startSeconds, startSigmaSeconds })

describe('gathering evidence between two clocks', () => {
  test('gatherers have ids of their own and titles', () => {
    const ids = TIME_GATHERERS.map((gatherer) => gatherer.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(['audio', 'motion', 'timecode']))
    for (const gatherer of TIME_GATHERERS) expect(gatherer.title).not.toBe('')
  })

  test('sound that starts late on its clock is placed on the clock, as surely as its start is known', async () => {
    const scene = await recordScene({
      seed: 3,
      sampleRateHz: RATE,
      source: speechLike(40, RATE, 3),
      aSeconds: 20,
      bStartSeconds: 5,
      bSeconds: 20,
      ratePpm: 40,
      snrDb: 20,
    })
    const a = source('a', { loadSound: sound(scene.a, 2) })
    const b = source('b', { loadSound: sound(scene.b, 100, 0.03) })
    const { evidence, refusals } = await gatherEvidence(a, b, 'audio', context)
    expect(refusals).toEqual([])
    const { map } = evidence[0]
    // The first sample of B lies at 100 s of its clock and at 7 s of A's.
    expect(map.offsetSeconds + (1 + map.ratePpm * 1e-6) * 100).toBeCloseTo(7, 3)
    const sigmaThere = Math.sqrt(map.covariance[0] + 2e-4 * map.covariance[1] + 1e-8 * map.covariance[2])
    expect(sigmaThere).toBeCloseTo(0.03, 4)
  })

  test('a recording that cannot be read is refused as its reader says it, which the window has in its language', async () => {
    const broken = source('broken', {
      loadSound: () => Promise.reject(new AsterismError('corrupt_file', say('tool.cutDecoded'))),
    })
    const { evidence, refusals } = await gatherEvidence(
      broken,
      source('b', { loadSound: sound(musicLike(5, RATE, 1), 0) }),
      'audio',
      context,
    )
    expect(evidence).toEqual([])
    expect(refusals).toMatchObject([{ method: 'audio', said: { code: 'tool.cutDecoded' } }])
  })

  test('claps of a passage that both play are the passage once more, and tie nothing', async () => {
    const passage = musicLike(5, RATE, 77)
    for (const second of [0.37, 0.7, 1.14, 1.4, 2.05, 2.55, 2.83, 3.1, 3.71, 4.3, 4.66]) {
      for (let n = 0; n < 0.02 * RATE; n++)
        passage[Math.round(second * RATE) + n] = 3 * Math.sin(n * n) * Math.exp(-n / 60)
    }
    const takes = [31, 32].map((seed, which) => {
      const take = speechLike(16, RATE, seed, seed)
      take.set(passage, (4 + 2 * which) * RATE)
      return take
    })
    const [a, b] = takes.map((take, which) => source(`${which}`, { loadSound: sound(take, 0) }))
    expect((await gatherEvidence(a, b, 'event', context)).evidence).toHaveLength(1)
    const { evidence, refusals } = await gatherEvidence(a, b, 'auto', context)
    expect(evidence).toEqual([])
    expect(refusals.at(-1)!.reason).toMatch(/short passage/)
  })

  test('a phone with a gyroscope and a headset with poses are tied by their motion', async () => {
    const turning = handHeld(8)
    const phone = gyroscope(turning, { rateHz: 100, startSeconds: 0, seconds: 50, ratePpm: 0, noise: 0.02, seed: 1 })
    const headset = tracker(turning, { rateHz: 60, startSeconds: 9.5, seconds: 50, ratePpm: 0, noise: 3e-4, seed: 2 })
    const a = source('phone', { loadImus: [async () => phone] })
    const b = source('headset', { loadPaths: [async () => headset] })
    const { evidence } = await gatherEvidence(a, b, 'auto', context)
    expect(evidence.map((each) => each.method)).toEqual(['motion'])
    expect(evidence[0].map.offsetSeconds).toBeCloseTo(9.5, 2)
  })

  test('time of day helps where nothing else does, with a wide sigma and little confidence', async () => {
    const a = source('a', { epochUtcNanoseconds: '1700000000000000000' })
    const b = source('b', { epochUtcNanoseconds: '1700000012500000000' })
    const { evidence } = await gatherEvidence(a, b, 'auto', context)
    expect(evidence[0].map.offsetSeconds).toBeCloseTo(12.5, 9)
    expect(Math.sqrt(evidence[0].map.covariance[0])).toBeGreaterThan(0.5)
    expect(evidence[0].map.confidence).toBeLessThan(0.8)
  })

  test('nothing in common is said so', async () => {
    const { evidence, refusals } = await gatherEvidence(source('a', {}), source('b', {}), 'auto', context)
    expect(evidence).toEqual([])
    expect(refusals[0].reason).toMatch(/nothing in common/)
    const unknown = await gatherEvidence(source('a', {}), source('b', {}), 'guess', context)
    expect(unknown.refusals[0].reason).toMatch(/no way called "guess"/)
  })
})

describe('timecode', () => {
  test.each([
    ['01:02:03:12', '25', 3723.48],
    ['00:00:10;00', '30000/1001', 10.01],
    ['00:10:00;00', '30000/1001', 599.9994],
    ['01:00:00;00', '30000/1001', 3599.9964],
    ['00:00:01:12', '24', 1.5],
  ])('%s at %s is %d s', (start, rate, seconds) => {
    expect(timecodeSeconds(start, rate)).toBeCloseTo(seconds, 4)
  })

  test('what is no timecode is null', () => {
    expect(timecodeSeconds('soon', '25')).toBeNull()
    expect(timecodeSeconds('01:02:03:04', 'x')).toBeNull()
  })
})
