/**
 * How well a pose explains two scans: what of each lies on the other's surface, against what lies where the other
 * scan looked and saw nothing. Large planes count for little (prepared-scan.ts); what lies outside the other scan's
 * reach counts for nothing, so that partial overlap costs nothing.
 */
import type { Matrix4 } from '../../../../shared/geometry/matrix4.ts'
import { seededRandom } from '../../../../shared/geometry/random.ts'
import type { NearestField } from './nearest-field.ts'
import type { PreparedScan } from './prepared-scan.ts'

/** Points of one scan chosen for scoring; each carries the same share of the scan's weight. */
export interface Probe {
  readonly count: number
  readonly positions: Float32Array
  readonly normals: Float32Array
}

/** Draws points with chances in proportion to their weights (systematic sampling, one pass). */
export function drawProbe(scan: PreparedScan, wanted: number): Probe {
  const random = seededRandom(wanted)
  const count = Math.min(wanted, scan.count)
  const positions = new Float32Array(count * 3)
  const normals = new Float32Array(count * 3)
  const order = shuffled(scan.count)
  const step = scan.totalWeight / count
  let next = random.next() * step
  let sum = 0
  let drawn = 0
  for (const i of order) {
    sum += scan.weights[i]
    if (sum < next || drawn === count) continue
    for (let k = 0; k < 3; k++) {
      positions[drawn * 3 + k] = scan.positions[i * 3 + k]
      normals[drawn * 3 + k] = scan.normals[i * 3 + k]
    }
    drawn++
    next += step
  }
  return { count: drawn, positions: positions.subarray(0, drawn * 3), normals: normals.subarray(0, drawn * 3) }
}

function shuffled(count: number): Uint32Array {
  const random = seededRandom(count)
  const order = new Uint32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const keep = order[i]
    order[i] = order[j]
    order[j] = keep
  }
  return order
}

export interface OneWay {
  /** Share of the probe that lies on the surface, soft. */
  matched: number
  /** Share of the probe that lies inside the other scan's reach, off its surface. */
  conflict: number
}

/**
 * One direction of the score.
 * @param tolerance Distance to the surface at which a match counts half, metres; matches end at twice that.
 */
export function scoreOneWay(
  probe: Probe,
  other: PreparedScan,
  otherFromProbe: Matrix4,
  tolerance: number,
  limit = probe.count,
): OneWay {
  const m = otherFromProbe
  const { field, positions: q, normals: nq } = other
  const inverse = 1 / field.cell
  const falloff = Math.LN2 / (tolerance * tolerance)
  const reach = 4 * tolerance * tolerance
  const sideways = 2.25 * field.cell * field.cell
  const scale = 1 / Math.hypot(m[0], m[1], m[2])
  let matched = 0
  let conflict = 0
  const count = Math.min(limit, probe.count)
  for (let i = 0, o = 0; i < count; i++, o += 3) {
    const px = probe.positions[o]
    const py = probe.positions[o + 1]
    const pz = probe.positions[o + 2]
    const x = m[0] * px + m[4] * py + m[8] * pz + m[12]
    const y = m[1] * px + m[5] * py + m[9] * pz + m[13]
    const z = m[2] * px + m[6] * py + m[10] * pz + m[14]
    const ci = Math.floor((x - field.originX) * inverse)
    const cj = Math.floor((y - field.originY) * inverse)
    const ck = Math.floor((z - field.originZ) * inverse)
    if (ci < 0 || cj < 0 || ck < 0 || ci >= field.nx || cj >= field.ny || ck >= field.nz) continue
    const nearest = field.nearest[(ck * field.ny + cj) * field.nx + ci]
    let hit = 0
    if (nearest >= 0) {
      const n = nearest * 3
      const dx = x - q[n]
      const dy = y - q[n + 1]
      const dz = z - q[n + 2]
      const away = nq[n] * dx + nq[n + 1] * dy + nq[n + 2] * dz
      const plane = away * away
      if (plane < reach && dx * dx + dy * dy + dz * dz - plane < sideways) {
        const ax = probe.normals[o]
        const ay = probe.normals[o + 1]
        const az = probe.normals[o + 2]
        const facing =
          Math.abs(
            nq[n] * (m[0] * ax + m[4] * ay + m[8] * az) +
              nq[n + 1] * (m[1] * ax + m[5] * ay + m[9] * az) +
              nq[n + 2] * (m[2] * ax + m[6] * ay + m[10] * az),
          ) * scale
        // Thinned points at edges have mixed normals, so disagreement is weighed, not forbidden.
        hit = Math.exp(-plane * falloff) * Math.min(1, Math.max(0, (facing - 0.3) / 0.5))
      }
    }
    matched += hit
    if (hit < 1) conflict += (1 - hit) * enclosureAt(field, ci >> 1, cj >> 1, ck >> 1)
  }
  return { matched: matched / count, conflict: conflict / count }
}

function enclosureAt(field: NearestField, i: number, j: number, k: number): number {
  return field.enclosure[(k * field.ey + j) * field.ex + i]
}

export interface PoseScore {
  /** 0 to 1: agreement over agreement and contradiction. */
  readonly ratio: number
  /** Share of the smaller scan's weight that found its surface in the other. */
  readonly matched: number
  /** The same share of the scan that found less of itself: near 0 where one has shrunk into a corner of the other. */
  readonly lesserMatched: number
  /** What candidates are ranked by. */
  readonly value: number
}

/** Both directions together. */
export function combine(a: OneWay, b: OneWay): PoseScore {
  const matched = Math.max(a.matched, b.matched)
  const sum = a.matched + b.matched
  const ratio = sum > 0 ? sum / (sum + a.conflict + b.conflict) : 0
  return {
    ratio,
    matched,
    lesserMatched: Math.min(a.matched, b.matched),
    value: valueOf(ratio, matched),
  }
}

/** What candidates are ranked by: agreement, and enough of it. */
export function valueOf(ratio: number, matched: number): number {
  return ratio * ratio * Math.sqrt(Math.min(1, matched / 0.5))
}
