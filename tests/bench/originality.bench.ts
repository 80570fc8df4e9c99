/**
 * Originality: which of a thousand works is found again when a copy of it was edited, at a threshold at which none of a
 * thousand unrelated works is taken for it. Scenes, tunes and rooms are made from seeds; the matchers were set on others.
 */
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { originalitySides, type SideName } from './originality-sides.ts'
import type { Asked, Found } from './originality-worker.ts'

const UNRELATED = 1000
const COPIED = 10
const FIRST_SEED = 500_000
const SEEDS_AT_ONCE = 25

/** Threads that each answer one question at a time. */
class Threads {
  readonly #workers = Array.from(
    { length: Math.min(4, availableParallelism()) },
    () => new Worker(new URL('./originality-worker.ts', import.meta.url)),
  )

  /** Answers in the order of the questions, which are handed to whichever thread is free. */
  async answers<T>(questions: readonly Asked[]): Promise<T[]> {
    const given: T[] = []
    const waiting = [...questions.entries()]
    await Promise.all(
      this.#workers.map(async (worker) => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          given[next[0]] = await ask<T>(worker, next[1])
        }
      }),
    )
    return given
  }

  async tellAll(asked: Asked): Promise<void> {
    await Promise.all(this.#workers.map((worker) => ask(worker, asked)))
  }

  async end(): Promise<void> {
    const ended = this.#workers.map((worker) => once(worker, 'exit'))
    for (const worker of this.#workers) worker.postMessage({ do: 'end' } satisfies Asked)
    await Promise.all(ended)
  }
}

async function ask<T>(worker: Worker, asked: Asked): Promise<T> {
  worker.postMessage(asked)
  // `once` rejects where the thread fails.
  const [answer] = (await once(worker, 'message')) as [T]
  return answer
}

export async function run(print: (line: string) => void): Promise<void> {
  const seeds = Array.from({ length: UNRELATED }, (_, n) => FIRST_SEED + n)
  const parts = Array.from({ length: Math.ceil(UNRELATED / SEEDS_AT_ONCE) }, (_, n) =>
    seeds.slice(n * SEEDS_AT_ONCE, (n + 1) * SEEDS_AT_ONCE),
  )
  const threads = new Threads()
  try {
    for (const side of Object.keys(originalitySides) as SideName[]) {
      const printed = await threads.answers<unknown[]>(parts.map((part) => ({ do: 'print', side, seeds: part })))
      await threads.tellAll({ do: 'keep', side, library: printed.flat() })
      for (const edit of originalitySides[side].edits) {
        const questions = seeds.slice(0, COPIED).map((seed, at): Asked => ({ do: 'find', side, edit, seed, at }))
        const answers = await threads.answers<Found>(questions)
        const found = answers.filter((each) => each.found).length
        const wrong = answers.reduce((sum, each) => sum + each.wrong, 0)
        const percent = `${((100 * found) / COPIED).toFixed(0).padStart(3)} %`
        print(
          `originality: ${`${side} ${edit}`.padEnd(38)} found ${percent}, ${wrong} false among ${UNRELATED} unrelated`,
        )
      }
    }
  } finally {
    await threads.end()
  }
}
