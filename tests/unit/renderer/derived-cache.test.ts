/** What background work makes is fetched once it is there, and whoever waits for it hears of it. */
import { expect, test } from 'vitest'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { loadFromWindow } from './window-modules.ts'

const { DerivedCache } = await loadFromWindow('state/derived-cache')
const { followJobs, useJobs } = await loadFromWindow('state/jobs-store')

test('everybody who asks waits until it is there', async () => {
  const cache = new DerivedCache()
  const value = {}
  let give = (_value: object): void => undefined
  const first = cache.load('a', async () => await new Promise((resolve) => (give = resolve)))
  const second = cache.load('a', () => Promise.reject(new Error('asked for twice'))).then(() => cache.get('a'))
  give(value)
  await first
  expect(await second).toBe(value)
})

test('what is missing is asked for again once work came to its next stage, or ended, well or not', async () => {
  const job = (id: string, stage: string | null, state: string) => ({ id, kind: 'derive', stage, state })
  const cache = new DerivedCache()
  let asked = 0
  const load = (): Promise<void> =>
    cache.load('a', () => {
      asked += 1
      return Promise.resolve(null)
    })
  const counts: number[] = []
  const seen = [
    job('1', null, 'queued'),
    job('1', 'Thumbnails', 'running'),
    job('1', 'Thumbnails', 'running'),
    job('1', 'Proxy', 'running'),
    job('1', 'Proxy', 'failed'),
    job('1', 'Proxy', 'failed'),
  ]
  async function* watch() {
    for (const each of seen) {
      yield each
      await load()
      counts.push(asked)
    }
  }
  const client = { jobs: { watch: () => Promise.resolve(watch()) } } as unknown as EngineClient
  await followJobs(client, new AbortController().signal)
  expect(counts).toEqual([1, 2, 2, 3, 4, 4])
  expect(useJobs.getState().derived).toBe(3)
})

test('of a recording whose waveform was not made it is not said that it is being read, whatever else is made', async () => {
  const { waveformState } = await loadFromWindow('timeline/draw-content')
  const job = (id: string, assetId: string, state: string) => ({
    id: `r${id}`,
    kind: 'derive',
    about: { assetId },
    state,
  })
  const said: (string | null)[][] = []
  const maps = new Set<unknown>()
  async function* watch() {
    for (const each of [
      job('1', 'a', 'running'),
      job('2', 'b', 'queued'),
      job('1', 'a', 'failed'),
      job('2', 'b', 'running'),
      job('3', 'a', 'queued'),
      job('3', 'a', 'done'),
    ]) {
      yield each
      const { deriving } = useJobs.getState()
      maps.add(deriving)
      said.push(['a', 'b'].map((id) => waveformState({ sensor: 'audio' }, { assetId: id, streamId: id }, deriving)))
    }
  }
  const client = { jobs: { watch: () => Promise.resolve(watch()) } } as unknown as EngineClient
  await followJobs(client, new AbortController().signal)
  expect(said).toEqual([
    ['reading', null],
    ['reading', 'reading'],
    ['unread', 'reading'],
    ['unread', 'reading'],
    ['reading', 'reading'],
    [null, 'reading'],
  ])
  // What is at the same is the same map, so that nothing is drawn anew for each step of progress.
  expect(maps.size).toBe(5)
})
