import type { RegisterAnswer } from '../../../shared/contract/answers.ts'
import {
  recordsOf,
  requireRecord,
  reportId,
  streamsOf,
  timeMapId,
  transformId,
} from '../../../shared/document/document.ts'
import type { Asset, DocumentRecord, SpaceEvidence, Transform } from '../../../shared/document/records.ts'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import {
  measurePair,
  solvePoseGraph,
  type PoseGraphSolution,
  type SpaceAsset,
  type SpaceRegistration,
} from '../align/space/index.ts'
import { openAsset } from '../asset-location.ts'
import type { Session } from '../session.ts'
import { hasSurface, loadPath, loadSurface } from '../surface.ts'
import type { Work } from './registry.ts'
import { reportRecord } from './reports.ts'

interface Prepared {
  referenceAssetId: string | null
}

interface Pair {
  readonly pairId: string
  readonly targetAssetId: string
  readonly sourceAssetId: string
  readonly registration: SpaceRegistration
  readonly verdict: SpaceEvidence['verdict']
}

/** Puts every scan, capture and path of the project into one world; one gesture, and hand-made transforms stay. */
export const registerWork: Work<'register', Prepared> = {
  kind: 'register',
  lane: 'main',
  resumesByItself: true,
  prepare: (input) => ({ referenceAssetId: input.referenceAssetId }),
  title: () => 'Align in space',
  async run({ referenceAssetId }, session, { signal, progress, log }) {
    if (referenceAssetId) requireRecord(session.document, 'asset', referenceAssetId)
    const assets = recordsOf(session.document, 'asset').filter((asset) =>
      hasSurface({ streams: streamsOf(session.document, asset.id) }),
    )
    const unreadable: { assetId: string; reason: string }[] = []
    const ready: { asset: Asset; space: SpaceAsset; sizeMetres: number }[] = []
    for (const asset of assets) {
      throwIfCancelled(signal)
      progress((0.2 * ready.length) / assets.length, `Reading ${asset.title}`)
      try {
        ready.push({ asset, space: await spaceAsset(session, asset, signal), sizeMetres: sizeOf(session, asset) })
      } catch (error) {
        if (!(error instanceof AsterismError) || error.code === 'cancelled') throw error
        unreadable.push({ assetId: asset.id, reason: error.message })
      }
    }
    const pairs = await measureAll(session, ready, signal, progress, log)
    const solution = solvePoseGraph({
      assets: ready.map(({ asset, sizeMetres }) => ({ assetId: asset.id, sizeMetres })),
      pairs,
      manual: recordsOf(session.document, 'transform')
        .filter((transform) => transform.manual)
        .map(({ assetId, worldFromAsset }) => ({ assetId, worldFromAsset })),
      referenceAssetId: referenceAssetId ?? undefined,
    })
    const answer = answerOf(solution, unreadable)
    keep(session, solution, answer)
    return answer
  },
}

async function spaceAsset(session: Session, asset: Asset, signal: AbortSignal): Promise<SpaceAsset> {
  const { importer, source } = await openAsset(session, asset.id)
  const streams = streamsOf(session.document, asset.id)
  const context = { tools: await session.tools(), signal }
  const path = await loadPath(importer, source, { streams }, context)
  const pose = streams.find((stream) => stream.sensor === 'pose')
  const map = pose ? session.document.get(timeMapId(pose.clockId)) : undefined
  // Loaded once, since every pair of the asset needs it, and now, so that what cannot be read is named here.
  const surface = await loadSurface(importer, source, { streams }, context)
  return {
    assetId: asset.id,
    loadScan: async () => surface,
    path: path ?? undefined,
    clockMap: map?.kind === 'timeMap' ? map : undefined,
    gravity: asset.assetKind === 'capture' ? 'known' : 'unknown',
    scaleKnown: !streams.some((stream) => stream.sensor === 'splats'),
  }
}

function sizeOf(session: Session, asset: Asset): number {
  const bounds = streamsOf(session.document, asset.id).find((stream) => stream.boundsMetres)?.boundsMetres
  return bounds ? Math.hypot(...bounds.max.map((value, axis) => value - bounds.min[axis]!)) : 0
}

