/**
 * What the signals look at: units joined to one vector each, how fresh each unit is against those before it, how surely
 * each clock lies where it is said to. Prepared once for an input, then looked at with some units or captions left out.
 */
import type { Matrix } from '../algebra/dense.ts'
import { zeros } from '../algebra/dense.ts'
import { findNearDuplicates } from './near-duplicates.ts'
import type { CaptionInput, ClockInput, ScanInput, StarsInput, UnitInput } from './stars-input.ts'
import { ALIGNED } from './stars-input.ts'

export interface PreparedUnit {
  readonly index: number
  readonly input: UnitInput
  readonly qualities: { readonly picture: number; readonly sound: number; readonly motion: number }
}

export interface PreparedStars {
  readonly input: StarsInput
  readonly units: readonly PreparedUnit[]
  /** Similarity of units, 1 on the diagonal. */
  readonly kernel: Matrix
  /** Units that are the same as an earlier one that they do not simply continue; the index of that one, or -1. */
  readonly repeatOf: Int32Array
  /** Units that show again what an earlier one showed, changed as copies are changed; the index of that one, or -1. */
  readonly nearOf: Int32Array
  readonly syncOfClock: ReadonlyMap<string, number>
  readonly copies: CopiedAssets
  /** What is fresh where nothing is left out. */
  readonly whole: Fresh
}

interface Fresh {
  /** The units that are there for the first time. */
  readonly distinct: readonly PreparedUnit[]
  /** How little of a distinct unit was there before, 0..1; by unit index. */
  readonly freshness: Float64Array
  /** The earlier distinct unit that a distinct one is most like, -1 without any; -2 for the others. By unit index. */
  readonly nearest: Int32Array
}

/** Whole assets that are not new, by id. */
interface CopiedAssets {
  /** The library holds the very same file. */
  readonly known: ReadonlySet<string>
  /** An earlier asset of the project is the very same file. */
  readonly twice: ReadonlySet<string>
}

/** Windows looked at one by one cost the cube of their number. */
export const MOST_UNITS = 400
const MISSING_MODALITY = 0.8
/** Units more alike than this are the same recording. */
export const SAME = 0.985
const NONE_EARLIER = -1
const NOT_DISTINCT = -2
/** What movement of its own counts for when nothing but movement was recorded. */
const FRESHNESS_OF_MOTION = 0.3

/** exp(-x / scale): how much an error of x leaves. */
function decay(x: number, scale: number): number {
  return Math.exp(-Math.abs(x) / scale)
}

/** How surely a clock lies where it is said to, 0..1. */
export function syncOf(clock: ClockInput): number {
  if (clock.isReference) return 1
  if (clock.group !== ALIGNED) return 0
  return Math.min(1, clock.confidence) * decay(clock.sigmaSeconds, 0.1) * decay(clock.residualSeconds ?? 0, 0.1)
}

function bounded(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0
}

function qualitiesOf(unit: UnitInput): PreparedUnit['qualities'] {
  const { picture, sound, motion } = unit
  return {
    picture: picture ? bounded(picture.clarity) * bounded(picture.exposure) : 0,
    sound: sound ? bounded(sound.clearness) * bounded(1 - 10 * sound.clippedShare) : 0,
    motion: motion ? bounded(motion.quality) : 0,
  }
}

const fromMissing = new WeakMap<readonly number[], number>()

/** Of a vector from a missing sense; every window that lacks the sense asks for it again. */
function distanceFromMissing(vector: readonly number[]): number {
  const known = fromMissing.get(vector)
  if (known !== undefined) return known
  const square = vector.reduce((sum, value) => sum + value * value, MISSING_MODALITY)
  fromMissing.set(vector, square)
  return square
}

/**
 * A missing sense is a point of its own, beside the origin in a direction that no vector has: so all distances are those
 * of points in one space, and the kernel over them stays positive semidefinite.
 */
function squaredDistance(a: readonly number[] | undefined, b: readonly number[] | undefined): number {
  if (!a || !b) return a ? distanceFromMissing(a) : b ? distanceFromMissing(b) : 0
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    const difference = a[i] - b[i]
    sum += difference * difference
  }
  return sum
}

interface Sensed {
  readonly vector: readonly number[]
  readonly meaning?: readonly number[]
}

