/** A capture as read once the drift of its path is undone: everyone who asks its importer for poses gets those. */
import {
  correctedFrame,
  correctedJoints,
  correctedPath,
  type CorrectionKnot,
} from '../../../shared/geometry/path-correction.ts'
import type { Importer } from '../import/importer.ts'

export function withCorrectedPath(
  importer: Importer,
  correction: { readonly knots: readonly CorrectionKnot[] } | undefined,
): Importer {
  if (!correction) return importer
  const { knots } = correction
  return {
    ...importer,
    loadPoses:
      importer.loadPoses && (async (...request) => correctedPath(await importer.loadPoses!(...request), knots)),
    loadJoints:
      importer.loadJoints && (async (...request) => correctedJoints(await importer.loadJoints!(...request), knots)),
    loadDepthFrame:
      importer.loadDepthFrame &&
      (async (...request) => correctedFrame(await importer.loadDepthFrame!(...request), knots)),
  }
}
