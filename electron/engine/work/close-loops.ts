/** Loop closure as part of aligning in space: before a capture is compared with others, its own path is put right. */
import type { LoopClosureAnswer } from '../../../shared/contract/space-answers.ts'
import { streamsOf } from '../../../shared/document/document.ts'
import type { Asset } from '../../../shared/document/records.ts'
import { pathCorrectionId, type PathCorrection } from '../../../shared/document/space-records.ts'
import {
  closeLoops,
  fragmentsOf,
  lengthOf,
  type LoopClosure,
  registerScansInWorker,
  SHORTEST_LOOP_METRES,
} from '../align/space/index.ts'
import type { ImportContext, Importer, ImportSource } from '../import/importer.ts'
import type { Session } from '../session.ts'
import { depthFramesOf, loadPath } from '../assets/surface.ts'

/** Enough for a capture of some minutes; longer ones are looked at more sparsely. */
const MOST_FRAMES = 600

/** @returns null for what has no depth along a way that is long enough to come back. */
export async function loopClosureOf(
  session: Session,
  asset: Asset,
  recorded: { readonly importer: Importer; readonly source: ImportSource },
  context: ImportContext,
  onProgress: (fraction: number) => void,
): Promise<LoopClosure | null> {
  const { importer, source } = recorded
  const streams = streamsOf(session.document, asset.id)
  if (!streams.some((stream) => stream.sensor === 'depth')) return null
  const path = await loadPath(importer, source, { streams }, context)
  if (!path || lengthOf(path) < SHORTEST_LOOP_METRES) return null
  const frames = depthFramesOf(importer, source, { streams }, context, MOST_FRAMES)
  const fragments = await fragmentsOf(frames, path, context.signal)
  return await closeLoops(fragments, { register: registerScansInWorker, signal: context.signal, onProgress })
}

/** The record that holds the corrections; null where the path was left as it is. */
export function correctionRecord(assetId: string, closure: LoopClosure): PathCorrection | null {
  if (closure.knots.length === 0) return null
  return {
    kind: 'pathCorrection',
    id: pathCorrectionId(assetId),
    assetId,
    knots: closure.knots.map(({ clockSeconds, correctedFromRecorded }) => ({
      clockSeconds,
      correctedFromRecorded: [...correctedFromRecorded],
    })),
    largestCorrectionMetres: closure.largestCorrectionMetres,
  }
}

export function loopClosureAnswerOf(assetId: string, closure: LoopClosure): LoopClosureAnswer {
  return {
    asset: assetId,
    pieces: closure.fragments,
    loops: closure.loops.map((loop) => ({
      earlier_s: loop.earlierSeconds,
      later_s: loop.laterSeconds,
      gap_m: loop.gapMetres,
      gap_degrees: loop.gapDegrees,
      left_m: loop.leftMetres,
      confidence: loop.confidence,
      accepted: loop.accepted,
      reason: loop.reason,
    })),
    largest_correction_m: closure.largestCorrectionMetres,
    corrections: closure.knots.map((knot) => ({
      t_asset_s: knot.clockSeconds,
      corrected_from_recorded: [...knot.correctedFromRecorded],
    })),
    reason: closure.reason,
  }
}
