import { say } from '../../../shared/sayings/saying.ts'
import type { RegisterFilesAnswer } from '../../../shared/contract/answers.ts'
import { requireRecord, streamsOf } from '../../../shared/document/document.ts'
import { spaceEvidenceId } from '../../../shared/document/space-records.ts'
import { AsterismError } from '../../../shared/errors.ts'
import type { Scan } from '../../../shared/geometry/data.ts'
import { cutOut, type Region } from '../../../shared/geometry/region.ts'
import { registerScansInWorker } from '../align/space/index.ts'
import { openAsset } from '../assets/asset-location.ts'
import type { JobContext } from '../jobs/queue.ts'
import type { Session } from '../session.ts'
import { isMetric, loadSurface } from '../assets/surface.ts'
import { registrationAnswerOf } from './register-files.ts'
import type { Work } from './registry.ts'
import { commitAndPlace, evidenceBetween, evidenceRecord } from './space-solution.ts'

interface Prepared {
  targetAssetId: string
  sourceAssetId: string
  targetRegion: Region | null
  sourceRegion: Region | null
}

/** One pair of the project measured again, within regions where the person drew them; everything is then placed anew. */
export const registerPairWork: Work<'registerPair', Prepared> = {
  kind: 'registerPair',
  lane: 'main',
  resumesByItself: true,
  prepare: (input) => ({ ...input }),
  title: () => 'Align a pair in space',
  async run(
    { targetAssetId, sourceAssetId, targetRegion, sourceRegion },
    session,
    context,
  ): Promise<RegisterFilesAnswer> {
    if (targetAssetId === sourceAssetId) throw new AsterismError('bad_input', say('work.twoRecordings'))
    const [target, source] = [
      requireRecord(session.document, 'asset', targetAssetId),
      requireRecord(session.document, 'asset', sourceAssetId),
    ]
    context.progress(0.02, say('work.reading', { name: target.title }))
    const a = await surfaceOf(session, targetAssetId, targetRegion, context)
    context.progress(0.1, say('work.reading', { name: source.title }))
    const b = await surfaceOf(session, sourceAssetId, sourceRegion, context)
    const registration = await registerScansInWorker(a, b, {
      allowScale: ![target, source].every(({ id, warnings }) =>
        isMetric(warnings, { streams: streamsOf(session.document, id) }),
      ),
      gravity: target.assetKind === 'capture' && source.assetKind === 'capture' ? 'known' : 'unknown',
      signal: context.signal,
      onProgress: (fraction) => context.progress(0.2 + 0.75 * fraction, say('work.findingPose')),
    })
    // That two parts do not agree says nothing against what the whole scans said.
    const isOfParts = targetRegion !== null || sourceRegion !== null
    if (isOfParts && !registration.registered && evidenceBetween(session.document, targetAssetId, sourceAssetId)) {
      return registrationAnswerOf(registration)
    }
    commitAndPlace(session, say('step.alignPair'), (draft) => {
      const old = evidenceBetween(draft, targetAssetId, sourceAssetId)
      if (old?.verdict === 'accept') return
      if (old) draft.delete(old.id)
      const pairId = spaceEvidenceId(targetAssetId, sourceAssetId)
      const verdict = null
      const record = evidenceRecord({
        pairId,
        targetAssetId,
        sourceAssetId,
        registration,
        verdict,
        accepted: registration.registered,
        ...(registration.registered ? {} : { reason: registration.reason, said: registration.said }),
      })
      if (record) draft.set(pairId, record)
    })
    return registrationAnswerOf(registration)
  },
}

async function surfaceOf(
  session: Session,
  assetId: string,
  region: Region | null,
  { signal }: JobContext,
): Promise<Scan> {
  const { importer, source } = await openAsset(session, assetId)
  const context = { tools: await session.tools(), signal }
  const scan = await loadSurface(importer, source, { streams: streamsOf(session.document, assetId) }, context)
  return region ? cutOut(scan, region) : scan
}
