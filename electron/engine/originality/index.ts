/** Whether a work, or a part of it, was registered before: exactly, or changed as copies are changed. */
import { throwIfCancelled } from '../../../shared/errors.ts'
import { matchAudio } from '../../../shared/originality/match-audio.ts'
import { matchText } from '../../../shared/originality/match-text.ts'
import { matchVideo, type SpanMatch } from '../../../shared/originality/match-video.ts'
import { matchShape } from '../../../shared/originality/shape.ts'
import type { MediaTools } from '../media/tools.ts'
import { OriginalityLibrary, type KnownRecording, type PackedVersion } from './library.ts'
import { takePrints, type AssetPrints, type Recording } from './prints.ts'

export interface OriginalityFinding {
  /** By which of its sides the recording was recognised. */
  readonly kind: 'exact' | 'video' | 'audio' | 'shape' | 'text'
  readonly asset: string
  /** The work that was registered before. */
  readonly work: string
  readonly workTitle: string
  /** The recording in it. */
  readonly of: string
  readonly minted: boolean
  /** 0 to 1; 1 for the very same bytes. */
  readonly similarity: number
  /** On the recordings' own clocks; null for whole recordings and scans. */
  readonly span: SpanMatch | null
}

export interface Originality {
  /** `seen-before` counts only against works that were minted; `packed-before` is said and counts for nothing. */
  readonly status: 'original' | 'packed-before' | 'seen-before'
  readonly findings: readonly OriginalityFinding[]
}

export interface OriginalityRequest {
  readonly home: string
  /** Identifies the work: what it registered itself is no match. */
  readonly work: string
  readonly recordings: readonly Recording[]
  readonly tools: MediaTools
  readonly signal: AbortSignal
  readonly onProgress?: (fraction: number, title: string) => void
}

/** The prints of a recording, from the library where they were taken before. */
async function printsOf(
  library: OriginalityLibrary,
  recording: Recording,
  { tools, signal }: OriginalityRequest,
): Promise<AssetPrints> {
  const known = library.prints(recording.asset.sha256)
  if (known !== null) return known
  const taken = await takePrints(recording, tools, signal)
  if (recording.path !== null || recording.words) library.keepPrints(recording.asset.sha256, taken)
  return taken
}

type Found = Pick<OriginalityFinding, 'kind' | 'similarity' | 'span'>

/** The strongest sign that one recording comes from another, or null. */
function compare(mine: AssetPrints, other: AssetPrints): Found | null {
  const found: Found[] = []
  if (mine.film && other.film) {
    const span = matchVideo(mine.film.query, other.film.print)
    if (span) found.push({ kind: 'video', similarity: span.similarity, span })
  }
  if (mine.sound && other.sound) {
    const span = matchAudio(mine.sound.variants, other.sound.items)
    if (span) found.push({ kind: 'audio', similarity: span.similarity, span })
  }
  if (mine.shape && other.shape) {
    const similarity = matchShape(mine.shape, other.shape)
    if (similarity !== null) found.push({ kind: 'shape', similarity, span: null })
  }
  if (mine.text && other.text) {
    const span = matchText(mine.text, other.text)
    if (span) found.push({ kind: 'text', similarity: span.similarity, span })
  }
  return found.sort((a, b) => b.similarity - a.similarity)[0] ?? null
}

/** Looks at every recording of the work. Takes about a second for ten seconds of film the first time. */
export async function findOriginality(request: OriginalityRequest): Promise<Originality> {
  const library = new OriginalityLibrary(request.home)
  try {
    const others = library.others(request.work)
    // Nothing to compare with: no recording needs to be looked at.
    if (others.length === 0) return { status: 'original', findings: [] }
    const findings: OriginalityFinding[] = []
    for (const [index, recording] of request.recordings.entries()) {
      throwIfCancelled(request.signal)
      request.onProgress?.(index / request.recordings.length, recording.asset.title)
      const mine = await printsOf(library, recording, request)
      const found = (other: KnownRecording, what: Found): void =>
        void findings.push({
          ...what,
          asset: recording.asset.id,
          work: other.work,
          workTitle: other.workTitle,
          of: other.title,
          minted: other.minted,
        })
      for (const other of others) {
        // A long library is gone through between turns of the event loop.
        await new Promise((resolve) => setImmediate(resolve))
        throwIfCancelled(request.signal)
        if (other.sha256.split('#').at(-1) === recording.asset.sha256)
          found(other, { kind: 'exact', similarity: 1, span: null })
        else {
          const prints = library.prints(other.sha256)
          const match = prints === null ? null : compare(mine, prints)
          if (match !== null) found(other, match)
        }
      }
    }
    const status = findings.some((finding) => finding.minted)
      ? 'seen-before'
      : findings.length > 0
        ? 'packed-before'
        : 'original'
    return { status, findings: findings.sort((a, b) => b.similarity - a.similarity) }
  } finally {
    library.close()
  }
}

/** Remembers a packed work by the prints of its recordings. */
export async function registerWork(
  request: OriginalityRequest & { readonly title: string; readonly version: PackedVersion },
): Promise<void> {
  const library = new OriginalityLibrary(request.home)
  try {
    for (const recording of request.recordings) await printsOf(library, recording, request)
    const members = request.recordings.map(({ asset }) => ({ sha256: asset.sha256, title: asset.title }))
    library.register(request.work, request.title, request.version, members)
  } finally {
    library.close()
  }
}

/** Remembers that the work with this token was minted, where it was packed here. */
export function markMinted(home: string, tokenId: string): void {
  const library = new OriginalityLibrary(home)
  try {
    library.markMinted(tokenId)
  } finally {
    library.close()
  }
}

/** What works that were packed here are called, by token, and which of their versions replaces which. */
export function packedWorks(home: string): {
  readonly titles: ReadonlyMap<string, string>
  readonly versions: readonly PackedVersion[]
} {
  const library = new OriginalityLibrary(home)
  try {
    return { titles: library.titles(), versions: library.versions() }
  } finally {
    library.close()
  }
}

/** The minted version that replaces each, by token: no chain tells it, the metadata of the newer one alone. */
export function replacementsAmong(
  versions: readonly PackedVersion[],
  minted: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const tokenOf = new Map(versions.map(({ root, tokenId }) => [root, tokenId]))
  return new Map(
    versions.flatMap(({ tokenId, supersedes }) => {
      const earlier = supersedes === null ? undefined : tokenOf.get(supersedes)
      return earlier !== undefined && minted.has(tokenId) ? [[earlier, tokenId] as const] : []
    }),
  )
}
