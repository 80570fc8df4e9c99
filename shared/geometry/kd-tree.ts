/**
 * A k-d tree over points in typed arrays: balanced, leaves of up to ten points stored side by side, no object per
 * node, so that 100,000 points build in some tens of milliseconds and a query touches few cache lines.
 * J. L. Bentley, "Multidimensional binary search trees used for associative searching", CACM 18 (1975).
 */
const LEAF = 10
const STACK = 64

export interface KdTree {
  readonly count: number
  /** The points in the tree's own order; `index[i]` is where point i was in the input. */
  readonly points: Float32Array
  readonly index: Uint32Array
  /**
   * The nearest point within a radius.
   * @returns its place in the tree's order, or -1. Its squared distance is then `lastDistanceSquared`.
   * @param hint A place to try first: the answer of a query close by makes this one cheaper.
   */
  nearest(x: number, y: number, z: number, radius: number, hint?: number): number
  readonly lastDistanceSquared: number
  /**
   * The k nearest points within a radius, nearest first; writes places and squared distances.
   * @returns how many there are.
   */
  nearestMany(
    x: number,
    y: number,
    z: number,
    k: number,
    radius: number,
    places: Int32Array,
    squaredDistances: Float64Array,
  ): number
  /** Places of all points within a radius, at most `places.length` of them. */
  within(x: number, y: number, z: number, radius: number, places: Int32Array): number
}

/** Builds a tree over finite points, x y z x y z …; the input is not kept. */
export function buildKdTree(positions: ArrayLike<number>): KdTree {
  return new TypedKdTree(positions)
}

class TypedKdTree implements KdTree {
  readonly count: number
  readonly points: Float32Array
  readonly index: Uint32Array
  lastDistanceSquared = Number.POSITIVE_INFINITY
  private readonly splitAxis: Uint8Array
  private readonly splitValue: Float32Array
  private readonly nodeStack = new Int32Array(STACK)
  private readonly lowStack = new Int32Array(STACK)
  private readonly highStack = new Int32Array(STACK)
  private readonly gapStack = new Float64Array(STACK)

  constructor(positions: ArrayLike<number>) {
    const count = Math.floor(positions.length / 3)
    this.count = count
    this.index = new Uint32Array(count)
    for (let i = 0; i < count; i++) this.index[i] = i
    let nodes = 1
    for (let size = count; size > LEAF; size = (size + 1) >> 1) nodes = nodes * 2 + 1
    this.splitAxis = new Uint8Array(nodes)
    this.splitValue = new Float32Array(nodes)
    this.points = new Float32Array(count * 3)
    for (let i = 0; i < count * 3; i++) this.points[i] = positions[i]
    this.build(0, 0, count)
  }

  private build(node: number, low: number, high: number): void {
    if (high - low <= LEAF) return
    const p = this.points
    let axis = 0
    let widest = -1
    for (let k = 0; k < 3; k++) {
      let min = Number.POSITIVE_INFINITY
      let max = Number.NEGATIVE_INFINITY
      for (let i = low * 3 + k; i < high * 3; i += 3) {
        if (p[i] < min) min = p[i]
        if (p[i] > max) max = p[i]
      }
      if (max - min > widest) {
        widest = max - min
        axis = k
      }
    }
    const middle = (low + high + 1) >> 1
    this.select(axis, low, high - 1, middle)
    this.splitAxis[node] = axis
    this.splitValue[node] = p[middle * 3 + axis]
    this.build(node * 2 + 1, low, middle)
    this.build(node * 2 + 2, middle, high)
  }

  /** Hoare's selection: afterwards all before `k` are <= all from `k` on. */
  private select(axis: number, from: number, to: number, k: number): void {
    const p = this.points
    let low = from
    let high = to
    while (low < high) {
      const a = p[low * 3 + axis]
      const b = p[((low + high) >> 1) * 3 + axis]
      const c = p[high * 3 + axis]
      const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
      let i = low
      let j = high
      while (i <= j) {
        while (p[i * 3 + axis] < pivot) i++
        while (p[j * 3 + axis] > pivot) j--
        if (i <= j) {
          this.swap(i, j)
          i++
          j--
        }
      }
      if (k <= j) high = j
      else if (k >= i) low = i
      else return
    }
  }

  private swap(i: number, j: number): void {
    if (i === j) return
    const p = this.points
    for (let k = 0; k < 3; k++) {
      const keep = p[i * 3 + k]
      p[i * 3 + k] = p[j * 3 + k]
      p[j * 3 + k] = keep
    }
    const keep = this.index[i]
    this.index[i] = this.index[j]
    this.index[j] = keep
  }

