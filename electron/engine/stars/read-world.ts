/** A WORLD.json read in the thread that thins it, so that nothing else ever holds all of its numbers. */
import { parseWorld } from '../../../shared/stars/world/parse-world.ts'
import type { PreparedWorld } from '../../../shared/stars/world/value-world.ts'
import { worldInOrder } from '../../../shared/stars/world/value-world.ts'
import { readRowsFile } from './numbers-file.ts'

/** @throws AsterismError `not_found`, `empty_file`, `bad_input`, `too_large`. */
export async function readPreparedWorld(path: string): Promise<PreparedWorld> {
  // Who cancels ends the thread.
  return worldInOrder(parseWorld(await readRowsFile(path, new AbortController().signal)))
}
