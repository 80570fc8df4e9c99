/** `asterism value WORLD.json`: reads a world, values its bundles. */
import { AsterismError } from '../../../shared/errors.ts'
import { parseWorld } from '../../../shared/stars/world/parse-world.ts'
import type { WorldReport } from '../../../shared/stars/world/value-world.ts'
import { builtInCalibration } from './built-in-pack.ts'
import type { ComputeOptions } from './compute.ts'
import { valueWorldInWorkers } from './compute.ts'
import { readRowsFile } from './numbers-file.ts'

/**
 * Values the bundles of a WORLD.json.
 *
 * @throws AsterismError `not_found`, `empty_file`, `bad_input`, `too_large`, `cancelled`, each naming the file.
 */
export async function valueWorldFile(path: string, options: ComputeOptions): Promise<WorldReport> {
  const value = await readRowsFile(path, options.signal)
  try {
    const world = parseWorld(value)
    return await valueWorldInWorkers(world, builtInCalibration(), options)
  } catch (error) {
    if (!(error instanceof AsterismError) || error.path !== undefined) throw error
    throw error.with({ path, cause: error })
  }
}
