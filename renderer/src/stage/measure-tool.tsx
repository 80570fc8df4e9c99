import { useEffect, useMemo } from 'react'
import { useThree } from '@react-three/fiber'
import { BufferAttribute, BufferGeometry, Line, LineBasicMaterial, Raycaster, Vector2, type Object3D } from 'three'
import { cutawayPlanes } from './cutaway.ts'
import { measurePoint, useStage } from './stage-store.ts'

/** A click is no drag: the pointer stays within this. */
const CLICK_PIXELS = 4
/** How near a ray must pass a point to hit it, metres. */
const POINT_REACH_METRES = 0.03
const COLOR = '#ffc95c'

/** Takes the points that are clicked on scans, and shows the line between them. */
export function MeasureTool() {
  const camera = useThree((state) => state.camera)
  const canvas = useThree((state) => state.gl.domElement)
  const scene = useThree((state) => state.scene)
  const invalidate = useThree((state) => state.invalidate)
  const measured = useStage((state) => state.measured)

  useEffect(() => {
    let from: Vector2 | null = null
    const down = (event: PointerEvent): void => void (from = new Vector2(event.clientX, event.clientY))
    const up = (event: PointerEvent): void => {
      const moved = from?.distanceTo(new Vector2(event.clientX, event.clientY)) ?? Infinity
      from = null
      if (moved > CLICK_PIXELS) return
      const { left, top, width, height } = canvas.getBoundingClientRect()
      const at = new Vector2(((event.clientX - left) / width) * 2 - 1, 1 - ((event.clientY - top) / height) * 2)
      const ray = new Raycaster()
      ray.params.Points = { threshold: POINT_REACH_METRES }
      ray.setFromCamera(at, camera)
      const [hit] = ray
        .intersectObjects(scansIn(scene), false)
        .filter(({ point }) => cutawayPlanes.every((plane) => plane.distanceToPoint(point) >= 0))
      if (hit) measurePoint([hit.point.x, hit.point.y, hit.point.z])
    }
    canvas.addEventListener('pointerdown', down)
    canvas.addEventListener('pointerup', up)
    return () => {
      canvas.removeEventListener('pointerdown', down)
      canvas.removeEventListener('pointerup', up)
    }
  }, [camera, canvas, scene])

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

/** What scans draw: clouds and meshes, no paths, grids or tools. */
function scansIn(scene: Object3D): Object3D[] {
  const found: Object3D[] = []
  scene.traverseVisible((object) => {
    if (object.userData['isScan'] === true) found.push(object)
  })
  return found
}
