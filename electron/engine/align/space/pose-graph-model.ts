/** The pose graph: what goes in, what comes out. */
import type { Saying, Why } from '../../../../shared/sayings/saying.ts'
import type { SpaceRegistration } from './registration.ts'

export interface PairMeasurement {
  readonly pairId: string
  readonly targetAssetId: string
  readonly sourceAssetId: string
  readonly registration: SpaceRegistration
  /** What the person said of it, which outranks every computation. */
  readonly verdict?: 'accept' | 'reject' | null
}

export interface PoseGraphInput {
  readonly assets: readonly {
    readonly assetId: string
    readonly sizeMetres?: number
    /** False where its unit of length is not the metre: the world is metric wherever another asset is. */
    readonly scaleKnown?: boolean
  }[]
  readonly pairs: readonly PairMeasurement[]
  /** Placed by hand: kept exactly as they are. They belong to the world of `referenceAssetId`. */
  readonly manual: readonly { readonly assetId: string; readonly worldFromAsset: readonly number[] }[]
  /** Whose frame is the world; otherwise the best connected, and of those the largest, of the metric assets is taken. */
  readonly referenceAssetId?: string
}

export interface SolvedTransform {
  readonly assetId: string
  /** 16 numbers, column-major. */
  readonly worldFromAsset: number[]
  readonly scale: number
  /** 6x6 row-major, world axes (shared/geometry/pose-covariance.ts); null for what is fixed. */
  readonly covariance: number[] | null
  /** Of the pair that ties the asset in; null for what is fixed. */
  readonly rmseMetres: number | null
  readonly overlap: number | null
  readonly confidence: number
  /** `reference`, `manual`, or the method of the pair that ties the asset in. */
  readonly method: string
  readonly evidencePairIds: readonly string[]
}

export interface JudgedPair extends PairMeasurement {
  readonly accepted: boolean
  readonly reason?: string
  readonly said?: Saying
}

export interface CycleError {
  /** In order round the cycle. */
  readonly assetIds: readonly string[]
  readonly degrees: number
  readonly metres: number
  readonly consistent: boolean
}

export interface PoseGraphSolution {
  readonly worldAssetId: string | null
  readonly transforms: readonly SolvedTransform[]
  readonly pairs: readonly JudgedPair[]
  readonly cycles: readonly CycleError[]
  readonly unregistered: readonly ({ readonly assetId: string } & Why)[]
}

/** A usable measurement between two nodes. */
export interface Edge {
  readonly pair: PairMeasurement
  readonly target: number
  readonly source: number
  readonly targetFromSource: readonly number[]
  readonly scale: number
  readonly covariance: readonly number[]
  readonly confidence: number
  readonly forced: boolean
}
