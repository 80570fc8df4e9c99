/**
 * A queue that one side pushes into and the other iterates, as event iterators need. It ends when the consumer leaves
 * or the signal fires. Merging bounds what piles up while the consumer is busy.
 */
export interface Channel<T> extends AsyncIteratorObject<T, undefined, void> {
  push(value: T): void
  end(): void
}

/**
 * @param onEnd runs once, whoever ends it
 * @param merge if it returns true for the newest waiting value, the new value replaces it
 */
export function createChannel<T>(
  onEnd: () => void,
  signal?: AbortSignal,
  merge?: (waiting: T, next: T) => boolean,
): Channel<T> {
  const waiting: T[] = []
  let wake: (() => void) | null = null
  let ended = false
  const end = (): void => {
    if (ended) return
    ended = true
    signal?.removeEventListener('abort', end)
    onEnd()
    wake?.()
  }
  signal?.addEventListener('abort', end, { once: true })
  if (signal?.aborted) queueMicrotask(end)
  return {
    push(value) {
      if (ended) return
      const last = waiting.length - 1
      if (merge && last >= 0 && merge(waiting[last]!, value)) waiting[last] = value
      else waiting.push(value)
      wake?.()
    },
    end,
    async next() {
      while (waiting.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = null
      }
      return waiting.length > 0 ? { value: waiting.shift()!, done: false } : { value: undefined, done: true }
    },
    async return() {
      end()
      waiting.length = 0
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      end()
    },
  }
}
