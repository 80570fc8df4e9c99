import { useEffect, useMemo } from 'react'
import { useThree } from '@react-three/fiber'
import { BufferAttribute, BufferGeometry, Vector3, Matrix4 } from 'three'
import type { Placement } from './placement.ts'
import { useScanClick } from './scan-click.ts'
import { addLandmark, mayBeNext, useStage } from './stage-store.ts'

const TARGET_COLOR = '#ffc95c'
const SOURCE_COLOR = '#5cd6ff'

/** Takes places that are clicked in turn on two recordings, and shows them where they lie. */
export function LandmarkTool({ placements }: { placements: ReadonlyMap<string, Placement> }) {
  const invalidate = useThree((state) => state.invalidate)
  const landmarks = useStage((state) => state.landmarks)
  useScanClick(
    ({ assetId, inAsset }) => addLandmark({ assetId, point: inAsset }),
    (assetId) => mayBeNext(landmarks, assetId),
  )

  const [targets, sources] = useMemo(() => {
    const places = landmarks.map(({ assetId, point }) =>
      new Vector3(...point).applyMatrix4(new Matrix4().fromArray([...(placements.get(assetId)?.matrix ?? IDENTITY)])),
    )
    return [geometryOf(places.filter((_, i) => i % 2 === 0)), geometryOf(places.filter((_, i) => i % 2 === 1))] as const
  }, [landmarks, placements])
  useEffect(() => {
    invalidate()
    return () => {
      targets.dispose()
      sources.dispose()
    }
  }, [targets, sources, invalidate])
  return (
    <>
      <points geometry={targets} renderOrder={1}>
        <pointsMaterial color={TARGET_COLOR} size={11} sizeAttenuation={false} depthTest={false} />
      </points>
      <points geometry={sources} renderOrder={1}>
        <pointsMaterial color={SOURCE_COLOR} size={9} sizeAttenuation={false} depthTest={false} />
      </points>
    </>
  )
}

const IDENTITY = new Matrix4().toArray()

function geometryOf(places: readonly Vector3[]): BufferGeometry {
  const geometry = new BufferGeometry()
  geometry.setAttribute(
    'position',
    new BufferAttribute(Float32Array.from(places.flatMap((place) => place.toArray())), 3),
  )
  return geometry
}
