/**
 * What was found out of files that have not changed since. Looking into a recording starts a program that loads two
 * hundred libraries where ffmpeg comes from a distribution: a fifth of a second of processor each time, and work on a
 * project looks into the same recordings again and again.
 */
import type { BigIntStats } from 'node:fs'

/** Answers about files, the ones asked for last; an answer about a file that has changed is none. */
export class KnownFiles<T> {
  readonly #largest: number
  readonly #answers = new Map<string, { readonly state: string; readonly answer: T }>()

  /** @param largest answers that are kept */
  constructor(largest: number) {
    this.#largest = largest
  }

  /** @param entry the file as it is now */
  get(key: string, entry: BigIntStats): T | undefined {
    const known = this.#answers.get(key)
    if (!known) return undefined
    this.#answers.delete(key)
    if (known.state !== fileState(entry)) return undefined
    this.#answers.set(key, known)
    return known.answer
  }

  /** @param entry the file as it was before it was looked into, so that what changed meanwhile is no longer known */
  set(key: string, entry: BigIntStats, answer: T): void {
    this.#answers.delete(key)
    this.#answers.set(key, { state: fileState(entry), answer })
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= this.#largest) break
      this.#answers.delete(oldest)
    }
  }
}

/** Writing to a file changes when its entry was changed, whatever is said of its content's time. */
function fileState({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
}
