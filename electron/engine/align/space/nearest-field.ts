/**
 * A grid around a scan that answers in constant time: which of its points is nearest to a place (within two cells),
 * and whether the place is enclosed by the scan, so that a surface found there by another scan contradicts it.
 */

export interface NearestField {
  readonly cell: number
  readonly nx: number
  readonly ny: number
  readonly nz: number
  readonly originX: number
  readonly originY: number
  readonly originZ: number
  /** Index of the nearest point to each cell's middle, or -1 beyond two cells. */
  readonly nearest: Int32Array
  /** 0 where the scan says nothing, 1 where it surrounds the place; on a grid twice as coarse. */
  readonly enclosure: Float32Array
  readonly ex: number
  readonly ey: number
}

const BAND = 2
/** No grid is larger; the cell grows instead. */
const MAXIMUM_CELLS = 12_000_000

export function buildNearestField(positions: Float32Array, wantedCell: number): NearestField {
  const min = [Infinity, Infinity, Infinity]
  const max = [-Infinity, -Infinity, -Infinity]
  for (let i = 0; i < positions.length; i++) {
    const k = i % 3
    if (positions[i] < min[k]) min[k] = positions[i]
    if (positions[i] > max[k]) max[k] = positions[i]
  }
  let cell = wantedCell
  const size = (k: number) => 2 * Math.ceil(((max[k] - min[k]) / cell + 2 * BAND + 2) / 2)
  while (size(0) * size(1) * size(2) > MAXIMUM_CELLS) cell *= 1.25
  const [nx, ny, nz] = [size(0), size(1), size(2)]
  const [originX, originY, originZ] = min.map((value) => value - (BAND + 1) * cell)
  const nearest = new Int32Array(nx * ny * nz).fill(-1)
  const distance = new Float32Array(nx * ny * nz).fill(Infinity)
  for (let p = 0; p < positions.length / 3; p++) {
    const x = (positions[p * 3] - originX) / cell
    const y = (positions[p * 3 + 1] - originY) / cell
    const z = (positions[p * 3 + 2] - originZ) / cell
    const ci = Math.floor(x)
    const cj = Math.floor(y)
    const ck = Math.floor(z)
    for (let k = Math.max(0, ck - BAND); k <= Math.min(nz - 1, ck + BAND); k++) {
      const dz = (k + 0.5 - z) * (k + 0.5 - z)
      for (let j = Math.max(0, cj - BAND); j <= Math.min(ny - 1, cj + BAND); j++) {
        const dyz = dz + (j + 0.5 - y) * (j + 0.5 - y)
        const row = (k * ny + j) * nx
        for (let i = Math.max(0, ci - BAND); i <= Math.min(nx - 1, ci + BAND); i++) {
          const d = dyz + (i + 0.5 - x) * (i + 0.5 - x)
          if (d >= distance[row + i]) continue
          distance[row + i] = d
          nearest[row + i] = p
        }
      }
    }
  }
  const ex = nx / 2
  const ey = ny / 2
  const occupied = new Uint8Array(ex * ey * (nz / 2))
  for (let p = 0; p < positions.length / 3; p++) {
    const i = Math.floor((positions[p * 3] - originX) / (cell * 2))
    const j = Math.floor((positions[p * 3 + 1] - originY) / (cell * 2))
    const k = Math.floor((positions[p * 3 + 2] - originZ) / (cell * 2))
    occupied[(k * ey + j) * ex + i] = 1
  }
  const enclosure = enclosureOf(occupied, ex, ey, nz / 2)
  return { cell, nx, ny, nz, originX, originY, originZ, nearest, enclosure, ex, ey }
}

/**
 * For every cell, in how many of 26 directions a surface lies, as a soft "surrounded": just outside a flat side of
 * the scan it is 9 of 26 (nothing is said), on the line where a scan was cut off 13, well inside 17 and more.
 */
function enclosureOf(occupied: Uint8Array, nx: number, ny: number, nz: number): Float32Array {
  const cells = occupied.length
  const seen = new Uint8Array(cells)
  const hits = new Uint8Array(cells)
  for (let dz = -1; dz <= 1; dz++) {
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        if (dx === 0 && dy === 0 && dz === 0) continue
        // Walk so that the neighbour in the direction looked at is done before the cell itself.
        for (let c = 0; c < nz; c++) {
          const k = dz > 0 ? nz - 1 - c : c
          for (let b = 0; b < ny; b++) {
            const j = dy > 0 ? ny - 1 - b : b
            const inside = k + dz >= 0 && k + dz < nz && j + dy >= 0 && j + dy < ny
            const row = (k * ny + j) * nx
            const from = ((k + dz) * ny + j + dy) * nx + dx
            for (let a = 0; a < nx; a++) {
              const i = dx > 0 ? nx - 1 - a : a
              const at = row + i
              let value = 0
              if (inside && i + dx >= 0 && i + dx < nx) {
                const next = from + i
                value = occupied[next] | seen[next]
              }
              seen[at] = value
              hits[at] += value
            }
          }
        }
      }
    }
  }
  const out = new Float32Array(cells)
  for (let i = 0; i < cells; i++) out[i] = Math.max(0, Math.min(1, (hits[i] - 10) / 5))
  return out
}
