/** The path of a device, and where on it the device is at a moment. */
import { useEffect, useState } from 'react'
import { Quaternion, Vector3, type Object3D } from 'three'
import type { Stream } from '../../../shared/document/records.ts'
import { pathCorrectionId } from '../../../shared/document/space-records.ts'
import { decodePath, type PathBlob } from '../../../shared/geometry/scan-blob.ts'
import { useDocument } from '../state/document-store.ts'
import { showFailure } from '../state/engine-context.ts'

export function usePath(stream: Stream): PathBlob | null {
  const [path, setPath] = useState<PathBlob | null>(null)
  const correction = useDocument((state) => state.document.get(pathCorrectionId(stream.assetId)))
  useEffect(() => {
    const loading = new AbortController()
    fetch(`/media/${stream.assetId}/poses?stream=${stream.index}`, { signal: loading.signal, cache: 'no-cache' })
      .then(async (response) => {
        if (!response.ok) throw new Error(await response.text())
        setPath(decodePath(await response.arrayBuffer()))
      })
      .catch((error: unknown) => {
        if (!loading.signal.aborted) showFailure(error)
      })
    return () => loading.abort()
    // A path that was put right, or left as recorded again, is another one.
  }, [stream.assetId, stream.index, correction])
  return path
}

const before = new Quaternion()
const after = new Quaternion()
const place = new Vector3()

/** Between two poses: positions by a line, rotations by the shortest arc. Outside the recording the device is hidden. */
export function placeDevice(group: Object3D, path: PathBlob, seconds: number): void {
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
