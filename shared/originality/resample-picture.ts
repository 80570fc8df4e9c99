/** Parts of a grey picture brought to another size by averaging areas. */

/**
 * @param crop share of each side that is kept, about the middle
 * @param upper share of the height that is kept, from above
 * @returns `side` x `side` levels
 */
export function areaPicture(
  grey: ArrayLike<number>,
  width: number,
  height: number,
  side: number,
  crop = 1,
  upper = 1,
): Float32Array {
  const out = new Float32Array(side * side)
  const [left, top] = [((1 - crop) / 2) * width, ((1 - crop) / 2) * height]
  const columns = spansOf(left, (crop * width) / side, side, width)
  const rows = spansOf(top, (crop * upper * height) / side, side, height)
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let sum = 0
      let weight = 0
      for (const [y, wy] of rows[row]) {
        for (const [x, wx] of columns[column]) {
          sum += grey[y * width + x] * wx * wy
          weight += wx * wy
        }
      }
      out[row * side + column] = sum / weight
    }
  }
  return out
}

/** Which source cells lie under each of `count` steps, with their shares. */
function spansOf(start: number, step: number, count: number, limit: number): [number, number][][] {
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [start + index * step, start + (index + 1) * step]
    const span: [number, number][] = []
    for (let cell = Math.floor(from); cell < to && cell < limit; cell++) {
      const share = Math.min(to, cell + 1) - Math.max(from, cell)
      if (share > 0) span.push([cell, share])
    }
    return span.length > 0 ? span : [[Math.min(limit - 1, Math.floor(from)), 1]]
  })
}
