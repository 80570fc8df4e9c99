import { rotationFromVector } from './rotation.ts'

/** Points thinned to one a cubic cell: the centroid of the cell's points, so that noise is averaged rather than picked. */
export interface Thinned {
  readonly count: number
  /** Length 3 * count. */
  readonly positions: Float32Array
  /** How many points each stands for. */
  readonly weights: Float32Array
}

/**
 * Cells of a sparse grid found by hashing: for every point its cell, numbered from 0 in order of appearance.
 * Keys are 3 x 21 bits folded into a 32-bit hash with the exact cell kept for comparison, so no two cells merge.
 */
export class CellIndex {
  readonly cellSize: number
  private readonly origin: readonly [number, number, number]
  private slots: Int32Array
  private mask: number
  private cells: Int32Array
  count = 0

  constructor(cellSize: number, origin: readonly [number, number, number], expected: number) {
    this.cellSize = cellSize
    this.origin = origin
    let size = 1024
    while (size < expected * 2) size *= 2
    this.slots = new Int32Array(size).fill(-1)
    this.mask = size - 1
    this.cells = new Int32Array(Math.max(16, expected) * 3)
  }

  /** The number of the cell that holds a point, made if it is new. */
  add(x: number, y: number, z: number): number {
    const inverse = 1 / this.cellSize
    const i = Math.floor((x - this.origin[0]) * inverse)
    const j = Math.floor((y - this.origin[1]) * inverse)
    const k = Math.floor((z - this.origin[2]) * inverse)
    let slot = hash(i, j, k) & this.mask
    for (;;) {
      const cell = this.slots[slot]
      if (cell < 0) break
      if (this.cells[cell * 3] === i && this.cells[cell * 3 + 1] === j && this.cells[cell * 3 + 2] === k) return cell
      slot = (slot + 1) & this.mask
    }
    const cell = this.count++
    if (cell * 3 + 3 > this.cells.length) {
      const grown = new Int32Array(this.cells.length * 2)
      grown.set(this.cells)
      this.cells = grown
    }
    this.cells[cell * 3] = i
    this.cells[cell * 3 + 1] = j
    this.cells[cell * 3 + 2] = k
    this.slots[slot] = cell
    if (this.count * 2 > this.slots.length) this.rehash()
    return cell
  }

  /** The number of the cell at an offset from another cell, or -1. */
  neighbour(cell: number, di: number, dj: number, dk: number): number {
    const i = this.cells[cell * 3] + di
    const j = this.cells[cell * 3 + 1] + dj
    const k = this.cells[cell * 3 + 2] + dk
    let slot = hash(i, j, k) & this.mask
    for (;;) {
      const found = this.slots[slot]
      if (found < 0) return -1
      if (this.cells[found * 3] === i && this.cells[found * 3 + 1] === j && this.cells[found * 3 + 2] === k)
        return found
      slot = (slot + 1) & this.mask
    }
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let cell = 0; cell < this.count; cell++) {
      let slot = hash(this.cells[cell * 3], this.cells[cell * 3 + 1], this.cells[cell * 3 + 2]) & mask
      while (slots[slot] >= 0) slot = (slot + 1) & mask
      slots[slot] = cell
    }
    this.slots = slots
    this.mask = mask
  }
}

function hash(i: number, j: number, k: number): number {
  let h = Math.imul(i, 73856093) ^ Math.imul(j, 19349663) ^ Math.imul(k, 83492791)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  return (h ^ (h >>> 13)) >>> 0
}

/** Turns a grid so that it lies along nothing that people build: by about 26, 19 and 34 degrees. */
const TILT = rotationFromVector(0.45, 0.33, 0.6)
const UPRIGHT = rotationFromVector(0, 0, 0)

/**
 * @param positions Finite points, x y z x y z …, metres.
 * @param cellSizeMetres Edge of a cell; the extent of the points over it must stay below 2^31.
 * @param isTilted Where the centroids are measured by: a wall along the grid may lie between two layers of cells, and is
 * then two sheets, the thinner one of few points that count as much as the many of the other.
 */
export function thinToCells(positions: Float32Array, cellSizeMetres: number, isTilted = false): Thinned {
  const points = Math.floor(positions.length / 3)
  const [ox, oy, oz] = [positions[0] ?? 0, positions[1] ?? 0, positions[2] ?? 0]
  const cells = new CellIndex(cellSizeMetres, [0, 0, 0], points >> 2)
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = isTilted ? TILT : UPRIGHT
  const cellOf = new Int32Array(points)
  for (let i = 0; i < points; i++) {
    const x = positions[i * 3] - ox
    const y = positions[i * 3 + 1] - oy
    const z = positions[i * 3 + 2] - oz
    cellOf[i] = cells.add(xx * x + xy * y + xz * z, yx * x + yy * y + yz * z, zx * x + zy * y + zz * z)
  }
  const sums = new Float64Array(cells.count * 3)
  const weights = new Float32Array(cells.count)
  for (let i = 0; i < points; i++) {
    const cell = cellOf[i]
    weights[cell]++
    sums[cell * 3] += positions[i * 3]
    sums[cell * 3 + 1] += positions[i * 3 + 1]
    sums[cell * 3 + 2] += positions[i * 3 + 2]
  }
  const out = new Float32Array(cells.count * 3)
  for (let i = 0; i < out.length; i++) out[i] = sums[i] / weights[Math.floor(i / 3)]
  return { count: cells.count, positions: out, weights }
}
