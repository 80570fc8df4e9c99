/** Jobs that other machines of a studio do: a real Redis, real worker processes, and what must not happen. */
import { spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import type { Order } from '../../electron/engine/jobs/farm/job-folder.ts'
import { FARM_QUEUE, leaseOf } from '../../electron/engine/jobs/farm/redis.ts'
import { serveFarm, type FarmTally, type ServeOptions } from '../../electron/engine/jobs/farm/serve.ts'
import type { FarmSettings } from '../../electron/engine/jobs/farm/settings.ts'
import { VERSION } from '../../electron/engine/version.ts'
import { allWork } from '../../electron/engine/work/index.ts'
import { performer } from '../../electron/engine/work/perform-order.ts'
import { runJob } from '../../shared/contract/client.ts'
import type { Job } from '../../shared/contract/jobs.ts'
import { runCli, startCli } from '../fixtures/cli/run-cli.ts'
import { HAS_REDIS, startRedis, type TestRedis } from '../fixtures/farm/redis.ts'
import { H264, makeClip, noise, picture } from '../fixtures/media/clips.ts'

const PATIENCE = { timeout: 150_000, interval: 50 }
let root: string
let redis: TestRedis

describe.skipIf(!HAS_REDIS).concurrent('jobs elsewhere (needs redis-server: apt-get install redis-server)', () => {
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'asterism-farm-'))
    redis = await startRedis()
    await makeClip(root, 'clip.mp4', ...picture('160x120', '10', 2), ...noise(2), ...H264, '-c:a', 'aac')
  })
  afterAll(async () => {
    await redis.kill()
    rmSync(root, { recursive: true, force: true })
  })

  test('a worker process renders and derives, and two films lie where they were asked for', async () => {
    const studio = await openStudio(1)
    const worker = startCli(join(root, 'home-of-worker'), [
      'worker',
      '--json',
      '--redis',
      studio.farm.redisUrl,
      '--shared',
      studio.farm.sharedFolder,
    ])
    const out = join(studio.farm.sharedFolder, 'cut.mp4')
    const answer = await studio.exportTo('mp4', out)
    expect(answer.files).toMatchObject([{ path: out, media: { duration_s: expect.closeTo(2, 1) as number } }])
    const derived = await studio.ended('derive')
    expect(derived).toMatchObject({ state: 'done', machine: hostname() })
    expect(await studio.ended('export')).toMatchObject({ state: 'done', machine: hostname() })
    expect(readdirSync(join(studio.farm.sharedFolder, '.asterism-jobs'))).toEqual([])

    const here = join(root, 'elsewhere.otio')
    await studio.exportTo('otio', here)
    const own = studio.jobs().findLast(({ kind }) => kind === 'export')
    expect(own).toMatchObject({ state: 'done', log: [expect.stringContaining('is not in the shared folder')] })
    expect(own).not.toHaveProperty('machine')
    worker.kill('SIGINT')
    const { code, stdout } = await worker.result
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { machine: hostname(), done: 2, failed: 0 }])
  })

  test('what a killed worker had in hand another does', async () => {
    const studio = await openStudio(2)
    const held = spawn(process.execPath, [
      'tests/fixtures/farm/held-worker.ts',
      studio.farm.redisUrl,
      studio.farm.sharedFolder,
    ])
    const export_ = studio.exportTo('otio', join(studio.farm.sharedFolder, 'cut.otio'))
    const job = () => studio.jobs().find(({ kind }) => kind === 'export')
    await vi.waitUntil(() => job()?.stage === 'has it', PATIENCE)
    held.kill('SIGKILL')
    // What it was at is no longer said once it is known to be gone.
    await vi.waitUntil(() => job()?.said?.code === 'work.waitingForMachine', PATIENCE)
    const { stop } = studio.serve()
    expect((await export_).files).toHaveLength(1)
    expect(await stop()).toMatchObject({ failed: 0 })
  })

  test('a job waits for a worker, is cancelled while it waits and while it is worked on, and is taken up again', async () => {
    const studio = await openStudio(3)
    const jobId = await studio.start('otio')
    const job = () => studio.jobs().find(({ id }) => id === jobId)!
    await vi.waitUntil(() => job().said?.code === 'work.waitingForMachine', PATIENCE)
    await studio.engine.client.jobs.cancel({ jobId })
    await vi.waitUntil(() => job().state === 'cancelled', PATIENCE)

    // Counted by hand: a mock is cleared when a test beside this one begins.
    let [began, stopped] = [0, 0]
    const perform = untilAborted(() => (stopped += 1))
    const { stop } = studio.serve({ perform: (...asked) => ((began += 1), perform(...asked)) })
    await studio.engine.client.jobs.resume({ jobId })
    // A machine names itself before it begins.
    await vi.waitUntil(() => job().machine && began === 1, PATIENCE)
    await studio.engine.client.jobs.cancel({ jobId })
    await vi.waitUntil(() => job().state === 'cancelled' && stopped === 1, PATIENCE)
    await stop()

    const next = studio.serve()
    await studio.engine.client.jobs.resume({ jobId })
    await vi.waitUntil(() => job().state === 'done', PATIENCE)
    await next.stop()
  })

  test('an engine that was killed takes its job up again, and never do two machines have it', async () => {
    const studio = await openStudio(4)
    const out = join(studio.farm.sharedFolder, 'cut.otio')
    let running = 0
    let most = 0
    const began: Order[] = []
    const { stop } = studio.serve({
      perform: async (order, context) => {
        began.push(order)
        most = Math.max(most, (running += 1))
        try {
          return await (began.length > 1 ? studio.perform : untilAborted())(order, context)
        } finally {
          running -= 1
        }
      },
    })
    await studio.engine.close()
    const env = { ASTERISM_REDIS_URL: studio.farm.redisUrl, ASTERISM_SHARED_FOLDER: studio.farm.sharedFolder }
    const killed = startCli(join(root, 'home-of-killed'), ['export', studio.project, '--to', 'otio', '--out', out], env)
    await vi.waitUntil(() => began.length === 1, PATIENCE)
    killed.kill('SIGKILL')
    await killed.result
    const again = await createEngine({ home: join(root, 'home-4'), host: {}, resumeJobs: true, farm: studio.farm })
    await again.client.projects.openFile({ file: again.grantFile(studio.project), create: false })
    await vi.waitUntil(
      () => again.session.jobs.list().some(({ state, kind }) => kind === 'export' && state === 'done'),
      PATIENCE,
    )
    expect([began.length, most, existsSync(out)]).toEqual([2, 1, true])
    await again.close()
    await stop()
  })

  test('what was changed on both sides is a conflict that names it, and nothing is lost', async () => {
    const studio = await openStudio(5)
    const store = studio.engine.session.requireProject()
    const { stop } = studio.serve({
      perform: async (order, context) => {
        const answer = await studio.perform(order, context)
        store.commit({ label: 'Rename' }, (draft) => {
          const project = draft.get('project')
          if (project?.kind === 'project') project.title = 'Another title'
        })
        return answer
      },
    })
    const align = () => runJob(studio.engine.client, 'sync', { referenceAssetId: studio.assetId, method: 'auto' })
    const before = store.document.get('project')
    await expect(align()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Another title') as string,
    })
    expect(store.document.get('project')).toEqual({ ...before, title: 'Another title' })
    await stop()
    const next = studio.serve()
    const answer = await align()
    expect(answer.reference).toBe(studio.assetId)
    expect(store.document.get('report:sync')).toMatchObject({ data: answer })
    expect(store.history().undoLabel).toBe('Align in time')
    await next.stop()
  })

  test('another version is refused with the reason, a lying answer is not believed', async () => {
    const studio = await openStudio(6)
    const other = studio.serve({ version: '99.0.0' })
    await expect(studio.exportTo('otio')).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('99.0.0') as string,
    })
    await other.stop()
    for (const [lie, why] of [
      [{ result: { format: 'otio' } }, 'malformed'],
      [
        { result: { format: 'otio', files: [{ path: '/etc/passwd', bytes: 1, sha256: '' }], notes: [] } },
        'not in the shared folder',
      ],
      [
        { changed: [{ kind: 'label', id: 'label:x', title: 'x', color: '#000000', order: 0 }] },
        'malformed|records of kind label',
      ],
      [{ removed: [studio.assetId] }, 'records of kind asset'],
    ] as const) {
      const { stop } = studio.serve({
        perform: async (order, context) => ({ ...(await studio.perform(order, context)), ...(lie as object) }),
      })
      await expect(studio.exportTo('otio'), why).rejects.toMatchObject({
        code: 'corrupt_file',
        message: expect.stringMatching(why) as string,
      })
      await stop()
    }
    expect(studio.engine.session.requireProject().history().undoLabel).not.toBe('')
  })

  test('hostile entries neither leave the shared folder nor stop the worker', async () => {
    const studio = await openStudio(7)
    const outside = join(root, 'outside')
    mkdirSync(outside)
    const connection = new Redis(studio.farm.redisUrl, { maxRetriesPerRequest: null })
    const queue = new Queue(FARM_QUEUE, { connection })
    const records = [...studio.engine.session.document.values()]
    const order = { version: VERSION, kind: 'export', project: studio.project, records }
    const input = { format: 'otio', out: join(studio.farm.sharedFolder, 'x.otio'), preset: null }
    symlinkSync(outside, join(studio.farm.sharedFolder, 'way-out'))
    symlinkSync(join(outside, 'not-there'), join(studio.farm.sharedFolder, 'dangling.otio'))
    const orders: (readonly [object, string])[] = [
      [{ ...order, kind: 'mint', input: {} }, 'is not done for others'],
      [{ ...order, kind: 'practiceStart', input: {} }, 'is not done for others'],
      [{ ...order, input: { ...input, format: '../../x' } }, 'is none for work of kind'],
      [{ ...order, input: { ...input, out: join(outside, 'x.otio') } }, 'not in the shared folder'],
      [
        { ...order, input: { ...input, out: join(studio.farm.sharedFolder, '../outside/x.otio') } },
        'not in the shared folder',
      ],
      [
        { ...order, input: { ...input, out: join(studio.farm.sharedFolder, 'way-out/x.otio') } },
        'not in the shared folder',
      ],
      [
        { ...order, input: { ...input, out: join(studio.farm.sharedFolder, 'dangling.otio') } },
        'not in the shared folder',
      ],
      [{ ...order, project: join(outside, 'p.asterism'), input }, 'not in the shared folder'],
      [
        {
          ...order,
          input,
          records: records.map((each) => (each.kind === 'location' ? { ...each, path: '/etc/hosts' } : each)),
        },
        'not in the shared folder',
      ],
    ]
    const said: string[] = []
    const { stop } = studio.serve({ say: (line) => void said.push(line) })
    const names = orders.map((_, n) => `job-00000000-0000-4000-8000-00000000000${n}`)
    const answers = join(studio.farm.sharedFolder, '.asterism-jobs')
    for (const [n, [hostile]] of orders.entries()) {
      mkdirSync(join(answers, names[n]!), { recursive: true })
      writeFileSync(join(answers, names[n]!, 'order.json'), JSON.stringify(hostile))
    }
    const linked = 'job-00000000-0000-4000-8000-0000000000ff'
    copyFileSync(join(answers, names[3]!, 'order.json'), join(outside, 'order.json'))
    symlinkSync(outside, join(answers, linked))
    const strange = [
      '../../outside',
      `${names[0]}/../../../outside`,
      'job-1',
      linked,
      'job-00000000-0000-4000-8000-0000000000aa',
    ]
    for (const jobId of [...names, ...strange]) {
      await connection.set(leaseOf(jobId), '1')
      await queue.add('mint', { out: '/etc/passwd', kind: 'mint' }, { jobId })
    }
    await vi.waitUntil(
      async () => (await queue.getJobCounts('completed', 'failed')).failed === strange.length && said.length >= 2,
      PATIENCE,
    )
    await vi.waitUntil(async () => (await queue.getJobCounts('completed')).completed === names.length, PATIENCE)
    for (const [n, [, why]] of orders.entries()) {
      const answer = JSON.parse(readFileSync(join(answers, names[n]!, 'answer.json'), 'utf8')) as object
      expect(answer).toMatchObject({ outcome: 'failed', failure: { message: expect.stringContaining(why) as string } })
    }
    expect(readdirSync(outside)).toEqual(['order.json'])
    expect((await studio.exportTo('otio', input.out)).files).toHaveLength(1)
    await queue.close()
    connection.disconnect()
    await stop()
  })

  test('without Redis a job fails with the reason and can be taken up again', async () => {
    const studio = await openStudio(8)
    const own = await startRedis()
    const farm = { ...studio.farm, redisUrl: own.url(0).replace('redis://', 'redis://:a-secret@') }
    await studio.engine.close()
    await own.kill()
    const engine = await createEngine({ home: join(root, 'home-8b'), host: {}, resumeJobs: false, farm })
    await engine.client.projects.openFile({ file: engine.grantFile(studio.project), create: false })
    const out = join(studio.farm.sharedFolder, 'cut.otio')
    const failure = await runJob(engine.client, 'export', {
      format: 'otio',
      out: engine.grantFile(out),
      preset: null,
    }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'network_failed' })
    expect(JSON.stringify(engine.session.jobs.list())).not.toContain('a-secret')
    const [job] = engine.session.jobs.list().filter(({ kind }) => kind === 'export')
    await engine.client.jobs.resume({ jobId: job!.id })
    await vi.waitUntil(() => engine.session.jobs.list().find(({ id }) => id === job!.id)?.state === 'failed', PATIENCE)
    await engine.close()
    const unreachable = await runCli(join(root, 'home-8c'), [
      'worker',
      '--redis',
      farm.redisUrl,
      '--shared',
      farm.sharedFolder,
    ])
    expect([unreachable.code, unreachable.stderr]).toEqual([1, expect.stringContaining('does not answer')])
    expect(unreachable.stderr).not.toContain('a-secret')
  })
})

