import { describe, expect, test } from 'vitest'
import { alignAudio } from '../../../shared/signal/align-audio.ts'
import type { Step } from '../../../shared/signal/join-pieces.ts'
import { playedAnew } from '../../../shared/signal/played-anew.ts'
import { recordScene } from '../../fixtures/time/scene.ts'
import { speechLike } from '../../fixtures/time/sources.ts'

const RATE = 8000

const stepsOf = (seconds: readonly number[], unsureSeconds: number): Step[] =>
  seconds.map((each) => ({ seconds: each, unsureSeconds }))

describe('sound that was played anew, piece by piece', () => {
  test('steps both ways, all in pauses, are no two recorders of one event', () => {
    expect(playedAnew(stepsOf([-0.35, 0.18, 0.34, -0.32], 1))).toEqual({ forth: 0.34, back: -0.35 })
  })

  test('a copy that was cut, recorders that were paused once, and blocks lost in speech are', () => {
    expect(playedAnew(stepsOf([0.35, 0.18, 0.34, 0.32], 1))).toBeUndefined()
    expect(playedAnew(stepsOf([-0.35, 0.18], 1))).toBeUndefined()
    expect(playedAnew([...stepsOf([-0.35, 0.18, 0.34], 1), { seconds: -0.2, unsureSeconds: 0.02 }])).toBeUndefined()
  })

  test('one voice that says the same sentences in two sessions is refused with the reason', async () => {
    const sentences = speechLike(28, RATE, 4401)
    const session = async (pauses: readonly number[], seed: number): Promise<Float32Array> => {
      const parts = pauses.flatMap((pause, index) => [
        new Float32Array(Math.round(pause * RATE)),
        sentences.subarray(index * 5.4 * RATE, (index + 1) * 5.4 * RATE),
      ])
      const source = new Float32Array(36 * RATE)
      let at = 0
      for (const part of parts) {
        source.set(part, at)
        at += part.length
      }
      const { a } = await recordScene({
        seed,
        sampleRateHz: RATE,
        source,
        aSeconds: 32.5,
        bStartSeconds: 0,
        bSeconds: 4,
        ratePpm: 0,
        snrDb: 25,
        reverberationSeconds: 0.3,
        directToReverberantDb: 3,
      })
      return a
    }
    const [a, b] = [await session([1, 0.9, 1.2, 0.7, 1.1], 1), await session([0.8, 1.25, 0.93, 1.02, 0.65], 2)]
    const result = await alignAudio(a, b, RATE)
    expect(result).toMatchObject({ aligned: false, said: { code: 'time.playedAnew' } })
  })
})
