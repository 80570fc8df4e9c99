import { useEffect } from 'react'
import { useThree } from '@react-three/fiber'
import { Matrix4, Object3D, Vector3, type EventDispatcher } from 'three'
import { TransformControls } from 'three/examples/jsm/controls/TransformControls.js'
import { transformId } from '../../../shared/document/document.ts'
import type { Transform } from '../../../shared/document/records.ts'
import { useEngine } from '../state/engine-context.ts'
import { t } from '../i18n/text.ts'
import { objectName } from './placement.ts'

interface PlaceToolProps {
  readonly assetId: string
  /** `world_from_asset`, column-major, where the asset stands now. */
  readonly matrix: readonly number[]
  readonly mode: 'translate' | 'rotate'
}

/** A gizmo on one recording. What it is left at becomes its place, by hand: later runs leave it alone. */
export function PlaceTool({ assetId, matrix, mode }: PlaceToolProps) {
  const camera = useThree((state) => state.camera)
  const canvas = useThree((state) => state.gl.domElement)
  const scene = useThree((state) => state.scene)
  const orbit = useThree((state) => state.controls)
  const invalidate = useThree((state) => state.invalidate)
  const { commit } = useEngine()

  useEffect(() => {
    const handle = new Object3D()
    new Matrix4().fromArray(matrix).decompose(handle.position, handle.quaternion, handle.scale)
    const gizmo = new TransformControls(camera, canvas)
    gizmo.setMode(mode)
    gizmo.attach(handle)
    const helper = gizmo.getHelper()
    scene.add(handle, helper)
    const orbiting = orbit as (EventDispatcher & { enabled: boolean }) | null
    gizmo.addEventListener('dragging-changed', ({ value }) => {
      if (orbiting) orbiting.enabled = !value
      if (!value)
        commit(t('stage.placeByHand'), (draft) => void draft.set(transformId(assetId), placed(assetId, handle)))
    })
    gizmo.addEventListener('objectChange', () => {
      handle.updateMatrix()
      for (const object of scene.getObjectsByProperty('name', objectName(assetId))) {
        object.matrix.copy(handle.matrix)
        object.matrixWorldNeedsUpdate = true
      }
    })
    gizmo.addEventListener('change', () => invalidate())
    invalidate()
    return () => {
      scene.remove(handle, helper)
      gizmo.detach()
      gizmo.dispose()
      invalidate()
    }
  }, [assetId, matrix, mode, camera, canvas, scene, orbit, invalidate, commit])
  return null
}

function placed(assetId: string, handle: Object3D): Transform {
  handle.updateMatrix()
  const scale = new Vector3().setFromMatrixScale(handle.matrix)
  return {
    kind: 'transform',
    id: transformId(assetId),
    assetId,
    worldFromAsset: handle.matrix.toArray(),
    scale: (scale.x + scale.y + scale.z) / 3,
    covariance: null,
    rmseMetres: null,
    overlap: null,
    confidence: 1,
    method: 'hand',
    evidenceIds: [],
    manual: true,
  }
}
