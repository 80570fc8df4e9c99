/** `asterism value WORLD.json`: reads a world, values its bundles. */
import { readFile, stat } from 'node:fs/promises'
import { AsterismError } from '../../../shared/errors.ts'
import { parseWorld } from '../../../shared/stars/world/parse-world.ts'
import type { WorldReport } from '../../../shared/stars/world/value-world.ts'
import { builtInCalibration } from './built-in-pack.ts'
import type { ComputeOptions } from './compute.ts'
import { valueWorldInWorkers } from './compute.ts'

/** Text beyond this is refused unread: no world within the limits of `parseWorld` is longer. */
const MOST_BYTES = 450_000_000

async function readText(path: string, signal: AbortSignal): Promise<string> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new AsterismError('not_found', 'There is no such world.', { path, cause })
  })
  if (!status.isFile()) throw new AsterismError('bad_input', 'It is not a file.', { path })
  if (status.size === 0) throw new AsterismError('empty_file', 'The file is empty.', { path })
  if (status.size > MOST_BYTES)
    throw new AsterismError('too_large', `The file has ${status.size} bytes; ${MOST_BYTES} is the limit.`, { path })
  try {
    return await readFile(path, { encoding: 'utf8', signal })
  } catch (cause) {
    if (signal.aborted) throw new AsterismError('cancelled', 'Cancelled.')
    throw new AsterismError('bad_input', 'The file cannot be read.', { path, cause })
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AsterismError('bad_input', 'The file is not JSON.', {
      path,
      fix: 'Write numbers as numbers: NaN and Infinity are no JSON.',
      cause,
    })
  }
}

/**
 * Values the bundles of a WORLD.json.
 *
 * @throws AsterismError `not_found`, `empty_file`, `bad_input`, `too_large`, `cancelled`, each naming the file.
 */
export async function valueWorldFile(path: string, options: ComputeOptions): Promise<WorldReport> {
  const value = parseJson(await readText(path, options.signal), path)
  try {
    const world = parseWorld(value)
    return await valueWorldInWorkers(world, builtInCalibration(), options)
  } catch (error) {
    if (!(error instanceof AsterismError) || error.path !== undefined) throw error
    throw new AsterismError(error.code, error.message, { path, fix: error.fix, cause: error })
  }
}
