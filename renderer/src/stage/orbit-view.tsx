import { useEffect, useRef } from 'react'
import { useThree } from '@react-three/fiber'
import { Box3, Matrix4, Vector3 } from 'three'
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js'
import { recordsOf, transformId, type Document } from '../../../shared/document/document.ts'

/** Orbiting around what there is: the camera is set back far enough to see it all, once. */
export function OrbitView({ document }: { document: Document }) {
  const { camera, gl, invalidate } = useThree()
  const controls = useRef<OrbitControls | null>(null)
  const framed = useRef('')

  useEffect(() => {
    const orbit = new OrbitControls(camera, gl.domElement)
    orbit.enableDamping = false
    orbit.addEventListener('change', () => invalidate())
    controls.current = orbit
    return () => orbit.dispose()
  }, [camera, gl, invalidate])

  useEffect(() => {
    const { box, key } = worldBounds(document)
    const orbit = controls.current
    // Frames again only when the set of things changed, never while the person looks around.
    if (!orbit || box.isEmpty() || framed.current === key) return
    framed.current = key
    const centre = box.getCenter(new Vector3())
    const radius = Math.max(0.5, box.getSize(new Vector3()).length() / 2)
    orbit.target.copy(centre)
    camera.position.copy(centre).add(new Vector3(0.75, 0.85, 1).normalize().multiplyScalar(radius * 2.1))
    orbit.update()
    invalidate()
  }, [document, camera, invalidate])
  return null
}

function worldBounds(document: Document): { box: Box3; key: string } {
  const box = new Box3()
  const keys: string[] = []
  for (const stream of recordsOf(document, 'stream')) {
    if (!stream.boundsMetres) continue
    const transform = document.get(transformId(stream.assetId))
    const own = new Box3(
      new Vector3(...(stream.boundsMetres.min as [number, number, number])),
      new Vector3(...(stream.boundsMetres.max as [number, number, number])),
    )
    if (transform?.kind === 'transform') own.applyMatrix4(new Matrix4().fromArray(transform.worldFromAsset))
    box.union(own)
    keys.push(`${stream.id}${transform ? '+' : ''}`)
  }
  return { box, key: keys.join() }
}
