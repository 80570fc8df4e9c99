/** What registration is asked and what it answers. */
import type { Why } from '../../../../shared/sayings/saying.ts'

export interface RegisterOptions {
  /** Also find one scale (photogrammetry, splats). The sizes of the scans are then not believed. */
  readonly allowScale?: boolean
  /** `known`: both scans have +Y up to within a few degrees. */
  readonly gravity?: 'known' | 'unknown'
  readonly signal?: AbortSignal
  /** Fraction done, 0 to 1. */
  readonly onProgress?: (fraction: number) => void
}

interface PoseCandidate {
  /** 16 numbers, column-major, metres. */
  readonly targetFromSource: number[]
  readonly confidence: number
}

export type SpaceRegistration =
  | {
      readonly registered: true
      readonly targetFromSource: number[]
      /** Of the source, 1 unless scale was allowed; it is also inside the matrix. */
      readonly scale: number
      /** Of the matched points to the target's surface, metres in the target; null where a person took the pose. */
      readonly rmseMetres: number | null
      /** Share of the surface of the scan that has more of it in common with the other, 0 to 1; null by hand. */
      readonly overlap: number | null
      readonly confidence: number
      readonly method: string
      /** 6x6 row-major over (rotation vector in rad, translation in m), target axes; see pose-covariance.ts. */
      readonly covariance: number[]
      readonly candidates: readonly PoseCandidate[]
    }
  /** The reason is a sentence; it starts with `ambiguous: ` when several poses fit, which are then the candidates. */
  | ({ readonly registered: false; readonly candidates: readonly PoseCandidate[] } & Why)

/** The name of registration by surfaces in records and on the command line. */
export const METHOD = 'scan-to-scan'
