/**
 * How fast a camera turned, from its small grey pictures: every picture is laid on the one before by shift, roll and zoom
 * (Lucas and Kanade 1981, coarse to fine, pixels that do not fit weigh less), and the shift is turned into an angle by a
 * usual lens. The lens is a guess, which scales the rate and moves no moment.
 */
import { type TimedValues, TurningSeries } from './rotation-rate.ts'

/** What the pictures are scaled to. */
export const ROTATION_PICTURE = { width: 160, height: 90 } as const

const LEVELS = 4
const STEPS = 6
/** Of a phone or an action camera, wide side. */
const USUAL_FIELD_OF_VIEW = (65 * Math.PI) / 180
/** Less contrast than this (grey values) holds nothing to follow. */
const LEAST_CONTRAST = 2
/** What the best overlay may leave, as a share of the contrast: more is a cut or a blur. */
const LARGEST_RESIDUAL = 0.7
/** Neighbouring values further apart in time than this belong to no one motion. */
const LONGEST_STEP_SECONDS = 0.25

interface Level {
  readonly width: number
  readonly height: number
  readonly pixels: Float32Array
}

/** Picture motion in pixels of the full size: about its middle. */
interface Motion {
  x: number
  y: number
  roll: number
  zoom: number
}

/** Takes grey pictures one after another. */
export class PictureRotation {
  #before: Level[] | undefined
  #last: Motion = { x: 0, y: 0, roll: 0, zoom: 0 }
  /** Angles from each picture to the one before, radians, three a picture; NaN where they cannot be told. */
  readonly #angles: number[] = []

  push(pixels: Uint8Array): void {
    const levels = pyramid(pixels)
    const motion = this.#before && overlay(this.#before, levels, this.#last)
    this.#last = motion ?? { x: 0, y: 0, roll: 0, zoom: 0 }
    this.#before = levels
    const focal = ROTATION_PICTURE.width / 2 / Math.tan(USUAL_FIELD_OF_VIEW / 2)
    if (motion) this.#angles.push(motion.y / focal, motion.x / focal, motion.roll)
    else this.#angles.push(Number.NaN, Number.NaN, Number.NaN)
  }

  /** @param seconds clock times of the pictures */
  rate(seconds: ArrayLike<number>): TimedValues {
    const turning = new TurningSeries()
    for (let index = 1; index < Math.min(seconds.length, this.#angles.length / 3); index++) {
      const step = seconds[index]! - seconds[index - 1]!
      if (!(step > 0) || step > LONGEST_STEP_SECONDS) continue
      const [x, y, z] = this.#angles.slice(index * 3, index * 3 + 3) as [number, number, number]
      turning.push((seconds[index]! + seconds[index - 1]!) / 2, x / step, y / step, z / step)
    }
    return { ...turning.finish(), isFromPicture: true }
  }
}

function pyramid(pixels: Uint8Array): Level[] {
  const { width, height } = ROTATION_PICTURE
  const levels: Level[] = [smoothed({ width, height, pixels: Float32Array.from(pixels) })]
  while (levels.length < LEVELS) levels.push(smoothed(halved(levels.at(-1)!)))
  return levels
}

function halved({ width, height, pixels }: Level): Level {
  const [w, h] = [width >> 1, height >> 1]
  const out = new Float32Array(w * h)
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = 2 * y * width + 2 * x
      out[y * w + x] = (pixels[at]! + pixels[at + 1]! + pixels[at + width]! + pixels[at + width + 1]!) / 4
    }
  }
  return { width: w, height: h, pixels: out }
}

/** Binomial smoothing, one pixel either way: gradients of raw pixels are noise. */
function smoothed({ width, height, pixels }: Level): Level {
  const across = new Float32Array(pixels.length)
  const out = new Float32Array(pixels.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const row = y * width
      const left = pixels[row + Math.max(0, x - 1)]!
      const right = pixels[row + Math.min(width - 1, x + 1)]!
      across[row + x] = (left + 2 * pixels[row + x]! + right) / 4
    }
  }
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width
    const below = Math.min(height - 1, y + 1) * width
    for (let x = 0; x < width; x++) {
      out[y * width + x] = (across[above + x]! + 2 * across[y * width + x]! + across[below + x]!) / 4
    }
  }
  return { width, height, pixels: out }
}

