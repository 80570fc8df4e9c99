/**
 * Where scans really lie in the world, once they are loaded: without outliers, and turned as the room is turned. Where
 * there are none, the paths of devices and the joints of bodies stand for them.
 */
import { Box3, Matrix4, Vector3 } from 'three'
import { create } from 'zustand'

const SAMPLES = 1500
/** A few stray points behind a window must not make the room larger. */
const OUTLIER_SHARE = 0.01
const YAW_STEP = Math.PI / 180

/** Some points of a scan, or of what moved, in the world. */
export interface WorldSample {
  readonly isScan: boolean
  readonly points: readonly Vector3[]
  /** False for what only stands beside the world. */
  readonly isPlaced: boolean
}

/** A box that may be turned about the vertical: `world_from_box` is that turn. */
export interface TurnedBox {
  readonly box: Box3
  readonly worldFromBox: Matrix4
}

export const useWorldSamples = create<{ readonly samples: ReadonlyMap<string, WorldSample> }>(() => ({
  samples: new Map(),
}))

export function keepWorldSample(streamId: string, sample: WorldSample | null): void {
  useWorldSamples.setState(({ samples }) => {
    const next = new Map(samples)
    if (sample) next.set(streamId, sample)
    else next.delete(streamId)
    return { samples: next }
  })
}

export function samplePoints(positions: Float32Array, origin: readonly number[], worldFromAsset: Matrix4): Vector3[] {
  const count = positions.length / 3
  const stride = Math.max(1, Math.floor(count / SAMPLES))
  const shift = new Vector3().fromArray(origin)
  const points: Vector3[] = []
  for (let i = 0; i < count; i += stride)
    points.push(
      new Vector3()
        .fromArray(positions, i * 3)
        .add(shift)
        .applyMatrix4(worldFromAsset),
    )
  return points
}

/**
 * The least box around the scans that have a place in the world; around all of them while none has. Rooms seldom stand along
 * the axes of their scan: of all turns about the vertical, the one with the smallest footprint is theirs.
 */
export function worldBox(samples: ReadonlyMap<string, WorldSample>): TurnedBox | null {
  const all = [...samples.values()]
  const scans = all.filter((each) => each.isScan)
  const known = scans.length > 0 ? scans : all
  const placed = known.filter((each) => each.isPlaced)
  const points = (placed.length > 0 ? placed : known).flatMap((each) => each.points)
  if (points.length === 0) return null
  let yaw = 0
  let least = Infinity
  for (let turn = 0; turn < Math.PI / 2; turn += YAW_STEP) {
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
    const [x0, x1] = spread(points.map((point) => cos * point.x - sin * point.z))
    const [z0, z1] = spread(points.map((point) => sin * point.x + cos * point.z))
    const area = (x1 - x0) * (z1 - z0)
    if (area < least) [least, yaw] = [area, turn]
  }
  const boxFromWorld = new Matrix4().makeRotationY(-yaw)
  const turned = points.map((point) => point.clone().applyMatrix4(boxFromWorld))
  const box = new Box3()
  for (const axis of [0, 1, 2]) {
    const [from, to] = spread(turned.map((point) => point.getComponent(axis)))
    box.min.setComponent(axis, from)
    box.max.setComponent(axis, to)
  }
  return { box, worldFromBox: boxFromWorld.clone().invert() }
}

function spread(values: readonly number[]): [from: number, to: number] {
  const sorted = Float64Array.from(values).sort()
  const out = Math.floor(sorted.length * OUTLIER_SHARE)
  return [sorted[out]!, sorted[sorted.length - 1 - out]!]
}
