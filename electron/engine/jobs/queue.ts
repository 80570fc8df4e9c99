/**
 * The job queue. Three lanes, one job at a time in each: `main` for what the user started, `export` for what is written
 * of the project as it is when its turn comes, which nothing of the main lane waits for, `background` for proxies, peaks
 * and thumbnails. Background jobs of other machines run in parallel, and what is done in a moment passes what is long.
 * Every change of a job is stored (in the project file if there is one), so that a restart finds what was running.
 */
import { randomUUID } from 'node:crypto'
import { AsterismError, isCancellation } from '../../../shared/errors.ts'
import { inEnglish, say, type Wording } from '../../../shared/sayings/saying.ts'
import { hasEnded, type Job, type JobAbout, type JobKind } from '../../../shared/contract/jobs.ts'
import { errorPath, fileError } from '../file-errors.ts'
import { estimateSecondsLeft } from './eta.ts'

export interface JobContext {
  readonly signal: AbortSignal
  /** @param fraction 0 to 1 */
  progress(fraction: number, stage: Wording): void
  log(line: string): void
}

/** The same for a job that is handed to another machine. */
export interface AwayContext extends JobContext {
  readonly jobId: string
  /** Reports which machine has it. */
  machine(name: string): void
}

/** Where a job runs: elsewhere, or here, with the reason if it could have gone elsewhere. */
export type Place = { readonly away: (context: AwayContext) => Promise<unknown> } | { readonly hereBecause?: string }

export interface JobHandler {
  readonly kind: JobKind
  readonly lane: 'main' | 'export' | 'background'
  /**
   * Whether a job with this input may restart by itself; one that asks for a signature, such as minting, never does.
   */
  resumesByItself(input: unknown): boolean
  /** Whether it is done in a moment, and may be done beside a long one of its lane. */
  isShort(input: unknown): boolean
  title(input: unknown): string
  about(input: unknown): JobAbout
  /** `input` is the result of `prepare`: plain JSON that means the same after a restart. */
  run(input: unknown, context: JobContext): Promise<unknown>
  place(input: unknown): Place
}

/** Stores jobs between runs of the program. */
export interface JobStore {
  put(job: Job, input: unknown): void
  remove(jobId: string): void
  load(): { job: Job; input: unknown }[]
}

/** The handler of a kind, loaded when that kind is first needed; null for an unknown kind. */
export type LoadHandler = (kind: JobKind) => Promise<JobHandler | null>

interface Entry {
  job: Job
  input: unknown
  /** Present while the job is queued or running. */
  handler: JobHandler | null
  /** Decided when its turn comes. */
  place: Place | null
  abort: AbortController
  startedMilliseconds: number
  keptMilliseconds: number
}

/** In its lane, `short` beside it, or `away` at another machine. */
type Way = JobHandler['lane'] | 'short' | 'away'

const LOG_LINES = 200
const ENDED_KEPT = 50
/** Progress is stored at most this often; ends are stored at once. */
const KEEP_EVERY_MILLISECONDS = 2000
/** Background jobs at other machines or waiting for one. Each holds the project as it was when it was handed over. */
const MOST_AWAY = 32

export class JobQueue {
  readonly #load: LoadHandler
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<(job: Job) => void>()
  readonly #running = new Map<Entry, Way>()
  #store: JobStore | null = null
  #closed = false

  constructor(load: LoadHandler) {
    this.#load = load
  }

  /**
   * Takes over the jobs of an opened project. Those that were running when it was closed become `interrupted`; those
   * that may restart by themselves do so as soon as their handler is loaded.
   */
  attach(store: JobStore, resume: boolean): void {
    this.#store = store
    for (const { job, input } of store.load()) {
      const wasUnderWay = job.state === 'running' || job.state === 'queued' || job.state === 'interrupted'
      const entry = this.#enter({ ...job, state: wasUnderWay ? 'interrupted' : job.state, etaSeconds: null }, input)
      this.#changed(entry, true)
      if (wasUnderWay && resume) void this.#takeUp(entry)
    }
  }

