/** What an upload target is. The registry is the array in index.ts. */
import { inEnglish, type Saying } from '../../../../shared/sayings/saying.ts'

export interface UploadRequest {
  /** The package's folder, absolute; null when only the CAR file is at hand. */
  readonly folder: string | null
  /** Its CAR file, absolute. */
  readonly car: string
  readonly carBytes: number
  /** Lower-case hexadecimal. */
  readonly carSha256: string
  readonly rootCid: string
  /** A path or a URL, as the target takes it. */
  readonly destination: string
  /** Where a target keeps what it needs to go on after its process has died. */
  readonly stateDirectory: string
  /** Sent with every request, as for authorization; of HTTP targets only. */
  readonly headers: Readonly<Record<string, string>>
  /** What the sender says of the package beside its bytes, as a signature; kept by targets that keep such things. */
  readonly claims: Readonly<Record<string, string>>
  /** The most that may go out; null for no limit. */
  readonly bytesPerSecond: number | null
  /** The longest silence of a server before it counts as one that does not answer. */
  readonly patienceMilliseconds: number
  readonly signal: AbortSignal
  readonly onProgress: (doneBytes: number, totalBytes: number) => void
}

export interface UploadResult {
  readonly target: string
  /** Where it is now: a path or a URL. */
  readonly location: string
  /** By this run. */
  readonly bytes_sent: number
  /** Found there already. */
  readonly bytes_skipped: number
  /** True only when the bytes were read back and hashed to what was sent. */
  readonly verified: boolean
  /** Why it is not verified, as a sentence. */
  readonly note?: string
  /** The same for a window to say in its own language. */
  readonly said?: Saying
}

/** Why an upload is not called verified. */
export function notedAs(said: Saying): Pick<UploadResult, 'note' | 'said'> {
  return { note: inEnglish(said), said }
}

export interface UploadTarget {
  readonly id: string
  readonly title: string
  supports(destination: string): boolean
  /** Sends or goes on sending. Run again after success it sends nothing. */
  upload(request: UploadRequest): Promise<UploadResult>
}
