/** Recordings that a person moves and turns: by the gizmo, by keys, by figures. What is left is their place, and later runs leave it alone. */
import { streamsOf, type Document } from '../../../shared/document/document.ts'
import { SCAN_SENSORS } from '../../../shared/document/seen-streams.ts'
import { transformByHand } from '../../../shared/document/transform-by-hand.ts'
import type { DocumentRecord } from '../../../shared/document/records.ts'
import { rotationOf, scaleOf, similarity, translationOf, type Vector3 } from '../../../shared/geometry/matrix4.ts'
import { multiplyRotations, rotationFromVector } from '../../../shared/geometry/rotation.ts'
import { titleOfAsset } from '../align/align-facts.tsx'
import { t } from '../i18n/text.ts'

const DEGREE = Math.PI / 180
/** A sine of the pitch beyond which heading and roll are one turn: looking straight up or down. */
const UPRIGHT_SINE = 1 - 1e-9

/** Why a recording cannot be moved, in words; null when it can. */
export function reasonNotToMove(
  document: Document,
  assetId: string | null,
  shown: { readonly asRecorded: boolean; readonly preview: object | null },
): string | null {
  if (shown.asRecorded || shown.preview) return t('stage.beforeFixed')
  const hasSurface = assetId !== null && streamsOf(document, assetId).some(({ sensor }) => SCAN_SENSORS.has(sensor))
  if (!hasSurface) return t('stage.chooseScan')
  const project = document.get('project')
  if (project?.kind !== 'project' || project.worldAssetId !== assetId) return null
  return t('stage.worldFixed', { title: titleOfAsset(document, assetId) })
}

/** Puts a recording where a person wants it; `worldFromAsset` is column-major. */
export function placeByHand(
  draft: Map<string, DocumentRecord>,
  assetId: string,
  worldFromAsset: readonly number[],
): void {
  const placed = transformByHand(assetId, worldFromAsset)
  draft.set(placed.id, placed)
}

/** Moved along the axes of the world, metres. */
export function movedBy(matrix: readonly number[], by: Vector3): number[] {
  return similarity(rotationOf(matrix), added(translationOf(matrix), by), scaleOf(matrix))
}

/** Turned about an axis of the world through its own origin. */
export function turnedBy(matrix: readonly number[], axis: 0 | 1 | 2, degrees: number): number[] {
  const turn = rotationFromVector(...alongAxis(axis, degrees * DEGREE))
  return similarity(multiplyRotations(turn, rotationOf(matrix)), translationOf(matrix), scaleOf(matrix))
}

/** A vector along one axis. */
export function alongAxis(axis: 0 | 1 | 2, length: number): Vector3 {
  return [axis === 0 ? length : 0, axis === 1 ? length : 0, axis === 2 ? length : 0]
}

/** Heading about the vertical, pitch about x, roll about z, degrees: rolled first, then pitched, then turned. */
export function anglesOf(matrix: readonly number[]): Vector3 {
  const r = rotationOf(matrix)
  const sine = Math.max(-1, Math.min(1, -r[7]!))
  const pitch = Math.asin(sine) / DEGREE
  if (Math.abs(sine) > UPRIGHT_SINE) return [Math.atan2(-r[2]!, r[0]!) / DEGREE, pitch, 0]
  return [Math.atan2(r[6]!, r[8]!) / DEGREE, pitch, Math.atan2(r[1]!, r[4]!) / DEGREE]
}

/** The same place with other angles, in the order of `anglesOf`. */
export function withAngles(matrix: readonly number[], [heading, pitch, roll]: Vector3): number[] {
  const turned = multiplyRotations(
    rotationFromVector(0, heading * DEGREE, 0),
    multiplyRotations(rotationFromVector(pitch * DEGREE, 0, 0), rotationFromVector(0, 0, roll * DEGREE)),
  )
  return similarity(turned, translationOf(matrix), scaleOf(matrix))
}

/** The same angles at another place, metres. */
export function withPosition(matrix: readonly number[], position: Vector3): number[] {
  return similarity(rotationOf(matrix), position, scaleOf(matrix))
}

function added(a: Vector3, b: Vector3): Vector3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}
