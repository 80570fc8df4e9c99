/** Where readers of geometry put their vertices: in batches, so that a description costs no memory and a load costs one copy. */
import type { PointCloud } from '../../../../shared/geometry/data.ts'
import type { ImportWarning } from '../../../../shared/document/records.ts'
import { singlePrecisionStep } from '../../../../shared/geometry/single-precision.ts'
import { corruptFile, refuseBeyondMemory, warning } from '../refusals.ts'
import { say } from '../../../../shared/sayings/saying.ts'

/** Vertices in one batch: positions, normals and colours of it stay in the processor's cache. */
export const BATCH_POINTS = 2048

/** Nothing that people scan lies farther than a million kilometres from its origin: such values are damage. */
const MAX_COORDINATE = 1e9

/** Beyond this distance float32 rounds by more than a tenth of a millimetre. */
const ORIGIN_THRESHOLD_METRES = 1000

export interface SinkShape {
  /** Exact when the header says it; an estimate for text. */
  readonly expectedCount: number
  readonly hasColors: boolean
  readonly hasNormals: boolean
}

/** Readers fill the three arrays from index 0 and flush. */
export interface PointSink {
  /** x, y, z in the file's own units and axes. */
  readonly positions: Float64Array
  readonly normals: Float32Array
  /** sRGB 0..255. */
  readonly colors: Uint8Array
  begin(shape: SinkShape): void
  /** Takes the first `count` vertices of the batch; count is at most BATCH_POINTS. */
  flush(count: number): void
}

export interface Bounds {
  readonly min: [number, number, number]
  readonly max: [number, number, number]
}

export function isUsable(x: number, y: number, z: number): boolean {
  return (
    x > -MAX_COORDINATE &&
    x < MAX_COORDINATE &&
    y > -MAX_COORDINATE &&
    y < MAX_COORDINATE &&
    z > -MAX_COORDINATE &&
    z < MAX_COORDINATE
  )
}

/** What to subtract before rounding to float32: the middle of the first batch, in whole metres, if it is far out. */
export function originOf(positions: Float64Array, count: number): [number, number, number] | undefined {
  const min = [Infinity, Infinity, Infinity]
  const max = [-Infinity, -Infinity, -Infinity]
  for (let i = 0; i < 3 * count; i += 3) {
    if (!isUsable(positions[i], positions[i + 1], positions[i + 2])) continue
    for (let axis = 0; axis < 3; axis++) {
      min[axis] = Math.min(min[axis], positions[i + axis])
      max[axis] = Math.max(max[axis], positions[i + axis])
    }
  }
  const middle = min.map((low, axis) => Math.round((low + max[axis]) / 2))
  if (!middle.some((value) => Math.abs(value) > ORIGIN_THRESHOLD_METRES && Number.isFinite(value))) return undefined
  return [middle[0], middle[1], middle[2]]
}

/** From here on rounding is worth a word: scanners measure to a millimetre. */
const ROUNDING_TOLD_METRES = 0.001

/** Says where a file's coordinates were rounded, because it keeps them as single precision numbers far from its origin. */
export function roundingWarnings(firstBatch: Float64Array, isFarOut: boolean): ImportWarning[] {
  const step = isFarOut ? singlePrecisionStep(firstBatch) : 0
  if (step < ROUNDING_TOLD_METRES) return []
  const millimetres = Number((step * 1000).toPrecision(2))
  return [warning('coordinates_rounded', say('import.coordinatesRounded', { millimetres }))]
}

/** Resizes an array that owns its whole buffer, without holding both copies where the system can avoid it. */
function resized<T extends Float32Array | Uint8Array>(array: T, length: number): T {
  const buffer = (array.buffer as ArrayBuffer).transfer(length * array.BYTES_PER_ELEMENT)
  return (array instanceof Float32Array ? new Float32Array(buffer) : new Uint8Array(buffer)) as T
}

/** Collects points, or only measures them when `keep` is false. Drops what is not a number and counts it. */
export class PointCollector implements PointSink {
  readonly positions = new Float64Array(3 * BATCH_POINTS)
  readonly normals = new Float32Array(3 * BATCH_POINTS)
  readonly colors = new Uint8Array(3 * BATCH_POINTS)
  count = 0
  droppedCount = 0
  hasColors = false
  #hasNormals = false
  #normalsValid = true
  #origin: [number, number, number] | undefined
  #rounding: readonly ImportWarning[] = []
  #seen = false
  #min: [number, number, number] = [Infinity, Infinity, Infinity]
  #max: [number, number, number] = [-Infinity, -Infinity, -Infinity]
  #keptPositions = new Float32Array(0)
  #keptNormals = new Float32Array(0)
  #keptColors = new Uint8Array(0)
  #capacity = 0
  readonly #keep: boolean
  readonly #path: string

