import { useEffect, useMemo } from 'react'
import { useThree } from '@react-three/fiber'
import { Box3, BoxGeometry, EdgesGeometry, Matrix4, Object3D } from 'three'
import type { Stream } from '../../../shared/document/records.ts'
import { titleOfAsset } from '../align/align-facts.tsx'
import { decimalWords, t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { announce } from '../state/session-store.ts'
import { putGizmo, useGizmoView } from './gizmo.ts'
import { boxOfStream, type Placement } from './placement.ts'
import { boxAt, boxOf, boxStepped, partsOf, placeBoxPlanes } from './scan-boxes.ts'
import { useScanClick } from './scan-click.ts'
import { axisSeen } from './seen-axes.ts'
import { inFrame, rightSeen, UP } from './seen-from.ts'
import { useStage, type ScanBox } from './stage-store.ts'
import { lendToKeys, type Direction } from './world-keys.ts'

const WORKED_ON = '#ffc95c'
const OTHER = '#5cd6ff'

interface BoxToolProps {
  readonly scans: readonly Stream[]
  readonly placements: ReadonlyMap<string, Placement>
}

/** A click on a scan puts a box about the place; its handles move and size it, in the frame of the scan. */
export function BoxTool({ scans, placements }: BoxToolProps) {
  const invalidate = useThree((state) => state.invalidate)
  const { boxes, boxMode, clipsToBox } = useStage()
  const active = boxes.at(-1)
  useScanClick(
    ({ assetId, inAsset }) => {
      const bounds = new Box3()
      for (const stream of scans) if (stream.assetId === assetId) bounds.union(boxOfStream(stream))
      useStage.setState({ boxes: boxAt(boxes, assetId, inAsset, bounds), keysOnBox: true })
      announce(t('stage.keysOnBox'))
    },
    () => true,
  )
  useEffect(() => {
    const matrix = new Matrix4().fromArray(placements.get(active?.assetId ?? '')?.matrix ?? new Matrix4().toArray())
    placeBoxPlanes(clipsToBox ? (active ?? null) : null, matrix)
    invalidate()
  }, [active, clipsToBox, placements, invalidate])
  useEffect(
    () => () => {
      placeBoxPlanes(null, new Matrix4())
      invalidate()
    },
    [invalidate],
  )
  return (
    <>
      {boxes.map((box) => {
        const matrix = placements.get(box.assetId)?.matrix
        return matrix ? <BoxEdges key={box.assetId} box={box} matrix={matrix} isActive={box === active} /> : null
      })}
      {active && placements.has(active.assetId) ? (
        <BoxHandles box={active} matrix={placements.get(active.assetId)!.matrix} mode={boxMode} />
      ) : null}
    </>
  )
}

function BoxEdges({ box, matrix, isActive }: { box: ScanBox; matrix: readonly number[]; isActive: boolean }) {
  const edges = useMemo(() => new EdgesGeometry(new BoxGeometry(1, 1, 1)), [])
  useEffect(() => () => edges.dispose(), [edges])
  const placed = useMemo(() => {
    const { middle, half } = partsOf(box)
    const shape = new Matrix4().makeScale(half.x * 2, half.y * 2, half.z * 2).setPosition(middle)
    return new Matrix4().fromArray(matrix).multiply(shape)
  }, [box, matrix])
  return (
    <lineSegments geometry={edges} matrix={placed} matrixAutoUpdate={false} renderOrder={1}>
      <lineBasicMaterial color={isActive ? WORKED_ON : OTHER} depthTest={false} />
    </lineSegments>
  )
}

interface BoxHandlesProps {
  readonly box: ScanBox
  readonly matrix: readonly number[]
  readonly mode: 'translate' | 'scale'
}

function BoxHandles({ box, matrix, mode }: BoxHandlesProps) {
  const view = useGizmoView()
  const { assetId } = box
  useEffect(() => {
    const frame = new Object3D()
    frame.matrixAutoUpdate = false
    frame.matrix.fromArray(matrix)
    const handle = new Object3D()
    const { middle, half } = partsOf(box)
    handle.position.copy(middle)
    handle.scale.copy(half)
    frame.add(handle)
    return putGizmo(view, {
      handle,
      root: frame,
      mode,
      isLocal: true,
      size: 0.7,
      onLeft: () => {
        const changed = boxOf(assetId, handle.position, handle.scale)
        useStage.setState(({ boxes }) => ({ boxes: boxes.map((each) => (each.assetId === assetId ? changed : each)) }))
      },
    })
  }, [box, assetId, matrix, mode, view])

  useEffect(() => {
    const step = (direction: Direction, isFine: boolean): void => {
      const { boxes } = useStage.getState()
      const now = boxes.find((each) => each.assetId === assetId)
      if (!now) return
      const seen = axisSeen(direction, inFrame(rightSeen(view.camera), matrix), inFrame(UP, matrix))
      const grows = direction === 'right' || direction === 'away' || direction === 'raise'
      const changed = boxStepped(now, mode, seen, grows, isFine)
      useStage.setState({ boxes: boxes.map((each) => (each.assetId === assetId ? changed : each)) })
      announce(boxWords(changed))
    }
    return lendToKeys({ box: step })
  }, [assetId, matrix, mode, view])
  return null
}

function boxWords(box: ScanBox): string {
  const { middle, half } = partsOf(box)
  const metres = (value: number): string => decimalWords(value, 2)
  return t('stage.boxNow', {
    name: titleOfAsset(useDocument.getState().document, box.assetId),
    width: metres(half.x * 2),
    height: metres(half.y * 2),
    depth: metres(half.z * 2),
    x: metres(middle.x),
    y: metres(middle.y),
    z: metres(middle.z),
  })
}
