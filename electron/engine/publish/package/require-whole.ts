import { AsterismError } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import type { VerifiedPackage } from './verify.ts'

/**
 * Refuses a package of which a file is missing, too many or another.
 *
 * @param failures those that count for what is about to be done
 * @param kept what was not done because of it
 * @throws AsterismError `corrupt_file` with the first of them
 */
export function requireWhole(failures: VerifiedPackage['failures'], path: string, kept: Saying): void {
  const [failure] = failures
  if (failure === undefined) return
  throw new AsterismError('corrupt_file', say('package.notWhole', { path: failure.path, what: failure.what }), {
    path,
    fix: say('package.fix.again'),
    kept,
  })
}
