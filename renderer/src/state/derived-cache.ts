/**
 * What background work makes of a recording (waveforms, thumbnails): fetched once it is there. What is not made yet is
 * asked for again whenever such work has ended since it was last asked for.
 */
import { useJobs } from './jobs-store.ts'

type Entry<T> =
  | { readonly state: 'there'; readonly value: T }
  | { readonly state: 'loading' }
  /** `asked`: how much background work had ended when it was asked for. */
  | { readonly state: 'missing'; readonly asked: number }

export class DerivedCache<T extends object> {
  readonly #entries = new Map<string, Entry<T>>()
  readonly #listeners = new Set<() => void>()

  get(key: string): T | null {
    const entry = this.#entries.get(key)
    return entry?.state === 'there' ? entry.value : null
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @param fetchValue null while it is not made */
  async load(key: string, fetchValue: () => Promise<T | null>): Promise<void> {
    const entry = this.#entries.get(key)
    if (entry?.state === 'loading' || entry?.state === 'there') return
    const asked = derivedCount()
    if (entry?.state === 'missing' && entry.asked === asked) return
    this.#entries.set(key, { state: 'loading' })
    const value = await fetchValue().catch(() => null) // asked for again when background work ends
    this.#entries.set(key, value ? { state: 'there', value } : { state: 'missing', asked })
    for (const listener of this.#listeners) listener()
    // Work may have ended while the answer was under way.
    if (!value && derivedCount() !== asked) await this.load(key, fetchValue)
  }
}

/** How many pieces of background work have ended well: grows whenever something new can be fetched. */
export function countDerived(jobs: ReturnType<typeof useJobs.getState>['jobs']): number {
  let count = 0
  for (const job of jobs.values()) if (job.kind === 'derive' && job.state === 'done') count += 1
  return count
}

function derivedCount(): number {
  return countDerived(useJobs.getState().jobs)
}
