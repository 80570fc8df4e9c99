import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { builtInCalibration } from '../../electron/engine/stars/built-in-pack.ts'
import { estimateStarsInWorker, knnShapleyInWorkers } from '../../electron/engine/stars/compute.ts'
import { loadStarpack } from '../../electron/engine/stars/starpack-file.ts'
import { valueWorldFile } from '../../electron/engine/stars/value-world-file.ts'
import { randomStream } from '../../shared/stars/algebra/random.ts'
import { estimateStars } from '../../shared/stars/estimate/estimate-stars.ts'
import { knnShapley } from '../../shared/stars/value/knn-shapley.ts'
import { parseWorld } from '../../shared/stars/world/parse-world.ts'
import { valueWorld } from '../../shared/stars/world/value-world.ts'
import { syntheticImages } from '../fixtures/stars/synthetic-images.ts'
import { madeUpTake, TEST_PACK } from '../fixtures/stars/stars-inputs.ts'
import { makeWorld } from '../fixtures/stars/world-recipe.ts'

const RECIPE = {
  creators: 12,
  smallest: 4,
  largest: 12,
  referenceCount: 30,
  probeCount: 60,
  testCount: 100,
  features: 10,
  permutationPairs: 1,
  baseResamples: 1,
}
const { world } = makeWorld('small', syntheticImages(1500, 4, 3), RECIPE, 3)
let folder = ''
const file = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stars-compute-'))
  await writeFile(file('world.json'), JSON.stringify(world))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('stars on threads', () => {
  const alone = valueWorld(parseWorld(world), builtInCalibration())

  it.each([1, 3])('values a world the same on %i threads as on none', async (workers) => {
    const progress: number[] = []
    const report = await valueWorldFile(file('world.json'), {
      signal: new AbortController().signal,
      workers,
      onProgress: (fraction) => progress.push(fraction),
    })
    expect(report).toEqual(alone)
    expect(progress.at(-1)).toBe(1)
    expect([...progress].sort((a, b) => a - b)).toEqual(progress)
  })

  it('gives KNN-Shapley values to the last digit', async () => {
    const random = randomStream(2)
    const problem = {
      dimension: 8,
      points: Float64Array.from({ length: 8 * 300 }, () => random.normal()),
      probes: Float64Array.from({ length: 8 * 150 }, () => random.normal()),
      k: 5,
      targets: {
        kind: 'classes' as const,
        points: Int32Array.from({ length: 300 }, () => random.below(4)),
        probes: Int32Array.from({ length: 150 }, () => random.below(4)),
      },
    }
    const values = await knnShapleyInWorkers(problem, { signal: new AbortController().signal, workers: 2 })
    expect(values).toEqual(knnShapley(problem))
  })

  it('estimates as none does, again in the thread that waited, and in another after a cancel', async () => {
    const inputs = [1, 2].map(madeUpTake)
    const expected = inputs.map((input) => estimateStars(input, TEST_PACK))
    const { signal } = new AbortController()
    const cancelled = async (): Promise<void> => {
      const abort = new AbortController()
      const running = estimateStarsInWorker(inputs[1], TEST_PACK, { signal: abort.signal })
      abort.abort()
      await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    }
    // Tests of other files share this process: one of their threads may wait here, and ends with this.
    await cancelled()
    let threads = 0
    const count = (): void => void threads++
    process.on('worker', count)
    onTestFinished(() => void process.off('worker', count))
    for (const at of [0, 1, 0])
      expect(await estimateStarsInWorker(inputs[at], TEST_PACK, { signal })).toEqual(expected[at])
    expect(threads).toBe(1)
    await cancelled()
    const together = inputs.map((input) => estimateStarsInWorker(input, TEST_PACK, { signal }))
    expect(await Promise.all(together)).toEqual(expected)
    expect(threads).toBe(3)
    const nothing = { ...inputs[0], units: [], scans: [] }
    await expect(estimateStarsInWorker(nothing, TEST_PACK, { signal })).rejects.toMatchObject({
      code: 'bad_input',
      fix: expect.stringContaining('Import a recording') as string,
      // In codes as well, for a window to say in its own language.
      said: { what: { code: 'stars.wordsAlone' }, fix: { code: 'stars.nothingThereFix' } },
    })
  })

  it('stops when it is cancelled, before and meanwhile', async () => {
    const abort = new AbortController()
    const running = valueWorldFile(file('world.json'), { signal: abort.signal, onProgress: () => abort.abort() })
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    await expect(valueWorldFile(file('world.json'), { signal: abort.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  it.each([
    ['missing.json', null, 'not_found'],
    ['empty.json', '', 'empty_file'],
    ['text.json', 'stars', 'bad_input'],
    ['nan.json', '{"classes": NaN}', 'bad_input'],
    ['two-bytes-a-letter.json', Buffer.from(JSON.stringify({ classes: 2 }), 'utf16le'), 'bad_input'],
    ['a-byte-a-letter.json', Buffer.from(JSON.stringify({ ...world, name: 'Bücher' }), 'latin1'), 'bad_input'],
    ['numbers.json', Buffer.alloc(65_000_001, ','), 'too_large'],
    ['lists.json', Buffer.alloc(2_000_001, '['), 'too_large'],
    ['list.json', '[]', 'bad_input'],
    ['cut.json', JSON.stringify(world).slice(0, 5000), 'bad_input'],
    ['one-class.json', JSON.stringify({ ...world, classes: 1 }), 'bad_input'],
    ['unknown-label.json', JSON.stringify({ ...world, classes: 3 }), 'bad_input'],
  ])('refuses %s, naming the file', async (name, content, code) => {
    if (content !== null) await writeFile(file(name), content)
    const refused = valueWorldFile(file(name), { signal: new AbortController().signal })
    await expect(refused).rejects.toMatchObject({ code, path: file(name) })
  })

  it('reads a world behind a byte order mark', async () => {
    await writeFile(file('mark.json'), `\uFEFF${JSON.stringify({ ...world, bundles: [] })}`)
    const { signal } = new AbortController()
    await expect(valueWorldFile(file('mark.json'), { signal })).rejects.toThrow('no bundle to value')
  })

  it('refuses a folder and packs that are none', async () => {
    await expect(valueWorldFile(folder, { signal: new AbortController().signal })).rejects.toMatchObject({
      code: 'bad_input',
    })
    await expect(loadStarpack(file('missing.starpack'))).rejects.toMatchObject({ code: 'not_found' })
    await writeFile(file('x.starpack'), 'x')
    await expect(loadStarpack(file('x.starpack'))).rejects.toMatchObject({ code: 'corrupt_file' })
  })
})
