import { expect, test } from 'vitest'
import { loadFft } from '../../../shared/signal/fft.ts'
import type { TestedLine, Track } from '../../../shared/signal/match-search.ts'
import { onsetEnvelope } from '../../../shared/signal/onset-envelope.ts'
import { settleRivals } from '../../../shared/signal/settle-rivals.ts'
import { soundSamples } from '../../../shared/signal/sound-samples.ts'
import { recordScene } from '../../fixtures/time/scene.ts'
import { musicLike } from '../../fixtures/time/sources.ts'

const RATE = 8000
const LOOP_SECONDS = 4

test('of two turns of a loop none wins by lying on the higher of two peaks', async () => {
  const turn = musicLike(LOOP_SECONDS, RATE, 31).subarray(0, LOOP_SECONDS * RATE)
  const source = new Float32Array(32 * RATE)
  for (let at = 0; at < source.length; at += turn.length) source.set(turn, at)
  const take = await recordScene({
    seed: 31,
    sampleRateHz: RATE,
    source,
    aSeconds: 30,
    bStartSeconds: 8.5,
    bSeconds: 12,
    ratePpm: 0,
    snrDb: 25,
    reverberationSeconds: 0.3,
    directToReverberantDb: 3,
  })
  const plans = await loadFft()
  const [a, b] = [take.a, take.b].map((heard): Track => {
    const samples = soundSamples(heard)
    const envelope = onsetEnvelope(plans, samples, RATE)
    return { samples, sampleRateHz: RATE, envelope, durationSeconds: heard.length / RATE }
  })
  const lineAt = (offsetSeconds: number): TestedLine => ({
    offsetSeconds,
    ratePpm: 0,
    score: 30,
    contrast: 15,
    sharpness: 8,
    runnerUp: 0.5,
    windowCount: 48,
    profile: new Float32Array(1),
    coarseScore: 10,
    overlapSeconds: 12,
  })
  // The second is one period of a bass note beside its turn.
  const beside = 2 * LOOP_SECONDS + 0.006
  const settled = settleRivals(plans, a, b, [lineAt(take.offsetSeconds), lineAt(take.offsetSeconds + beside)])
  plans.close()
  expect(settled.equal).toBeDefined()
})
