/** PLY vertices and faces that come row by row: all of ASCII, and binary records that hold lists. */
import { colorByte, floatColorScale, type VertexLayout } from './ply-columns.ts'
import type { PlyElement, PlyProperty } from './ply-header.ts'
import type { MeshBuilder } from './mesh-builder.ts'
import { BATCH_POINTS, type PointSink } from './point-sink.ts'

/** Where a property's value lies in a row: its index among the element's properties. */
function slots(element: PlyElement, wanted: readonly PlyProperty[] | undefined): readonly number[] | undefined {
  return wanted?.map((property) => element.properties.indexOf(property))
}

/** Gathers vertices, one array of scalars a row (lists hold any value), and flushes them by batches. */
export class RowVertices {
  readonly #sink: PointSink
  readonly #layout: VertexLayout
  readonly #position: readonly number[]
  readonly #normal: readonly number[] | undefined
  readonly #color: readonly number[] | undefined
  readonly #rawColors: Float64Array
  #floatScale: number | undefined
  #count = 0

  constructor(element: PlyElement, layout: VertexLayout, sink: PointSink) {
    this.#sink = sink
    this.#layout = layout
    this.#position = slots(element, layout.position) ?? []
    this.#normal = slots(element, layout.normal)
    this.#color = slots(element, layout.color)
    this.#rawColors = new Float64Array(layout.color ? 3 * BATCH_POINTS : 0)
  }

  add(row: ArrayLike<number>): void {
    const at = 3 * this.#count
    for (let axis = 0; axis < 3; axis++) {
      this.#sink.positions[at + axis] = row[this.#position[axis]]
      if (this.#normal) this.#sink.normals[at + axis] = row[this.#normal[axis]]
      if (this.#color) this.#rawColors[at + axis] = row[this.#color[axis]]
    }
    this.#count++
    if (this.#count === BATCH_POINTS) this.flush()
  }

  flush(): void {
    const { color, isSplats } = this.#layout
    if (color) {
      const values = 3 * this.#count
      this.#floatScale ??= floatColorScale(this.#rawColors, values)
      for (let i = 0; i < values; i++) {
        this.#sink.colors[i] = colorByte(this.#rawColors[i], color[0].type, isSplats, this.#floatScale)
      }
    }
    this.#sink.flush(this.#count)
    this.#count = 0
  }
}

const FACE_LISTS = new Set(['vertex_indices', 'vertex_index'])

/** The property that holds a face's or strip's vertices; undefined when the element has none. */
export function faceList(element: PlyElement): number | undefined {
  if (element.name !== 'face' && element.name !== 'tristrips') return undefined
  const index = element.properties.findIndex(({ name, countType }) => countType !== undefined && FACE_LISTS.has(name))
  return index < 0 ? undefined : index
}

/** A polygon as a fan around its first corner. */
export function addFan(mesh: MeshBuilder, corners: ArrayLike<number>, from: number, to: number): void {
  for (let i = from + 2; i < to; i++) mesh.addTriangle(corners[from], corners[i - 1], corners[i])
}

/** A triangle strip in which -1 begins a new one; every second triangle is turned. */
export function addStrips(mesh: MeshBuilder, corners: ArrayLike<number>, from: number, to: number): void {
  let start = from
  for (let i = from; i < to; i++) {
    if (corners[i] < 0 || corners[i] === 0xffffffff) start = i + 1
    else if (i - start >= 2) {
      const [a, b, c] = [corners[i - 2], corners[i - 1], corners[i]]
      if (a === b || b === c || a === c) continue
      if ((i - start) % 2 === 0) mesh.addTriangle(a, b, c)
      else mesh.addTriangle(b, a, c)
    }
  }
}
