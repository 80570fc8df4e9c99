/** Recordings whose files are gone or changed: the library lists them in one notice, with a way to relink them. */
import type { EngineClient } from '../../../shared/contract/client.ts'
import { showFailure } from './engine-context.ts'

type MediaClient = { readonly media: Pick<EngineClient['media'], 'look'> }

let looking: Promise<{ readonly missing: number; readonly changed: number }> | null = null

/** Makes the engine search for them; simultaneous requests cause one search. */
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
