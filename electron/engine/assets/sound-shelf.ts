import type { MonoSound } from '../align/time/gatherer.ts'

/** Twelve recordings of an hour at 16 kHz. */
const BUDGET_BYTES = 1.4e9

/**
 * Decoded sound, kept for the pairs to come as long as all of it stays within a budget; what was used longest ago is
 * decoded again when it is asked for again. Callers that ask at the same time share the work.
 */
export class SoundShelf {
  readonly #budgetBytes: number
  /** Least lately used first. */
  readonly #kept = new Map<string, { readonly sound: Promise<MonoSound>; bytes: number }>()

  constructor(budgetBytes = BUDGET_BYTES) {
    this.#budgetBytes = budgetBytes
  }

  async take(key: string, load: () => Promise<MonoSound>): Promise<MonoSound> {
    const entry = this.#kept.get(key) ?? { sound: load(), bytes: 0 }
    this.#kept.delete(key)
    this.#kept.set(key, entry)
    try {
      const sound = await entry.sound
      entry.bytes = sound.samples.byteLength
      this.#makeRoom(key)
      return sound
    } catch (error) {
      // It is tried again by the next who asks.
      if (this.#kept.get(key) === entry) this.#kept.delete(key)
      throw error
    }
  }

  #makeRoom(wanted: string): void {
    let total = 0
    for (const { bytes } of this.#kept.values()) total += bytes
    for (const [key, { bytes }] of this.#kept) {
      if (total <= this.#budgetBytes) return
      if (key === wanted || bytes === 0) continue
      this.#kept.delete(key)
      total -= bytes
    }
  }
}
