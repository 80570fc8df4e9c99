import { useEffect, useRef } from 'react'
import { useThree } from '@react-three/fiber'
import { Spherical, Vector3, type Camera, type PerspectiveCamera } from 'three'
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js'
import { useSession } from '../state/session-store.ts'
import { isRoomBox, placeCutaway } from './cutaway.ts'
import type { TurnedBox } from './scan-bounds.ts'
import { lendToKeys, type ViewChange } from './world-keys.ts'

/** From where one looks at first: from above, over a corner. */
const FROM = new Vector3(0.5, 0.95, 0.8).normalize()
const MARGIN = 1.12
/** What is seen before anything is loaded, metres from the centre. */
const LEAST_DISTANCE = 1.2
/** A press of a key. */
const TURN_RADIANS = Math.PI / 18
const NEARER = 0.85

/** Orbiting around what there is: the camera is set back far enough to see it all, once. */
export function OrbitView({ room }: { room: TurnedBox | null }) {
  const camera = useThree((state) => state.camera)
  const canvas = useThree((state) => state.gl.domElement)
  const invalidate = useThree((state) => state.invalidate)
  const set = useThree((state) => state.set)
  const cutaway = useSession((state) => state.cutaway)
  const controls = useRef<OrbitControls | null>(null)
  const framed = useRef<TurnedBox | null>(null)

  useEffect(() => {
    const orbit = new OrbitControls(camera, canvas)
    orbit.enableDamping = false
    orbit.addEventListener('change', () => invalidate())
    controls.current = orbit
    set({ controls: orbit })
    return () => {
      set({ controls: null })
      orbit.dispose()
    }
  }, [camera, canvas, invalidate, set])

  useEffect(() => {
    const orbit = controls.current
    // Frames again when things came or moved, never while the person looks around.
    if (!orbit || !room || (framed.current && isNear(framed.current, room))) return
    framed.current = room
    frame(orbit, room, camera)
    invalidate()
  }, [room, camera, invalidate])

  useEffect(
    () =>
      lendToKeys({
        view: (change) => {
          const orbit = controls.current
          if (!orbit) return
          if (change !== 'all') turn(orbit, change, camera)
          else if (room) frame(orbit, room, camera)
          invalidate()
        },
      }),
    [room, camera, invalidate],
  )

  useEffect(() => {
    const orbit = controls.current
    const cut = cutaway && room && isRoomBox(room.box) ? room : null
    const place = (): void => {
      placeCutaway(cut, camera.position)
      invalidate()
    }
    place()
    orbit?.addEventListener('change', place)
    return () => orbit?.removeEventListener('change', place)
  }, [room, cutaway, camera, invalidate])
  return null
}

/** All of it from a corner above. */
function frame(orbit: OrbitControls, room: TurnedBox, camera: Camera): void {
  const centre = centreOf(room)
  orbit.target.copy(centre)
  camera.position.copy(centre).addScaledVector(FROM, distanceToSee(room, camera))
  orbit.update()
}

function turn(orbit: OrbitControls, change: Exclude<ViewChange, 'all'>, camera: Camera): void {
  const from = new Spherical().setFromVector3(camera.position.clone().sub(orbit.target))
  if (change === 'nearer') from.radius *= NEARER
  if (change === 'farther') from.radius /= NEARER
  // The eye goes there, as it does with the pointer the other way: what is seen turns against it.
  if (change === 'left') from.theta -= TURN_RADIANS
  if (change === 'right') from.theta += TURN_RADIANS
  if (change === 'up') from.phi -= TURN_RADIANS
  if (change === 'down') from.phi += TURN_RADIANS
  from.makeSafe()
  camera.position.setFromSpherical(from).add(orbit.target)
  orbit.update()
}

function centreOf({ box, worldFromBox }: TurnedBox): Vector3 {
  return box.getCenter(new Vector3()).applyMatrix4(worldFromBox)
}

function isNear(a: TurnedBox, b: TurnedBox): boolean {
  const [one, other] = [a.box.getSize(new Vector3()).length(), b.box.getSize(new Vector3()).length()]
  return centreOf(a).distanceTo(centreOf(b)) < 0.15 * one && Math.abs(one - other) < 0.2 * one
}

/** The least distance from the centre of a box, along FROM, at which the camera sees all of its corners. */
function distanceToSee({ box, worldFromBox }: TurnedBox, camera: Camera): number {
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
        const corner = new Vector3(x * half.x, y * half.y, z * half.z).applyMatrix4(worldFromBox)
        const needed = Math.max(Math.abs(corner.dot(right)) / across, Math.abs(corner.dot(top)) / up)
        distance = Math.max(distance, corner.dot(FROM) + needed * MARGIN)
      }
  return distance
}