/** Statistics (colours and edges, mel bands) say half, learned vectors say half, where both units have one. */
function senseDistance(a: Sensed | null, b: Sensed | null): number {
  const looks = squaredDistance(a?.vector, b?.vector)
  if (!a?.meaning || !b?.meaning) return looks
  return (looks + squaredDistance(a.meaning, b.meaning)) / 2
}

/** exp(-d^2 / 2) over all senses together; a sense that only one of the two has counts as a distance. */
function similarity(a: UnitInput, b: UnitInput): number {
  const square =
    senseDistance(a.picture, b.picture) +
    senseDistance(a.sound, b.sound) +
    squaredDistance(a.motion?.vector, b.motion?.vector)
  return Math.exp(-square / 2)
}

/**
 * How alike a window sounds to what lies around another, 0..1: as a whole, or each of its seconds to some second there, where its
 * seconds lay in other windows. Null where one of both is not heard.
 */
function soundLikeness({ sound }: UnitInput, around: readonly UnitInput[]): number | null {
  if (!sound || !around[0].sound) return null
  const likeness = (one: Sensed, other: Sensed): number => Math.exp(-senseDistance(one, other) / 2)
  const whole = likeness(sound, around[0].sound)
  const heard = around.flatMap((each) => each.sound?.moments ?? [])
  let least = sound.moments ? 1 : 0
  for (const moment of sound.moments ?? []) {
    least = heard.reduce((most, other) => Math.max(most, Math.min(least, likeness(moment, other))), 0)
    if (least <= whole) return whole
  }
  return Math.max(whole, least)
}

function findCopies({ assets, library }: StarsInput): CopiedAssets {
  const published = new Set(library.map((entry) => entry.sha256))
  const seen = new Set<string>()
  const known = new Set<string>()
  const twice = new Set<string>()
  for (const asset of assets) {
    if (published.has(asset.sha256)) known.add(asset.assetId)
    else if (seen.has(asset.sha256)) twice.add(asset.assetId)
    seen.add(asset.sha256)
  }
  return { known, twice }
}

/** Motion alone is too coarse a measure to tell one recording from another by it. */
function canBeRecognised(unit: UnitInput): boolean {
  return unit.picture !== null || unit.sound !== null
}

/** Which units repeat an earlier one. A still scene that goes on is one run, and goes on being itself. */
function findRepeats(units: readonly PreparedUnit[], kernel: Matrix): Int32Array {
  const repeats = new Int32Array(units.length).fill(-1)
  const runOf = new Int32Array(units.length)
  units.forEach(({ input }, at) => {
    const before = units[at - 1]?.input
    const continues = before?.clockId === input.clockId && kernel.data[at * units.length + at - 1] > SAME
    runOf[at] = continues ? runOf[at - 1] : at
    if (!canBeRecognised(input)) return
    for (let other = 0; other < runOf[at]; other++) {
      if (kernel.data[at * units.length + other] > SAME && repeats[at] < 0) repeats[at] = other
    }
  })
  return repeats
}

type Relations = Pick<PreparedStars, 'units' | 'kernel' | 'repeatOf' | 'nearOf'>

const relationsOfLists = new WeakMap<readonly UnitInput[], Relations>()

/** What units are to one another: kept with the list, since most suggestions change what lies beside the units alone. */
function relationsOf(inputs: readonly UnitInput[]): Relations {
  const known = relationsOfLists.get(inputs)
  if (known) return known
  const units = inputs.map((unit, index) => ({ index, input: unit, qualities: qualitiesOf(unit) }))
  const n = units.length
  const kernel = zeros(n, n)
  for (let i = 0; i < n; i++) {
    kernel.data[i * n + i] = 1
    for (let j = 0; j < i; j++) {
      const value = similarity(units[i].input, units[j].input)
      kernel.data[i * n + j] = value
      kernel.data[j * n + i] = value
    }
  }
  const repeatOf = findRepeats(units, kernel)
  const relations = { units, kernel, repeatOf, nearOf: findNearDuplicates(inputs, soundLikeness) }
  relationsOfLists.set(inputs, relations)
  return relations
}

/** Prepares an input; units beyond MOST_UNITS are thinned evenly by whoever gathers them, never here. */
export function prepareStars(input: StarsInput): PreparedStars {
  const prepared = {
    input,
    ...relationsOf(input.units),
    copies: findCopies(input),
    syncOfClock: new Map(input.clocks.map((clock) => [clock.clockId, syncOf(clock)])),
  }
  return { ...prepared, whole: freshIn(prepared, prepared.units, () => false, null) }
}

