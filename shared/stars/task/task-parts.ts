/** How a lab's samples become a task: into which parts they fall, what creators are simulated from, how a figure is judged. */
import { AsterismError } from '../../errors.ts'
import { say } from '../../sayings/saying.ts'
import { randomStream } from '../algebra/random.ts'
import { conformalHalfWidth } from '../value/conformal.ts'
import { percentiles } from '../value/ranks.ts'
import type { LabelledSet, PairedSet } from '../world/parse-world.ts'
import type { HeldOut } from './held-out.ts'
import type { PackTask } from './pack-task.ts'

/** What a lab gives: samples with classes, or with the vectors of their captions. */
export type TaskSamples =
  | { readonly kind: 'classes'; readonly classNames: readonly string[]; readonly set: LabelledSet }
  | { readonly kind: 'captions'; readonly set: PairedSet }

export interface FittedTask<T extends PackTask = PackTask> {
  readonly task: T
  /** Half of the 80 % interval, stars: split-conformal, from models really retrained and judged on held-out samples. */
  readonly halfWidth: number
  /** Of the reference's model on held-out samples: before any bundle, and with all that the bundles are drawn from. */
  readonly scores: { readonly base: number; readonly current: number }
  readonly heldOut: HeldOut
  /** What its maker is told, by name; `spearman_gain` is the rank correlation of predicted with measured gains. */
  readonly figures: Readonly<Record<string, number>>
}

const FEWEST_SAMPLES = 40
const MOST_PROBE = 500
const SEED = 2026
/** Rows that a simulated creator brings. */
const SIZES = { least: 4, most: 40 }
/** Shares of a creator's labels that are wrong. */
const WRONG = [0, 0, 0, 0.3, 0.6]

/** Simulated creators; fewer where refitting one costs much: then the interval rests on less. */
export const BUNDLES = { most: 60, least: 20 }
/** Multiplications that all retraining together, and all refitting, may cost: some twenty seconds each. */
export const BUDGET = 2e10

/** How many bundles can be refitted exactly: each costs a factorisation, its solution, and a look at the probe. */
export function affordableBundles(columns: number, outputs: number, probe: number): number {
  const p = columns + 1
  const costOfOne = p * p * (p / 6 + outputs) + probe * p * outputs
  return Math.min(BUNDLES.most, Math.max(BUNDLES.least, Math.floor(BUDGET / costOfOne)))
}

/** Rows of the four parts: two fifths are what the lab has, a fifth is the market, a fifth the probe, a fifth judges. */
export interface TaskParts {
  readonly reference: readonly number[]
  readonly market: readonly number[]
  readonly probe: readonly number[]
  readonly test: readonly number[]
}

/** @throws AsterismError `bad_input` for fewer than 40 samples. */
export function taskParts(count: number): TaskParts {
  if (count < FEWEST_SAMPLES)
    throw new AsterismError('bad_input', say('packBuild.fewSamples', { samples: count, least: FEWEST_SAMPLES }))
  const order = Array.from(randomStream(SEED).permutation(count))
  const part = (from: number, to: number): number[] => order.slice(Math.round(from * count), Math.round(to * count))
  return {
    reference: part(0, 0.4),
    market: part(0.4, 0.6),
    probe: part(0.6, 0.8).slice(0, MOST_PROBE),
    test: part(0.8, 1),
  }
}

type RandomStream = ReturnType<typeof randomStream>

/** The randomness that simulated creators are drawn by. */
export function creatorStream(): RandomStream {
  return randomStream(SEED + 1)
}

/** How many rows a simulated creator brings. */
export function drawSize(random: RandomStream): number {
  return Math.round(SIZES.least * Math.exp(Math.log(SIZES.most / SIZES.least) * random.next()))
}

/** Which share of what a simulated creator says is wrong. */
export function drawWrongShare(random: RandomStream): number {
  return WRONG[random.below(WRONG.length)]
}

/** The half-width within which the percentile of a measured gain lies about its predicted one four times in five. */
export function halfWidthOf(predicted: readonly number[], measured: readonly number[]): number {
  const [own, truth] = [percentiles(predicted), percentiles(measured)]
  return conformalHalfWidth(
    Array.from(own, (value, at) => 5 * Math.abs(value - truth[at])),
    0.8,
  )
}
