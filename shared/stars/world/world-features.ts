/** All features of a world, in one fixed order: an explicit list, since the calibration refers to it by name. */
import { baseFeatures } from './base-features.ts'
import { coalitionFeatures } from './coalition-features.ts'
import type { World } from './parse-world.ts'
import { sampleFeatures } from './sample-features.ts'

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

/** Computes every feature of every bundle of a prepared world. */
export function worldFeatures(world: World, signal?: AbortSignal): WorldFeatures {
  const base = baseFeatures(world, signal)
  const coalition = coalitionFeatures(world, signal)
  return {
    ...sampleFeatures(world, signal),
    influence: base.influence,
    baseRidge: base.ridge,
    baseCertainty: base.certainty,
    baseAccuracy: base.accuracy,
    baseSteadiness: base.steadiness,
    coalitionCertainty: coalition.certainty,
    coalitionAccuracy: coalition.accuracy,
    coalitionRidge: coalition.ridge,
  }
}
