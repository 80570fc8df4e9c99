import { useEffect, useRef, useState } from 'react'
import { useFrame, useThree } from '@react-three/fiber'
import type { ScanBlob } from '../../../shared/geometry/scan-blob.ts'
import type { Stream } from '../../../shared/document/records.ts'
import { useDocument } from '../state/document-store.ts'
import { PointCloudObject } from './point-cloud.tsx'
import type { SplatMesh } from './splats.ts'

/** More than a window holds beside everything else: their points are drawn instead. */
const MOST_SPLATS = 4_000_000
/** What is read in one piece; a folder of files is not. */
const FORMATS = new Set(['ply', 'spz', 'sog', 'splat'])
const FADED_OPACITY = 0.3

interface SplatCloudProps {
  readonly stream: Stream
  readonly blob: ScanBlob
  readonly tint: string
  readonly faded: boolean
}

/** Splats as what they are. Until they are read, and where they cannot be, their centres are drawn as points. */
export function SplatCloudObject({ stream, blob, tint, faded }: SplatCloudProps) {
  const mesh = useSplats(stream, blob.vertexCount)
  return (
    <>
      {/* What is clicked and measured are the centres, whether or not they are seen. */}
      <PointCloudObject blob={blob} tint={tint} faded={faded} paint={null} hidden={mesh !== null} />
      {mesh ? <primitive object={mesh} opacity={faded ? FADED_OPACITY : 1} /> : null}
    </>
  )
}

function useSplats(stream: Stream, count: number): SplatMesh | null {
  const [mesh, setMesh] = useState<SplatMesh | null>(null)
  const scene = useThree((state) => state.scene)
  const gl = useThree((state) => state.gl)
  const invalidate = useThree((state) => state.invalidate)
  const [planesOf, setPlanesOf] = useState<(() => number) | null>(null)
  const format = useDocument(({ document }) => {
    const asset = document.get(stream.assetId)
    return asset?.kind === 'asset' ? asset.format : ''
  })
  const isDrawn = FORMATS.has(format) && count <= MOST_SPLATS

  useEffect(() => {
    if (!isDrawn) return
    const loading = new AbortController()
    const { signal } = loading
    let made: SplatMesh | null = null
    const load = async (): Promise<void> => {
      const response = await fetch(`/media/${stream.assetId}/original?stream=${stream.index}`, { signal })
      if (!response.ok) return
      const [bytes, splats] = await Promise.all([response.arrayBuffer(), import('./splats.ts')])
      made = await splats.readSplats(bytes, format)
      if (signal.aborted) return made.dispose()
      splats.drawSplatsIn(scene, gl, invalidate)
      setPlanesOf(() => splats.splatPlanes)
      setMesh(made)
    }
    // Points are drawn already, and stay where this renderer knows no such file.
    load().catch(() => undefined)
    return () => {
      loading.abort()
      setMesh(null)
      made?.dispose()
    }
  }, [isDrawn, format, stream.assetId, stream.index, scene, gl, invalidate])

  const seenPlanes = useRef(-1)
  useFrame(() => {
    const planes = planesOf?.() ?? seenPlanes.current
    if (!mesh || planes === seenPlanes.current) return
    seenPlanes.current = planes
    mesh.updateVersion()
  })
  return mesh
}
