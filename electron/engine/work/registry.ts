/** What an entry of the registry of work is, and how the entries are loaded. */
import type { z } from 'zod'
import type { JobAbout, JobInput, JobKind, JobOutput } from '../../../shared/contract/jobs.ts'
import type { RecordKind } from '../../../shared/document/records.ts'
import type { JobContext, JobHandler, Place } from '../jobs/queue.ts'
import type { Session } from '../session.ts'

/** Marks a kind of work as one that other machines may do. Never set for work with keys, chains or uploads. */
interface Elsewhere<P> {
  /** Schema of the prepared input, validated before another machine trusts it. */
  readonly prepared: z.ZodType<P>
  /** Every path it reads or writes besides those of the project. All must be in the shared folder. */
  files(prepared: P, session: Session): readonly string[]
  /** The kinds of records that it may change. */
  readonly changes: readonly RecordKind[]
}

/** The same for work of any kind. */
export interface AnyElsewhere {
  readonly prepared: z.ZodType
  files(prepared: never, session: Session): readonly string[]
  readonly changes: readonly RecordKind[]
}

/**
 * @typeParam K the kind
 * @typeParam P the input as stored with the job: plain JSON, with paths in place of tokens
 */
export interface Work<K extends JobKind, P> {
  readonly kind: K
  readonly lane: JobHandler['lane']
  /** Or a function that decides by the input. */
  readonly resumesByItself: boolean | ((prepared: P) => boolean)
  /** See JobHandler; absent: never. */
  isShort?(prepared: P): boolean
  prepare(input: JobInput<K>, session: Session): P
  title(prepared: P): string
  /** The part of the title that the kind does not say. */
  about?(prepared: P): JobAbout
  /** Absent: it runs on the machine that was asked. */
  readonly elsewhere?: Elsewhere<P>
  run(prepared: P, session: Session, context: JobContext): Promise<JobOutput<K>>
}

/** Work of any kind, as the registry holds it. */
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

/** Handlers by kind, loaded on first use, so that a command pays only for the work that it does. */
export type WorkLoaders = { readonly [K in JobKind]: () => Promise<AnyWork & { readonly kind: K }> }

/** Whether to ask another machine. Does not throw. */
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

  /** Null for an unknown kind: a newer program may have written the project. */
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
