/**
 * The line to the engine: one for the life of the window, whatever carries it at the moment. The engine may end
 * and start again beside the window; whoever holds a client of it need not know.
 */
import { createORPCClient } from '@orpc/client'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'

/** What carries calls, as the links of oRPC do. */
interface CallLink {
  call(path: readonly string[], input: unknown, options: object): Promise<unknown>
}

/** One connection, from when it stood until it broke. */
export interface Carrier {
  readonly link: CallLink
  /** Resolves when it broke, before what was asked over it fails. */
  readonly broken: Promise<void>
  /** The same, to be asked at once. */
  isBroken(): boolean
}

/** Nobody is there to be asked. The window says so by itself, so it is told nowhere else. */
export class EngineGone extends AsterismError {
  /** `before`: nothing was asked; `during`: whether it was done is seen when the engine is back. */
  readonly when: 'before' | 'during'
  /** What was to be done, where it has a name. */
  readonly label: string | undefined

  constructor(when: EngineGone['when'], label?: string, cause?: unknown) {
    super('internal', say('work.engineStopped'), { cause })
    this.when = when
    this.label = label
  }
}

/** The engine is there and wants the link that it printed, once more. */
export class LinkWanted extends Error {}

export class Line {
  readonly #open: () => Promise<Carrier>
  #carrier: Carrier | null = null

  /** @param open makes a connection; rejects while none can be made */
  constructor(open: () => Promise<Carrier>) {
    this.#open = open
  }

  /** All speak over the same line; what was loaded with another one than before is loaded anew. */
  newClient(): EngineClient {
    const call: CallLink['call'] = async (path, input, options) => await this.#call(path, input, options)
    return createORPCClient<EngineClient>({ call } as Parameters<typeof createORPCClient>[0])
  }

  /** @returns what resolves when the connection that was made has broken */
  async connect(): Promise<Promise<void>[]> {
    this.#carrier = await this.#open()
    // In an array: a promise that a promise is resolved with would be waited for.
    return [this.#carrier.broken]
  }

  async #call(...asked: Parameters<CallLink['call']>): Promise<unknown> {
    const carrier = this.#carrier
    if (!carrier || carrier.isBroken()) throw new EngineGone('before')
    try {
      return await carrier.link.call(...asked)
    } catch (error) {
      // What a broken connection says for itself is that it was called off, which would pass for the person's own doing.
      throw carrier.isBroken() ? new EngineGone('during', undefined, error) : error
    }
  }
}
