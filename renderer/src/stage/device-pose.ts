/** The path of a device, and where on it the device is at a moment. */
import { useEffect, useState } from 'react'
import { Matrix4, Quaternion, Vector3, type Object3D } from 'three'
import type { Stream } from '../../../shared/document/records.ts'
import { pathCorrectionId } from '../../../shared/document/space-records.ts'
import { decodeJoints, samplesAround, type JointBlob } from '../../../shared/geometry/joints.ts'
import { decodePath, type PathBlob } from '../../../shared/geometry/scan-blob.ts'
import { useDocument } from '../state/document-store.ts'
import { showFailure } from '../state/engine-context.ts'
import { keepWorldSample, samplePoints } from './scan-bounds.ts'

export function usePath(stream: Stream): PathBlob | null {
  return useGeometry(stream, 'poses', decodePath)
}

/** The joints of a hand or a body, or the one place that is known of it. */
export function useJoints(stream: Stream): JointBlob | null {
  return useGeometry(stream, 'joints', decodeJoints)
}

function useGeometry<T>(stream: Stream, what: 'poses' | 'joints', decode: (bytes: ArrayBuffer) => T): T | null {
  const [found, setFound] = useState<T | null>(null)
  const correction = useDocument((state) => state.document.get(pathCorrectionId(stream.assetId)))
  useEffect(() => {
    const loading = new AbortController()
    fetch(`/media/${stream.assetId}/${what}?stream=${stream.index}`, { signal: loading.signal, cache: 'no-cache' })
      .then(async (response) => {
        if (!response.ok) throw new Error(await response.text())
        setFound(decode(await response.arrayBuffer()))
      })
      .catch((error: unknown) => {
        if (!loading.signal.aborted) showFailure(error)
      })
    return () => loading.abort()
    // A path that was put right, or left as recorded again, is another one.
  }, [stream.assetId, stream.index, correction, what, decode])
  return found
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
