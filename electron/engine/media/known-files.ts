/**
 * What was found out of files that have not changed since. Looking into a recording starts a program that loads two
 * hundred libraries where ffmpeg comes from a distribution: a fifth of a second of processor each time, and work on a
 * project looks into the same recordings again and again.
 */
import type { BigIntStats } from 'node:fs'
import { stat } from 'node:fs/promises'

/** Answers about files, the ones asked for last; an answer about a file that has changed is none. */
export class KnownFiles<T> {
  readonly #largest: number
  readonly #answers = new Map<string, { readonly state: string; readonly answer: T }>()

  /** @param largest answers that are kept */
  constructor(largest: number) {
    this.#largest = largest
  }

  /**
   * What is known of a file, or what `ask` finds out.
   *
   * @param key who is asked, and what, where that is more than one
   * @param isCertain false for answers that may be others the next time
   */
  async about(
    path: string,
    key: string,
    ask: () => Promise<T>,
    isCertain: (answer: T) => boolean = () => true,
  ): Promise<T> {
    // As it is before it is looked into, so that what changes meanwhile is not known afterwards.
    const state = await stat(path, { bigint: true }).then(fileState, () => null)
    if (state === null) return await ask()
    const whole = `${key}\n${path}`
    const known = this.#get(whole, state)
    if (known !== undefined) return known
    const answer = await ask()
    if (isCertain(answer)) this.#set(whole, state, answer)
    return answer
  }

  #get(key: string, state: string): T | undefined {
    const known = this.#answers.get(key)
    if (!known) return undefined
    this.#answers.delete(key)
    if (known.state !== state) return undefined
    this.#answers.set(key, known)
    return known.answer
  }

  #set(key: string, state: string, answer: T): void {
    this.#answers.delete(key)
    this.#answers.set(key, { state, answer })
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
