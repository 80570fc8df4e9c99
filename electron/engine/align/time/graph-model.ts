/** The nodes and edges of a sync graph. */

export interface GraphClock {
  readonly clockId: string
  /** What the clock covers, for choosing the reference among equals. */
  readonly durationSeconds: number
}

export interface GraphKnot {
  readonly secondsA: number
  readonly secondsB: number
  readonly sigmaSeconds: number
}

/** A measured map: `t_a = offsetSeconds + (1 + ratePpm * 1e-6) * t_b`. */
export interface GraphEdge {
  readonly id: string
  readonly clockA: string
  readonly clockB: string
  readonly method: string
  readonly offsetSeconds: number
  readonly ratePpm: number
  /** Of (offset in s, rate in ppm): [var offset, covariance, var rate]. */
  readonly covariance: readonly [number, number, number]
  /** The chance of being right. */
  readonly confidence: number
  readonly overlapSeconds: number
  readonly knots?: readonly GraphKnot[]
  /** Made or accepted by the person: never rejected. */
  readonly manual: boolean
}
