/**
 * Translations that bring two scans together once their rotation is given. Along each of the target's main axes the
 * offsets of surfaces facing that way are correlated; every combination of good offsets is tried, and for each axis in
 * turn every offset at all, since a partial scan may share no wall across one axis.
 */
import type { Vector3 } from '../../../../shared/geometry/matrix4.ts'
import type { PreparedScan } from './prepared-scan.ts'
import type { Probe } from './pose-score.ts'

const PEAKS = 7

/** Three axes of the target along which to search: its strongest directions, made orthogonal. */
export function searchAxes(scan: PreparedScan): [Vector3, Vector3, Vector3] {
  const x = scan.directions[0]?.axis ?? [1, 0, 0]
  let helper: Vector3 = Math.abs(x[0]) < 0.7 ? [1, 0, 0] : [0, 1, 0]
  for (const { axis } of scan.directions.slice(1)) {
    if (Math.abs(axis[0] * x[0] + axis[1] * x[1] + axis[2] * x[2]) < 0.5) {
      helper = axis
      break
    }
  }
  const z = unit(cross(x, helper))
  return [x, cross(z, x), z]
}

interface AxisOffsets {
  /** Best offsets along the axis, best first, metres. */
  readonly peaks: number[]
  /** Every offset at which the scans touch, in steps of the cell and a half. */
  readonly all: number[]
}

/** Candidate offsets of the turned source along one target axis. */
function offsetsAlong(
  axis: Vector3,
  target: PreparedScan,
  source: PreparedScan,
  rotation: readonly number[],
): AxisOffsets {
  const cell = target.cell
  const sourceAxis: Vector3 = [
    rotation[0] * axis[0] + rotation[1] * axis[1] + rotation[2] * axis[2],
    rotation[3] * axis[0] + rotation[4] * axis[1] + rotation[5] * axis[2],
    rotation[6] * axis[0] + rotation[7] * axis[1] + rotation[8] * axis[2],
  ]
  const bin = cell * 0.5
  const a = facingHistogram(target, axis, bin)
  const b = facingHistogram(source, sourceAxis, bin)
  const first = a.first - (b.first + b.bins.length - 1)
  const length = a.bins.length + b.bins.length - 1
  const correlation = new Float64Array(length)
  for (let j = 0; j < b.bins.length; j++) {
    const weight = b.bins[j]
    if (weight === 0) continue
    const shift = b.bins.length - 1 - j
    for (let i = 0; i < a.bins.length; i++) correlation[i + shift] += weight * a.bins[i]
  }
  const order = Array.from(correlation.keys()).sort((p, q) => correlation[q] - correlation[p])
  const peaks: number[] = []
  for (const i of order) {
    if (peaks.length === PEAKS || !(correlation[i] > 0)) break
    const offset = (first + i) * bin
    if (peaks.every((other) => Math.abs(other - offset) > cell * 1.2)) peaks.push(offset)
  }
  const all: number[] = []
  const shortest = Math.min(a.bins.length, b.bins.length) * bin
  const from = first * bin + shortest * 0.25
  const to = (first + length) * bin - shortest * 0.25
  for (let offset = from; offset <= to; offset += cell * 1.5) all.push(offset)
  return { peaks, all }
}

/** How much surface faces along an axis at each offset, square root taken so that one wall does not drown the rest. */
function facingHistogram(scan: PreparedScan, axis: Vector3, bin: number): { first: number; bins: Float64Array } {
  const { positions: p, normals: n, count } = scan
  let low = Infinity
  let high = -Infinity
  const offsets = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    const offset = p[i * 3] * axis[0] + p[i * 3 + 1] * axis[1] + p[i * 3 + 2] * axis[2]
    offsets[i] = offset
    if (offset < low) low = offset
    if (offset > high) high = offset
  }
  const first = Math.floor(low / bin)
  const bins = new Float64Array(Math.floor(high / bin) - first + 1)
  for (let i = 0; i < count; i++) {
    const facing = Math.abs(n[i * 3] * axis[0] + n[i * 3 + 1] * axis[1] + n[i * 3 + 2] * axis[2])
    if (facing > 0.85) bins[Math.floor(offsets[i] / bin) - first]++
  }
  const smooth = new Float64Array(bins.length)
  for (let i = 0; i < bins.length; i++) {
    smooth[i] = Math.sqrt((bins[i - 1] ?? 0) * 0.5 + bins[i] + (bins[i + 1] ?? 0) * 0.5)
  }
  return { first, bins: smooth }
}

