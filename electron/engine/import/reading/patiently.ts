import { throwIfCancelled } from '../../../../shared/errors.ts'

const ITEMS_BETWEEN_PAUSES = 500

/**
 * Takes items one after another, with pauses in which a cancellation, the time limit and everything else get their turn.
 * A promise an item would take as long as reading it.
 */
export async function patiently<T>(
  items: Iterable<T>,
  signal: AbortSignal,
  take: (item: T) => Promise<void> | void,
): Promise<void> {
  let count = 0
  for (const item of items) {
    const taken = take(item)
    if (taken) await taken
    if (++count % ITEMS_BETWEEN_PAUSES !== 0) continue
    await new Promise(setImmediate)
    throwIfCancelled(signal)
  }
}
