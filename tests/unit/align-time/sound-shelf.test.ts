import { expect, test } from 'vitest'
import type { MonoSound } from '../../../electron/engine/align/time/gatherer.ts'
import { soundSamples } from '../../../shared/signal/sound-samples.ts'
import { SoundShelf } from '../../../electron/engine/assets/sound-shelf.ts'

test('sounds are kept within the budget, the least lately used one goes first, and work is shared', async () => {
  const loads: string[] = []
  const shelf = new SoundShelf(2 * 4000)
  const take = (name: string): Promise<MonoSound> =>
    shelf.take(name, async () => {
      loads.push(name)
      return { samples: soundSamples(new Float32Array(1000)), sampleRateHz: 1000, startSeconds: 0 }
    })
  const [one, two] = await Promise.all([take('a'), take('a')])
  expect(one).toBe(two)
  await take('b')
  await take('a')
  await take('c')
  await take('a')
  expect(loads).toEqual(['a', 'b', 'c'])
  await take('b')
  expect(loads).toEqual(['a', 'b', 'c', 'b'])
})

test('what could not be read is tried again', async () => {
  const shelf = new SoundShelf()
  const failing = shelf.take('a', () => Promise.reject(new Error('busy')))
  await expect(failing).rejects.toThrow('busy')
  const sound = { samples: soundSamples(new Float32Array(1)), sampleRateHz: 1, startSeconds: 0 }
  expect(await shelf.take('a', async () => sound)).toBe(sound)
})
