import { throwIfCancelled } from '../../../../shared/errors.ts'

const ITEMS_BETWEEN_PAUSES = 500

/** Items one after another, with pauses in which a cancellation, the time limit and everything else get their turn. */
export async function* patiently<T>(items: Iterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  let count = 0
  for (const item of items) {
    yield item
    if (++count % ITEMS_BETWEEN_PAUSES !== 0) continue
    await new Promise(setImmediate)
    throwIfCancelled(signal)
  }
}
