/** A thread of the bench of originality: prints works, keeps the library it is given, and looks for copies in it. */
import { parentPort } from 'node:worker_threads'
import { originalitySides, type OriginalitySide, type SideName } from './originality-sides.ts'

export type Asked =
  | { readonly do: 'print'; readonly side: SideName; readonly seeds: readonly number[] }
  | { readonly do: 'keep'; readonly side: SideName; readonly library: readonly unknown[] }
  | { readonly do: 'find'; readonly side: SideName; readonly edit: string; readonly seed: number; readonly at: number }
  | { readonly do: 'end' }

/** `found`: the copy was taken for its own work; `wrong`: for how many others. */
export interface Found {
  readonly found: boolean
  readonly wrong: number
}

let library: readonly unknown[] = []

async function answer(asked: Exclude<Asked, { do: 'end' }>): Promise<unknown> {
  const side: OriginalitySide = originalitySides[asked.side]
  if (asked.do === 'print') {
    const prints: unknown[] = []
    for (const seed of asked.seeds) prints.push(await side.print(seed))
    return prints
  }
  if (asked.do === 'keep') {
    library = asked.library
    return null
  }
  const matches = await side.matcher(asked.seed, asked.edit)
  const taken = library.flatMap((print, n) => (matches(print as never) ? [n] : []))
  return { found: taken.includes(asked.at), wrong: taken.filter((n) => n !== asked.at).length } satisfies Found
}

parentPort!.on('message', (asked: Asked) => {
  if (asked.do === 'end') return void parentPort!.close()
  void answer(asked).then((given) => parentPort!.postMessage(given))
})
