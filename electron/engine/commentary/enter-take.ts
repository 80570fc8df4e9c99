/** A finished recording becomes a recording of the project, its clock where it was spoken, heard on the commentary's track. */
import { randomUUID } from 'node:crypto'
import type { BeginTake, KeptTake, TakePlacement } from '../../../shared/contract/commentary.ts'
import { hearTake } from '../../../shared/document/commentary.ts'
import type { CommentaryTake } from '../../../shared/document/commentary-records.ts'
import { recordsOf, timeMapId } from '../../../shared/document/document.ts'
import type { TimeMap } from '../../../shared/document/records.ts'
import { hashSource } from '../import/content-hash.ts'
import { describe } from '../import/describe.ts'
import { recordsFor, recordsIn } from '../assets/new-asset.ts'
import { inEnglish, say } from '../../../shared/sayings/saying.ts'
import type { Session } from '../session.ts'

/** What is known of a recording while it is made; it lies beside the samples. */
export interface TakeHead extends Omit<BeginTake, 'recorderId'> {
  readonly startedAt: string
}

/** One gesture, so that undoing it takes all of it back; the file stays where it is. */
export async function enterTake(
  session: Session,
  path: string,
  head: TakeHead,
  placement: TakePlacement,
  interrupted: boolean,
): Promise<KeptTake> {
  const { signal } = new AbortController()
  const store = session.requireProject()
  const { source, asset: described } = await describe(path, { tools: await session.tools(), signal })
  const sha256 = await hashSource(source, signal)
  const made = recordsFor(described, { path: source.path, byteLength: source.byteLength, sha256 })
  const asset = { ...made.asset, title: head.title }
  const take: CommentaryTake = {
    kind: 'commentaryTake',
    id: `commentary-${randomUUID()}`,
    assetId: asset.id,
    number: 1 + Math.max(0, ...recordsOf(store.document, 'commentaryTake').map((each) => each.number)),
    recordedAt: head.startedAt,
    microphone: head.microphone,
    span: head.span,
    interrupted,
  }
  store.commit({ label: inEnglish(say('step.recordCommentary')) }, (draft) => {
    for (const record of recordsIn({ ...made, asset })) draft.set(record.id, record)
    for (const clock of made.clocks) draft.set(timeMapId(clock.id), mapOf(clock.id, placement))
    draft.set(take.id, take)
    hearTake(draft, take.id, head.trackTitle, () => `clip-${randomUUID()}`)
  })
  // It is kept by now, whatever becomes of its waveform.
  await session.jobs.start('derive', { assetId: asset.id }).catch(() => null)
  return { takeId: take.id, assetId: asset.id, seconds: asset.durationSeconds ?? 0 }
}

/** It was spoken to these moments of the project, whatever the aligner hears in it: later runs leave it there. */
function mapOf(clockId: string, placement: TakePlacement): TimeMap {
  const { offsetSeconds, ratePpm, sigmaOffsetSeconds, sigmaRatePpm } = placement
  return {
    kind: 'timeMap',
    id: timeMapId(clockId),
    clockId,
    offsetSeconds,
    ratePpm,
    sigmaOffsetSeconds,
    sigmaRatePpm,
    covariance: [sigmaOffsetSeconds ** 2, 0, sigmaRatePpm ** 2],
    confidence: 1,
    method: 'recorded',
    evidenceIds: [],
    manual: true,
  }
}
