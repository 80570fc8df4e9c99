/**
 * Where a scan was taken from, told by the scan alone, and what was seen from there. A scanner on one station sees
 * everything it recorded: from nowhere else do so few points hide behind others. What lies before a recorded surface on
 * the way from the station to it was seen to be empty; what lies behind was not seen at all, and nothing can be said of it.
 */
import { everyNth } from '../../../../shared/geometry/icp.ts'
import type { PreparedScan } from './prepared-scan.ts'

/** Share of its points that hides from the station of a scan, thin and noisy as they are; of a room walked through more does, wherever one looks from. */
const MOST_HIDDEN = 0.14
/**
 * The more coarsely a scan is resolved, the less of it hides: of walked-through rooms of 36, 27 and 18 cells 0.125, 0.07 and
 * 0.06 were seen to, of one station 0.09, 0.055 and 0.04. Below the least no one can tell, and all rooms would look the same
 * from both ends.
 */
const FINE_CELLS = 45
const LEAST_CELLS = 16
/** Places looked from, along the longest side, and how often the distance between them is halved about the best. */
const PLACES_ACROSS = 12
const HALVINGS = 3
const STARTS = 2
const SEARCH_POINTS = 1500
/** A pixel is so many times as wide as the usual point is away from its neighbour as seen from the middle of all. */
const PIXEL_SPACINGS = 1.5
/** A point hides those that lie so much further off and on neither's plane, in cells. */
const BEHIND_CELLS = 2
const ON_PLANE_CELLS = 0.75

type Place = readonly [number, number, number]
type Points = Pick<PreparedScan, 'positions' | 'normals' | 'cell'>

/** The place, in the prepared scan's frame, metres; undefined where the scan was taken from several. */
export function stationOf({ cloud, positions, normals, count, cell }: PreparedScan): Place | undefined {
  const cellsAcross = cloud.extentMetres / cell
  if (cellsAcross < LEAST_CELLS) return undefined
  const leastSeen = 1 - MOST_HIDDEN * Math.min(1, cellsAcross / FINE_CELLS) ** 1.5
  const few = { positions: everyNth(positions, SEARCH_POINTS), normals: everyNth(normals, SEARCH_POINTS), cell }
  const low = [Infinity, Infinity, Infinity]
  const high = [-Infinity, -Infinity, -Infinity]
  for (let i = 0; i < count * 3; i++) {
    low[i % 3] = Math.min(low[i % 3], positions[i])
    high[i % 3] = Math.max(high[i % 3], positions[i])
  }
  const step = Math.max(...low.map((value, k) => high[k] - value)) / PLACES_ACROSS
  if (!(step > 0)) return undefined
  const found: { place: Place; share: number }[] = []
  for (let x = low[0] + step / 2; x < high[0]; x += step) {
    for (let y = low[1] + step / 2; y < high[1]; y += step) {
      for (let z = low[2] + step / 2; z < high[2]; z += step) {
        found.push({ place: [x, y, z], share: shareSeen([x, y, z], few) })
      }
    }
  }
  found.sort((a, b) => b.share - a.share)
  const all = { positions, normals, cell }
  const settled = found.slice(0, STARTS).map(({ place }) => {
    const better = climb(place, step / 2, few)
    return { place: better, share: shareSeen(better, all) }
  })
  settled.sort((a, b) => b.share - a.share)
  return settled.length > 0 && settled[0].share >= leastSeen ? settled[0].place : undefined
}

/** The best place that small steps lead to. */
function climb(start: Place, step: number, points: Points): Place {
  let best = { place: start, share: shareSeen(start, points) }
  for (let halving = 0, by = step; halving < HALVINGS;) {
    const from = best
    for (let axis = 0; axis < 3; axis++) {
      for (const sign of [-by, by]) {
        const place = from.place.map((value, k) => (k === axis ? value + sign : value)) as unknown as Place
        const share = shareSeen(place, points)
        if (share > best.share) best = { place, share }
      }
    }
    if (best !== from) continue
    by /= 2
    halving++
  }
  return best.place
}

