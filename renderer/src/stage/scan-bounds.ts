/** Where scans really lie in the world, once they are loaded: tighter than their boxes, which a turn inflates. */
import { Box3, Vector3, type Matrix4 } from 'three'
import { create } from 'zustand'

const SAMPLES = 4000
/** A few stray points behind a window must not make the room larger. */
const OUTLIER_SHARE = 0.005

export interface ScanBounds {
  readonly box: Box3
  /** False for what only stands beside the world. */
  readonly isPlaced: boolean
}

export const useScanBounds = create<{ readonly boxes: ReadonlyMap<string, ScanBounds> }>(() => ({ boxes: new Map() }))

export function keepScanBounds(streamId: string, bounds: ScanBounds | null): void {
  useScanBounds.setState(({ boxes }) => {
    const next = new Map(boxes)
    if (bounds) next.set(streamId, bounds)
    else next.delete(streamId)
    return { boxes: next }
  })
}

/** The box of a scan in the world without its outliers, from a few thousand of its points. */
export function boundsOf(positions: Float32Array, origin: readonly number[], worldFromAsset: Matrix4): Box3 {
  const count = positions.length / 3
  const stride = Math.max(1, Math.floor(count / SAMPLES))
  const axes: [number[], number[], number[]] = [[], [], []]
  const point = new Vector3()
  for (let i = 0; i < count; i += stride) {
    point.set(positions[i * 3]! + origin[0]!, positions[i * 3 + 1]! + origin[1]!, positions[i * 3 + 2]! + origin[2]!)
    point.applyMatrix4(worldFromAsset)
    axes[0].push(point.x)
    axes[1].push(point.y)
    axes[2].push(point.z)
  }
  const box = new Box3()
  if (axes[0].length === 0) return box
  for (const [n, axis] of axes.entries()) {
    axis.sort((a, b) => a - b)
    const out = Math.floor(axis.length * OUTLIER_SHARE)
    box.min.setComponent(n, axis[out]!)
    box.max.setComponent(n, axis[axis.length - 1 - out]!)
  }
  return box
}

/** The box around what has a place in the world; around everything while nothing has. Empty while nothing is loaded. */
export function worldBox(boxes: ReadonlyMap<string, ScanBounds>): Box3 {
  const all = new Box3()
  const known = [...boxes.values()]
  const placed = known.filter((each) => each.isPlaced)
  for (const { box } of placed.length > 0 ? placed : known) all.union(box)
  return all
}
