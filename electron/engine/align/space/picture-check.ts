/**
 * Whether a film and a scan show one place where they are said to lie: the lines that the scan has from where the camera
 * was are looked for in the pictures. What chance would give is known from the same lines in pictures of other moments,
 * and what a right pose would give from the camera's own depth, where it has some.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { because, type Saying } from '../../../../shared/sayings/saying.ts'
import type { Intrinsics } from '../../../../shared/geometry/data.ts'
import {
  type CameraPose,
  depthView,
  linesOfDepth,
  linesOfPicture,
  type Lines,
  type ViewedSurface,
} from './scan-view.ts'

/** A picture and where in the scan's frame its camera is said to have been. */
export interface PictureShot extends CameraPose {
  /** Grey, row by row from the top left. */
  readonly gray: Uint8Array
  /** As the camera measured it itself, metres, 0 for none; of the picture's size. */
  readonly ownDepth?: Float32Array
}

export interface PictureCheck {
  readonly verdict: 'fits' | 'does not fit' | 'cannot tell'
  /** How much stronger the pictures' lines are where the scan has some: in deviations of the picture's lines; chance is 0. */
  readonly score: number
  /** By how many of its own deviations the score stands above what other moments give. */
  readonly sigmas: number
  /** Where the scan's lines are found best, sideways and up, in pixels of the view. */
  readonly offsetPixels: readonly [number, number]
  readonly pictures: number
  readonly reason: string
  readonly said: Saying
}

/** So many pictures, spread over a film, are looked at: see docs/alignment-space.md for what others give. */
export const PICTURES_TAKEN = 14
/** Sideways and up and down, pixels of the view. */
const REACH = 14
/** A pose is as good as right when its lines are found within this many pixels. */
const NEAR = 2
const LEAST_PICTURES = 6
const LEAST_LINE_PIXELS = 90
const LEAST_COVERED = 0.25
const SURE_SIGMAS = 6
const LEAST_SCORE = 0.08
/** The score where the lines should be, of the best score anywhere near. */
const NEARLY_BEST = 0.8
/** Below this share of what the camera's own depth gives, the scan is not what the pictures show. */
const OTHER_PLACE_SHARE = 0.2
/** How far the cameras are moved to see whether the pose is better than those around it, and how near those may come. */
const BESIDE_CENTIMETRES = [12, 30]
const BESIDE_SHARE = 0.95
const CHANCE_SIGMAS = 2
const FAR = 5

interface Prepared {
  readonly shot: PictureShot
  readonly scan: LinePixels
  readonly own: LinePixels | undefined
  readonly picture: Lines
}

/** @param camera Of all pictures, in pixels of them. Others get a turn in between, since it takes seconds. */
export async function checkPictures(
  surface: ViewedSurface,
  shots: readonly PictureShot[],
  camera: Intrinsics,
  signal?: AbortSignal,
): Promise<PictureCheck> {
  const pause = async (): Promise<void> => {
    await breathe()
    throwIfCancelled(signal)
  }
  const prepared: Prepared[] = []
  for (const shot of shots) {
    await pause()
    const depth = depthView(surface, shot, camera)
    const covered = depth.reduce((sum, metres) => sum + (metres > 0 ? 1 : 0), 0) / depth.length
    const scan = pixelsOf(linesOfDepth(depth, camera.width, camera.height), camera.width)
    if (covered < LEAST_COVERED || scan.length < LEAST_LINE_PIXELS) continue
    const own = shot.ownDepth && pixelsOf(linesOfDepth(shot.ownDepth, camera.width, camera.height), camera.width)
    const picture = standardised(linesOfPicture(shot.gray, camera.width, camera.height))
    prepared.push({ shot, scan, own: own && own.length >= LEAST_LINE_PIXELS ? own : undefined, picture })
  }
  const pictures = prepared.length
  if (pictures < LEAST_PICTURES) {
    const why = because('space.fewPictures', { pictures, all: shots.length })
    return { verdict: 'cannot tell', score: 0, sigmas: 0, offsetPixels: [0, 0], pictures, ...why }
  }
  const found = await against(
    prepared,
    prepared.map(({ scan }) => scan),
    camera,
    pause,
  )
  const base = { score: found.score, sigmas: found.sigmas, offsetPixels: found.offsetPixels, pictures }
  if (isFound(found)) {
    const beside = await bestBeside(surface, prepared, camera, found, pause)
    if (beside.score <= found.score * BESIDE_SHARE) return { verdict: 'fits', ...base, ...because('space.linesFit') }
    return {
      verdict: 'cannot tell',
      ...base,
      ...because('space.fitBeside', { centimetres: beside.centimetres }),
    }
  }
  const { offsetPixels, bestScore, bestSigmas, score, sigmas } = found
  const isBeside = Math.hypot(...offsetPixels) >= FAR && score < bestScore / 2
  if (isBeside && bestSigmas >= SURE_SIGMAS && bestScore >= 2 * LEAST_SCORE) {
    return { verdict: 'does not fit', ...base, ...because('space.linesBeside') }
  }
  const own = prepared.filter((view) => view.own !== undefined)
  const control =
    own.length < LEAST_PICTURES
      ? undefined
      : await against(
          own,
          own.flatMap((view) => view.own ?? []),
          camera,
          pause,
        )
  if (control && isFound(control) && sigmas < CHANCE_SIGMAS && score < OTHER_PLACE_SHARE * control.score) {
    return { verdict: 'does not fit', ...base, ...because('space.depthFits') }
  }
  const isNearly = bestSigmas >= SURE_SIGMAS && score < NEARLY_BEST * bestScore
  return { verdict: 'cannot tell', ...base, ...because(isNearly ? 'space.nearlyFit' : 'space.fewLines') }
}

