import { useEffect } from 'react'
import { Matrix4, Object3D } from 'three'
import { transformId } from '../../../shared/document/document.ts'
import { translationOf } from '../../../shared/geometry/matrix4.ts'
import { titleOfAsset } from '../align/align-facts.tsx'
import { decimalWords, t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { putGizmo, useGizmoView } from './gizmo.ts'
import { alongAxis, anglesOf, movedBy, placeByHand, turnedBy } from './place-by-hand.ts'
import { objectName } from './placement.ts'
import { axisSeen } from './seen-axes.ts'
import { lendToKeys, type Direction } from './world-keys.ts'
import { rightSeen, UP } from './seen-from.ts'

const STEP_METRES = 0.1
const FINE_STEP_METRES = 0.01
const STEP_DEGREES = 5
const FINE_STEP_DEGREES = 0.5

interface PlaceToolProps {
  readonly assetId: string
  /** `world_from_asset`, column-major, where the asset stands now. */
  readonly matrix: readonly number[]
  readonly mode: 'translate' | 'rotate'
}

/** A gizmo on one recording. What it is left at becomes its place, by hand: later runs leave it alone. */
export function PlaceTool({ assetId, matrix, mode }: PlaceToolProps) {
  const view = useGizmoView()
  const { commit } = useEngine()

  useEffect(() => {
    const handle = new Object3D()
    new Matrix4().fromArray(matrix).decompose(handle.position, handle.quaternion, handle.scale)
    return putGizmo(view, {
      handle,
      root: handle,
      mode,
      onMove: () => {
        handle.updateMatrix()
        for (const object of view.scene.getObjectsByProperty('name', objectName(assetId))) {
          object.matrix.copy(handle.matrix)
          object.matrixWorldNeedsUpdate = true
        }
      },
      onLeft: () => {
        handle.updateMatrix()
        const left = handle.matrix.toArray()
        commit(t('stage.placeByHand'), (draft) => placeByHand(draft, assetId, left))
      },
    })
  }, [assetId, matrix, mode, view, commit])

  useEffect(() => {
    // Presses that come quicker than the window draws go on from one another.
    const place = (): readonly number[] => {
      const known = useDocument.getState().document.get(transformId(assetId))
      return known?.kind === 'transform' ? known.worldFromAsset : matrix
    }
    const step = (direction: Direction, isFine: boolean): void => {
      const next = (mode === 'translate' ? moved : turned)(place(), direction, isFine)
      const name = titleOfAsset(useDocument.getState().document, assetId)
      const label = mode === 'translate' ? movedWords(name, next) : turnedWords(name, next)
      commit(label, (draft) => placeByHand(draft, assetId, next), `${mode} ${assetId.slice(0, 80)}`)
    }
    const moved = (from: readonly number[], direction: Direction, isFine: boolean): number[] => {
      const { axis, sign } = axisSeen(direction, rightSeen(view.camera), UP)
      return movedBy(from, alongAxis(axis, sign * (isFine ? FINE_STEP_METRES : STEP_METRES)))
    }
    const turned = (from: readonly number[], direction: Direction, isFine: boolean): number[] => {
      const { about, sense } = TURNS[direction]
      const { axis, sign } = axisSeen(about, rightSeen(view.camera), UP)
      return turnedBy(from, axis, sign * sense * (isFine ? FINE_STEP_DEGREES : STEP_DEGREES))
    }
    return lendToKeys({ recording: step })
  }, [assetId, matrix, mode, view, commit])
  return null
}

/** What each direction turns about, and which way round: to the left, its top away, as the hands of a clock. */
const TURNS: Readonly<Record<Direction, { readonly about: Direction; readonly sense: 1 | -1 }>> = {
  left: { about: 'raise', sense: 1 },
  right: { about: 'raise', sense: -1 },
  away: { about: 'right', sense: -1 },
  toward: { about: 'right', sense: 1 },
  raise: { about: 'away', sense: 1 },
  lower: { about: 'away', sense: -1 },
}

function movedWords(name: string, matrix: readonly number[]): string {
  const [x, y, z] = translationOf(matrix)
  return t('stage.movedTo', { name, x: decimalWords(x, 2), y: decimalWords(y, 2), z: decimalWords(z, 2) })
}

function turnedWords(name: string, matrix: readonly number[]): string {
  const [heading, pitch, roll] = anglesOf(matrix)
  return t('stage.turnedTo', {
    name,
    heading: decimalWords(heading, 1),
    pitch: decimalWords(pitch, 1),
    roll: decimalWords(roll, 1),
  })
}
