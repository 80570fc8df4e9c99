/** What a depth sensor sees from a pose: distance along its axis to the room and to the person's limbs. */
import type { Pose, Quat, Vec3 } from './linear.ts'
import { conjugate, dot, invert, normalize, rotate, sub, transform } from './linear.ts'
import type { Limb } from './person.ts'
import type { Scene } from './scene.ts'

export interface DepthCamera {
  readonly width: number
  readonly height: number
  /** In pixels; pixel i covers i to i + 1, so the middle of the picture is at width / 2. */
  readonly focal: number
}

export interface DepthView {
  /** Metres along the axis, row-major from the top left; 0 where nothing is hit. */
  readonly depth: Float64Array
  /** Cosine between the ray and the surface, 0 where nothing is hit. */
  readonly facing: Float64Array
}

/** Distance to an ellipsoid that is the unit ball after the limb's own placement, or Infinity. */
function limbDistance(limb: { position: Vec3; inverse: Quat; size: Vec3 }, o: Vec3, d: Vec3): number {
  const a = rotate(limb.inverse, sub(o, limb.position))
  const b = rotate(limb.inverse, d)
  const p: Vec3 = [a[0] / limb.size[0], a[1] / limb.size[1], a[2] / limb.size[2]]
  const q: Vec3 = [b[0] / limb.size[0], b[1] / limb.size[1], b[2] / limb.size[2]]
  const qq = dot(q, q)
  const pq = dot(p, q)
  const inside = pq * pq - qq * (dot(p, p) - 1)
  return inside < 0 || -pq < 0 ? Infinity : (-pq - Math.sqrt(inside)) / qq
}

export function depthFrom(scene: Scene, pose: Pose, camera: DepthCamera, limbs: readonly Limb[] = []): DepthView {
  const { width, height, focal } = camera
  const depth = new Float64Array(width * height)
  const facing = new Float64Array(width * height)
  const back = invert(pose)
  const near = limbs
    .map((l) => {
      const long = l.shape === 'round'
      const size: Vec3 = long
        ? [l.size[0] * 1.1, l.size[1] * 0.56, l.size[2] * 1.1]
        : l.shape === 'cup'
          ? [0.037, 0.05, 0.037]
          : l.size
      const middle: Vec3 = long ? [0, l.size[1] / 2, 0] : l.shape === 'cup' ? [0, 0.04, 0] : [0, 0, 0]
      return { position: transform(l, middle), inverse: conjugate(l.rotation), size }
    })
    .filter((l) => transform(back, l.position)[2] < 0.1)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const local = normalize([(x + 0.5 - width / 2) / focal, -(y + 0.5 - height / 2) / focal, -1])
      const d = rotate(pose.rotation, local)
      const [ox, oy, oz] = pose.position
      const hit = scene.tree.nearest(ox, oy, oz, d[0], d[1], d[2])
      let distance = hit?.distance ?? Infinity
      let cosine = 0
      if (hit) {
        const s = scene.surfaces[hit.surface]
        const i = Math.min(s.columns - 1, Math.floor(hit.u * s.columns))
        const j = Math.min(s.rows - 1, Math.floor(hit.v * s.rows))
        const k = (j * (s.columns + 1) + i) * 3
        cosine = Math.abs(dot(d, [s.normals[k], s.normals[k + 1], s.normals[k + 2]]))
      }
      for (const limb of near) {
        const at = limbDistance(limb, pose.position, d)
        if (at < distance) {
          distance = at
          cosine = 0.5
        }
      }
      if (distance === Infinity) continue
      depth[y * width + x] = -local[2] * distance
      facing[y * width + x] = cosine
    }
  }
  return { depth, facing }
}
