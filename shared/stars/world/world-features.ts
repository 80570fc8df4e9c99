/** All features of a world, in one fixed order: an explicit list, since the calibration refers to it by name. */
import type { BaseFeatures } from './base-features.ts'
import { baseFeatures } from './base-features.ts'
import type { CoalitionFeatures } from './coalition-features.ts'
import { coalitionChunk, coalitionChunks, combineCoalition, ridgeValues } from './coalition-features.ts'
import { pairedBaseChunks, pairedBaseFeatures } from './paired-base-features.ts'
import {
  pairedCoalition,
  pairedCoalitionChunks,
  pairedRidgeChunks,
  pairedRidgeValues,
} from './paired-coalition-features.ts'
import { pairedSampleFeatures } from './paired-sample-features.ts'
import type { AnyWorld, PairedWorld } from './parse-world.ts'
import { isPaired } from './parse-world.ts'
import type { SampleFeatures } from './sample-features.ts'
import { sampleFeatures } from './sample-features.ts'
import { sharedAmongTwins, twinsOf } from './twins.ts'

export const WORLD_FEATURES = [
  'count',
  'uniqueCount',
  'vendi',
  'logDeterminant',
  'novelty',
  'coverage',
  'agreementSum',
  'agreementMean',
  'neighbourUnion',
  'neighbourBase',
  'influence',
  'baseRidge',
  'baseCertainty',
  'baseAccuracy',
  'baseSteadiness',
  'coalitionCertainty',
  'coalitionAccuracy',
  'coalitionRidge',
] as const

export type WorldFeature = (typeof WORLD_FEATURES)[number]
export type WorldFeatures = Readonly<Record<WorldFeature, Float64Array>>

/** A part of the work that can be done on its own, on any thread. */
export interface FeatureTask {
  readonly kind: FeatureResult['kind']
  readonly chunk: number
}

export type FeatureResult =
  | { readonly kind: 'sample'; readonly values: SampleFeatures }
  | { readonly kind: 'base'; readonly values: BaseFeatures }
  | { readonly kind: 'ridge'; readonly values: Float64Array }
  | { readonly kind: 'coalition'; readonly values: CoalitionFeatures }

/** How many parts each kind of work has in a world. */
function chunksOf(world: AnyWorld): Readonly<Record<FeatureResult['kind'], number>> {
  return isPaired(world)
    ? {
        base: pairedBaseChunks(world),
        coalition: pairedCoalitionChunks(world),
        ridge: pairedRidgeChunks(world),
        sample: 1,
      }
    : { base: 1, coalition: coalitionChunks(world), ridge: 1, sample: 1 }
}

/** All parts for a prepared world, the longest first. */
export function featureTasks(world: AnyWorld): FeatureTask[] {
  const chunks = chunksOf(world)
  return (['base', 'coalition', 'ridge', 'sample'] as const).flatMap((kind) =>
    Array.from({ length: chunks[kind] }, (_, chunk) => ({ kind, chunk })),
  )
}

function runPairedTask(world: PairedWorld, { kind, chunk }: FeatureTask, signal?: AbortSignal): FeatureResult {
  if (kind === 'sample') return { kind, values: pairedSampleFeatures(world, signal) }
  if (kind === 'base') return { kind, values: pairedBaseFeatures(world, chunk, signal) }
  if (kind === 'coalition') return { kind, values: pairedCoalition(world, chunk, signal) }
  return { kind, values: pairedRidgeValues(world, chunk, signal) }
}

/** Does one part. */
export function runFeatureTask(world: AnyWorld, task: FeatureTask, signal?: AbortSignal): FeatureResult {
  if (isPaired(world)) return runPairedTask(world, task, signal)
  const { kind, chunk } = task
  if (kind === 'sample') return { kind, values: sampleFeatures(world, signal) }
  if (kind === 'base') return { kind, values: baseFeatures(world, signal) }
  if (kind === 'coalition') return { kind, values: coalitionChunk(world, chunk, signal) }
  return { kind, values: ridgeValues(world, signal) }
}

/** The parts of one figure added up in their order, so that who computed them changes no digit. */
function added(parts: readonly Float64Array[], weight = 1): Float64Array {
  return parts[0].map((_, at) => weight * parts.reduce((sum, part) => sum + part[at], 0))
}

/** Puts the parts together; `results` in the order of `featureTasks`. */
export function assembleFeatures(world: AnyWorld, results: readonly FeatureResult[]): WorldFeatures {
  const sample = results.find((result) => result.kind === 'sample')
  const bases = results.flatMap((result) => (result.kind === 'base' ? [result.values] : []))
  const ridges = results.flatMap((result) => (result.kind === 'ridge' ? [result.values] : []))
  const chunks = results.flatMap((result) => (result.kind === 'coalition' ? [result.values] : []))
  if (!sample || bases.length === 0 || ridges.length === 0 || chunks.length === 0)
    throw new RangeError('a part of the features is missing')
  const coalition = combineCoalition(chunks)
  const features: WorldFeatures = {
    ...sample.values,
    influence: added(bases.map(({ influence }) => influence)),
    baseRidge: added(bases.map(({ ridge }) => ridge)),
    baseCertainty: added(bases.map(({ certainty }) => certainty)),
    baseAccuracy: added(bases.map(({ accuracy }) => accuracy)),
    baseSteadiness: added(bases.map(({ steadiness }) => steadiness)),
    coalitionCertainty: coalition.certainty,
    coalitionAccuracy: coalition.accuracy,
    coalitionRidge: added(ridges, 1 / ridges.length),
  }
  const twins = twinsOf(world)
  return Object.fromEntries(
    WORLD_FEATURES.map((feature) => [feature, sharedAmongTwins(features[feature], twins)]),
  ) as WorldFeatures
}

/** Computes every feature of every bundle of a prepared world on this thread. */
export function worldFeatures(world: AnyWorld, signal?: AbortSignal): WorldFeatures {
  return assembleFeatures(
    world,
    featureTasks(world).map((task) => runFeatureTask(world, task, signal)),
  )
}
