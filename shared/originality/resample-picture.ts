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
  const line = new Float64Array(side)
  for (let row = 0; row < side; row++) {
    line.fill(0)
    for (let y = 0; y < rows.lengths[row]; y++) {
      addRow(line, grey, (rows.firsts[row] + y) * width, columns, rows.shares[row * rows.longest + y])
    }
    for (let column = 0; column < side; column++) {
      out[row * side + column] = line[column] / (rows.sums[row] * columns.sums[column])
    }
  }
  return out
}

/** One row of the source, brought to the steps of `columns`. */
function addRow(line: Float64Array, grey: ArrayLike<number>, from: number, columns: Spans, weight: number): void {
  const { firsts, lengths, shares, longest } = columns
  for (let column = 0; column < line.length; column++) {
    const [cell, share] = [from + firsts[column], column * longest]
    let sum = 0
    for (let x = 0; x < lengths[column]; x++) sum += grey[cell + x] * shares[share + x]
    line[column] += weight * sum
  }
}

/** Which source cells lie under each step: the first of them, how many, and the share of each that does. */
interface Spans {
  readonly firsts: Int32Array
  readonly lengths: Int32Array
  /** `longest` places for each step. */
  readonly shares: Float64Array
  readonly longest: number
  /** Of the shares of a step. */
  readonly sums: Float64Array
}

function spansOf(start: number, step: number, count: number, limit: number): Spans {
  const longest = Math.ceil(step) + 1
  const [firsts, lengths] = [new Int32Array(count), new Int32Array(count)]
  const [shares, sums] = [new Float64Array(count * longest), new Float64Array(count)]
  for (let index = 0; index < count; index++) {
    const [from, to] = [start + index * step, start + (index + 1) * step]
    firsts[index] = Math.min(limit - 1, Math.floor(from))
    for (let cell = Math.floor(from); cell < to && cell < limit; cell++) {
      const share = Math.min(to, cell + 1) - Math.max(from, cell)
      if (share <= 0) continue
      shares[index * longest + lengths[index]] = share
      lengths[index]++
      sums[index] += share
    }
    if (lengths[index] > 0) continue
    lengths[index] = 1
    shares[index * longest] = 1
    sums[index] = 1
  }
  return { firsts, lengths, shares, longest, sums }
}
