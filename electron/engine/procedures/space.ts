import { recordsOf, requireRecord, streamsOf, transformId, type Document } from '../../../shared/document/document.ts'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { landmarksId, spaceEvidenceId } from '../../../shared/document/space-records.ts'
import { transformByHand } from '../../../shared/document/transform-by-hand.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { inEnglish, say } from '../../../shared/sayings/saying.ts'
import type { Scan } from '../../../shared/geometry/data.ts'
import { levelling } from '../../../shared/geometry/level.ts'
import { IDENTITY4, type Matrix4, multiply, rotationOf, scaleOf } from '../../../shared/geometry/matrix4.ts'
import { findFloor, fitLandmarks, LANDMARKS_METHOD, residualsOf, type PoseGraphSolution } from '../align/space/index.ts'
import { openAsset } from '../assets/asset-location.ts'
import type { Session } from '../session.ts'
import { loadSurface } from '../assets/surface.ts'
import { commitAndPlace, evidenceBetween } from '../work/space-solution.ts'
import { implementer } from './implementer.ts'

/** Manual alignment in space. Each procedure makes a single commit, so that undo takes back all of it. */
export function spaceProcedures(session: Session) {
  return {
    landmarks: implementer.space.landmarks.handler(({ input }) => {
      const { targetAssetId, sourceAssetId, points, withScale } = input
      requireRecord(session.document, 'asset', targetAssetId)
      requireRecord(session.document, 'asset', sourceAssetId)
      if (targetAssetId === sourceAssetId) throw new AsterismError('bad_input', say('space.twoNeeded'))
      const fit = fitLandmarks(points, withScale)
      const solution = commitAndPlace(session, say('step.landmarks'), (draft) => {
        const old = evidenceBetween(draft, targetAssetId, sourceAssetId)
        if (old) draft.delete(old.id)
        draft.delete(landmarksId(sourceAssetId, targetAssetId))
        const id = landmarksId(targetAssetId, sourceAssetId)
        draft.set(id, { kind: 'landmarks', id, targetAssetId, sourceAssetId, points, withScale })
        draft.set(spaceEvidenceId(targetAssetId, sourceAssetId), {
          kind: 'spaceEvidence',
          id: spaceEvidenceId(targetAssetId, sourceAssetId),
          targetAssetId,
          sourceAssetId,
          targetFromSource: fit.targetFromSource,
          scale: fit.scale,
          covariance: fit.covariance,
          rmseMetres: fit.rmseMetres,
          overlap: null,
          confidence: 1,
          method: LANDMARKS_METHOD,
          accepted: true,
          verdict: 'accept',
          candidates: [],
        })
        releaseOne(draft, targetAssetId, sourceAssetId)
      })
      return {
        targetFromSource: fit.targetFromSource,
        scale: fit.scale,
        rmseMetres: fit.rmseMetres,
        residualsMetres: fit.residualsMetres,
        ...unregisteredOf(solution),
      }
    }),

    judge: implementer.space.judge.handler(({ input }) => {
      const { evidenceId, verdict, candidate } = input
      const evidence = requireRecord(session.document, 'spaceEvidence', evidenceId)
      const chosen = candidate === null ? undefined : evidence.candidates[candidate]
      if (candidate !== null && (!chosen || verdict !== 'accept')) {
        throw new AsterismError('bad_input', say('space.noCandidate'))
      }
      const step = { accept: say('step.acceptPair'), reject: say('step.rejectPair') }
      const solution = commitAndPlace(session, verdict ? step[verdict] : say('step.leavePairOpen'), (draft) => {
        const record = draft.get(evidenceId)
        if (record?.kind !== 'spaceEvidence') return
        record.verdict = verdict
        if (!chosen) return
        record.targetFromSource = [...chosen.targetFromSource]
        record.scale = scaleOf(chosen.targetFromSource)
        record.covariance = null
        record.rmseMetres = null
      })
      return unregisteredOf(solution)
    }),

    floor: implementer.space.floor.handler(async ({ input, signal }) => {
      const { assetId } = input
      const world = placeOf(session.document, assetId)
      const [r, scale] = [rotationOf(world), scaleOf(world)]
      const found = findFloor(await surfaceOf(session, assetId, signal), [r[1], r[4], r[7]])
      if ('reason' in found) throw new AsterismError('bad_input', say('space.noFloor', { why: found.said }))
      const [x, y, z] = found.up
      const up = [0, 1, 2].map((k) => r[k] * x + r[3 + k] * y + r[6 + k] * z)
      const along = up[0] * world[12] + up[1] * world[13] + up[2] * world[14]
      return {
        up,
        heightMetres: found.heightMetres * scale + along,
        share: found.share,
        tiltDegrees: (Math.acos(Math.max(-1, Math.min(1, up[1]))) * 180) / Math.PI,
      }
    }),

    level: implementer.space.level.handler(({ input }) => {
      const { assetId, floorMetres } = input
      const [x, y, z] = input.up
      if (!(Math.hypot(x, y, z) > 0)) throw new AsterismError('bad_input', say('misfit.upZero'))
      if (assetId !== null) requireRecord(session.document, 'asset', assetId)
      const { motion, tilt } = levelling([x, y, z], floorMetres)
      const moved: string[] = []
      session
        .requireProject()
        .commit({ label: inEnglish(say(assetId === null ? 'step.levelWorld' : 'step.levelRecording')) }, (draft) => {
          const project = draft.get('project')
          const world = project?.kind === 'project' ? project.worldAssetId : null
          const places = recordsOf(draft, 'transform').filter((each) => assetId === null || each.assetId === assetId)
          for (const transform of places) {
            transform.worldFromAsset = multiply(motion, transform.worldFromAsset)
            transform.covariance = null
            // The world's own asset holds the level: later runs build on it.
            if (assetId !== null || transform.assetId === world) transform.manual = true
            moved.push(transform.assetId)
          }
          if (assetId !== null && moved.length === 0) {
            draft.set(transformId(assetId), transformByHand(assetId, motion))
            moved.push(assetId)
          }
          if (project?.kind === 'project' && project.worldAssetId === null && assetId !== null)
            project.worldAssetId = assetId
        })
      return { moved, tiltDegrees: (tilt * 180) / Math.PI }
    }),

    residuals: implementer.space.residuals.handler(async ({ input, signal }) => {
      const evidence = requireRecord(session.document, 'spaceEvidence', input.evidenceId)
      const target = await surfaceOf(session, evidence.targetAssetId, signal)
      const source = await surfaceOf(session, evidence.sourceAssetId, signal)
      const found = residualsOf(target, source, evidence.targetFromSource, input.maximumPoints)
      if ('reason' in found) throw new AsterismError('bad_input', say('space.noDistances', { why: found.said }))
      return { assetId: evidence.sourceAssetId, ...found }
    }),
  }
}

function unregisteredOf(solution: PoseGraphSolution) {
  return { unregistered: solution.unregistered.map((each) => ({ ...each })) }
}

/**
 * Two assets that are both placed by hand cannot follow a new verdict on them: the source is released, the newest
 * verdict counts.
 */
function releaseOne(draft: Map<string, DocumentRecord>, targetAssetId: string, sourceAssetId: string): void {
  const target = draft.get(transformId(targetAssetId))
  const source = draft.get(transformId(sourceAssetId))
  if (target?.kind === 'transform' && source?.kind === 'transform' && target.manual) source.manual = false
}

function placeOf(document: Document, assetId: string): Matrix4 {
  requireRecord(document, 'asset', assetId)
  const transform = document.get(transformId(assetId))
  return transform?.kind === 'transform' ? transform.worldFromAsset : IDENTITY4
}

async function surfaceOf(session: Session, assetId: string, signal: AbortSignal | undefined): Promise<Scan> {
  const { importer, source } = await openAsset(session, assetId)
  const context = { tools: await session.tools(), signal: signal ?? new AbortController().signal }
  return await loadSurface(importer, source, { streams: streamsOf(session.document, assetId) }, context)
}
