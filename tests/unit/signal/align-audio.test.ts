import { describe, expect, test } from 'vitest'
import type { AlignedAudio, AudioAlignment } from '../../../shared/signal/audio-alignment.ts'
import { alignAudio } from '../../../shared/signal/align-audio.ts'
import { applyTimeMap, composeTimeMaps, sigmaOfTimeMap, type ClockMap } from '../../../shared/signal/time-map.ts'
import { addNoise, sampleAt, recordScene, type Scene, type SceneOptions } from '../../fixtures/time/scene.ts'
import { speechLike } from '../../fixtures/time/sources.ts'

const RATE = 16_000

function answer(result: AudioAlignment): AlignedAudio {
  if (!result.aligned) throw new Error(`refused: ${result.reason}`)
  return result
}

/** Without knots: the line alone. */
const mapOf = ({ offsetSeconds, ratePpm, covariance }: AlignedAudio): ClockMap => ({
  offsetSeconds,
  ratePpm,
  covariance,
})

const voices = new Map<number, Float32Array>()

/** A voice that many takes are made of. */
function voice(seed: number): Float32Array {
  const known = voices.get(seed) ?? speechLike(44, RATE, seed)
  voices.set(seed, known)
  return known
}

async function scene(seed: number, options: Partial<SceneOptions> = {}): Promise<Scene> {
  return await recordScene({
    seed,
    sampleRateHz: RATE,
    source: voice(seed),
    aSeconds: 25,
    bStartSeconds: 6.0123,
    bSeconds: 25,
    ...options,
  })
}

/** Error at the middle of the overlap: what an editor hears. */
function errorSeconds(result: AlignedAudio, truth: Scene, middle: number): number {
  return result.offsetSeconds - truth.offsetSeconds + (result.ratePpm - truth.ratePpm) * 1e-6 * middle
}

/** Sections of two poles (bilinear transform), a sign of -1 for a high and of 1 for a low pass. */
function filtered(samples: Float32Array, sections: readonly (readonly [number, number, number])[]): Float32Array {
  let out = samples
  for (const [hertz, sign, q] of sections) {
    const w = (2 * Math.PI * hertz) / RATE
    const [cos, alpha] = [Math.cos(w), Math.sin(w) / (2 * q)]
    const gain = (1 - sign * cos) / 2 / (1 + alpha)
    const [a1, a2] = [(-2 * cos) / (1 + alpha), (1 - alpha) / (1 + alpha)]
    const next = new Float32Array(out.length)
    for (let n = 2; n < out.length; n++) {
      const heard = gain * (out[n]! + 2 * sign * out[n - 1]! + out[n - 2]!)
      next[n] = heard - a1 * next[n - 1]! - a2 * next[n - 2]!
    }
    out = next
  }
  return out
}

/** 300 to 3,400 Hz by four sections (Butterworth). */
const telephoneBand = (samples: Float32Array): Float32Array =>
  filtered(samples, [
    [300, -1, 0.5412],
    [300, -1, 1.3066],
    [3400, 1, 0.5412],
    [3400, 1, 1.3066],
  ])

/** The same band with six poles to either side (Chebyshev, 0.5 dB). */
const steepBand = (samples: Float32Array): Float32Array =>
  filtered(
    samples,
    (
      [
        [1.011, 6.513],
        [0.768, 1.81],
        [0.396, 0.684],
      ] as const
    ).flatMap(([edge, q]) => [[300 / edge, -1, q] as const, [3400 * edge, 1, q] as const]),
  )

/** Through cloth, then what the telephone adds: hiss, and clipping at the root mean square. */
function inPocket(samples: Float32Array, lowPassHz: number): Float32Array {
  const out = filtered(samples, [[lowPassHz, 1, Math.SQRT1_2]])
  addNoise(out, 10, 71, 0)
  const limit = Math.sqrt(out.reduce((sum, value) => sum + value * value, 0) / out.length)
  return out.map((value) => Math.max(-limit, Math.min(limit, value)))
}

