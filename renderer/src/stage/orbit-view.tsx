import { useEffect, useMemo, useRef } from 'react'
import { useThree } from '@react-three/fiber'
import { Vector3, type Box3, type Camera, type PerspectiveCamera } from 'three'
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js'
import { useSession } from '../state/session-store.ts'
import { isRoom, placeCutaway } from './cutaway.ts'
import { useScanBounds, worldBox } from './scan-bounds.ts'

/** From where one looks at first: from above, over a corner. */
const FROM = new Vector3(0.5, 0.95, 0.8).normalize()
const MARGIN = 1.12
/** What is seen before anything is loaded, metres from the centre. */
const LEAST_DISTANCE = 1.2

/** Orbiting around what there is: the camera is set back far enough to see it all, once. */
export function OrbitView() {
  const camera = useThree((state) => state.camera)
  const canvas = useThree((state) => state.gl.domElement)
  const invalidate = useThree((state) => state.invalidate)
  const cutaway = useSession((state) => state.cutaway)
  const boxes = useScanBounds((state) => state.boxes)
  const box = useMemo(() => worldBox(boxes), [boxes])
  const controls = useRef<OrbitControls | null>(null)
  const framed = useRef<Box3 | null>(null)

  useEffect(() => {
    const orbit = new OrbitControls(camera, canvas)
    orbit.enableDamping = false
    orbit.addEventListener('change', () => invalidate())
    controls.current = orbit
    return () => orbit.dispose()
  }, [camera, canvas, invalidate])

  useEffect(() => {
    const orbit = controls.current
    // Frames again when things came or moved, never while the person looks around.
    if (!orbit || box.isEmpty() || (framed.current && isNear(framed.current, box))) return
    framed.current = box.clone()
    const centre = box.getCenter(new Vector3())
    orbit.target.copy(centre)
    camera.position.copy(centre).addScaledVector(FROM, distanceToSee(box, camera))
    orbit.update()
    invalidate()
  }, [box, camera, invalidate])

  useEffect(() => {
    const orbit = controls.current
    const room = cutaway && !box.isEmpty() && isRoom(box) ? box : null
    const place = (): void => {
      placeCutaway(room, camera.position)
      invalidate()
    }
    place()
    orbit?.addEventListener('change', place)
    return () => orbit?.removeEventListener('change', place)
  }, [box, cutaway, camera, invalidate])
  return null
}

function isNear(a: Box3, b: Box3): boolean {
  const slack = 0.15 * a.getSize(new Vector3()).length()
  return a.min.distanceTo(b.min) < slack && a.max.distanceTo(b.max) < slack
}

/** The least distance from the centre of a box, along FROM, at which the camera sees all of its corners. */
function distanceToSee(box: Box3, camera: Camera): number {
  const { fov, aspect } = camera as PerspectiveCamera
  const up = Math.tan((fov * Math.PI) / 360)
  const across = up * aspect
  const right = new Vector3(0, 1, 0).cross(FROM).normalize()
  const top = FROM.clone().cross(right)
  const half = box.getSize(new Vector3()).multiplyScalar(0.5)
  let distance = LEAST_DISTANCE
  for (const x of [-1, 1])
    for (const y of [-1, 1])
      for (const z of [-1, 1]) {
        const corner = new Vector3(x * half.x, y * half.y, z * half.z)
        const needed = Math.max(Math.abs(corner.dot(right)) / across, Math.abs(corner.dot(top)) / up)
        distance = Math.max(distance, corner.dot(FROM) + needed * MARGIN)
      }
  return distance
}