/** The share of the points that no other hides. */
function shareSeen(place: Place, { positions, normals, cell }: Points): number {
  const count = positions.length / 3
  const across = pixelsAcross(count)
  const nearest = new Int32Array(6 * across * across).fill(-1)
  const distances = new Float32Array(count)
  const pixels = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const x = positions[i * 3] - place[0]
    const y = positions[i * 3 + 1] - place[1]
    const z = positions[i * 3 + 2] - place[2]
    distances[i] = Math.sqrt(x * x + y * y + z * z)
    const pixel = pixelOf(x, y, z, across)
    pixels[i] = pixel
    if (nearest[pixel] < 0 || distances[i] < distances[nearest[pixel]]) nearest[pixel] = i
  }
  let hidden = 0
  for (let i = 0; i < count; i++) {
    const j = nearest[pixels[i]]
    if (distances[i] - distances[j] < BEHIND_CELLS * cell) continue
    let onHis = 0
    let onMine = 0
    for (let k = 0; k < 3; k++) {
      const between = positions[i * 3 + k] - positions[j * 3 + k]
      onMine += normals[i * 3 + k] * between
      onHis += normals[j * 3 + k] * between
    }
    if (Math.min(Math.abs(onMine), Math.abs(onHis)) > ON_PLANE_CELLS * cell) hidden++
  }
  return 1 - hidden / Math.max(1, count)
}

/** What a scan saw to be empty from its station. */
export class SeenSpace {
  private readonly place: Place
  private readonly across: number
  private readonly distances: Float32Array
  private readonly cell: number

  /** @param positions Of the whole scan, as densely as it is known. */
  constructor(positions: Float32Array, place: Place, cell: number) {
    const count = positions.length / 3
    this.place = place
    this.cell = cell
    this.across = pixelsAcross(count)
    this.distances = new Float32Array(6 * this.across * this.across).fill(Infinity)
    for (let i = 0; i < count; i++) {
      const x = positions[i * 3] - place[0]
      const y = positions[i * 3 + 1] - place[1]
      const z = positions[i * 3 + 2] - place[2]
      const pixel = pixelOf(x, y, z, this.across)
      this.distances[pixel] = Math.min(this.distances[pixel], Math.sqrt(x * x + y * y + z * z))
    }
  }

  /** Whether something was seen behind the place and, a pixel to either side, nothing before it. */
  isEmpty(px: number, py: number, pz: number): boolean {
    const { across, distances } = this
    const [x, y, z] = [px - this.place[0], py - this.place[1], pz - this.place[2]]
    const pixel = pixelOf(x, y, z, across)
    const first = Math.floor(pixel / (across * across)) * across
    const column = pixel % across
    const row = Math.floor(pixel / across) - first
    let nearest = Infinity
    for (let b = Math.max(0, row - 1); b <= Math.min(across - 1, row + 1); b++) {
      for (let a = Math.max(0, column - 1); a <= Math.min(across - 1, column + 1); a++) {
        nearest = Math.min(nearest, distances[(first + b) * across + a])
      }
    }
    return nearest < Infinity && nearest > Math.sqrt(x * x + y * y + z * z) + this.cell
  }
}

function pixelsAcross(count: number): number {
  return Math.max(6, Math.round(Math.sqrt(count / 6) / PIXEL_SPACINGS))
}

/** Which pixel of a cube about the eye lies in a direction. */
function pixelOf(x: number, y: number, z: number, across: number): number {
  const [ax, ay, az] = [Math.abs(x), Math.abs(y), Math.abs(z)]
  const axis = ax >= ay && ax >= az ? 0 : ay >= az ? 1 : 2
  const depth = Math.max(ax, ay, az, 1e-12)
  const face = axis * 2 + ((axis === 0 ? x : axis === 1 ? y : z) < 0 ? 1 : 0)
  const u = axis === 0 ? y : x
  const v = axis === 2 ? y : z
  const column = Math.min(across - 1, Math.floor(((u / depth + 1) / 2) * across))
  const row = Math.min(across - 1, Math.floor(((v / depth + 1) / 2) * across))
  return (face * across + row) * across + column
}
