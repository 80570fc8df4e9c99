import { useEffect, useMemo, useState } from 'react'
import { invalidate } from '@react-three/fiber'
import { BufferAttribute, BufferGeometry, Matrix4 } from 'three'
import { decodeScan, type ScanBlob } from '../../../shared/geometry/scan-blob.ts'
import type { Stream } from '../../../shared/document/records.ts'
import type { Placement } from './placement.ts'
import { keepScanSample, samplePoints } from './scan-bounds.ts'
import { cutawayPlanes } from './cutaway.ts'
import { showFailure } from '../state/engine-context.ts'

/** The most points of one scan that are drawn; the engine picks them evenly. */
const POINT_BUDGET = 400_000

const PLANES = [...cutawayPlanes]

interface ScanObjectProps {
  readonly stream: Stream
  readonly placement: Placement
  readonly tint: string
  readonly faded: boolean
}

export function ScanObject({ stream, placement, tint, faded }: ScanObjectProps) {
  const blob = useScan(stream)
  const geometry = useMemo(() => (blob ? geometryOf(blob) : null), [blob])
  const { isPlaced } = placement
  const placed = useMemo(() => new Matrix4().fromArray(placement.matrix), [placement.matrix])
  useEffect(() => {
    invalidate()
    return () => geometry?.dispose()
  }, [geometry])
  useEffect(() => invalidate(), [placed, faded])
  useEffect(() => {
    if (!blob) return
    keepScanSample(stream.id, { points: samplePoints(blob.positions, blob.origin, placed), isPlaced })
    return () => keepScanSample(stream.id, null)
  }, [blob, placed, isPlaced, stream.id])
  if (!blob || !geometry) return null
  const colored = blob.colors !== null
  return (
    <group matrix={placed} matrixAutoUpdate={false}>
      {blob.kind === 'mesh' ? (
        <mesh geometry={geometry} position={[...blob.origin]}>
          <meshLambertMaterial
            key={String(colored)}
            vertexColors={colored}
            color={colored ? '#ffffff' : tint}
            transparent={faded}
            opacity={faded ? 0.35 : 1}
            side={2}
            clippingPlanes={PLANES}
          />
        </mesh>
      ) : (
        <points geometry={geometry} position={[...blob.origin]}>
          <pointsMaterial
            key={String(colored)}
            size={0.014}
            clippingPlanes={PLANES}
            vertexColors={colored}
            color={colored ? '#ffffff' : tint}
            transparent={faded}
            opacity={faded ? 0.3 : 1}
          />
        </points>
      )}
    </group>
  )
}

function useScan(stream: Stream): ScanBlob | null {
  const [blob, setBlob] = useState<ScanBlob | null>(null)
  useEffect(() => {
    const loading = new AbortController()
    fetch(`/media/${stream.assetId}/scan?stream=${stream.index}&budget=${POINT_BUDGET}`, { signal: loading.signal })
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

function geometryOf(blob: ScanBlob): BufferGeometry {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(blob.positions, 3))
  if (blob.colors) geometry.setAttribute('color', new BufferAttribute(linearColors(blob.colors), 3))
  if (blob.indices) geometry.setIndex(new BufferAttribute(blob.indices, 1))
  if (blob.normals) geometry.setAttribute('normal', new BufferAttribute(blob.normals, 3))
  else if (blob.kind === 'mesh') geometry.computeVertexNormals()
  return geometry
}

/** three takes vertex colours as linear light; scans store sRGB. */
function linearColors(colors: Uint8Array): Float32Array {
  const table = new Float32Array(256)
  for (let i = 0; i < 256; i++) table[i] = i <= 10 ? i / 255 / 12.92 : ((i / 255 + 0.055) / 1.055) ** 2.4
  return Float32Array.from(colors, (value) => table[value]!)
}
