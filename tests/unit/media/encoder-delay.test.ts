import { describe, expect, test } from 'vitest'
import { beginningSigma, heardDelay } from '../../../electron/engine/media/encoder-delay.ts'
import { seededRandom } from '../../../shared/geometry/random.ts'

const AAC = [1024, 2048, 2112]

/** Power of a sound that begins after some samples, with an echo of its first block 40 dB under it before that. */
function beginningAfter(samples: number, loud = 1e-2, before = loud * 1e-4): Float64Array {
  const random = seededRandom(samples)
  return Float64Array.from({ length: 9600 }, (_, at) => (at < samples ? before : loud) * 2 * random.next())
}

describe("an encoder's delay is heard", () => {
  test.each([...AAC])('%i samples', (samples) => {
    expect(heardDelay(beginningAfter(samples), AAC)).toBe(samples)
    expect(heardDelay(beginningAfter(samples, 1e-7), AAC)).toBe(samples)
  })

  test.each([1057, 1105])('%i samples, though another encoder differs by 48', (samples) => {
    expect(heardDelay(beginningAfter(samples), [1057, 1105])).toBe(samples)
  })

  test('not where the sound is there from the first sample on: the stream was cut out of a longer one', () => {
    expect(heardDelay(beginningAfter(0), AAC, 1024)).toBe(0)
    expect(heardDelay(beginningAfter(0), [481])).toBe(0)
  })

  test('where it begins silently only the name of the encoder tells, or the codec where all do alike', () => {
    expect(heardDelay(new Float64Array(9600), AAC)).toBeNull()
    expect(heardDelay(new Float64Array(9600), AAC, 2048)).toBe(2048)
    expect(heardDelay(new Float64Array(9600), [481])).toBe(481)
    expect(heardDelay(beginningAfter(4000, 1e-2, 1e-8), AAC)).toBeNull()
  })
})

test('where nobody tells what an encoder put first, its longest delay lies within two deviations', () => {
  const aac = { kind: 'audio', codec: 'aac', sampleRateHz: 48_000 } as const
  expect(beginningSigma(aac, 0.0213, 'mpegts')).toBe(0)
  expect(2 * beginningSigma(aac, null, 'mpegts')).toBeGreaterThan(2112 / 48_000)
  expect(2 * beginningSigma({ ...aac, codec: 'wmav2' }, 0, 'asf')).toBeGreaterThan(0.0434)
  expect(2 * beginningSigma({ ...aac, codec: 'vorbis' }, 0, 'webm')).toBeGreaterThan(0.003)
  expect(beginningSigma({ ...aac, codec: 'vorbis' }, 0, 'ogg')).toBe(0)
  // Low rates have longer blocks: 512 and 1024 samples, of which half a short one may be too much.
  const vorbis = Buffer.concat([Buffer.from('\x01vorbis'), Buffer.alloc(21), Buffer.from([0xa9])])
  const slow = { ...aac, codec: 'vorbis', sampleRateHz: 16_000 }
  expect(2 * beginningSigma(slow, 0, 'mkv', vorbis)).toBeGreaterThan(256 / 16_000)
})
