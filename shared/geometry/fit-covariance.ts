/**
 * How surely an ICP fit is known, told by the pair itself. What the fit solves is that the pulls of all matches cancel.
 * How far the pulls scatter is seen between pieces of the surface, each taken whole, because neighbours share target
 * points, normals and their noise; how far a given scatter moves the pose is measured by moving it and matching anew,
 * which holds what a narrow gate cuts off and what the nearest point of a noisy surface hides. Together the "sandwich"
 * covariance of estimating equations (P. J. Huber, "The behavior of maximum likelihood estimates under nonstandard
 * conditions", 1967) in clusters (K.-Y. Liang, S. L. Zeger, "Longitudinal data analysis using generalized linear models",
 * 1986). Two things would make it too small where the pieces are few and large: the fit gives way to a piece that holds much
 * of a motion (undone as R. M. Bell, D. F. McCaffrey, "Bias reduction in standard errors for linear regression with
 * multi-stage samples", 2002), and neighbouring pieces still share something (D. N. Politis, J. P. Romano, "Bias-corrected
 * nonparametric spectral estimation", 1995).
 */
import { type Matrix4, multiply, similarity, translationOf } from './matrix4.ts'
import { type IcpSurface, PointMatches, TUKEY_DEVIATIONS } from './point-matches.ts'
import { congruence, leverJacobian } from './pose-covariance.ts'
import { rotationFromVector } from './rotation.ts'
import { invertSymmetric, solveSymmetric } from './symmetric.ts'
import { CellIndex } from './voxel-grid.ts'

/** A piece of the surface is a cube of so many gates: beyond, residuals share nothing. */
const PIECE_GATES = 4
/** With fewer pieces than this their scatter says little, and they are made smaller. */
const LEAST_PIECES = 40
/** Scatter that is larger by less than so many of its own deviations is larger by chance. */
const CHANCE_DEVIATIONS = 3
/** How far the pose is moved to see how the pulls answer, in deviations of the residuals. */
const PROBE_DEVIATIONS = 0.5
/** So many points tell how the pulls answer; how they scatter is told by all. */
const PROBE_POINTS = 20_000

/**
 * The covariance of `target_from_source` as in pose-covariance.ts, 6x6 row-major, or undefined when some motion changes
 * nothing that can be seen.
 * @param pose Where the fit ended.
 * @param gateMetres The gate it ended with.
 * @param origin Where the pose puts the origin that its translation is of, target frame: the source's own where left out.
 */
export function fitCovariance(
  target: IcpSurface,
  source: Float32Array,
  pose: Matrix4,
  gateMetres: number,
  withScale = false,
  origin: readonly number[] = translationOf(pose),
): number[] | undefined {
  const free = withScale ? 7 : 6
  const matches = new PointMatches(target, source, gateMetres)
  matches.find(pose)
  if (matches.count < 2 * free) return undefined
  const { centre, reachMetres } = matches
  // Half of the matches of rounded or computed scans fit exactly: a kernel that follows them is narrower than the probe.
  const leastStep = gateMetres * 0.02
  const kernel = Math.max(matches.kernelMetres(), (leastStep * TUKEY_DEVIATIONS) / PROBE_DEVIATIONS)
  const scatter = scatterOfPulls(target, matches, kernel, gateMetres, free)
  const step = (kernel / TUKEY_DEVIATIONS) * PROBE_DEVIATIONS
  const every = Math.max(1, Math.floor(matches.sourceCount / PROBE_POINTS))
  const stiffness = new Float64Array(free * free)
  for (let a = 0; a < free; a++) {
    const [low, high] = [-step, step].map((by) => {
      matches.find(multiply(about(centre, smallMotion(a, by, reachMetres)), pose), centre, every)
      return pullOf(matches, kernel, free)
    })
    for (let b = 0; b < free; b++) {
      const answer = (every * (low[b] - high[b])) / (2 * step)
      // Half to each side of the diagonal: what is left of a difference between the two is noise.
      stiffness[b * free + a] += answer / 2
      stiffness[a * free + b] += answer / 2
    }
  }
  const inverse = invertSymmetric(stiffness, free)
  if (!inverse) return undefined
  const sizes = [reachMetres, reachMetres, reachMetres, 1, 1, 1, reachMetres]
  const lever = leverJacobian(origin[0] - centre[0], origin[1] - centre[1], origin[2] - centre[2], free)
  return congruence(
    lever.map((value, i) => value / sizes[i % free]),
    congruence(inverse, scatter),
  )
}

function biweight(residual: number, kernel: number): number {
  const u = residual / kernel
  return u >= 1 || u <= -1 ? 0 : (1 - u * u) * (1 - u * u)
}

