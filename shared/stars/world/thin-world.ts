/** Large worlds thinned to what can be valued in minutes: rows are drawn evenly, every bundle keeps its share of them. */
import { AsterismError } from '../../errors.ts'
import type { Matrix } from '../algebra/dense.ts'
import { pickRows } from '../algebra/dense.ts'
import { randomStream } from '../algebra/random.ts'
import type { AnyWorld, LabelledSet, PairedSet } from './parse-world.ts'
import { isPaired } from './parse-world.ts'
import { LONGEST_ROW } from './prepare-world.ts'
import { twinsOf } from './twins.ts'
import { costOfJudging, costOfStep, costOfTraining } from './work-budget.ts'

/** Beyond these more rows cost time and settle nothing. */
const MOST_PROBE = 1000
const MOST_REFERENCE = 2000
const MOST_OF_ALL_BUNDLES = 30_000
/** Each bundle is held against the whole reference and probe: many bundles leave room for fewer rows of both. */
const MOST_COMPARISONS = 5e8
const FEWEST = 300
const SEED = 7

function drawn(rows: number, most: number, seed: number): number[] {
  if (rows <= most) return Array.from({ length: rows }, (_, row) => row)
  return Array.from(randomStream(seed).permutation(rows).subarray(0, most)).sort((a, b) => a - b)
}

/** Losses and gradients of the fewest steps that a bundle is retrained by. */
const FEWEST_PASSES = 5
/** Multiply-adds of retraining the reference with every bundle in turn: rows are left out beyond the first, worlds refused beyond the second. */
const RETRAINING = { thinned: 4e10, refused: 2e11 }

/** What a row of reference and probe, and what the bundles themselves, cost to retrain and to judge. */
function costOfRetraining(world: AnyWorld): { ofRow: number; ofBundles: number } {
  if (isPaired(world)) return { ofRow: 0, ofBundles: 0 }
  const { bundles, classes } = world
  const dimension = Math.min(world.dimension, LONGEST_ROW)
  const training = FEWEST_PASSES * costOfTraining(dimension, classes)
  const rows = Math.min(MOST_OF_ALL_BUNDLES, rowsOfBundles(world))
  return {
    ofRow: bundles.length * (training + costOfJudging(dimension, classes)),
    ofBundles: rows * training + bundles.length * FEWEST_PASSES * costOfStep(dimension, classes),
  }
}

function rowsOfBundles({ bundles }: AnyWorld): number {
  return bundles.reduce((sum, bundle) => sum + bundle.x.rows, 0)
}

/**
 * How many rows of reference and probe there is room for.
 *
 * @throws AsterismError `too_large` where even the fewest are more work than minutes.
 */
function roomFor(world: AnyWorld): { reference: number; probe: number } {
  const bundles = world.bundles.length
  const { ofRow, ofBundles } = costOfRetraining(world)
  const affordable = ofRow > 0 ? Math.floor(RETRAINING.thinned / ofRow) : MOST_REFERENCE
  const side = Math.max(FEWEST, Math.min(affordable, Math.floor(Math.sqrt(MOST_COMPARISONS / bundles))))
  const room = { reference: Math.min(MOST_REFERENCE, side), probe: Math.min(MOST_PROBE, side) }
  const rows = Math.min(world.reference.x.rows, room.reference)
  if (!isPaired(world) && rows * ofRow + ofBundles > RETRAINING.refused)
    throw new AsterismError(
      'too_large',
      `${bundles} bundles of ${world.classes} classes are more work than is done at once: a model of all classes is retrained with every bundle.`,
      { fix: 'Give fewer bundles at a time, or fewer classes.' },
    )
  return room
}

/** Some rows of a set, and what is meant by them. */
function keepRows<S extends { readonly x: Matrix; readonly y: Int32Array | Matrix }>(
  set: S,
  rows: readonly number[],
): S {
  if (rows.length === set.x.rows) return set
  const { y } = set
  return {
    ...set,
    x: pickRows(set.x, rows),
    y: y instanceof Int32Array ? Int32Array.from(rows, (row) => y[row]) : pickRows(y, rows),
  }
}

/** A world whose bundles keep some of their rows. */
export function keepInBundles(world: AnyWorld, rows: readonly (readonly number[])[]): AnyWorld {
  const keep = <S extends LabelledSet | PairedSet>(set: S, at: number): S => keepRows(set, rows[at])
  return isPaired(world)
    ? { ...world, bundles: world.bundles.map(keep) }
    : { ...world, bundles: world.bundles.map(keep) }
}

/** Reference and probe as they are where they are small enough; the same rows of them every time where they are not. */
export function thinJudges(world: AnyWorld): AnyWorld {
  const room = roomFor(world)
  const reference = drawn(world.reference.x.rows, room.reference, SEED)
  const probe = drawn(world.probe.x.rows, room.probe, SEED)
  return isPaired(world)
    ? { ...world, reference: keepRows(world.reference, reference), probe: keepRows(world.probe, probe) }
    : { ...world, reference: keepRows(world.reference, reference), probe: keepRows(world.probe, probe) }
}

/** Bundles as they are where all of them are small enough; the same rows every time where they are not, and of bundles that are alike the same. */
export function thinBundles(world: AnyWorld): AnyWorld {
  const share = MOST_OF_ALL_BUNDLES / rowsOfBundles(world)
  if (share >= 1) return world
  // Twins are thinned as the first of them is: another draw would make them two.
  const first = twinsOf(world)
  const rows = first.map((at) => {
    const count = world.bundles[at].x.rows
    return drawn(count, Math.max(1, Math.round(share * count)), SEED + 1 + at)
  })
  return keepInBundles(world, rows)
}
