/** What aligning two recordings by their sound gives. */

/**
 * What curves behind answers show: correlation in standard deviations over the offset (s) of envelopes and of rotation
 * rates; summed correlation over the lag beside the line (ms); lags (ms) over B's clock (s) along the overlap and of
 * stretches; what pairs of claps, flashes or words leave beside the line (ms) over B's clock (s).
 */
import type { Saying } from '../sayings/saying.ts'
export const CURVE_KINDS = [
  'envelopes',
  'rotations',
  'besideTheLine',
  'lagAlongOverlap',
  'lagOfStretches',
  'claps',
  'flashes',
  'words',
] as const
export type CurveKind = (typeof CURVE_KINDS)[number]

/** A curve behind an answer, small enough to draw: at most 2000 points. */
export interface AlignmentCurve {
  readonly kind: CurveKind
  readonly x: number[]
  readonly y: number[]
}

/** A point of a map that is not one line: B's clock, the same moment on A's clock, one standard deviation. */
export interface AlignmentKnot {
  readonly secondsB: number
  readonly secondsA: number
  readonly sigmaSeconds: number
}

/** Where B lies on A's clock: t_a = offsetSeconds + (1 + ratePpm * 1e-6) * t_b, or piecewise linear through the knots. */
export interface AlignedAudio {
  readonly aligned: true
  readonly offsetSeconds: number
  readonly ratePpm: number
  readonly sigmaOffsetSeconds: number
  readonly sigmaRatePpm: number
  /** Of (offset in s, rate in ppm): [var offset, covariance, var rate]. */
  readonly covariance: readonly [number, number, number]
  /** The chance of being right, 0 to 1. */
  readonly confidence: number
  /** How long both recordings ran at once. */
  readonly overlapSeconds: number
  /** Present where one line is not enough: a clock that wandered, or samples that were dropped. */
  readonly knots?: readonly AlignmentKnot[]
  /** True if one side is upside down. */
  readonly inverted: boolean
  /** Times in the sense of B's own declared sample rate; set if that rate was found to be wrong. */
  readonly declaredRateFactor?: number
  readonly curves: readonly AlignmentCurve[]
}

interface UnalignedAudio {
  readonly aligned: false
  /** Why there is no answer and what would help, as a sentence. */
  readonly reason: string
  readonly said: Saying
  /** B's zero on A's clock, where a passage that both play is all that they share. */
  readonly passageOffsetSeconds?: number
  readonly curves: readonly AlignmentCurve[]
}

export type AudioAlignment = AlignedAudio | UnalignedAudio

export interface AlignAudioOptions {
  readonly signal?: AbortSignal
  /** 0 to 1. */
  readonly onProgress?: (share: number) => void
  /** The largest drift to look for; 500 unless given. Wrongly declared sample rates are looked for besides. */
  readonly maxRatePpm?: number
}

/** A curve of at most `limit` points that keeps the highest of every stretch. */
export function curveOf(
  kind: CurveKind,
  xAt: (index: number) => number,
  values: ArrayLike<number>,
  limit = 600,
): AlignmentCurve {
  const stretch = Math.max(1, Math.ceil(values.length / limit))
  const x: number[] = []
  const y: number[] = []
  for (let start = 0; start < values.length; start += stretch) {
    let best = start
    for (let index = start; index < Math.min(values.length, start + stretch); index++) {
      if (Math.abs(values[index]) > Math.abs(values[best])) best = index
    }
    x.push(xAt(best))
    y.push(Number.isFinite(values[best]) ? values[best] : 0)
  }
  return { kind, x, y }
}
