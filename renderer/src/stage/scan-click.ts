/** Clicks on scans: which place of which recording lies under the pointer. */
import { useEffect } from 'react'
import { useThree } from '@react-three/fiber'
import { Matrix4, Raycaster, Vector2, type Object3D } from 'three'
import { useLatest } from '../ui/use-latest.ts'
import { assetOfObject } from './placement.ts'
import { scanPlanes } from './scan-planes.ts'
import type { Point } from './stage-store.ts'

/** A click is no drag: the pointer stays within this. */
const CLICK_PIXELS = 4
/** How near a ray must pass a point to hit it, metres. */
const POINT_REACH_METRES = 0.03

export interface ScanClick {
  readonly assetId: string
  /** In the world, metres. */
  readonly inWorld: Point
  /** In the recording's own frame, metres. */
  readonly inAsset: Point
}

/** @param accepts Recordings that do not count are looked through. */
export function useScanClick(onClick: (click: ScanClick) => void, accepts: (assetId: string) => boolean): void {
  const camera = useThree((state) => state.camera)
  const canvas = useThree((state) => state.gl.domElement)
  const scene = useThree((state) => state.scene)
  const latest = useLatest({ onClick, accepts })

  useEffect(() => {
    let from: Vector2 | null = null
    const down = (event: PointerEvent): void => void (from = new Vector2(event.clientX, event.clientY))
    const up = (event: PointerEvent): void => {
      const moved = from?.distanceTo(new Vector2(event.clientX, event.clientY)) ?? Infinity
      from = null
      if (moved > CLICK_PIXELS) return
      const { left, top, width, height } = canvas.getBoundingClientRect()
      const at = new Vector2(((event.clientX - left) / width) * 2 - 1, 1 - ((event.clientY - top) / height) * 2)
      const ray = new Raycaster()
      ray.params.Points = { threshold: POINT_REACH_METRES }
      ray.setFromCamera(at, camera)
      const hits = ray
        .intersectObjects(scansIn(scene), false)
        .filter(({ point }) => scanPlanes.every((plane) => plane.distanceToPoint(point) >= 0))
        .map(({ point, object }) => ({ point, asset: assetOfObject(object) }))
      const hit = hits.find(({ asset }) => asset !== null && latest.current.accepts(asset.assetId))
      if (!hit?.asset) return
      const { asset } = hit
      const own = hit.point.clone().applyMatrix4(new Matrix4().copy(asset.group.matrixWorld).invert())
      latest.current.onClick({
        assetId: asset.assetId,
        inWorld: [hit.point.x, hit.point.y, hit.point.z],
        inAsset: [own.x, own.y, own.z],
      })
    }
    canvas.addEventListener('pointerdown', down)
    canvas.addEventListener('pointerup', up)
    return () => {
      canvas.removeEventListener('pointerdown', down)
      canvas.removeEventListener('pointerup', up)
    }
  }, [camera, canvas, scene, latest])
}

/** What scans draw: clouds and meshes, no paths, grids or tools. */
function scansIn(scene: Object3D): Object3D[] {
  const found: Object3D[] = []
  scene.traverseVisible((object) => {
    if (object.userData['isScan'] === true) found.push(object)
  })
  return found
}
