/** Boxes around parts of scans, along the axes of each scan: what is compared, or all that is shown. */
import { Plane, Vector3, type Box3, type Matrix4 } from 'three'
import type { SeenAxis } from './seen-axes.ts'
import type { Point, ScanBox } from './stage-store.ts'

/** A new box is this share of its scan across. */
const SHARE = 0.5
const LEAST_HALF_METRES = 0.01
const STEP_METRES = 0.1
const FINE_STEP_METRES = 0.01
/** Two recordings are compared; a third box takes the place of the first. */
const MOST_BOXES = 2
/** Far enough that a plane cuts nothing. */
const NOWHERE = 1e6

/** One plane a side, always the same objects: three compiles a shader for each count. */
export const boxPlanes: readonly Plane[] = Array.from({ length: 6 }, () => new Plane(new Vector3(0, 1, 0), NOWHERE))

/** With a click: a box about the place, or the box that the recording has already, to be worked on. */
export function boxAt(boxes: readonly ScanBox[], assetId: string, place: Point, bounds: Box3): readonly ScanBox[] {
  const others = boxes.filter((box) => box.assetId !== assetId)
  const known = boxes.find((box) => box.assetId === assetId)
  return [...others, known ?? boxAbout(assetId, place, bounds)].slice(-MOST_BOXES)
}

function boxAbout(assetId: string, place: Point, bounds: Box3): ScanBox {
  const half = bounds.getSize(new Vector3()).multiplyScalar(SHARE / 2)
  return boxOf(assetId, new Vector3(...place), half)
}

/** @param half Half of its sizes, metres; a box turned inside out by its handles is put right. */
export function boxOf(assetId: string, middle: Vector3, half: Vector3): ScanBox {
  const size = half.toArray().map((value) => Math.max(LEAST_HALF_METRES, Math.abs(value)))
  const side = (sign: number): Point => {
    const [x, y, z] = middle.toArray()
    return [x + sign * size[0]!, y + sign * size[1]!, z + sign * size[2]!]
  }
  return { assetId, min: side(-1), max: side(1) }
}

/**
 * The box a step further along an axis of its scan, or larger or smaller along it, about the same middle.
 *
 * @param grows whether the step makes it larger, where it is sized
 */
export function boxStepped(
  box: ScanBox,
  mode: 'translate' | 'scale',
  { axis, sign }: SeenAxis,
  grows: boolean,
  isFine: boolean,
): ScanBox {
  const { middle, half } = partsOf(box)
  const metres = isFine ? FINE_STEP_METRES : STEP_METRES
  if (mode === 'translate') middle.setComponent(axis, middle.getComponent(axis) + sign * metres)
  else half.setComponent(axis, Math.max(0, half.getComponent(axis) + ((grows ? 1 : -1) * metres) / 2))
  return boxOf(box.assetId, middle, half)
}

/** Where its middle is and half of its sizes, metres: what `boxOf` makes a box of. */
export function partsOf(box: ScanBox): { middle: Vector3; half: Vector3 } {
  const [min, max] = [new Vector3(...box.min), new Vector3(...box.max)]
  return { middle: min.clone().add(max).multiplyScalar(0.5), half: max.clone().sub(min).multiplyScalar(0.5) }
}

/** Lets the planes cut away what lies outside the box; with null, nothing. */
export function placeBoxPlanes(box: ScanBox | null, worldFromAsset: Matrix4): void {
  for (const [n, plane] of boxPlanes.entries()) {
    plane.setComponents(0, 1, 0, NOWHERE)
    if (!box) continue
    const axis = n % 3
    const inward = n < 3 ? 1 : -1
    plane.normal.set(0, 0, 0).setComponent(axis, inward)
    plane.constant = n < 3 ? -box.min[axis]! : box.max[axis]!
    plane.applyMatrix4(worldFromAsset)
  }
}
