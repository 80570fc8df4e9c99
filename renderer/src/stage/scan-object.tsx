import { useEffect, useMemo } from 'react'
import { invalidate } from '@react-three/fiber'
import { Matrix4 } from 'three'
import { decodeScan } from '../../../shared/geometry/scan-blob.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { objectName, type Placement } from './placement.ts'
import { keepWorldSample, samplePoints } from './scan-bounds.ts'
import { MeshObject } from './mesh-object.tsx'
import { PointCloudObject } from './point-cloud.tsx'
import { SplatCloudObject } from './splat-cloud.tsx'
import { useRecordedShape } from './recorded-shape.ts'

/** The most points of one scan that the window holds; the engine picks them evenly, and each frame draws some of them. */
const POINTS_HELD = 3_000_000
const SCAN = { what: 'scan', query: `&budget=${POINTS_HELD}`, decode: decodeScan } as const

interface ScanObjectProps {
  readonly stream: Stream
  readonly placement: Placement
  readonly tint: string
  readonly faded: boolean
}

export function ScanObject({ stream, placement, tint, faded }: ScanObjectProps) {
  const blob = useRecordedShape(stream, SCAN)
  const { isPlaced } = placement
  const placed = useMemo(() => new Matrix4().fromArray(placement.matrix), [placement.matrix])
  useEffect(() => invalidate(), [placed, faded])
  useEffect(() => {
    if (!blob) return
    keepWorldSample(stream.id, { isScan: true, points: samplePoints(blob.positions, blob.origin, placed), isPlaced })
    return () => keepWorldSample(stream.id, null)
  }, [blob, placed, isPlaced, stream.id])
  if (!blob) return null
  return (
    <group name={objectName(stream.assetId)} matrix={placed} matrixAutoUpdate={false}>
      {blob.kind === 'mesh' ? (
        <MeshObject blob={blob} tint={tint} faded={faded} />
      ) : blob.kind === 'splats' ? (
        <SplatCloudObject stream={stream} blob={blob} tint={tint} faded={faded} />
      ) : (
        <PointCloudObject blob={blob} tint={tint} faded={faded} paint={null} />
      )}
    </group>
  )
}
