import { describe, expect, it } from 'vitest'
import { melLevels } from '../../../electron/engine/stars/mel-levels.ts'
import { soundEncoder, soundMeaning } from '../../../electron/engine/stars/sound-meaning.ts'
import { heardElsewhere } from '../../../resources/models/made-up-rooms.ts'
import { loadFft } from '../../../shared/signal/fft.ts'
import { randomStream } from '../../../shared/stars/algebra/random.ts'
import { EMBEDDED_FRAMES, SOUND_FEATURES, soundFeatures } from '../../../shared/stars/estimate/sound-embedding.ts'
import { MEL_BANDS } from '../../../shared/stars/estimate/sound-measure.ts'

const HZ = 16_000
const plans = await loadFft()

/** A made-up thing that rings: other pitches and another pace for every seed. */
function ringing(seed: number): Float64Array {
  const random = randomStream(seed)
  const partials = Array.from({ length: 5 }, () => 150 + 3000 * random.next() ** 2)
  const pace = 2 + 8 * random.next()
  return Float64Array.from({ length: 1.1 * HZ }, (_, i) => {
    const fade = Math.exp(-4 * (((pace * i) / HZ) % 1))
    return 0.1 * fade * partials.reduce((sum, hertz) => sum + Math.sin((2 * Math.PI * hertz * i) / HZ), 0)
  })
}

function firstSecond(samples: Float32Array): Float32Array {
  return melLevels(samples, plans, new AbortController().signal).levels.subarray(0, EMBEDDED_FRAMES * MEL_BANDS)
}

function meaningOf(samples: Float32Array): number[] {
  return soundMeaning({ count: EMBEDDED_FRAMES, levels: firstSecond(samples) })
}

function squared(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0)
}

describe('what a second of sound is like', () => {
  it('is the same however loud it is', () => {
    const sound = Float32Array.from(ringing(1))
    const quiet = sound.map((value) => value / 8)
    // Unlike sounds lie at 4.7.
    expect(squared(meaningOf(sound), meaningOf(quiet))).toBeLessThan(0.01)
  })

  it('stays nearest to itself through other rooms and microphones, in nine of ten sounds', () => {
    const random = randomStream(5)
    const sounds = Array.from({ length: 20 }, (_, at) => ringing(at))
    const here = sounds.map((sound) => meaningOf(heardElsewhere(sound, random, plans)))
    const there = sounds.map((sound) => meaningOf(heardElsewhere(sound, random, plans)))
    const found = here.filter((own, at) => there.every((other) => squared(own, there[at]) <= squared(own, other)))
    expect(found.length).toBeGreaterThanOrEqual(18)
  })

  it('is finite for silence, for one click and for the loudest noise', () => {
    const random = randomStream(2)
    const click = new Float32Array(1.1 * HZ)
    click[4000] = 1
    for (const samples of [new Float32Array(1.1 * HZ), click, click.map(() => (random.next() < 0.5 ? -1 : 1))]) {
      const features = soundFeatures({ count: EMBEDDED_FRAMES, levels: firstSecond(samples) })
      expect(features).toHaveLength(SOUND_FEATURES)
      expect(meaningOf(samples).every(Number.isFinite)).toBe(true)
    }
  })

  it('is known by the measure and the axes together', () => {
    expect(soundEncoder()).toEqual({ id: 'sound-axes', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
  })
})
