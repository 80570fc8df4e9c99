import { useMemo } from 'react'
import { useThree } from '@react-three/fiber'
import type { Camera, EventDispatcher, Object3D, Scene } from 'three'
import { TransformControls } from 'three/examples/jsm/controls/TransformControls.js'

/** What a gizmo needs of the view that it stands in. */
export interface GizmoView {
  readonly camera: Camera
  readonly canvas: HTMLElement
  readonly scene: Scene
  /** Turns the view; it rests while a handle is dragged. */
  readonly orbit: EventDispatcher | null
  readonly invalidate: () => void
}

/** The same object until something of it changes, so that effects can depend on it. */
export function useGizmoView(): GizmoView {
  const camera = useThree((state) => state.camera)
  const canvas = useThree((state) => state.gl.domElement)
  const scene = useThree((state) => state.scene)
  const orbit = useThree((state) => state.controls)
  const invalidate = useThree((state) => state.invalidate)
  return useMemo(() => ({ camera, canvas, scene, orbit, invalidate }), [camera, canvas, scene, orbit, invalidate])
}

interface GizmoOptions {
  /** What the handles move, turn or size. */
  readonly handle: Object3D
  /** What of it goes into the scene: itself, or the frame that it stands in. */
  readonly root: Object3D
  readonly mode: 'translate' | 'rotate' | 'scale'
  /** Along the axes of its frame instead of those of the world. */
  readonly isLocal?: boolean
  /** Of the usual one; 1 without it. */
  readonly size?: number
  /** With every move of a drag. */
  readonly onMove?: () => void
  /** When a drag ends. */
  readonly onLeft: () => void
}

/** Puts handles on an object. The function that is returned takes both away. */
export function putGizmo(
  { camera, canvas, scene, orbit, invalidate }: GizmoView,
  { handle, root, mode, isLocal = false, size = 1, onMove, onLeft }: GizmoOptions,
): () => void {
  const gizmo = new TransformControls(camera, canvas)
  gizmo.setMode(mode)
  gizmo.setSpace(isLocal ? 'local' : 'world')
  gizmo.setSize(size)
  const helper = gizmo.getHelper()
  scene.add(root, helper)
  root.updateMatrixWorld(true)
  gizmo.attach(handle)
  const orbiting = orbit as (EventDispatcher & { enabled: boolean }) | null
  gizmo.addEventListener('dragging-changed', ({ value }) => {
    if (orbiting) orbiting.enabled = !value
    if (!value) onLeft()
  })
  if (onMove) gizmo.addEventListener('objectChange', onMove)
  gizmo.addEventListener('change', () => invalidate())
  invalidate()
  return () => {
    scene.remove(root, helper)
    gizmo.detach()
    gizmo.dispose()
    invalidate()
  }
}
