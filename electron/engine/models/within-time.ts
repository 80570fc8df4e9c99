/** Code that a file from elsewhere steers, ended from outside where it does not end by itself. */
import { createContext, Script } from 'node:vm'
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Wording } from '../../../shared/sayings/saying.ts'

const call = new Script('work()')

/**
 * What `work` answers. It is stopped wherever it is, also inside a regular expression that backtracks without end, and the
 * process goes on: that is the runtime's own limit for scripts, which a timer cannot be while nothing else runs.
 *
 * @throws AsterismError `timeout` with `why`; whatever `work` throws
 */
export function withinTime<T>(milliseconds: number, why: Wording, work: () => T): T {
  try {
    return call.runInContext(createContext({ work }), { timeout: milliseconds }) as T
  } catch (error) {
    // An error of the script's own realm: it is no Error of this one.
    if ((error as { readonly code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new AsterismError('timeout', why, { cause: error, fix: say('model.fix.removeOrOther') })
    throw error
  }
}
