/**
 * Poses from matched descriptors, for scans without flat directions: correspondences are kept where they agree with
 * each other on distances and on the angles of normals; groups that agree are found by counting common friends
 * (Z. Chen et al., "SC2-PCR: a second order spatial compatibility", CVPR 2022), and each group gives a pose.
 */
import { fitPoints } from '../../../../shared/geometry/umeyama.ts'
import { DESCRIPTOR_LENGTH, type DescribedPoints } from './local-descriptors.ts'

const MATCHES_EACH = 3
const MAXIMUM_MATCHES = 1100
const SEEDS = 60
const GROUP = 24

/** Poses, target_from_source, likelier first; none when nothing agrees. */
export function featureCandidates(target: DescribedPoints, source: DescribedPoints): number[][] {
  const matches = matchDescriptors(target, source)
  const count = matches.length / 2
  if (count < 4) return []
  const tolerance = (target.radiusMetres / 5) * 1.3
  const graph = compatibility(target, source, matches, tolerance)
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => graph.degrees[b] - graph.degrees[a])
  const poses: number[][] = []
  const used = new Uint8Array(count)
  for (const seed of order) {
    if (poses.length === SEEDS || graph.degrees[seed] < 3) break
    if (used[seed]) continue
    const group = closestFriends(graph, seed, count)
    if (group.length < 3) continue
    const pose = poseOf(target, source, matches, [seed, ...group], tolerance)
    used[seed] = 1
    if (!pose) continue
    for (const i of pose.inliers) used[i] = 1
    poses.push(pose.matrix)
  }
  return poses
}

/** Pairs (target, source) whose descriptors are nearest to each other, the most distinct points first. */
function matchDescriptors(target: DescribedPoints, source: DescribedPoints): Int32Array {
  const t = mostDistinct(target, 700)
  const s = mostDistinct(source, 700)
  const pairs: { target: number; source: number; distance: number }[] = []
  const collect = (from: Int32Array, a: DescribedPoints, to: Int32Array, b: DescribedPoints, swapped: boolean) => {
    const best = new Float64Array(MATCHES_EACH)
    const who = new Int32Array(MATCHES_EACH)
    for (const i of from) {
      best.fill(Infinity)
      for (const j of to) {
        let sum = 0
        for (let k = 0; k < DESCRIPTOR_LENGTH && sum < best[MATCHES_EACH - 1]; k++) {
          const d = a.descriptors[i * DESCRIPTOR_LENGTH + k] - b.descriptors[j * DESCRIPTOR_LENGTH + k]
          sum += d * d
        }
        if (sum >= best[MATCHES_EACH - 1]) continue
        let at = MATCHES_EACH - 1
        while (at > 0 && best[at - 1] > sum) {
          best[at] = best[at - 1]
          who[at] = who[at - 1]
          at--
        }
        best[at] = sum
        who[at] = j
      }
      for (let k = 0; k < MATCHES_EACH; k++) {
        if (best[k] === Infinity) continue
        pairs.push({ target: swapped ? who[k] : i, source: swapped ? i : who[k], distance: best[k] * (1 + k * 0.5) })
      }
    }
  }
  collect(s, source, t, target, true)
  collect(t, target, s, source, false)
  pairs.sort((a, b) => a.distance - b.distance)
  const seen = new Set<number>()
  const out: number[] = []
  for (const pair of pairs) {
    const key = pair.target * source.count + pair.source
    if (seen.has(key)) continue
    seen.add(key)
    out.push(pair.target, pair.source)
    if (out.length === MAXIMUM_MATCHES * 2) break
  }
  return Int32Array.from(out)
}

function mostDistinct(points: DescribedPoints, wanted: number): Int32Array {
  const order = Int32Array.from({ length: points.count }, (_, i) => i)
  order.sort((a, b) => points.distinctness[b] - points.distinctness[a])
  return order.subarray(0, wanted)
}

interface Graph {
  /** One row of bits a match. */
  readonly bits: Uint32Array
  readonly words: number
  readonly degrees: Int32Array
}

