/** What a way of aligning two assets in space is. The registry is the array in index.ts. */
import type { PosePath, Scan } from '../../../../shared/geometry/data.ts'
import type { SpaceRegistration } from './registration.ts'

/** `t_project = offsetSeconds + (1 + ratePpm * 1e-6) * t_clock`. */
export interface ClockMap {
  readonly offsetSeconds: number
  readonly ratePpm: number
  readonly sigmaOffsetSeconds: number
}

/** An asset as alignment in space sees it; what it has decides which methods apply. */
export interface SpaceAsset {
  readonly assetId: string
  /** The surface it recorded, in its own frame; called when a method needs it. */
  readonly loadScan?: (signal?: AbortSignal) => Promise<Scan>
  /** Where its device went, in its own frame, on its own clock. */
  readonly path?: PosePath
  /** From that clock to project time, where it is known. */
  readonly clockMap?: ClockMap
  /** `known` when the device keeps +Y up by its own sensors. */
  readonly gravity: 'known' | 'unknown'
  /** False for photogrammetry and splats, whose metres are a guess. */
  readonly scaleKnown: boolean
}

export interface MeasureContext {
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number) => void
}

export interface SpaceMethod {
  /** Short and stable, an interface of the command line. */
  readonly id: string
  readonly title: string
  supports(target: SpaceAsset, source: SpaceAsset): boolean
  /** @throws AsterismError only when an asset cannot be read or the signal fires; a bad pair is an answer. */
  measure(target: SpaceAsset, source: SpaceAsset, context: MeasureContext): Promise<SpaceRegistration>
}
