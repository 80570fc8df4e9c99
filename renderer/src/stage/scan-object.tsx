import { useEffect, useMemo, useState } from 'react'
import { invalidate } from '@react-three/fiber'
import { Matrix4 } from 'three'
import { decodeScan, type ScanBlob } from '../../../shared/geometry/scan-blob.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { objectName, type Placement } from './placement.ts'
import { keepWorldSample, samplePoints } from './scan-bounds.ts'
import { MeshObject } from './mesh-object.tsx'
import { PointCloudObject } from './point-cloud.tsx'
import { SplatCloudObject } from './splat-cloud.tsx'
import { showFailure } from '../state/engine-context.ts'

/** The most points of one scan that the window holds; the engine picks them evenly, and each frame draws some of them. */
const POINTS_HELD = 3_000_000

interface ScanObjectProps {
  readonly stream: Stream
  readonly placement: Placement
  readonly tint: string
  readonly faded: boolean
}

export function ScanObject({ stream, placement, tint, faded }: ScanObjectProps) {
  const blob = useScan(stream)
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

function useScan(stream: Stream): ScanBlob | null {
  const [blob, setBlob] = useState<ScanBlob | null>(null)
  useEffect(() => {
    const loading = new AbortController()
    fetch(`/media/${stream.assetId}/scan?stream=${stream.index}&budget=${POINTS_HELD}`, { signal: loading.signal })
      .then(async (response) => {
        if (!response.ok) throw new Error(await response.text())
        setBlob(decodeScan(await response.arrayBuffer()))
      })
      .catch((error: unknown) => {
        if (!loading.signal.aborted) showFailure(error)
      })
    return () => loading.abort()
  }, [stream.assetId, stream.index])
  return blob
}