describe('aligning two recordings by their sound', () => {
  test.each([
    ['clean', { ratePpm: 37 }],
    ['noise as loud as the voice', { ratePpm: -83, snrDb: 0 }],
    ['noise 5 dB louder, and a room', { ratePpm: 120, snrDb: -5, reverberationSeconds: 0.4, directToReverberantDb: 2 }],
    ['a hall', { ratePpm: -200, snrDb: 15, reverberationSeconds: 1, directToReverberantDb: 0 }],
    ['upside down and clipped', { ratePpm: 5, snrDb: 20, invert: true, clipAt: 0.8 }],
    ['a drift of 500 ppm', { ratePpm: 500, snrDb: 10 }],
    ['B first', { ratePpm: 50, aStartSeconds: 11.25, bStartSeconds: 0.5, snrDb: 10 }],
  ] satisfies [string, Partial<SceneOptions>][])('%s', async (_, options) => {
    const truth = await scene(41, options)
    const result = answer(await alignAudio(truth.a, truth.b, RATE))
    const middle = truth.offsetSeconds > 0 ? (25 - truth.offsetSeconds) / 2 : 12.5 - truth.offsetSeconds / 2
    expect(Math.abs(errorSeconds(result, truth, middle))).toBeLessThan(2e-4)
    expect(Math.abs(result.ratePpm - truth.ratePpm)).toBeLessThan(Math.max(8, 4 * result.sigmaRatePpm))
    expect(result.inverted).toBe('invert' in options)
    expect(result.knots).toBeUndefined()
    expect(result.confidence).toBeGreaterThan(0.7)
    expect(result.sigmaOffsetSeconds).toBeLessThan(1e-3)
  })

  test('swapping the two inverts the map', async () => {
    const truth = await scene(42, { ratePpm: -83, snrDb: 5 })
    const there = answer(await alignAudio(truth.a, truth.b, RATE))
    const back = answer(await alignAudio(truth.b, truth.a, RATE))
    const scale = 1 + there.ratePpm * 1e-6
    for (const secondsB of [0, 9, 18]) {
      const secondsA = there.offsetSeconds + scale * secondsB
      expect(Math.abs(back.offsetSeconds + (1 + back.ratePpm * 1e-6) * secondsA - secondsB)).toBeLessThan(3e-5)
    }
  })

  test('shifting the input shifts the answer', async () => {
    const truth = await scene(43, { ratePpm: 20, snrDb: 10 })
    const whole = answer(await alignAudio(truth.a, truth.b, RATE))
    const later = answer(await alignAudio(truth.a.subarray(2 * RATE), truth.b, RATE))
    const shorter = answer(await alignAudio(truth.a, truth.b.subarray(3 * RATE), RATE))
    expect(later.offsetSeconds).toBeCloseTo(whole.offsetSeconds - 2, 4)
    expect(shorter.offsetSeconds).toBeCloseTo(whole.offsetSeconds + 3 * (1 + whole.ratePpm * 1e-6), 4)
  })

  test('two maps one after the other are the direct one, within what they say of themselves', async () => {
    const [one, two] = await Promise.all([
      scene(45, { ratePpm: 60, snrDb: 12 }),
      recordScene({
        seed: 46,
        sampleRateHz: RATE,
        source: voice(45),
        aSeconds: 1,
        bStartSeconds: 9.4,
        bSeconds: 24,
        ratePpm: -35,
        snrDb: 12,
      }),
    ])
    const [first, second, direct] = await Promise.all(
      (
        [
          [one.a, one.b],
          [one.b, two.b],
          [one.a, two.b],
        ] as const
      ).map(async ([a, b]) => answer(await alignAudio(a, b, RATE))),
    )
    const composed = composeTimeMaps(mapOf(first!), mapOf(second!))
    for (const seconds of [1, 8, 14]) {
      const sigma = Math.hypot(sigmaOfTimeMap(composed, seconds), sigmaOfTimeMap(mapOf(direct!), seconds))
      expect(Math.abs(applyTimeMap(composed, seconds) - applyTimeMap(mapOf(direct!), seconds))).toBeLessThan(4 * sigma)
    }
  })

  test('gains and constant offsets do not matter, and numbers that are none do no harm', async () => {
    const truth = await scene(44, { ratePpm: 12, snrDb: 15 })
    const plain = answer(await alignAudio(truth.a, truth.b, RATE))
    const loud = truth.a.map((value) => value * 900 + 40)
    const holed = truth.b.slice()
    for (let index = 0; index < holed.length; index += 211) holed[index] = index % 2 ? Number.NaN : Infinity
    const changed = answer(await alignAudio(loud, holed, RATE))
    expect(changed.offsetSeconds).toBeCloseTo(plain.offsetSeconds, 4)
  })

  test.each([8000, 44_100, 48_000, 192_000])('a sample rate of %d Hz', async (sampleRateHz) => {
    const truth = await scene(45, { aSeconds: 12, bStartSeconds: 2.5, bSeconds: 12, snrDb: 20 })
    const at = (samples: Float32Array): Float32Array =>
      sampleAt(samples, RATE, Math.floor((samples.length * sampleRateHz) / RATE), 0, RATE / sampleRateHz)
    // Eight bits, as old recorders gave them.
    const b = sampleRateHz === 8000 ? at(truth.b).map((value) => Math.round(value * 100) / 100) : at(truth.b)
    const result = answer(await alignAudio(at(truth.a), b, sampleRateHz))
    expect(result.offsetSeconds).toBeCloseTo(2.5, 3)
  })

  test('eight seconds of overlap are enough', async () => {
    const truth = await scene(46, { bStartSeconds: 17, snrDb: 15, reverberationSeconds: 0.3, directToReverberantDb: 3 })
    const result = answer(await alignAudio(truth.a, truth.b, RATE))
    expect(result.offsetSeconds).toBeCloseTo(17, 3)
    expect(result.overlapSeconds).toBeCloseTo(8, 1)
  })

  test('what the steep filters of a telephone delay is in sigma, and nowhere else', async () => {
    const truth = await scene(44, { ratePpm: 20, snrDb: 25 })
    const plain = answer(await alignAudio(truth.a, truth.b, RATE))
    const band = telephoneBand(truth.b)
    const result = answer(await alignAudio(truth.a, band, RATE))
    const error = Math.abs(result.offsetSeconds - truth.offsetSeconds)
    expect(error).toBeGreaterThan(5e-5)
    expect(error).toBeLessThan(2 * result.sigmaOffsetSeconds)
    expect(plain.sigmaOffsetSeconds).toBeLessThan(2e-5)
  })

  test('a band so steep that its phases turn within it leaves the line unsure by as much', async () => {
    const truth = await scene(46, { ratePpm: 20, snrDb: 25 })
    const steep = steepBand(truth.b)
    addNoise(steep, 15, 72, 1)
    const result = answer(await alignAudio(truth.a, steep, RATE))
    const error = Math.abs(result.offsetSeconds - truth.offsetSeconds)
    expect(error).toBeGreaterThan(3e-4)
    expect(error).toBeLessThan(1.4 * result.sigmaOffsetSeconds)
  })

  test('what such a band delays is in the sigma of a short stretch behind a lost block too', async () => {
    const truth = await scene(46, { ratePpm: 20, snrDb: 25 })
    const steep = steepBand(truth.b)
    const [from, lost] = [12 * RATE, 1.3 * RATE]
    const cut = Float32Array.from([...steep.subarray(0, from), ...steep.subarray(from + lost)])
    const result = answer(await alignAudio(truth.a, cut, RATE))
    const behind = result.knots?.filter(({ secondsB }) => secondsB > 14) ?? []
    expect(behind.length).toBeGreaterThan(0)
    for (const { secondsA, secondsB, sigmaSeconds } of behind) {
      const error = secondsA - truth.offsetSeconds - (1 + truth.ratePpm * 1e-6) * (secondsB + 1.3)
      expect(Math.abs(error)).toBeLessThan(2 * sigmaSeconds)
    }
  })

  test('what cloth delays is in sigma, though hiss and clipping fill up what it took away', async () => {
    const truth = await scene(44, { ratePpm: 20, snrDb: 25 })
    const result = answer(await alignAudio(truth.a, inPocket(truth.b, 1000), RATE))
    const error = Math.abs(result.offsetSeconds - truth.offsetSeconds)
    expect(error).toBeGreaterThan(5e-5)
    expect(error).toBeLessThan(2.5 * result.sigmaOffsetSeconds)
  })

  test('a minute of silence in the middle is no obstacle', async () => {
    const source = voice(47).slice()
    source.fill(0, 10 * RATE, 22 * RATE)
    const truth = await scene(47, { source, ratePpm: 30, snrDb: 15 })
    expect(answer(await alignAudio(truth.a, truth.b, RATE)).offsetSeconds).toBeCloseTo(6.0123, 3)
  })

  test('what was cut is placed, with its curves', async () => {
    const truth = await scene(48, { snrDb: 20 })
    const result = answer(await alignAudio(truth.a, truth.b.subarray(8 * RATE, 14 * RATE), RATE))
    expect(result.offsetSeconds).toBeCloseTo(14.0123, 3)
    expect(result.curves.length).toBeGreaterThanOrEqual(3)
    for (const curve of result.curves) {
      expect(curve.x.length).toBe(curve.y.length)
      expect(curve.x.length).toBeLessThanOrEqual(2000)
      expect([...curve.x, ...curve.y].every(Number.isFinite)).toBe(true)
    }
  })

  test('cancelling stops it', async () => {
    const truth = await scene(49)
    const controller = new AbortController()
    const running = alignAudio(truth.a, truth.b, RATE, {
      signal: controller.signal,
      onProgress: (share) => {
        if (share >= 0.2) controller.abort()
      },
    })
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('a sample rate that is none is bad input', async () => {
    await expect(alignAudio(new Float32Array(10), new Float32Array(10), Number.NaN)).rejects.toMatchObject({
      code: 'bad_input',
    })
  })
})
