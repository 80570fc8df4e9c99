/**
 * The last word on a pose: the same agreement against contradiction as in pose-score.ts, but between the scans at
 * their full density, where a chair in the wrong place is no longer blurred into the wall behind it.
 */
import { everyNth } from '../../../../shared/geometry/icp.ts'
import { buildKdTree } from '../../../../shared/geometry/kd-tree.ts'
import { invertSimilarity, type Matrix4, transformPoint } from '../../../../shared/geometry/matrix4.ts'
import { estimateNormals } from '../../../../shared/geometry/normals.ts'
import type { IcpSurface } from '../../../../shared/geometry/point-matches.ts'
import { seededRandom } from '../../../../shared/geometry/random.ts'
import { thinToCells } from '../../../../shared/geometry/voxel-grid.ts'
import { combine, type OneWay, type PoseScore } from './pose-score.ts'
import type { PreparedScan } from './prepared-scan.ts'
import { SeenSpace, stationOf } from './station.ts'

const PROBES = 2500
/** Fine cells in a coarse one. */
export const FINENESS = 3
/** Distance to the surface at which a match counts half, and to its nearest point beyond which there is none; in coarse cells. */
const PLANE_TOLERANCE = 0.2
const POINT_TOLERANCE = 0.8
/** The first of these grows with the noise of the two scans, in standard deviations, up to so many cells. */
const NOISE_TOLERANCE = 2.5
const LARGEST_TOLERANCE = 0.45

/**
 * The centroids that poses are measured by. Cells lie along no wall: one that runs between two layers of them is two sheets,
 * and the thinner one, of few points, pulls as much as the other, all of it one way.
 */
export function fineCentroids(positions: Float32Array, cell: number): Float32Array {
  return thinToCells(positions, cell, true).positions
}

export function fineSurfaceOf(scan: PreparedScan, cell: number): IcpSurface {
  const tree = buildKdTree(fineCentroids(scan.cloud.positions, cell))
  return { tree, normals: estimateNormals(tree.points, tree, 13, cell * 3).normals }
}

export interface Verifier {
  /** Agreement against contradiction at full density. */
  score(targetFromSource: Matrix4): PoseScore
  /**
   * Of what speaks for a pose and for none of its rivals, and what speaks against it, the share that speaks for it: rows
   * of equal desks fit when shifted by one too, and in the room next door; a board fits in one place.
   */
  ownShare(targetFromSource: Matrix4, rivals: readonly Matrix4[]): number
  /**
   * Agreement over agreement and contradiction where a scan of one station contradicts only with what it saw to be
   * empty, not with what furniture hid from it (station.ts). Undefined where neither scan is one.
   */
  seenRatios(poses: readonly Matrix4[]): number[] | undefined
  /** Share of the surface of the scan that has more of it in common, 0 to 1. */
  overlap(targetFromSource: Matrix4): number
}

/** What looks at poses of the source in the target at full density. */
export function verifier(target: PreparedScan, source: PreparedScan, targetSurface: IcpSurface): Verifier {
  const sourceSurface = fineSurfaceOf(source, source.cell / FINENESS)
  const sourceProbe = fineProbe(source, sourceSurface)
  const targetProbe = fineProbe(target, targetSurface)
  const near = target.cell * 0.5
  const noise = Math.hypot(noiseOf(targetSurface), noiseOf(sourceSurface))
  const flat = toleranceFor(target.cell, noise)
  const forth = (pose: Matrix4, hits?: Float32Array, seen?: SeenSpace) =>
    verifyOneWay(sourceProbe, target, targetSurface, pose, flat, { hits }, seen)
  const back = (pose: Matrix4, hits?: Float32Array, seen?: SeenSpace) =>
    verifyOneWay(targetProbe, source, sourceSurface, invertSimilarity(pose), flat, { hits }, seen)
  return {
    score: (pose) => combine(forth(pose), back(pose)),
    ownShare: (pose, rivals) => {
      const one = ownOneWay(forth, sourceProbe.length / 3, pose, rivals)
      const other = ownOneWay(back, targetProbe.length / 3, pose, rivals)
      const own = one.own + other.own
      return own / Math.max(1e-12, own + one.conflict + other.conflict)
    },
    seenRatios: (poses) => {
      const seen = [seenSpaceOf(target, targetSurface), seenSpaceOf(source, sourceSurface)] as const
      if (!seen[0] && !seen[1]) return undefined
      return poses.map((pose) => combine(forth(pose, undefined, seen[0]), back(pose, undefined, seen[1])).ratio)
    },
    overlap: (pose) =>
      Math.max(
        shareNear(sourceSurface, targetSurface, pose, near),
        shareNear(targetSurface, sourceSurface, invertSimilarity(pose), near),
      ),
  }
}

