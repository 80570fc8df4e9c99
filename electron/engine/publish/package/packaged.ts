/** What lies in a package, as its writers hand it to each other. */
import type { Asset } from '../../../../shared/document/records.ts'
import type { ContentAddress } from '../content/unixfs.ts'
import type { RecordingProbe } from './recording-probe.ts'

export interface PackagedFile {
  /** In the package, `/`-separated. */
  readonly path: string
  readonly bytes: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
  readonly address: ContentAddress
  readonly mediaType: string
}

export interface PackagedAsset {
  readonly asset: Asset
  /** Of the file or of the capture's folder, in the package. */
  readonly path: string
  readonly isFolder: boolean
  /** One, or those of the folder. */
  readonly files: readonly PackagedFile[]
  /** Of the file or of the folder. */
  readonly address: ContentAddress
  /** Files from which a position was taken out: they differ from the originals. */
  readonly locationRemovedFrom: readonly string[]
  /** By path in the package, of the files that ffprobe was asked about. */
  readonly probes: ReadonlyMap<string, RecordingProbe>
  /** Recordings of which ffprobe could make nothing. */
  readonly unreadable: readonly string[]
}

export interface Preview {
  readonly video: PackagedFile | null
  readonly poster: PackagedFile | null
}
