/** Places of scans, clicked or taken by keys: which place of which recording lies under the pointer or the crosshair. */
import { useEffect } from 'react'
import { useThree } from '@react-three/fiber'
import { Matrix4, Raycaster, Vector2, type Camera, type Object3D } from 'three'
import { titleOfAsset } from '../align/align-facts.tsx'
import { decimalWords, t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { announce } from '../state/session-store.ts'
import { useLatest } from '../ui/use-latest.ts'
import { assetOfObject } from './placement.ts'
import { scanPlanes } from './scan-planes.ts'
import { isPicking, useStage, type Crosshair, type Point } from './stage-store.ts'
import { lendToKeys, type Direction } from './world-keys.ts'

/** A click is no drag: the pointer stays within this. */
const CLICK_PIXELS = 4
/** How near a ray must pass a point to hit it, metres. */
const POINT_REACH_METRES = 0.03
const STEP_PIXELS = 16
const FINE_STEP_PIXELS = 1
/** What lies under the crosshair is said once it rests: every step would be more than anyone can hear. */
const REST_MILLISECONDS = 250

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
      const at = { across: ((event.clientX - left) / width) * 2 - 1, up: 1 - ((event.clientY - top) / height) * 2 }
      useStage.setState({ crosshair: at })
      const hit = hitsAt(at, camera, scene).find(({ assetId }) => latest.current.accepts(assetId))
      if (hit) latest.current.onClick(hit)
    }
    canvas.addEventListener('pointerdown', down)
    canvas.addEventListener('pointerup', up)
    return () => {
      canvas.removeEventListener('pointerdown', down)
      canvas.removeEventListener('pointerup', up)
    }
  }, [camera, canvas, scene, latest])

  useEffect(() => {
    let rests: ReturnType<typeof setTimeout> | undefined
    const sayWhatIsThere = (hits: readonly Hit[], accepts: (assetId: string) => boolean): void => {
      const there = hits.find(({ assetId }) => accepts(assetId)) ?? hits[0]
      const name = there ? titleOfAsset(useDocument.getState().document, there.assetId) : ''
      if (!there) announce(t('stage.nothingHere'))
      else if (!accepts(there.assetId)) announce(t('stage.notThisOne', { name }))
      else announce(t('stage.under', { name, metres: decimalWords(there.awayMetres, 2) }))
    }
    const step = (direction: Direction, isFine: boolean): void => {
      const { width, height } = canvas.getBoundingClientRect()
      const pixels = isFine ? FINE_STEP_PIXELS : STEP_PIXELS
      const by = { across: (2 * pixels) / width, up: (2 * pixels) / height }
      useStage.setState(({ crosshair }) => ({ crosshair: stepped(crosshair, direction, by) }))
      clearTimeout(rests)
      rests = setTimeout(() => {
        if (isPicking(useStage.getState()))
          sayWhatIsThere(hitsAt(useStage.getState().crosshair, camera, scene), latest.current.accepts)
      }, REST_MILLISECONDS)
    }
    const pick = (): void => {
      clearTimeout(rests)
      const hits = hitsAt(useStage.getState().crosshair, camera, scene)
      const hit = hits.find(({ assetId }) => latest.current.accepts(assetId))
      if (hit) latest.current.onClick(hit)
      else sayWhatIsThere(hits, latest.current.accepts)
    }
    const takeBackKeys = lendToKeys({ crosshair: step, pick })
    return () => {
      clearTimeout(rests)
      takeBackKeys()
    }
  }, [camera, canvas, scene, latest])
}

function stepped({ across, up }: Crosshair, direction: Direction, by: Crosshair): Crosshair {
  const within = (value: number): number => Math.max(-1, Math.min(1, value))
  const sideways = direction === 'right' ? 1 : direction === 'left' ? -1 : 0
  const upwards = direction === 'away' ? 1 : direction === 'toward' ? -1 : 0
  return { across: within(across + sideways * by.across), up: within(up + upwards * by.up) }
}

interface Hit extends ScanClick {
  /** From the eye. */
  readonly awayMetres: number
}

/** Every place that lies there, the nearest first. */
function hitsAt({ across, up }: Crosshair, camera: Camera, scene: Object3D): Hit[] {
  const ray = new Raycaster()
  ray.params.Points = { threshold: POINT_REACH_METRES }
  ray.setFromCamera(new Vector2(across, up), camera)
  return ray
    .intersectObjects(scansIn(scene), false)
    .filter(({ point }) => scanPlanes.every((plane) => plane.distanceToPoint(point) >= 0))
    .flatMap(({ point, object, distance }) => {
      const asset = assetOfObject(object)
      if (!asset) return []
      const own = point.clone().applyMatrix4(new Matrix4().copy(asset.group.matrixWorld).invert())
      const inWorld: Point = [point.x, point.y, point.z]
      return { assetId: asset.assetId, inWorld, inAsset: [own.x, own.y, own.z] as const, awayMetres: distance }
    })
}

/** What scans draw: clouds and meshes, no paths, grids or tools. */
function scansIn(scene: Object3D): Object3D[] {
  const found: Object3D[] = []
  scene.traverseVisible((object) => {
    if (object.userData['isScan'] === true) found.push(object)
  })
  return found
}
