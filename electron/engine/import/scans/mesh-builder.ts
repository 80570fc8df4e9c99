/** Collects vertices and triangles of a file and hands back a mesh in which every index and coordinate is good. */
import type { TriangleMesh } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import {
  BATCH_POINTS,
  isUsable,
  originOf,
  roundingWarnings,
  type Bounds,
  type PointCollector,
  type PointSink,
  type SinkShape,
} from './point-sink.ts'
import { corruptFile, refuseBeyondMemory, warning } from '../refusals.ts'
import { say } from '../../../../shared/sayings/saying.ts'

export interface BuiltMesh {
  readonly mesh: TriangleMesh
  /** In the file's own coordinates. */
  readonly bounds: Bounds
  readonly warnings: readonly ImportWarning[]
}

function grown<T extends Float32Array | Uint8Array | Uint32Array>(array: T, length: number): T {
  const Kind = array.constructor as new (length: number) => T
  const larger = new Kind(length)
  larger.set(array)
  return larger
}

export class MeshBuilder implements PointSink {
  readonly positions = new Float64Array(3 * BATCH_POINTS)
  readonly normals = new Float32Array(3 * BATCH_POINTS)
  readonly colors = new Uint8Array(3 * BATCH_POINTS)
  vertexCount = 0
  triangleCount = 0
  readonly #path: string
  #shape: SinkShape = { expectedCount: 0, hasColors: false, hasNormals: false }
  #origin: [number, number, number] | undefined
  #rounding: readonly ImportWarning[] = []
  #positions = new Float32Array(0)
  #normals = new Float32Array(0)
  #colors = new Uint8Array(0)
  #indices = new Uint32Array(0)
  #badVertexCount = 0
  #badTriangleCount = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Whether the file names any, good or bad: what is left of a mesh without good ones is damage, and no cloud of points. */
  get namesTriangles(): boolean {
    return this.triangleCount + this.#badTriangleCount > 0
  }

  begin(shape: SinkShape): void {
    this.#shape = shape
    this.#reserveVertices(shape.expectedCount)
  }

