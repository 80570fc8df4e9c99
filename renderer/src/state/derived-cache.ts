/**
 * Files derived by background jobs (waveforms, thumbnails), fetched once they exist. A missing one is requested again
 * whenever such a job has made progress since the last request.
 */
import { useJobs } from './jobs-store.ts'

type Entry<T> =
  | { readonly state: 'there'; readonly value: T }
  | { readonly state: 'loading'; readonly ends: Promise<void> }
  /** `asked`: the progress of background jobs at the request. */
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

  /**
   * Resolves when it is there or known to be missing, whoever requested it first.
   *
   * @param fetchValue null while it does not exist
   */
  async load(key: string, fetchValue: () => Promise<T | null>): Promise<void> {
    const entry = this.#entries.get(key)
    if (entry?.state === 'there') return
    if (entry?.state === 'loading') return await entry.ends
    const asked = useJobs.getState().derived
    if (entry?.state === 'missing' && entry.asked === asked) return
    const ends = this.#fetch(key, fetchValue, asked)
    this.#entries.set(key, { state: 'loading', ends })
    await ends
  }

  async #fetch(key: string, fetchValue: () => Promise<T | null>, asked: number): Promise<void> {
    const value = await fetchValue().catch(() => null) // requested again when background jobs make progress
    this.#entries.set(key, value ? { state: 'there', value } : { state: 'missing', asked })
    for (const listener of this.#listeners) listener()
    // Jobs may have made progress while the answer was under way.
    if (!value && useJobs.getState().derived !== asked) await this.load(key, fetchValue)
  }
}
