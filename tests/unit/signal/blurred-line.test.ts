import { describe, expect, test } from 'vitest'
import { alignAudio } from '../../../shared/signal/align-audio.ts'
import { recordScene, type Scene } from '../../fixtures/time/scene.ts'
import { speechLike } from '../../fixtures/time/sources.ts'

const RATE = 8000

const ringing = (source: Float32Array, seed: number): Promise<Scene> =>
  recordScene({
    seed,
    sampleRateHz: RATE,
    source,
    aSeconds: 34,
    bStartSeconds: 4,
    bSeconds: 30,
    ratePpm: 30,
    snrDb: 15,
    reverberationSeconds: 0.7,
    directToReverberantDb: -14,
  })

describe('a room whose ringing outweighs the direct sound', () => {
  test('one voice is placed, as surely as its echoes allow', async () => {
    const truth = await ringing(speechLike(40, RATE, 7), 7)
    const result = await alignAudio(truth.a, truth.b, RATE)
    if (!result.aligned) throw new Error(result.reason)
    expect(Math.abs(result.offsetSeconds - truth.offsetSeconds)).toBeLessThan(2 * result.sigmaOffsetSeconds)
    expect(result.sigmaOffsetSeconds).toBeGreaterThan(2e-3)
    expect(result.sigmaOffsetSeconds).toBeLessThan(0.035)
    expect(Math.abs(result.ratePpm - truth.ratePpm)).toBeLessThan(2 * result.sigmaRatePpm)
  })

  test('two voices that share a jingle are not', async () => {
    const jingle = speechLike(8, RATE, 71)
    const withJingle = (seed: number, atSeconds: number): Float32Array => {
      const source = speechLike(40, RATE, seed)
      source.set(jingle, atSeconds * RATE)
      return source
    }
    const [one, other] = [await ringing(withJingle(72, 14), 8), await ringing(withJingle(73, 17), 9)]
    expect(await alignAudio(one.a, other.b, RATE)).toMatchObject({ aligned: false })
  })
})
