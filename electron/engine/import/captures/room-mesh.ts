/** The mesh of a room that is known as rectangles, polygons, boxes and meshes, each with a place of its own. */
import { transformPoint, type Matrix4 } from '../../../../shared/geometry/matrix4.ts'
import { MeshBuilder, type BuiltMesh } from '../scans/mesh-builder.ts'
import { BATCH_POINTS } from '../scans/point-sink.ts'

type Point = readonly [number, number, number]

export class RoomMesh {
  readonly #mesh: MeshBuilder
  #filled = 0

  constructor(path: string) {
    this.#mesh = new MeshBuilder(path)
    this.#mesh.begin({ expectedCount: 0, hasColors: false, hasNormals: false })
  }

  get isEmpty(): boolean {
    return this.#next() === 0
  }

  addMesh(m: Matrix4, vertices: Float32Array, indices: Uint32Array): void {
    const first = this.#next()
    const count = vertices.length / 3
    for (let i = 0; i < count; i++) this.#vertex(transformPoint(m, vertices.subarray(3 * i, 3 * i + 3)))
    for (let i = 0; i + 2 < indices.length; i += 3) {
      const corners = [indices[i], indices[i + 1], indices[i + 2]]
      const [a, b, c] = corners.map((corner) => (corner < count ? first + corner : -1))
      this.#mesh.addTriangle(a, b, c)
    }
  }

  /** A flat face, its corners in order around it; it may have dents. */
  addFace(m: Matrix4, corners: readonly Point[]): void {
    const first = this.#next()
    for (const corner of corners) this.#vertex(transformPoint(m, corner))
    for (const [a, b, c] of trianglesOf(corners)) this.#mesh.addTriangle(first + a, first + c, first + b)
  }

  /** The six sides of a box along its own axes. */
  addBox(m: Matrix4, low: Point, size: Point): void {
    const at = (bits: Point): Point => [
      low[0] + bits[0] * size[0],
      low[1] + bits[1] * size[1],
      low[2] + bits[2] * size[2],
    ]
    for (let axis = 0; axis < 3; axis++) {
      for (const side of [0, 1]) {
        const corner = (u: number, v: number) => {
          const bits: [number, number, number] = [0, 0, 0]
          bits[axis] = side
          bits[(axis + 1) % 3] = side === 1 ? v : u
          bits[(axis + 2) % 3] = side === 1 ? u : v
          return at(bits)
        }
        this.addFace(m, [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)])
      }
    }
  }

  finish(): BuiltMesh {
    this.#flush()
    return this.#mesh.finish()
  }

  #vertex(point: Point): void {
    this.#mesh.positions.set(point, 3 * this.#filled)
    if (++this.#filled === BATCH_POINTS) this.#flush()
  }

  #flush(): void {
    this.#mesh.flush(this.#filled)
    this.#filled = 0
  }

  #next(): number {
    return this.#mesh.vertexCount + this.#filled
  }
}

/** Cuts one ear after another off a polygon (Meisters 1975); each triangle turns as the polygon does. */
function trianglesOf(corners: readonly Point[]): [number, number, number][] {
  const normal = [0, 1, 2].map((axis) => {
    const [u, v] = [(axis + 1) % 3, (axis + 2) % 3]
    return corners.reduce((sum, p, i) => {
      const q = corners[(i + 1) % corners.length]
      return sum + p[u] * q[v] - q[u] * p[v]
    }, 0)
  })
  const axis = [0, 1, 2].reduce((best, each) => (Math.abs(normal[each]) > Math.abs(normal[best]) ? each : best))
  const [u, v] = [(axis + 1) % 3, (axis + 2) % 3]
  const sign = normal[axis] < 0 ? -1 : 1
  /** Twice the area of a triangle of corners; above zero where it turns as the polygon does. */
  const turn = (a: number, b: number, c: number): number => {
    const [p, q, r] = [corners[a], corners[b], corners[c]]
    return sign * ((q[u] - p[u]) * (r[v] - p[v]) - (r[u] - p[u]) * (q[v] - p[v]))
  }
  const left = corners.map((_, i) => i)
  const triangles: [number, number, number][] = []
  while (left.length > 3) {
    const isEar = (at: number): boolean => {
      const [a, b, c] = [left.at(at - 1)!, left[at], left[(at + 1) % left.length]]
      const holds = (d: number): boolean =>
        d !== a && d !== b && d !== c && turn(a, b, d) >= 0 && turn(b, c, d) >= 0 && turn(c, a, d) >= 0
      return turn(a, b, c) > 0 && !left.some(holds)
    }
    // A polygon that crosses itself has no ear at some point: what is left is cut as it comes.
    const ear = Math.max(
      0,
      left.findIndex((_, at) => isEar(at)),
    )
    triangles.push([left.at(ear - 1)!, left[ear], left[(ear + 1) % left.length]])
    left.splice(ear, 1)
  }
  if (left.length === 3) triangles.push([left[0], left[1], left[2]])
  return triangles
}
