import { useEffect, useMemo } from 'react'
import { invalidate } from '@react-three/fiber'
import { BufferAttribute, BufferGeometry, Matrix4, Points, PointsMaterial } from 'three'
import { streamsOf, type Document } from '../../../shared/document/document.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { decodeScan } from '../../../shared/geometry/scan-blob.ts'
import { useLatest } from '../ui/use-latest.ts'
import { clockSecondsAt } from './clip-time.ts'
import { everyFrame, wakeFrames } from '../state/frames.ts'

/** Larger than the points of scans, so that what is measured now stands out of what was measured in all. */
const POINT_METRES = 0.02
const COLOR = '#4cc9f0'
/** After a picture that could not be read: another moment is tried no sooner. */
const REST_MILLISECONDS = 1000

/** The depth stream of a device. */
export function depthBeside(document: Document, { assetId }: Stream): Stream | undefined {
  return streamsOf(document, assetId).find((stream) => stream.sensor === 'depth' && (stream.sampleCount ?? 0) > 0)
}

interface DepthNowProps {
  readonly stream: Stream
  /** `world_from_asset`, column-major. */
  readonly matrix: readonly number[]
  readonly document: Document
}

/**
 * The depth picture at the playhead as points where they were measured. One picture is asked for at a time, the newest
 * moment next: what is slow to read is shown as often as it comes.
 */
export function DepthNow({ stream, matrix, document }: DepthNowProps) {
  const latest = useLatest(document)
  const points = useMemo(() => {
    const material = new PointsMaterial({ size: POINT_METRES, color: COLOR, transparent: true, opacity: 0.85 })
    const object = new Points(new BufferGeometry(), material)
    object.visible = false
    // Its bounds change with every picture; it is small, and drawn whenever it is there.
    object.frustumCulled = false
    return object
  }, [])
  const placed = useMemo(() => new Matrix4().fromArray(matrix), [matrix])

  useEffect(() => invalidate(), [placed])
  useEffect(() => {
    const ending = new AbortController()
    const length = stream.durationSeconds ?? 0
    const interval = length / Math.max(1, stream.sampleCount ?? 1)
    let shown = Number.NaN
    let isBusy = false
    const show = (visible: boolean): void => {
      if (points.visible === visible) return
      points.visible = visible
      invalidate()
    }
    // The playhead may have gone on meanwhile.
    const free = (): void => {
      isBusy = false
      wakeFrames()
    }
    const fetchAt = async (after: number): Promise<void> => {
      const address = `/media/${stream.assetId}/depth?stream=${stream.index}&at=${Math.round(after * 1000)}`
      const response = await fetch(address, { signal: ending.signal })
      if (!response.ok) throw new Error(await response.text())
      const { positions } = decodeScan(await response.arrayBuffer())
      points.geometry.dispose()
      points.geometry = new BufferGeometry()
      points.geometry.setAttribute('position', new BufferAttribute(positions, 3))
      points.visible = positions.length > 0
      invalidate()
    }
    const stop = everyFrame((projectSeconds) => {
      const after = clockSecondsAt(latest.current, stream, projectSeconds) - stream.startSeconds
      if (after < -interval || after > length + interval) {
        shown = Number.NaN
        show(false)
        return
      }
      if (isBusy || Math.abs(after - shown) < interval / 2) return
      isBusy = true
      shown = after
      fetchAt(Math.max(0, after))
        .then(free)
        .catch(() => {
          if (ending.signal.aborted) return
          show(false) // a depth picture that cannot be read leaves the scans and paths as they are
          setTimeout(free, REST_MILLISECONDS)
        })
    })
    return () => {
      stop()
      ending.abort()
    }
  }, [stream, points, latest])
  useEffect(
    () => () => {
      points.geometry.dispose()
      points.material.dispose()
    },
    [points],
  )
  return (
    <group matrix={placed} matrixAutoUpdate={false}>
      <primitive object={points} />
    </group>
  )
}
