/** The nodes and edges of a sync graph. */

export interface GraphClock {
  readonly clockId: string
  /** What it is called in reasons; its id without it. */
  readonly title?: string
  /** What the clock covers, for choosing the reference among equals. */
  readonly durationSeconds: number
}

export interface GraphKnot {
  readonly secondsA: number
  readonly secondsB: number
  readonly sigmaSeconds: number
}

/** How a clock runs against what it says of itself, and how far that is to be believed. */
export interface Told {
  readonly ratePpm: number
  /** Of (offset in s, rate in ppm): [var offset, covariance, var rate]. */
  readonly covariance: readonly [number, number, number]
  /** The chance that it says the truth. */
  readonly belief: number
}

/**
 * An edge that was not measured but told: two clocks say what time it was. One statement is in all edges of its clock,
 * which is why they always agree, however wrong it is.
 */
export interface ToldPair {
  readonly kind: 'timecode' | 'time of day'
  readonly a: Told
  readonly b: Told
}

/** What all is off by alike that was measured by one ear or eye of a device; it is in the covariance of each map. */
export interface OwnDelay {
  readonly by: 'ear' | 'eye'
  /** One standard deviation. */
  readonly sigmaSeconds: number
}

/** Of A and of B; null where a side has none. */
export type OwnDelays = readonly [OwnDelay | null, OwnDelay | null]

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
  readonly told?: ToldPair
  readonly ownDelays?: OwnDelays
  /** Made or accepted by the person: never rejected. */
  readonly manual: boolean
}
