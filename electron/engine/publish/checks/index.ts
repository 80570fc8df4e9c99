/** Every check that a package goes through before anything leaves, in the order in which people read them. */
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { alignedInSpace, alignedInTime } from './aligned.ts'
import { fitsBuyer } from './buyer-profile.ts'
import type { CheckContext, CheckResult, PackageCheck } from './check.ts'
import { consentGiven, licenceChosen, originalDeclared } from './declared.ts'
import { decodes } from './decodes.ts'
import { hasPreview } from './preview.ts'
import { noLocation, noPersonalNames } from './private.ts'

const PACKAGE_CHECKS: readonly PackageCheck[] = [
  decodes,
  alignedInTime,
  alignedInSpace,
  licenceChosen,
  consentGiven,
  originalDeclared,
  noLocation,
  noPersonalNames,
  fitsBuyer,
  hasPreview,
]

/** Runs all checks; a check that fails is a result, not an error. */
export async function runChecks(context: CheckContext): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  for (const check of PACKAGE_CHECKS) {
    throwIfCancelled(context.signal)
    results.push({ id: check.id, blocking: check.blocking, ...(await check.run(context)) })
  }
  return results
}
