import { useEffect, useMemo } from 'react'
import { useThree } from '@react-three/fiber'
import { BufferAttribute, BufferGeometry, Line, LineBasicMaterial } from 'three'
import { useScanClick } from './scan-click.ts'
import { measurePoint, useStage } from './stage-store.ts'

const COLOR = '#ffc95c'

/** Takes the points that are clicked on scans, and shows the line between them. */
export function MeasureTool() {
  const invalidate = useThree((state) => state.invalidate)
  const measured = useStage((state) => state.measured)

  useScanClick(
    ({ inWorld }) => measurePoint(inWorld),
    () => true,
  )

  const line = useMemo(() => {
    const geometry = new BufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(Float32Array.from(measured.flat()), 3))
    const drawn = new Line(geometry, new LineBasicMaterial({ color: COLOR, depthTest: false }))
    drawn.renderOrder = 1
    return drawn
  }, [measured])
  useEffect(() => {
    invalidate()
    return () => {
      line.geometry.dispose()
      line.material.dispose()
    }
  }, [line, invalidate])
  return (
    <>
      <primitive object={line} />
      <points geometry={line.geometry} renderOrder={1}>
        <pointsMaterial color={COLOR} size={9} sizeAttenuation={false} depthTest={false} />
      </points>
    </>
  )
}
