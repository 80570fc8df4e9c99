/** What a check of a package is, and what it may look at. */
import type { Rights } from '../../../../shared/document/records.ts'
import type { MediaTools } from '../../media/tools.ts'
import type { PackagedAsset, Preview } from '../package/packaged.ts'
import type { ProjectView } from '../package/project-view.ts'
import type { BuyerProfile } from '../profiles/index.ts'

export interface CheckContext {
  /** The package; its recordings are copied, its documents may not be written yet. */
  readonly directory: string
  readonly view: ProjectView
  readonly rights: Rights | null
  /** SPDX identifier, or null while none was chosen. */
  readonly licence: string | null
  readonly assets: readonly PackagedAsset[]
  readonly preview: Preview
  readonly profile: BuyerProfile
  readonly tools: MediaTools
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number) => void
}

export interface CheckFinding {
  readonly ok: boolean
  /** What was seen, as a sentence; the same on every machine, so it names files by their place in the package. */
  readonly detail: string
  /** What to do about it, as a sentence. */
  readonly fix?: string
}

export interface CheckResult extends CheckFinding {
  readonly id: string
  /** Nothing may be minted while it fails. */
  readonly blocking: boolean
}

export interface PackageCheck {
  readonly id: string
  readonly blocking: boolean
  run(context: CheckContext): Promise<CheckFinding>
}

/** At most five of a list, so that a sentence stays one. */
export function some(items: readonly string[]): string {
  return items.length <= 5 ? items.join('; ') : `${items.slice(0, 5).join('; ')}; and ${items.length - 5} more`
}