  constructor(path: string, keep: boolean) {
    this.#path = path
    this.#keep = keep
  }

  begin(shape: SinkShape): void {
    this.hasColors = shape.hasColors
    this.#hasNormals = shape.hasNormals
    if (this.#keep) this.#reserve(shape.expectedCount)
  }

  #reserve(count: number): void {
    const bytesEach = 12 + (this.#hasNormals ? 12 : 0) + (this.hasColors ? 3 : 0)
    refuseBeyondMemory(this.#path, count * bytesEach, say('scan.reading', { count, things: say('scan.points') }))
    this.#keptPositions = resized(this.#keptPositions, 3 * count)
    if (this.#hasNormals) this.#keptNormals = resized(this.#keptNormals, 3 * count)
    if (this.hasColors) this.#keptColors = resized(this.#keptColors, 3 * count)
    this.#capacity = count
  }

  flush(batchCount: number): void {
    if (batchCount === 0) return
    if (!this.#seen) {
      this.#origin = originOf(this.positions, batchCount)
      this.#rounding = roundingWarnings(this.positions.subarray(0, 3 * batchCount), this.#origin !== undefined)
      this.#seen = true
    }
    if (this.#keep && this.count + batchCount > this.#capacity) {
      this.#reserve(Math.ceil(Math.max(this.#capacity * 1.5, this.count + batchCount, 4 * BATCH_POINTS)))
    }
    const { positions } = this
    const out = this.#keptPositions
    const [ox, oy, oz] = this.#origin ?? [0, 0, 0]
    let [minX, minY, minZ] = this.#min
    let [maxX, maxY, maxZ] = this.#max
    const first = this.count
    let kept = first
    const extras = this.#keep && (this.hasColors || this.#hasNormals)
    for (let i = 0; i < batchCount; i++) {
      const x = positions[3 * i]
      const y = positions[3 * i + 1]
      const z = positions[3 * i + 2]
      if (!isUsable(x, y, z)) continue
      if (x < minX) minX = x
      if (x > maxX) maxX = x
      if (y < minY) minY = y
      if (y > maxY) maxY = y
      if (z < minZ) minZ = z
      if (z > maxZ) maxZ = z
      if (this.#keep) {
        out[3 * kept] = x - ox
        out[3 * kept + 1] = y - oy
        out[3 * kept + 2] = z - oz
        if (extras) this.#keepExtras(i, kept)
      }
      kept++
    }
    this.#min = [minX, minY, minZ]
    this.#max = [maxX, maxY, maxZ]
    this.droppedCount += batchCount - (kept - first)
    this.count = kept
  }

  #keepExtras(from: number, to: number): void {
    if (this.hasColors) {
      this.#keptColors[3 * to] = this.colors[3 * from]
      this.#keptColors[3 * to + 1] = this.colors[3 * from + 1]
      this.#keptColors[3 * to + 2] = this.colors[3 * from + 2]
    }
    if (!this.#hasNormals || !this.#normalsValid) return
    const x = this.normals[3 * from]
    const y = this.normals[3 * from + 1]
    const z = this.normals[3 * from + 2]
    const length = Math.sqrt(x * x + y * y + z * z)
    if (!(length > 1e-12 && length < 1e12)) this.#normalsValid = false
    this.#keptNormals[3 * to] = x / length
    this.#keptNormals[3 * to + 1] = y / length
    this.#keptNormals[3 * to + 2] = z / length
  }

  /** Axis-aligned, in the file's own coordinates (the origin is not subtracted here). */
  get bounds(): Bounds | undefined {
    return this.count === 0 ? undefined : { min: this.#min, max: this.#max }
  }

  /** What was dropped or rounded, as warnings. @throws `corrupt_file` when nothing is left. */
  conclude(): ImportWarning[] {
    if (this.count === 0 && this.droppedCount > 0) {
      throw corruptFile(this.#path, say('scan.noneFinite', { count: this.droppedCount }))
    }
    if (this.droppedCount === 0) return [...this.#rounding]
    const counts = { bad: this.droppedCount, total: this.count + this.droppedCount }
    return [warning('points_not_finite', say('import.pointsNotFinite', counts)), ...this.#rounding]
  }

  /** The points. Normals are there only if every point has one. */
  cloud(): PointCloud {
    const length = 3 * this.count
    return {
      count: this.count,
      positions: resized(this.#keptPositions, length),
      ...(this.#hasNormals && this.#normalsValid && { normals: resized(this.#keptNormals, length) }),
      ...(this.hasColors && { colors: resized(this.#keptColors, length) }),
      ...(this.#origin && { origin: this.#origin }),
    }
  }
}
