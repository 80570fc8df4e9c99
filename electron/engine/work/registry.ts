/** Every kind of long work, one entry each. */
import type { z } from 'zod'
import type { JobAbout, JobInput, JobKind, JobOutput } from '../../../shared/contract/jobs.ts'
import type { RecordKind } from '../../../shared/document/records.ts'
import type { JobContext, JobHandler, Place } from '../jobs/queue.ts'
import type { Session } from '../session.ts'

/** What a kind of work says that other machines may do. Nothing that deals with keys, chains or uploads ever says so. */
interface Elsewhere<P> {
  /** What it is done with, held against this before another machine believes it. */
  readonly prepared: z.ZodType<P>
  /** Every path it reads or writes, beside those of the project. All must lie in the shared folder. */
  files(prepared: P, session: Session): readonly string[]
  /** The kinds of records that it may change. */
  readonly changes: readonly RecordKind[]
}

/** The same of work of any kind. */
export interface AnyElsewhere {
  readonly prepared: z.ZodType
  files(prepared: never, session: Session): readonly string[]
  readonly changes: readonly RecordKind[]
}

/**
 * @typeParam K the kind
 * @typeParam P the input as it is kept with the job: plain JSON with paths where the caller gave tokens
 */
export interface Work<K extends JobKind, P> {
  readonly kind: K
  readonly lane: JobHandler['lane']
  /** Or whether it does, by what it was started with. */
  readonly resumesByItself: boolean | ((prepared: P) => boolean)
  /** See JobHandler; absent: never. */
  isShort?(prepared: P): boolean
  prepare(input: JobInput<K>, session: Session): P
  title(prepared: P): string
  /** What of the title is not said by the kind. */
  about?(prepared: P): JobAbout
  /** Absent: it is done on the machine that was asked. */
  readonly elsewhere?: Elsewhere<P>
  run(prepared: P, session: Session, context: JobContext): Promise<JobOutput<K>>
}

/** Work of any kind: what the registry holds. */
export interface AnyWork {
  readonly kind: JobKind
  readonly lane: JobHandler['lane']
  readonly resumesByItself: boolean | ((prepared: never) => boolean)
  isShort?(prepared: never): boolean
  prepare(input: never, session: Session): unknown
  title(prepared: never): string
  about?(prepared: never): JobAbout
  readonly elsewhere?: AnyElsewhere
  run(prepared: never, session: Session, context: JobContext): Promise<unknown>
}

/** What does each kind, loaded when it is first asked for: a command pays for the work that it does. */
export type WorkLoaders = { readonly [K in JobKind]: () => Promise<AnyWork & { readonly kind: K }> }

/** Whether another machine is asked to do it. Does not throw. */
type PlaceOf = (work: AnyWork, prepared: unknown, session: Session) => Place

export class WorkRegistry {
  readonly #loaders: WorkLoaders
  readonly #placeOf: PlaceOf
  #session: Session | null = null

  constructor(loaders: WorkLoaders, placeOf: PlaceOf) {
    this.#loaders = loaders
    this.#placeOf = placeOf
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
      isShort: (prepared) => work.isShort?.(prepared as never) ?? false,
      title: (prepared) => work.title(prepared as never),
      about: (prepared) => work.about?.(prepared as never) ?? {},
      run: (prepared, context) => work.run(prepared as never, this.#bound(), context),
      place: (prepared) => this.#placeOf(work, prepared, this.#bound()),
    }
  }

  #bound(): Session {
    if (!this.#session) throw new Error('the registry is not bound to a session')
    return this.#session
  }
}
