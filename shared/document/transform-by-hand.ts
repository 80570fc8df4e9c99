import { scaleOf, type Matrix4 } from '../geometry/matrix4.ts'
import { transformId } from './document.ts'
import type { Transform } from './records.ts'

/** Where a person put a recording: nothing measured says how exactly, and later runs leave it alone. */
export function transformByHand(assetId: string, worldFromAsset: Matrix4): Transform {
  return {
    kind: 'transform',
    id: transformId(assetId),
    assetId,
    worldFromAsset: [...worldFromAsset],
    scale: scaleOf(worldFromAsset),
    covariance: null,
    rmseMetres: null,
    overlap: null,
    confidence: 1,
    method: 'hand',
    evidenceIds: [],
    manual: true,
  }
}
