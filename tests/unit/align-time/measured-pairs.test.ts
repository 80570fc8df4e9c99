import { describe, expect, test } from 'vitest'
import { measurePair, type DigestedSource } from '../../../electron/engine/align/time/measured-pairs.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { gyroscope, handHeld } from '../../fixtures/time/motion.ts'
import { memoryCache } from '../../fixtures/stars/project-view.ts'

const context = { signal: new AbortController().signal }
const turning = handHeld(4)

/** Cameras that were moved as one; each says how often its sensor was read. */
function camera(name: string, startSeconds: number, digest = name): DigestedSource & { reads: number } {
  const felt = gyroscope(turning, {
    rateHz: 100,
    startSeconds,
    seconds: 30,
    ratePpm: 0,
    noise: 0.02,
    seed: name.length,
  })
  const entry = {
    digest,
    reads: 0,
    source: {
      clockId: name,
      title: name,
      epochUtcNanoseconds: null,
      timecode: null,
      startSeconds: 0,
      durationSeconds: 30,
      loadImus: [
        async () => {
          entry.reads++
          return felt
        },
      ],
    },
  }
  return entry
}

async function measureAll(cameras: readonly DigestedSource[], cache: ReturnType<typeof memoryCache>) {
  const pairs = cameras.flatMap((one, n) => cameras.slice(n + 1).map((two) => [one, two] as const))
  return await Promise.all(pairs.map(([one, two]) => measurePair(one, two, 'motion', context, cache)))
}

describe('pairs that were measured before', () => {
  test('one more camera measures only the pairs that it brings', async () => {
    const cache = memoryCache()
    const take = [camera('a', 0), camera('b', 3.2), camera('c', 5.5)]
    const first = await measureAll(take, cache)
    expect(first.map(({ isKept }) => isKept)).toEqual([false, false, false])
    expect(take.map(({ reads }) => reads)).toEqual([2, 2, 2])
    const again = await measureAll([...take, camera('d', 1.7)], cache)
    expect(again.filter(({ isKept }) => !isKept)).toHaveLength(3)
    // Each of the old cameras was read for its pair with the new one, and for nothing else.
    expect(take.map(({ reads }) => reads)).toEqual([3, 3, 3])
    expect(again[0].gathering).toEqual(first[0].gathering)
    expect(first[0].gathering.evidence[0].map.offsetSeconds).toBeCloseTo(3.2, 2)
  })

  test('what was recorded anew, asked for another way or spoilt in the cache is measured again', async () => {
    const cache = memoryCache()
    const [a, b] = [camera('a', 0), camera('b', 3.2)]
    await measurePair(a, b, 'motion', context, cache)
    expect((await measurePair(a, b, 'auto', context, cache)).isKept).toBe(false)
    expect((await measurePair(a, camera('b', 4, 'another digest'), 'motion', context, cache)).isKept).toBe(false)
    for (const key of cache.kept.keys()) cache.kept.set(key, new TextEncoder().encode('{"evidence":'))
    expect((await measurePair(a, b, 'motion', context, cache)).isKept).toBe(false)
    expect((await measurePair(a, b, 'motion', context, cache)).isKept).toBe(true)
  })

  test('a recording that could not be read is a refusal with its reason, and is read again', async () => {
    const cache = memoryCache()
    const [a, b] = [camera('a', 0), camera('b', 3.2)]
    const failure = new AsterismError('corrupt_file', 'The sensor log ends in the middle.')
    const broken = { ...b, source: { ...b.source, loadImus: [() => Promise.reject(failure)] } }
    const { gathering } = await measurePair(a, broken, 'motion', context, cache)
    expect(gathering.refusals).toEqual([{ method: 'motion', reason: failure.message }])
    expect((await measurePair(a, b, 'motion', context, cache)).gathering.evidence).toHaveLength(1)
  })
})