/** The motion that lays `after` on `before`; undefined where nothing does. */
function overlay(before: readonly Level[], after: readonly Level[], guess: Motion): Motion | undefined {
  // Motion goes on, or begins: whichever fits better on the coarsest level.
  const starts = [{ ...guess }, { x: 0, y: 0, roll: 0, zoom: 0 }]
  let best: { motion: Motion; residual: number } | undefined
  const coarsest = LEVELS - 1
  for (const motion of starts) {
    const residual = settle(before[coarsest]!, after[coarsest]!, motion, 2 ** coarsest)
    if (residual !== undefined && (!best || residual < best.residual)) best = { motion, residual }
  }
  if (!best) return undefined
  for (let level = coarsest - 1; level >= 0; level--) {
    const residual = settle(before[level]!, after[level]!, best.motion, 2 ** level)
    if (residual === undefined) return undefined
    best.residual = residual
  }
  return best.residual < LARGEST_RESIDUAL ? best.motion : undefined
}

/**
 * Gauss-Newton on one level; changes `motion`.
 *
 * @returns the usual difference that is left over the contrast of the picture; undefined without contrast
 */
function settle(before: Level, after: Level, motion: Motion, scale: number): number | undefined {
  const { width, height, pixels } = before
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2]
  let left = Infinity
  let spread = 0
  let mean = 0
  for (const value of pixels) mean += value / pixels.length
  for (const value of pixels) spread += (value - mean) ** 2 / pixels.length
  const contrast = Math.sqrt(spread)
  if (contrast < LEAST_CONTRAST) return undefined
  let tolerance = contrast
  for (let step = 0; step < STEPS; step++) {
    const normal = new Float64Array(25)
    const right = new Float64Array(5)
    const row = new Float64Array(5)
    let size = 0
    let used = 0
    const [mx, my] = [motion.x / scale, motion.y / scale]
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const [u, v] = [x - cx, y - cy]
        const px = x + mx - motion.roll * v + motion.zoom * u
        const py = y + my + motion.roll * u + motion.zoom * v
        const ix = Math.floor(px)
        const iy = Math.floor(py)
        if (ix < 0 || iy < 0 || ix >= width - 1 || iy >= height - 1) continue
        const [fx, fy] = [px - ix, py - iy]
        const at = iy * width + ix
        const there =
          (after.pixels[at]! * (1 - fx) + after.pixels[at + 1]! * fx) * (1 - fy) +
          (after.pixels[at + width]! * (1 - fx) + after.pixels[at + width + 1]! * fx) * fy
        const here = y * width + x
        const gx = (pixels[here + 1]! - pixels[here - 1]!) / 2
        const gy = (pixels[here + width]! - pixels[here - width]!) / 2
        const miss = there - pixels[here]!
        const weight = 1 / (1 + (miss / tolerance) ** 2)
        row[0] = gx
        row[1] = gy
        row[2] = -gx * v + gy * u
        row[3] = gx * u + gy * v
        row[4] = 1
        for (let i = 0; i < 5; i++) {
          right[i]! -= weight * row[i]! * miss
          for (let j = i; j < 5; j++) normal[i * 5 + j]! += weight * row[i]! * row[j]!
        }
        size += Math.abs(miss)
        used++
      }
    }
    if (used < (width * height) / 3) return undefined
    const change = solved(normal, right)
    if (!change) return undefined
    motion.x += change[0]! * scale
    motion.y += change[1]! * scale
    motion.roll += change[2]!
    motion.zoom += change[3]!
    left = size / used
    tolerance = Math.max(1, 2 * left)
    if (Math.hypot(change[0]!, change[1]!) < 1e-3 && Math.abs(change[2]!) * cx < 1e-3) break
  }
  return left / contrast
}

/** Solves the symmetric 5x5 system (upper half given) by Cholesky's way. */
function solved(normal: Float64Array, right: Float64Array): Float64Array | undefined {
  const n = 5
  const lower = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = normal[j * n + i]! * (i === j ? 1 + 1e-6 : 1)
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!
      if (i === j) {
        if (!(sum > 1e-9)) return undefined
        lower[i * n + i] = Math.sqrt(sum)
      } else lower[i * n + j] = sum / lower[j * n + j]!
    }
  }
  const out = Float64Array.from(right)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) out[i]! -= lower[i * n + k]! * out[k]!
    out[i]! /= lower[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) out[i]! -= lower[k * n + i]! * out[k]!
    out[i]! /= lower[i * n + i]!
  }
  return out
}
