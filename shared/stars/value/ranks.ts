/** Ranks, percentiles and the figures that judge a ranking. */

/** Mid-ranks, 1 for the smallest; equal values share the mean of their ranks. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, index) => index).sort((a, b) => values[a] - values[b])
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length;) {
    let end = start
    while (end + 1 < order.length && values[order[end + 1]] === values[order[start]]) end++
    for (let i = start; i <= end; i++) ranks[order[i]] = (start + end) / 2 + 1
    start = end + 1
  }
  return ranks
}

/** Where each value stands among all, in (0, 1): (mid-rank - 1/2) / n. */
export function percentiles(values: ArrayLike<number>): Float64Array {
  return midRanks(values).map((rank) => (rank - 0.5) / values.length)
}

/** Pearson correlation; 0 when either side is constant. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length
  let meanA = 0
  let meanB = 0
  for (let i = 0; i < n; i++) {
    meanA += a[i] / n
    meanB += b[i] / n
  }
  let ab = 0
  let aa = 0
  let bb = 0
  for (let i = 0; i < n; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB)
    aa += (a[i] - meanA) ** 2
    bb += (b[i] - meanB) ** 2
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0
}

/** Spearman's rank correlation. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return correlation(midRanks(a), midRanks(b))
}

/** Probability that a marked item scores above an unmarked one; ties count half. NaN without both kinds. */
export function areaUnderRoc(scores: ArrayLike<number>, marked: readonly boolean[]): number {
  const ranks = midRanks(scores)
  let positives = 0
  let sum = 0
  marked.forEach((mark, index) => {
    if (!mark) return
    positives++
    sum += ranks[index]
  })
  const negatives = marked.length - positives
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** The q-quantile of sorted values, linear between order statistics. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  const at = Math.min(1, Math.max(0, q)) * (sorted.length - 1)
  const below = Math.floor(at)
  const above = Math.min(sorted.length - 1, below + 1)
  return sorted[below] + (at - below) * (sorted[above] - sorted[below])
}

/** A table of `size` quantiles at 0, 1/(size-1), ..., 1: how a pack keeps a distribution. */
export function quantileTable(values: ArrayLike<number>, size: number): number[] {
  const sorted = Float64Array.from(values as ArrayLike<number>).sort()
  return Array.from({ length: size }, (_, index) => quantileOfSorted(sorted, index / (size - 1)))
}

/** Where a value stands under a quantile table, in [0, 1], non-decreasing in the value; ties get the middle. */
export function percentileUnderTable(table: readonly number[], value: number): number {
  const last = table.length - 1
  if (value < table[0]) return 0
  if (value > table[last]) return 1
  let low = 0
  while (low < last && table[low + 1] < value) low++
  let first = low
  while (first < last && table[first] < value) first++
  let end = first
  while (end < last && table[end + 1] === value) end++
  if (table[first] === value) return (first + end) / 2 / last
  return (low + (value - table[low]) / (table[low + 1] - table[low])) / last
}
