/** The interface of upload targets. The registry is the array in index.ts. */
import { inEnglish, type Saying } from '../../../../shared/sayings/saying.ts'

export interface UploadRequest {
  /** The package's folder, absolute; null if there is only the CAR file. */
  readonly folder: string | null
  /** Its CAR file, absolute. */
  readonly car: string
  readonly carBytes: number
  /** Lower-case hexadecimal. */
  readonly carSha256: string
  readonly rootCid: string
  /** A path or a URL, as the target expects it. */
  readonly destination: string
  /** Where a target stores what it needs to resume after its process has died. */
  readonly stateDirectory: string
  /** Sent with every request, for example for authorization; HTTP targets only. */
  readonly headers: Readonly<Record<string, string>>
  /** What the sender claims about the package, such as a signature; stored by targets that support it. */
  readonly claims: Readonly<Record<string, string>>
  /** Upload rate limit; null for none. */
  readonly bytesPerSecond: number | null
  /** The longest silence of a server before it counts as not answering. */
  readonly patienceMilliseconds: number
  readonly signal: AbortSignal
  readonly onProgress: (doneBytes: number, totalBytes: number) => void
}

export interface UploadResult {
  readonly target: string
  /** Where it is now: a path or a URL. */
  readonly location: string
  /** Sent by this run. */
  readonly bytes_sent: number
  /** Already there. */
  readonly bytes_skipped: number
  /** True only if the bytes were read back and hash to what was sent. */
  readonly verified: boolean
  /** Why it is not verified, as a sentence. */
  readonly note?: string
  /** The same as a saying. */
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
  /** Sends, or resumes. Run again after success it sends nothing. */
  upload(request: UploadRequest): Promise<UploadResult>
}