  /** Stops all jobs and forgets the project's; they are `interrupted` when it is opened again. */
  async detach(): Promise<void> {
    this.#store = null
    for (const entry of this.#entries.values()) entry.abort.abort()
    while (this.#running.size > 0) await new Promise((resolve) => setTimeout(resolve, 20))
    this.#entries.clear()
  }

  /** @throws AsterismError `conflict` when the project was closed before the work was loaded */
  async start(kind: JobKind, input: unknown): Promise<string> {
    const store = this.#store
    const handler = await this.#load(kind)
    if (!handler || this.#closed) throw new AsterismError('internal', `Nothing here can do "${kind}".`)
    if (this.#store !== store) throw new AsterismError('conflict', say('work.failed.closed'))
    const entry = this.#enter(
      {
        id: `job-${randomUUID()}`,
        kind,
        title: handler.title(input),
        about: handler.about(input),
        state: 'queued',
        fraction: 0,
        stage: '',
        etaSeconds: null,
        startedAt: null,
        endedAt: null,
        failure: null,
        log: [],
        result: null,
      },
      input,
      handler,
    )
    this.#changed(entry, true)
    this.#pump()
    return entry.job.id
  }

  cancel(jobId: string): boolean {
    const entry = this.#require(jobId)
    if (hasEnded(entry.job)) return false
    entry.abort.abort()
    if (entry.job.state !== 'running') this.#end(entry, { state: 'cancelled' })
    return true
  }

  /** Puts an interrupted, failed or cancelled job back into the queue. */
  async resume(jobId: string): Promise<void> {
    const handler = await this.#load(this.#require(jobId).job.kind)
    const entry = this.#require(jobId)
    if (!handler) throw new AsterismError('internal', `Nothing here can do "${entry.job.kind}".`)
    if (entry.job.state === 'running' || entry.job.state === 'queued' || entry.job.state === 'done') {
      throw new AsterismError('conflict', say('work.failed.notNeeded'))
    }
    this.#requeue(entry, handler)
  }

  dismiss(jobId: string): boolean {
    const entry = this.#require(jobId)
    if (entry.job.state === 'running' || entry.job.state === 'queued') return false
    this.#entries.delete(jobId)
    this.#keep(entry, (store) => store.remove(jobId))
    return true
  }

  list(): Job[] {
    return [...this.#entries.values()].map((entry) => entry.job)
  }

  subscribe(listener: (job: Job) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.detach()
    this.#listeners.clear()
  }

  #require(jobId: string): Entry {
    const entry = this.#entries.get(jobId)
    if (!entry) throw new AsterismError('not_found', say('work.failed.gone'))
    return entry
  }

  #enter(job: Job, input: unknown, handler: JobHandler | null = null): Entry {
    const abort = new AbortController()
    const entry: Entry = { job, input, handler, place: null, abort, startedMilliseconds: 0, keptMilliseconds: 0 }
    this.#entries.set(job.id, entry)
    const ended = [...this.#entries.values()].filter((each) => hasEnded(each.job))
    for (const old of ended.slice(0, Math.max(0, ended.length - ENDED_KEPT))) this.dismiss(old.job.id)
    return entry
  }

  /** Restarts an interrupted job if its kind allows it, unless the user or a closing project was quicker. */
  async #takeUp(entry: Entry): Promise<void> {
    try {
      const handler = await this.#load(entry.job.kind)
      const isThere = this.#entries.get(entry.job.id) === entry && entry.job.state === 'interrupted'
      if (isThere && handler?.resumesByItself(entry.input)) this.#requeue(entry, handler)
    } catch (error) {
      this.#end(entry, { state: 'failed', failure: failureOf(error) })
    }
  }

  #requeue(entry: Entry, handler: JobHandler): void {
    entry.handler = handler
    entry.abort = new AbortController()
    entry.place = null
    const { machine: _, ...job } = entry.job
    entry.job = { ...job, state: 'queued', fraction: 0, failure: null, endedAt: null, result: null }
    this.#changed(entry, true)
    this.#pump()
  }

  #pump(): void {
    for (const entry of this.#entries.values()) {
      const { handler } = entry
      // Jobs queued while their project is closing wait until it is opened again.
      if (entry.job.state !== 'queued' || !handler || entry.abort.signal.aborted) continue
      const way = this.#wayFor(entry, handler)
      if (!way) continue
      this.#running.set(entry, way)
      void this.#run(entry, handler).finally(() => {
        this.#running.delete(entry)
        this.#pump()
      })
    }
  }

  /** Null if it has to wait. */
  #wayFor(entry: Entry, handler: JobHandler): Way | null {
    const ways = [...this.#running.values()]
    if (handler.lane === 'export' && this.#isBehindMain(entry)) return null
    const isFree = !ways.includes(handler.lane)
    if (!isFree && !ways.includes('short') && handler.isShort(entry.input)) {
      entry.place ??= handler.place(entry.input)
      return 'short'
    }
    const mayGo = handler.lane === 'background' && ways.filter((way) => way === 'away').length < MOST_AWAY
    if (!isFree && !mayGo) return null
    entry.place ??= handler.place(entry.input)
    if ('away' in entry.place && handler.lane === 'background') return mayGo ? 'away' : null
    return isFree ? handler.lane : null
  }

  /** What was asked for before an export is seen in it. */
  #isBehindMain(entry: Entry): boolean {
    const all = [...this.#entries.values()]
    const earlier = all.slice(0, all.indexOf(entry)).filter(({ job }) => job.state === 'queued')
    return [...earlier, ...this.#running.keys()].some(({ handler }) => handler?.lane === 'main')
  }

  async #run(entry: Entry, handler: JobHandler): Promise<void> {
    entry.startedMilliseconds = Date.now()
    entry.job = { ...entry.job, state: 'running', startedAt: new Date().toISOString() }
    this.#changed(entry, true)
    const signal = entry.abort.signal
    try {
      const context = this.#contextOf(entry)
      const place = entry.place ?? {}
      if ('hereBecause' in place && place.hereBecause) context.log(place.hereBecause)
      const result = await ('away' in place ? place.away(context) : handler.run(entry.input, context))
      if (signal.aborted) this.#end(entry, { state: 'cancelled' })
      else this.#end(entry, { state: 'done', fraction: 1, result: asJson(result) })
    } catch (error) {
      if (signal.aborted || isCancellation(error)) this.#end(entry, { state: 'cancelled' })
      else this.#end(entry, { state: 'failed', failure: failureOf(error) })
    }
  }

  #contextOf(entry: Entry): AwayContext {
    const { signal } = entry.abort
    return {
      signal,
      jobId: entry.job.id,
      progress: (fraction, stage) => {
        if (signal.aborted) return
        const bounded = Math.min(1, Math.max(entry.job.fraction, fraction))
        const elapsedSeconds = (Date.now() - entry.startedMilliseconds) / 1000
        entry.job = {
          ...entry.job,
          fraction: bounded,
          stage: inEnglish(stage),
          said: typeof stage === 'string' ? undefined : stage,
          etaSeconds: estimateSecondsLeft(bounded, elapsedSeconds),
        }
        this.#changed(entry, false)
      },
      log: (line) => {
        entry.job = { ...entry.job, log: [...entry.job.log, line].slice(-LOG_LINES) }
        this.#changed(entry, false)
      },
      machine: (name) => {
        // The time it waited says nothing about its pace.
        entry.startedMilliseconds = Date.now()
        entry.job = { ...entry.job, machine: name }
        this.#changed(entry, false)
      },
    }
  }

  #end(entry: Entry, outcome: Partial<Job>): void {
    // A job that was stopped because its project was closed stays as it is on disk and is `interrupted` next time.
    entry.job = { ...entry.job, ...outcome, endedAt: new Date().toISOString(), etaSeconds: null }
    this.#changed(entry, true)
  }

  /**
   * Where the project file takes nothing (a full disk), the work goes on: only a restart would miss the job, and what
   * the work itself cannot write fails by itself, in words.
   */
  #keep(entry: Entry, work: (store: JobStore) => void): void {
    if (!this.#store) return
    try {
      work(this.#store)
    } catch (error) {
      const line = `The project file did not take what became of this job: ${error instanceof Error ? error.message : String(error)}`
      if (!entry.job.log.includes(line)) entry.job = { ...entry.job, log: [...entry.job.log, line].slice(-LOG_LINES) }
    }
  }

  #changed(entry: Entry, keepNow: boolean): void {
    const now = Date.now()
    if (keepNow || now - entry.keptMilliseconds > KEEP_EVERY_MILLISECONDS) {
      entry.keptMilliseconds = now
      this.#keep(entry, (store) => store.put(entry.job, entry.input))
    }
    for (const listener of this.#listeners) listener(entry.job)
  }
}

/** An answer as readers get it: fields without a value are absent. */
function asJson(result: unknown): Job['result'] {
  return result === undefined ? null : (JSON.parse(JSON.stringify(result)) as Job['result'])
}

/** What is reported of a failure; of an unforeseen one only its message, for the report. */
export function failureOf(thrown: unknown): NonNullable<Job['failure']> {
  const error = fileError(thrown, errorPath(thrown))
  if (error instanceof AsterismError) {
    const { code, message, path, fix, kept, said } = error
    return { code, message, path, fix, kept, said }
  }
  const message = error instanceof Error ? error.message : String(error)
  const said = { what: say('work.failed.unforeseen', { message }), fix: say('work.fix.report') }
  return { code: 'internal', message: inEnglish(said.what), fix: inEnglish(said.fix), said }
}
