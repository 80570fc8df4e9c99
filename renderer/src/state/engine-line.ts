/**
 * The connection to the engine: one for the life of the window, whatever transport carries it. The engine may end
 * and start again while the window stays; holders of its client need not know.
 */
import { createORPCClient } from '@orpc/client'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'

/** What carries calls: a link of oRPC. */
interface CallLink {
  call(path: readonly string[], input: unknown, options: object): Promise<unknown>
}

/** One connection, from opening until it broke. */
export interface Carrier {
  readonly link: CallLink
  /** Resolves when it broke, before pending calls fail. */
  readonly broken: Promise<void>
  /** The same, synchronously. */
  isBroken(): boolean
}

/** The engine is not there. The window shows that by itself, so it is reported nowhere else. */
export class EngineGone extends AsterismError {
  /** `before`: nothing was sent; `during`: whether it was done shows when the engine is back. */
  readonly when: 'before' | 'during'
  /** Name of the action, if it has one. */
  readonly label: string | undefined

  constructor(when: EngineGone['when'], label?: string, cause?: unknown) {
    super('internal', say('work.engineStopped'), { cause })
    this.when = when
    this.label = label
  }
}

/** The engine is there and wants a new one-time link. */
export class LinkWanted extends Error {}

export class EngineLine {
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