  nearest(x: number, y: number, z: number, radius: number, hint = -1): number {
    const p = this.points
    let best = -1
    let bound = radius * radius
    if (hint >= 0) {
      const dx = p[hint * 3] - x
      const dy = p[hint * 3 + 1] - y
      const dz = p[hint * 3 + 2] - z
      const d = dx * dx + dy * dy + dz * dz
      if (d < bound) {
        bound = d
        best = hint
      }
    }
    const { nodeStack, lowStack, highStack, gapStack, splitAxis, splitValue } = this
    let top = 0
    let node = 0
    let low = 0
    let high = this.count
    for (;;) {
      while (high - low > LEAF) {
        const axis = splitAxis[node]
        const gap = (axis === 0 ? x : axis === 1 ? y : z) - splitValue[node]
        const middle = (low + high + 1) >> 1
        const squared = gap * gap
        if (gap < 0) {
          if (squared < bound) {
            nodeStack[top] = node * 2 + 2
            lowStack[top] = middle
            highStack[top] = high
            gapStack[top++] = squared
          }
          node = node * 2 + 1
          high = middle
        } else {
          if (squared < bound) {
            nodeStack[top] = node * 2 + 1
            lowStack[top] = low
            highStack[top] = middle
            gapStack[top++] = squared
          }
          node = node * 2 + 2
          low = middle
        }
      }
      for (let i = low, o = low * 3; i < high; i++, o += 3) {
        const dx = p[o] - x
        const dy = p[o + 1] - y
        const dz = p[o + 2] - z
        const d = dx * dx + dy * dy + dz * dz
        if (d < bound) {
          bound = d
          best = i
        }
      }
      do {
        if (top === 0) {
          this.lastDistanceSquared = best < 0 ? Number.POSITIVE_INFINITY : bound
          return best
        }
        top--
      } while (gapStack[top] >= bound)
      node = nodeStack[top]
      low = lowStack[top]
      high = highStack[top]
    }
  }

  nearestMany(
    x: number,
    y: number,
    z: number,
    k: number,
    radius: number,
    places: Int32Array,
    squaredDistances: Float64Array,
  ): number {
    const p = this.points
    let found = 0
    let bound = radius * radius
    const { nodeStack, lowStack, highStack, gapStack, splitAxis, splitValue } = this
    let top = 1
    nodeStack[0] = 0
    lowStack[0] = 0
    highStack[0] = this.count
    gapStack[0] = 0
    while (top > 0) {
      top--
      if (gapStack[top] >= bound) continue
      let node = nodeStack[top]
      let low = lowStack[top]
      let high = highStack[top]
      while (high - low > LEAF) {
        const axis = splitAxis[node]
        const gap = (axis === 0 ? x : axis === 1 ? y : z) - splitValue[node]
        const middle = (low + high + 1) >> 1
        const near = gap < 0
        nodeStack[top] = near ? node * 2 + 2 : node * 2 + 1
        lowStack[top] = near ? middle : low
        highStack[top] = near ? high : middle
        gapStack[top++] = gap * gap
        node = near ? node * 2 + 1 : node * 2 + 2
        if (near) high = middle
        else low = middle
      }
      for (let i = low, o = low * 3; i < high; i++, o += 3) {
        const dx = p[o] - x
        const dy = p[o + 1] - y
        const dz = p[o + 2] - z
        const d = dx * dx + dy * dy + dz * dz
        if (d >= bound) continue
        // Insertion into an ascending list: k is small, so this beats a heap.
        let at = found < k ? found++ : k - 1
        while (at > 0 && squaredDistances[at - 1] > d) {
          squaredDistances[at] = squaredDistances[at - 1]
          places[at] = places[at - 1]
          at--
        }
        squaredDistances[at] = d
        places[at] = i
        if (found === k) bound = Math.min(bound, squaredDistances[k - 1])
      }
    }
    return found
  }

  within(x: number, y: number, z: number, radius: number, places: Int32Array): number {
    const p = this.points
    const bound = radius * radius
    const { nodeStack, lowStack, highStack, splitAxis, splitValue } = this
    let found = 0
    let top = 1
    nodeStack[0] = 0
    lowStack[0] = 0
    highStack[0] = this.count
    while (top > 0) {
      top--
      const node = nodeStack[top]
      const low = lowStack[top]
      const high = highStack[top]
      if (high - low <= LEAF) {
        for (let i = low; i < high; i++) {
          const dx = p[i * 3] - x
          const dy = p[i * 3 + 1] - y
          const dz = p[i * 3 + 2] - z
          if (dx * dx + dy * dy + dz * dz > bound) continue
          if (found === places.length) return found
          places[found++] = i
        }
        continue
      }
      const axis = splitAxis[node]
      const gap = (axis === 0 ? x : axis === 1 ? y : z) - splitValue[node]
      const middle = (low + high + 1) >> 1
      if (gap <= radius) {
        nodeStack[top] = node * 2 + 1
        lowStack[top] = low
        highStack[top++] = middle
      }
      if (gap >= -radius) {
        nodeStack[top] = node * 2 + 2
        lowStack[top] = middle
        highStack[top++] = high
      }
    }
    return found
  }
}
