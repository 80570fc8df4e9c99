/** The search with the source's scale unknown: the size is tried in steps, the best steps are then refined freely. */
import type { RefinedHypothesis } from './pose-search.ts'
import type { RegisterOptions } from './register-scans.ts'
import type { ScanCloud } from './scan-cloud.ts'

export function searchWithScale(
  _target: ScanCloud,
  _source: ScanCloud,
  _options: RegisterOptions,
): RefinedHypothesis[] {
  return []
}