/** The best translations of a bounded list, kept as (x, y, z, score) with a running threshold. */
export interface Translation {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly value: number
}

/**
 * Tries all combinations and keeps the best.
 * @param probe Few points of the source: each combination costs one look-up per point.
 */
export function searchTranslations(
  target: PreparedScan,
  source: PreparedScan,
  probe: Probe,
  rotation: readonly number[],
  axes: readonly [Vector3, Vector3, Vector3],
  keep: number,
): Translation[] {
  const turned = new Float32Array(probe.count * 3)
  for (let i = 0; i < probe.count; i++) {
    const x = probe.positions[i * 3]
    const y = probe.positions[i * 3 + 1]
    const z = probe.positions[i * 3 + 2]
    for (let k = 0; k < 3; k++) turned[i * 3 + k] = rotation[k] * x + rotation[3 + k] * y + rotation[6 + k] * z
  }
  const offsets = axes.map((axis) => offsetsAlong(axis, target, source, rotation))
  const best: Translation[] = []
  const value = quickScore(target, turned, probe.count)
  const attempt = (a: number, b: number, c: number): void => {
    const x = axes[0][0] * a + axes[1][0] * b + axes[2][0] * c
    const y = axes[0][1] * a + axes[1][1] * b + axes[2][1] * c
    const z = axes[0][2] * a + axes[1][2] * b + axes[2][2] * c
    const score = value(x, y, z, best.length === keep ? best[keep - 1].value : 0)
    if (best.length === keep && score <= best[keep - 1].value) return
    if (score <= 0) return
    const near = best.findIndex((t) => Math.abs(t.x - x) + Math.abs(t.y - y) + Math.abs(t.z - z) < target.cell * 2)
    if (near >= 0) {
      if (best[near].value >= score) return
      best.splice(near, 1)
    }
    best.splice(lowerBound(best, score), 0, { x, y, z, value: score })
    if (best.length > keep) best.pop()
  }
  for (let free = 0; free < 3; free++) {
    const lists = offsets.map((offset, axis) => (axis === free ? offset.all.concat(offset.peaks) : offset.peaks))
    for (const a of lists[0]) for (const b of lists[1]) for (const c of lists[2]) attempt(a, b, c)
  }
  return best
}

function lowerBound(list: readonly Translation[], value: number): number {
  let i = 0
  while (i < list.length && list[i].value > value) i++
  return i
}

/** Matches within the field's band minus contradictions, one way; gives up early when it cannot beat `toBeat`. */
function quickScore(target: PreparedScan, turned: Float32Array, count: number) {
  const { field, positions: q } = target
  const inverse = 1 / field.cell
  const near = 1.3 * 1.3 * field.cell * field.cell
  return (tx: number, ty: number, tz: number, toBeat: number): number => {
    let score = 0
    for (let i = 0, o = 0; i < count; i++, o += 3) {
      if (score + (count - i) <= toBeat) return 0
      const x = turned[o] + tx
      const y = turned[o + 1] + ty
      const z = turned[o + 2] + tz
      const ci = Math.floor((x - field.originX) * inverse)
      const cj = Math.floor((y - field.originY) * inverse)
      const ck = Math.floor((z - field.originZ) * inverse)
      if (ci < 0 || cj < 0 || ck < 0 || ci >= field.nx || cj >= field.ny || ck >= field.nz) continue
      const nearest = field.nearest[(ck * field.ny + cj) * field.nx + ci]
      if (nearest >= 0) {
        const dx = x - q[nearest * 3]
        const dy = y - q[nearest * 3 + 1]
        const dz = z - q[nearest * 3 + 2]
        if (dx * dx + dy * dy + dz * dz < near) {
          score += 1
          continue
        }
      }
      score -= 0.5 * field.enclosure[((ck >> 1) * field.ey + (cj >> 1)) * field.ex + (ci >> 1)]
    }
    return score
  }
}

function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
function unit(a: Vector3): Vector3 {
  const length = Math.hypot(...a)
  return [a[0] / length, a[1] / length, a[2] / length]
}
