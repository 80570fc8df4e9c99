/** The path of a device, and where on it the device is at a moment. */
import { useEffect } from 'react'
import { Matrix4, Quaternion, Vector3, type Object3D } from 'three'
import type { Stream } from '../../../shared/document/records.ts'
import { decodeJoints, samplesAround, type JointBlob } from '../../../shared/geometry/joints.ts'
import { decodePath, type PathBlob } from '../../../shared/geometry/scan-blob.ts'
import { useRecordedShape } from './recorded-shape.ts'
import { keepWorldSample, samplePoints } from './scan-bounds.ts'

const PATH = { what: 'poses', decode: decodePath } as const
const JOINTS = { what: 'joints', decode: decodeJoints } as const

export function usePath(stream: Stream): PathBlob | null {
  return useRecordedShape(stream, PATH)
}

/** The joints of a hand or a body, or the one place that is known of it. */
export function useJoints(stream: Stream): JointBlob | null {
  return useRecordedShape(stream, JOINTS)
}

/** What moved is framed where there is no scan to be seen. */
export function useFramed({ id }: Stream, positions: Float32Array | undefined, matrix: readonly number[]): void {
  useEffect(() => {
    if (!positions) return
    const points = samplePoints(positions, [0, 0, 0], new Matrix4().fromArray(matrix))
    const known = points.filter(({ x, y, z }) => Number.isFinite(x + y + z))
    keepWorldSample(id, { isScan: false, points: known, isPlaced: true })
    return () => keepWorldSample(id, null)
  }, [id, positions, matrix])
}

const before = new Quaternion()
const after = new Quaternion()
const place = new Vector3()

/**
 * Between two poses: positions by a line, rotations by the shortest arc. Outside the recording, and where nothing is
 * known for longer than `gapSeconds`, it is hidden.
 */
export function placeDevice(group: Object3D, path: PathBlob, seconds: number, gapSeconds = Infinity): void {
  const found = samplesAround(path.seconds, seconds, gapSeconds)
  group.visible = found !== null
  if (!found) return
  const [a, b] = [found.before, found.after]
  group.position.fromArray(path.positions, a * 3).lerp(place.fromArray(path.positions, b * 3), found.share)
  before.fromArray(path.rotations, a * 4).slerp(after.fromArray(path.rotations, b * 4), found.share)
  group.quaternion.copy(before)
}