function compatibility(
  target: DescribedPoints,
  source: DescribedPoints,
  matches: Int32Array,
  tolerance: number,
): Graph {
  const count = matches.length / 2
  const words = (count + 31) >> 5
  const bits = new Uint32Array(count * words)
  const degrees = new Int32Array(count)
  const p = target.positions
  const q = source.positions
  const np = target.normals
  const nq = source.normals
  const apart = tolerance * 2.5
  for (let i = 0; i < count; i++) {
    const a = matches[i * 2] * 3
    const b = matches[i * 2 + 1] * 3
    for (let j = i + 1; j < count; j++) {
      const c = matches[j * 2] * 3
      const d = matches[j * 2 + 1] * 3
      const here = Math.hypot(p[a] - p[c], p[a + 1] - p[c + 1], p[a + 2] - p[c + 2])
      if (here < apart) continue
      const there = Math.hypot(q[b] - q[d], q[b + 1] - q[d + 1], q[b + 2] - q[d + 2])
      if (Math.abs(here - there) > tolerance) continue
      const turn = np[a] * np[c] + np[a + 1] * np[c + 1] + np[a + 2] * np[c + 2]
      const other = nq[b] * nq[d] + nq[b + 1] * nq[d + 1] + nq[b + 2] * nq[d + 2]
      if (Math.abs(Math.abs(turn) - Math.abs(other)) > 0.25) continue
      bits[i * words + (j >> 5)] |= 1 << (j & 31)
      bits[j * words + (i >> 5)] |= 1 << (i & 31)
      degrees[i]++
      degrees[j]++
    }
  }
  return { bits, words, degrees }
}

/** The matches that share most friends with the seed, of those that agree with it. */
function closestFriends(graph: Graph, seed: number, count: number): number[] {
  const { bits, words } = graph
  const ranked: { match: number; common: number }[] = []
  for (let j = 0; j < count; j++) {
    if (!((bits[seed * words + (j >> 5)] >>> (j & 31)) & 1)) continue
    let common = 0
    for (let w = 0; w < words; w++) common += ones(bits[seed * words + w] & bits[j * words + w])
    ranked.push({ match: j, common })
  }
  ranked.sort((a, b) => b.common - a.common)
  return ranked.slice(0, GROUP).map((entry) => entry.match)
}

function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

function poseOf(
  target: DescribedPoints,
  source: DescribedPoints,
  matches: Int32Array,
  group: readonly number[],
  tolerance: number,
): { matrix: number[]; inliers: number[] } | undefined {
  let members: readonly number[] = group
  let matrix: number[] | undefined
  let inliers: number[] = []
  for (let pass = 0; pass < 3; pass++) {
    const from: number[] = []
    const to: number[] = []
    for (const i of members) {
      for (let k = 0; k < 3; k++) {
        to.push(target.positions[matches[i * 2] * 3 + k])
        from.push(source.positions[matches[i * 2 + 1] * 3 + k])
      }
    }
    const fit = fitPoints(from, to)
    if (fit.rotationGap < 1e-3) return undefined
    matrix = fit.targetFromSource
    inliers = inliersOf(target, source, matches, matrix, tolerance * 1.5)
    if (inliers.length < 4) return undefined
    members = inliers
  }
  return matrix ? { matrix, inliers } : undefined
}

function inliersOf(
  target: DescribedPoints,
  source: DescribedPoints,
  matches: Int32Array,
  m: readonly number[],
  tolerance: number,
): number[] {
  const out: number[] = []
  for (let i = 0; i < matches.length / 2; i++) {
    const a = matches[i * 2] * 3
    const b = matches[i * 2 + 1] * 3
    const [x, y, z] = [source.positions[b], source.positions[b + 1], source.positions[b + 2]]
    const dx = m[0] * x + m[4] * y + m[8] * z + m[12] - target.positions[a]
    const dy = m[1] * x + m[5] * y + m[9] * z + m[13] - target.positions[a + 1]
    const dz = m[2] * x + m[6] * y + m[10] * z + m[14] - target.positions[a + 2]
    if (dx * dx + dy * dy + dz * dz < tolerance * tolerance) out.push(i)
  }
  return out
}
