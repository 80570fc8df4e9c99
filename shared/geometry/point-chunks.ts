/**
 * Level of detail for point clouds. Points are put into chunks of neighbours, in random order within each, so that any
 * first part of a chunk is an even thinning of it. What is drawn each frame is then only a count a chunk.
 */
import type { PointCloud } from './data.ts'
import { seededRandom, type Random } from './random.ts'

/** Small enough to follow the view, large enough that five million points are a few hundred of them. */
export const POINTS_PER_CHUNK = 16_384

/** Cells of the grid by which points are put in order, along its longest side. */
const CELLS_ACROSS = 128
/** The bits of a number with two empty ones between each. */
const SPREAD = Uint32Array.from({ length: CELLS_ACROSS }, (_, value) => {
  let spread = 0
  for (let bit = 0; bit < 8; bit++) spread |= ((value >> bit) & 1) << (3 * bit)
  return spread
})

export interface PointChunk {
  /** Index of its first point. */
  readonly start: number
  readonly count: number
  /** Of a ball around it, in the frame of the positions, metres. */
  readonly centre: readonly [number, number, number]
  readonly radius: number
}

export interface ChunkedPoints {
  readonly points: PointCloud
  readonly chunks: readonly PointChunk[]
}

/**
 * The same points, chunk after chunk.
 *
 * @param seed the same seed gives the same order
 */
export function chunkPoints(points: PointCloud, seed = 1): ChunkedPoints {
  const { count, positions } = points
  const order = alongCurve(points)
  const ranges: [from: number, to: number][] = []
  for (let from = 0; from < count; from += POINTS_PER_CHUNK)
    ranges.push([from, Math.min(count, from + POINTS_PER_CHUNK)])
  const random = seededRandom(seed)
  for (const [from, to] of ranges) shuffle(order, from, to, random)
  return {
    points: inOrder(points, order),
    chunks: ranges.map(([from, to]) => ({ start: from, count: to - from, ...ballAround(order, from, to, positions) })),
  }
}

function inOrder(points: PointCloud, order: Uint32Array): PointCloud {
  const pick = <T extends Float32Array | Uint8Array>(from: T, into: T): T => {
    for (let i = 0; i < order.length; i++) {
      const [to, at] = [i * 3, order[i]! * 3]
      into[to] = from[at]!
      into[to + 1] = from[at + 1]!
      into[to + 2] = from[at + 2]!
    }
    return into
  }
  return {
    count: points.count,
    positions: pick(points.positions, new Float32Array(order.length * 3)),
    ...(points.normals ? { normals: pick(points.normals, new Float32Array(order.length * 3)) } : {}),
    ...(points.colors ? { colors: pick(points.colors, new Uint8Array(order.length * 3)) } : {}),
    ...(points.origin ? { origin: points.origin } : {}),
  }
}

function extentOf(order: Uint32Array, from: number, to: number, positions: Float32Array, axis: number) {
  let least = Infinity
  let most = -Infinity
  for (let i = from; i < to; i++) {
    const value = positions[order[i]! * 3 + axis]!
    if (value < least) least = value
    if (value > most) most = value
  }
  return { least, most }
}

/** Indices of the points by the place of their cell on a Morton curve, so that neighbours come close to one another. */
function alongCurve({ count, positions }: PointCloud): Uint32Array {
  const order = new Uint32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  const low = [0, 1, 2].map((axis) => extentOf(order, 0, count, positions, axis))
  const span = Math.max(...low.map(({ least, most }) => most - least), 1e-9)
  const scale = (CELLS_ACROSS - 1) / span
  const [x0, y0, z0] = low.map(({ least }) => least) as [number, number, number]
  const cells = new Uint32Array(count)
  const starts = new Uint32Array(CELLS_ACROSS ** 3 + 1)
  for (let i = 0; i < count; i++) {
    const x = SPREAD[Math.trunc((positions[i * 3]! - x0) * scale)]!
    const y = SPREAD[Math.trunc((positions[i * 3 + 1]! - y0) * scale)]!
    const z = SPREAD[Math.trunc((positions[i * 3 + 2]! - z0) * scale)]!
    const cell = x | (y << 1) | (z << 2)
    cells[i] = cell
    starts[cell + 1]! += 1
  }
  for (let cell = 1; cell < starts.length; cell++) starts[cell]! += starts[cell - 1]!
  for (let i = 0; i < count; i++) order[starts[cells[i]!]!++] = i
  return order
}

function shuffle(order: Uint32Array, from: number, to: number, random: Random): void {
  for (let i = to - 1; i > from; i--) {
    const j = from + random.integer(i - from + 1)
    const swap = order[i]!
    order[i] = order[j]!
    order[j] = swap
  }
}

function ballAround(order: Uint32Array, from: number, to: number, positions: Float32Array) {
  const extents = [0, 1, 2].map((axis) => extentOf(order, from, to, positions, axis))
  const centre = extents.map(({ least, most }) => (least + most) / 2) as [number, number, number]
  const radius = Math.hypot(...extents.map(({ least, most }) => (most - least) / 2))
  return { centre, radius }
}

/** A chunk as the camera sees it. */
export interface SeenChunk {
  readonly count: number
  /** Radius over distance; 0 where it is out of view. */
  readonly size: number
}

/**
 * How many points of each chunk are drawn: in proportion to the area that the chunk covers on the screen, none more
 * than it has, at most `budget` in all.
 *
 * @returns one count a chunk, in the order given
 */
export function pointsToDraw(chunks: readonly SeenChunk[], budget: number): Uint32Array {
  const counts = new Uint32Array(chunks.length)
  let inView = 0
  for (const { count, size } of chunks) if (size > 0) inView += count
  if (inView <= budget) {
    chunks.forEach(({ count, size }, n) => (counts[n] = size > 0 ? count : 0))
    return counts
  }
  // The density on the screen, in points per unit of area, that the budget pays for.
  let smallest = Infinity
  for (const { size } of chunks) if (size > 0) smallest = Math.min(smallest, size)
  let [low, high] = [0, Math.min(1e15, budget / smallest ** 2)]
  for (let round = 0; round < 60; round++) {
    const density = (low + high) / 2
    let total = 0
    for (const { count, size } of chunks) total += Math.min(count, Math.floor(density * size * size))
    if (total <= budget) low = density
    else high = density
  }
  chunks.forEach(({ count, size }, n) => (counts[n] = Math.min(count, Math.floor(low * size * size))))
  return counts
}
