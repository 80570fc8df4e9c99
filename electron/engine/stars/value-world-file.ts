/** `asterism value WORLD.json`: reads a world, values its bundles. */
import { AsterismError } from '../../../shared/errors.ts'
import type { WorldReport } from '../../../shared/stars/world/value-world.ts'
import { builtInCalibration } from './built-in-pack.ts'
import type { ComputeOptions } from './compute.ts'
import { valueWorldInWorkers } from './compute.ts'

/**
 * Values the bundles of a WORLD.json.
 *
 * @throws AsterismError `not_found`, `empty_file`, `bad_input`, `too_large`, `cancelled`, each naming the file.
 */
export async function valueWorldFile(path: string, options: ComputeOptions): Promise<WorldReport> {
  try {
    return await valueWorldInWorkers(path, builtInCalibration(), options)
  } catch (error) {
    // What a thread refuses comes without its path.
    if (!(error instanceof AsterismError) || error.path !== undefined) throw error
    throw error.with({ path, cause: error })
  }
}
