/** The interface of package checks, and what they can read. */
import type { Rights } from '../../../../shared/document/records.ts'
import { inEnglish, say, type Saying, type Wording } from '../../../../shared/sayings/saying.ts'
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
  /** The finding as a sentence; the same on every machine, so it names files by their path in the package. */
  readonly detail: string
  /** What to do about it, as a sentence. */
  readonly fix?: string
  /** The same as sayings; not part of the package. */
  readonly said: { readonly detail: Saying; readonly fix?: Saying }
}

export interface CheckResult extends CheckFinding {
  readonly id: string
  /** Blocks minting while it fails. */
  readonly blocking: boolean
}

export interface PackageCheck {
  readonly id: string
  readonly blocking: boolean
  run(context: CheckContext): Promise<CheckFinding>
}

/** A finding in English, as stored in the package, and as sayings. */
export function finding(ok: boolean, detail: Saying, fix?: Saying): CheckFinding {
  if (fix === undefined) return { ok, detail: inEnglish(detail), said: { detail } }
  return { ok, detail: inEnglish(detail), fix: inEnglish(fix), said: { detail, fix } }
}

/** At most five items of a list, so that a sentence stays short. */
export function some(items: readonly Wording[]): Wording {
  const shown: Wording[] = items.slice(0, 5)
  if (items.length > shown.length) shown.push(say('check.more', { count: items.length - shown.length }))
  return shown.reduceRight((rest, first) => say('check.list', { first, rest }))
}
