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
