/** What the library of known works says of the open project. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import type { OriginalityMatch } from '../../../shared/contract/package-answers.ts'
import type { StarsAnswer } from '../../../shared/contract/stars.ts'
import { recordsOf, streamsOf } from '../../../shared/document/document.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import type { KnownFingerprint } from '../../../shared/stars/estimate/stars-input.ts'
import { pathOfAsset } from '../assets/asset-location.ts'
import type { SeenPart } from '../stars/gather-stars-input.ts'
import { findOriginality, registerWork, type Originality, type OriginalityFinding } from '../originality/index.ts'
import type { PackedVersion } from '../originality/library.ts'
import type { Recording } from '../originality/prints.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { finding, type CheckResult } from '../publish/checks/check.ts'
import { resourceFolder } from '../resources.ts'
import type { Session } from '../session.ts'

type Progress = (fraction: number, title: string) => void

/** A part of another work counts as that work when it is at least this much of the recording. */
const LEAST_SHARE = 0.5

/** In the place of an asset's, where the words of a project are meant. */
const WORDS_ID = 'words'
const WORDS_TITLE = 'What is said and written'

function requestOf(session: Session, recordings: readonly Recording[], signal: AbortSignal, onProgress: Progress) {
  const project = session.document.get('project')
  const createdAt = project?.kind === 'project' ? project.createdAt : ''
  const work = createHash('sha256').update(`asterism work ${createdAt}`).digest('hex')
  return { home: session.options.home, work, recordings, signal, onProgress }
}

/** Every recording that is not the sample's, and the words of the project, which count like one more. */
function recordingsOf(session: Session): Recording[] {
  const recordings = recordsOf(session.document, 'asset')
    .map((asset) => {
      const path = pathOfAsset(session, asset.id)
      return { asset, streams: streamsOf(session.document, asset.id), path: path && existsSync(path) ? path : null }
    })
    .filter(({ path }) => !isSample(path))
  return [...recordings, ...wordsOf(session)]
}

/** Transcript, captions and notes, in the order of time. */
function wordsOf(session: Session): Recording[] {
  const { document } = session
  const words = [
    ...recordsOf(document, 'caption')
      .filter(({ assetId }) => assetId === null || !isSample(pathOfAsset(session, assetId)))
      .map(({ text, startTicks }) => ({ text, startSeconds: secondsFromTicks(startTicks) })),
    ...recordsOf(document, 'marker').map(({ title, note, atTicks }) => ({
      text: `${title} ${note}`,
      startSeconds: secondsFromTicks(atTicks),
    })),
  ].sort((a, b) => a.startSeconds - b.startSeconds)
  if (words.length === 0) return []
  const sha256 = createHash('sha256').update(JSON.stringify(words)).digest('hex')
  return [{ asset: { id: WORDS_ID, sha256, title: WORDS_TITLE }, streams: [], path: null, words }]
}

/** The sample take is everybody's: nobody's work is a copy of it, and it is a copy of nothing. */
function isSample(path: string | null): boolean {
  return path !== null && !relative(resourceFolder('sample'), path).startsWith('..')
}

export async function originalityOfProject(
  session: Session,
  signal: AbortSignal,
  onProgress: Progress,
): Promise<Originality> {
  const recordings = recordingsOf(session)
  return await findOriginality({
    ...requestOf(session, recordings, signal, onProgress),
    tools: await session.tools(),
  })
}

/** Remembers the project as packed, so that a later work made of it is recognised. */
export async function registerProject(
  session: Session,
  version: PackedVersion,
  signal: AbortSignal,
  onProgress: Progress,
): Promise<void> {
  const recordings = recordingsOf(session)
  if (recordings.length === 0) return
  const project = session.document.get('project')
  const title = project?.kind === 'project' ? project.title : ''
  const request = { ...requestOf(session, recordings, signal, onProgress), tools: await session.tools() }
  await registerWork({ ...request, title, version })
}

/** Recordings that are, for the most part, of a work that was minted before: they are worth nothing a second time. */
export function knownTo(session: Session, { findings }: Originality): KnownFingerprint[] {
  const known = new Map<string, KnownFingerprint>()
  for (const finding of findings) {
    const asset = session.document.get(finding.asset)
    if (asset?.kind !== 'asset' || !finding.minted || !covers(finding, asset.durationSeconds)) continue
    known.set(asset.sha256, { id: finding.work, title: finding.workTitle, sha256: asset.sha256 })
  }
  return [...known.values()]
}

/**
 * Parts of recordings that lie in works that were minted before, where the recordings as a whole do not. Of a film its
 * pictures decide: music in the background does not make it another's.
 */
export function seenIn(session: Session, { findings }: Originality): SeenPart[] {
  return findings.flatMap(({ asset: assetId, minted, kind, span, workTitle }) => {
    const asset = session.document.get(assetId)
    if (asset?.kind !== 'asset' || !minted || span === null) return []
    const sensor = streamsOf(session.document, assetId).some((stream) => stream.sensor === 'video') ? 'video' : 'audio'
    if (kind !== sensor) return []
    return [{ assetId, sensor, startSeconds: span.startSeconds, endSeconds: span.endSeconds, work: workTitle }]
  })
}

function covers({ span }: OriginalityFinding, durationSeconds: number | null): boolean {
  if (span === null || durationSeconds === null || durationSeconds <= 0) return true
  return (span.endSeconds - span.startSeconds) / durationSeconds >= LEAST_SHARE
}

/** The estimate with every match in full, span beside span. */
export function withFindings(answer: StarsAnswer, { status, findings }: Originality): StarsAnswer {
  if (status === 'original') return answer
  const own = answer.originality.matches.filter(
    (match) => match === null || typeof match !== 'object' || !('kind' in match) || match['kind'] !== 'library',
  )
  return { ...answer, originality: { status, matches: [...matchesOf(findings), ...own] } }
}

/** As the command line prints them, span beside span. */
export function matchesOf(findings: readonly OriginalityFinding[]): OriginalityMatch[] {
  return findings.map(({ kind, asset, work, workTitle, of, minted, similarity, span }) => ({
    kind,
    asset,
    of,
    work,
    work_title: workTitle,
    minted,
    similarity,
    start_s: span?.startSeconds ?? null,
    end_s: span?.endSeconds ?? null,
    of_start_s: span?.otherStartSeconds ?? null,
    of_end_s: span?.otherEndSeconds ?? null,
  }))
}

/**
 * The check `original` with what this machine's library knows. The package itself records the declaration alone: what a
 * library knows differs from machine to machine, and the same work must have the same address on all of them.
 */
export function originalCheck(check: CheckResult, { findings }: Originality): CheckResult {
  const [first] = [...findings].sort((a, b) => Number(b.minted) - Number(a.minted))
  if (first === undefined) return { ...check }
  const work = { work: first.workTitle, of: first.of }
  const alike =
    first.kind === 'exact'
      ? say('check.same', work)
      : say('check.alike', { ...work, kind: say(`check.alike.${first.kind}`) })
  const more = findings.length - 1
  const declared = check.said.detail
  if (first.minted) {
    const detail = more > 0 ? say('check.mintedMore', { alike, more }) : say('check.minted', { alike })
    return { ...check, ...finding(false, detail, say('check.fix.minted')) }
  }
  const detail =
    more > 0 ? say('check.packedHereMore', { declared, alike, more }) : say('check.packedHere', { declared, alike })
  return { ...check, ...finding(check.ok, detail, check.said.fix) }
}
