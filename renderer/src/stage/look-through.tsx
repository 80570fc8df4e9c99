import { useEffect, useMemo, useState } from 'react'
import { useThree } from '@react-three/fiber'
import { Matrix4, Object3D, Quaternion, Vector3, type PerspectiveCamera } from 'three'
import { z } from 'zod'
import type { Document } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { useLatest } from '../ui/use-latest.ts'
import { clockSecondsAt } from './clip-time.ts'
import { placeDevice, usePath } from './device-pose.ts'
import { everyFrame } from '../state/frames.ts'

/** Of a phone's main camera held upright, where the recording does not say. */
const LIKELY_CAMERA: Camera = { aspect: 4 / 3, halfHeight: Math.tan((50 * Math.PI) / 360) }

interface Camera {
  readonly aspect: number
  /** Tangent of half of the vertical angle of view. */
  readonly halfHeight: number
}

const intrinsicsSchema = z.object({
  width: z.number().positive(),
  height: z.number().positive(),
  fy: z.number().positive(),
})

interface LookThroughProps {
  readonly stream: Stream
  /** `world_from_asset`, column-major. */
  readonly matrix: readonly number[]
  readonly document: Document
}

/** Puts the eye where the device was at the playhead, with its angle of view; takes it back where it was at the end. */
export function LookThrough({ stream, matrix, document }: LookThroughProps) {
  const get = useThree((state) => state.get)
  const size = useThree((state) => state.size)
  const path = usePath(stream)
  const device = useCamera(stream)
  const latest = useLatest(document)
  const placed = useMemo(() => new Matrix4().fromArray(matrix), [matrix])

  useEffect(() => {
    const { camera, controls, invalidate } = get()
    const before = { position: camera.position.clone(), quaternion: camera.quaternion.clone() }
    const { fov } = camera as PerspectiveCamera
    const orbiting = controls as { enabled: boolean; update(): void } | null
    if (orbiting) orbiting.enabled = false
    return () => {
      camera.position.copy(before.position)
      camera.quaternion.copy(before.quaternion)
      setFieldOfView(camera as PerspectiveCamera, fov)
      if (orbiting) {
        orbiting.enabled = true
        orbiting.update()
      }
      invalidate()
    }
  }, [get])

  useEffect(() => {
    if (!path) return
    const { camera, invalidate } = get()
    const pose = new Object3D()
    const scale = new Vector3()
    const turn = new Quaternion()
    let shown = Number.NaN
    // The picture lies in the middle of the panel as large as it fits: the angle of view of the panel follows from that.
    const panel = size.width / Math.max(1, size.height)
    const half = panel > device.aspect ? device.halfHeight : (device.halfHeight * device.aspect) / panel
    setFieldOfView(camera as PerspectiveCamera, (Math.atan(half) * 360) / Math.PI)
    return everyFrame((projectSeconds) => {
      const seconds = clockSecondsAt(latest.current, stream, projectSeconds)
      if (seconds === shown) return
      shown = seconds
      placeDevice(pose, path, seconds)
      pose.updateMatrix()
      pose.matrix.premultiply(placed).decompose(camera.position, turn, scale)
      camera.quaternion.copy(turn)
      invalidate()
    })
  }, [path, device, placed, size, stream, latest, get])
  return null
}

function setFieldOfView(camera: PerspectiveCamera, degrees: number): void {
  camera.fov = degrees
  camera.updateProjectionMatrix()
}

/** The camera of the recording, as far as it is known. */
function useCamera(stream: Stream): Camera {
  const [camera, setCamera] = useState(LIKELY_CAMERA)
  useEffect(() => {
    const loading = new AbortController()
    fetch(`/media/${stream.assetId}/camera?stream=${stream.index}`, { signal: loading.signal })
      .then(async (response) => {
        if (!response.ok) return
        const { width, height, fy } = intrinsicsSchema.parse(await response.json())
        setCamera({ aspect: width / height, halfHeight: height / 2 / fy })
      })
      .catch(() => undefined) // the likely camera stays: an angle that is a little off is no failure to a person
    return () => loading.abort()
  }, [stream.assetId, stream.index])
  return camera
}
