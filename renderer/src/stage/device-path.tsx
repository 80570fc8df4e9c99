import { useEffect, useMemo, useRef, useState } from 'react'
import { invalidate } from '@react-three/fiber'
import {
  BufferAttribute,
  BufferGeometry,
  Line,
  LineBasicMaterial,
  LineSegments,
  Matrix4,
  Quaternion,
  Vector3,
  type Group,
} from 'three'
import type { Document } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { decodePath, type PathBlob } from '../../../shared/geometry/scan-blob.ts'
import { showFailure } from '../state/engine-context.ts'
import { useLatest } from '../ui/use-latest.ts'
import { clockSecondsAt } from './clip-time.ts'
import { everyFrame } from './media-follower.ts'

interface DevicePathProps {
  readonly stream: Stream
  readonly matrix: readonly number[]
  readonly document: Document
}

/** Where a device went, and its frustum where it is at the playhead. */
export function DevicePath({ stream, matrix, document }: DevicePathProps) {
  const path = usePath(stream)
  const device = useRef<Group>(null)
  const latest = useLatest(document)
  const line = useMemo(() => (path ? lineOf(path) : null), [path])
  const frustum = useMemo(() => frustumLines(), [])
  const placed = useMemo(() => new Matrix4().fromArray(matrix), [matrix])

  useEffect(() => invalidate(), [line, placed])
  useEffect(() => {
    if (!path) return
    let shown = Number.NaN
    return everyFrame((projectSeconds) => {
      const group = device.current
      const seconds = clockSecondsAt(latest.current, stream, projectSeconds)
      if (!group || seconds === shown) return
      shown = seconds
      placeDevice(group, path, seconds)
      invalidate()
    })
  }, [path, stream, latest])

  if (!line) return null
  return (
    <group matrix={placed} matrixAutoUpdate={false}>
      <primitive object={line} />
      <group ref={device}>
        <primitive object={frustum} />
      </group>
    </group>
  )
}

function usePath(stream: Stream): PathBlob | null {
  const [path, setPath] = useState<PathBlob | null>(null)
  useEffect(() => {
    const loading = new AbortController()
    fetch(`/media/${stream.assetId}/poses?stream=${stream.index}`, { signal: loading.signal })
      .then(async (response) => {
        if (!response.ok) throw new Error(await response.text())
        setPath(decodePath(await response.arrayBuffer()))
      })
      .catch((error: unknown) => {
        if (!loading.signal.aborted) showFailure(error)
      })
    return () => loading.abort()
  }, [stream.assetId, stream.index])
  return path
}

function lineOf(path: PathBlob): Line {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(path.positions, 3))
  return new Line(geometry, new LineBasicMaterial({ color: '#d59bff' }))
}

/** A pyramid that opens along -Z, as the camera looks. */
function frustumLines(): LineSegments {
  const [w, h, d] = [0.16, 0.12, 0.24]
  const corners = [
    [-w, h, -d],
    [w, h, -d],
    [w, -h, -d],
    [-w, -h, -d],
  ] as const
  const points: number[] = []
  corners.forEach((corner, n) => {
    points.push(0, 0, 0, ...corner, ...corner, ...corners[(n + 1) % 4]!)
  })
  points.push(-w * 0.4, h * 1.15, -d, w * 0.4, h * 1.15, -d)
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(points), 3))
  return new LineSegments(geometry, new LineBasicMaterial({ color: '#ffc95c' }))
}

const before = new Quaternion()
const after = new Quaternion()
const place = new Vector3()

/** Between two poses: positions by a line, rotations by the shortest arc. Outside the recording the device is hidden. */
function placeDevice(group: Group, path: PathBlob, seconds: number): void {
  const { count } = path
  const first = path.seconds[0] ?? 0
  const last = path.seconds[count - 1] ?? 0
  group.visible = count > 0 && seconds >= first - 0.05 && seconds <= last + 0.05
  if (!group.visible) return
  let low = 0
  let high = count - 1
  while (low < high - 1) {
    const middle = (low + high) >> 1
    if (path.seconds[middle]! <= seconds) low = middle
    else high = middle
  }
  const span = path.seconds[high]! - path.seconds[low]!
  const t = span > 0 ? Math.min(1, Math.max(0, (seconds - path.seconds[low]!) / span)) : 0
  group.position.fromArray(path.positions, low * 3).lerp(place.fromArray(path.positions, high * 3), t)
  group.quaternion.copy(before.fromArray(path.rotations, low * 4).slerp(after.fromArray(path.rotations, high * 4), t))
}