/**
 * Which of the units that are present are there for the first time, and how fresh each is.
 *
 * @param whole Where nothing is left out. A unit that was most like one that is still there is held only against those
 * that are new beside it.
 */
function freshIn(
  { units, kernel, repeatOf, nearOf, copies }: Omit<PreparedStars, 'whole'>,
  present: readonly PreparedUnit[],
  isOut: (unit: UnitInput) => boolean,
  whole: Fresh | null,
): Fresh {
  const freshness = new Float64Array(units.length)
  const nearest = new Int32Array(units.length).fill(NOT_DISTINCT)
  const distinct: PreparedUnit[] = []
  const newlyDistinct: PreparedUnit[] = []
  const showedIt = (index: number): boolean => index >= 0 && !isOut(units[index].input)
  for (const unit of present) {
    const { index, input } = unit
    if (showedIt(repeatOf[index]) || showedIt(nearOf[index]) || input.seenIn !== undefined) continue
    if (copies.known.has(input.assetId) || copies.twice.has(input.assetId)) continue
    const before = whole ? whole.nearest[index] : NOT_DISTINCT
    const isThere = before === NONE_EARLIER || (before >= 0 && !isOut(units[before].input))
    const row = index * units.length
    let known = isThere && before >= 0 ? kernel.data[row + before] : 0
    nearest[index] = isThere ? before : NONE_EARLIER
    for (const earlier of isThere ? newlyDistinct : distinct) {
      if (kernel.data[row + earlier.index] <= known) continue
      known = kernel.data[row + earlier.index]
      nearest[index] = earlier.index
    }
    freshness[index] = canBeRecognised(input) ? 1 - known : Math.max(FRESHNESS_OF_MOTION, 1 - known)
    if (before === NOT_DISTINCT) newlyDistinct.push(unit)
    distinct.push(unit)
  }
  return { distinct, freshness, nearest }
}

/** A look at a prepared input with one window or some recordings left out, or nothing. */
export interface StarsView {
  readonly prepared: PreparedStars
  /** The units that count, repeats among them. */
  readonly present: readonly PreparedUnit[]
  /** The units that are there for the first time. */
  readonly distinct: readonly PreparedUnit[]
  /** How little of a distinct unit was there before, 0..1; by unit index. */
  readonly freshness: Float64Array
  readonly captions: readonly CaptionInput[]
  readonly scans: readonly ScanInput[]
}

export type LeftOut =
  | { readonly group: string; readonly window: number }
  /** Recordings and scans, by the ids of their assets. */
  | { readonly assets: ReadonlySet<string> }

/** The units, captions and scans of a prepared input, without what is left out. */
export function viewOf(prepared: PreparedStars, leftOut?: LeftOut): StarsView {
  const { units, input, whole } = prepared
  const isOut = (unit: UnitInput): boolean => {
    if (!leftOut) return false
    return 'assets' in leftOut
      ? leftOut.assets.has(unit.assetId)
      : unit.group === leftOut.group && unit.window === leftOut.window
  }
  const present = leftOut ? units.filter((unit) => !isOut(unit.input)) : units
  const { distinct, freshness } = leftOut ? freshIn(prepared, present, isOut, whole) : whole
  const scans =
    leftOut && 'assets' in leftOut ? input.scans.filter((scan) => !leftOut.assets.has(scan.assetId)) : input.scans
  return { prepared, present, distinct, freshness, captions: captionsWithout(input, leftOut), scans }
}

/** Captions cut by the window that is left out. */
function captionsWithout(input: StarsInput, leftOut: LeftOut | undefined): readonly CaptionInput[] {
  if (!leftOut || 'assets' in leftOut || leftOut.group !== ALIGNED) return input.captions
  const start = leftOut.window * input.windowSeconds
  const end = start + input.windowSeconds
  const isOut = (caption: CaptionInput): boolean => {
    const middle = (caption.startSeconds + caption.endSeconds) / 2
    return middle >= start && middle < end
  }
  // The very same list where nothing is left out, by which what was made of it is found again.
  return input.captions.some(isOut) ? input.captions.filter((caption) => !isOut(caption)) : input.captions
}
