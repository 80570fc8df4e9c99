/**
 * Sorting a few thousand distances many times over: a radix sort on the float32 image of each distance, then an insertion
 * pass on the float64 values, so that the order is exact. Non-negative floats sort as their bit patterns do.
 */
const BUCKETS = 2048
/** So few are sorted by insertion alone, which costs less than the buckets. */
const FEW = 48

export interface OrderScratch {
  readonly order: Int32Array
  readonly keys: Uint32Array
  readonly image: Float32Array
  readonly spareOrder: Int32Array
  readonly spareKeys: Uint32Array
  readonly counts: Int32Array
}

/** Memory for sorting `count` distances, to be used again and again. */
export function orderScratch(count: number): OrderScratch {
  const image = new Float32Array(count)
  return {
    order: new Int32Array(count),
    keys: new Uint32Array(image.buffer),
    image,
    spareOrder: new Int32Array(count),
    spareKeys: new Uint32Array(count),
    counts: new Int32Array(BUCKETS),
  }
}

/** One counting pass on 11 bits of the key. */
function radixPass(
  shift: number,
  fromKeys: Uint32Array,
  fromOrder: Int32Array,
  toKeys: Uint32Array,
  toOrder: Int32Array,
  counts: Int32Array,
): void {
  const mask = BUCKETS - 1
  const n = fromKeys.length
  counts.fill(0)
  for (let i = 0; i < n; i++) counts[(fromKeys[i] >>> shift) & mask]++
  let total = 0
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const held = counts[bucket]
    counts[bucket] = total
    total += held
  }
  for (let i = 0; i < n; i++) {
    const key = fromKeys[i]
    const to = counts[(key >>> shift) & mask]++
    toKeys[to] = key
    toOrder[to] = fromOrder[i]
  }
}

/**
 * Indices by rising distance. Equal distances go by rising `tie` (the less useful neighbour first), so the result does not
 * depend on the order in which points were given. The returned array belongs to the scratch.
 *
 * @param distances Non-negative, finite; as many as the scratch was made for.
 */
export function nearestOrder(distances: Float64Array, tie: Float64Array, scratch: OrderScratch): Int32Array {
  const { image, keys, spareKeys, order, spareOrder, counts } = scratch
  const n = distances.length
  for (let i = 0; i < n; i++) {
    image[i] = distances[i]
    spareOrder[i] = i
  }
  if (n <= FEW) order.set(spareOrder)
  else {
    spareKeys.set(keys)
    radixPass(0, spareKeys, spareOrder, keys, order, counts)
    radixPass(11, keys, order, spareKeys, spareOrder, counts)
    radixPass(22, spareKeys, spareOrder, keys, order, counts)
  }
  for (let i = 1; i < n; i++) {
    const moving = order[i]
    const distance = distances[moving]
    let at = i - 1
    while (at >= 0) {
      const other = order[at]
      const gap = distances[other] - distance
      if (gap < 0 || (gap === 0 && tie[other] <= tie[moving])) break
      order[at + 1] = other
      at--
    }
    order[at + 1] = moving
  }
  return order
}