interface Studio {
  readonly farm: FarmSettings
  readonly engine: Engine
  readonly project: string
  readonly assetId: string
  readonly perform: ServeOptions['perform']
  jobs(): Job[]
  start(format: 'otio'): Promise<string>
  exportTo(format: 'mp4' | 'otio', path?: string): ReturnType<typeof runJob<'export'>>
  ended(kind: Job['kind']): Promise<Job>
  /** A worker in this process. */
  serve(options?: Partial<ServeOptions>): { stop(): Promise<FarmTally> }
}

/** A project with one clip in a shared folder and a Redis of its own. */
async function openStudio(database: number): Promise<Studio> {
  const sharedFolder = join(root, `shared-${database}`)
  mkdirSync(sharedFolder)
  const farm = { redisUrl: redis.url(database), sharedFolder }
  const clip = join(sharedFolder, 'clip.mp4')
  const project = join(sharedFolder, 'take.asterism')
  copyFileSync(join(root, 'clip.mp4'), clip)
  const engine = await createEngine({ home: join(root, `home-${database}`), host: {}, resumeJobs: false, farm })
  await engine.client.projects.openFile({ file: engine.grantFile(project), create: true, title: 'A take' })
  const imported = await runJob(engine.client, 'import', { files: [engine.grantFile(clip)] })
  // Only the first test looks at what was derived; in the others it is in the way.
  if (database !== 1) for (const { id } of engine.session.jobs.list()) engine.session.jobs.cancel(id)
  await vi.waitUntil(() => database === 1 || engine.session.jobs.list().every(({ endedAt }) => endedAt), PATIENCE)
  const perform = performer(allWork, sharedFolder, join(root, 'home-of-worker'), VERSION)
  const jobs = () => engine.session.jobs.list()
  const wanted = (format: 'mp4' | 'otio', path = join(sharedFolder, `cut.${format}`)) =>
    ({ format, out: engine.grantFile(path), preset: null }) as const
  return {
    farm,
    engine,
    project,
    assetId: imported.assets[0]!.id,
    perform,
    jobs,
    start: async (format) => (await engine.client.jobs.start({ kind: 'export', input: wanted(format) })).jobId,
    exportTo: (format, path) => runJob(engine.client, 'export', wanted(format, path)),
    ended: (kind) =>
      vi.waitUntil(() => jobs().find((job) => job.kind === kind && job.endedAt), PATIENCE) as Promise<Job>,
    serve(options) {
      const abort = new AbortController()
      const served = serveFarm(farm, {
        version: VERSION,
        signal: abort.signal,
        perform,
        say: () => undefined,
        ...options,
      })
      return {
        async stop() {
          abort.abort()
          return await served
        },
      }
    },
  }
}

function untilAborted(stopped: () => unknown = () => undefined): ServeOptions['perform'] {
  return (_, { signal }) =>
    new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => {
        stopped()
        reject(signal.reason as Error)
      }),
    )
}