/** The sum of what all matches pull at the pose. */
function pullOf({ rows, residuals, count }: PointMatches, kernel: number, free: number): Float64Array {
  const pull = new Float64Array(free)
  for (let i = 0; i < count; i++) {
    const force = residuals[i] * biweight(residuals[i], kernel)
    if (force !== 0) for (let a = 0; a < free; a++) pull[a] += force * rows[i * 7 + a]
  }
  return pull
}

/** The covariance of that sum, from the sums over pieces of the target's surface. */
function scatterOfPulls(
  target: IcpSurface,
  matches: PointMatches,
  kernel: number,
  gateMetres: number,
  free: number,
): Float64Array {
  let size = gateMetres * PIECE_GATES
  let pieces = piecesOf(target, matches, kernel, size, free)
  while (pieces.length < LEAST_PIECES && size > gateMetres) {
    size /= 2
    pieces = piecesOf(target, matches, kernel, size, free)
  }
  let scatter = scatterOf(pieces, free)
  let beyond = 1
  // What pieces share with their neighbours makes the scatter of larger ones grow: they become larger until it does not.
  for (;;) {
    size *= 2
    pieces = piecesOf(target, matches, kernel, size, free)
    if (pieces.length < LEAST_PIECES) return scatter.map((value) => value * beyond)
    const larger = scatterOf(pieces, free)
    const growth = meanRatio(larger, scatter, free)
    if (growth > 1 + CHANCE_DEVIATIONS * Math.sqrt(2 / (free * pieces.length))) {
      scatter = larger
      // What crosses the borders of pieces falls off as one over their size: as much as the last doubling gained, halved again and again, is gained in all.
      beyond = 2 - 1 / growth
    }
  }
}

/** What the matches of one piece of the surface pull, and how much of the fit's stiffness they are. */
interface Piece {
  readonly pull: Float64Array
  readonly stiffness: Float64Array
}

function piecesOf(
  target: IcpSurface,
  { rows, residuals, places, count, centre }: PointMatches,
  kernel: number,
  size: number,
  free: number,
): Piece[] {
  const p = target.tree.points
  const cells = new CellIndex(size, centre, 1024)
  const pieces: Piece[] = []
  for (let i = 0; i < count; i++) {
    const weight = biweight(residuals[i], kernel)
    const force = residuals[i] * weight
    const o = places[i] * 3
    const { pull, stiffness } = (pieces[cells.add(p[o], p[o + 1], p[o + 2])] ??= {
      pull: new Float64Array(free),
      stiffness: new Float64Array(free * free),
    })
    for (let a = 0; a < free; a++) {
      const row = rows[i * 7 + a]
      pull[a] += force * row
      for (let b = 0; b < free; b++) stiffness[a * free + b] += weight * row * rows[i * 7 + b]
    }
  }
  return pieces
}

/** The scatter of the pulls as it was before the fit gave way to them: a piece that alone holds a motion leaves no pull along it. */
function scatterOf(pieces: readonly Piece[], free: number): Float64Array {
  const all = new Float64Array(free * free)
  for (const { stiffness } of pieces) for (let i = 0; i < all.length; i++) all[i] += stiffness[i]
  const scatter = new Float64Array(free * free)
  const share = (pieces.length - 1) / pieces.length
  for (const { pull, stiffness } of pieces) {
    const others = all.map((value, i) => value - stiffness[i])
    const moved = solveSymmetric(others, pull, free)
    const whole = moved ? multiplyVector(all, moved, free) : pull
    for (let a = 0; a < free; a++) for (let b = 0; b < free; b++) scatter[a * free + b] += share * whole[a] * whole[b]
  }
  return scatter
}

function multiplyVector(matrix: Float64Array, vector: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n)
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) out[a] += matrix[a * n + b] * vector[b]
  return out
}

/** How many times as large one covariance is as another, over all directions. */
function meanRatio(one: Float64Array, other: Float64Array, free: number): number {
  const inverse = invertSymmetric(other, free)
  if (!inverse) return 0
  let trace = 0
  for (let i = 0; i < free * free; i++) trace += one[i] * inverse[i]
  return trace / free
}

/** The motion along one unknown of the rows: turns and growth sized by what they do at the edge of the scan. */
function smallMotion(unknown: number, by: number, reachMetres: number): number[] {
  const v = [0, 0, 0, 0, 0, 0, 0]
  v[unknown] = unknown < 3 || unknown === 6 ? by / reachMetres : by
  return similarity(rotationFromVector(v[0], v[1], v[2]), [v[3], v[4], v[5]], Math.exp(v[6]))
}

function about([x, y, z]: readonly number[], motion: Matrix4): number[] {
  const shift = (s: number): number[] => similarity([1, 0, 0, 0, 1, 0, 0, 0, 1], [x * s, y * s, z * s])
  return multiply(multiply(shift(1), motion), shift(-1))
}