  reserveTriangles(count: number): void {
    refuseBeyondMemory(
      this.#path,
      count * 12 + this.#positions.byteLength,
      say('scan.reading', { count, things: say('scan.triangles') }),
    )
    if (this.#indices.length < 3 * count) this.#indices = grown(this.#indices, 3 * count)
  }

  #reserveVertices(count: number): void {
    refuseBeyondMemory(
      this.#path,
      count * 27 + this.#indices.byteLength,
      say('scan.reading', { count, things: say('scan.vertices') }),
    )
    this.#positions = grown(this.#positions, 3 * count)
    if (this.#shape.hasNormals) this.#normals = grown(this.#normals, 3 * count)
    if (this.#shape.hasColors) this.#colors = grown(this.#colors, 3 * count)
  }

  flush(batchCount: number): void {
    if (batchCount === 0) return
    const needed = this.vertexCount + batchCount
    if (3 * needed > this.#positions.length) {
      this.#reserveVertices(Math.max(needed, Math.ceil((this.#positions.length / 3) * 1.5), 4 * BATCH_POINTS))
    }
    if (this.vertexCount === 0) {
      this.#origin = originOf(this.positions, batchCount)
      this.#rounding = roundingWarnings(this.positions.subarray(0, 3 * batchCount), this.#origin !== undefined)
    }
    const [ox, oy, oz] = this.#origin ?? [0, 0, 0]
    const out = this.#positions
    for (let i = 0; i < batchCount; i++) {
      const to = 3 * (this.vertexCount + i)
      const x = this.positions[3 * i]
      const y = this.positions[3 * i + 1]
      const z = this.positions[3 * i + 2]
      const usable = isUsable(x, y, z)
      if (!usable) this.#badVertexCount++
      out[to] = usable ? x - ox : Number.NaN
      out[to + 1] = y - oy
      out[to + 2] = z - oz
    }
    const start = 3 * this.vertexCount
    if (this.#shape.hasNormals) this.#normals.set(this.normals.subarray(0, 3 * batchCount), start)
    if (this.#shape.hasColors) this.#colors.set(this.colors.subarray(0, 3 * batchCount), start)
    this.vertexCount = needed
  }

  /** Indices may point at vertices that have not come yet; they are checked in the end. */
  addTriangle(a: number, b: number, c: number): void {
    const at = 3 * this.triangleCount
    if (at + 3 > this.#indices.length) {
      this.reserveTriangles(Math.max(4096, Math.ceil((this.#indices.length / 3) * 1.5)))
    }
    if (!(a >= 0 && b >= 0 && c >= 0 && a < 0xffffffff && b < 0xffffffff && c < 0xffffffff)) {
      this.#badTriangleCount++
      return
    }
    this.#indices[at] = a
    this.#indices[at + 1] = b
    this.#indices[at + 2] = c
    this.triangleCount++
  }

  /** Hands the vertices on as points, for files that name no triangle. */
  pour(into: PointCollector): void {
    into.begin({ ...this.#shape, expectedCount: this.vertexCount })
    const [ox, oy, oz] = this.#origin ?? [0, 0, 0]
    for (let first = 0; first < this.vertexCount; first += BATCH_POINTS) {
      const count = Math.min(BATCH_POINTS, this.vertexCount - first)
      for (let i = 0; i < 3 * count; i += 3) {
        into.positions[i] = this.#positions[3 * first + i] + ox
        into.positions[i + 1] = this.#positions[3 * first + i + 1] + oy
        into.positions[i + 2] = this.#positions[3 * first + i + 2] + oz
      }
      const [from, to] = [3 * first, 3 * (first + count)]
      if (this.#shape.hasNormals) into.normals.set(this.#normals.subarray(from, to))
      if (this.#shape.hasColors) into.colors.set(this.#colors.subarray(from, to))
      into.flush(count)
    }
  }

  /** @throws `corrupt_file` when no triangle is good. */
  finish(): BuiltMesh {
    const kept = this.#keepGoodTriangles()
    if (kept === 0) {
      throw corruptFile(this.#path, say('scan.trianglesAstray', { count: this.triangleCount + this.#badTriangleCount }))
    }
    const bad = this.#badTriangleCount + this.triangleCount - kept
    const warnings: ImportWarning[] = [...this.#rounding]
    if (bad > 0) {
      warnings.push(warning('triangles_dropped', say('import.trianglesDropped', { bad, total: bad + kept })))
    }
    const indices = this.#indices.slice(0, 3 * kept)
    const vertexCount = this.#badVertexCount > 0 ? this.#compact(indices) : this.vertexCount
    const positions = this.#positions.slice(0, 3 * vertexCount)
    const normals = this.#unitNormals(vertexCount)
    const mesh: TriangleMesh = {
      vertexCount,
      triangleCount: kept,
      positions,
      ...(normals && { normals }),
      ...(this.#shape.hasColors && { colors: this.#colors.slice(0, 3 * vertexCount) }),
      indices,
      ...(this.#origin && { origin: this.#origin }),
    }
    return { mesh, bounds: this.#boundsOf(positions), warnings }
  }

  #keepGoodTriangles(): number {
    const indices = this.#indices
    const good = (vertex: number) =>
      vertex < this.vertexCount && this.#positions[3 * vertex] === this.#positions[3 * vertex]
    let kept = 0
    for (let at = 0; at < 3 * this.triangleCount; at += 3) {
      if (!good(indices[at]) || !good(indices[at + 1]) || !good(indices[at + 2])) continue
      indices[3 * kept] = indices[at]
      indices[3 * kept + 1] = indices[at + 1]
      indices[3 * kept + 2] = indices[at + 2]
      kept++
    }
    return kept
  }

  /** Removes vertices that are not finite and renumbers. */
  #compact(indices: Uint32Array): number {
    const renumbered = new Uint32Array(this.vertexCount)
    let kept = 0
    for (let vertex = 0; vertex < this.vertexCount; vertex++) {
      if (Number.isNaN(this.#positions[3 * vertex])) continue
      renumbered[vertex] = kept
      for (const array of [this.#positions, this.#normals, this.#colors]) {
        if (array.length > 0) array.copyWithin(3 * kept, 3 * vertex, 3 * vertex + 3)
      }
      kept++
    }
    for (let at = 0; at < indices.length; at++) indices[at] = renumbered[indices[at]]
    return kept
  }

  #unitNormals(vertexCount: number): Float32Array | undefined {
    if (!this.#shape.hasNormals) return undefined
    const normals = this.#normals.slice(0, 3 * vertexCount)
    for (let i = 0; i < normals.length; i += 3) {
      const length = Math.hypot(normals[i], normals[i + 1], normals[i + 2])
      if (!(length > 1e-12 && length < 1e12)) return undefined
      normals[i] /= length
      normals[i + 1] /= length
      normals[i + 2] /= length
    }
    return normals
  }

  #boundsOf(positions: Float32Array): Bounds {
    const origin = this.#origin ?? [0, 0, 0]
    const min: Bounds['min'] = [Infinity, Infinity, Infinity]
    const max: Bounds['max'] = [-Infinity, -Infinity, -Infinity]
    for (let i = 0; i < positions.length; i++) {
      const axis = i % 3
      const value = positions[i] + origin[axis]
      if (value < min[axis]) min[axis] = value
      if (value > max[axis]) max[axis] = value
    }
    return { min, max }
  }
}