async function measureAll(
  session: Session,
  ready: readonly { asset: Asset; space: SpaceAsset }[],
  signal: AbortSignal,
  progress: (fraction: number, stage: string) => void,
  log: (line: string) => void,
): Promise<Pair[]> {
  const total = (ready.length * (ready.length - 1)) / 2
  const pairs: Pair[] = []
  for (const [n, target] of ready.entries()) {
    for (const source of ready.slice(n + 1)) {
      const stage = `${source.asset.title} against ${target.asset.title}`
      const base = pairs.length
      const registration = await measurePair(target.space, source.space, {
        signal,
        onProgress: (fraction) => progress(0.2 + (0.75 * (base + fraction)) / total, stage),
      })
      if (!registration.registered) log(`${stage}: ${registration.reason}`)
      const pairId = `spaceEvidence:${target.asset.id}:${source.asset.id}`
      const before = session.document.get(pairId)
      pairs.push({
        pairId,
        targetAssetId: target.asset.id,
        sourceAssetId: source.asset.id,
        registration,
        verdict: before?.kind === 'spaceEvidence' ? before.verdict : null,
      })
    }
  }
  return pairs
}

function answerOf(
  solution: PoseGraphSolution,
  unreadable: readonly { assetId: string; reason: string }[],
): RegisterAnswer {
  return {
    world: solution.worldAssetId,
    assets: solution.transforms.map((each) => ({
      asset: each.assetId,
      world_from_asset: [...each.worldFromAsset],
      scale: each.scale,
      rmse_m: each.rmseMetres,
      overlap: each.overlap,
      confidence: each.confidence,
      method: each.method,
    })),
    pairs: solution.pairs.flatMap((pair) =>
      pair.registration.registered
        ? [
            {
              target: pair.targetAssetId,
              source: pair.sourceAssetId,
              method: pair.registration.method,
              overlap: pair.registration.overlap,
              rmse_m: pair.registration.rmseMetres,
              confidence: pair.registration.confidence,
              accepted: pair.accepted,
              reason: pair.reason,
            },
          ]
        : [],
    ),
    unregistered: [...solution.unregistered, ...unreadable].map(({ assetId, reason }) => ({ asset: assetId, reason })),
  }
}

/** Writes what was found as one gesture: evidence, transforms, the report. */
function keep(session: Session, solution: PoseGraphSolution, answer: RegisterAnswer): void {
  const placed = new Set(solution.transforms.map((each) => each.assetId))
  session.requireProject().commit({ label: 'Align in space' }, (draft) => {
    for (const record of Array.from(draft.values())) {
      const isOld =
        record.kind === 'spaceEvidence' ||
        (record.kind === 'transform' && !record.manual && !placed.has(record.assetId))
      if (isOld) draft.delete(record.id)
    }
    for (const pair of solution.pairs) {
      const evidence = evidenceRecord(pair)
      if (evidence) draft.set(evidence.id, evidence)
    }
    for (const each of solution.transforms) {
      const before = draft.get(transformId(each.assetId))
      if (before?.kind === 'transform' && before.manual) continue
      draft.set(transformId(each.assetId), transformRecord(each))
    }
    const project = draft.get('project')
    if (project?.kind === 'project') project.worldAssetId = solution.worldAssetId
    draft.set(reportId('register'), reportRecord('register', answer) as DocumentRecord)
  })
}

function evidenceRecord(pair: PoseGraphSolution['pairs'][number]): SpaceEvidence | null {
  const { registration } = pair
  if (!registration.registered) return null
  return {
    kind: 'spaceEvidence',
    id: pair.pairId,
    targetAssetId: pair.targetAssetId,
    sourceAssetId: pair.sourceAssetId,
    targetFromSource: [...registration.targetFromSource],
    scale: registration.scale,
    covariance: [...registration.covariance],
    rmseMetres: registration.rmseMetres,
    overlap: registration.overlap,
    confidence: registration.confidence,
    method: registration.method,
    accepted: pair.accepted,
    reason: pair.reason,
    verdict: pair.verdict ?? null,
    candidates: registration.candidates.map((candidate) => ({
      targetFromSource: [...candidate.targetFromSource],
      confidence: candidate.confidence,
    })),
  }
}

function transformRecord(each: PoseGraphSolution['transforms'][number]): Transform {
  return {
    kind: 'transform',
    id: transformId(each.assetId),
    assetId: each.assetId,
    worldFromAsset: [...each.worldFromAsset],
    scale: each.scale,
    covariance: each.covariance ? [...each.covariance] : null,
    rmseMetres: each.rmseMetres,
    overlap: each.overlap,
    confidence: each.confidence,
    method: each.method,
    evidenceIds: [...each.evidencePairIds],
    manual: false,
  }
}
