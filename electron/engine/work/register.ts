import { z } from 'zod'
import { inEnglish, say, type Why } from '../../../shared/sayings/saying.ts'
import type { RegisterAnswer } from '../../../shared/contract/answers.ts'
import { recordsOf, reportId, requireRecord, streamsOf, timeMapId } from '../../../shared/document/document.ts'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { pathCorrectionId } from '../../../shared/document/space-records.ts'
import { AsterismError, throwIfCancelled } from '../../../shared/errors.ts'
import { type LoopClosure, type PoseGraphSolution, solvePoseGraph, type SpaceAsset } from '../align/space/index.ts'
import { openAsRecorded, pathsOfAssets, type OpenAsset } from '../assets/asset-location.ts'
import { withCorrectedPath } from '../assets/corrected-path.ts'
import type { ImportContext } from '../import/importer.ts'
import type { Session } from '../session.ts'
import { hasPlace, hasScan, hasSurface, hasTurns, isMetric, loadPath, loadSurface } from '../assets/surface.ts'
import { pictureChecksOf, type PlacedAsset } from './check-pictures.ts'
import { correctionRecord, loopClosureOf } from './close-loops.ts'
import { measurePairs } from './measure-pairs.ts'
import type { Work } from './registry.ts'
import { reportRecord } from './reports.ts'
import { evidenceRecord, registerAnswerOf, sizeOf, writePlaces } from './space-solution.ts'

const prepared = z.strictObject({ referenceAssetId: z.string().nullable() })
type Prepared = z.infer<typeof prepared>

/** Puts every scan, capture and path of the project into one world; one gesture, and hand-made transforms stay. */
export const registerWork: Work<'register', Prepared> = {
  kind: 'register',
  lane: 'main',
  resumesByItself: true,
  prepare: (input) => ({ referenceAssetId: input.referenceAssetId }),
  title: () => 'Align in space',
  elsewhere: {
    prepared,
    files: (_, session) => pathsOfAssets(session),
    changes: ['spaceEvidence', 'pathCorrection', 'transform', 'project', 'report'],
  },
  async run({ referenceAssetId }, session, { signal, progress, log }) {
    if (referenceAssetId) requireRecord(session.document, 'asset', referenceAssetId)
    const assets = recordsOf(session.document, 'asset').filter((asset) =>
      hasPlace({ streams: streamsOf(session.document, asset.id) }),
    )
    const unreadable: ({ assetId: string } & Why)[] = []
    const closures = new Map<string, LoopClosure>()
    const ready: (PlacedAsset & { readonly space: SpaceAsset; readonly sizeMetres: number })[] = []
    for (const asset of assets) {
      throwIfCancelled(signal)
      progress((0.2 * ready.length) / assets.length, say('work.reading', { name: asset.title }))
      try {
        const context = { tools: await session.tools(), signal }
        const recorded = await openAsRecorded(session, asset.id)
        const closure = await loopClosureOf(session, asset, recorded, context, (fraction) =>
          progress((0.2 * (ready.length + fraction)) / assets.length, say('work.closingLoops', { name: asset.title })),
        )
        if (closure) closures.set(asset.id, closure)
        const importer = withCorrectedPath(recorded.importer, closure?.knots.length ? closure : undefined)
        const space = await spaceAsset(session, { ...recorded, importer }, context)
        const { path, loadScan } = space
        const scan = hasScan({ streams: streamsOf(session.document, asset.id) }) ? loadScan : undefined
        ready.push({ ...recorded, importer, space, path, scan, sizeMetres: sizeOf(session.document, asset.id) })
      } catch (error) {
        if (!(error instanceof AsterismError) || error.code === 'cancelled') throw error
        unreadable.push({ assetId: asset.id, reason: error.message, said: error.said?.what })
      }
    }
    const pairs = await measurePairs(session.document, ready, {
      signal,
      log,
      progress: (fraction, stage) => progress(0.2 + 0.75 * fraction, stage),
    })
    const solution = solvePoseGraph({
      assets: ready.map(({ asset, sizeMetres, space }) => ({
        assetId: asset.id,
        sizeMetres,
        scaleKnown: space.scaleKnown,
      })),
      pairs,
      manual: recordsOf(session.document, 'transform')
        .filter((transform) => transform.manual)
        .map(({ assetId, worldFromAsset }) => ({ assetId, worldFromAsset })),
      // What is alone has nothing to be placed in: it is the world that later recordings are placed in.
      referenceAssetId: referenceAssetId ?? (assets.length === 1 ? ready[0]?.asset.id : undefined),
    })
    progress(0.95, say('work.lookingAtPictures'))
    const worldFrom = new Map(solution.transforms.map((each) => [each.assetId, each.worldFromAsset]))
    const context = { tools: await session.tools(), signal }
    const pictureChecks = await pictureChecksOf(session, ready, worldFrom, context)
    const answer = registerAnswerOf(solution, unreadable, closures, pictureChecks)
    keep(session, solution, answer, closures)
    return answer
  },
}

async function spaceAsset(
  session: Session,
  { asset, importer, source }: OpenAsset,
  context: ImportContext,
): Promise<SpaceAsset> {
  const streams = streamsOf(session.document, asset.id)
  const path = await loadPath(importer, source, { streams }, context)
  const pose = streams.find(hasTurns)
  const map = pose ? session.document.get(timeMapId(pose.clockId)) : undefined
  // Loaded once, since every pair of the asset needs it, and now, so that what cannot be read is named here.
  const surface = hasSurface({ streams }) ? await loadSurface(importer, source, { streams }, context) : undefined
  return {
    assetId: asset.id,
    loadScan: surface ? async () => surface : undefined,
    path: path ?? undefined,
    clockMap: map?.kind === 'timeMap' ? map : undefined,
    gravity: asset.assetKind === 'capture' ? 'known' : 'unknown',
    scaleKnown: isMetric(asset.warnings, { streams }),
  }
}

/** Writes what was found as one gesture: corrected paths, evidence, transforms, the report. */
function keep(
  session: Session,
  solution: PoseGraphSolution,
  answer: RegisterAnswer,
  closures: ReadonlyMap<string, LoopClosure>,
): void {
  session.requireProject().commit({ label: inEnglish(say('step.alignSpace')) }, (draft) => {
    const before = new Map(recordsOf(draft, 'spaceEvidence').map((record) => [record.id, record]))
    const found = solution.pairs.map((pair) => evidenceRecord(pair, before.get(pair.pairId)))
    for (const recordId of before.keys()) draft.delete(recordId)
    for (const record of found) if (record) draft.set(record.id, record)
    for (const [assetId, closure] of closures) {
      draft.delete(pathCorrectionId(assetId))
      const record = correctionRecord(assetId, closure)
      if (record) draft.set(record.id, record)
    }
    writePlaces(draft, solution)
    draft.set(reportId('register'), reportRecord('register', answer) as DocumentRecord)
  })
}
