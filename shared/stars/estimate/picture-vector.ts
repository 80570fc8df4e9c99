/**
 * A small embedding of pictures that needs no model: where which colours are, and where edges run which way. It is made of
 * means over many pixels, so that noise hardly moves it.
 */

export const PICTURE_SIDE = 64
const GRID = 4
const ORIENTATIONS = 6
/** Distances are scaled so that neighbours in one shot stay well below 1 and different scenes come above it. */
const COLOUR_SCALE = 1.5
const EDGE_SCALE = 8

/**
 * @param rgb PICTURE_SIDE x PICTURE_SIDE pixels, three bytes each.
 * @returns 4 x 4 cells of luma and two colour differences, then 2 x 2 cells of 6 edge directions.
 */
export function pictureVector(rgb: Uint8Array): number[] {
  const side = PICTURE_SIDE
  const cell = side / GRID
  const colour = new Float64Array(GRID * GRID * 3)
  const luma = new Float64Array(side * side)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = (y * side + x) * 3
      const r = rgb[at] / 255
      const g = rgb[at + 1] / 255
      const b = rgb[at + 2] / 255
      const into = (Math.floor(y / cell) * GRID + Math.floor(x / cell)) * 3
      const share = 1 / (cell * cell)
      luma[y * side + x] = 0.2126 * r + 0.7152 * g + 0.0722 * b
      colour[into] += share * luma[y * side + x]
      colour[into + 1] += share * (r - g)
      colour[into + 2] += (share * (r + g - 2 * b)) / 2
    }
  }
  const edges = edgeDirections(halved(luma, side), side / 2)
  return [...Array.from(colour, (value) => value * COLOUR_SCALE), ...Array.from(edges, (value) => value * EDGE_SCALE)]
}

/** Means of 2 x 2 pixels. */
function halved(luma: Float64Array, side: number): Float64Array {
  const half = side / 2
  const small = new Float64Array(half * half)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) small[(y >> 1) * half + (x >> 1)] += luma[y * side + x] / 4
  }
  return small
}

/** Mean gradient of a quarter of the picture in each direction, weak gradients (noise) left out smoothly. */
function edgeDirections(luma: Float64Array, side: number): Float64Array {
  const half = side / 2
  const sums = new Float64Array(4 * ORIENTATIONS)
  for (let y = 1; y < side - 1; y++) {
    for (let x = 1; x < side - 1; x++) {
      const dx = (luma[y * side + x + 1] - luma[y * side + x - 1]) / 2
      const dy = (luma[(y + 1) * side + x] - luma[(y - 1) * side + x]) / 2
      const square = dx * dx + dy * dy
      const strength = Math.sqrt(square) * (square / (square + 0.0009))
      const turn = ((Math.atan2(dy, dx) / Math.PI + 1) * ORIENTATIONS) % ORIENTATIONS
      const first = Math.floor(turn) % ORIENTATIONS
      const rest = turn - Math.floor(turn)
      const quarter = (y >= half ? 2 : 0) + (x >= half ? 1 : 0)
      sums[quarter * ORIENTATIONS + first] += ((1 - rest) * strength) / (half * half)
      sums[quarter * ORIENTATIONS + ((first + 1) % ORIENTATIONS)] += (rest * strength) / (half * half)
    }
  }
  return sums
}

/** Share of pixels that are neither crushed nor burnt. */
export function exposureOf(rgb: Uint8Array): number {
  let lost = 0
  const pixels = rgb.length / 3
  for (let at = 0; at < rgb.length; at += 3) {
    const most = Math.max(rgb[at], rgb[at + 1], rgb[at + 2])
    const least = Math.min(rgb[at], rgb[at + 1], rgb[at + 2])
    if (most <= 6 || least >= 250) lost++
  }
  return pixels > 0 ? 1 - lost / pixels : 0
}

/** Mean absolute difference of two pictures, 0..1. */
export function pictureChange(a: Uint8Array, b: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i])
  return a.length > 0 ? sum / a.length / 255 : 0
}
