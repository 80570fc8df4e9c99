/** Lanes: one job at a time in each on this machine, and what other machines do beside them. */
import { expect, test } from 'vitest'
import { failureOf, JobQueue, type JobHandler, type Place } from '../../electron/engine/jobs/queue.ts'
import type { JobKind } from '../../shared/contract/jobs.ts'

interface Work {
  readonly name: string
  readonly isAway: boolean
  readonly isShort?: boolean
}

/** A queue whose jobs last until they are let go; `derive` and `export` have lanes of their own, all others are of the main one. */
function heldQueue() {
  const running = new Map<string, () => void>()
  const held = (input: unknown): Promise<null> => {
    const { name } = input as Work
    return new Promise((resolve) =>
      running.set(name, () => {
        running.delete(name)
        resolve(null)
      }),
    )
  }
  const handler = (kind: JobKind): JobHandler => ({
    kind,
    lane: kind === 'derive' ? 'background' : kind === 'export' ? 'export' : 'main',
    resumesByItself: () => false,
    isShort: (input) => (input as Work).isShort === true,
    title: () => kind,
    about: () => ({}),
    run: held,
    place: (input): Place => ((input as Work).isAway ? { away: () => held(input) } : { hereBecause: 'it must' }),
  })
  const queue = new JobQueue(async (kind) => handler(kind))
  const letGo = async (name: string): Promise<void> => {
    running.get(name)!()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { queue, running: () => [...running.keys()].toSorted(), letGo }
}

test('background jobs of other machines go on at once beside the one of this machine, 32 at most', async () => {
  const { queue, running, letGo } = heldQueue()
  for (const name of ['here-1', 'here-2']) await queue.start('derive', { name, isAway: false })
  for (let n = 1; n <= 33; n++) await queue.start('derive', { name: `away-${n}`, isAway: true })
  expect(running()).toHaveLength(33)
  expect(running()).toContain('here-1')
  expect(running()).not.toContain('away-33')
  await letGo('away-5')
  expect(running()).toContain('away-33')
  await letGo('here-1')
  expect(running()).toContain('here-2')
  expect(queue.list().map(({ log }) => log.length)).toEqual([1, 1, ...Array.from({ length: 33 }, () => 0)])
})

test('the main lane keeps its order, wherever its jobs are done', async () => {
  const { queue, running, letGo } = heldQueue()
  for (const [name, isAway] of [
    ['first', true],
    ['second', false],
    ['third', true],
  ] as const) {
    await queue.start('export', { name, isAway })
  }
  for (const name of ['first', 'second', 'third']) {
    expect(running()).toEqual([name])
    await letGo(name)
  }
  expect(queue.list().every(({ state }) => state === 'done')).toBe(true)
})

test('what waits is not begun while its project is being closed', async () => {
  const { queue, running, letGo } = heldQueue()
  for (const name of ['first', 'second']) await queue.start('export', { name, isAway: false })
  const closed = queue.detach()
  await letGo('first')
  expect(running()).toEqual([])
  await closed
})

test('nothing waits for an export but the next, which waits for what was asked for before it', async () => {
  const { queue, running, letGo } = heldQueue()
  const start = (kind: JobKind, name: string, isShort = false): Promise<string> =>
    queue.start(kind, { name, isAway: false, isShort })
  await start('export', 'film')
  await start('export', 'other film')
  await start('export', 'list', true)
  await start('export', 'captions', true)
  expect(running(), 'what is done in a moment passes, one at a time').toEqual(['film', 'list'])
  await letGo('list')
  expect(running()).toEqual(['captions', 'film'])
  await letGo('captions')
  await start('import', 'import')
  await start('sync', 'sync')
  await start('export', 'aligned list', true)
  expect(running()).toEqual(['film', 'import'])
  await letGo('film')
  expect(running(), 'what is running changes the project').toEqual(['import'])
  await letGo('import')
  expect(running()).toEqual(['other film', 'sync'])
  await letGo('sync')
  expect(running()).toEqual(['aligned list', 'other film'])
})

test('a project file that takes nothing any more stops no job, and its log says so', async () => {
  const full = () => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  }
  const { queue, letGo } = heldQueue()
  const old = {
    kind: 'sync',
    title: 'sync',
    about: {},
    state: 'running',
    fraction: 0.5,
    stage: '',
    etaSeconds: 1,
  } as const
  const times = { startedAt: null, endedAt: null, failure: null, log: [], result: null }
  queue.attach(
    { put: full, remove: full, load: () => [{ job: { id: 'job-old', ...old, ...times }, input: {} }] },
    false,
  )
  const id = await queue.start('stars', { name: 'new', isAway: false })
  await letGo('new')
  expect(queue.dismiss('job-old')).toBe(true)
  expect(queue.list()).toMatchObject([
    { id, state: 'done', log: [expect.stringMatching(/is full/), expect.any(String)] },
  ])
})

test('what the system says of a job that failed is told in words', async () => {
  const failure = (code: string) => failureOf(Object.assign(new Error(`${code}: write`), { code, path: '/a/b' }))
  expect(failure('ENOSPC')).toMatchObject({ code: 'disk_full', path: '/a/b' })
  expect(failure('EACCES')).toMatchObject({ code: 'not_writable', path: '/a/b' })
  expect(failureOf(new Error('of nobody'))).toMatchObject({ code: 'internal' })
})