function seenSpaceOf(scan: PreparedScan, surface: IcpSurface): SeenSpace | undefined {
  const station = stationOf(scan)
  return station && new SeenSpace(surface.tree.points, station, scan.cell)
}

/** The share of a surface's points that have a point of the other within `near` along its normal, twice that across. */
function shareNear(surface: IcpSurface, other: IcpSurface, m: Matrix4, near: number): number {
  const probe = everyNth(surface.tree.points, PROBES)
  const { tree, normals } = other
  let found = 0
  for (let o = 0; o < probe.length; o += 3) {
    const [x, y, z] = transformPoint(m, [probe[o], probe[o + 1], probe[o + 2]])
    const n = tree.nearest(x, y, z, near * 2) * 3
    if (n < 0) continue
    const p = tree.points
    const away = normals[n] * (x - p[n]) + normals[n + 1] * (y - p[n + 1]) + normals[n + 2] * (z - p[n + 2])
    if (Math.abs(away) < near) found++
  }
  return found / Math.max(1, probe.length / 3)
}

/**
 * How thick a scan's surfaces are, metres: the middle of the distances of points from the planes through their
 * neighbours, as a standard deviation. Seen on the scan alone, so that it cannot excuse a wrong pose.
 */
function noiseOf(surface: IcpSurface): number {
  const { tree, normals } = surface
  const places = new Int32Array(5)
  const squared = new Float64Array(5)
  const distances: number[] = []
  const step = Math.max(1, Math.floor(tree.count / 600))
  const p = tree.points
  for (let i = 0; i < tree.count; i += step) {
    const found = tree.nearestMany(p[i * 3], p[i * 3 + 1], p[i * 3 + 2], 5, Infinity, places, squared)
    for (let k = 1; k < found; k++) {
      const o = places[k] * 3
      let away = 0
      for (let a = 0; a < 3; a++) away += normals[i * 3 + a] * (p[o + a] - p[i * 3 + a])
      distances.push(Math.abs(away))
    }
  }
  distances.sort((a, b) => a - b)
  // The difference of two noisy points is the root of two wider than one.
  return ((distances[distances.length >> 1] ?? 0) * 1.4826) / Math.SQRT2
}

/** Fine points drawn by the weight of the coarse point they belong to. */
function fineProbe(scan: PreparedScan, surface: IcpSurface): Float32Array {
  const { points, count } = surface.tree
  const random = seededRandom(count)
  const weights = new Float32Array(count)
  let total = 0
  for (let i = 0; i < count; i++) {
    const at = scan.tree.nearest(points[i * 3], points[i * 3 + 1], points[i * 3 + 2], scan.cell * 3)
    weights[i] = at < 0 ? 0 : scan.weights[at]
    total += weights[i]
  }
  const out: number[] = []
  for (let i = 0; i < count; i++) {
    if (random.next() * total < weights[i] * PROBES) out.push(points[i * 3], points[i * 3 + 1], points[i * 3 + 2])
  }
  return Float32Array.from(out)
}

type LookOneWay = (pose: Matrix4, hits?: Float32Array) => OneWay

