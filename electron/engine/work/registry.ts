/** Every kind of long work, one entry each. */
import type { JobAbout, JobInput, JobKind, JobOutput } from '../../../shared/contract/jobs.ts'
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

/** What does each kind, loaded when it is first asked for: a command pays for the work that it does. */
export type WorkLoaders = { readonly [K in JobKind]: () => Promise<AnyWork & { readonly kind: K }> }

export class WorkRegistry {
  readonly #loaders: WorkLoaders
  #session: Session | null = null

  constructor(loaders: WorkLoaders) {
    this.#loaders = loaders
  }

  bind(session: Session): void {
    this.#session = session
  }

  async prepare(kind: JobKind, input: unknown): Promise<unknown> {
    return (await this.#loaders[kind]()).prepare(input as never, this.#bound())
  }

  /** Null for a kind that is not known here: a project may have been written by a newer program. */
  async handler(kind: JobKind): Promise<JobHandler | null> {
    if (!Object.hasOwn(this.#loaders, kind)) return null
    const work = await this.#loaders[kind]()
    return {
      kind,
      lane: work.lane,
      resumesByItself: (prepared) =>
        typeof work.resumesByItself === 'boolean' ? work.resumesByItself : work.resumesByItself(prepared as never),
      title: (prepared) => work.title(prepared as never),
      about: (prepared) => work.about?.(prepared as never) ?? {},
      run: (prepared, context) => work.run(prepared as never, this.#bound(), context),
    }
  }

  #bound(): Session {
    if (!this.#session) throw new Error('the registry is not bound to a session')
    return this.#session
  }
}
