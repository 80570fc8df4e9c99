/**
 * What background work makes of a recording (waveforms, thumbnails): fetched once it is there. What is not made yet is
 * asked for again whenever such work has come further since it was last asked for.
 */
import { useJobs } from './jobs-store.ts'

type Entry<T> =
  | { readonly state: 'there'; readonly value: T }
  | { readonly state: 'loading'; readonly ends: Promise<void> }
  /** `asked`: how far background work was when it was asked for. */
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
   * Ends when it is there or known to be missing, whoever asked for it first.
   *
   * @param fetchValue null while it is not made
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
    const value = await fetchValue().catch(() => null) // asked for again when background work comes further
    this.#entries.set(key, value ? { state: 'there', value } : { state: 'missing', asked })
    for (const listener of this.#listeners) listener()
    // Work may have come further while the answer was under way.
    if (!value && useJobs.getState().derived !== asked) await this.load(key, fetchValue)
  }
}
