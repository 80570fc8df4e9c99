/** What a package is made from: plain data and one way to find a file. */
import type { Wording } from '../../../../shared/sayings/saying.ts'
import type { DocumentRecord } from '../../../../shared/document/records.ts'
import type { MediaTools } from '../../media/tools.ts'
import type { Json } from './canonical-json.ts'

export interface PackageInput {
  /** A snapshot of the project, which does not change during packing. */
  readonly records: Iterable<DocumentRecord>
  /** The current path of an asset's file or folder, or null if unknown. */
  assetPath(assetId: string): string | null
  /** The prediction as `stars --json` prints it, or null where none was made. */
  readonly stars: Json
  /** The account that will mint, `0x` and 40 hexadecimal digits, or null. It is part of what is hashed. */
  readonly creatorAddress: string | null
  readonly tools: MediaTools
  /** Chosen for this package; null takes the project's. SPDX identifier. */
  readonly licence?: string | null
  /** The id of a buyer profile; `none` when left out. */
  readonly buyerProfileId?: string
  /** The root CID of the package that this one replaces. */
  readonly supersedes?: string | null
  /** Encrypts the recordings: the secret of this machine from which their key is derived. Null: not encrypted. */
  readonly sealingSecret?: Uint8Array | null
}

interface PackageProgress {
  /** 0 to 1. */
  readonly fraction: number
  /** What is being done, for people. */
  readonly stage: Wording
}

export interface PackageOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: PackageProgress) => void
}