function isFound({ score, sigmas, bestScore }: Found): boolean {
  return sigmas >= SURE_SIGMAS && score >= LEAST_SCORE && score >= NEARLY_BEST * bestScore
}

interface Beside {
  readonly score: number
  readonly centimetres: number
}

/** The best score with all cameras moved a little along an axis of the scan: a right pose is better than those around it. */
async function bestBeside(
  surface: ViewedSurface,
  prepared: readonly Prepared[],
  camera: Intrinsics,
  { chance }: Found,
  pause: () => Promise<void>,
): Promise<Beside> {
  let best: Beside = { score: -Infinity, centimetres: 0 }
  for (const centimetres of BESIDE_CENTIMETRES) {
    for (let direction = 0; direction < 6; direction++) {
      await pause()
      const move = (direction % 2 === 0 ? centimetres : -centimetres) / 100
      let sum = 0
      for (const { shot, picture } of prepared) {
        const position = shot.position.map((value, k) => (k === direction >> 1 ? value + move : value))
        const depth = depthView(surface, { position, rotation: shot.rotation }, camera)
        const lines = pixelsOf(linesOfDepth(depth, camera.width, camera.height), camera.width)
        sum += strengthAt(lines, picture, camera, 0, 0) / prepared.length
      }
      if (sum - chance > best.score) best = { score: sum - chance, centimetres }
    }
  }
  return best
}

/** The pixels that lie on lines. */
interface LinePixels {
  readonly length: number
  readonly x: Int16Array
  readonly y: Int16Array
  readonly strength: Float32Array
  /** 1 where the line is met going up instead of sideways. */
  readonly isAlong: Uint8Array
}

function pixelsOf({ across, along }: Lines, width: number): LinePixels {
  let length = 0
  for (let at = 0; at < across.length; at++) length += Number(across[at]! > 0) + Number(along[at]! > 0)
  const x = new Int16Array(length)
  const y = new Int16Array(length)
  const strength = new Float32Array(length)
  const isAlong = new Uint8Array(length)
  let n = 0
  for (const [kind, values] of [across, along].entries()) {
    for (let at = 0; at < values.length; at++) {
      if (!(values[at]! > 0)) continue
      x[n] = at % width
      y[n] = Math.floor(at / width)
      strength[n] = values[at]!
      isAlong[n++] = kind
    }
  }
  return { length, x, y, strength, isAlong }
}

/** Mean 0 and deviation 1 over the picture, each kind by itself. */
function standardised({ across, along }: Lines): Lines {
  const one = (values: Float32Array): Float32Array => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
    return values.map((value) => (deviation > 1e-6 ? (value - mean) / deviation : 0))
  }
  return { across: one(across), along: one(along) }
}

/** Mean strength of the picture's lines at pixels of the scan's, moved by so many pixels. */
function strengthAt(pixels: LinePixels, picture: Lines, { width, height }: Intrinsics, dx: number, dy: number): number {
  const { length, strength, isAlong } = pixels
  const { across, along } = picture
  let sum = 0
  let weight = 0
  for (let i = 0; i < length; i++) {
    const x = pixels.x[i]! + dx
    const y = pixels.y[i]! + dy
    if (x < 1 || y < 1 || x >= width - 1 || y >= height - 1) continue
    const at = y * width + x
    sum += strength[i]! * (isAlong[i] === 0 ? across[at]! : along[at]!)
    weight += strength[i]!
  }
  return weight > 0 ? sum / weight : 0
}

interface Found {
  readonly score: number
  readonly sigmas: number
  /** What other moments give. */
  readonly chance: number
  readonly offsetPixels: readonly [number, number]
  readonly bestScore: number
  readonly bestSigmas: number
}

/** Lines of each moment in the picture of that moment, and in those of all other moments. */
async function against(
  views: readonly Prepared[],
  lines: readonly LinePixels[],
  camera: Intrinsics,
  pause: () => Promise<void>,
): Promise<Found> {
  const n = views.length
  /** Mean over the moments, of pictures `turn` moments later, at every offset. */
  const surface = (turn: number, reach: number): Float64Array => {
    const side = 2 * reach + 1
    const sums = new Float64Array(side * side)
    for (let i = 0; i < n; i++) {
      const picture = views[(i + turn) % n]!.picture
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
          sums[(dy + reach) * side + dx + reach]! += strengthAt(lines[i]!, picture, camera, dx, dy) / n
        }
      }
    }
    return sums
  }
  const right = surface(0, REACH)
  const side = 2 * REACH + 1
  const near = nearest(right, side)
  const chances: number[] = []
  for (let turn = 1; turn < n; turn++) {
    await pause()
    chances.push(Math.max(...surface(turn, NEAR)))
  }
  const mean = chances.reduce((sum, value) => sum + value, 0) / chances.length
  const deviation = Math.max(
    0.012,
    Math.sqrt(chances.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, chances.length - 1)),
  )
  let best = 0
  for (let i = 1; i < right.length; i++) if (right[i]! > right[best]!) best = i
  return {
    score: near - mean,
    sigmas: (near - mean) / deviation,
    chance: mean,
    offsetPixels: [(best % side) - REACH, Math.floor(best / side) - REACH],
    bestScore: right[best]! - mean,
    bestSigmas: (right[best]! - mean) / deviation,
  }
}

/** The best within NEAR of no offset. */
function nearest(surface: Float64Array, side: number): number {
  let best = -Infinity
  for (let dy = -NEAR; dy <= NEAR; dy++) {
    for (let dx = -NEAR; dx <= NEAR; dx++) best = Math.max(best, surface[(dy + REACH) * side + dx + REACH]!)
  }
  return best
}
