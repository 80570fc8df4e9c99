import { useEffect, useMemo } from 'react'
import { invalidate } from '@react-three/fiber'
import { BufferAttribute, BufferGeometry, Points, PointsMaterial, Sphere, Vector3 } from 'three'
import type { ScanBlob } from '../../../shared/geometry/scan-blob.ts'
import { scanPlanes } from './scan-planes.ts'
import { clickInFull, drawWithinBudget, type DrawnChunk } from './point-budget.tsx'
import { linearColors } from './scan-colors.ts'

const POINT_METRES = 0.014
const FADED_OPACITY = 0.3

interface PointCloudProps {
  readonly blob: ScanBlob
  readonly tint: string
  readonly faded: boolean
  /** Linear light, 0 to 1, three a point; null for the colours of the scan itself. */
  readonly paint: Float32Array | null
  /** Not drawn, but clicked and measured all the same. */
  readonly hidden?: boolean
}

/** A cloud in chunks, each drawn as far as the budget goes. */
export function PointCloudObject({ blob, tint, faded, paint, hidden = false }: PointCloudProps) {
  const drawn = useMemo(() => chunksOf(blob), [blob])
  const colors = useMemo(() => paint ?? (blob.colors ? linearColors(blob.colors) : null), [blob, paint])
  const material = useMemo(
    () =>
      new PointsMaterial({
        size: POINT_METRES,
        clippingPlanes: scanPlanes,
        vertexColors: colors !== null,
        color: colors ? '#ffffff' : tint,
        transparent: faded,
        opacity: faded ? FADED_OPACITY : 1,
        visible: !hidden,
      }),
    [colors, tint, faded, hidden],
  )

  useEffect(() => {
    for (const { object, chunk } of drawn) {
      const { start, count } = chunk
      if (colors)
        object.geometry.setAttribute('color', new BufferAttribute(colors.subarray(start * 3, (start + count) * 3), 3))
      else object.geometry.deleteAttribute('color')
    }
    invalidate()
  }, [drawn, colors])

  useEffect(() => {
    if (hidden) return clickInFull(drawn)
    const takeOut = drawWithinBudget(drawn)
    invalidate()
    return () => void takeOut()
  }, [drawn, hidden])
  useEffect(
    () => () => {
      for (const { object } of drawn) object.geometry.dispose()
    },
    [drawn],
  )
  useEffect(() => () => material.dispose(), [material])

  return (
    <group position={[...blob.origin]}>
      {drawn.map(({ object }, n) => (
        <primitive key={n} object={object} material={material} />
      ))}
    </group>
  )
}

function chunksOf(blob: ScanBlob): DrawnChunk[] {
  return blob.chunks.map((chunk) => {
    const { start, count, centre, radius } = chunk
    const geometry = new BufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(blob.positions.subarray(start * 3, (start + count) * 3), 3))
    geometry.boundingSphere = new Sphere(new Vector3().fromArray(centre), radius)
    const object = new Points(geometry)
    object.userData['isScan'] = true
    return { object, chunk }
  })
}
