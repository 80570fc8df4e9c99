import { useEffect, useMemo } from 'react'
import { invalidate } from '@react-three/fiber'
import { BufferAttribute, BufferGeometry } from 'three'
import type { ScanBlob } from '../../../shared/geometry/scan-blob.ts'
import { linearColors } from './scan-colors.ts'
import { scanPlanes } from './scan-planes.ts'

/** By this the measuring tool knows what can be measured. */
const IS_SCAN = { isScan: true }

interface MeshObjectProps {
  readonly blob: ScanBlob
  readonly tint: string
  readonly faded: boolean
}

export function MeshObject({ blob, tint, faded }: MeshObjectProps) {
  const geometry = useMemo(() => geometryOf(blob), [blob])
  const colored = blob.colors !== null
  useEffect(() => {
    invalidate()
    return () => geometry.dispose()
  }, [geometry])
  return (
    <mesh geometry={geometry} position={[...blob.origin]} userData={IS_SCAN}>
      <meshLambertMaterial
        key={String(colored)}
        vertexColors={colored}
        color={colored ? '#ffffff' : tint}
        transparent={faded}
        opacity={faded ? 0.35 : 1}
        side={2}
        clippingPlanes={scanPlanes}
      />
    </mesh>
  )
}

function geometryOf(blob: ScanBlob): BufferGeometry {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(blob.positions, 3))
  if (blob.colors) geometry.setAttribute('color', new BufferAttribute(linearColors(blob.colors), 3))
  if (blob.indices) geometry.setIndex(new BufferAttribute(blob.indices, 1))
  if (blob.normals) geometry.setAttribute('normal', new BufferAttribute(blob.normals, 3))
  else geometry.computeVertexNormals()
  return geometry
}
