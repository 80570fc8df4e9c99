/** A bounding volume tree over the triangles of the surfaces, for light, for the scanner and for the depth sensor. */
import type { Surface } from './surface.ts'

export interface Hit {
  readonly distance: number
  readonly surface: number
  readonly u: number
  readonly v: number
}

const LEAF = 4

export class RayTree {
  /** v0, e1, e2: nine numbers a triangle, in tree order. */
  private readonly triangles: Float64Array
  private readonly owner: Int32Array
  /** u0, v0, u1, v1, u2, v2. */
  private readonly uv: Float32Array
  private readonly bounds: Float64Array
  /** Per node: first triangle or left child; count (0 for inner nodes). */
  private readonly links: Int32Array
  private readonly stack = new Int32Array(128)
  readonly triangleCount: number
  private hitTriangle = -1
  private hitB1 = 0
  private hitB2 = 0

  constructor(surfaces: readonly Surface[]) {
    const corners: number[] = []
    const owners: number[] = []
    const uvs: number[] = []
    surfaces.forEach((s, id) => {
      if (s.layer === 'outside') return
      const at = (i: number, j: number): number => (j * (s.columns + 1) + i) * 3
      for (let j = 0; j < s.rows; j++) {
        for (let i = 0; i < s.columns; i++) {
          for (const ring of [
            [0, 0, 1, 0, 1, 1],
            [0, 0, 1, 1, 0, 1],
          ]) {
            for (let k = 0; k < 6; k += 2) {
              const p = at(i + ring[k], j + ring[k + 1])
              corners.push(s.positions[p], s.positions[p + 1], s.positions[p + 2])
              uvs.push((i + ring[k]) / s.columns, (j + ring[k + 1]) / s.rows)
            }
            owners.push(id)
          }
        }
      }
    })
    const count = owners.length
    this.triangleCount = count
    const order = Int32Array.from({ length: count }, (_, i) => i)
    const centre = new Float64Array(count * 3)
    for (let t = 0; t < count; t++) {
      for (let c = 0; c < 3; c++)
        centre[t * 3 + c] = (corners[t * 9 + c] + corners[t * 9 + 3 + c] + corners[t * 9 + 6 + c]) / 3
    }
    const bounds: number[] = []
    const links: number[] = []
    const build = (from: number, to: number): number => {
      const node = links.length / 2
      links.push(0, 0)
      const box = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity]
      const spread = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity]
      for (let i = from; i < to; i++) {
        const t = order[i]
        for (let k = 0; k < 9; k++) {
          const x = corners[t * 9 + k]
          if (x < box[k % 3]) box[k % 3] = x
          if (x > box[3 + (k % 3)]) box[3 + (k % 3)] = x
        }
        for (let c = 0; c < 3; c++) {
          spread[c] = Math.min(spread[c], centre[t * 3 + c])
          spread[3 + c] = Math.max(spread[3 + c], centre[t * 3 + c])
        }
      }
      bounds.push(...box)
      const widths = [0, 1, 2].map((c) => spread[3 + c] - spread[c])
      const axis = widths.indexOf(Math.max(...widths))
      if (to - from <= LEAF || widths[axis] < 1e-9) {
        links[node * 2] = from
        links[node * 2 + 1] = to - from
        return node
      }
      const middle = this.split(order, corners, centre, from, to, axis, spread)
      build(from, middle)
      links[node * 2] = build(middle, to)
      return node
    }
    build(0, count)
    this.bounds = Float64Array.from(bounds)
    this.links = Int32Array.from(links)
    this.triangles = new Float64Array(count * 9)
    this.owner = new Int32Array(count)
    this.uv = new Float32Array(count * 6)
    for (let i = 0; i < count; i++) {
      const t = order[i]
      for (let c = 0; c < 3; c++) {
        this.triangles[i * 9 + c] = corners[t * 9 + c]
        this.triangles[i * 9 + 3 + c] = corners[t * 9 + 3 + c] - corners[t * 9 + c]
        this.triangles[i * 9 + 6 + c] = corners[t * 9 + 6 + c] - corners[t * 9 + c]
      }
      this.owner[i] = owners[t]
      this.uv.set(uvs.slice(t * 6, t * 6 + 6), i * 6)
    }
  }

  /** Sixteen bins and the surface area measure; the middle where every centre falls in one bin. */
  private split(
    order: Int32Array,
    corners: readonly number[],
    centre: Float64Array,
    from: number,
    to: number,
    axis: number,
    spread: readonly number[],
  ): number {
    const bins = 16
    const low = spread[axis]
    const k = bins / (spread[3 + axis] - low)
    const binOf = (t: number): number => Math.min(bins - 1, Math.floor((centre[t * 3 + axis] - low) * k))
    const box = Array.from({ length: bins }, () => [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity, 0])
    const grow = (a: number[], t: number): void => {
      for (let i = 0; i < 9; i++) {
        const x = corners[t * 9 + i]
        if (x < a[i % 3]) a[i % 3] = x
        if (x > a[3 + (i % 3)]) a[3 + (i % 3)] = x
      }
      a[6]++
    }
    for (let i = from; i < to; i++) grow(box[binOf(order[i])], order[i])
    const join = (a: number[], b: readonly number[]): void => {
      for (let c = 0; c < 3; c++) {
        a[c] = Math.min(a[c], b[c])
        a[3 + c] = Math.max(a[3 + c], b[3 + c])
      }
      a[6] += b[6]
    }
    const cost = (a: readonly number[]): number => {
      if (a[6] === 0) return 0
      const [x, y, z] = [a[3] - a[0], a[4] - a[1], a[5] - a[2]]
      return (x * y + y * z + z * x) * a[6]
    }
    const empty = (): number[] => [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity, 0]
    const right = Array.from({ length: bins }, () => 0)
    const tail = empty()
    for (let b = bins - 1; b > 0; b--) {
      join(tail, box[b])
      right[b] = cost(tail)
    }
    const head = empty()
    let best = Infinity
    let at = bins >> 1
    for (let b = 0; b < bins - 1; b++) {
      join(head, box[b])
      const total = cost(head) + right[b + 1]
      if (head[6] > 0 && head[6] < to - from && total < best) {
        best = total
        at = b + 1
      }
    }
    let i = from
    let j = to - 1
    while (i <= j) {
      if (binOf(order[i]) < at) i++
      else {
        const t = order[i]
        order[i] = order[j]
        order[j--] = t
      }
    }
    return i > from && i < to ? i : (from + to) >> 1
  }

  /** Distance to the nearest triangle before `limit`, or Infinity. With `any`, to some triangle. */
  private walk(
    ox: number,
    oy: number,
    oz: number,
    dx: number,
    dy: number,
    dz: number,
    limit: number,
    any: boolean,
  ): number {
    const { bounds, links, triangles, stack } = this
    const ix = 1 / dx
    const iy = 1 / dy
    const iz = 1 / dz
    let nearest = limit
    let found = false
    let top = 0
    stack[top++] = 0
    while (top > 0) {
      const node = stack[--top]
      const b = node * 6
      const x0 = (bounds[b] - ox) * ix
      const x1 = (bounds[b + 3] - ox) * ix
      const y0 = (bounds[b + 1] - oy) * iy
      const y1 = (bounds[b + 4] - oy) * iy
      const z0 = (bounds[b + 2] - oz) * iz
      const z1 = (bounds[b + 5] - oz) * iz
      const enter = Math.max(Math.min(x0, x1), Math.min(y0, y1), Math.min(z0, z1), 0)
      const leave = Math.min(Math.max(x0, x1), Math.max(y0, y1), Math.max(z0, z1), nearest)
      if (enter > leave) continue
      const count = links[node * 2 + 1]
      if (count === 0) {
        const far = links[node * 2]
        const axisSame =
          dx * (bounds[far * 6] - bounds[b]) +
            dy * (bounds[far * 6 + 1] - bounds[b + 1]) +
            dz * (bounds[far * 6 + 2] - bounds[b + 2]) >
          0
        if (axisSame) {
          stack[top++] = far
          stack[top++] = node + 1
        } else {
          stack[top++] = node + 1
          stack[top++] = far
        }
        continue
      }
      const first = links[node * 2]
      for (let t = first; t < first + count; t++) {
        const k = t * 9
        const ax = triangles[k + 3]
        const ay = triangles[k + 4]
        const az = triangles[k + 5]
        const bx = triangles[k + 6]
        const by = triangles[k + 7]
        const bz = triangles[k + 8]
        const px = dy * bz - dz * by
        const py = dz * bx - dx * bz
        const pz = dx * by - dy * bx
        const det = ax * px + ay * py + az * pz
        if (det > -1e-14 && det < 1e-14) continue
        const inverse = 1 / det
        const sx = ox - triangles[k]
        const sy = oy - triangles[k + 1]
        const sz = oz - triangles[k + 2]
        const u = (sx * px + sy * py + sz * pz) * inverse
        if (u < -1e-9 || u > 1 + 1e-9) continue
        const qx = sy * az - sz * ay
        const qy = sz * ax - sx * az
        const qz = sx * ay - sy * ax
        const v = (dx * qx + dy * qy + dz * qz) * inverse
        if (v < -1e-9 || u + v > 1 + 1e-9) continue
        const distance = (bx * qx + by * qy + bz * qz) * inverse
        if (distance > 1e-4 && distance < nearest) {
          if (any) return distance
          nearest = distance
          found = true
          this.hitTriangle = t
          this.hitB1 = u
          this.hitB2 = v
        }
      }
    }
    return found ? nearest : Infinity
  }

  /** Whether anything lies on the ray before `limit` metres. */
  blocked(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number, limit: number): boolean {
    return this.walk(ox, oy, oz, dx, dy, dz, limit, true) !== Infinity
  }

  /** The nearest hit on a ray with a unit direction. */
  nearest(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number, limit = Infinity): Hit | undefined {
    const distance = this.walk(ox, oy, oz, dx, dy, dz, limit, false)
    if (distance === Infinity) return undefined
    const t = this.hitTriangle
    const c = 1 - this.hitB1 - this.hitB2
    const k = t * 6
    return {
      distance,
      surface: this.owner[t],
      u: this.uv[k] * c + this.uv[k + 2] * this.hitB1 + this.uv[k + 4] * this.hitB2,
      v: this.uv[k + 1] * c + this.uv[k + 3] * this.hitB1 + this.uv[k + 5] * this.hitB2,
    }
  }
}