/** How well each of some points lies on a surface, and how surely it lies where that scan saw none, each 0 to 1. */
export function pointsOnSurface(
  other: PreparedScan,
  surface: IcpSurface,
  probe: Float32Array,
  pose: Matrix4,
): { readonly hits: Float32Array; readonly conflicts: Float32Array } {
  const noise = noiseOf(surface) * Math.SQRT2
  const hits = new Float32Array(probe.length / 3)
  const conflicts = new Float32Array(probe.length / 3)
  verifyOneWay(probe, other, surface, pose, toleranceFor(other.cell, noise), { hits, conflicts })
  return { hits, conflicts }
}

/** Distance to the surface at which a match counts half, metres. */
const toleranceFor = (cell: number, noise: number): number =>
  Math.min(cell * LARGEST_TOLERANCE, Math.max(cell * PLANE_TOLERANCE, noise * NOISE_TOLERANCE))

/** What of a probe agrees with a pose and with none of its rivals, and what contradicts the pose. */
function ownOneWay(look: LookOneWay, count: number, pose: Matrix4, rivals: readonly Matrix4[]) {
  const here = new Float32Array(count)
  const { conflict } = look(pose, here)
  const elsewhere = new Float32Array(count)
  const hits = new Float32Array(count)
  for (const rival of rivals) {
    look(rival, hits)
    for (let i = 0; i < count; i++) elsewhere[i] = Math.max(elsewhere[i], hits[i])
  }
  let own = 0
  for (let i = 0; i < count; i++) own += here[i] * (1 - elsewhere[i])
  return { own: own / Math.max(1, count), conflict }
}

/**
 * @param each What is said of each point of the probe, 0 to 1; filled where given.
 * @param seen What the other scan saw to be empty, where that is known.
 */
function verifyOneWay(
  probe: Float32Array,
  other: PreparedScan,
  surface: IcpSurface,
  m: Matrix4,
  flat: number,
  each: { readonly hits?: Float32Array; readonly conflicts?: Float32Array } = {},
  seen?: SeenSpace,
): OneWay {
  const { tree, normals } = surface
  const { field } = other
  const gate = other.cell * POINT_TOLERANCE
  let matched = 0
  let conflict = 0
  let hint = -1
  for (let o = 0; o < probe.length; o += 3) {
    const px = probe[o]
    const py = probe[o + 1]
    const pz = probe[o + 2]
    const x = m[0] * px + m[4] * py + m[8] * pz + m[12]
    const y = m[1] * px + m[5] * py + m[9] * pz + m[13]
    const z = m[2] * px + m[6] * py + m[10] * pz + m[14]
    let hit = 0
    const place = tree.nearest(x, y, z, gate, hint)
    if (place >= 0) {
      const n = place * 3
      const away =
        normals[n] * (x - tree.points[n]) +
        normals[n + 1] * (y - tree.points[n + 1]) +
        normals[n + 2] * (z - tree.points[n + 2])
      hit = Math.exp((-Math.LN2 * away * away) / (flat * flat))
      hint = place
    }
    matched += hit
    if (each.hits) each.hits[o / 3] = hit
    if (seen) {
      if (hit < 1 && seen.isEmpty(x, y, z)) conflict += 1 - hit
      continue
    }
    const i = Math.floor((x - field.originX) / (field.cell * 2))
    const j = Math.floor((y - field.originY) / (field.cell * 2))
    const k = Math.floor((z - field.originZ) / (field.cell * 2))
    if (i < 0 || j < 0 || k < 0 || i >= field.ex || j >= field.ey || k * 2 >= field.nz) continue
    const against = (1 - hit) * field.enclosure[(k * field.ey + j) * field.ex + i]
    conflict += against
    if (each.conflicts) each.conflicts[o / 3] = against
  }
  const count = Math.max(1, probe.length / 3)
  return { matched: matched / count, conflict: conflict / count }
}
