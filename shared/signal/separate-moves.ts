/**
 * In how many separate moves two rates of rotation agree.
 *
 * A device that was turned once fits any other that was turned once, however exactly the two turns lie on each other: one
 * move is one piece of evidence. So the sum of the products of the two is studentised, as votes are in sound: it is
 * counted in the root of the sum of squares of what hangs together. That of n equal moves is the root of n.
 */

/** Beyond this a move has ended. */
const LONGEST_MOVE_SECONDS = 2

/**
 * The agreement of `b` with `a` at a lag, as the root of a number of equal moves; 0 where they do not agree.
 *
 * @param a unit variance, without its slow changes, zero where nothing is known
 * @param lag steps of `a` against `b`
 */
export function separateMoves(a: Float32Array, b: Float32Array, lag: number, stepSeconds: number): number {
  const from = Math.max(0, -lag)
  const to = Math.min(b.length, a.length - lag)
  if (to <= from) return 0
  const one = a.subarray(from + lag, to + lag)
  const other = b.subarray(from, to)
  const longest = Math.min(to - from - 1, Math.round(LONGEST_MOVE_SECONDS / stepSeconds))
  const reach = Math.max(memory(one, longest), memory(other, longest))
  let sum = 0
  const before = new Float64Array(to - from + 1)
  for (let index = 0; index < one.length; index++) {
    sum += one[index]! * other[index]!
    before[index + 1] = sum
  }
  let squares = 0
  for (let index = 0; index < one.length; index++) {
    const near = before[Math.min(one.length, index + reach + 1)]! - before[Math.max(0, index - reach)]!
    squares += one[index]! * other[index]! * near
  }
  return sum > 0 && squares > 0 ? sum / Math.sqrt(squares) : 0
}

/** Steps after which values no longer say anything of those before. */
function memory(values: Float32Array, longest: number): number {
  let power = 0
  for (const value of values) power += value * value
  for (let lag = 1; lag <= longest; lag++) {
    let product = 0
    for (let index = lag; index < values.length; index++) product += values[index]! * values[index - lag]!
    if (product <= 0.05 * power) return lag
  }
  return longest
}
