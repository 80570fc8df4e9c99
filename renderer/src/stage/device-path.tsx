import { useEffect, useMemo, useRef } from 'react'
import { invalidate } from '@react-three/fiber'
import { BufferAttribute, BufferGeometry, Line, LineBasicMaterial, LineSegments, Matrix4, type Group } from 'three'
import type { Document } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import type { PathBlob } from '../../../shared/geometry/scan-blob.ts'
import { useLatest } from '../ui/use-latest.ts'
import { clockSecondsAt } from './clip-time.ts'
import { objectName } from './placement.ts'
import { placeDevice, useFramed, usePath } from './device-pose.ts'
import { everyFrame } from '../state/frames.ts'

interface DevicePathProps {
  readonly stream: Stream
  readonly matrix: readonly number[]
  readonly document: Document
}

/** Where a device went, and its frustum where it is at the playhead: a diamond where nobody knows how it was turned. */
export function DevicePath({ stream, matrix, document }: DevicePathProps) {
  const path = usePath(stream)
  useFramed(stream, path?.positions, matrix)
  const device = useRef<Group>(null)
  const latest = useLatest(document)
  const line = useMemo(() => (path ? lineOf(path) : null), [path])
  const frustum = useMemo(() => (stream.rotationUnknown ? diamondLines() : frustumLines()), [stream.rotationUnknown])
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
    <group name={objectName(stream.assetId)} matrix={placed} matrixAutoUpdate={false}>
      <primitive object={line} />
      <group ref={device}>
        <primitive object={frustum} />
      </group>
    </group>
  )
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
  return markOf(points)
}

/** The edges of an octahedron, which looks nowhere. */
function diamondLines(): LineSegments {
  const ring = [
    [0.14, 0],
    [0, 0.14],
    [-0.14, 0],
    [0, -0.14],
  ] as const
  const points = ring.flatMap(([x, z], n) => {
    const [nextX, nextZ] = ring[(n + 1) % 4]!
    return [x, 0, z, nextX, 0, nextZ, x, 0, z, 0, 0.2, 0, x, 0, z, 0, -0.2, 0]
  })
  return markOf(points)
}

function markOf(points: readonly number[]): LineSegments {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(points), 3))
  return new LineSegments(geometry, new LineBasicMaterial({ color: '#ffc95c' }))
}
