import { useEffect, useMemo } from 'react'
import { useThree } from '@react-three/fiber'
import { BufferAttribute, BufferGeometry, Color, Matrix4 } from 'three'
import type { Placement } from './placement.ts'
import type { ShownDistances } from './stage-store.ts'

/** From near to far; told apart by lightness too, not by hue alone. */
const SCALE = ['#2b6fd6', '#37b8a5', '#f2e35c', '#e8552d'].map((color) => new Color(color))

/** The distance at which the last colour is reached, metres: nine in ten points are nearer. */
export function farthestShown(distances: readonly number[]): number {
  const sorted = distances.toSorted((a, b) => a - b)
  return Math.max(0.002, sorted[Math.floor(sorted.length * 0.9)] ?? 0)
}

/** Points of a scan in the colour of their distance to the surface it was aligned to. */
export function DistanceColors({ shown, placement }: { shown: ShownDistances; placement: Placement }) {
  const invalidate = useThree((state) => state.invalidate)
  const geometry = useMemo(() => geometryOf(shown), [shown])
  const placed = useMemo(() => new Matrix4().fromArray(placement.matrix), [placement.matrix])
  useEffect(() => {
    invalidate()
    return () => {
      geometry.dispose()
      invalidate()
    }
  }, [geometry, placed, invalidate])
  return (
    <points geometry={geometry} matrix={placed} matrixAutoUpdate={false} renderOrder={1}>
      <pointsMaterial vertexColors size={4} sizeAttenuation={false} />
    </points>
  )
}

function geometryOf({ positions, distancesMetres }: ShownDistances): BufferGeometry {
  const geometry = new BufferGeometry()
  const colors = new Float32Array(positions.length)
  const farthest = farthestShown(distancesMetres)
  const color = new Color()
  distancesMetres.forEach((distance, i) => {
    const at = Math.min(0.999, distance / farthest) * (SCALE.length - 1)
    const low = Math.floor(at)
    color.lerpColors(SCALE[low]!, SCALE[low + 1]!, at - low).toArray(colors, i * 3)
  })
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(positions), 3))
  geometry.setAttribute('color', new BufferAttribute(colors, 3))
  return geometry
}
