/** Every kind of long work, one entry each. */
import type { JobAbout, JobInput, JobKind, JobOutput } from '../../../shared/contract/jobs.ts'
import { AsterismError } from '../../../shared/errors.ts'
import type { JobContext, JobHandler } from '../jobs/queue.ts'
import type { Session } from '../session.ts'

/**
 * @typeParam K the kind
 * @typeParam P the input as it is kept with the job: plain JSON with paths where the caller gave tokens
 */
export interface Work<K extends JobKind, P> {
  readonly kind: K
  readonly lane: JobHandler['lane']
  /** Or whether it does, by what it was started with. */
  readonly resumesByItself: boolean | ((prepared: P) => boolean)
  prepare(input: JobInput<K>, session: Session): P
  title(prepared: P): string
  /** What of the title is not said by the kind. */
  about?(prepared: P): JobAbout
  run(prepared: P, session: Session, context: JobContext): Promise<JobOutput<K>>
}

/** Work of any kind: what the registry holds. */
export interface AnyWork {
  readonly kind: JobKind
  readonly lane: JobHandler['lane']
  readonly resumesByItself: boolean | ((prepared: never) => boolean)
  prepare(input: never, session: Session): unknown
  title(prepared: never): string
  about?(prepared: never): JobAbout
  run(prepared: never, session: Session, context: JobContext): Promise<unknown>
}

export class WorkRegistry {
  readonly #entries: ReadonlyMap<JobKind, AnyWork>
  #session: Session | null = null

  /** @throws Error when two entries share a kind. */
  constructor(entries: readonly AnyWork[]) {
    this.#entries = new Map(entries.map((entry) => [entry.kind, entry]))
    if (this.#entries.size !== entries.length) throw new Error('two kinds of work share a name')
  }

  bind(session: Session): void {
    this.#session = session
  }

  prepare(kind: JobKind, input: unknown): unknown {
    return this.#require(kind).prepare(input as never, this.#bound())
  }

  handlers(): JobHandler[] {
    return [...this.#entries.values()].map((entry) => ({
      kind: entry.kind,
      lane: entry.lane,
      resumesByItself: (prepared) =>
        typeof entry.resumesByItself === 'boolean' ? entry.resumesByItself : entry.resumesByItself(prepared as never),
      title: (prepared) => entry.title(prepared as never),
      about: (prepared) => entry.about?.(prepared as never) ?? {},
      run: (prepared, context) => entry.run(prepared as never, this.#bound(), context),
    }))
  }

  #require(kind: JobKind): AnyWork {
    const entry = this.#entries.get(kind)
    if (!entry) throw new AsterismError('internal', `No work of kind ${kind} is registered.`)
    return entry
  }

  #bound(): Session {
    if (!this.#session) throw new Error('the registry is not bound to a session')
    return this.#session
  }
}
