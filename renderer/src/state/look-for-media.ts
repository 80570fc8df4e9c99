/** Recordings whose files are gone or changed: the library says which, once for all of them, with the way to mend it. */
import type { EngineClient } from '../../../shared/contract/client.ts'
import { showFailure } from './engine-context.ts'

type MediaClient = { readonly media: Pick<EngineClient['media'], 'look'> }

let looking: Promise<{ readonly missing: number; readonly changed: number }> | null = null

/** Has the engine look where they are; asked several times at once, it looks once. */
export async function lookForMedia({ media }: MediaClient): Promise<{ areAllThere: boolean }> {
  looking ??= media.look().finally(() => {
    looking = null
  })
  const { missing, changed } = await looking
  return { areAllThere: missing + changed === 0 }
}

/** What of a recording was not found: that is said here only where no file is away. */
export async function tellOfLoss(client: MediaClient, error: unknown): Promise<void> {
  const { areAllThere } = await lookForMedia(client)
  if (areAllThere) showFailure(error)
}
