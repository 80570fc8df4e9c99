/** All features of a world, in one fixed order: an explicit list, since the calibration refers to it by name. */
import type { BaseFeatures } from './base-features.ts'
import { baseFeatures } from './base-features.ts'
import type { CoalitionFeatures } from './coalition-features.ts'
import { coalitionChunk, coalitionChunks, combineCoalition, ridgeValues } from './coalition-features.ts'
import { pairedBaseFeatures } from './paired-base-features.ts'
import { pairedCoalition, pairedRidgeValues } from './paired-coalition-features.ts'
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
export type FeatureTask =
  { readonly kind: 'sample' | 'base' | 'ridge' } | { readonly kind: 'coalition'; readonly chunk: number }

export type FeatureResult =
  | { readonly kind: 'sample'; readonly values: SampleFeatures }
  | { readonly kind: 'base'; readonly values: BaseFeatures }
  | { readonly kind: 'ridge'; readonly values: Float64Array }
  | { readonly kind: 'coalition'; readonly values: CoalitionFeatures }

/** All parts for a prepared world, the longest first. */
export function featureTasks(world: AnyWorld): FeatureTask[] {
  const chunks = Array.from({ length: isPaired(world) ? 1 : coalitionChunks(world) }, (_, chunk): FeatureTask => ({
    kind: 'coalition',
    chunk,
  }))
  return [{ kind: 'base' }, ...chunks, { kind: 'ridge' }, { kind: 'sample' }]
}

function runPairedTask(world: PairedWorld, { kind }: FeatureTask, signal?: AbortSignal): FeatureResult {
  if (kind === 'sample') return { kind, values: pairedSampleFeatures(world, signal) }
  if (kind === 'base') return { kind, values: pairedBaseFeatures(world, signal) }
  if (kind === 'coalition') return { kind, values: pairedCoalition(world, signal) }
  return { kind, values: pairedRidgeValues(world, signal) }
}

/** Does one part. */
export function runFeatureTask(world: AnyWorld, task: FeatureTask, signal?: AbortSignal): FeatureResult {
  if (isPaired(world)) return runPairedTask(world, task, signal)
  if (task.kind === 'sample') return { kind: 'sample', values: sampleFeatures(world, signal) }
  if (task.kind === 'base') return { kind: 'base', values: baseFeatures(world, signal) }
  if (task.kind === 'coalition') return { kind: 'coalition', values: coalitionChunk(world, task.chunk, signal) }
  return { kind: 'ridge', values: ridgeValues(world, signal) }
}

/** Puts the parts together; `results` in the order of `featureTasks`. */
export function assembleFeatures(world: AnyWorld, results: readonly FeatureResult[]): WorldFeatures {
  const sample = results.find((result) => result.kind === 'sample')
  const base = results.find((result) => result.kind === 'base')
  const ridge = results.find((result) => result.kind === 'ridge')
  const chunks = results.flatMap((result) => (result.kind === 'coalition' ? [result.values] : []))
  if (!sample || !base || !ridge || chunks.length === 0) throw new RangeError('a part of the features is missing')
  const coalition = combineCoalition(chunks)
  const features: WorldFeatures = {
    ...sample.values,
    influence: base.values.influence,
    baseRidge: base.values.ridge,
    baseCertainty: base.values.certainty,
    baseAccuracy: base.values.accuracy,
    baseSteadiness: base.values.steadiness,
    coalitionCertainty: coalition.certainty,
    coalitionAccuracy: coalition.accuracy,
    coalitionRidge: ridge.values,
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
